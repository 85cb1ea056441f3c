"""What a case may show to whoever is no part of the mission: what was published of it, and no more.

The case is taken as it stood when the publication delay began, and of that only stages that had been
published. What was computed comes from the one publication function. Rows are proven and not shown.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from truceline.cases.case import Case
from truceline.cases.contract import Move, Stage
from truceline.cases.replay import replay
from truceline.model.errors import InputError, PublicationError
from truceline.model.time import to_microseconds
from truceline.pipeline import mission as missions
from truceline.pipeline.bundled import Held, Number, Part, as_csv, made, software
from truceline.pipeline.bundling import Handed, hand_over, latest
from truceline.pipeline.bundling import Order as Making
from truceline.pipeline.casework import moves_of, rules_of
from truceline.pipeline.enclosures import release_key
from truceline.pipeline.line import agreement_of
from truceline.pipeline.reporting import Order, Prepared, check_for_leaks, ordered, prepared
from truceline.pipeline.run import open_record
from truceline.record.batch import KIND as BATCH
from truceline.record.bundle import plain, rows_named
from truceline.record.redaction import for_release
from truceline.record.store import Record
from truceline.reports.naming import release_id

_STAGE_OF: Mapping[str, Stage] = {
    "begin": Stage.FACTS,
    "corroborate": Stage.FACTS,
    "verify": Stage.FACTS,
    "attribute": Stage.ATTRIBUTION,
    "rule": Stage.RULING,
    "vote": Stage.RULING,
}
"""Moves that belong to a stage without saying so."""

_TOLD: Mapping[str, str] = {
    "rows": "act_id",
    "outcomes": "act_id",
    "answers": "act_id",
    "accusations": "subject_id",
}
"""Tables of a release that a bundle holds, and the column that names the act."""


def release_bundle(
    folder: Path,
    case_id: str,
    view: str,
    *,
    office: str = "",
    as_of: datetime | None = None,
    out: Path | None = None,
    is_zipped: bool = False,
    announce: Callable[[str], None] = lambda _: None,
) -> Handed:
    """Write the bundle of a case for the public or a party, and log that it was published.

    Parameters
    ----------
    folder, case_id, out, is_zipped, announce
        As of `bundle`; it goes to `MISSION/release/VIEW/CASE` where `out` is None, CASE as the
        release names it.
    view
        `public` or `party:ID`.
    office
        Which publishes.
    as_of
        The instant that it is told at: nothing younger than the publication delay before it. Where
        None, when anything last became known, or the case last moved.

    Raises
    ------
    InputError
        There is no such case.
    PublicationError
        A red line would be broken, nothing of the case may be told yet, or the office has no right
        to publish; nothing is written.
    RecordError
        The record has no key to sign with, or something cannot be read or written.
    """
    mission = missions.load(folder)
    with open_record(mission) as record:
        at = as_of or _latest(record, case_id)
        asked = ordered(
            folder, agreement_version=None, view=view, formats=("tables",), to=out, as_of=at,
            day=None, office=office, announce=announce,
        )  # fmt: skip
        key = release_key(record)
        ready = prepared(asked, record, key)
        case = case_of(asked, record, case_id, ready.made.released_through)
        name = release_id(case_id, key, "c")
        holds = held_for_release(asked, record, ready, case, key, name=name)
        making = Making(
            mission=mission, agreement=ready.made.agreement, case_id=name, view=str(asked.looking),
            kind="release", under=for_release(), holds=holds, as_of=ready.made.as_of,
            made_at=datetime.now(UTC), published=ready,
        )  # fmt: skip
        target = out or folder / "release" / view.replace(":", "-") / name
        return hand_over(record, making, target, is_zipped=is_zipped, announce=announce)


def case_of(order: Order, record: Record, case_id: str, through: datetime) -> Case:
    """The case as it stood when the delay began.

    Raises
    ------
    InputError
        There is no such case.
    PublicationError
        Nothing of it had been published by then.
    """
    rules = rules_of(order.mission, agreement_of(order.mission))
    every = replay(moves_of(record), rules).cases
    if case_id not in every:
        known = ", ".join(sorted(every)) or "none"
        msg = f"there is no case {case_id!r} in {order.mission.folder}; cases are: {known}"
        raise InputError(msg)
    case = replay(moves_of(record, through), rules).cases.get(case_id)
    if case is None or not case.published:
        delay_h = order.rules.delay_h
        msg = (
            f"view {order.looking}: nothing of case {case_id} had been published by "
            f"{through:%Y-%m-%d %H:%M} UTC, {delay_h:g} hours before the instant that it is told at; "
            f"a publisher makes the move `publish`, and {delay_h:g} hours later it may leave: say "
            "with --as-of when"
        )
        raise PublicationError(msg)
    return case


def moves_told(case: Case, moves: Sequence[Move]) -> tuple[int, ...]:
    """The moves of a case that led to what was published of it, up to the last publication.

    A stage that was not published leaves nothing: neither a draft nor a vote tells of it.
    """
    last = max(each.sequence for each in case.published)
    stages = {each.stage for each in case.published}
    attached = {n for each in case.published for n in (*each.replies, *each.dissents)}
    told = []
    for move in moves:
        if move.sequence in case.moves and move.sequence <= last:
            stage = _STAGE_OF.get(move.kind) or move.word("stage")
            is_told = move.kind == "open" or move.sequence in attached
            if is_told or (move.kind != "dissent" and stage in stages):
                told.append(move.sequence)
    return tuple(told)


def held_for_release(
    order: Order, record: Record, ready: Prepared, case: Case, key: bytes, *, name: str
) -> Held:
    """What the released bundle of a case holds.

    Parameters
    ----------
    order, ready
        For whom, under which rules; and what that view may see.
    record
        Open, if only for reading.
    case
        As `case_of` gives it.
    key, name
        Secret by which releases name things, and how the case is named by it.

    Raises
    ------
    PublicationError
        No act of the case may be told yet, a row of one lies in a batch that is too young, or a
        place finer than a release may hold was found.
    """
    release, whole = ready.made, ready.whole
    through = release.released_through
    incidents = _incidents(whole.members, case)
    acts = whole.acts.filter(pc.is_in(whole.acts["incident_id"], value_set=incidents))
    names = {
        release_id(row["act_id"], key, "a"): row["act_id"]
        for row in acts.select(["act_id"]).to_pylist()
    }
    tables = {
        table: _of_acts(getattr(release, table), column, names) for table, column in _TOLD.items()
    }
    if not tables["rows"].num_rows:
        msg = (
            f"view {order.looking}: no act of case {case.case_id} may be told by "
            f"{through:%Y-%m-%d %H:%M} UTC: none lies in the period of the mission, or all rest on "
            "withheld reports; look at `truceline report` with the same --as-of"
        )
        raise PublicationError(msg)
    numbers = (*_counted(ready, acts, tables["rows"], names), made(_moves(case, record, through)))
    ids = {each for number in numbers for part in number.parts for each in part.ids}
    _check_age(record, order, ids, through)
    about = {
        **release.stated,
        "view": str(release.view),
        "released_through": release.released_through.isoformat(),
        "evidence_digest": release.evidence_digest,
        "versions": dict(release.versions),
        "limits": list(release.limits),
    }
    files = {
        f"data/computed/{table}.csv": as_csv(each, frozenset()) for table, each in tables.items()
    }
    files["data/computed/release.json"] = plain(about)
    check_for_leaks(whole, {Path(path): content for path, content in files.items()})
    files["data/software.json"] = plain(software())
    return Held(
        ids=frozenset(ids), moves=_moves(case, record, through), numbers=numbers, files=files,
        names={path: f"{name}: {Path(path).name}" for path in files},
    )  # fmt: skip


def _latest(record: Record, case_id: str) -> datetime:
    """When anything last became known, or the case last moved."""
    moved = [move.at for move in moves_of(record) if move.case_id == case_id]
    return max([latest(record, max(moved, default=datetime.now(UTC))), *moved])


def _moves(case: Case, record: Record, through: datetime) -> tuple[int, ...]:
    return moves_told(case, moves_of(record, through))


def _incidents(members: pa.Table, case: Case) -> pa.Array:
    """Incidents that hold an observation of the case, in the run that the release was made of."""
    named = pa.array(sorted(case.observations), pa.string())
    mine = members.filter(pc.is_in(members["observation_id"], value_set=named))
    return mine["incident_id"].unique()


def _of_acts(table: pa.Table, column: str, names: Mapping[str, str]) -> pa.Table:
    wanted = pa.array(sorted(names), pa.string())
    return table.filter(pc.is_in(table[column], value_set=wanted))


def _counted(
    ready: Prepared, acts: pa.Table, rows: pa.Table, names: Mapping[str, str]
) -> list[Number]:
    """How many the listed acts count by each rule; parts are named as the release names them."""
    counted = {
        row["act_id"]
        for row in rows.select(["act_id", "is_counted"]).to_pylist()
        if row["is_counted"]
    }
    told = {true: name for name, true in names.items() if name in counted}
    home = dict(zip(acts["act_id"].to_pylist(), acts["incident_id"].to_pylist(), strict=True))
    rests: dict[str, list[str]] = {}
    for row in ready.whole.members.to_pylist():
        rests.setdefault(row["incident_id"], []).append(row["observation_id"])
    parts: dict[str, list[Part]] = {}
    for row in ready.whole.amounts.to_pylist():
        if row["act_id"] in told and row["amount"]:
            ids = tuple(rests.get(home[row["act_id"]], ()))
            part = Part(what=told[row["act_id"]], adds=row["amount"], ids=ids)
            parts.setdefault(row["rule"], []).append(part)
    return [
        Number(
            number=f"counted by rule {rule}", parts=tuple(sorted(found, key=lambda each: each.what))
        )
        for rule, found in sorted(parts.items())
    ]


def _check_age(record: Record, order: Order, ids: set[str], through: datetime) -> None:
    """The number of rows of a batch is told with each of them, so the batch must be old as a whole."""
    log, exhibits = record.parts
    found = {each.batch.sequence for each in rows_named(log, exhibits, ids)}
    latest = to_microseconds(through)
    young = [s for s in log.stored(kind=BATCH) if s.sequence in found and s.known_until > latest]
    if young:
        msg = (
            f"view {order.looking}: rows of the case lie in the batch of entry {young[0].sequence}, of "
            f"which something became known after {through:%Y-%m-%d %H:%M} UTC; a proof tells how many "
            "rows a batch has: release later, and say with --as-of when"
        )
        raise PublicationError(msg)
