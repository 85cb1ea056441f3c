"""Casework of a mission: moves read from the record, tried, and appended; nothing is ever edited."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from truceline.agreement.terms import Agreement
from truceline.cases.contract import KIND, Account, Move, Refusal, Rules
from truceline.cases.docket import Docket
from truceline.cases.replay import apply, replay
from truceline.model.vocabulary import Means, SourceKind
from truceline.pipeline import mission as missions
from truceline.pipeline.agreements import agreement_of, clauses_of
from truceline.pipeline.agreements import rules_of as rules_of
from truceline.pipeline.casefile import counts_digest
from truceline.pipeline.ground import zones_of
from truceline.pipeline.line import known_at
from truceline.pipeline.mission import Mission
from truceline.pipeline.moves import move_of as move_of
from truceline.pipeline.moves import moves_of as moves_of
from truceline.pipeline.moves import payload_of as payload_of
from truceline.pipeline.parties import with_parties_own
from truceline.pipeline.run import open_record
from truceline.pipeline.witnessing import keep_signed
from truceline.record.store import Record
from truceline.tables.roots import LEAST_WORDS, voice_words

NEW = "new"  # the next free id

_OWN = (SourceKind.PATROL, SourceKind.CAMERA, SourceKind.UAV)  # the mission's own eyes; assumed
_RETOLD = (Means.INTERVIEW, Means.PARTY_REPORT, Means.MEDIA, Means.DOCUMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A move as somebody typed it."""

    case_id: str
    kind: str
    office: str
    reason: str
    reading: str = ""
    cites: tuple[str, ...] = ()
    says: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Casework:
    """The docket of a mission, the rules that it stands under, and the instant it is looked at."""

    docket: Docket
    rules: Rules
    moves: tuple[Move, ...]
    at: datetime


class Made(NamedTuple):
    """A move that was entered, the docket after it, and the rules that it stands under."""

    move: Move
    docket: Docket
    rules: Rules


def look(folder: Path, as_of: datetime | None = None) -> Casework:
    """The docket as it stands, or as it stood at an instant.

    Raises
    ------
    InputError
        The mission cannot be used.
    RecordError
        There is no record, or it cannot be read.
    """
    mission = missions.load(folder)
    rules = rules_of(mission, agreement_of(mission))
    with Record.open(mission.record_folder, read_only=True) as record:
        moves = tuple(moves_of(record, as_of))
    latest = max((move.at for move in moves), default=None)
    now = datetime.now(UTC)
    at = as_of or (now if latest is None else max(now, latest))
    return Casework(docket=replay(moves, rules), rules=rules, moves=moves, at=at)


def make(folder: Path, wanted: Wanted) -> Made | Refusal:
    """Try a move and, where the rules allow it, append it to the record; else write nothing.

    The record is held by one writer from the look at the docket to the entry, so that no two desks
    make moves that exclude each other.

    Raises
    ------
    InputError
        The mission cannot be used.
    RecordError
        The record cannot be opened or appended to.
    """
    mission = missions.load(folder)
    agreement = agreement_of(mission)
    rules = rules_of(mission, agreement)
    with open_record(mission) as record:
        docket = replay(moves_of(record), rules)
        move = _move(mission, agreement, record, docket, wanted)
        after = apply(docket, move, rules)
        if isinstance(after, Refusal):
            return _told_of_cites(mission, record, move, after)
        if refused := _unknown_clause(move, clauses_of(mission, agreement)):
            return refused
        record.append(
            KIND, payload_of(move), known_at=move.at, recorded_at=move.recorded_at,
            actor=move.office, role=move.role, entropy=secrets.token_bytes,
        )  # fmt: skip
        ask_witnesses = keep_signed(record)
    ask_witnesses()  # who did not cosign is asked again next time, and `record verify` tells
    return Made(move, after, rules)


def _move(
    mission: Mission, agreement: Agreement, record: Record, docket: Docket, wanted: Wanted
) -> Move:
    now = datetime.now(UTC)
    at = wanted.at or now
    office = docket.offices.get(wanted.office)
    says = dict(wanted.says)
    if wanted.kind in {"sign_counts", "countersign_counts"}:
        says["digest"] = (counts_digest(mission.out_folder, says),)
    first = next(iter(says.get("body", ())), "")
    return Move(
        sequence=record.head().size,
        case_id=_next_id(docket) if wanted.case_id == NEW else wanted.case_id,
        kind=wanted.kind,
        at=at,
        recorded_at=now,
        office=wanted.office,
        role="registrar" if office is None else office.role.value,
        body=first if office is None else office.body,
        reason=wanted.reason,
        reading=wanted.reading,
        cites=wanted.cites,
        accounts=_accounts(mission, agreement, record, wanted.cites, at),
        says=says,
    )


def _unknown_clause(move: Move, known: Sequence[str]) -> Refusal | None:
    """A ruling names clauses of the text: of any version, for an act may be older than the text of today."""
    if move.kind != "rule" or not (strange := [c for c in move.words("clauses") if c not in known]):
        return None
    return Refusal(
        sequence=move.sequence, case_id=move.case_id, kind=move.kind, office=move.office,
        why=f"no version of the agreement has a clause `{strange[0]}`",
        do=f"clauses are {', '.join(known)}; give `clauses=` again for each further one",
    )  # fmt: skip


def _told_of_cites(mission: Mission, record: Record, move: Move, refused: Refusal) -> Refusal:
    """What was refused, and which of the observations cited are known only after the hour of the move."""
    known = {each.observation_id for each in move.accounts}
    missing = sorted(set(move.cites) - known)
    if not missing or not any(True for _ in record.entries(kind="batch")):
        return refused
    every = known_at(mission, record).tables["observations"]
    cited = pc.is_in(every["observation_id"], value_set=pa.array(missing, pa.string()))
    rows = every.filter(cited).select(["observation_id", "known_at"]).to_pylist()
    later = sorted((row["known_at"], row["observation_id"]) for row in rows)
    if not later or later[0][0] <= move.at:
        return refused
    at, name = later[0]
    note = (
        f"`{name}` is known only since {at.isoformat()}, after the hour of this move "
        f"({move.at.isoformat(timespec='seconds')}): `--at TIME` gives a move its hour"
    )
    return replace(refused, do=f"{refused.do}; {note}")


def _next_id(docket: Docket) -> str:
    number = len(docket.cases) + 1
    while (name := f"c-{number:04}") in docket.cases:
        number += 1
    return name


def _accounts(
    mission: Mission, agreement: Agreement, record: Record, cites: Sequence[str], at: datetime
) -> tuple[Account, ...]:
    """Of the cited ids those that are observations known by then, as voices."""
    if not cites or not any(True for _ in record.entries(at, kind="batch")):
        return ()
    every = known_at(mission, record, at).tables["observations"]
    cited = pc.is_in(every["observation_id"], value_set=pa.array(sorted(set(cites)), pa.string()))
    rows = with_parties_own(every.filter(cited), agreement)
    voices = [voice_words(rows[name]).to_pylist() for name in ("source", "root", "text")]
    place = ["lat", "lon", "error_major_m", "area_id", "began"]
    told = rows.select(["observation_id", "source_kind", "means", *place]).to_pylist()
    made = {
        row["observation_id"]: Account(
            observation_id=row["observation_id"],
            keys=_keys(*words),
            is_direct=row["source_kind"] in _OWN and row["means"] not in _RETOLD,
            zones=zones_of(row, agreement),
        )
        for row, *words in zip(told, *voices, strict=True)
    }
    return tuple(made[name] for name in dict.fromkeys(cites) if name in made)


def _keys(source: str, root: str, text: str | None) -> tuple[str, ...]:
    """What tells that two are one voice; names of sources stay out of moves, digests tell as well."""
    shared = [f"source:{source}", f"root:{root}"]
    if text is not None and len(text.split()) >= LEAST_WORDS:
        shared.append(f"text:{text}")
    return tuple(hashlib.sha256(each.encode()).hexdigest()[:32] for each in shared)
