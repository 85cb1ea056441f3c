"""What an agreement asks of one party and not, or not alike, of another: reported, not forbidden."""

from collections.abc import Mapping, Sequence
from typing import Any

from truceline.agreement.terms import Clause, Party, Zone
from truceline.model.time import Interval


def asymmetries(
    parties: Sequence[Party], clauses: Sequence[Clause], zones: Sequence[Zone] = ()
) -> tuple[str, ...]:
    """One sentence for each difference in what the parties owe, in the order of the text.

    Parameters
    ----------
    parties, clauses, zones
        Of one agreement, in the order of its text.
    """
    found = []
    for clause in clauses:
        if clause.basis == "undertaking":
            continue  # binds its declarer alone by its nature; `undertakings` speaks of these
        order = [party.party_id for party in parties]
        found += _of_parties(clause, order, _mirrored(clause, clauses, order))
    return (*found, *_depths(parties, zones), *undertakings(parties, clauses))


def _depths(parties: Sequence[Party], zones: Sequence[Zone]) -> list[str]:
    """Lines along which the parties' own sides are not equally deep."""
    depths: dict[str, dict[str, list[float]]] = {}
    for zone in zones:
        if zone.line_id and zone.side and zone.width_m is not None and "@" not in zone.zone_id:
            sides = depths.setdefault(zone.line_id, {})
            sides.setdefault(zone.side, []).append(zone.width_m)
    order = [party.party_id for party in parties]
    return [
        f"zones along the line {line} are not equally deep: "
        + ", ".join(
            f"{party} {' and '.join(f'{width:,.0f} m' for width in sorted(sides[party]))}"
            for party in order
            if party in sides
        )
        for line, sides in depths.items()
        if len({tuple(sorted(sides.get(party, ()))) for party in order}) > 1
    ]


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


_PLACES = ("zone", "zones", "line", "lines", "side")  # where each side's own ground is named


def _mirrored(clause: Clause, clauses: Sequence[Clause], party_ids: list[str]) -> bool:
    """Whether like clauses, each on its own ground, ask the same of the others at the same time."""
    own = (clause.kind, clause.basis, _figures(clause.terms), clause.exceptions)
    bound: dict[str, set[Interval]] = {}
    for each in clauses:
        if (each.kind, each.basis, _figures(each.terms), each.exceptions) == own:
            for period in each.periods:
                if period.state == "in_force":
                    bound.setdefault(period.party_id, set()).add(period.when)
    return set(bound) >= set(party_ids) and len({frozenset(when) for when in bound.values()}) == 1


def _figures(terms: Any) -> Any:
    """Terms without the names of places, which differ between two sides of a line."""
    if isinstance(terms, Mapping):
        return {key: _figures(value) for key, value in terms.items() if key not in _PLACES}
    return [_figures(each) for each in terms] if isinstance(terms, list | tuple) else terms


def _of_parties(clause: Clause, party_ids: list[str], is_mirrored: bool) -> list[str]:
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
    if bound and free and not is_mirrored:
        found.append(
            f"clause {clause.clause_id} binds {', '.join(bound)} and not {', '.join(free)}"
        )
    if len({spans[party] for party in bound}) > 1:
        found.append(f"clause {clause.clause_id} binds {', '.join(bound)} at different times")
    frees = clause.terms.get("frees")
    if isinstance(frees, list) and frees and set(frees) != set(party_ids):
        rest = ", ".join(party for party in party_ids if party not in frees)
        found.append(f"clause {clause.clause_id} would free {', '.join(frees)} and not {rest}")
    lines = clause.terms.get("lines")
    if isinstance(lines, dict) and len({str(line) for line in lines.values()}) > 1:
        listed = ", ".join(f"{party} from {line}" for party, line in lines.items())
        found.append(f"clause {clause.clause_id} measures from different lines: {listed}")
    return found
