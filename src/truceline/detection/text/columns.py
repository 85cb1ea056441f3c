"""Arrow columns from few distinct readings: each text is read once, each row points to its reading."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Codes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")


def encoded(column: pa.ChunkedArray | pa.Array) -> tuple[pa.Array, Codes]:
    """Distinct values of a text column, and for each row which one it holds; -1 for null.

    Examples
    --------
    >>> values, codes = encoded(pa.chunked_array([["a", None, "b", "a"]]))
    >>> values.to_pylist(), codes.tolist()
    (['a', 'b'], [0, -1, 1, 0])
    """
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    array = column.dictionary_encode()
    codes = np.asarray(array.indices.fill_null(-1), dtype=np.int64)
    return array.dictionary, codes


def replaced(column: pa.ChunkedArray, made: Sequence[Any], at: Codes) -> pa.Array:
    """The column with other values in some rows.

    Parameters
    ----------
    column
        `(n,)` values that stand.
    made
        Distinct new values, None for null.
    at
        `(n,)` which of `made` a row takes; -1 keeps what stands.
    """
    if not np.any(at >= 0):
        return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    old = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    pool = pa.concat_arrays([old, pa.array(list(made), type=old.type)])
    rows = np.where(at >= 0, at + len(old), np.arange(len(old)))
    return pool.take(pa.array(rows))


def filled(
    table: pa.Table,
    name: str,
    made: Sequence[Any],
    codes: Codes,
    rows: Mask,
    also: Mask | None = None,
) -> pa.Table:
    """The table with one column filled from readings, in those of `rows` where it is unknown.

    Rows of `also` are filled where something stands, too.
    """
    known = np.array([value is not None for value in made], dtype=bool)
    if not known.any():
        return table
    column = table[name]
    unknown = np.asarray(pc.is_null(column))
    if name == "direction":
        unknown |= np.asarray(pc.equal(column, "undetermined").fill_null(False))
    if name == "stance":
        unknown |= np.asarray(pc.equal(column, "none").fill_null(False))
    if also is not None:
        unknown |= also
    takes = rows & unknown & (codes >= 0)
    takes[takes] = known[codes[takes]]
    at = table.column_names.index(name)
    return table.set_column(
        at, table.schema.field(at), replaced(column, made, np.where(takes, codes, -1))
    )


def once(keys: Sequence[Key], make: Callable[[Key], Made]) -> tuple[list[Made], Codes]:
    """What `make` gives for each distinct key, and for each key which one that is."""
    numbers: dict[Key, int] = {}
    codes = np.fromiter(
        (numbers.setdefault(key, len(numbers)) for key in keys), np.int64, len(keys)
    )
    return [make(key) for key in numbers], codes
