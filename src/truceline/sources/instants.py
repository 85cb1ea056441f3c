"""Columns of written times to UTC intervals, a million at once where they carry their offset."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.errors import SourceError
from truceline.sources.cells import NULL_MARKS
from truceline.sources.clock import ORDERS, Moment, Unread, moment, order_hint, zone_of
from truceline.sources.faults import Faults, Mask
from truceline.tables.schemas import INSTANT

# The one form that Arrow reads for us; all others go through `clock.moment`, once a distinct cell.
_SWIFT = r"^(19|20)\d{2}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-](0\d|1[0-4]):[0-5]\d)$"
_SLICE = 65_536
Micros = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Instants:
    """Times of a column: UTC interval, whether known at all, and what was assumed."""

    began_us: Micros
    ended_us: Micros
    is_known: Mask
    is_date_only: Mask
    faults: Faults
    notes: tuple[str, ...] = ()


def instants(
    column: pa.Array,
    name: str,
    *,
    zone: str,
    dates: str | None = None,
    is_careful: bool = False,
    is_day: bool = False,
) -> Instants:
    """UTC intervals of a column of written times.

    Parameters
    ----------
    column
        `(n,)` strings; null is unknown.
    name
        The column's name, for messages.
    zone
        Zone of times without an offset; how many were read in it is noted.
    dates
        `dmy` or `mdy` for dates in which neither number exceeds 12; without it the column's other
        dates settle the order, or the cell is a fault.
    is_careful
        Read every cell the slow way, as tests do to compare both.
    is_day
        A midnight without an offset is only how the file writes a date.

    Raises
    ------
    SourceError
        `zone` or `dates` is not known.
    """
    local = zone_of(zone)
    if dates is not None and dates not in ORDERS:
        msg = f"option `dates` is {dates!r}; it may be dmy or mdy"
        raise SourceError(msg)
    known = column.is_valid().to_numpy(zero_copy_only=False).copy()
    into = _Into(
        began=np.zeros(len(column), dtype=np.int64),
        ended=np.zeros(len(column), dtype=np.int64),
        known=known,
        day_only=np.zeros(len(column), dtype=np.bool_),
        faults={},
        name=name,
        notes=[],
        zone=zone,
    )
    slow = known.copy() if is_careful else known & ~_read_swift(column, into.began, into.ended)
    if slow.any():
        places = np.flatnonzero(slow)
        coded = column.take(pa.array(places)).dictionary_encode()
        cells = coded.dictionary.to_pylist()
        order, unsure = _order(cells, dates)
        if unsure:
            into.notes.append(f"{name}: {unsure}")
        read = _reader(lambda text: moment(text, local, order), is_day=is_day)
        _spread(cells, read, coded.indices.to_numpy(), places, into)
    return Instants(
        began_us=into.began,
        ended_us=into.ended,
        is_known=known,
        is_date_only=into.day_only,
        faults=into.faults,
        notes=tuple(into.notes),
    )


def to_instants(at_us: Micros, is_known: Mask | None = None) -> pa.Array:
    """Microseconds as an Arrow column of instants; null where not known."""
    mask = None if is_known is None else ~is_known
    return pa.array(at_us, type=pa.int64(), mask=mask).cast(INSTANT)


def _read_swift(column: pa.Array, began: Micros, ended: Micros) -> Mask:
    """Fill what Arrow can read; which rows those were."""
    done = pc.match_substring_regex(column, _SWIFT).fill_null(False)
    done = done.to_numpy(zero_copy_only=False).copy()
    for start in range(0, len(column), _SLICE):
        part = done[start : start + _SLICE]
        if not part.any():
            continue
        cells = column.slice(start, _SLICE)
        try:
            read = pc.cast(cells if part.all() else cells.filter(pa.array(part)), INSTANT)
        except pa.ArrowInvalid:
            part[:] = False  # some 30 February: this slice goes the slow way
            continue
        began[start : start + _SLICE][part] = read.cast(pa.int64()).to_numpy()
    ended[done] = began[done]
    return done


def _order(cells: list[str], dates: str | None) -> tuple[str | None, str]:
    """The order of day and month that the column itself shows."""
    if dates is not None:
        return dates, ""
    shown = {hint for hint in map(order_hint, cells) if hint}
    if len(shown) == 2:
        return (
            None,
            "some dates show day/month and some month/day; those that show neither are refused",
        )
    return (shown.pop(), "") if shown else (None, "")


def _reader(
    read: Callable[[str], Moment | Unread], *, is_day: bool
) -> Callable[[str], Moment | Unread]:
    def of(text: str) -> Moment | Unread:
        if is_day:
            text = text.strip()
            for midnight in (" 00:00:00.000", " 00:00:00", " 00:00", "T00:00:00"):
                text = text.removesuffix(midnight)
        return read(text)

    return of


@dataclass(frozen=True, slots=True, kw_only=True)
class _Into:
    """Where the slow way writes what it read."""

    began: Micros
    ended: Micros
    known: Mask
    day_only: Mask
    faults: Faults
    name: str
    notes: list[str]
    zone: str


def _spread(
    cells: list[str],
    read: Callable[[str], Moment | Unread],
    codes: npt.NDArray[np.int32],
    places: npt.NDArray[np.int64],
    into: _Into,
) -> None:
    found = [None if cell.strip() in NULL_MARKS else read(cell) for cell in cells]
    good = [item if isinstance(item, Moment) else None for item in found]
    began = np.array([item.began_us if item else 0 for item in good], dtype=np.int64)
    ended = np.array([item.ended_us if item else 0 for item in good], dtype=np.int64)
    into.began[places], into.ended[places] = began[codes], ended[codes]
    into.known[places] = np.array([item is not None for item in good])[codes]
    into.day_only[places] = np.array([bool(item and item.is_date_only) for item in good])[codes]
    unread = np.array([isinstance(item, Unread) for item in found])[codes]
    for place, code in zip(places[unread].tolist(), codes[unread].tolist(), strict=True):
        item = found[code]
        if isinstance(item, Unread):
            into.faults[place] = (f"{into.name}: {item.reason}", item.advice)
    naive = np.array([bool(item and item.is_naive) for item in good])[codes].sum()
    twice = np.array([bool(item and item.is_clock_change) for item in good])[codes].sum()
    if naive:
        into.notes.append(f"{into.name}: {naive} times without an offset, read in {into.zone}")
    if twice:
        into.notes.append(
            f"{into.name}: {twice} clock times occur twice or never as clocks change; each is an "
            "interval that holds both readings"
        )
