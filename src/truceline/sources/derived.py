"""A sheet made from others: joined tables, or columns under the names that a reader expects."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from truceline.sources.delimited import Sheet
from truceline.sources.faults import Faults


def renamed(sheet: Sheet, names: Mapping[str, str]) -> Sheet:
    """The sheet with columns renamed, old to new; a column that it has not is left out."""
    columns = {
        names.get(name, name): column
        for name, column in sheet.columns.items()
        if name not in names.values() or name in names
    }
    return replace(sheet, columns=columns)


def joined(base: Sheet, other: Sheet, key: str, other_key: str) -> tuple[Sheet, Faults]:
    """The base with the other's columns beside it, matched by a key; the base's columns win.

    Parameters
    ----------
    base, other
        Sheets; every row of the base stays.
    key, other_key
        Names of the key in each; the first of several matches counts.

    Returns
    -------
    Sheet, Faults
        And the faults of those rows *of the other* that match nothing, or match again.
    """
    place = first_places(other.column(other_key))
    wanted = base.column(key).to_pylist()
    found = [place.get(cell, -1) if cell is not None else -1 for cell in wanted]
    at = pa.array(found, pa.int64(), mask=np.array(found, dtype=np.int64) < 0)
    columns = {name: column.take(at) for name, column in other.columns.items()}
    faults: Faults = {}
    present = set(wanted)
    for row, cell in enumerate(other.column(other_key).to_pylist()):
        if cell is None or cell not in present:
            faults[row] = (f"{other_key} {cell} is not among the events", "fetch all files anew")
        elif place[cell] != row:
            first = other.lines[place[cell]]
            faults[row] = (f"{other_key} {cell} stands already in line {first}", "keep one of them")
    return replace(base, columns=columns | dict(base.columns)), faults


def first_places(keys: pa.Array) -> dict[str, int]:
    """The first row of each key."""
    place: dict[str, int] = {}
    for row, cell in enumerate(keys.to_pylist()):
        if cell is not None:
            place.setdefault(cell, row)
    return place


def coded(column: pa.Array, values: Mapping[str, float]) -> npt.NDArray[np.float64]:
    """A figure for each code of a column; NaN where the code is unknown.

    Examples
    --------
    >>> coded(pa.array(["1", "2", "9", None]), {"1": 3000.0, "2": 25000.0}).tolist()
    [3000.0, 25000.0, nan, nan]
    """
    found = column.dictionary_encode()
    figures = np.array(
        [values.get(cell.strip(), np.nan) for cell in found.dictionary.to_pylist()] + [np.nan]
    )
    return figures[found.indices.fill_null(len(figures) - 1).to_numpy(zero_copy_only=False)]


def strange_codes(column: pa.Array, values: Mapping[str, object]) -> list[str]:
    """Codes of a column that the mapping does not hold."""
    cells = column.drop_null().unique().to_pylist()
    return sorted({cell.strip() for cell in cells} - set(values))
