"""What an agreement asks of one party and not, or not alike, of another: reported, not forbidden."""

from collections.abc import Sequence

from truceline.agreement.terms import Clause, Party


def asymmetries(parties: Sequence[Party], clauses: Sequence[Clause]) -> tuple[str, ...]:
    """One sentence for each difference in what the parties owe, in the order of the text.

    Parameters
    ----------
    parties, clauses
        Of one agreement, in the order of its text.
    """
    found = []
    for clause in clauses:
        if clause.basis == "undertaking":
            continue  # binds its declarer alone by its nature; `undertakings` speaks of these
        found += _of_parties(clause, [party.party_id for party in parties])
    return (*found, *undertakings(parties, clauses))


def undertakings(parties: Sequence[Party], clauses: Sequence[Clause]) -> tuple[str, ...]:
    """Parties that declared nothing of a kind that another declared."""
    declared: dict[str, set[str]] = {}
    for clause in clauses:
        if clause.basis == "undertaking":
            bound = {period.party_id for period in clause.periods}
            declared.setdefault(clause.kind, set()).update(bound)
    return tuple(
        f"undertakings of kind {kind} were declared by {', '.join(sorted(bound))} "
        f"and not by {', '.join(sorted(rest))}"
        for kind, bound in sorted(declared.items())
        if (rest := {party.party_id for party in parties} - bound)
    )


def _of_parties(clause: Clause, party_ids: list[str]) -> list[str]:
    found = []
    spans = {
        party: tuple(
            (period.when.began, period.when.ended)
            for period in clause.periods
            if period.party_id == party and period.state == "in_force"
        )
        for party in party_ids
    }
    bound = [party for party in party_ids if spans[party]]
    free = [party for party in party_ids if not spans[party]]
    if bound and free:
        found.append(
            f"clause {clause.clause_id} binds {', '.join(bound)} and not {', '.join(free)}"
        )
    if len({spans[party] for party in bound}) > 1:
        found.append(f"clause {clause.clause_id} binds {', '.join(bound)} at different times")
    lines = clause.terms.get("lines")
    if isinstance(lines, dict) and len({str(line) for line in lines.values()}) > 1:
        listed = ", ".join(f"{party} from {line}" for party, line in lines.items())
        found.append(f"clause {clause.clause_id} measures from different lines: {listed}")
    return found
