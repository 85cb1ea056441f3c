"""Writing files: each whole or not at all, and the same bytes for the same table."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq


def instants(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """ISO 8601 in UTC, with a fraction of a second only where there is one."""
    text = pc.strftime(column, format="%Y-%m-%dT%H:%M:%S")
    return pc.binary_join_element_wise(
        pc.replace_substring_regex(text, pattern=r"\.000000$", replacement=""), "Z", ""
    )


def write_csv(path: Path, table: pa.Table) -> None:
    """One table as CSV, whole or not at all; instants in UTC."""
    columns = [
        instants(column) if pa.types.is_timestamp(column.type) else column
        for column in table.columns
    ]
    plain = pa.table(columns, names=table.column_names)
    try:  # bare cells where none needs quotes: the same table always takes the same way
        body = _csv_body(plain, "none")
    except pa.ArrowInvalid:
        body = _csv_body(plain, "needed")
    write_bytes(path, ",".join(table.column_names).encode() + b"\n" + body.to_pybytes())


def _csv_body(table: pa.Table, quoting: str) -> pa.Buffer:
    sink = pa.BufferOutputStream()
    pa_csv.write_csv(table, sink, pa_csv.WriteOptions(include_header=False, quoting_style=quoting))
    return sink.getvalue()


def write_parquet(path: Path, table: pa.Table) -> None:
    """One table as Parquet, whole or not at all."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", write_statistics=False)
    write_bytes(path, sink.getvalue())


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
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
