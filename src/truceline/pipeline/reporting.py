"""Releasing a report: dossier, the one publication function, formats, and an entry that says so."""

import io
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from truceline.model.errors import InputError, PublicationError, RecordError
from truceline.pipeline import mission as missions
from truceline.pipeline import plugins
from truceline.pipeline.daily import check_known, of_day, told_at
from truceline.pipeline.decided import decided_at
from truceline.pipeline.dossier import dossier
from truceline.pipeline.enclosures import known_key, release_key
from truceline.pipeline.files import write_bytes
from truceline.pipeline.line import Known, agreement_of, compute, known_at, published
from truceline.pipeline.mission import Mission
from truceline.pipeline.publishing import (
    Publisher,
    check_right,
    payload_of,
    publisher,
    put_out,
    rules_for,
)
from truceline.pipeline.releasing import past
from truceline.pipeline.run import open_record, take_in_with
from truceline.pipeline.witnessing import keep_signed
from truceline.record.store import Record
from truceline.reports.cases import cases
from truceline.reports.contract import Dossier, Release, View
from truceline.reports.naming import KEY_BYTES
from truceline.reports.publication import publish
from truceline.reports.rules import PublicationRules
from truceline.reports.scan import scan

Announce = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be released: of which mission, for whom, in which forms, as of when, by whom.

    `clock` is None for a made-up truce, which may lie in the future. `own` is the mission under its
    own text, by which it may publish; `mission` is under the text that it is judged by.
    """

    own: Mission
    mission: Mission
    looking: View
    formats: Mapping[str, Any]
    rules: PublicationRules
    target: Path
    as_of: datetime | None
    day: date | None
    office: str
    clock: datetime | None
    announce: Announce


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What a view may see, from what it was computed, all of that, and who publishes."""

    made: Release
    known: Known
    whole: Dossier
    by: Publisher


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """Documents ready to leave, and what the log is to say of them."""

    documents: Mapping[Path, bytes]
    entry: Mapping[str, Any]
    by: Publisher


def release(  # noqa: PLR0913  one word for each thing that is asked
    folder: Path,
    *,
    view: str,
    formats: Sequence[str] = (),
    to: Path | None = None,
    as_of: datetime | None = None,
    day: date | None = None,
    agreement_version: str | None = None,
    office: str = "",
    announce: Announce = lambda _: None,
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
    agreement_version
        Judged by this version of the agreement; by the mission's own where None.
    office
        Which publishes; needed for whatever leaves once the mission has filled offices.

    Raises
    ------
    InputError
        The day is not over, or nothing was known of it.
    PublicationError
        A red line would be broken, the mandate withholds publication, or the office has no right
        to publish; nothing is written.
    RecordError
        The record cannot be written, and so nothing leaves.
    """
    order = ordered(folder, agreement_version, view, formats, to, as_of, day, office, announce)
    is_release = order.looking.is_release
    with _opened(order.mission, announce, is_release=is_release) as record:
        made = _made(order, record, release_key(record) if is_release else b"")
        if is_release:
            put_out(record, made.entry, made.by, made.documents, datetime.now(UTC))
        else:
            _write(made.documents)
    return tuple(made.documents)


def rehearse(
    folder: Path,
    *,
    view: str,
    formats: Sequence[str] = (),
    as_of: datetime | None = None,
    day: date | None = None,
    agreement_version: str | None = None,
    office: str = "",
    announce: Announce = lambda _: None,
) -> Made:
    """Everything that a release would do, up to the writing: the documents, and the entry of the log.

    Nothing is written and nothing new is taken in, so that a mission on a medium that cannot be
    written will do. Before the first release there is no key that names things: the names, and so
    the digests, then stand in for those that will be.

    Parameters are those of `release`, which also says what is raised.
    """
    order = ordered(folder, agreement_version, view, formats, None, as_of, day, office, announce)
    with Record.open(order.mission.record_folder, read_only=True) as record:
        return _made(order, record, known_key(record) or bytes(KEY_BYTES))


def ordered(  # noqa: PLR0913  likewise
    folder: Path,
    agreement_version: str | None,
    view: str,
    formats: Sequence[str],
    to: Path | None,
    as_of: datetime | None,
    day: date | None,
    office: str,
    announce: Announce,
) -> Order:
    """An order from words; raises what `release` does."""
    own = missions.load(folder)
    mission = own.under(agreement_version)
    chosen = _formats(formats)
    looking = View.parse(view)
    # Another text may be judged by; it gives no right to publish, and loosens no rule of doing so.
    check_right(own, looking)
    rules = rules_for(own, looking)
    # A made-up truce may lie in the future; for a real one the clock bounds `--as-of`.
    clock = None if is_hypothetical(mission) else datetime.now(UTC)
    if day is not None:
        mission = of_day(mission, day)
        as_of = as_of or told_at(mission, day, rules.delay_h if looking.is_release else 0.0, clock)
    named = folder / "release" / str(looking).replace(":", "-")
    for part in (day, agreement_version and f"under-{agreement_version}"):
        named = named / str(part) if part else named
    return Order(
        own=own, mission=mission, looking=looking, formats=chosen, rules=rules, target=to or named,
        as_of=as_of, day=day, office=office, clock=clock, announce=announce,
    )  # fmt: skip


@contextmanager
def _opened(mission: Mission, announce: Announce, *, is_release: bool) -> Iterator[Record]:
    """The record with what is new taken in; for the commission also one that cannot be written."""
    folder = mission.record_folder
    if Record.exists(folder) and not os.access(folder, os.W_OK):
        if is_release:
            msg = (
                f"{folder}: cannot be written, so nothing was released: what leaves is logged in the "
                "record first; copy the mission to where it can be written, or look with --dry"
            )
            raise RecordError(msg)
        announce("the record cannot be written here: read as it stands, nothing new taken in")
        with Record.open(folder, read_only=True) as record:
            yield record
        return
    with open_record(mission) as record:
        take_in_with(mission, record, announce)
        yield record
        ask_witnesses = keep_signed(record)
    for note in ask_witnesses():
        announce(note)


def _made(order: Order, record: Record, key: bytes) -> Made:
    """The documents of an order, checked, and what the log is to say; nothing is written."""
    ready = prepared(order, record, key)
    written = {
        order.target / f"report{form.suffix}": form.render(ready.made)
        for form in order.formats.values()
    }
    if order.looking.is_release:
        check_for_leaks(ready.whole, written)
    told = _what(ready.made) | cleared_in(ready.whole, order.looking)
    entry = payload_of(ready.made, ready.known, told, written)
    return Made(documents=written, entry=entry, by=ready.by)


def prepared(order: Order, record: Record, key: bytes) -> Prepared:
    """What the view of an order may see; nothing is written.

    Raises
    ------
    PublicationError
        A red line would be broken, or the office has no right to publish.
    """
    mission, looking = order.mission, order.looking
    by = Publisher()
    if looking.is_release:
        at = order.clock or max(filter(None, (order.as_of, datetime.now(UTC))))
        by = publisher(order.own, record, looking, order.office, at)
    known = _known(order, record)
    cell_m = order.rules.cell_m if looking.is_release else None
    announce = order.announce
    line = compute(mission, known, cell_m=cell_m, announce=announce)
    announce("publishing")
    now = min(known.as_of, order.clock) if order.clock else known.as_of
    late_h = order.rules.delay_h if looking.is_release else 0.0
    decided = decided_at(mission, record, now - timedelta(hours=late_h))
    whole = replace(dossier(mission, line, key, cell_m), cases=decided)
    made = publish(whole, looking, order.rules, at=order.clock)
    return Prepared(made=made, known=known, whole=whole, by=by)


def _known(order: Order, record: Record) -> Known:
    """What the release may know: for what leaves, what had happened and was known before the delay."""
    mission = order.mission
    known = known_at(mission, record, order.as_of)
    if order.day is not None:
        check_known(mission, order.day, known)
    if order.looking.is_release:
        if order.as_of is None:
            known = replace(known, as_of=_closed(mission, known.as_of))
        now = min(known.as_of, order.clock) if order.clock else known.as_of
        known = past(mission, record, known, now - timedelta(hours=order.rules.delay_h))
        told = published(record, order.as_of, besides=known.evidence_digest)
        known = replace(known, told=told)
    return known


def _what(made: Release) -> dict[str, Any]:
    """What was released: a report, of which days."""
    period = made.period
    return {
        "kind": "report",
        "first_day": period.first_day.isoformat(),
        "last_day": period.last_day.isoformat(),
    }


def cleared_in(whole: Dossier, looking: View) -> dict[str, list[str]]:
    """Names under which stages of cases were cleared that the release carries."""
    names = cases(whole, looking)["release"].drop_null().to_pylist()
    return {"cleared": sorted(names)} if names else {}


def _closed(mission: Mission, at: datetime) -> datetime:
    """The close of the legal day of an instant: when the newest report came in stays inside."""
    day = mission.calendar.day(at - timedelta(microseconds=1))
    return mission.calendar.bounds(day).ended or at


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


def check_for_leaks(whole: Dossier, documents: Mapping[Path, bytes]) -> None:
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
