"""Writing files: each whole or not at all, and the same bytes for the same table."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

_SLICE_ROWS = 1 << 16  # rows whose text is held at once: some megabytes
_QUOTED = '[",\\r\\n]'


def instants(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """ISO 8601 in UTC, with a fraction of a second only where there is one."""
    text = pc.strftime(column, format="%Y-%m-%dT%H:%M:%S")
    return pc.binary_join_element_wise(
        pc.replace_substring_regex(text, pattern=r"\.000000$", replacement=""), "Z", ""
    )


def write_csv(path: Path, table: pa.Table) -> None:
    """One table as CSV, whole or not at all; instants in UTC. Memory holds a slice at a time."""
    bare = _needs_no_quotes(table)
    with _beside(path) as sink:
        sink.write(",".join(table.column_names).encode() + b"\n")
        for start in range(0, table.num_rows, _SLICE_ROWS):
            part = _plain(table.slice(start, _SLICE_ROWS))
            style = "none" if bare else "needed"
            options = pa_csv.WriteOptions(include_header=False, quoting_style=style)
            pa_csv.write_csv(part, sink, options)


def _plain(table: pa.Table) -> pa.Table:
    columns = [
        instants(column) if pa.types.is_timestamp(column.type) else column
        for column in table.columns
    ]
    return pa.table(columns, names=table.column_names)


def _needs_no_quotes(table: pa.Table) -> bool:
    """Whether no cell holds what CSV must quote: so the same table always takes the same way."""
    texts = [column for column in table.columns if pa.types.is_string(column.type)]
    return not any(pc.any(pc.match_substring_regex(column, _QUOTED)).as_py() for column in texts)


def write_parquet(path: Path, table: pa.Table) -> None:
    """One table as Parquet, whole or not at all."""
    with _beside(path) as sink:
        pq.write_table(table, sink, compression="zstd", write_statistics=False)


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
