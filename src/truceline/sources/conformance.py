"""What every feed must pass before its author writes a test."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO

import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.errors import SourceError
from truceline.sources.contract import Feed, RawFile, ReadContext, Reading, raw_file
from truceline.tables.schemas import EVIDENCE_TABLES, IDENTIFIERS

RECEIVED_AT = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
_TEXTS = ("name", "summary", "publisher", "method", "limitation", "licence")


def check(feed: Feed) -> list[str]:
    """Faults of a feed, in words; none where it keeps the contract.

    Its sample is read twice, then with damage: no bytes may raise anything but a `SourceError`.
    """
    faults = list(_descriptor(feed))
    if not feed.sample:
        return faults
    files = [raw_file(name, content) for name, content in sorted(feed.sample.items())]
    context = ReadContext(
        zone="Europe/Kyiv", received_at=RECEIVED_AT, options=dict(feed.sample_options)
    )
    try:
        reading, again = feed.read(files, context), feed.read(files, context)
    except SourceError as exc:
        return [*faults, f"its sample is refused: {exc}"]
    faults += _sums(reading)
    if reading.refused:
        faults.append(
            f"{len(reading.refused)} rows of its sample are refused: {reading.refused[0]}"
        )
    if not reading.taken:
        faults.append("no row of its sample is taken")
    faults += _tables(feed, reading, files)
    if reading != again or _bytes(reading) != _bytes(again):
        faults.append("reading the sample twice gives two results")
    return [*faults, *_damaged(feed, files, context)]


def _descriptor(feed: Feed) -> Iterator[str]:
    for field in _TEXTS:
        if not getattr(feed, field).strip():
            yield f"field `{field}` of its descriptor is empty"
    if not feed.name.isidentifier() or feed.name != feed.name.lower():
        yield f"its name {feed.name!r} is not a lower-case word"
    if not feed.patterns:
        yield "it states no file patterns"
    if not feed.sample:
        yield "it has no sample"
    strange = set(feed.yields) - set(EVIDENCE_TABLES)
    if strange or not feed.yields:
        yield f"it yields tables that are not evidence: {sorted(strange)}"
    unknown = set(feed.sample_options) - set(feed.options)
    if unknown:
        yield f"its sample uses options that it does not list: {sorted(unknown)}"


def _sums(reading: Reading) -> Iterator[str]:
    if reading.upstream != reading.taken + len(reading.refused):
        yield (
            f"{reading.upstream} rows upstream, but {reading.taken} taken and "
            f"{len(reading.refused)} refused"
        )
    rows = sum(table.num_rows for table in reading.tables.values())
    if rows != reading.taken:
        yield f"{reading.taken} rows are said to be taken, but its tables hold {rows}"
    for refusal in reading.refused:
        if not (refusal.file and refusal.line >= 1 and refusal.reason and refusal.advice):
            yield f"a refusal lacks file, line, reason or advice: {refusal}"


def _tables(feed: Feed, reading: Reading, files: list[RawFile]) -> Iterator[str]:
    for name, table in reading.tables.items():
        if name not in feed.yields:
            yield f"table {name} is filled, but not among its `yields`"
        if name not in EVIDENCE_TABLES or not table.schema.equals(EVIDENCE_TABLES[name]):
            yield f"table {name} is not exactly of its schema"
        else:
            yield from _rows(name, table, {file.name: file.sha256 for file in files})


def _rows(name: str, table: pa.Table, digests: Mapping[str, str]) -> Iterator[str]:
    for field in table.schema:
        if not field.nullable and table[field.name].null_count:
            yield f"{name}.{field.name} is null in {table[field.name].null_count} rows"
    ids = table[IDENTIFIERS[name]]
    if pc.count_distinct(ids).as_py() != table.num_rows:
        yield f"ids of {name} are not unique"
    if "ended" in table.column_names and pc.any(pc.less(table["ended"], table["began"])).as_py():
        yield f"a row of {name} ends before it begins"
    if table["known_at"].null_count != table.num_rows:
        yield f"{name}.known_at is filled; receipt is the pipeline's to state"
    for row in table.select(["exhibit", "file", "line"]).to_pylist():
        if digests.get(row["file"]) != row["exhibit"] or (row["line"] or 0) < 1:
            yield f"a row of {name} does not lead back to its bytes: {row}"


def _bytes(reading: Reading) -> bytes:
    sink = BytesIO()
    for _, table in sorted(reading.tables.items()):
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table.combine_chunks())
    return sink.getvalue()


def _damaged(feed: Feed, files: list[RawFile], context: ReadContext) -> Iterator[str]:
    """Cut, flip and foul the sample: errors are SourceErrors, and the sums still add up."""
    for what, broken in _damages(files[0].content):
        try:
            reading = feed.read([raw_file(files[0].name, broken), *files[1:]], context)
        except SourceError as exc:
            if len(str(exc)) < 20:
                yield f"{what}: its message says too little: {exc}"
            continue
        except Exception as exc:  # whatever else it raises is the fault that is looked for
            yield f"{what}: it raises {type(exc).__name__}: {exc}"
            continue
        yield from (f"{what}: {fault}" for fault in _sums(reading))


def _damages(content: bytes) -> Iterator[tuple[str, bytes]]:
    half = len(content) // 2
    yield "an empty file", b""
    yield "a file cut in half", content[:half]
    yield "a file of noise", bytes(range(256)) * 4
    yield "a file of zeros", bytes(512)
    yield "a file with a zero byte in it", content[:half] + b"\0" + content[half:]
    yield "a file with a quote in it", content[:half] + b'"' + content[half:]
    yield "a file with a byte that is not UTF-8", content[:half] + b"\xff" + content[half:]
    yield "a file in UTF-16", content.decode("utf-8", errors="replace").encode("utf-16")
    yield "a file with a byte order mark", b"\xef\xbb\xbf" + content
    yield "a file twice over", content + content
    yield "another kind of file", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
