"""Whether something that was silent between two fixes went into an area: a Brownian bridge.

Between two fixes at A and B, T seconds apart, the place at time t is normal about the straight way,
with deviation `wander * sqrt(t (T - t) / T)` on each axis. Paths are stepped through that law; what a
step may have touched between its ends counts with the chance exp(-2 a b / (wander^2 dt)) of a bridge
from a to b metres off a straight edge, which is exact for a straight edge.
"""

import math
from functools import cache

import numba
import numpy as np
import numpy.typing as npt

from truceline.geometry.sample import standard_normal

Floats = npt.NDArray[np.float64]

STEPS = 32  # moments of a path that are looked at
_BASES = 512  # paths before mirroring: within 0.03 of the exact figure for a straight edge
# An axis strays by D / sqrt(2) at some time with a chance of at most 2 exp(-D^2 / (wander^2 T)), so both
# together leave the straight way by D with at most twice that; where it is less, nothing is stepped.
NEGLIGIBLE = 0.005
_TERNARY = 40  # halvings that settle the nearest detour to well below a metre


def entry_probability(
    start_m: Floats,
    end_m: Floats,
    silent_s: Floats,
    edges_m: Floats,
    wander: float,
    speed_m_s: float,
) -> Floats:
    """Probability that something went into an area while it was silent.

    Parameters
    ----------
    start_m, end_m
        `(n, 2)` east and north metres of the last fix before and the first after, both outside.
    silent_s
        `(n,)` seconds between them.
    edges_m
        `(edges, 4)` the area's edges: east and north of one end, then of the other.
    wander
        Metres per square root of a second by which it strays from the straight way.
    speed_m_s
        The most it can do. What cannot reach the area and be back in time is 0: no claim goes beyond
        the ground that it could have covered. So is what is surely below `NEGLIGIBLE`.

    Returns
    -------
    array
        `(n,)`; mirrored places give the same figures, bit for bit up to rounding.

    References
    ----------
    Hitting a line: Borodin and Salminen, "Handbook of Brownian Motion" (2002).

    Examples
    --------
    >>> far = np.array([[-1e6, 0.0, 1e6, 0.0], [1e6, 0.0, 1e6, 1e6], [1e6, 1e6, -1e6, 1e6],
    ...                 [-1e6, 1e6, -1e6, 0.0]])
    >>> below = np.array([[0.0, -5000.0]])
    >>> p = entry_probability(below, below, np.array([3600.0]), far, 100.0, 30.0)
    >>> bool(abs(p[0] - math.exp(-2 * 5000.0**2 / (100.0**2 * 3600.0))) < 0.03)
    True
    >>> entry_probability(below, below, np.array([300.0]), far, 100.0, 30.0).tolist()
    [0.0]
    """
    return _entries(
        np.ascontiguousarray(start_m, dtype=np.float64),
        np.ascontiguousarray(end_m, dtype=np.float64),
        np.ascontiguousarray(silent_s, dtype=np.float64),
        np.ascontiguousarray(edges_m, dtype=np.float64),
        _normals(),
        wander,
        speed_m_s,
    )


@cache
def _normals() -> Floats:
    """`(paths, steps, 2)` standard normal steps: even at every step, and mirrored path by path.

    The order of the points at each step is that of a hash of their numbers (SplitMix64), so that
    steps do not go together; the same figures on every machine.
    """
    even = standard_normal(_BASES)
    made = np.empty((_BASES, STEPS, 2))
    for step in range(STEPS):
        mixed = np.arange(_BASES, dtype=np.uint64) + np.uint64(_BASES * (step + 1))
        with np.errstate(over="ignore"):
            mixed = mixed * np.uint64(0x9E3779B97F4A7C15)
            mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        made[:, step] = even[np.argsort(mixed ^ (mixed >> np.uint64(31)), kind="stable")]
    signs = [(1.0, 1.0), (-1.0, 1.0), (1.0, -1.0), (-1.0, -1.0)]
    return np.concatenate([made * np.array(sign) for sign in signs])


@numba.njit(cache=True, inline="always")
def _gap2(edge: Floats, x: float, y: float) -> float:
    """Square metres from a point to an edge."""
    dx, dy = edge[2] - edge[0], edge[3] - edge[1]
    px, py = x - edge[0], y - edge[1]
    length2 = dx * dx + dy * dy
    t = 0.0 if length2 == 0.0 else (px * dx + py * dy) / length2
    t = min(1.0, max(0.0, t))
    return (px - t * dx) ** 2 + (py - t * dy) ** 2


@numba.njit(cache=True)
def _outside(edges: Floats, x: float, y: float) -> float:
    """Metres to the area's edge from outside; 0 inside."""
    nearest2, is_in = np.inf, False
    for k in range(edges.shape[0]):
        nearest2 = min(nearest2, _gap2(edges[k], x, y))
        if (edges[k, 1] > y) != (edges[k, 3] > y):
            slope = (edges[k, 2] - edges[k, 0]) / (edges[k, 3] - edges[k, 1])
            if x < edges[k, 0] + slope * (y - edges[k, 1]):
                is_in = not is_in
    return 0.0 if is_in else math.sqrt(nearest2)


@numba.njit(cache=True)
def _detour(edges: Floats, ax: float, ay: float, bx: float, by: float) -> float:
    """The shortest way from A to B that touches an edge, metres: convex along each edge."""
    best = np.inf
    for k in range(edges.shape[0]):
        x0, y0 = edges[k, 0], edges[k, 1]
        dx, dy = edges[k, 2] - x0, edges[k, 3] - y0
        low, high = 0.0, 1.0
        for _ in range(_TERNARY):
            one, two = low + (high - low) / 3.0, high - (high - low) / 3.0
            x, y = x0 + one * dx, y0 + one * dy
            u, v = x0 + two * dx, y0 + two * dy
            first = math.hypot(x - ax, y - ay) + math.hypot(x - bx, y - by)
            second = math.hypot(u - ax, v - ay) + math.hypot(u - bx, v - by)
            if first <= second:
                high = two
            else:
                low = one
        x, y = x0 + low * dx, y0 + low * dy
        best = min(best, math.hypot(x - ax, y - ay) + math.hypot(x - bx, y - by))
    return best


@numba.njit(cache=True)
def _crosses(edges: Floats, ax: float, ay: float, bx: float, by: float) -> bool:
    """Whether the straight way from A to B meets an edge."""
    for k in range(edges.shape[0]):
        px, py, qx, qy = edges[k, 0], edges[k, 1], edges[k, 2], edges[k, 3]
        one = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
        two = (bx - ax) * (qy - ay) - (by - ay) * (qx - ax)
        three = (qx - px) * (ay - py) - (qy - py) * (ax - px)
        four = (qx - px) * (by - py) - (qy - py) * (bx - px)
        if (one > 0.0) != (two > 0.0) and (three > 0.0) != (four > 0.0):
            return True
    return False


@numba.njit(cache=True)
def _aside(edges: Floats, ax: float, ay: float, bx: float, by: float) -> float:
    """Metres from the straight way between A and B to the nearest edge."""
    if _crosses(edges, ax, ay, bx, by):
        return 0.0
    way = np.array([ax, ay, bx, by])
    nearest2 = np.inf
    for k in range(edges.shape[0]):
        ends2 = min(_gap2(way, edges[k, 0], edges[k, 1]), _gap2(way, edges[k, 2], edges[k, 3]))
        nearest2 = min(nearest2, ends2, _gap2(edges[k], ax, ay), _gap2(edges[k], bx, by))
    return math.sqrt(nearest2)


@numba.njit(cache=True)
def _missed(
    edges: Floats, steps: Floats, start: Floats, end: Floats, silent_s: float, wander: float
) -> float:
    """Probability that one path never touches the area."""
    count = steps.shape[0]
    dt = silent_s / count
    x, y = start[0], start[1]
    off = _outside(edges, x, y)
    missed = 1.0
    for k in range(count):
        left = silent_s - k * dt
        spread = wander * math.sqrt(max(0.0, dt * (left - dt) / left))
        u = x + (end[0] - x) * dt / left + spread * steps[k, 0]
        v = y + (end[1] - y) * dt / left + spread * steps[k, 1]
        then = _outside(edges, u, v)
        if then == 0.0 or off == 0.0:
            return 0.0
        is_long = (u - x) ** 2 + (v - y) ** 2 > off * off  # a shorter step cannot reach an edge
        if is_long and _crosses(edges, x, y, u, v):
            return 0.0
        missed *= 1.0 - math.exp(-2.0 * off * then / (wander * wander * dt))
        x, y, off = u, v, then
    return missed


@numba.njit(cache=True, parallel=True)
def _entries(
    start: Floats,
    end: Floats,
    silent_s: Floats,
    edges: Floats,
    normals: Floats,
    wander: float,
    speed_m_s: float,
) -> Floats:
    found = np.zeros(silent_s.size)
    for i in numba.prange(silent_s.size):
        way = _detour(edges, start[i, 0], start[i, 1], end[i, 0], end[i, 1])
        if silent_s[i] <= 0.0 or way > speed_m_s * silent_s[i]:
            continue
        aside = _aside(edges, start[i, 0], start[i, 1], end[i, 0], end[i, 1])
        if 4.0 * math.exp(-aside * aside / (wander * wander * silent_s[i])) < NEGLIGIBLE:
            continue
        missed = 0.0
        for path in range(normals.shape[0]):
            missed += _missed(edges, normals[path], start[i], end[i], silent_s[i], wander)
        found[i] = 1.0 - missed / normals.shape[0]
    return found
