"""Reading the record: entries and tables as they were known at an instant."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from truceline.model.errors import InputError, RecordError
from truceline.model.time import from_microseconds, to_microseconds
from truceline.record import batch
from truceline.record.entry import Entry, Intake, Stored, parsed
from truceline.record.exhibits import Exhibits
from truceline.record.log import Log
from truceline.tables.schemas import INSTANT, concat

Salts = Mapping[str, bytes]
PAGE = 1000  # entries whose salts are asked for at once


def entries(log: Log, as_of: datetime | None = None, *, kind: str | None = None) -> Iterator[Entry]:
    """Entries in the order of the log; with `as_of`, those known by then."""
    latest = None if as_of is None else to_microseconds(as_of)
    for stored in log.stored(kind=kind):
        if latest is None or stored.known_at <= latest:
            yield entry_of(stored)


def entry_of(stored: Stored) -> Entry:
    """An entry from its columns.

    Raises
    ------
    RecordError
        Its payload is gone.
    """
    if stored.payload is None:
        msg = f"entry {stored.sequence} has lost its payload; `truceline record verify` says more"
        raise RecordError(msg)
    return Entry(
        sequence=stored.sequence,
        kind=stored.kind,
        known_at=from_microseconds(stored.known_at),
        known_until=from_microseconds(stored.known_until),
        recorded_at=from_microseconds(stored.recorded_at),
        clock_went_back=bool(stored.clock_went_back),
        supersedes=stored.supersedes,
        actor=stored.actor or "",
        role=stored.role or "",
        payload=parsed(stored.payload),
        leaf_hash=stored.leaf_hash.hex(),
        previous_hash=stored.previous_hash.hex(),
        chain_hash=stored.chain_hash.hex(),
    )


def salted(log: Log) -> Iterator[tuple[Stored, Salts | None]]:
    """Every entry with its salts, asked for a page at a time; None where that fails.

    Each entry of such a page is then asked for its own: only those that are damaged are named.
    """
    for page in _pages(log.stored()):
        try:
            salts = log.salts_between(page[0].sequence, page[-1].sequence)
        except (RecordError, ValueError):
            yield from ((one, None) for one in page)
        else:
            yield from ((one, salts.get(one.sequence, {})) for one in page)


def _pages(every: Iterator[Stored]) -> Iterator[list[Stored]]:
    """Entries by the thousand; those before a place that cannot be read come first."""
    page: list[Stored] = []
    try:
        for one in every:
            page.append(one)
            if len(page) == PAGE:
                yield page
                page = []
    except RecordError:
        if page:
            yield page
        raise
    if page:
        yield page


def table(log: Log, exhibits: Exhibits, name: str, as_of: datetime | None = None) -> pa.Table:
    """Every row of a table that was known then, batches in the order of the log.

    Raises
    ------
    InputError
        The record holds no table of that name.
    RecordError
        A batch's rows cannot be read.
    """
    if name not in batch.TABLES:
        msg = f"the record holds no table {name!r}; it holds {', '.join(batch.TABLES)}"
        raise InputError(msg)
    parts = [
        _rows(exhibits, entry, name, as_of)
        for entry in _batches(log, as_of)
        if name in entry.payload["tables"]
    ]
    return concat(parts, batch.TABLES[name])


def intake(log: Log, exhibits: Exhibits, as_of: datetime | None = None) -> Intake:
    """Rows upstream, taken and refused, over the batches known by then."""
    taken = refused = 0
    for entry in _batches(log, as_of):
        counts = entry.payload["counts"]
        refused += counts["refused"]
        if as_of is None or entry.known_until <= as_of:
            taken += counts["taken"]
            continue
        names = [name for name in entry.payload["tables"] if name != "refusals"]
        known = sum(_rows(exhibits, entry, name, as_of, ["known_at"]).num_rows for name in names)
        taken += min(known, counts["taken"])
    return Intake(upstream=taken + refused, taken=taken, refused=refused)


def acquired(log: Log, sources: Sequence[str]) -> list[dict[str, Any]]:
    """Custody of each source, as it stands now.

    Raises
    ------
    InputError
        One was never acquired.
    """
    latest = {row["sha256"]: row for row in log.acquisitions()}
    if missing := [digest for digest in sources if digest not in latest]:
        msg = f"exhibit {missing[0]} is not in this record; add it before its batch"
        raise InputError(msg)
    return [latest[digest] for digest in sorted(set(sources))]


def has_batch(log: Log, feed: str, digests: Sequence[str]) -> bool:
    """Whether a batch of this feed, from exactly these exhibits, is in the record."""
    wanted = sorted(set(digests))
    return any(
        entry.payload["feed"] == feed
        and sorted(source["sha256"] for source in entry.payload["sources"]) == wanted
        for entry in entries(log, kind=batch.KIND)
    )


def _batches(log: Log, as_of: datetime | None) -> list[Entry]:
    """Batches known by then that nothing known by then supersedes."""
    known = list(entries(log, as_of))
    gone = {entry.supersedes for entry in known}
    return [e for e in known if e.kind == batch.KIND and e.sequence not in gone]


def _rows(
    exhibits: Exhibits,
    entry: Entry,
    name: str,
    as_of: datetime | None,
    columns: list[str] | None = None,
) -> pa.Table:
    digest = entry.payload["tables"][name]["exhibit"]
    try:
        with exhibits.opened(digest) as file:
            rows = pq.read_table(file, columns=columns)
    except (OSError, pa.ArrowException, RecordError) as exc:
        msg = (
            f"{exhibits.where(digest)}: rows of table {name} in entry {entry.sequence} cannot be read: {exc}; "
            "`truceline record verify MISSION` says more; bring the file back from a copy"
        )
        raise RecordError(msg) from exc
    if as_of is not None and entry.known_until > as_of:
        rows = rows.filter(pc.less_equal(rows["known_at"], pa.scalar(as_of, INSTANT)))
    return rows
