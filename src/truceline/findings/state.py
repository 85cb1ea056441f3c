"""How clauses stand on a date: those that judge nothing, and those that wait for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from truceline.agreement.reading import readings
from truceline.agreement.terms import Agreement, Clause
from truceline.findings.contract import ClauseKind, Known, Standing, State, Subjects
from truceline.findings.count import watched
from truceline.findings.question import asked_of, kind_of
from truceline.findings.waiting import settled
from truceline.tables import schemas

STATES = pa.schema(
    [
        pa.field("clause_id", pa.string(), nullable=False),
        pa.field("reading", pa.string()),  # null: the clause's own text
        pa.field("parties", pa.string(), nullable=False),  # joined by `;`
        pa.field("standing", pa.string(), nullable=False),
        pa.field("at", schemas.INSTANT, nullable=False),
        pa.field("until", schemas.INSTANT),  # when that next changes; null: not known
        pa.field("because", pa.string(), nullable=False),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """How one clause stands, in one reading; `parties` are those for whom it stands so."""

    clause_id: str
    reading: str | None
    parties: tuple[str, ...]
    state: State


def states(
    agreement: Agreement, kinds: Mapping[str, ClauseKind], known: Known
) -> tuple[Stated, ...]:
    """Every state of an agreement, in the order of clauses, readings and parties.

    Parameters
    ----------
    kinds
        Clause kinds by name.
    known
        The instant asked about, counts, and hours watched.

    Raises
    ------
    AgreementError
        A clause is of a kind that is not installed.
    """
    found: list[Stated] = []
    for clause in agreement.clauses:
        kind = kind_of(clause, kinds)
        for name, own in readings(clause):
            by_state: dict[State, list[str]] = {}
            for party, state in (*_each(agreement, own, kind, known), *_begun(own, known)):
                by_state.setdefault(state, []).append(party)
            found += [
                Stated(
                    clause_id=clause.clause_id, reading=name, parties=tuple(parties), state=state
                )
                for state, parties in by_state.items()
            ]
    return tuple(found)


def table(
    agreement: Agreement,
    kinds: Mapping[str, ClauseKind],
    at: datetime,
    counts: pa.Table,
    evidence: Subjects,
) -> pa.Table:
    """The states at an instant as rows of STATES, told from counts and from who watched."""
    if all(kind_of(clause, kinds).state is None for clause in agreement.clauses):
        return schemas.empty(STATES)
    known = Known(at=at, counts=counts, watched=watched(agreement, evidence))
    found = states(settled(agreement, kinds, known), kinds, known)
    columns = {
        "clause_id": [each.clause_id for each in found],
        "reading": [each.reading for each in found],
        "parties": [";".join(each.parties) for each in found],
        "standing": [each.state.standing.value for each in found],
        "at": [at] * len(found),
        "until": [each.state.until for each in found],
        "because": ["; ".join(each.state.because) for each in found],
    }
    return pa.table(columns, schema=STATES)


def _begun(clause: Clause, known: Known) -> list[tuple[str, State]]:
    """Of a clause that waits for another one, whether it has begun."""
    found = []
    for each in clause.begins or ():
        standing, until = Standing.NOT_YET, None
        if each.surely_at is not None and each.surely_at <= known.at:
            standing = Standing.IN_FORCE
        elif each.perhaps_at is not None and each.perhaps_at <= known.at:
            standing = Standing.UNKNOWN
        else:
            until = each.surely_at
        because = (f"it waits for {each.after.replace(';', ' and ')}", each.because)
        found.append((each.party_id, State(standing=standing, because=because, until=until)))
    return found


def _each(
    agreement: Agreement, clause: Clause, kind: ClauseKind, known: Known
) -> list[tuple[str, State]]:
    found = []
    for party in agreement.party_ids():
        asked, times = asked_of(agreement, clause, party)
        state = kind.state(asked, known) if kind.state is not None and times else None
        if state is not None:
            found.append((party, state))
    return found
