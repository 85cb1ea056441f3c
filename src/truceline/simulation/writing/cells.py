"""Cells of feed files from columns: instants, days, degrees, words, and rows of CSV."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from truceline.simulation.columns import Floats, Ground, Ints
from truceline.simulation.rows import lines
from truceline.simulation.world.ground import degrees
from truceline.simulation.writing.contract import Lines, Names

Mask = npt.NDArray[np.bool_]
DAY_S = 86_400
_NEAR_DAYS = 4_000  # days so near to one another are all named, and need not be sorted


def instants(at_s: Floats) -> pa.Array:
    """Instants as `2026-03-07T08:15:00Z`, whole seconds; NaN is empty.

    Examples
    --------
    >>> instants(np.array([0.0, np.nan])).to_pylist()
    ['1970-01-01T00:00:00Z', None]
    """
    day, second, known = _clock(at_s)
    if not known.all():
        day = np.where(known, day, day.max())  # a day that is named anyway
    letters = np.empty(len(day), dtype=[("day", "S10"), ("time", "S10")])
    letters["day"], letters["time"] = _names_of(day), _times()[second]
    return _of_letters(letters, known)


def compact_days(at_s: Floats) -> pa.Array:
    """The day of each instant in UTC, as `20260307`."""
    return _of_letters(_names_of(_clock(at_s)[0], apart=""))


def minutes(at_s: Floats, between: str) -> pa.Array:
    """Hours and minutes of each instant in UTC, with something between them.

    Examples
    --------
    >>> minutes(np.array([3_720.0]), ":").to_pylist(), minutes(np.array([3_720.0]), "").to_pylist()
    (['01:02'], ['0102'])
    """
    words_ = [f"{minute // 60:02d}{between}{minute % 60:02d}" for minute in range(1440)]
    return pa.array(words_, pa.string()).take(pa.array(_clock(at_s)[1] // 60))


def days(at_s: Floats, offset_s: float) -> pa.Array:
    """The local day of each instant, as `2026-03-07`."""
    return _of_letters(_names_of(_clock(at_s + offset_s)[0]))


def is_bare_day(from_s: Floats, to_s: Floats) -> Mask:
    """Whether an interval is that of a bare date."""
    return np.asarray(np.abs(to_s - from_s - DAY_S) < 1)


def figures(values: Floats, places: int) -> pa.Array:
    """Numbers rounded to so many places; NaN is empty."""
    rounded = np.round(values, places)
    return pa.array(rounded, mask=np.isnan(rounded))


def wholes(values: Ints) -> pa.Array:
    """Whole numbers; a negative one is empty."""
    return pa.array(values, mask=values < 0)


def words(names: Sequence[str | None], rows: Ints) -> pa.Array:
    """One of some words for each row; -1 is empty."""
    return pa.array([*names, None], pa.string()).take(
        pa.array(np.where(rows < 0, len(names), rows))
    )


def texts(names: Names) -> pa.Array:
    """Strings as they are; an empty one is empty."""
    return pa.array(np.where(names == "", None, names), pa.string())  # type: ignore[call-overload]


def point(ground: Ground, x_m: Floats, y_m: Floats) -> tuple[Floats, Floats]:
    """Latitude and longitude of points, NaN where they are not told."""
    return degrees(ground, x_m, y_m)


def csv_lines(columns: Mapping[str, pa.Array], rows: int) -> Lines:
    """Rows of CSV, one line each, without a head."""
    return Lines(content=lines(columns), count=rows, line=np.arange(rows))


def head_of(names: Sequence[str], delimiter: str = ",") -> bytes:
    """The first line of a table."""
    return (delimiter.join(names) + "\n").encode()


def _clock(at_s: Floats) -> tuple[Ints, Ints, Mask]:
    """The day since 1970 and the second of it, and whether the instant is known."""
    known = ~np.isnan(at_s)
    whole = np.floor(np.where(known, at_s, 0.0)).astype(np.int64)
    day = whole // DAY_S
    return day, whole - DAY_S * day, known


def _names_of(day: Ints, apart: str = "-") -> npt.NDArray[np.bytes_]:
    """Days by their numbers: few are distinct, so few are written."""
    first, last = (int(day.min()), int(day.max())) if len(day) else (0, 0)
    if last - first < _NEAR_DAYS:
        found, of_row = np.arange(first, last + 1), day - first
    else:
        found, of_row = np.unique(day, return_inverse=True)
    names = np.datetime_as_string(found.astype("datetime64[D]")).tolist()
    return np.array([name.replace("-", apart) for name in names], np.bytes_)[of_row]


@cache
def _times() -> npt.NDArray[np.bytes_]:
    """Every second of a day, as it ends an instant."""
    every = (f"T{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}Z" for s in range(DAY_S))
    return np.array(list(every), dtype="S10")


def _of_letters(letters: npt.NDArray[Any], known: Mask | None = None) -> pa.Array:
    """Cells of one width as they lie in memory; those that are not known are empty."""
    ends = np.arange(len(letters) + 1, dtype=np.int32) * letters.dtype.itemsize
    # A bit for each row, the lowest one first.
    bits = None if known is None else pa.py_buffer(np.packbits(known, bitorder="little"))
    return pa.StringArray.from_buffers(
        len(letters), pa.py_buffer(ends), pa.py_buffer(letters.view(np.uint8)), bits
    )
