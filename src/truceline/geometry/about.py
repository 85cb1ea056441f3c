"""Signed distances of many points about a middle one, in the plane of that middle.

Points that stand for one place lie close together: the few segments that any of them can be
nearest to are found once, in metres about the middle, and each point then costs a handful of
multiplications. The plane is scaled so that the middle's own distance is the exact one.
"""

import math
from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from truceline.geometry.distance import LineIndex, scales

Floats = npt.NDArray[np.float64]

BESIDE_M = (0.37, 0.73)
"""East and north metres from a middle to the point from which sides of a zone are counted."""
_BESIDE_REACH_M = 1.0  # no less than the length of BESIDE_M


class Middles(NamedTuple):
    """Middles of places: where they are, how far their points spread, what is known of each.

    `distance_m` is the exact distance of the middle, `side` 1 or -1: left or right of a line,
    outside or inside a zone (of the point BESIDE_M it). `east`, `across`, `north` turn standard points into metres.
    """

    lat: Floats
    lon: Floats
    east: Floats
    across: Floats
    north: Floats
    distance_m: Floats
    side: Floats


def signed_about(
    line: LineIndex, middles: Middles, z: Floats, *, is_zone: bool, needs_distance: bool
) -> Floats:
    """Signed metres of each point of each middle, `(n, points)`.

    Parameters
    ----------
    line
        A line, or the rings of a zone.
    middles
        `n` middles.
    z
        `(points, 2)` standard points.
    is_zone
        The sign says outside (positive) or inside; otherwise left (positive) or right.
    needs_distance
        False: only signs are wanted, and every value is 1 or -1.

    Examples
    --------
    >>> from truceline.geometry.distance import index_line
    >>> line = index_line([[(37.0, 48.0), (39.0, 48.0)]])
    >>> one = [np.array([v]) for v in (48.01, 38.0, 10.0, 0.0, 10.0, 1111.9, 1.0)]
    >>> z = np.array([[0.0, 0.0], [0.0, 1.0]])
    >>> signed_about(line, Middles(*one), z, is_zone=False, needs_distance=True).round(1).tolist()
    [[1111.9, 1121.9]]
    """
    out = np.empty((len(middles.lat), len(z)))
    _about(line.segments, middles, np.ascontiguousarray(z), is_zone, needs_distance, out)
    return out


@numba.njit(cache=True, inline="always")
def _squared(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> float:
    dx, dy = bx - ax, by - ay
    along = ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy)
    along = min(1.0, max(0.0, along))
    ex, ey = px - ax - along * dx, py - ay - along * dy
    return ex * ex + ey * ey


@numba.njit(cache=True)
def _near(
    segments: Floats, lat: float, lon: float, limit_m: float, out: Floats
) -> tuple[int, float]:
    """Segments within a distance of a middle, in metres about it, each with its distance."""
    east_m, north_m = scales(lat)
    kept, best = 0, np.inf
    for s in range(len(segments)):
        ay, by = (segments[s, 1] - lat) * north_m, (segments[s, 3] - lat) * north_m
        if min(ay, by) > limit_m or max(ay, by) < -limit_m:
            continue
        ax, bx = (segments[s, 0] - lon) * east_m, (segments[s, 2] - lon) * east_m
        if min(ax, bx) > limit_m or max(ax, bx) < -limit_m:
            continue
        squared = _squared(ax, ay, bx, by, 0.0, 0.0)
        best = min(best, squared)
        if squared <= limit_m * limit_m:
            out[kept, 0], out[kept, 1], out[kept, 2], out[kept, 3] = ax, ay, bx, by
            out[kept, 4] = math.sqrt(squared)
            out[kept, 5] = 1.0 / ((bx - ax) ** 2 + (by - ay) ** 2)
            kept += 1
    return kept, math.sqrt(best)


@numba.njit(cache=True, inline="always")
def _crossed(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> bool:
    """Whether the way from the origin to a point crosses a segment."""
    turn_a, turn_b = ax * py - ay * px, bx * py - by * px
    if (turn_a > 0) == (turn_b > 0):
        return False
    dx, dy = bx - ax, by - ay
    start, end = -dx * ay + dy * ax, dx * (py - ay) - dy * (px - ax)
    return (start > 0) != (end > 0)


@numba.njit(cache=True, inline="always")
def _parity(near: Floats, px: float, py: float) -> float:
    """-1 where the way from beside the middle to a point crosses an odd number of segments."""
    sign, reach = 1.0, math.sqrt(px * px + py * py) + _BESIDE_REACH_M
    east, north = BESIDE_M
    for s in range(len(near)):
        if near[s, 4] > reach:
            break
        ax, ay, bx, by = (
            near[s, 0] - east,
            near[s, 1] - north,
            near[s, 2] - east,
            near[s, 3] - north,
        )
        if _crossed(ax, ay, bx, by, px - east, py - north):
            sign = -sign
    return sign


@numba.njit(cache=True, inline="always")
def _metres(near: Floats, px: float, py: float) -> tuple[float, float]:
    """Metres to the nearest segment, and 1 or -1: left or right of it."""
    best, turn = np.inf, 0.0
    moved = math.sqrt(px * px + py * py)
    for s in range(len(near)):
        # From here on every segment lies farther off than the best, wherever the point went.
        least = near[s, 4] - moved
        if least > 0 and least * least > best * (1 + 1e-9):
            break
        dx, dy = near[s, 2] - near[s, 0], near[s, 3] - near[s, 1]
        ex, ey = px - near[s, 0], py - near[s, 1]
        along = min(1.0, max(0.0, (ex * dx + ey * dy) * near[s, 5]))
        fx, fy = ex - along * dx, ey - along * dy
        squared = fx * fx + fy * fy
        if squared <= best * (1 + 1e-12):
            left = (dx * ey - dy * ex) * math.sqrt(near[s, 5])
            # At a corner both segments are equally near: the one at the wider angle decides.
            if squared < best * (1 - 1e-12) or abs(left) > abs(turn):
                best, turn = squared, left
    return math.sqrt(best), 1.0 if turn >= 0 else -1.0


@numba.njit(cache=True, parallel=True)
def _about(
    segments: Floats, middles: Middles, z: Floats, is_zone: bool, needs_distance: bool, out: Floats
) -> None:
    widest = 0.0
    for k in range(len(z)):
        widest = max(widest, math.hypot(z[k, 0], z[k, 1]))
    for i in numba.prange(len(middles.lat)):
        east, across, north = middles.east[i], middles.across[i], middles.north[i]
        radius = widest * math.sqrt(east * east + across * across + north * north)
        limit = radius * 1.01 + 2 * _BESIDE_REACH_M
        if needs_distance:
            limit = middles.distance_m[i] * 1.01 + 2 * limit
        found = np.empty((len(segments), 6))
        kept, least = _near(segments, middles.lat[i], middles.lon[i], limit, found)
        near = found[:kept][np.argsort(found[:kept, 4])]
        scale = 1.0
        if needs_distance and abs(middles.distance_m[i] - least) < 0.02 * least:
            scale = middles.distance_m[i] / least  # not where the distance is only a bound
        for k in range(len(z)):
            px = east * z[k, 0]
            py = across * z[k, 0] + north * z[k, 1]
            metres, sign = 1.0, 1.0
            if needs_distance:
                metres, sign = _metres(near, px, py)
            if is_zone:
                sign = middles.side[i] * _parity(near, px, py)
            out[i, k] = sign * metres * scale
