"""Districts: the zones, areas and blocks by which a release says where."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from truceline.agreement.reading import readings
from truceline.agreement.terms import Agreement, Zone
from truceline.geometry.plane import metres_per_degree

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Districts:
    """Zones of the agreement that have a shape, smallest first.

    Parameters
    ----------
    names, zone_ids
        `(zones,)` as the agreement calls them.
    lat, lon
        `(zones,)` centroid, degrees.
    side_m, reach_m
        `(zones,)` side of a square as large, and distance from the centroid to the farthest corner.
    shapes
        `(zones,)` polygons of (lon, lat).
    """

    names: tuple[str, ...]
    zone_ids: tuple[str, ...]
    lat: Floats
    lon: Floats
    side_m: Floats
    reach_m: Floats
    shapes: tuple[shapely.Geometry, ...]

    def touching(self, boxes: npt.NDArray[np.object_], least_side_m: float) -> Integers:
        """The smallest zone wider than the least side that each box touches, or -1; `(n,)`.

        What is asked is the box, never the place in it: the answer is the same all over a cell, so
        a zone's edge cannot be used to place anything more finely than its cell.
        """
        found = np.full(len(boxes), -1, np.int64)
        for number in range(len(self.names) - 1, -1, -1):
            if self.side_m[number] > least_side_m:
                found[shapely.intersects(self.shapes[number], boxes)] = number
        return found


def districts(agreement: Agreement) -> Districts:
    """The zones of an agreement as districts; a zone without public coordinates is left out."""
    found = [(zone, shape(zone, agreement)) for zone in agreement.zones]
    measured = [(_measure(area), zone, area) for zone, area in found if area is not None]
    measured.sort(key=lambda each: (each[0][2], each[1].zone_id))
    columns = np.array([each[0] for each in measured]).reshape(-1, 4).T
    return Districts(
        names=tuple(zone.name or zone.zone_id for _, zone, _ in measured),
        zone_ids=tuple(zone.zone_id for _, zone, _ in measured),
        lat=columns[0],
        lon=columns[1],
        side_m=columns[2],
        reach_m=columns[3],
        shapes=tuple(area for _, _, area in measured),
    )


def small_zones(agreement: Agreement, cell_m: float) -> frozenset[str]:
    """Zones that are finer than a cell: whatever a release told of one would place an act there.

    Examples
    --------
    >>> from truceline.reports.sample import agreement
    >>> small_zones(agreement(), 5_000.0)  # 6 km by 3.3
    frozenset({'bridge'})
    """
    grounds = districts(agreement)
    sides = zip(grounds.zone_ids, grounds.side_m, strict=True)
    return frozenset(zone_id for zone_id, side_m in sides if side_m <= cell_m)


def of_small_zones(agreement: Agreement, cell_m: float) -> frozenset[str]:
    """Clauses that, in any reading, ask about a zone finer than a cell: their answer would place an act.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from truceline.reports.sample import agreement
    >>> truce = agreement()
    >>> near = replace(truce.clauses[0], terms={"zone": "bridge"})  # 6 km by 3.3
    >>> of_small_zones(replace(truce, clauses=(near,)), 5_000.0)
    frozenset({'silence'})
    """
    small = small_zones(agreement, cell_m)
    return frozenset(
        clause.clause_id
        for clause in agreement.clauses
        if any(not small.isdisjoint(_zones_of(read.terms)) for _, read in readings(clause))
    )


def _zones_of(terms: Any) -> Iterator[str]:
    """Zones that terms name, those of phases too; a band beside a line is told by no name."""
    if isinstance(terms, Mapping):
        for key, value in terms.items():
            if key == "zone" and isinstance(value, str):
                yield value
            else:
                yield from _zones_of(value)
    elif isinstance(terms, list | tuple):
        for each in terms:
            yield from _zones_of(each)


def shape(zone: Zone, agreement: Agreement) -> shapely.Geometry | None:
    """A zone as (lon, lat) polygons; a zone along a line reaches its width to both sides."""
    if zone.polygons:
        parts = [shapely.Polygon(rings[0], rings[1:]) for rings in zone.polygons]
        return shapely.make_valid(shapely.union_all(parts))
    lines = [line for line in agreement.lines if line.line_id == zone.line_id and line.paths]
    if not lines or zone.width_m is None:
        return None
    paths = shapely.MultiLineString([list(path) for path in lines[0].paths or ()])
    east_m, north_m = metres_per_degree(paths.centroid.y)
    scale = np.array([east_m, north_m])
    flat = shapely.transform(paths, lambda xy: xy * scale)
    return shapely.transform(shapely.buffer(flat, zone.width_m), lambda xy: xy / scale)


def rings(area: shapely.Geometry) -> list[list[list[tuple[float, float]]]]:
    """Polygons as rings of (lon, lat), outer ring first."""
    polygons = [part for part in shapely.get_parts(area) if part.geom_type == "Polygon"]
    return [
        [[(x, y) for x, y in ring.coords] for ring in (part.exterior, *part.interiors)]
        for part in polygons
    ]


def block(lat: float, lon: float, side_deg: float) -> tuple[float, float, float, float]:
    """West, south, east and north of the block that holds a point.

    Examples
    --------
    >>> block(48.2, 37.9, 1.0)
    (37.0, 48.0, 38.0, 49.0)
    """
    south = min(math.floor(lat / side_deg) * side_deg, 90.0 - side_deg)
    west = math.floor(lon / side_deg) * side_deg
    return west, south, west + side_deg, south + side_deg


def _measure(area: shapely.Geometry) -> tuple[float, float, float, float]:
    middle = shapely.centroid(area)
    east_m, north_m = metres_per_degree(middle.y)
    corners = shapely.get_coordinates(area)
    offset = (corners - [middle.x, middle.y]) * [east_m, north_m]
    side_m = math.sqrt(shapely.area(area) * east_m * north_m)
    return middle.y, middle.x, side_m, float(np.hypot(offset[:, 0], offset[:, 1]).max())
