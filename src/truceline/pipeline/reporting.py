"""Releasing a report: dossier, the one publication function, formats, and an entry that says so."""

import hashlib
import io
import secrets
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from truceline.agreement.mandate import withheld
from truceline.model.errors import InputError, PublicationError, RecordError
from truceline.pipeline import mission as missions
from truceline.pipeline import plugins
from truceline.pipeline.daily import check_known, of_day, told_at
from truceline.pipeline.dossier import dossier
from truceline.pipeline.enclosures import (
    ACTOR,
    release_key,
)
from truceline.pipeline.files import write_bytes
from truceline.pipeline.line import agreement_of, compute, known_at
from truceline.pipeline.mission import Mission
from truceline.pipeline.releasing import past
from truceline.pipeline.run import open_record, take_in_with
from truceline.record.store import Record
from truceline.reports.contract import (
    Dossier,
    PublicationRules,
    Release,
    View,
)
from truceline.reports.publication import publish
from truceline.reports.scan import scan


def release(
    folder: Path,
    *,
    view: str,
    formats: Sequence[str] = (),
    to: Path | None = None,
    as_of: datetime | None = None,
    day: date | None = None,
    announce: Callable[[str], None] = lambda _: None,
) -> tuple[Path, ...]:
    """Release a report of a mission for one view, and log that it was released.

    Parameters
    ----------
    folder
        The mission.
    view
        `public`, `party:ID`, or `commission`, which is internal.
    formats
        Names of formats; every one where empty.
    to
        Where the documents go; `MISSION/release/VIEW` where None, and with a day a folder of it.
    as_of
        Only what was known at that instant.
    day
        The report of that legal day: as it stood at its close or, for a release, as it may be told
        once the publication delay has passed since; beside it the day before.

    Raises
    ------
    InputError
        The day is not over, or nothing was known of it.
    PublicationError
        A red line would be broken, or the mandate withholds publication; nothing is written.
    """
    mission = missions.load(folder)
    chosen = _formats(formats)
    looking = View.parse(view)
    _refuse_withheld(mission, looking)
    rules = _rules(mission)
    # A made-up truce may lie in the future; for a real one the clock bounds `--as-of`.
    clock = None if is_hypothetical(mission) else datetime.now(UTC)
    if day is not None:
        mission = of_day(mission, day)
        as_of = as_of or told_at(mission, day, rules.delay_h if looking.is_release else 0.0, clock)
    with open_record(mission) as record:
        take_in_with(mission, record, announce)
        known = known_at(mission, record, as_of)
        if day is not None:
            check_known(mission, day, known)
        key = b""
        if looking.is_release:
            if as_of is None:
                known = replace(known, as_of=_closed(mission, known.as_of))
            now = min(known.as_of, clock) if clock else known.as_of
            known = past(mission, record, known, now - timedelta(hours=rules.delay_h))
            key = release_key(record)
        cell_m = rules.cell_m if looking.is_release else None
        line = compute(mission, known, cell_m=cell_m, announce=announce)
        announce("publishing")
        whole = dossier(mission, line, key, cell_m)
        made = publish(whole, looking, rules, at=clock)
        target = to or folder / "release" / str(looking).replace(":", "-") / (
            str(day) if day else ""
        )
        written = {
            target / f"report{chosen[name].suffix}": chosen[name].render(made) for name in chosen
        }
        if looking.is_release:
            _check_for_leaks(whole, written)
        _write(written)
        if looking.is_release:
            _log(record, made, whole.evidence_digest, written)
    return tuple(written)


def _rules(mission: Mission) -> PublicationRules:
    rules, delay_h = PublicationRules(), mission.publication_delay_h
    return rules if delay_h is None else replace(rules, delay_h=delay_h)


def _closed(mission: Mission, at: datetime) -> datetime:
    """The close of the legal day of an instant: when the newest report came in stays inside."""
    day = mission.calendar.day(at - timedelta(microseconds=1))
    return mission.calendar.bounds(day).ended or at


def _refuse_withheld(mission: Mission, looking: View) -> None:
    why = withheld(agreement_of(mission), "publish")
    if why and str(looking) == "public":
        msg = (
            f"publication is {why}; release to `party:ID`, or read `commission`, which is internal"
        )
        raise PublicationError(msg)


def is_hypothetical(mission: Mission) -> bool:
    """Whether the mission, or the agreement that it names, is made up."""
    return mission.is_hypothetical or agreement_of(mission).is_hypothetical


def _formats(names: Sequence[str]) -> Mapping[str, Any]:
    known = plugins.load("formats")
    for name in names:
        if name not in known:
            msg = f"no format is called {name!r}; there are {', '.join(known)}"
            raise InputError(msg)
    return {name: known[name] for name in (names or known)}


def _check_for_leaks(whole: Dossier, documents: Mapping[Path, bytes]) -> None:
    """The second lock: nothing is written where a true place stands in the bytes.

    A PDF's drawings are compressed; it is made from the same document as the page, which is read.
    """
    for path, content in documents.items():
        parts = [content]
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                parts = [packed.read(name) for name in packed.namelist()]
        for part in parts:
            if leaks := scan(part, whole):
                msg = (
                    f"{path.name}: {len(leaks)} places finer than a release may hold (first as "
                    f"{leaks[0].how}); nothing was written: this is a fault of the format, report it"
                )
                raise PublicationError(msg)


def _write(documents: Mapping[Path, bytes]) -> None:
    for path, content in documents.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_bytes(path, content)
        except OSError as exc:
            msg = f"{path}: could not be written: {exc.strerror or exc}; free some space, release again"
            raise RecordError(msg) from exc


def _log(record: Record, made: Release, digest: str, written: Mapping[Path, bytes]) -> None:
    """Publication is always logged: which view, which record, which bytes, which counts."""
    now = datetime.now(UTC)
    whole = [row for row in made.counts.to_pylist() if row["legal_day"] is not None]
    record.append(
        "publication",
        {
            "view": str(made.view),
            "as_of": made.as_of.isoformat(),
            "released_through": made.released_through.isoformat(),
            "counted_at": made.record_head,
            "evidence_digest": digest,
            "documents": {
                path.name: hashlib.sha256(content).hexdigest() for path, content in written.items()
            },
            "counts": [
                [
                    row["legal_day"].isoformat(),
                    row["area"],
                    row["rule"],
                    row["party"],
                    row["as_now_known"],
                ]
                for row in whole
            ],
        },
        known_at=now,
        recorded_at=now,
        actor=ACTOR,
        entropy=secrets.token_bytes,
    )
