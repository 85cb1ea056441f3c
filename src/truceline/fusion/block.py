"""Which pairs are worth comparing: columns of ground sorted by time, looser reports asking wider.

Reports are sorted into classes by how loose their time and place are. Each pair of classes is
walked once, from the looser into the sharper, in a window as wide as the looser of the two needs.
Each report keeps its best few pairs, ties by row: memory is linear in the reports.
"""

import math
from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

from truceline.fusion.columns import Floats, Ints, Reports
from truceline.fusion.score import Terms, pair_nats

_COLUMN_M = 24_000.0
_TIME_LIMITS_S = (900.0, 9000.0)
_PLACE_LIMITS_M = (5000.0,)
_KEPT = 8  # best pairs that each report keeps of those that it asks for
_BAND_DEG = _COLUMN_M / 111_200.0

Rows = npt.NDArray[np.int32]
Scores = npt.NDArray[np.float32]


class Index(NamedTuple):
    """Rows of one class, by column of ground and then by time."""

    rows: Ints
    mid_s: Floats
    lat: Floats
    lon: Floats
    column: Ints  # distinct column keys, sorted
    start: Ints  # (columns + 1,)
    reach_m: float  # loosest place of the class, one standard deviation
    reach_s: float


class Edges(NamedTuple):
    """Pairs worth remembering: rows `one` and `other`, and their evidence."""

    one: Rows
    other: Rows
    nats: Floats


@nb.njit(cache=True, inline="always")
def _band(lat: float) -> int:
    return math.floor(lat / _BAND_DEG)


@nb.njit(cache=True, inline="always")
def _column_width_deg(band: int) -> float:
    lat = (band + 0.5) * _BAND_DEG
    return _BAND_DEG / max(math.cos(math.radians(lat)), 0.02)


@nb.njit(cache=True, parallel=True)
def _column_keys(lat: Floats, lon: Floats) -> Ints:
    out = np.empty(lat.size, np.int64)
    for i in nb.prange(lat.size):
        band = _band(lat[i])
        out[i] = band * (1 << 24) + math.floor(lon[i] / _column_width_deg(band))
    return out


def index(
    rows: Ints, columns: tuple[Floats, Floats, Floats], reach_m: float, reach_s: float
) -> Index:
    """Index of points in place and time.

    Parameters
    ----------
    rows
        What to return for each point.
    columns
        `lat`, `lon`, `mid_s` of each point; points must be in order of time.
    """
    lat, lon, mid_s = columns
    keys = _column_keys(lat, lon)
    by_time = np.argsort(mid_s, kind="stable")
    order = by_time[np.argsort(keys[by_time], kind="stable")]
    sorted_keys = keys[order]
    fresh = np.flatnonzero(np.diff(sorted_keys, prepend=sorted_keys[:1] - 1))
    start = np.append(fresh, order.size).astype(np.int64)
    return Index(
        rows[order].astype(np.int64),
        mid_s[order],
        lat[order],
        lon[order],
        sorted_keys[fresh],
        start,
        reach_m,
        reach_s,
    )


@nb.njit(cache=True, inline="always")
def lower_bound(values: Floats, low: int, high: int, value: float) -> int:
    """First position in a sorted stretch that is not below a value."""
    while low < high:
        middle = (low + high) >> 1
        if values[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@nb.njit(cache=True)
def stretches(
    table: Index, lat: float, lon: float, radius_m: float, east_m: float, out: Ints
) -> int:
    """Positions of the columns of ground within a radius, into `out`; how many."""
    found = 0
    reach_deg = radius_m / 111_000.0
    for band in range(_band(lat - reach_deg), _band(lat + reach_deg) + 1):
        width = _column_width_deg(band)
        low = math.floor((lon - radius_m / east_m) / width)
        high = math.floor((lon + radius_m / east_m) / width)
        base = band * (1 << 24)
        at = np.searchsorted(table.column, base + low)
        while at < table.column.size and table.column[at] <= base + high:
            if found < out.size:
                out[found] = at
                found += 1
            at += 1
    return found


@nb.njit(cache=True)
def seek(table: Index, column: int, hints: Ints, value: float) -> int:
    """First position in a column that is not before a time, searched from where it was last.

    Those who ask come in order of time, so the answer is near the last one.
    """
    low, high = table.start[column], table.start[column + 1]
    at = max(hints[column], low)
    step = 1
    if at > low and table.mid_s[at - 1] >= value:
        while at - step > low and table.mid_s[at - step] >= value:
            step *= 2
        return lower_bound(table.mid_s, max(at - step, low), at, value)
    while at + step < high and table.mid_s[at + step] < value:
        step *= 2
    return lower_bound(table.mid_s, at, min(at + step, high), value)


@nb.njit(cache=True, inline="always")
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


@nb.njit(cache=True)
def _ask(
    reports: Reports,
    terms: Terms,
    table: Index,
    i: int,
    limits: tuple[float, float, bool],
    best: tuple[Rows, Scores, Ints, Ints],
) -> None:
    gate, least, same = limits
    radius = gate * math.sqrt(reports.place_sd_m[i] ** 2 + table.reach_m**2)
    reach_s = gate * math.sqrt(reports.time_var_s2[i] + table.reach_s**2)
    columns, hints = best[2], best[3]
    number = stretches(table, reports.lat[i], reports.lon[i], radius, reports.east_m[i], columns)
    for c in range(number):
        stop = table.start[columns[c] + 1]
        at = seek(table, columns[c], hints, reports.mid_s[i] - reach_s)
        hints[columns[c]] = at
        while at < stop and table.mid_s[at] <= reports.mid_s[i] + reach_s:
            j = table.rows[at]
            at += 1
            if same and j <= i:
                continue
            difference_s = reports.mid_s[j] - reports.mid_s[i]
            apart = difference_s * difference_s / (reports.time_var_s2[i] + reports.time_var_s2[j])
            if apart > gate * gate:
                continue
            de = (reports.lon[j] - reports.lon[i]) * reports.east_m[i]
            dn = (reports.lat[j] - reports.lat[i]) * reports.north_m[i]
            spread = reports.place_sd_m[i] ** 2 + reports.place_sd_m[j] ** 2
            if de * de + dn * dn > (gate * gate - apart) * spread:
                continue
            score = pair_nats(reports, terms, i, j, least)
            if score > least:
                keep_best(best[0], best[1], j, np.float32(score))


@nb.njit(cache=True, parallel=True)
def _ask_all(
    reports: Reports,
    terms: Terms,
    table: Index,
    askers: Ints,
    limits: tuple[float, float, bool],
    kept: tuple[Rows, Scores],
) -> None:
    chunks = min(askers.size, 64)
    for chunk in nb.prange(chunks):
        columns = np.empty(256, np.int64)
        hints = np.zeros(table.column.size, np.int64)
        low, high = chunk * askers.size // chunks, (chunk + 1) * askers.size // chunks
        for k in range(low, high):
            best = (kept[0][k], kept[1][k], columns, hints)
            _ask(reports, terms, table, askers[k], limits, best)


def _classes(reports: Reports, rows: Ints) -> list[Ints]:
    """Rows by looseness, sharpest first."""
    time_sd = np.sqrt(reports.time_var_s2[rows])
    code = np.searchsorted(_TIME_LIMITS_S, time_sd) * 2 + np.searchsorted(
        _PLACE_LIMITS_M, reports.place_sd_m[rows]
    )
    return [rows[code == value] for value in range(6) if np.any(code == value)]


def _flatten(askers: Ints, rows: Rows, scores: Scores) -> Edges:
    at, slot = np.nonzero(rows >= 0)
    one = askers[at].astype(np.int32)
    return Edges(one, rows[at, slot], scores[at, slot].astype(np.float64))


def propose(
    reports: Reports, terms: Terms, rows: Ints, gate_sigmas: float, least_nats: float
) -> Edges:
    """Pairs among placed rows whose evidence exceeds `least_nats`.

    Parameters
    ----------
    rows
        Placed rows, ascending.
    """
    classes = _classes(reports, rows)
    indexes: list[Index] = []
    found: list[Edges] = []
    for group in classes:
        columns = (reports.lat[group], reports.lon[group], reports.mid_s[group])
        reach_s = float(np.sqrt(reports.time_var_s2[group].max()))
        indexes.append(index(group, columns, float(reports.place_sd_m[group].max()), reach_s))
        for table in indexes:
            best = np.full((group.size, _KEPT), -1, np.int32)
            scores = np.empty((group.size, _KEPT), np.float32)
            limits = (gate_sigmas, least_nats, table is indexes[-1])
            _ask_all(reports, terms, table, group, limits, (best, scores))
            found.append(_flatten(group, best, scores))
    return merge_edges(found)


def merge_edges(found: list[Edges]) -> Edges:
    """All pairs, each once, the lower row first, in order of rows."""
    if not found:
        return Edges(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0))
    one = np.concatenate([edges.one for edges in found])
    other = np.concatenate([edges.other for edges in found])
    nats = np.concatenate([edges.nats for edges in found])
    low, high = np.minimum(one, other), np.maximum(one, other)
    key = low.astype(np.int64) << 32 | high
    order = np.argsort(key, kind="stable")
    fresh = np.diff(key[order], prepend=-1) != 0
    kept = order[fresh]
    return Edges(low[kept], high[kept], nats[kept])
