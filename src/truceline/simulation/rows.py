"""Columns as the lines of a CSV file."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pa_csv

Column: TypeAlias = npt.NDArray[Any] | pa.Array


def rows(columns: Mapping[str, Column], *, has_head: bool = True) -> bytes:
    """A CSV file with its first line, unless that is left out; nothing where there is no row.

    Examples
    --------
    >>> rows({"x": np.array([1.5, np.nan]), "name": np.array(["a", ""])})
    b'x,name\\n1.5,"a"\\n,\\n'
    """
    if not len(next(iter(columns.values()))):
        return b""
    head = (",".join(columns) + "\n").encode() if has_head else b""
    return head + lines(columns)


def lines(columns: Mapping[str, Column]) -> bytes:
    """The same without the first line."""
    table = pa.table({name: _cells(column) for name, column in columns.items()})
    if not table.num_rows:
        return b""
    sink = pa.BufferOutputStream()
    options = pa_csv.WriteOptions(include_header=False, quoting_style="needed")
    pa_csv.write_csv(table, sink, options)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _cells(column: Column) -> pa.Array:
    """Cells of a column; an empty text and a number that is none are empty."""
    if isinstance(column, pa.Array):
        return column
    if column.dtype.kind in "OU":
        return pa.array(column, pa.string(), mask=column == "")
    return pa.array(column, mask=np.isnan(column) if column.dtype.kind == "f" else None)
