"""The ground: a line of contact from west to east, zones about it, and the places with names.

The line runs from west to east because the local plane is true across such a line: north metres are
true everywhere, and east metres are off by less than 1 % within 100 km of the reference latitude,
where everything happens. Side A lies on the left of the line as it is drawn.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from truceline.geometry.plane import to_degrees
from truceline.model.errors import SettingsError
from truceline.simulation.columns import Bools, Floats, Ground, Ints, Settlements
from truceline.simulation.contract import Streams

NUMBERS: Mapping[str, Any] = {
    "origin_lat": 48.4,  # assumed: where the gazetteer knows most names; no real line is near
    "origin_lon": 25.4,  # assumed
    "length_km": 120.0,  # assumed; real fronts had 420 km (Donbas) to 1,200 km
    "bend_km": 6.0,  # assumed: standard deviation of the bends of the walk behind the line
    "vertex_km": 5.0,  # assumed: distance between vertices, where places with names allow it
    "width_m": 400.0,  # between forward positions; some hundred metres to kilometres in Donbas; assumed
    "truce_km": 30.0,  # to each side; the security zone of 2014 was 15 km (OSCE SMM)
    "disengagements": 3,  # Stanytsia Luhanska, Zolote, Petrivske (OSCE SMM)
    "disengagement_km": 2.0,  # 2 km by 2 km: Framework Decision of 2016
    "range_at_km": 24.0,  # assumed: training ranges lie this far behind the line
    "range_radius_km": 3.0,  # assumed
    "ranges": 2,  # assumed: training ranges a side
    "sea_from_km": None,  # east of this the ground is sea; absent: none
}

WIDEST_M = 1_000.0  # of ground that nobody holds; assumed

_AND_SOME = 1 + 1e-9  # more than a square can be off
_STEP_M = 2_000.0  # least distance along the line between vertices; assumed
_STEEP = 3.0  # how much the line shuns legs that run north or south; assumed
_ASIDE_M = (400.0, 1_500.0)  # how far the line passes by the middle of a place; assumed


def lay(numbers: Mapping[str, Any], settlements: Settlements, streams: Streams) -> Ground:
    """A ground from its numbers.

    Parameters
    ----------
    numbers
        `NUMBERS` with the scenario's changes.
    settlements
        Places with names, in metres about the origin of `numbers`.
    streams
        A generator for each name.

    Raises
    ------
    SettingsError
        The line is wider than rifles reach across.
    """
    if not 0 <= float(numbers["width_m"]) <= WIDEST_M:
        msg = (
            f"world.ground.width_m is {numbers['width_m']}; give 0 to {WIDEST_M:g} metres: rifles "
            "reach no farther across"
        )
        raise SettingsError(msg)
    line_m = _line(numbers, settlements, streams("world/ground/line"))
    ground = Ground(
        origin_lat=float(numbers["origin_lat"]),
        origin_lon=float(numbers["origin_lon"]),
        line_m=line_m,
        zones_m={},
        settlements=settlements,
        width_m=float(numbers["width_m"]),
    )
    rng = streams("world/ground/zones")
    return replace(ground, zones_m=_zones(numbers, ground, rng))


def _line(numbers: Mapping[str, Any], settlements: Settlements, rng: Generator) -> Floats:
    """From place to place: real lines of contact stood at the edges of towns and villages.

    A walk says where the line would go where nobody lives. Of all ways from its west end to its east
    end over places near the walk, the cheapest one is taken (shortest path over places in order).
    """
    half_m = float(numbers["length_km"]) * 500.0
    x_m, y_m = _walk(numbers, half_m, rng)
    bend_m, vertex_m = 1000.0 * float(numbers["bend_km"]), 1000.0 * float(numbers["vertex_km"])
    aside_m = rng.choice([-1.0, 1.0], len(settlements)) * rng.uniform(*_ASIDE_M, len(settlements))
    off_m = settlements.y_m - np.interp(settlements.x_m, x_m, y_m)
    may = (np.abs(settlements.x_m) < half_m - _STEP_M) & (np.abs(off_m) < 3 * bend_m)
    order = np.flatnonzero(may)[np.argsort(settlements.x_m[may], kind="stable")]
    px = np.concatenate([x_m[:1], settlements.x_m[order], x_m[-1:]])
    py = np.concatenate([y_m[:1], (settlements.y_m + aside_m)[order], y_m[-1:]])
    toll = np.concatenate([[0.0], (off_m[order] / (2 * bend_m)) ** 2, [0.0]])
    return np.column_stack([px, py])[_cheapest(px, py, toll, vertex_m)]


def _walk(numbers: Mapping[str, Any], half_m: float, rng: Generator) -> tuple[Floats, Floats]:
    count = max(4, round(2 * half_m / (1000.0 * float(numbers["vertex_km"]))) + 1)
    # A walk that is pulled back (first-order autoregression) bends without drifting away.
    pull, bend_m = 0.8, 1000.0 * float(numbers["bend_km"])
    steps = rng.normal(0.0, bend_m * np.sqrt(1 - pull**2), count)
    y_m = np.zeros(count)
    for number in range(1, count):
        y_m[number] = pull * y_m[number - 1] + steps[number]
    return np.linspace(-half_m, half_m, count), y_m - y_m.mean()


def _cheapest(x_m: Floats, y_m: Floats, toll: Floats, vertex_m: float) -> list[int]:
    """Stops on the cheapest way from the first to the last; long legs and steep ones cost more."""
    cost, before = np.full(len(x_m), np.inf), np.zeros(len(x_m), dtype=np.int64)
    cost[0] = 0.0
    for at in range(1, len(x_m)):
        run_m = x_m[at] - x_m[:at]
        with np.errstate(divide="ignore", invalid="ignore"):
            leg = (run_m / vertex_m) ** 2 + _STEEP * ((y_m[at] - y_m[:at]) / run_m) ** 2
        way = np.where(run_m >= _STEP_M, cost[:at] + leg, np.inf)
        before[at] = int(np.argmin(way))
        cost[at] = way[before[at]] + toll[at]
    stops = [len(x_m) - 1]
    while stops[-1] > 0:
        stops.append(int(before[stops[-1]]))
    return stops[::-1]


def _zones(numbers: Mapping[str, Any], ground: Ground, rng: Generator) -> dict[str, Floats]:
    half_m = float(numbers["length_km"]) * 500.0
    reach_m = 1000.0 * float(numbers["truce_km"])
    zones = {"truce-area": _band(ground.line_m, reach_m)}
    size_m = 1000.0 * float(numbers["disengagement_km"])
    count = int(numbers["disengagements"])
    for number in range(count):
        share = (number + rng.uniform(0.3, 0.7)) / count
        x_m = half_m * (2 * share - 1)
        zones[f"disengagement-{number + 1}"] = _box(x_m, float(line_y(ground, x_m)), size_m / 2)
    for side, sign in (("a", 1.0), ("b", -1.0)):
        for number in range(int(numbers["ranges"])):
            share = (number + 0.5) / int(numbers["ranges"])
            x_m = half_m * (2 * share - 1)
            y_m = float(line_y(ground, x_m)) + sign * 1000.0 * float(numbers["range_at_km"])
            zones[f"range-{side}{number + 1}"] = _box(
                x_m, y_m, 1000.0 * float(numbers["range_radius_km"])
            )
    if numbers["sea_from_km"] is not None:
        from_m = 1000.0 * float(numbers["sea_from_km"])
        # The sound: the water next to the coast, 20 km long, across the line of contact.
        x_m = from_m + 12_000.0
        zones["sound"] = _box(x_m, float(line_y(ground, x_m)), 10_000.0)
    return zones


def _band(line_m: Floats, reach_m: float) -> Floats:
    north = line_m + np.array([0.0, reach_m])
    south = line_m - np.array([0.0, reach_m])
    return np.concatenate([south, north[::-1]])


def _box(x_m: float, y_m: float, half_m: float) -> Floats:
    corners = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    return np.array([x_m, y_m]) + half_m * corners


def mirrored(ground: Ground) -> Ground:
    """The same ground with the sides exchanged: the line is drawn from its other end.

    Training ranges change hands with the ground that they lie on.
    """
    swap = {"range-a": "range-b", "range-b": "range-a"}
    zones = {swap.get(name[:7], name[:7]) + name[7:]: ring for name, ring in ground.zones_m.items()}
    return replace(ground, line_m=ground.line_m[::-1].copy(), zones_m=dict(sorted(zones.items())))


def line_y(ground: Ground, x_m: npt.ArrayLike) -> Floats:
    """Metres north of the line of contact at each `x_m`; the ends go on straight.

    Examples
    --------
    >>> from truceline.simulation.world.ground import plain
    >>> line_y(plain(), [0.0, 5000.0]).tolist()
    [0.0, 0.0]
    """
    line = ground.line_m if ground.line_m[0, 0] < ground.line_m[-1, 0] else ground.line_m[::-1]
    return np.interp(np.asarray(x_m, dtype=np.float64), line[:, 0], line[:, 1])


def signed_distance_m(ground: Ground, x_m: Floats, y_m: Floats) -> Floats:
    """Metres from the line of contact, positive on side A.

    Parameters
    ----------
    ground
        The ground.
    x_m, y_m
        `(n,)` metres.

    Examples
    --------
    >>> signed_distance_m(plain(), np.array([0.0, 0.0]), np.array([300.0, -20.0])).tolist()
    [300.0, -20.0]
    """
    west_to_east = ground.line_m[0, 0] < ground.line_m[-1, 0]
    above = np.where(y_m >= line_y(ground, x_m), 1.0, -1.0) * (1.0 if west_to_east else -1.0)
    return above * distance_to_line_m(ground.line_m, x_m, y_m)


def side_of(ground: Ground, x_m: Floats, y_m: Floats) -> Ints:
    """0 for side A, 1 for side B, by where each point lies."""
    return (signed_distance_m(ground, x_m, y_m) < 0).astype(np.int64)


def distance_to_line_m(line_m: Floats, x_m: Floats, y_m: Floats) -> Floats:
    """Metres from each point to the nearest point of a polyline of `(vertices, 2)`.

    Examples
    --------
    >>> distance_to_line_m(plain().line_m, np.array([0.0]), np.array([-40.0])).tolist()
    [40.0]
    """
    return _distances(np.ascontiguousarray(line_m), _flat(x_m), _flat(y_m))


def inside(ring_m: Floats, x_m: Floats, y_m: Floats) -> Bools:
    """Whether each point lies in a ring of `(vertices, 2)`; by crossings of a ray to the east.

    Examples
    --------
    >>> square = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]])
    >>> inside(square, np.array([1.0, 3.0]), np.array([1.0, 1.0])).tolist()
    [True, False]
    """
    return _crossed(np.ascontiguousarray(ring_m), _flat(x_m), _flat(y_m))


def _flat(values: Floats) -> Floats:
    return np.ascontiguousarray(values, dtype=np.float64)


@numba.njit(cache=True)
def _distances(line_m: Floats, x_m: Floats, y_m: Floats) -> Floats:
    found = np.empty(len(x_m))
    for row in range(len(x_m)):
        best = np.inf
        for leg in range(len(line_m) - 1):
            ax, ay = line_m[leg, 0], line_m[leg, 1]
            bx = line_m[leg + 1, 0]
            # Legs that lie farther east or west than the nearest one, and some, are left out.
            beyond = max(min(ax, bx) - x_m[row], x_m[row] - max(ax, bx))
            if beyond > 0 and beyond * beyond > best * _AND_SOME:
                continue
            dx, dy = bx - ax, line_m[leg + 1, 1] - ay
            px, py = x_m[row] - ax, y_m[row] - ay
            share = min(max((px * dx + py * dy) / (dx * dx + dy * dy), 0.0), 1.0)
            best = min(best, (px - share * dx) ** 2 + (py - share * dy) ** 2)
        found[row] = np.sqrt(best)
    return found


@numba.njit(cache=True)
def _crossed(ring_m: Floats, x_m: Floats, y_m: Floats) -> Bools:
    found = np.zeros(len(x_m), dtype=np.bool_)
    low, high = np.inf, -np.inf
    for row in range(len(y_m)):
        low, high = min(low, y_m[row]), max(high, y_m[row])
    for corner in range(len(ring_m)):
        ax, ay = ring_m[corner, 0], ring_m[corner, 1]
        bx, by = ring_m[corner - 1, 0], ring_m[corner - 1, 1]
        if min(ay, by) > high or max(ay, by) <= low:
            continue  # an edge north of all points, or south of them
        for row in range(len(x_m)):
            if (ay > y_m[row]) != (by > y_m[row]):
                found[row] ^= x_m[row] < (bx - ax) * (y_m[row] - ay) / (by - ay) + ax
    return found


def degrees(ground: Ground, x_m: Floats, y_m: Floats) -> tuple[Floats, Floats]:
    """Latitude and longitude of points of the plane."""
    return to_degrees(x_m, y_m, ground.origin_lat, ground.origin_lon)


def local_hour(ground: Ground, at_s: Floats) -> Floats:
    """Hour by the sun at the ground's origin, 0 to 24.

    Examples
    --------
    >>> local_hour(plain(), np.array([0.0])).round(2).tolist()
    [2.13]
    """
    return (at_s / 3600.0 + ground.origin_lon / 15.0) % 24.0


def plain(length_m: float = 100_000.0) -> Ground:
    """A straight line from west to east, side A to the north; for tests and examples."""
    names = np.array(["Перше", "Друге"], dtype=np.object_)
    settlements = Settlements(
        uk=names,
        ru=np.array(["Первое", "Второе"], dtype=np.object_),
        en=np.array(["Pershe", "Druhe"], dtype=np.object_),
        x_m=np.array([0.0, 10_000.0]),
        y_m=np.array([4_000.0, -4_000.0]),
        people=np.array([900, 12_000]),
        district=np.array([0, 1]),
    )
    line_m = np.array([[-length_m / 2, 0.0], [length_m / 2, 0.0]])
    return Ground(
        origin_lat=49.4,
        origin_lon=32.0,
        line_m=line_m,
        zones_m={"truce-area": _band(line_m, 30_000.0)},
        settlements=settlements,
    )
