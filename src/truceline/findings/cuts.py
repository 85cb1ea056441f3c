"""Conditions on a place as cuts: ground within a distance of a surface, or on one side of it.

A band is what lies within its far edge less what lies within its near one; left of a line is what
is not right of it. So each condition is a sum of cuts, each cut is weighed by exact chords
(`geometry.chord`), and conditions that are measured from one surface share its segments.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from truceline.findings.contract import Where
from truceline.findings.ground import EDGE_M, surface_key
from truceline.findings.placed import Components, Rows, Scene, Truths
from truceline.geometry.about import BESIDE_M
from truceline.geometry.chord import Spreads, mass_within
from truceline.geometry.distance import nearest
from truceline.geometry.offset import between, moved
from truceline.geometry.sample import factor
from truceline.geometry.zone_index import inside

Floats = npt.NDArray[np.float64]

_NEITHER, _ZONE, _LEFT, _RIGHT = "neither", "zone", "left", "right"


class Cut(NamedTuple):
    """Ground within so many metres of a surface, or on this side of it (or inside the zone)."""

    surface: tuple[str, str]
    side: str
    metres: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """A probability as a number and cuts that are added to it or taken from it."""

    base: float
    cuts: tuple[tuple[float, Cut], ...]


def sum_of(where: Where) -> Sum:
    """The cuts of a condition, as `ground.holds` judges single points.

    Examples
    --------
    >>> band = sum_of(Where(line="front", from_m=5_000.0, to_m=15_000.0))
    >>> [(sign, cut.metres) for sign, cut in band.cuts]
    [(1.0, 14999.5), (-1.0, 4999.5)]
    """
    key = surface_key(where)
    to_m = np.inf if where.to_m is None else where.to_m
    if where.zone is not None:
        return Sum(base=0.0, cuts=((1.0, Cut(key, _ZONE, to_m)),))
    low, high = (where.from_m or 0.0) - EDGE_M, to_m - EDGE_M
    if where.side is not None:
        most, least = _beyond(key, where.side, low), _beyond(key, where.side, high)
        taken = tuple((-sign, cut) for sign, cut in least.cuts)
        return Sum(base=most.base - least.base, cuts=(*most.cuts, *taken))
    base, cuts = (1.0, []) if high == np.inf else (0.0, [(1.0, Cut(key, _NEITHER, high))])
    if where.from_m:
        cuts.append((-1.0, Cut(key, _NEITHER, low)))
    return Sum(base=base, cuts=tuple((sign, cut) for sign, cut in cuts if cut.metres > 0))


def _beyond(key: tuple[str, str], side: str, metres: float) -> Sum:
    """On this side and at least so far from the line; less than nothing: so far over it too."""
    if metres == np.inf:
        return Sum(base=0.0, cuts=())
    if metres <= 0:
        return Sum(base=0.0, cuts=((1.0, Cut(key, side, -metres)),))
    other = _RIGHT if side == _LEFT else _LEFT
    return Sum(base=1.0, cuts=((-1.0, Cut(key, other, metres)),))


def exact(scene: Scene, wheres: Iterable[Where]) -> dict[Where, Floats]:
    """Probability of each condition for each component where it is open; else not a number.

    Not a number too where chords cannot tell: for a side of a line, near a loose end of it.
    """
    sums = {where: sum_of(where) for where in wheres}
    is_open = {where: scene.judged[where].is_open() & can_tell(scene, where) for where in sums}
    groups: dict[tuple[tuple[str, str], str], set[float]] = {}
    rows: dict[tuple[tuple[str, str], str], Truths] = {}
    for where, whole in sums.items():
        for _, cut in whole.cuts:
            group = (cut.surface, cut.side)
            groups.setdefault(group, set()).add(cut.metres)
            rows[group] = rows.get(group, np.False_) | is_open[where]
    mass: dict[Cut, Floats] = {}
    for group, metres in groups.items():
        wanted = sorted(metres)
        into = np.flatnonzero(rows[group])
        found = _weighed(scene, *group, np.array(wanted), into)
        for number, each in enumerate(wanted):
            mass[Cut(*group, each)] = found[:, number]
    return {
        where: _added(scene, where, whole, mass, is_open[where]) for where, whole in sums.items()
    }


def _added(
    scene: Scene, where: Where, whole: Sum, mass: Mapping[Cut, Floats], is_open: Truths
) -> Floats:
    total = np.full(len(is_open), whole.base)
    for sign, cut in whole.cuts:
        total += sign * mass[cut]
    np.clip(total, 0.0, 1.0, out=total)
    total[~is_open] = np.nan
    # A place without any spread is a point: it meets the condition or not.
    dot = np.flatnonzero(is_open & (scene.reach_m <= 0.0))
    total[dot] = scene.judged[where].margin[dot] >= 0.0
    return total


def _weighed(
    scene: Scene, surface: tuple[str, str], side: str, metres: Floats, into: Rows
) -> Floats:
    """Mass of cuts from one surface for some components; not a number for the others."""
    found = np.full((len(scene.reach_m), len(metres)), np.nan)
    if not len(into):
        return found
    placed, near = scene.placed.take(into), scene.seen[surface].near
    is_inside, is_beside = _sides(scene, surface, side, placed, into)
    spreads = Spreads(
        placed.lat,
        placed.lon,
        *factor(placed.var_east_m2, placed.cov_en_m2, placed.var_north_m2),
        near.distance_m[into],
        near.east[into],
        near.north[into],
        scene.reach_m[into],
        is_inside,
        is_beside,
    )
    edge = scene.surfaces[surface].edge
    found[into] = mass_within(edge, spreads, metres, has_inside=side != _NEITHER)
    return found


def _sides(
    scene: Scene, surface: tuple[str, str], side: str, placed: Components, into: Rows
) -> tuple[Truths, Truths]:
    """Whether each middle, and the point beside it, is in the zone or on the side."""
    if side == _NEITHER:
        none = np.zeros(len(into), np.bool_)
        return none, none
    lat, lon = moved(placed.lat, placed.lon, *(np.array(metres) for metres in BESIDE_M))
    seen, area = scene.seen[surface], scene.surfaces[surface].area
    if seen.is_inside is not None and area is not None:
        return seen.is_inside[into], inside(area, lon, lat, 0)
    sign = 1 if side == _LEFT else -1
    beside = nearest(scene.surfaces[surface].edge, lat, lon).side
    return seen.near.side[into] == sign, beside == sign


def can_tell(scene: Scene, where: Where) -> Truths:
    """Whether left and right of a line are parted by the line alone, as far as a place reaches.

    Beyond a loose end they meet on open ground, and of several paths each has its own left.
    """
    count = len(scene.reach_m)
    if where.side is None:
        return np.ones(count, np.bool_)
    surface = scene.surfaces[surface_key(where)]
    if not surface.is_one_path:
        return np.zeros(count, np.bool_)
    near, placed = scene.seen[surface_key(where)].near, scene.placed
    told = ~near.is_open
    for segment, end in zip(*np.nonzero(surface.edge.is_end), strict=True):
        lon, lat = surface.edge.segments[segment, 2 * end : 2 * end + 2]
        away = np.hypot(*between(np.asarray(lat), np.asarray(lon), placed.lat, placed.lon))
        told &= away > near.distance_m + 2.1 * scene.reach_m
    return told
