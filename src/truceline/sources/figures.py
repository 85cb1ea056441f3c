"""Numbers from cells: decimal points and commas, counts, and what is no number at all."""

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.sources.cells import NULL_MARKS
from truceline.sources.faults import Faults
from truceline.sources.limits import MOST_COUNT

Floats = npt.NDArray[np.float64]
_POINT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_COMMA = re.compile(r"[+-]?\d+,\d+")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Numbers with NaN for unknown, the faults among them, and how many had a decimal comma."""

    values: Floats
    faults: Faults
    commas: int = 0


def numbers(column: pa.Array, name: str, *, is_degrees: bool = False) -> Figures:
    """Numbers from a column of cells.

    Parameters
    ----------
    column
        `(n,)` strings; null is unknown.
    name
        The column's name, for messages.
    is_degrees
        A comma is then a decimal comma whatever follows it; elsewhere `1,500` may be a thousand.

    Examples
    --------
    >>> found = numbers(pa.array(["1.5", "48,26", None, "1,500", "far"]), "range_m")
    >>> found.values.tolist()
    [1.5, 48.26, nan, nan, nan]
    >>> found.faults[3][0]
    "range_m '1,500' may hold a decimal comma or one between thousands"
    """
    try:
        swift = pc.cast(column, pa.float64()).to_numpy(zero_copy_only=False).astype(np.float64)
    except pa.ArrowInvalid:
        return _one_by_one(column, name, is_degrees=is_degrees)
    # Arrow also reads "inf"; a cell of that kind is no figure.
    if np.isinf(swift).any() or np.isnan(swift).sum() != column.null_count:
        return _one_by_one(column, name, is_degrees=is_degrees)
    return Figures(values=swift, faults={})


def wholes(column: pa.Array, name: str, most: int = MOST_COUNT) -> Figures:
    """Counts: whole numbers, not negative, and no more than there can be.

    Examples
    --------
    >>> wholes(pa.array(["4", "-1", "2.5"]), "count_best").faults[1][0]
    "count_best '-1' is negative"
    """
    found = numbers(column, name)
    faults = dict(found.faults)
    values = found.values
    with np.errstate(invalid="ignore"):
        odd = (values != np.floor(values)) & ~np.isnan(values)
        low, high = values < 0, values > most
    much = f"is above {most:,}"
    for mask, reason in ((low, "is negative"), (odd, "is not whole"), (high, much)):
        for row in np.flatnonzero(mask).tolist():
            advice = "write a whole number from 0, or nothing if it is not known"
            faults.setdefault(row, (f"{name} '{column[row].as_py()[:40]}' {reason}", advice))
    return Figures(values=values, faults=faults, commas=found.commas)


def to_int32(values: Floats) -> pa.Array:
    """Counts as an Arrow column; NaN becomes null."""
    unknown = np.isnan(values)
    whole = np.where(unknown, 0.0, values).astype(np.int32)
    return pa.array(whole, mask=unknown)


def to_float64(values: Floats) -> pa.Array:
    """Figures as an Arrow column; NaN becomes null."""
    return pa.array(values, mask=np.isnan(values))


def _one_by_one(column: pa.Array, name: str, *, is_degrees: bool) -> Figures:
    values = np.full(len(column), np.nan)
    faults: Faults = {}
    commas = 0
    for row, cell in enumerate(column.to_pylist()):
        if cell is None:
            continue
        text = cell.strip().replace("\u2212", "-").replace("\u00a0", "")
        if _POINT.fullmatch(text) and np.isfinite(float(text)):
            values[row] = float(text)
        elif _COMMA.fullmatch(text) and (is_degrees or not _THOUSANDS.fullmatch(text)):
            values[row] = float(text.replace(",", "."))
            commas += 1
        elif _COMMA.fullmatch(text):
            reason = f"{name} '{text}' may hold a decimal comma or one between thousands"
            faults[row] = (reason, "write a decimal point, and no mark between thousands")
        elif text not in NULL_MARKS:
            faults[row] = (f"{name} '{text[:40]}' is not a number", "write digits and a point")
    return Figures(values=values, faults=faults, commas=commas)
