"""How much of a normal distribution lies within a distance of a line, by exact chords.

The ground within a distance of a line is a union of capsules, one about each segment. A ray cuts
each in one interval, which is found exactly, and the normal distribution along the ray gives the
mass of the intervals exactly too. What is left is one integral across the rays: rays run along the
direction in which a straight edge parts the distribution, so a straight edge needs no refinement,
and bends are refined by halving the step until the answer stands still.

Sides come in as ground that counts beside the capsules: the inside of a zone, or one side of a
line. Along a ray they change where the ray crosses a segment.
"""

import math
from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from truceline.geometry.about import BESIDE_M
from truceline.geometry.capsule import (
    ACROSS,
    ACROSS_SLOPE,
    ACROSS_STEP,
    AX,
    AY,
    BX,
    BY,
    COLUMNS,
    FAR,
    FLAT,
    Frame,
    boxes_of,
    chord,
    collect,
    keep,
    turn,
)
from truceline.geometry.distance import LineIndex

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

SETTLED = 0.002
"""Halving the step moved the answer by no more: what is left is about a third of it at a bend."""

_SIGMAS = 4.0  # rays and segments farther out hold less than exp(-8) = 0.0003 of the mass
_FINEST = 64  # rays a standard deviation
_WEIGHT = np.exp(-0.5 * (np.arange(int(_SIGMAS) * _FINEST + 1) / _FINEST) ** 2)
_START = 0.0137  # where on a ray sides are counted from: not 0, where a middle on an edge has it
_AT_ONCE = 256  # places that share scratch memory
_BESIDE_REACH_M = 1.0  # no less than the length of BESIDE_M


class Spreads(NamedTuple):
    """Normal distributions of places, `(n,)` each.

    `east`, `across`, `north` turn standard points into metres (`sample.factor`). `distance_m` is
    the exact distance of the middle from the line, `toward_east` and `toward_north` the unit
    direction in which it grows. `reach_m`: an edge farther off than this is not looked at.
    `is_inside` says whether the middle is ground that counts anyway, and `is_beside` whether the
    point BESIDE_M of it is, from which sides are counted (a middle may lie on an edge).
    """

    lat: Floats
    lon: Floats
    east: Floats
    across: Floats
    north: Floats
    distance_m: Floats
    toward_east: Floats
    toward_north: Floats
    reach_m: Floats
    is_inside: Truths
    is_beside: Truths


def mass_within(
    line: LineIndex, spreads: Spreads, distances_m: Floats, *, has_inside: bool
) -> Floats:
    """Mass of each distribution within each distance of a line, or inside; `(n, distances)`.

    Parameters
    ----------
    line
        A line, or the rings of a zone.
    spreads
        `n` distributions.
    distances_m
        `(distances,)` metres, ascending, none negative.
    has_inside
        Whether being inside counts; it changes at every segment that is crossed.

    Examples
    --------
    >>> from truceline.geometry.distance import index_line
    >>> line = index_line([[(37.0, 48.0), (39.0, 48.0)]])
    >>> one = [np.array([v]) for v in (48.0, 38.0, 10.0, 0.0, 10.0, 0.0, 0.0, 1.0, 35.0)]
    >>> places = Spreads(*one, np.array([False]), np.array([False]))
    >>> mass_within(line, places, np.array([10.0, 20.0]), has_inside=False).round(4).tolist()
    [[0.6827, 0.9545]]
    """
    out = np.empty((len(spreads.lat), len(distances_m)))
    wanted = np.ascontiguousarray(distances_m, np.float64)
    _masses(line.segments, boxes_of(line.segments), spreads, wanted, has_inside, out)
    return out


@numba.njit(cache=True)
def _frame(spreads: Spreads, i: int) -> Frame:
    """The step between rays and the step along a ray, each of one standard deviation, metres."""
    east, across, north = spreads.east[i], spreads.across[i], spreads.north[i]
    x = east * spreads.toward_east[i] + across * spreads.toward_north[i]
    y = north * spreads.toward_north[i]
    length = math.hypot(x, y)
    if length <= 1e-9 * (east + abs(across) + north):
        # No spread toward the edge: along the edge is all there is.
        x, y = (1.0, 0.0) if east * east + across * across >= north * north else (0.0, 1.0)
        length = 1.0
    x, y = x / length, y / length
    return -east * y, -across * y + north * x, east * x, across * x + north * y


@numba.njit(cache=True, inline="always")
def _is_crossed(row: Floats, px: float, py: float, vx: float, vy: float) -> bool:
    """Whether the line through a point in a direction crosses a segment."""
    a = vx * (row[AY] - py) - vy * (row[AX] - px)
    b = vx * (row[BY] - py) - vy * (row[BX] - px)
    return (a > 0) != (b > 0)


@numba.njit(cache=True)
def _sort(values: Floats, count: int) -> None:
    """The first values in order, by insertion: there are few."""
    for i in range(1, count):
        value, j = values[i], i - 1
        while j >= 0 and values[j] > value:
            values[j + 1] = values[j]
            j -= 1
        values[j + 1] = value


@numba.njit(cache=True)
def _insides(near: Floats, u: float, frame: Frame, is_inside: bool, scratch: Floats) -> int:
    """Intervals of a ray that are inside, found by walking from beside the middle to the ray."""
    bx, by, wx, wy = frame
    first, last, crossing = scratch
    east, north = BESIDE_M
    x, y = u * bx + _START * wx - east, u * by + _START * wy - north
    count = 0
    for k in range(len(near)):
        row = near[k]
        across = row[ACROSS] + u * row[ACROSS_STEP]
        start = across + _START * row[ACROSS_SLOPE] > 0
        if _is_crossed(row, east, north, x, y):
            # On the way from beside the middle to the ray's start, and not beyond it.
            dx, dy = row[BX] - row[AX], row[BY] - row[AY]
            is_inside = is_inside != ((dx * (north - row[AY]) > dy * (east - row[AX])) != start)
        if _is_crossed(row, u * bx, u * by, wx, wy) and row[ACROSS_SLOPE] != 0.0:
            # Seen from the far end of the ray, where the walk along it begins.
            is_inside = is_inside != (start == (row[ACROSS_SLOPE] > 0))
            crossing[count] = min(FAR, max(-FAR, -across / row[ACROSS_SLOPE]))
            count += 1
    _sort(crossing, count)
    found, begin = 0, -FAR
    for k in range(count + 1):
        end = crossing[k] if k < count else FAR
        if is_inside and end > begin:
            first[found], last[found] = begin, end
            found += 1
        is_inside, begin = not is_inside, end
    return found


@numba.njit(cache=True, inline="always")
def _below(z: float) -> float:
    """The normal distribution up to a point."""
    if z >= 6.0:
        return 1.0
    return 0.0 if z <= -6.0 else 0.5 * math.erfc(-z * 0.7071067811865476)


@numba.njit(cache=True)
def _covered(first: Floats, last: Floats, count: int) -> float:
    """Mass of the union of intervals."""
    for i in range(1, count):
        low, high, j = first[i], last[i], i - 1
        while j >= 0 and first[j] > low:
            first[j + 1], last[j + 1] = first[j], last[j]
            j -= 1
        first[j + 1], last[j + 1] = low, high
    total, i = 0.0, 0
    while i < count:
        low, high = first[i], last[i]
        i += 1
        while i < count and first[i] <= high:
            high = max(high, last[i])
            i += 1
        total += _below(high) - _below(low)
    return total


@numba.njit(cache=True)
def _on_ray(
    near: Floats, u: float, frame: Frame, metres: float, inside: int, scratch: Floats
) -> float:
    """Mass of one ray. `inside`: -1 where only distance counts, else whether beside is inside."""
    first, last, _ = scratch
    count = 0
    if inside >= 0:
        count = _insides(near, u, frame, inside == 1, scratch)
    if metres <= 0.0:
        return _covered(first, last, count)
    for k in range(len(near)):
        low, high = chord(near[k], u, frame, metres)
        if low > high or high < -FAR or low > FAR:
            continue
        if count and low <= last[count - 1] and high >= first[count - 1]:
            first[count - 1] = min(first[count - 1], low)
            last[count - 1] = max(last[count - 1], high)
        else:
            first[count], last[count] = low, high
            count += 1
    return _covered(first, last, count)


@numba.njit(cache=True)
def _across_rays(near: Floats, frame: Frame, metres: float, inside: int, scratch: Floats) -> float:
    """Mass of all rays: the trapezoid rule, its step halved until the answer stands still."""
    # Many segments can hide a narrow strip between rays: the more there are, the finer it begins.
    trusted = _FINEST // (2 if len(near) <= 2 else 4 if len(near) <= 6 else 8)
    bx, by, wx, wy = frame
    # Between rays that are alike an arc this wide stands out by less than 0.02 of a deviation.
    bulge = 0.16 * metres * math.hypot(wx, wy) / max(bx * bx + by * by, FLAT)
    bulge = -1.0 if inside >= 0 else bulge * _FINEST * _FINEST
    total, whole, answer, least, most = 0.0, 0.0, 2.0, 1.0, 0.0
    at, step = 0, 2 * _FINEST
    stride = step
    while True:
        for j in range(at, len(_WEIGHT), stride):
            for u in (-j / _FINEST, j / _FINEST):
                mass = _on_ray(near, u, frame, metres, inside, scratch)
                total += _WEIGHT[j] * mass
                whole += _WEIGHT[j]
                least, most = min(least, mass), max(most, mass)
                if j == 0:
                    break
        before, answer = answer, total / whole
        is_straight = most - least <= SETTLED and step * step <= bulge
        is_settled = step <= trusted and abs(answer - before) <= SETTLED
        if step <= 1 or is_straight or is_settled:
            return answer
        stride, step = step, step // 2
        at = step


@numba.njit(cache=True)
def _certain(distance_m: float, reach_m: float, metres: float, inside: int) -> float:
    """1 or 0 where no edge is within reach; else not a number."""
    if inside == 1:
        return 1.0 if distance_m > reach_m or reach_m <= 0.0 else np.nan
    if inside == 0 and distance_m <= reach_m and reach_m > 0.0:
        return np.nan
    if distance_m <= metres - reach_m:
        return 1.0
    return 0.0 if distance_m > metres + reach_m or reach_m <= 0.0 else np.nan


@numba.njit(cache=True)
def _radius(spreads: Spreads, i: int) -> float:
    """Metres about a middle within which all but a trifle of the mass lies."""
    east, across, north = spreads.east[i], spreads.across[i], spreads.north[i]
    first, second = east * east, across * across + north * north
    greatest = (first + second) / 2 + math.hypot((first - second) / 2, east * across)
    return _SIGMAS * math.sqrt(greatest) + 2 * _BESIDE_REACH_M


@numba.njit(cache=True, parallel=True)
def _masses(
    segments: Floats,
    boxes: Floats,
    spreads: Spreads,
    distances_m: Floats,
    has_inside: bool,
    out: Floats,
) -> None:
    count = len(spreads.lat)
    for chunk in numba.prange((count + _AT_ONCE - 1) // _AT_ONCE):
        near = np.empty((len(segments), COLUMNS))
        scratch = np.empty((3, 2 * len(segments) + 2))
        for i in range(chunk * _AT_ONCE, min((chunk + 1) * _AT_ONCE, count)):
            away, farthest = spreads.distance_m[i], -1.0
            inside = int(spreads.is_inside[i]) if has_inside else -1
            for m in range(len(distances_m)):
                out[i, m] = _certain(away, spreads.reach_m[i], distances_m[m], inside)
                if np.isnan(out[i, m]):
                    farthest = max(farthest, distances_m[m])
            if farthest < 0.0:
                continue
            radius = _radius(spreads, i)
            limit = max(farthest * 1.02 + radius, away * 1.02)
            kept, least = collect(segments, boxes, spreads.lat[i], spreads.lon[i], limit, near)
            # The nearest are judged at the exact distance, but not where that is only a bound.
            scale = away / least if abs(away - least) < 0.02 * least else 1.0
            frame = _frame(spreads, i)
            turn(near[:kept], frame)
            inside = int(spreads.is_beside[i]) if has_inside else -1
            # From the greatest distance down, so that ever fewer segments are left to look at.
            for m in range(len(distances_m) - 1, -1, -1):
                if np.isnan(out[i, m]):
                    metres = distances_m[m] / scale
                    kept = keep(near, kept, metres + radius)
                    out[i, m] = _across_rays(near[:kept], frame, metres, inside, scratch)
