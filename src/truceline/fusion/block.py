"""Which pairs are worth comparing: cells of ground sorted by time, looser reports asking wider.

Reports are sorted into classes by how loose their time and place are. Each pair of classes is
walked once, from the looser into the sharper, in a window as wide as the looser of the two needs.
Each report keeps its best few pairs, ties by row: memory is linear in the reports.
"""

import math
from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

from truceline.fusion.columns import Floats, Ints, Records, Reports
from truceline.fusion.kernels import FAST, LEAF
from truceline.fusion.score import Terms, bare_nats, read_nats

_CELL_M = 24_000.0
_TIME_LIMITS_S = (900.0, 9000.0)
_PLACE_LIMITS_M = (5000.0,)
_KEPT = 8  # best pairs that each report keeps of those that it asks for
_BAND_DEG = _CELL_M / 111_200.0
_MOMENT_S = 0.001  # more than the rounding of times

Rows = npt.NDArray[np.int32]
Scores = npt.NDArray[np.float32]

# What the gate asks of a point, side by side: a window is read from front to back.
POINT = np.dtype(
    [("mid_s", "f8"), ("lat", "f8"), ("lon", "f8"), ("time_var_s2", "f8"), ("spread_m2", "f8"),
     ("row", "i8")]
)  # fmt: skip


class Index(NamedTuple):
    """Points of one class, by cell of ground and then by time."""

    points: Records
    start: Ints  # (bands * across + 1,)
    columns_per_deg: Floats  # (bands,)
    first_band: int
    first_column: int
    bands: int
    across: int
    reach_m: float  # loosest place of the class, one standard deviation
    reach_s: float
    least_half_s: float  # half of the shortest interval of the class


class Edges(NamedTuple):
    """Pairs worth remembering: rows `one` and `other`, and their evidence."""

    one: Rows
    other: Rows
    nats: Floats


@nb.njit(**LEAF)
def _band(lat: float) -> int:
    return math.floor(lat / _BAND_DEG)


@nb.njit(**LEAF)
def _columns_per_deg(band: int) -> float:
    lat = (band + 0.5) * _BAND_DEG
    return max(math.cos(math.radians(lat)), 0.02) / _BAND_DEG


@nb.njit(nogil=True, **FAST)
def _bounds(lat: Floats, lon: Floats) -> tuple[int, int, int, int]:
    band_low, column_low = 1 << 30, 1 << 30
    band_high, column_high = -(1 << 30), -(1 << 30)
    for i in range(lat.size):
        band = _band(lat[i])
        column = math.floor(lon[i] * _columns_per_deg(band))
        band_low, band_high = min(band_low, band), max(band_high, band)
        column_low, column_high = min(column_low, column), max(column_high, column)
    return band_low, band_high, column_low, column_high


@nb.njit(nogil=True, **FAST)
def _sort_into_cells(
    order: Ints, values: tuple[Floats, Floats, Floats, Floats, Floats, Ints],
    bounds: tuple[int, int, int, int], per_deg: Floats, start: Ints, points: Records,
) -> None:  # fmt: skip
    """Counting sort by cell; within a cell, points keep the order of time."""
    mid_s, lat, lon, time_var, spread, rows = values
    across = bounds[3] - bounds[2] + 1
    cell = np.empty(order.size, np.int64)
    for i in range(order.size):
        band = _band(lat[i]) - bounds[0]
        cell[i] = band * across + math.floor(lon[i] * per_deg[band]) - bounds[2]
        start[cell[i] + 1] += 1
    for c in range(start.size - 1):
        start[c + 1] += start[c]
    cursor = start.copy()
    for i in order:
        point = points[cursor[cell[i]]]
        cursor[cell[i]] += 1
        point.mid_s, point.lat, point.lon = mid_s[i], lat[i], lon[i]
        point.time_var_s2, point.spread_m2, point.row = time_var[i], spread[i], rows[i]


def index(
    rows: Ints, columns: tuple[Floats, Floats, Floats, Floats, Floats], least_half_s: float = 0.0
) -> Index:
    """Index of points in place and time; there is at least one.

    Parameters
    ----------
    rows
        What to return for each point.
    columns
        `mid_s`, `lat`, `lon`, `time_var_s2` and `spread_m2` of each point.
    least_half_s
        Half of the shortest interval that stands behind a point's time.
    """
    mid_s, lat, lon, time_var, spread = (np.ascontiguousarray(values) for values in columns)
    bounds = _bounds(lat, lon)
    bands, across = bounds[1] - bounds[0] + 1, bounds[3] - bounds[2] + 1
    start = np.zeros(bands * across + 1, np.int64)
    points = np.zeros(rows.size, POINT)
    order = np.argsort(mid_s, kind="stable")
    per_deg = np.array([_columns_per_deg(bounds[0] + band) for band in range(bands)])
    columns_of = (mid_s, lat, lon, time_var, spread, rows)
    _sort_into_cells(order, columns_of, bounds, per_deg, start, points)
    reach = math.sqrt(float(spread.max())), math.sqrt(float(time_var.max()))
    return Index(points, start, per_deg, bounds[0], bounds[2], bands, across, *reach, least_half_s)


@nb.njit(**LEAF)
def cells(table: Index, lat: float, lon: float, radius_m: float, east_m: float, out: Ints) -> int:
    """Cells of ground within a radius that hold anything, into `out`; how many."""
    found = 0
    reach_deg, wide_deg = radius_m / 111_000.0, radius_m / east_m
    low_band = max(_band(lat - reach_deg), table.first_band)
    high_band = min(_band(lat + reach_deg), table.first_band + table.bands - 1)
    for band in range(low_band, high_band + 1):
        per_deg = table.columns_per_deg[band - table.first_band]
        low = max(math.floor((lon - wide_deg) * per_deg) - table.first_column, 0)
        high = min(math.floor((lon + wide_deg) * per_deg) - table.first_column, table.across - 1)
        base = (band - table.first_band) * table.across
        for cell in range(base + low, base + high + 1):
            if table.start[cell + 1] > table.start[cell] and found < out.size:
                out[found] = cell
                found += 1
    return found


@nb.njit(**LEAF)
def lower_bound(values: Floats, low: int, high: int, value: float) -> int:
    """First position in a sorted stretch that is not below a value."""
    while low < high:
        middle = (low + high) >> 1
        if values[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@nb.njit(**LEAF)
def seek(points: Records, low: int, high: int, hint: int, value: float) -> int:
    """First point in a cell that is not before a time, searched from where it was last.

    Those who ask come in order of time, so the answer is near the last one.
    """
    at = max(hint, low)
    step = 1
    if at > low and points[at - 1].mid_s >= value:
        while at - step > low and points[at - step].mid_s >= value:
            step *= 2
        low, high = max(at - step, low), at
    else:
        while at + step < high and points[at + step].mid_s < value:
            step *= 2
        low, high = at, min(at + step, high)
    while low < high:
        middle = (low + high) >> 1
        if points[middle].mid_s < value:
            low = middle + 1
        else:
            high = middle
    return low


@nb.njit(**LEAF)
def keep_best(rows: Rows, scores: Scores, row: int, score: np.float32) -> None:
    """Put a candidate among the best few, best first, ties by row."""
    last = rows.size - 1
    worst = scores[last]
    if rows[last] >= 0 and (score < worst or (score == worst and row > rows[last])):
        return
    place = last
    while place > 0 and (
        rows[place - 1] < 0
        or score > scores[place - 1]
        or (score == scores[place - 1] and row < rows[place - 1])
    ):
        rows[place] = rows[place - 1]
        scores[place] = scores[place - 1]
        place -= 1
    rows[place] = row
    scores[place] = score


@nb.njit(**LEAF)
def _ask(
    reports: Reports, terms: Terms, table: Index, i: int, limits: tuple[float, float, bool],
    work: tuple[Ints, Ints], kept: tuple[Rows, Scores],
) -> None:  # fmt: skip
    gate, least, same = limits
    near, hints = work
    best, scores = kept
    points, rows, parts, constants = table.points, reports.rows, reports.parts, terms.constants
    one = rows[i]
    mid_s, time_var, lat, lon = one.mid_s, one.time_var_s2, one.lat, one.lon
    east_m, north_m, spread = one.east_m, one.north_m, one.place_sd_m**2
    radius = gate * math.sqrt(spread + table.reach_m**2)
    reach_s = gate * math.sqrt(time_var + table.reach_s**2)
    # Rows are in order of `began`: the later ones of one class begin no earlier than this one.
    back_s = min(reach_s, one.half_s - table.least_half_s + _MOMENT_S) if same else reach_s
    for c in range(cells(table, lat, lon, radius, east_m, near)):
        low, stop = table.start[near[c]], table.start[near[c] + 1]
        at = seek(points, low, stop, hints[near[c]], mid_s - back_s)
        hints[near[c]] = at
        while at < stop and points[at].mid_s <= mid_s + reach_s:
            point = points[at]
            at += 1
            if same and point.row <= i:
                continue
            difference_s = point.mid_s - mid_s
            variance, wide = time_var + point.time_var_s2, spread + point.spread_m2
            de, dn = (point.lon - lon) * east_m, (point.lat - lat) * north_m
            apart = difference_s * difference_s * wide + (de * de + dn * dn) * variance
            if apart > gate * gate * variance * wide:
                continue
            other = rows[point.row]
            score = bare_nats(parts, constants[0], one, other)
            if score < least and (one.words == 0 or other.words == 0):
                continue  # a repeat takes away, and there are no words to add
            score = read_nats(reports.words, terms, one, other, score, least)
            if score > least:
                keep_best(best, scores, point.row, np.float32(score))


@nb.njit(parallel=True, **FAST)
def _ask_all(
    reports: Reports, terms: Terms, table: Index, askers: Ints,
    limits: tuple[float, float, bool], kept: Rows, scores: Scores,
) -> None:  # fmt: skip
    chunks = min(askers.size, 64)
    for chunk in nb.prange(chunks):
        work = (np.empty(1024, np.int64), np.zeros(table.start.size, np.int64))
        low, high = chunk * askers.size // chunks, (chunk + 1) * askers.size // chunks
        for k in range(low, high):
            _ask(reports, terms, table, askers[k], limits, work, (kept[k], scores[k]))


def classes(reports: Reports, rows: Ints) -> list[Ints]:
    """Rows by looseness, sharpest first."""
    time_sd = np.sqrt(reports.rows["time_var_s2"][rows])
    code = np.searchsorted(_TIME_LIMITS_S, time_sd) * 2 + np.searchsorted(
        _PLACE_LIMITS_M, reports.rows["place_sd_m"][rows]
    )
    return [rows[code == value] for value in range(6) if np.any(code == value)]


@nb.njit(nogil=True, **FAST)
def flatten(askers: Ints, rows: Rows, scores: Scores) -> Edges:
    """Pairs of what each asker kept, the lower row first."""
    count = np.count_nonzero(rows >= 0)
    edges = Edges(np.empty(count, np.int32), np.empty(count, np.int32), np.empty(count))
    at = 0
    for k in range(askers.size):
        for place in range(rows.shape[1]):
            if rows[k, place] < 0:  # what is kept stands first
                break
            edges.one[at] = min(askers[k], rows[k, place])
            edges.other[at] = max(askers[k], rows[k, place])
            edges.nats[at] = scores[k, place]
            at += 1
    return edges


@nb.njit(nogil=True, **FAST)
def _read_points(
    held: Records, rows: Ints, mid_s: Floats, lat: Floats, lon: Floats, time_var: Floats,
    spread: Floats, half_s: Floats,
) -> None:  # fmt: skip
    for k in range(rows.size):
        row = held[rows[k]]
        mid_s[k], lat[k], lon[k] = row.mid_s, row.lat, row.lon
        time_var[k], spread[k], half_s[k] = row.time_var_s2, row.place_sd_m**2, row.half_s


def points_of(reports: Reports, rows: Ints) -> Index:
    """Index of placed rows."""
    columns = np.empty((6, rows.size))
    _read_points(reports.rows, rows, *columns)
    mid_s, lat, lon, time_var, spread, half_s = columns
    return index(rows, (mid_s, lat, lon, time_var, spread), float(half_s.min()))


def propose(
    reports: Reports, terms: Terms, groups: list[tuple[Ints, Index]],
    gate_sigmas: float, least_nats: float,
) -> list[Edges]:  # fmt: skip
    """Pairs among placed rows whose evidence exceeds `least_nats`, each once.

    Parameters
    ----------
    groups
        Placed rows, ascending, of each of their `classes`, and their index.
    """
    found: list[Edges] = []
    for at, (group, own) in enumerate(groups):
        for _, table in groups[: at + 1]:
            best = np.full((group.size, _KEPT), -1, np.int32)
            scores = np.empty((group.size, _KEPT), np.float32)
            limits = (gate_sigmas, least_nats, table is own)
            _ask_all(reports, terms, table, group, limits, best, scores)
            found.append(flatten(group, best, scores))
    return found


def all_edges(found: list[Edges]) -> Edges:
    """All pairs of all lists, in their order."""
    none = Edges(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0))
    columns = zip(*(none, *found), strict=True)
    return Edges(*(np.concatenate(column) for column in columns))


def distinct(edges: Edges) -> Edges:
    """Each pair once, in order of rows; of two, the first stands."""
    key = edges.one.astype(np.int64) << 32 | edges.other
    order = np.argsort(key, kind="stable")
    kept = order[np.diff(key[order], prepend=-1) != 0]
    return Edges(edges.one[kept], edges.other[kept], edges.nats[kept])
