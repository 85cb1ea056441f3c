"""Files of a run: each written whole or not at all, the same bytes for the same table, and read again."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from truceline.tables import schemas
from truceline.tables.chunks import in_order

_SLICE_ROWS = 1 << 16  # rows whose text is held at once: some megabytes
_GROUP_ROWS = 1 << 17  # rows of a Parquet file that are encoded at once
_SCAN_BYTES = 1 << 20  # bytes looked through at once
_QUOTED = b'",\r\n'


def instants(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """ISO 8601 in UTC, with a fraction of a second only where there is one.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> at = [datetime(2025, 4, 19, 15, tzinfo=UTC), datetime(2025, 4, 19, 15, 0, 0, 500, tzinfo=UTC)]
    >>> instants(pa.chunked_array([pa.array(at, pa.timestamp("us", "UTC"))])).to_pylist()
    ['2025-04-19T15:00:00Z', '2025-04-19T15:00:00.000500Z']
    """
    # A cast writes the same digits as a format string would, in a third of the time.
    text = pc.binary_replace_slice(column.cast(pa.string()).cast(pa.binary()), 10, 11, b"T")
    return pc.replace_substring(text.cast(pa.string()), pattern=".000000Z", replacement="Z")


def write_csv(path: Path, table: pa.Table) -> None:
    """One table as CSV, whole or not at all; instants in UTC. Memory holds a few slices at a time."""
    style = "none" if _needs_no_quotes(table) else "needed"
    options = pa_csv.WriteOptions(include_header=False, quoting_style=style)

    def text(start: int) -> pa.Buffer:
        sink = pa.BufferOutputStream()
        pa_csv.write_csv(_plain(table.slice(start, _SLICE_ROWS)), sink, options)
        return sink.getvalue()

    with _beside(path) as sink:
        sink.write(",".join(table.column_names).encode() + b"\n")
        for part in in_order(range(0, table.num_rows, _SLICE_ROWS), text):
            sink.write(part)


def read_csv(path: Path, schema: pa.Schema) -> pa.Table:
    """A table that `write_csv` wrote, in its schema again; only an unquoted empty cell is null.

    Raises
    ------
    OSError, pa.ArrowException
        The file cannot be read as that table.
    InputError
        It lacks a column that may not be null.
    """
    options = pa_csv.ConvertOptions(
        column_types=dict(zip(schema.names, schema.types, strict=True)),
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )
    return schemas.conform(pa_csv.read_csv(path, convert_options=options), schema)


def _plain(table: pa.Table) -> pa.Table:
    columns = [
        instants(column) if pa.types.is_timestamp(column.type) else column
        for column in table.columns
    ]
    return pa.table(columns, names=table.column_names)


def _needs_no_quotes(table: pa.Table) -> bool:
    """Whether no cell holds what CSV must quote: so the same table always takes the same way."""
    return not any(
        _must_quote(chunk)
        for column in table.columns
        if pa.types.is_string(column.type)
        for chunk in column.chunks
    )


def _must_quote(texts: pa.StringArray) -> bool:
    _, offsets, content = texts.buffers()
    if content is None or not len(texts):
        return False
    bounds = np.frombuffer(offsets, np.int32)
    first, last = bounds[texts.offset], bounds[texts.offset + len(texts)]
    letters = np.frombuffer(content, np.uint8)[first:last]
    for start in range(0, letters.size, _SCAN_BYTES):
        block = letters[start : start + _SCAN_BYTES]
        if any(np.any(block == mark) for mark in _QUOTED):
            return True
    return False


def write_parquet(path: Path, table: pa.Table) -> None:
    """One table as Parquet, whole or not at all."""
    with _beside(path) as sink:
        pq.write_table(
            table, sink, compression="zstd", write_statistics=False, row_group_size=_GROUP_ROWS
        )


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """One JSON document, keys sorted."""
    write_text(
        path, json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True, default=str) + "\n"
    )


def write_text(path: Path, text: str) -> None:
    """One UTF-8 file."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes | pa.Buffer) -> None:
    """One file: written beside, flushed to the disk, then put in place."""
    with _beside(path) as sink:
        sink.write(content)


def write_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """One file from its pieces, in order."""
    with _beside(path) as sink:
        for piece in pieces:
            sink.write(piece)


@contextmanager
def _beside(path: Path) -> Iterator[BinaryIO]:
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
