"""A run of a mission: take in what is new, compute the line, write the contract folder.

The clock and the random bytes of salts enter the system here and nowhere below.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from truceline.pipeline import mission as missions
from truceline.pipeline.ingest import Ingested, ingest
from truceline.pipeline.line import agreement_of, compute, known_at
from truceline.pipeline.memory import give_back, keep
from truceline.pipeline.mission import Mission
from truceline.pipeline.outputs import summary, write
from truceline.pipeline.texts import keep_text
from truceline.pipeline.witnessing import keep_signed
from truceline.record.store import Record

Announce = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a run gave, and where its tables are."""

    title: str
    out: Path
    summary: dict[str, Any]
    ingested: tuple[Ingested, ...]
    notes: tuple[str, ...] = ()  # on reports that were edited


def take_in(folder: Path, *, announce: Announce = lambda _: None) -> tuple[Ingested, ...]:
    """Ingest what is new in a mission folder.

    Raises
    ------
    InputError
        The mission or its material cannot be used.
    RecordError
        The record cannot be opened or appended to.
    """
    mission = missions.load(folder)
    with open_record(mission) as record:
        done = take_in_with(mission, record, announce)
        ask_witnesses = keep_signed(record)
    for note in ask_witnesses():
        announce(note)
    return done


def run(
    folder: Path,
    *,
    out: Path | None = None,
    as_of: datetime | None = None,
    agreement_version: str | None = None,
    announce: Announce = lambda _: None,
) -> Done:
    """Run the whole line over a mission folder.

    Parameters
    ----------
    folder
        The mission.
    out
        Where the tables go; where None, `MISSION/out`, or with `as_of` or `agreement_version` a
        folder of that instant and text below it: the latest result and its lineage stay.
    as_of
        Only what was known at that instant; the latest known where None, never the clock.
    agreement_version
        Judged by this version of the agreement; by the mission's own where None.
    announce
        Called with the name of each stage as it begins.
    """
    keep()
    mission = missions.load(folder).under(agreement_version)
    agreement_of(mission)  # an unknown version is told before anything is taken in
    with open_record(mission) as record:
        ingested = take_in_with(mission, record, announce)
        give_back()
        announce("reading the record")
        known = known_at(mission, record, as_of)
        ask_witnesses = keep_signed(record)
    for note in ask_witnesses():
        announce(note)
    line = compute(mission, known, announce=announce)
    give_back()
    announce("writing tables")
    target = out or mission.answer_folder(as_of, agreement_version)
    write(line, target)
    return Done(
        title=mission.title,
        out=target,
        summary=summary(line),
        ingested=ingested,
        notes=known.edits.notes(),
    )


def open_record(mission: Mission) -> Record:
    """The mission's record; a new, empty one where there is none."""
    if Record.exists(mission.record_folder):
        return Record.open(mission.record_folder)
    return Record.create(
        mission.record_folder, mission_id=mission.mission_id, now=datetime.now(UTC)
    )


def take_in_with(mission: Mission, record: Record, announce: Announce) -> tuple[Ingested, ...]:
    """Ingest what is new, the text first, with this machine's clock and random bytes."""
    now = datetime.now(UTC)
    keep_text(mission, record, now=now, entropy=secrets.token_bytes)
    return ingest(
        mission,
        record,
        now=now,
        entropy=secrets.token_bytes,
        announce=announce,
    )
