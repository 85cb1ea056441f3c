"""Soft attachment: a report that knows only the day, or no place, belongs to incidents in shares.

The core partition is made of timed, placed reports alone, so a loose report never joins two
incidents into one. Loose reports first find one another; each such unit then weighs every incident
of its day and area, and the possibility that it tells of an incident of its own.
"""

import math
from typing import NamedTuple

import numba as nb
import numpy as np

from truceline.fusion.block import Index, Rows, Scores, cells, index, keep_best, seek
from truceline.fusion.columns import Flags, Floats, Ints, Record, Records, Reports
from truceline.fusion.exact import FIXED_POINT
from truceline.fusion.group import (
    EE,
    HAS_PLACE,
    LAT,
    LON,
    NN,
    RATE,
    STATE,
    TIME,
    TIME_VAR,
    begin,
    join,
    place_of_state,
)
from truceline.fusion.kernels import FAST, INLINE, LEAF
from truceline.fusion.loose import DAY_S, Holders, candidates
from truceline.fusion.score import (
    WORTH_READING,
    Terms,
    decided,
    time_density,
    type_ratio,
    wording_of,
)
from truceline.tables.chunks import in_order

SHARES = 4  # incidents that a loose report may belong to at once
_MOST_NATS = 20.0  # one weight is at most e^20: sums stay inside 64 bits
_LEAST_NATS = -5.0  # one incident in 150 that is not weighed changes no share by a hundredth
_TINY, _HUGE = 1.0e-100, 1.0e100
_TAIL = 0.02  # share of stated intervals that miss the happening: assumed


class Groups(NamedTuple):
    """Groups of rows: `rows[start[g]:start[g + 1]]`, and the Gaussian of each."""

    start: Ints
    rows: Ints
    state: Floats  # (groups, STATE)
    at: Ints  # (n,) group of each row; -1: of none


class Shares(NamedTuple):
    """For each unit: up to `SHARES` groups with probabilities, and that of an incident of its own."""

    group: Rows  # -1: none
    probability: Floats
    own: Floats


@nb.njit(nogil=True, **FAST)
def _gather(held: Records, label: Ints, rows: Ints, at: Ints) -> tuple[Ints, Ints]:
    """Rows group by group, in order of labels; `at` gets the group of each row."""
    size = np.zeros(rows.size + 1, np.int64)
    groups = 0
    for row in rows:  # ascending, and a label is the lowest row of its group
        if label[row] == row:
            at[row] = groups
            groups += 1
        at[row] = at[label[row]]
        size[at[row] + 1] += 1
    start = size[: groups + 1].copy()
    for g in range(groups):
        start[g + 1] += start[g]
    cursor = start.copy()
    out = np.empty(rows.size, np.int64)
    for row in rows:
        g = at[row]
        to = cursor[g]
        while to > start[g] and held[out[to - 1]].place_sd_m > held[row].place_sd_m:
            out[to] = out[to - 1]
            to -= 1
        out[to] = row
        cursor[g] += 1
    return start, out


@nb.njit(parallel=True, **FAST)
def _states(
    held: Records, parts: Records, constants: Records, first: Ints, rows: Ints, out: Floats
) -> None:
    for g in nb.prange(first.size - 1):
        begin(held, rows[first[g]], out[g])
        for k in range(first[g] + 1, first[g + 1]):
            join(held, parts, constants[0], out[g], rows[k])


def groups_of(reports: Reports, label: Ints, rows: Ints) -> Groups:
    """Groups of the given rows, by label; within one, the best placed first. No Gaussians yet."""
    at = np.full(label.size, -1, np.int64)
    start, members = _gather(reports.rows, label, rows, at)
    return Groups(start, members, np.zeros((start.size - 1, STATE)), at)


def fit(reports: Reports, terms: Terms, groups: Groups) -> None:
    """Write the Gaussian of each group."""
    if groups.rows.size:
        held, parts = reports.rows, reports.parts
        _states(held, parts, terms.constants, groups.start, groups.rows, groups.state)


@nb.njit(**INLINE)
def _overlap(low: float, high: float, at: float, half: float) -> float:
    return max(0.0, min(high, at + half) - max(low, at - half)) / (2.0 * half)


@nb.njit(**INLINE)
def _time_nats(constants: Record, row: Record, state: Floats, date_lag: float) -> float:
    """Log density per second of a loose report's time, given the group's."""
    width = 2.0 * row.half_s
    if width * width < 8.0 * row.time_var_s2 and not row.is_date_only:
        variance = row.time_var_s2 + state[TIME_VAR]
        return time_density(row.mid_s - state[TIME], variance, constants)
    low = row.mid_s - row.half_s
    half = max(math.sqrt(3.0 * state[TIME_VAR]), 1.0)
    late = date_lag if row.is_date_only else _TAIL
    density = (1.0 - late) * _overlap(low, low + width, state[TIME], half) / width
    density += late * _overlap(low - DAY_S, low, state[TIME], half) / DAY_S
    return math.log(density) if density > 0.0 else -np.inf


@nb.njit(**INLINE)
def _manner_nats(reports: Reports, terms: Terms, unit: Ints, group: Ints) -> float:
    """Evidence from type, direction and words; -inf where people parted the two."""
    # Arrays are taken out of their tuples once: in the loop each would be counted as a reference.
    rows, texts, constants = reports.rows, reports.words, terms.constants
    shared_nats, limits = terms.shared_nats, terms.word_limits
    settled = terms.parted.size > 0
    ways, ratio = 0.0, 1.0
    words = -np.inf
    for i in unit:
        for j in group:
            ratio *= type_ratio(constants[0], rows[i], rows[j])
            ways += constants[0].direction_nats[rows[i].direction, rows[j].direction]
            if not _TINY < ratio < _HUGE:  # one logarithm for many pairs, unless it overflows
                ways += math.log(ratio)
                ratio = 1.0
            words = max(words, wording_of(texts, shared_nats, limits, rows[i], rows[j]))
            if settled and decided(terms, rows.size, i, j) < 0:
                return -np.inf
    return (ways + math.log(ratio)) / (unit.size * group.size) + words


@nb.njit(**INLINE)
def _bare_unit(
    parts: Records, constants: Record, row: Record, state: Floats, date_lag: float
) -> float:
    """What time and place say of a unit's first report and a group; -inf: not worth reading."""
    nats = _time_nats(constants, row, state, date_lag)
    if nats == -np.inf:
        return nats
    if row.parts > 0 and state[HAS_PLACE] > 0.5:
        nats -= 0.5 * (row.log_rate + state[RATE])
        nats += place_of_state(parts, state, row, constants.place_freedom)[0]
    else:
        nats -= constants.log_rate_anywhere + constants.alone_nats[row.kind]
    return nats if nats >= WORTH_READING else -np.inf


@nb.njit(**INLINE)
def _weigh(
    reports: Reports, terms: Terms, unit: Ints, groups: Groups, g: int, date_lag: float,
    kept: tuple[Rows, Scores],
) -> int:  # fmt: skip
    """Weight of one group in fixed point; the group goes among the best."""
    first = groups.start[g]
    row = reports.rows[unit[0]]
    constants = terms.constants[0]
    nats = _bare_unit(reports.parts, constants, row, groups.state[g], date_lag)
    if nats == -np.inf:
        return 0
    nats += _manner_nats(reports, terms, unit, groups.rows[first : groups.start[g + 1]])
    if nats < _LEAST_NATS:
        return 0
    keep_best(kept[0], kept[1], g, np.float32(min(nats, _MOST_NATS)))
    return int(np.rint(math.exp(min(nats, _MOST_NATS)) * FIXED_POINT))


@nb.njit(**INLINE)
def _is_near(row: Record, part: Record, point: Record, gate: float) -> bool:
    """Whether a group lies within the gate of one component of a report's place."""
    de = (point.lon - part.lon) * row.east_m
    dn = (point.lat - part.lat) * row.north_m
    spread = part.ee + part.nn + point.spread_m2
    return bool(de * de + dn * dn <= gate * gate * 0.5 * spread)


@nb.njit(**LEAF)
def _is_fresh(row: Record, parts: Records, part: int, point: Record, gate: float) -> bool:
    """Whether a group was near no earlier component of the place."""
    fresh = True
    for earlier in range(row.first, part):
        fresh = fresh and not _is_near(row, parts[earlier], point, gate)
    return fresh


@nb.njit(**LEAF)
def _weigh_near(
    reports: Reports, terms: Terms, unit: Ints, part: int, groups: Groups, table: Index,
    limits: tuple[float, float], kept: tuple[Rows, Scores, Ints, Ints],
) -> int:  # fmt: skip
    """Weigh the groups near one component of the unit's place that are near no earlier one."""
    row, place = reports.rows[unit[0]], reports.parts[part]
    gate = limits[0]
    near, hints = kept[2], kept[3]
    points = table.points
    sd_m = math.sqrt(max(place.ee, place.nn))
    radius = gate * math.sqrt(sd_m**2 + table.reach_m**2)
    before = DAY_S if row.is_date_only else 0.0
    half = row.half_s + 2.0 * table.reach_s
    if not row.is_date_only:
        half = max(half, gate * math.sqrt(row.time_var_s2 + table.reach_s**2))
    weight = 0
    for c in range(cells(table, place.lat, place.lon, radius, row.east_m, near)):
        low, stop = table.start[near[c]], table.start[near[c] + 1]
        at = seek(points, low, stop, hints[near[c]], row.mid_s - half - before)
        hints[near[c]] = at
        while at < stop and points[at].mid_s <= row.mid_s + half:
            point = points[at]
            at += 1
            # The day before is unlikely already: only its nearest incidents are weighed.
            late = point.mid_s < row.mid_s - half
            if not _is_near(row, place, point, 0.5 * gate if late else gate):
                continue
            if part == row.first or _is_fresh(row, reports.parts, part, point, gate):
                best = (kept[0], kept[1])
                weight += _weigh(reports, terms, unit, groups, point.row, limits[1], best)
    return weight


@nb.njit(**FAST)
def _ask_near(
    reports: Reports, terms: Terms, units: Groups, asking: Ints, groups: Groups, table: Index,
    limits: tuple[float, float], kept: tuple[Rows, Scores, Ints],
) -> None:  # fmt: skip
    work = (np.empty(1024, np.int64), np.zeros(table.start.size, np.int64))
    for u in asking:
        unit = units.rows[units.start[u] : units.start[u + 1]]
        best = (kept[0][u], kept[1][u], work[0], work[1])
        row = reports.rows[unit[0]]
        for part in range(row.first, row.first + row.parts):
            kept[2][u] += _weigh_near(reports, terms, unit, part, groups, table, limits, best)


@nb.njit(parallel=True, **FAST)
def _attach_near(
    reports: Reports, terms: Terms, units: Groups, asking: Ints, groups: Groups, table: Index,
    limits: tuple[float, float], kept: tuple[Rows, Scores, Ints],
) -> None:  # fmt: skip
    chunks = min(asking.size, 64)
    for chunk in nb.prange(chunks):
        low, high = chunk * asking.size // chunks, (chunk + 1) * asking.size // chunks
        _ask_near(reports, terms, units, asking[low:high], groups, table, limits, kept)


@nb.njit(**FAST)
def _ask_by_words(
    reports: Reports, terms: Terms, units: Groups, asking: Ints, groups: Groups, held: Holders,
    limits: tuple[float, float], kept: tuple[Rows, Scores, Ints],
) -> None:  # fmt: skip
    found = np.empty(256, np.int64)
    for u in asking:
        unit = units.rows[units.start[u] : units.start[u + 1]]
        count = candidates(reports, held, unit[0], limits[0], found)
        for c in range(count):
            g = groups.at[found[c]]
            fresh = g >= 0
            for earlier in range(c):
                fresh = fresh and groups.at[found[earlier]] != g
            if fresh:
                best = (kept[0][u], kept[1][u])
                kept[2][u] += _weigh(reports, terms, unit, groups, g, limits[1], best)


@nb.njit(parallel=True, **FAST)
def _attach_by_words(
    reports: Reports, terms: Terms, units: Groups, asking: Ints, groups: Groups, held: Holders,
    limits: tuple[float, float], kept: tuple[Rows, Scores, Ints],
) -> None:  # fmt: skip
    chunks = min(asking.size, 64)
    for chunk in nb.prange(chunks):
        low, high = chunk * asking.size // chunks, (chunk + 1) * asking.size // chunks
        _ask_by_words(reports, terms, units, asking[low:high], groups, held, limits, kept)


def _tables(groups: Groups) -> list[Index]:
    """Indexes of placed groups, by how loose their place is."""
    placed = groups.state[:, HAS_PLACE] > 0.5
    spread = groups.state[:, EE] + groups.state[:, NN]
    code = np.searchsorted((6000.0**2,), spread)

    def table(rows: Ints) -> Index:
        mid_s, lat, lon, time_var = (
            groups.state[rows, name] for name in (TIME, LAT, LON, TIME_VAR)
        )
        return index(rows, (mid_s, lat, lon, time_var, spread[rows]))

    parts = (np.flatnonzero(placed & (code == value)) for value in range(2))
    return list(in_order((rows for rows in parts if rows.size), table))


def attach(
    reports: Reports,
    terms: Terms,
    units: Groups,
    groups: Groups,
    loose: tuple[Flags, Holders | None],
    limits: tuple[float, float],
) -> Shares:
    """Share every unit out among the groups.

    Parameters
    ----------
    units, groups
        Loose units and core groups.
    loose
        `(n,)` rows that are compared by words only, and the index of words where there are any.
    limits
        Gate in standard deviations, and the share of dates that are a day late.
    """
    number = units.start.size - 1
    kept = (
        np.full((number, SHARES), -1, np.int32),
        np.full((number, SHARES), -np.inf, np.float32),
        np.zeros(number, np.int64),
    )
    lead = units.rows[units.start[:-1]]
    # A town with two namesakes is loose as one ellipse, yet each of the two is a place to look at.
    by_words = loose[0][lead] & (reports.rows["parts"][lead] < 2)
    if groups.start.size > 1 and number:
        near = np.flatnonzero(~by_words)
        for table in _tables(groups):
            _attach_near(reports, terms, units, near, groups, table, limits, kept)
        if loose[1] is not None:
            asking = np.flatnonzero(by_words)
            _attach_by_words(reports, terms, units, asking, groups, loose[1], limits, kept)
    weight = np.where(kept[0] >= 0, np.exp(np.maximum(kept[1], -50.0).astype(np.float64)), 0.0)
    # Scores are kept in single precision: the total must not fall below what it lists.
    total = 1.0 + np.maximum(kept[2] / FIXED_POINT, weight.sum(axis=1))
    return Shares(kept[0], weight / total[:, None], 1.0 / total)
