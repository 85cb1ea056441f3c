"""The maps of a simulated mission: its line and zones, and who two authors think holds what.

Two authors draw control. Each is wrong in its own way near the line, late by some days, and neither
leans to a side: their errors across the line have mean zero, whichever side is which.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Floats, Ground
from truceline.simulation.contract import Streams
from truceline.simulation.parties import PARTY_IDS
from truceline.simulation.world.ground import degrees

REACH_M = 45_000.0  # assumed: how far behind the line the maps go


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """An author of maps of control.

    Parameters
    ----------
    name, file
        Who, and in which file.
    error_m
        95 % error of the drawn edge, as stated and as drawn.
    grey_m
        Half the width of what the map leaves contested.
    """

    name: str
    file: str
    error_m: float
    grey_m: float


AUTHORS: tuple[Author, ...] = (
    Author(name="Atlas", file="atlas.geojson", error_m=600.0, grey_m=0.0),  # assumed
    Author(
        name="Harbour Institute", file="harbour.geojson", error_m=1_000.0, grey_m=700.0
    ),  # assumed
)


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


def control(author: Author, ground: Ground, streams: Streams) -> dict[str, Any]:
    """An author's map: each side's ground, and what is contested between them."""
    rng = streams(f"mission/maps/{author.file}")
    drawn = _wavering(author, ground.line_m, rng)
    left = _side_strip(drawn, author.grey_m, REACH_M, ground)
    right = _side_strip(drawn, -author.grey_m, -REACH_M, ground)
    features = [
        {"type": "Feature", "properties": {"class": PARTY_IDS[0]}, "geometry": _polygon(ground, left)},
        {"type": "Feature", "properties": {"class": PARTY_IDS[1]}, "geometry": _polygon(ground, right)},
    ]  # fmt: skip
    if author.grey_m > 0:
        grey = _side_strip(drawn, -author.grey_m, author.grey_m, ground)
        shape = _polygon(ground, grey)
        features.append(
            {"type": "Feature", "properties": {"class": "contested"}, "geometry": shape}
        )
    return _collection(features)


def _wavering(author: Author, line_m: Floats, rng: Generator) -> Floats:
    """The line as the author thinks it runs: half way between vertices it wavers too."""
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


def feeds(author: Author, from_iso: str, to_iso: str) -> Mapping[str, Any]:
    """The line of `mission.yaml` that reads the author's map."""
    classes: dict[str, str | None] = {party: party for party in PARTY_IDS}
    return {
        "feed": "control_map",
        "files": [f"raw/{author.file}"],
        "options": {
            "author": author.name,
            "version": "1",
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
