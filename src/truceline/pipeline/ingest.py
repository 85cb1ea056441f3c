"""Ingest: raw bytes become exhibits, then rows, then one entry of the record for each feed."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.errors import SettingsError, SourceError
from truceline.pipeline import plugins, private_lines
from truceline.pipeline.codes import with_codes
from truceline.pipeline.editions import VERSIONED, settled
from truceline.pipeline.mission import FeedSpec, Mission
from truceline.pipeline.private_lines import Received
from truceline.pipeline.theatre import area_of
from truceline.record.entry import Entry
from truceline.record.personal import SEALED
from truceline.record.store import Record
from truceline.sources.contract import Area, Feed, RawFile, ReadContext, Reading, Refusal
from truceline.tables.schemas import INSTANT

ACTOR = "truceline ingest"
_FORGOTTEN = (
    "not taken in: the line names {0}, whose key is destroyed; take the line out of mission.yaml, and "
    "its files away"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What one feed gave: rows upstream, taken and refused, and why each was refused."""

    feed: str
    files: tuple[str, ...]
    upstream: int = 0
    taken: int = 0
    refused: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()
    is_new: bool = False  # false: these bytes were in the record already


def ingest(
    mission: Mission,
    record: Record,
    *,
    now: datetime,
    entropy: Callable[[int], bytes],
    announce: Callable[[str], None] = lambda _: None,
) -> tuple[Ingested, ...]:
    """Take in every file that the mission names and the record does not yet hold.

    Parameters
    ----------
    mission, record
        Where the files are, and where they go.
    now
        The instant of receipt.
    entropy
        Gives that many random bytes, for the salts of commitments.
    announce
        Called with one line of text as each feed begins.

    Raises
    ------
    SettingsError
        A feed is not known, or names no file that exists.
    SourceError
        A file cannot be read at all; what was recorded before stays recorded.
    """
    done = []
    area = area_of(mission)
    for spec in mission.feeds:
        announce(f"{spec.feed}: {', '.join(spec.files)}")
        done.append(_ingest_feed(mission, record, spec, area, now=now, entropy=entropy))
    return tuple(_with_edits(record, done))


def _with_edits(record: Record, done: list[Ingested]) -> list[Ingested]:
    """What came in, and by the last feed whose reports are edited what edits made of the record."""
    feeds = plugins.load("feeds")
    edited = [n for n, one in enumerate(done) if "editions" in feeds[one.feed].yields]
    if any(done[n].is_new for n in edited):
        _, edits = settled({name: record.table(name) for name in VERSIONED})
        last = done[edited[-1]]
        done[edited[-1]] = replace(last, notes=(*last.notes, *edits.notes()))
    return done


def _ingest_feed(
    mission: Mission,
    record: Record,
    spec: FeedSpec,
    area: Area | None,
    *,
    now: datetime,
    entropy: Callable[[int], bytes],
) -> Ingested:
    feed = feed_of(mission, spec)
    came = raw_files(mission.folder, spec.files)
    got = private_lines.received(mission, record, spec, came)
    names = tuple(file.name for file in came)
    if got.forgotten:
        return Ingested(feed=spec.feed, files=names, notes=(_FORGOTTEN.format(*got.forgotten),))
    settings = _settings(mission, spec, area)
    earlier = _standing(mission, record, spec.feed, came)
    if any(_is_same(entry, settings, spec) for entry in earlier):
        return Ingested(feed=spec.feed, files=names)
    corrected = _corrected(mission, spec, area, earlier, came)
    _preserve(record, spec, got, now)
    reading = read(mission, spec, got.files, area, now)
    kept = _kept(mission, spec, reading, now)
    record.append_batches(
        with_codes(mission, record, kept.tables, by=ACTOR, now=now, entropy=entropy),
        feed=spec.feed,
        options=settings,
        sources=tuple(file.sha256 for file in got.files),
        upstream=reading.upstream,
        taken=reading.taken,
        refused=kept.refused,
        notes=(feed.limitation, *reading.notes),
        received_at=now,
        actor=ACTOR,
        entropy=entropy,
        # The same bytes read with other settings correct the earlier reading; that one stays kept.
        supersedes=None if corrected is None else corrected.sequence,
        sealed_for=spec.persons,
    )
    return Ingested(
        feed=spec.feed,
        files=names,
        upstream=reading.upstream,
        taken=reading.taken,
        refused=reading.refused,
        notes=reading.notes,
        is_new=True,
    )


def _kept(mission: Mission, spec: FeedSpec, reading: Reading, now: datetime) -> Reading:
    """A reading as the record holds it: when each row was known, and no words where persons are named."""
    zone = spec.zone or mission.calendar.zone
    tables = {n: _known(n, reading.tables[n], spec, now, zone) for n in reading.tables}
    if not spec.persons:
        return replace(reading, tables=tables)
    refused = private_lines.refused_without_words(reading.refused)
    return replace(reading, tables=private_lines.without_words(tables), refused=refused)


def _preserve(record: Record, spec: FeedSpec, got: Received, now: datetime) -> None:
    """Bytes become exhibits before anybody reads them."""
    for file in got.files:
        record.add_exhibit(
            got.kept[file.sha256],
            name=file.name,
            acquired_by=ACTOR,
            how=f"feed {spec.feed}",
            at=now,
        )


def read(
    mission: Mission, spec: FeedSpec, files: tuple[RawFile, ...], area: Area | None, now: datetime
) -> Reading:
    """What a line of the mission's feeds makes of its files; nothing is written.

    Raises
    ------
    SourceError
        None of the files can be read, an option is wrong, or the feed loses a row.
    """
    zone = spec.zone or mission.calendar.zone
    context = ReadContext(zone=zone, received_at=now, options=spec.options, area=area)
    reading = feed_of(mission, spec).read(files, context)
    _check_sums(spec.feed, reading)
    return reading


def feed_of(mission: Mission, spec: FeedSpec) -> Feed:
    """The feed that a line of the mission names.

    Raises
    ------
    SettingsError
        There is none of that name.
    """
    feeds = plugins.load("feeds")
    if spec.feed not in feeds:
        msg = (
            f"{mission.folder / 'mission.yaml'}: feed {spec.feed!r} is not known; "
            f"`truceline feeds` lists {', '.join(feeds)}"
        )
        raise SettingsError(msg)
    feed: Feed = feeds[spec.feed]
    return feed


def raw_files(folder: Path, patterns: tuple[str, ...]) -> tuple[RawFile, ...]:
    """The files that patterns name, sorted by name, with their bytes and digests.

    Raises
    ------
    SettingsError
        A pattern matches nothing.
    SourceError
        A file cannot be opened.
    """
    found: dict[str, RawFile] = {}
    for name, path in _paths(folder, patterns).items():
        try:
            content = path.read_bytes()
        except OSError as exc:
            msg = f"{path}: cannot be read: {exc.strerror}; check its permissions"
            raise SourceError(msg) from exc
        found[name] = RawFile(
            name=name, content=content, sha256=hashlib.sha256(content).hexdigest()
        )
    return tuple(found[name] for name in sorted(found))


def _paths(folder: Path, patterns: tuple[str, ...]) -> dict[str, Path]:
    """The files that patterns name, by the name that a feed sees."""
    found: dict[str, Path] = {}
    for pattern in patterns:
        base = Path(pattern)
        paths = [base] if base.is_absolute() else sorted(folder.glob(pattern))
        paths = [path for path in paths if path.is_file()]
        if not paths:
            msg = (
                f"{folder / 'mission.yaml'}: no file matches {pattern!r} in {folder}; mend `files`"
            )
            raise SettingsError(msg)
        for path in paths:
            name = path.name if base.is_absolute() else path.relative_to(folder).as_posix()
            found[name] = path
    return found


def _check_sums(feed: str, reading: Reading) -> None:
    if reading.upstream != reading.taken + len(reading.refused):
        msg = (
            f"feed {feed}: {reading.upstream} rows upstream, but {reading.taken} taken and "
            f"{len(reading.refused)} refused; a feed may lose no row: mend the feed"
        )
        raise SourceError(msg)


def _settings(mission: Mission, spec: FeedSpec, area: Area | None) -> dict[str, Any]:
    """Everything beside the bytes that decides what a reading says: its identity with them."""
    settings: dict[str, Any] = {
        "archive": spec.is_archive,
        "options": dict(spec.options),
        "zone": spec.zone or mission.calendar.zone,
    }
    if area is not None:
        settings["area"] = [area.south, area.west, area.north, area.east]
    if feed_of(mission, spec).reads_names:
        settings["files"] = sorted(_paths(mission.folder, spec.files))
    # As the record gives it back: YAML may write a code as a number and a day as a date.
    plain: dict[str, Any] = json.loads(json.dumps(settings, default=str))
    return plain


def _standing(
    mission: Mission, record: Record, feed: str, files: tuple[RawFile, ...]
) -> list[Entry]:
    """Readings of exactly these files by this feed that no other one corrects."""
    batches = list(record.entries(kind="batch"))
    gone = {entry.supersedes for entry in batches}
    mine = [e for e in batches if e.sequence not in gone and e.payload["feed"] == feed]
    return list(private_lines.same_files(mission, mine, files))


def _is_same(entry: Entry, settings: Mapping[str, Any], spec: FeedSpec) -> bool:
    """Whether a reading is what a line of the mission asks for."""
    is_for = tuple(entry.payload.get(SEALED, ())) == spec.persons
    return is_for and entry.payload["options"] == settings


def _corrected(
    mission: Mission,
    line: FeedSpec,
    area: Area | None,
    earlier: list[Entry],
    came: tuple[RawFile, ...],
) -> Entry | None:
    """The last reading of these bytes that no line of the mission stands for any more.

    Two lines that read the same bytes, as two authors' maps, are two claims: neither corrects the
    other.
    """
    if not earlier:
        return None
    digests = {file.sha256 for file in came}
    lines = [
        (spec, _settings(mission, spec, area))
        for spec in mission.feeds
        if spec.feed == line.feed
        and {file.sha256 for file in raw_files(mission.folder, spec.files)} == digests
    ]

    def is_asked(entry: Entry) -> bool:
        return any(_is_same(entry, settings, spec) for spec, settings in lines)

    left = [entry for entry in earlier if not is_asked(entry)]
    return left[-1] if left else None


def _known(name: str, table: pa.Table, spec: FeedSpec, now: datetime, zone: str) -> pa.Table:
    """Fill `known_at`: receipt; for an archive the source's own time of report (design 2)."""
    known: pa.Array = pa.repeat(pa.scalar(now, INSTANT), table.num_rows)
    if spec.is_archive:
        own = [_first_told(table, zone)] if name == "holdings" else []
        own += [table[column] for column in _OWN_TIMES[name]]
        known = pc.coalesce(*own, known)
        if "is_date_only" in table.column_names:
            # Date-only: known at the end of the local day, never at its midnight.
            early = pc.and_(table["is_date_only"], pc.less(known, table["ended"]))
            known = pc.if_else(early, table["ended"], known)
    index = table.schema.get_field_index("known_at")
    table = table.set_column(index, table.schema.field("known_at"), known)
    if "is_reconstructed" in table.column_names:
        index = table.schema.get_field_index("is_reconstructed")
        flags = pa.repeat(pa.scalar(spec.is_archive), table.num_rows)
        table = table.set_column(index, table.schema.field("is_reconstructed"), flags)
    return table


def _first_told(table: pa.Table, zone: str) -> pa.Array:
    """When a stock was first told of: declared or seen standing, and not when it stood no more.

    A visit tells at its end. What lasts a day or longer was told as it began, and where it began at a
    local midnight, which is how a bare date is read, at the end of that day.
    """
    began, ended = (table[name].combine_chunks() for name in ("began", "ended"))
    local = pc.local_timestamp(began.cast(pa.timestamp("us", tz=zone)))
    next_day = pc.add(pc.floor_temporal(local, unit="day"), _DAY)
    close = pc.assume_timezone(next_day, zone, ambiguous="earliest", nonexistent="latest")
    is_date = pc.equal(local, pc.floor_temporal(local, unit="day"))
    first = pc.if_else(is_date, close.cast(INSTANT), began)
    is_visit = pc.less(pc.subtract(ended, began), _DAY)
    return pc.if_else(is_visit, ended, first)


_DAY = pa.scalar(timedelta(days=1), pa.duration("us"))

# An archive's row was known when its source said so; without that, when what it tells had ended.
_OWN_TIMES: Mapping[str, tuple[str, ...]] = {
    "observations": ("reported_at", "ended"),
    "claims": ("published_at", "ended"),
    "notices": ("given_at",),
    "controls": ("began",),
    "exposures": ("ended",),
    "holdings": ("ended",),
    "casualties": ("reported_at", "ended"),
    "inspections": ("ended",),
    "activations": ("ended",),
    "windows": ("given_at", "began"),
    "editions": ("changed_at",),
}
