"""Soft attachment: a report that knows only the day, or no place, belongs to incidents in shares.

The core partition is made of timed, placed reports alone, so a loose report never joins two
incidents into one. Loose reports first find one another; each such unit then weighs every incident
of its day and area, and the possibility that it tells of an incident of its own.
"""

import math
from typing import NamedTuple

import numba as nb
import numpy as np

from truceline.fusion.block import Index, Rows, Scores, index, keep_best, seek, stretches
from truceline.fusion.columns import Flags, Floats, Ints, Reports
from truceline.fusion.exact import FIXED_POINT
from truceline.fusion.group import (
    EE,
    EN,
    HAS_PLACE,
    LAT,
    LON,
    NN,
    STATE,
    TIME,
    TIME_VAR,
    begin,
    join,
)
from truceline.fusion.loose import DAY_S, Holders, candidates
from truceline.fusion.score import (
    WORTH_READING,
    Terms,
    decided,
    has_words,
    nature_of,
    place_density,
    time_density,
    wording_of,
)

SHARES = 4  # incidents that a loose report may belong to at once
_MOST_NATS = 20.0  # one weight is at most e^20: sums stay inside 64 bits
_LEAST_NATS = -5.0  # one incident in 150 that is not weighed changes no share by a hundredth
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


@nb.njit(cache=True, parallel=True)
def _states(reports: Reports, terms: Terms, first: Ints, rows: Ints, out: Floats) -> None:
    for g in nb.prange(first.size - 1):
        for k in range(first[g], first[g + 1]):
            if k == first[g]:
                begin(reports, rows[k], out[g])
            else:
                join(reports, terms, out[g], rows[k])


def groups_of(reports: Reports, terms: Terms, label: Ints, rows: Ints) -> Groups:
    """Groups of the given rows, by label; within one, the best placed first."""
    members = rows[np.lexsort((reports.place_sd_m[rows], label[rows]))]
    fresh = np.flatnonzero(np.diff(label[members], prepend=-1))
    start = np.append(fresh, members.size).astype(np.int64)
    state = np.zeros((fresh.size, STATE))
    if fresh.size:
        _states(reports, terms, start, members, state)
    at = np.full(label.size, -1, np.int64)
    at[members] = np.repeat(np.arange(fresh.size), np.diff(start))
    return Groups(start, members, state, at)


@nb.njit(cache=True, inline="always")
def _overlap(low: float, high: float, at: float, half: float) -> float:
    return max(0.0, min(high, at + half) - max(low, at - half)) / (2.0 * half)


@nb.njit(cache=True, inline="always")
def _time_nats(
    reports: Reports, terms: Terms, row: int, state: Floats, limits: tuple[float, float]
) -> float:
    """Log density per second of a loose report's time, given the group's."""
    width = (reports.ended_us[row] - reports.began_us[row]) / 1.0e6
    variance = reports.time_var_s2[row]
    if width * width < 8.0 * variance and not reports.is_date_only[row]:
        return time_density(reports.mid_s[row] - state[TIME], variance + state[TIME_VAR], terms)
    low = reports.mid_s[row] - width / 2.0
    half = max(math.sqrt(3.0 * state[TIME_VAR]), 1.0)
    late = limits[1] if reports.is_date_only[row] else _TAIL
    density = (1.0 - late) * _overlap(low, low + width, state[TIME], half) / width
    density += late * _overlap(low - DAY_S, low, state[TIME], half) / DAY_S
    return math.log(density) if density > 0.0 else -np.inf


@nb.njit(cache=True, inline="always")
def _place_nats(reports: Reports, terms: Terms, row: int, state: Floats) -> float:
    best = -np.inf
    total = 0.0
    for part in range(reports.first[row], reports.first[row + 1]):
        value = reports.part_log_weight[part] + place_density(
            (reports.part_lon[part] - state[LON]) * reports.east_m[row],
            (reports.part_lat[part] - state[LAT]) * reports.north_m[row],
            state[EE] + reports.part_ee[part],
            state[EN] + reports.part_en[part],
            state[NN] + reports.part_nn[part],
            terms.place_freedom,
        )
        if reports.first[row + 1] == reports.first[row] + 1:
            return value
        total = total * math.exp(best - max(best, value)) + math.exp(value - max(best, value))
        best = max(best, value)
    return best + math.log(total)


@nb.njit(cache=True)
def _manner_nats(reports: Reports, terms: Terms, unit: Ints, group: Ints) -> float:
    """Evidence from type, direction and words; -inf where people parted the two."""
    nature = 0.0
    words = -np.inf
    for i in unit:
        for j in group:
            nature += nature_of(reports, terms, i, j)
            both = has_words(reports, i) and has_words(reports, j)
            words = max(words, wording_of(reports, terms, i, j) if both else 0.0)
            if decided(terms, reports.mid_s.size, i, j) < 0:
                return -np.inf
    return nature / (unit.size * group.size) + words


@nb.njit(cache=True)
def unit_nats(
    reports: Reports,
    terms: Terms,
    unit: Ints,
    group: Ints,
    state: Floats,
    limits: tuple[float, float],
) -> float:
    """Evidence that a unit of loose reports tells of a group's incident."""
    row = unit[0]
    nats = _time_nats(reports, terms, row, state, limits)
    if nats == -np.inf:
        return nats
    if reports.first[row + 1] > reports.first[row] and state[HAS_PLACE] > 0.5:
        nats -= 0.5 * (terms.log_rate[row] + terms.log_rate[group[0]])
        nats += _place_nats(reports, terms, row, state)
    else:
        nats -= terms.log_rate_anywhere + terms.alone_nats[row]
    if nats < WORTH_READING:
        return -np.inf
    return nats + _manner_nats(reports, terms, unit, group)


@nb.njit(cache=True)
def _weigh(
    reports: Reports,
    terms: Terms,
    unit: Ints,
    groups: Groups,
    g: int,
    limits: tuple[float, float],
    kept: tuple[Rows, Scores],
) -> int:
    """Weight of one group in fixed point; the group goes among the best."""
    group = groups.rows[groups.start[g] : groups.start[g + 1]]
    nats = unit_nats(reports, terms, unit, group, groups.state[g], limits)
    if nats < _LEAST_NATS:
        return 0
    keep_best(kept[0], kept[1], g, np.float32(min(nats, _MOST_NATS)))
    return int(np.rint(math.exp(min(nats, _MOST_NATS)) * FIXED_POINT))


@nb.njit(cache=True, inline="always")
def _is_near(reports: Reports, part: int, row: int, state: Floats, gate: float) -> bool:
    """Whether a group lies within the gate of one component of a report's place."""
    de = (state[LON] - reports.part_lon[part]) * reports.east_m[row]
    dn = (state[LAT] - reports.part_lat[part]) * reports.north_m[row]
    spread = reports.part_ee[part] + reports.part_nn[part] + state[EE] + state[NN]
    return bool(de * de + dn * dn <= gate * gate * 0.5 * spread)


@nb.njit(cache=True)
def _weigh_near(
    reports: Reports,
    terms: Terms,
    unit: Ints,
    part: int,
    groups: Groups,
    table: Index,
    limits: tuple[float, float],
    kept: tuple[Rows, Scores, Ints, Ints],
) -> int:
    """Weigh the groups near one component of the unit's place that are near no earlier one."""
    row = unit[0]
    gate = limits[0]
    columns, hints = kept[2], kept[3]
    sd_m = math.sqrt(max(reports.part_ee[part], reports.part_nn[part]))
    radius = gate * math.sqrt(sd_m**2 + table.reach_m**2)
    before = DAY_S if reports.is_date_only[row] else 0.0
    half = (reports.ended_us[row] - reports.began_us[row]) / 2.0e6 + 2.0 * table.reach_s
    if not reports.is_date_only[row]:
        half = max(half, gate * math.sqrt(reports.time_var_s2[row] + table.reach_s**2))
    lat, lon, east_m = reports.part_lat[part], reports.part_lon[part], reports.east_m[row]
    weight = 0
    for c in range(stretches(table, lat, lon, radius, east_m, columns)):
        at = seek(table, columns[c], hints, reports.mid_s[row] - half - before)
        hints[columns[c]] = at
        while at < table.start[columns[c] + 1] and table.mid_s[at] <= reports.mid_s[row] + half:
            g = table.rows[at]
            # The day before is unlikely already: only its nearest incidents are weighed.
            late = table.mid_s[at] < reports.mid_s[row] - half
            at += 1
            fresh = _is_near(reports, part, row, groups.state[g], 0.5 * gate if late else gate)
            for earlier in range(reports.first[row], part):
                fresh = fresh and not _is_near(reports, earlier, row, groups.state[g], gate)
            if fresh:
                best = (kept[0], kept[1])
                weight += _weigh(reports, terms, unit, groups, g, limits, best)
    return weight


@nb.njit(cache=True)
def _ask_near(
    reports: Reports,
    terms: Terms,
    units: Groups,
    asking: Ints,
    groups: Groups,
    table: Index,
    limits: tuple[float, float],
    kept: tuple[Rows, Scores, Ints],
) -> None:
    columns = np.empty(256, np.int64)
    hints = np.zeros(table.column.size, np.int64)
    for u in asking:
        unit = units.rows[units.start[u] : units.start[u + 1]]
        best = (kept[0][u], kept[1][u], columns, hints)
        for part in range(reports.first[unit[0]], reports.first[unit[0] + 1]):
            kept[2][u] += _weigh_near(reports, terms, unit, part, groups, table, limits, best)


@nb.njit(cache=True, parallel=True)
def _attach_near(
    reports: Reports,
    terms: Terms,
    units: Groups,
    asking: Ints,
    groups: Groups,
    table: Index,
    limits: tuple[float, float],
    kept: tuple[Rows, Scores, Ints],
) -> None:
    chunks = min(asking.size, 64)
    for chunk in nb.prange(chunks):
        low, high = chunk * asking.size // chunks, (chunk + 1) * asking.size // chunks
        _ask_near(reports, terms, units, asking[low:high], groups, table, limits, kept)


@nb.njit(cache=True)
def _ask_by_words(
    reports: Reports,
    terms: Terms,
    units: Groups,
    u: int,
    groups: Groups,
    held: Holders,
    limits: tuple[float, float],
    kept: tuple[Rows, Scores, Ints],
) -> None:
    unit = units.rows[units.start[u] : units.start[u + 1]]
    found = np.empty(256, np.int64)
    count = candidates(reports, held, unit[0], limits[0], found)
    for c in range(count):
        g = groups.at[found[c]]
        fresh = g >= 0
        for earlier in range(c):
            fresh = fresh and groups.at[found[earlier]] != g
        if fresh:
            best = (kept[0][u], kept[1][u])
            kept[2][u] += _weigh(reports, terms, unit, groups, g, limits, best)


@nb.njit(cache=True, parallel=True)
def _attach_by_words(
    reports: Reports,
    terms: Terms,
    units: Groups,
    asking: Ints,
    groups: Groups,
    held: Holders,
    limits: tuple[float, float],
    kept: tuple[Rows, Scores, Ints],
) -> None:
    for k in nb.prange(asking.size):
        _ask_by_words(reports, terms, units, asking[k], groups, held, limits, kept)


def _tables(groups: Groups) -> list[Index]:
    """Indexes of placed groups, by how loose their place is."""
    placed = groups.state[:, HAS_PLACE] > 0.5
    spread = np.sqrt(groups.state[:, EE] + groups.state[:, NN])
    code = np.searchsorted((6000.0,), spread)
    out = []
    for value in range(2):
        rows = np.flatnonzero(placed & (code == value))
        if rows.size:
            state = groups.state[rows]
            reach_s = float(np.sqrt(state[:, TIME_VAR].max()))
            where = (state[:, LAT].copy(), state[:, LON].copy(), state[:, TIME].copy())
            out.append(index(rows, where, float(spread[rows].max()), reach_s))
    return out


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
    by_words = loose[0][lead] & (np.diff(reports.first)[lead] < 2)
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
