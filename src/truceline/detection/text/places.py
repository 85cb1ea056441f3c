"""Where a text says it happened: candidates kept as a mixture, areas as eight Gaussians.

A feed's own point is one candidate. The text widens it to the area that it names, and narrows a
name that several places bear by how many people live there, how near the feed's point lies, and the
region or district named beside it.
"""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from truceline.detection.text.gazetteer import Component, load
from truceline.detection.text.mentions import Mention, romanised, same_name
from truceline.geometry.ellipse import axes, covariance
from truceline.model.place import COMPONENTS

METRES_PER_DEGREE = 111_195.0  # of latitude, mean sphere
FEED_ERROR_M = 10_000.0  # of a feed's point that the text does not support; assumed
VILLAGE_ERROR_M = 2_000.0  # of a settlement's point, whatever its size; assumed
NEAR_ERROR_M = 10_000.0  # more, where the text says near, under, south of; assumed
PEOPLE_PER_KM2 = 3_000.0  # built-up density, to make a radius from a population; general knowledge
DISTRICT_ERROR_M = {"raion": 40_000.0, "hromada": 15_000.0, "sector": 40_000.0, "anchor": 15_000.0}
"""95 % radius round the town that gives the district its name. A raion has some 4,400 km2 on
average (603,500 km2 in 136), a community some 410 km2 (1,469 of them); the others are assumed."""
SAME_PLACE_M = 15_000.0  # a feed's point this near to a named settlement stands for it
REACH_M = 40_000.0  # how fast a candidate loses weight with distance from an anchor
FLOOR = 0.01  # weight that distance alone never takes away
IN_NAMED_AREA = 30.0  # how much likelier a candidate is inside the region that the text names

Point = tuple[float, float]  # lat, lon


class TextPlace(NamedTuple):
    """A place read from a text: `basis` is `text`, `feed` (its point alone) or `none`."""

    kind: str | None
    name: str | None
    area_id: str | None
    components: tuple[Component, ...]
    basis: str


NOWHERE = TextPlace(None, None, None, (), "none")


def distance_m(a: Point, b: Point) -> float:
    """Metres between two points, on a local plane; good for weights, not for clauses."""
    north = (a[0] - b[0]) * METRES_PER_DEGREE
    east = (a[1] - b[1]) * METRES_PER_DEGREE * math.cos(math.radians((a[0] + b[0]) / 2))
    return math.hypot(north, east)


@lru_cache(maxsize=65_536)
def place_of(
    found: tuple[Mention, ...], point: Point | None, name: str | None, *, is_near: bool
) -> TextPlace:
    """Where it happened.

    Parameters
    ----------
    found
        What the text names.
    point, name
        The feed's own point (lat, lon) and what it calls it, if any: a candidate, not the answer.
    is_near
        Whether the text places the happening near what it names, not in it.

    Examples
    --------
    >>> oblast = Mention(0, 1, "area", "UA-59", ())
    >>> place = place_of((oblast,), (50.92, 34.8), "Sumy", is_near=False)
    >>> place.kind, place.area_id, len(place.components)
    ('area', 'UA-59', 8)
    """
    settlements = [m for m in found if m.kind == "settlement"]
    districts = [m for m in found if m.kind in DISTRICT_ERROR_M]
    areas = list(dict.fromkeys(m.key for m in found if m.kind == "area"))
    extra = NEAR_ERROR_M if is_near else 0.0
    if point and name and _names(found, name) and not _holds(settlements, point):
        error = VILLAGE_ERROR_M + extra
        return TextPlace(
            "ellipse", name, None, (Component(1.0, *point, error, error, 0.0),), "text"
        )
    if settlements:
        return _settled(settlements, districts, areas, point, extra)
    if districts:
        return _district(districts, areas, point)
    if areas:
        return _area(areas, point)
    if point is None:
        return NOWHERE
    component = Component(1.0, *point, FEED_ERROR_M, FEED_ERROR_M, 0.0)
    return TextPlace("ellipse", name, None, (component,), "feed")


def _names(found: tuple[Mention, ...], name: str) -> bool:
    """Whether the text names, in its own letters, what the feed calls its point."""
    wanted = romanised(name.split(" ")[-1])
    said = [m.key.split(" ")[-1] for m in found if m.kind in {"unlisted", "settlement"}]
    return any(same_name(romanised(word), wanted) for word in said)


def _holds(settlements: list[Mention], point: Point) -> bool:
    """Whether the gazetteer has a named settlement where the feed's point is."""
    if not settlements:
        return False
    spots = [load().settlements[n] for m in settlements for n in m.numbers]
    return min(distance_m((s.lat, s.lon), point) for s in spots) <= SAME_PLACE_M


def _error_m(population: int) -> float:
    """95 % radius of a settlement: that of its built-up area, and what its point is off."""
    return VILLAGE_ERROR_M + 1000.0 * math.sqrt(population / PEOPLE_PER_KM2 / math.pi)


def _weights(numbers: tuple[int, ...], anchors: list[Point], areas: list[str]) -> list[float]:
    gazetteer, out = load(), []
    for number in numbers:
        place = gazetteer.settlements[number]
        weight = math.sqrt(place.population + 300.0)
        weight *= IN_NAMED_AREA if place.area_id in areas else 1.0
        for anchor in anchors:
            gap = distance_m((place.lat, place.lon), anchor) / REACH_M
            weight *= max(math.exp(-gap), FLOOR)
        out.append(weight)
    total = sum(out)
    return [weight / total for weight in out]


def _anchors(districts: list[Mention], point: Point | None) -> list[Point]:
    gazetteer = load()
    anchors = [point] if point else []
    for district in districts:
        if len(district.numbers) == 1:
            place = gazetteer.settlements[district.numbers[0]]
            anchors.append((place.lat, place.lon))
    return anchors


def _near_point(settlements: list[Mention], point: Point) -> list[Mention]:
    """The named settlements that the feed's point stands for, nearest first; else all of them."""
    gazetteer = load()
    gaps = []
    for at, mention in enumerate(settlements):
        spots = [gazetteer.settlements[n] for n in mention.numbers]
        gaps.append((min(distance_m((s.lat, s.lon), point) for s in spots), at))
    gap, at = min(gaps)
    return [settlements[at]] if gap <= SAME_PLACE_M else settlements


def _settled(
    settlements: list[Mention],
    districts: list[Mention],
    areas: list[str],
    point: Point | None,
    extra_m: float,
) -> TextPlace:
    gazetteer = load()
    chosen = _near_point(settlements, point) if point else settlements
    chosen = list({m.key: m for m in chosen}.values())
    anchors = _anchors(districts, point)
    parts: list[Component] = []
    for mention in chosen:
        for number, weight in zip(
            mention.numbers, _weights(mention.numbers, anchors, areas), strict=True
        ):
            place = gazetteer.settlements[number]
            error = _error_m(place.population) + extra_m
            parts.append(Component(weight / len(chosen), place.lat, place.lon, error, error, 0.0))
    kept = _heaviest(parts)
    name = " | ".join(sorted({gazetteer.settlements[m.numbers[0]].name for m in chosen}))
    return TextPlace("ellipse" if len(kept) == 1 else "mixture", name, None, kept, "text")


def _heaviest(parts: list[Component]) -> tuple[Component, ...]:
    ordered = sorted(parts, key=lambda c: (-c.weight, c.lat, c.lon))
    kept = [c for c in ordered[:COMPONENTS] if c.weight >= 0.02 * ordered[0].weight]
    total = sum(c.weight for c in kept)
    return tuple(c._replace(weight=c.weight / total) for c in kept)


def _district(districts: list[Mention], areas: list[str], point: Point | None) -> TextPlace:
    gazetteer = load()
    parts: list[Component] = []
    for mention in districts:
        error = DISTRICT_ERROR_M[mention.kind]
        weights = _weights(mention.numbers, [point] if point else [], areas)
        for number, weight in zip(mention.numbers, weights, strict=True):
            place = gazetteer.settlements[number]
            weight /= len(districts)
            parts.append(Component(weight, place.lat, place.lon, error, error, 0.0))
    kept = _heaviest(parts)
    name = " | ".join(sorted({f"{m.kind} {m.key}" for m in districts}))
    return TextPlace("ellipse" if len(kept) == 1 else "mixture", name, None, kept, "text")


def _area(areas: list[str], point: Point | None) -> TextPlace:
    gazetteer = load()
    if len(areas) > 1 and point:
        areas = [min(areas, key=lambda a: (_gap_m(gazetteer.areas[a], point), a))]
    if len(areas) == 1:
        return TextPlace("area", areas[0], areas[0], gazetteer.areas[areas[0]], "text")
    parts = [single(gazetteer.areas[area])._replace(weight=1 / len(areas)) for area in areas]
    return TextPlace("mixture", " | ".join(areas), None, _heaviest(parts), "text")


def _gap_m(area: tuple[Component, ...], point: Point) -> float:
    return min(distance_m((c.lat, c.lon), point) for c in area)


@lru_cache(maxsize=65_536)
def single(components: tuple[Component, ...]) -> Component:
    """The one Gaussian with the mean and covariance of a mixture.

    Examples
    --------
    >>> round(single(load().areas["UA-59"]).lat, 1)
    51.1
    """
    if len(components) == 1:
        return components[0]
    weight, lat, lon, major, minor, azimuth = (
        np.array(column) for column in zip(*components, strict=True)
    )
    weight = weight / weight.sum()
    mean_lat, mean_lon = float(weight @ lat), float(weight @ lon)
    north = (lat - mean_lat) * METRES_PER_DEGREE
    east = (lon - mean_lon) * METRES_PER_DEGREE * math.cos(math.radians(mean_lat))
    var_east, cov, var_north = covariance(major, minor, azimuth)
    moments = (
        np.array([weight @ (var_east + east * east)]),
        np.array([weight @ (cov + east * north)]),
        np.array([weight @ (var_north + north * north)]),
    )
    shape = (float(axis[0]) for axis in axes(*moments))
    return Component(1.0, mean_lat, mean_lon, *shape)
