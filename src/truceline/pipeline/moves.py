"""Moves of the record as casework reads them, and what they make of the mandate at an instant."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from truceline.agreement.terms import Agreement, Withheld
from truceline.cases.contract import KIND, Account, Move, Rules
from truceline.cases.moves.mandate import MOVES
from truceline.cases.replay import replay
from truceline.cases.standing import ACTS
from truceline.pipeline.mission import Mission
from truceline.record.entry import Entry
from truceline.record.store import Record

_STANDING = frozenset(kind.name for kind in MOVES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """How the mandate stood at an instant: acts that were kept from everybody, and what is told."""

    withheld: tuple[Withheld, ...] = ()
    sentences: tuple[str, ...] = ()


def moves_of(record: Record, as_of: datetime | None = None) -> list[Move]:
    """Moves of the record, in the order of the log; with `as_of`, those known by then."""
    return [move_of(entry) for entry in record.entries(as_of, kind=KIND)]


def move_of(entry: Entry) -> Move:
    """A move from its entry."""
    said: Mapping[str, Any] = entry.payload
    return Move(
        sequence=entry.sequence,
        case_id=said["case"],
        kind=said["move"],
        at=entry.known_at,
        recorded_at=entry.recorded_at,
        office=entry.actor,
        role=entry.role,
        body=said["body"],
        reason=said["reason"],
        reading=said["reading"],
        cites=tuple(said["cites"]),
        accounts=tuple(
            Account(
                observation_id=each["observation"],
                keys=tuple(each["keys"]),
                is_direct=each["is_direct"],
                zones=None if each.get("zones") is None else tuple(each["zones"]),
            )
            for each in said["accounts"]
        ),
        says={name: tuple(words) for name, words in said["says"].items()},
    )


def payload_of(move: Move) -> dict[str, Any]:
    """What the entry of a move says."""
    return {
        "case": move.case_id,
        "move": move.kind,
        "body": move.body,
        "reason": move.reason,
        "reading": move.reading,
        "cites": list(move.cites),
        "accounts": [
            {"observation": a.observation_id, "keys": list(a.keys), "is_direct": a.is_direct}
            | ({} if a.zones is None else {"zones": list(a.zones)})
            for a in move.accounts
        ],
        "says": {name: list(words) for name, words in move.says.items()},
    }


def stood(
    mission: Mission, agreement: Agreement, record: Record, as_of: datetime | None, at: datetime
) -> Stood:
    """How the mandate stands by all that is entered, or stood by what was entered by an instant.

    Parameters
    ----------
    mission, agreement, record
        Whose mandate, by which text, and where its moves are.
    as_of
        Only moves known by then; every one where None.
    at
        The instant that is asked about.
    """
    moves = moves_of(record, as_of)
    if not any(move.kind in _STANDING for move in moves):
        return Stood()
    latest = max(at, *(move.at for move in moves)) if as_of is None else at
    rules = Rules(
        mandate=agreement.mandate,
        grants=agreement.grants,
        parties=agreement.party_ids(),
        calendar=mission.calendar,
        is_hypothetical=mission.is_hypothetical,
    )
    standing = replay(moves, rules).standing
    why = {act: standing.why_not(act, latest, is_internal=False) for act in ACTS}
    return Stood(
        withheld=tuple(
            Withheld(act=act, article="the record", because=because)
            for act, because in why.items()
            if because
        ),
        sentences=tuple(standing.sentences(latest, is_internal=False)),
    )


def under(agreement: Agreement, found: Stood) -> Agreement:
    """The agreement with what nobody may do any more taken out of what its mandate grants."""
    if not found.withheld:
        return agreement
    mandate = replace(agreement.mandate, withheld=(*agreement.mandate.withheld, *found.withheld))
    gone = {each.act for each in found.withheld}
    return replace(agreement, mandate=mandate, grants=agreement.grants - gone)
