"""The maps of a simulated mission: its line and zones, and who two authors think holds what.

Two authors draw control, anew each week. Each is wrong in its own way near the line, shows an advance
some days after it was made, and that of the side that it does not lean to later still. They lean to
different sides, so that exchanging the sides exchanges what they say. Between the forward positions of
both sides lies ground that nobody holds: one author leaves it grey, and the other draws none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator

from truceline.model.vocabulary import IncidentType
from truceline.simulation.columns import Author, Bools, Deeds, Floats, Ground
from truceline.simulation.contract import Streams
from truceline.simulation.parties import PARTY_IDS
from truceline.simulation.world.arms import type_index
from truceline.simulation.world.ground import degrees, line_y

ADVANCED = (type_index(IncidentType.POSITION_ADVANCE),)
"""Types of deeds that move the line."""

REACH_M = 45_000.0  # assumed: how far behind the line the maps go


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapper:
    """An author of maps of control.

    Parameters
    ----------
    name, file
        Who, and in which file.
    error_m
        95 % error of the drawn edge, as stated and as drawn.
    is_grey
        Whether the ground between the sides is left contested, a little wider than it is.
    lag_days
        From an advance to the day on which the author knows of it.
    leans
        1 to the side in the north, -1 to that in the south.
    slant_days
        By how much later an advance of the other side is known.
    """

    name: str
    file: str
    error_m: float
    is_grey: bool
    lag_days: float
    leans: int
    slant_days: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Advances:
    """What moves the line, `(n,)` each: when, where along it, whose, and how far beyond it."""

    at_s: Floats
    x_m: Floats
    is_north: Bools
    depth_m: Floats


AUTHORS: tuple[Mapper, ...] = (
    Mapper(
        name="Atlas", file="atlas", error_m=600.0, is_grey=False, lag_days=2.0, leans=1,
        slant_days=5.0,
    ),
    Mapper(
        name="Harbour Institute", file="harbour", error_m=1_000.0, is_grey=True, lag_days=3.0,
        leans=-1, slant_days=5.0,
    ),
)  # fmt: skip
"""All figures are assumed; that maps come days late and lean is what their readers say (formats.md)."""

EVERY_DAYS = 7.0  # assumed; some authors publish daily
WIDER_M = 400.0  # of grey beyond what nobody holds, to either side; assumed
BULGE_M = 1_500.0  # along the line to either hand of an advance; assumed
_DAY_S = 86_400.0


def lines(ground: Ground) -> dict[str, Any]:
    """The line of contact as GeoJSON."""
    line = {"type": "LineString", "coordinates": _coordinates(ground, ground.line_m)}
    return _collection([_feature("contact-line", line)])


def zones(ground: Ground) -> dict[str, Any]:
    """The zones that the agreement names, as GeoJSON."""
    return _collection(
        [
            _feature(name, _polygon(ground, ring))
            for name, ring in ground.zones_m.items()
            if not name.startswith("range-")
        ]
    )


def advances(deeds: Deeds, ground: Ground, *, is_mirrored: bool) -> Advances:
    """What moves the line, from the deeds that did; the side in the north is A unless mirrored."""
    of = deeds.take((deeds.author == int(Author.A)) | (deeds.author == int(Author.B)))
    return Advances(
        at_s=of.began_s,
        x_m=of.x_m,
        is_north=(of.author == int(Author.A)) != is_mirrored,
        depth_m=np.abs(of.y_m - line_y(ground, of.x_m)),
    )


def editions(from_s: float, to_s: float) -> list[tuple[float, float]]:
    """From when to when each map of an author speaks.

    Examples
    --------
    >>> editions(0.0, 10 * 86_400.0)
    [(0.0, 604800.0), (604800.0, 864000.0)]
    """
    begins = np.arange(from_s, to_s, EVERY_DAYS * _DAY_S).tolist()
    return list(zip(begins, [*begins[1:], to_s], strict=True))


def control(
    author: Mapper, ground: Ground, advances: Advances, at_s: float, streams: Streams
) -> dict[str, Any]:
    """An author's map at an instant: each side's ground, and what is contested between them.

    Parameters
    ----------
    author, ground
        Who draws, and what.
    advances
        All of the truce; those that the author does not know of yet are not shown.
    at_s
        When it is drawn.
    streams
        A generator for each name; an author errs alike in every map.
    """
    rng = streams(f"mission/maps/{author.file}")
    grey_m = ground.width_m / 2 + WIDER_M if author.is_grey else 0.0
    drawn = _moved(_wavering(author, ground, rng), _known(author, advances, at_s))
    left = _side_strip(drawn, grey_m, REACH_M, ground)
    right = _side_strip(drawn, -grey_m, -REACH_M, ground)
    features = [
        {"type": "Feature", "properties": {"class": PARTY_IDS[0]}, "geometry": _polygon(ground, left)},
        {"type": "Feature", "properties": {"class": PARTY_IDS[1]}, "geometry": _polygon(ground, right)},
    ]  # fmt: skip
    if grey_m > 0:
        grey = _side_strip(drawn, -grey_m, grey_m, ground)
        shape = _polygon(ground, grey)
        features.append(
            {"type": "Feature", "properties": {"class": "contested"}, "geometry": shape}
        )
    return _collection(features)


def _known(author: Mapper, advances: Advances, at_s: float) -> Advances:
    """The advances that an author shows at an instant."""
    is_late = advances.is_north != (author.leans > 0)
    late_days = author.lag_days + author.slant_days * is_late
    rows = np.flatnonzero(advances.at_s + _DAY_S * late_days <= at_s)
    return Advances(
        at_s=advances.at_s[rows], x_m=advances.x_m[rows], is_north=advances.is_north[rows],
        depth_m=advances.depth_m[rows],
    )  # fmt: skip


def _moved(drawn: Floats, advances: Advances) -> Floats:
    """A line from west to east with a wedge where a side went beyond it; of two the deeper stands."""
    ends = drawn[0, 0], drawn[-1, 0]
    corners = advances.x_m[:, None] + np.array([-BULGE_M, 0.0, BULGE_M])
    inner = corners[(corners > ends[0]) & (corners < ends[1])]
    x_m = np.unique(np.concatenate([drawn[:, 0], inner]))
    y_m = np.interp(x_m, drawn[:, 0], drawn[:, 1])
    near = np.maximum(1.0 - np.abs(x_m - advances.x_m[:, None]) / BULGE_M, 0.0)
    depth_m = near * advances.depth_m[:, None]
    south = np.where(advances.is_north[:, None], depth_m, 0.0).max(axis=0, initial=0.0)
    north = np.where(advances.is_north[:, None], 0.0, depth_m).max(axis=0, initial=0.0)
    return np.column_stack([x_m, y_m + north - south])


def _wavering(author: Mapper, ground: Ground, rng: Generator) -> Floats:
    """The line as the author thinks it runs, west to east: half way between vertices it wavers too."""
    line_m = ground.line_m if ground.line_m[0, 0] < ground.line_m[-1, 0] else ground.line_m[::-1]
    step = np.linspace(0.0, 1.0, 2 * len(line_m) - 1) * (len(line_m) - 1)
    every = np.arange(len(line_m))
    x_m, y_m = (np.interp(step, every, line_m[:, axis]) for axis in (0, 1))
    off_m = rng.normal(0.0, author.error_m / 1.96, len(step))
    off_m[[0, -1]] = 0.0
    return np.column_stack([x_m, y_m + off_m])


def _side_strip(line_m: Floats, near_m: float, far_m: float, ground: Ground) -> Floats:
    """The ground from `near_m` to `far_m` off a line, side A's where positive."""
    north = 1.0 if ground.line_m[0, 0] < ground.line_m[-1, 0] else -1.0
    near = line_m + np.array([0.0, north * near_m])
    far = line_m + np.array([0.0, north * far_m])
    return np.concatenate([near, far[::-1]])


def feeds(author: Mapper, number: int, from_iso: str, to_iso: str) -> Mapping[str, Any]:
    """The line of `mission.yaml` that reads an author's map of that number."""
    classes: dict[str, str | None] = {party: party for party in PARTY_IDS}
    return {
        "feed": "control_map",
        "files": [f"raw/{author.file}-{number}.geojson"],
        "options": {
            "author": author.name,
            "version": str(number),
            "class_property": "class",
            "classes": {**classes, "contested": None},
            "began": from_iso,
            "ended": to_iso,
            "error_m": author.error_m,
        },
    }


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}


def _feature(name: str, geometry: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "id": name, "properties": {"id": name}, "geometry": geometry}


def _polygon(ground: Ground, ring_m: Floats) -> dict[str, Any]:
    ring = _coordinates(ground, ring_m)
    area2 = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True))
    if area2 < 0:
        ring.reverse()  # outer rings run against the clock (RFC 7946)
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def _coordinates(ground: Ground, points_m: Floats) -> list[list[float]]:
    lat, lon = degrees(ground, points_m[:, 0], points_m[:, 1])
    pairs = np.column_stack([np.round(lon, 6), np.round(lat, 6)])
    return [[float(x), float(y)] for x, y in pairs]
