"""Which row is which: ids from content, exact duplicates, and one id with two contents."""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.sources.delimited import Sheet
from truceline.sources.faults import Faults

_HEX = 16


def row_key(cells: Mapping[str, str | None]) -> str:
    """A digest of a row's known cells; neither the order of columns nor an empty one matters.

    Examples
    --------
    >>> row_key({"a": "1", "b": None}) == row_key({"a": "1"})
    True
    """
    known = sorted((name, cell) for name, cell in cells.items() if cell is not None)
    marked = "\x1e".join(f"{name}\x1f{cell}" for name, cell in known)
    return hashlib.sha256(marked.encode("utf-8", errors="surrogatepass")).hexdigest()[:_HEX]


def with_content_ids(sheet: Sheet, ids: pa.Array, prefix: str) -> pa.Array:
    """The ids given, and `prefix:` with a digest of the row's cells where none is given."""
    if not ids.null_count:
        return ids
    rows = np.flatnonzero(ids.is_null().to_numpy(zero_copy_only=False))
    names = list(sheet.columns)
    picked = [sheet.columns[name].take(pa.array(rows)).to_pylist() for name in names]
    made = np.full(len(ids), None, dtype=object)
    made[rows] = [
        f"{prefix}:{row_key(dict(zip(names, cells, strict=True)))}"
        for cells in zip(*picked, strict=True)
    ]
    return pc.coalesce(ids, pa.array(made, pa.string()))


def repeats(sheets: Sequence[Sheet], ids: Sequence[pa.Array]) -> list[Faults]:
    """Faults of rows whose id already stands further up, in this file or one before it.

    Parameters
    ----------
    sheets, ids
        Files in order, and for each the ids of its rows; null ids never repeat.
    """
    faults: list[Faults] = [{} for _ in sheets]
    every = pa.chunked_array(ids, pa.string())
    if pc.count_distinct(every).as_py() == len(every) - every.null_count:
        return faults
    counts = pc.value_counts(every.drop_null())
    twice = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    first: dict[str, tuple[int, int]] = {}
    for number, column in enumerate(ids):
        for row in np.flatnonzero(pc.is_in(column, twice).to_numpy(zero_copy_only=False)).tolist():
            name = column[row].as_py()
            if name is None:
                continue
            earlier = first.setdefault(name, (number, row))
            if earlier != (number, row):
                faults[number][row] = _repeat(sheets, earlier, (number, row), name)
    return faults


def _repeat(
    sheets: Sequence[Sheet], earlier: tuple[int, int], here: tuple[int, int], name: str
) -> tuple[str, str]:
    before = sheets[earlier[0]]
    place = f"line {before.lines[earlier[1]]}"
    if earlier[0] != here[0]:
        place += f" of {before.file.name}"
    if _cells(before, earlier[1]) == _cells(sheets[here[0]], here[1]):
        advice = "nothing, if it was sent twice; two happenings need two ids, or a count"
        return f"exact duplicate of {place}", advice
    return (
        f"id {name!r} already stands in {place} with other content",
        "give each its own id; a correction goes in as a record of its own",
    )


def _cells(sheet: Sheet, row: int) -> dict[str, str]:
    cells = {name: column[row].as_py() for name, column in sheet.columns.items()}
    return {name: cell for name, cell in cells.items() if cell is not None}
