"""Which zones hold a point: exactly, and fast enough for millions.

A raster of cells remembers which zones hold each cell's south-west corner and which edges pass
through the cell. A point in a cell without edges takes the corner's zones. In the others a path
from the corner, first north, then east, ends at the point, and each edge that it crosses changes
sides. Zones may overlap and have holes; a point on an edge or a corner of a zone is in it.

Signs of areas are certain or they are not used: what rounding leaves open (a point within some
1e-16 of an edge) is settled in exact rational arithmetic.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numba
import numpy as np
import numpy.typing as npt
import shapely

from truceline.geometry.mixture import Rings
from truceline.geometry.raster import MIXED, Raster, raster_of
from truceline.model.errors import InputError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]

_FILTER = 3.3306690738754716e-16  # (3 + 16 u) u, u = 2**-53: Shewchuk 1997, orient2d's first bound
_UNSURE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneIndex:
    """So many zones, ready to be asked."""

    zones: int
    raster: Raster


def index_zones(zones: Sequence[Sequence[Rings]]) -> ZoneIndex:
    """Prepare zones for `pairs`, `first` and `inside`.

    Parameters
    ----------
    zones
        Each zone's polygons; each polygon an outer ring, then holes; points are (lon, lat).

    Raises
    ------
    InputError
        There is no zone, or a ring has fewer than three different points.

    Examples
    --------
    >>> square = [[(37.0, 48.0), (38.0, 48.0), (38.0, 49.0), (37.0, 49.0), (37.0, 48.0)]]
    >>> first(index_zones([[square]]), np.array([37.5, 39.0]), np.array([48.5, 48.5])).tolist()
    [0, -1]
    """
    parts = [_edges(polygons, number) for number, polygons in enumerate(zones)]
    if not parts:
        msg = "no zone to index; give at least one"
        raise InputError(msg)
    edges = np.concatenate(parts)
    owner = np.repeat(np.arange(len(parts), dtype=np.int32), [len(part) for part in parts])
    return ZoneIndex(zones=len(parts), raster=raster_of(edges, owner))


def first(index: ZoneIndex, lon: Floats, lat: Floats) -> Integers:
    """The lowest-numbered zone that holds each point, or -1; `(n,)`."""
    return _query(index, lon, lat, -1)[0]


def inside(index: ZoneIndex, lon: Floats, lat: Floats, zone: int) -> npt.NDArray[np.bool_]:
    """Whether each point is in one zone; `(n,)`."""
    return _query(index, lon, lat, zone)[0] == zone


def pairs(index: ZoneIndex, lon: Floats, lat: Floats) -> tuple[Integers, Integers]:
    """Every (point, zone) where the zone holds the point, in the order of points, then zones.

    Examples
    --------
    >>> square = [[(37.0, 48.0), (38.0, 48.0), (38.0, 49.0), (37.0, 49.0), (37.0, 48.0)]]
    >>> found = pairs(index_zones([[square], [square]]), np.array([37.5]), np.array([48.5]))
    >>> [column.tolist() for column in found]
    [[0, 0], [0, 1]]
    """
    lowest, count = _query(index, lon, lat, -1)
    point = np.flatnonzero(count == 1).astype(np.int32)
    zone = lowest[point]
    several = np.flatnonzero(count > 1).astype(np.int32)
    if not len(several):
        return point, zone
    points, found = [point], [zone]
    for number in range(index.zones):
        held = several[inside(index, lon[several], lat[several], number)]
        points.append(held)
        found.append(np.full(len(held), number, np.int32))
    point, zone = np.concatenate(points), np.concatenate(found)
    order = np.lexsort((zone, point))
    return point[order], zone[order]


def _edges(polygons: Sequence[Rings], number: int) -> Floats:
    shapes = [shapely.Polygon(rings[0], rings[1:]) for rings in polygons]
    # Overlapping pieces of one zone would cancel each other when edges are counted.
    if len(shapes) > 1 and not shapely.MultiPolygon(shapes).is_valid:
        merged = shapely.union_all(shapes)
        shapes = [part for part in shapely.get_parts(merged) if part.geom_type == "Polygon"]
    rows = []
    for shape in shapes:
        for ring in (shape.exterior, *shape.interiors):
            points = np.asarray(ring.coords)[:, :2]
            edges = np.column_stack([points[:-1], points[1:]])
            rows.append(edges[np.any(edges[:, :2] != edges[:, 2:], axis=1)])
    kept = np.concatenate(rows) if rows else np.empty((0, 4))
    if not np.all(np.isfinite(kept)):
        msg = f"zone {number} has a point that is not a number; mend its coordinates"
        raise InputError(msg)
    if len(kept) < 3:
        msg = f"zone {number} has {len(kept)} edges; a ring needs three different points"
        raise InputError(msg)
    return kept + 0.0  # -0.0 becomes 0.0, so that equal corners compare equal as bytes too


@numba.njit(cache=True, inline="always")
def _turn(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> int:
    """Which side of a-b the point is on: 1 left, -1 right, 0 on it, 2 rounding cannot tell."""
    left, right = (bx - ax) * (py - ay), (by - ay) * (px - ax)
    area = left - right
    size = abs(left) + abs(right)
    if size == 0.0:
        return 0
    if abs(area) <= _FILTER * size:
        return _UNSURE
    return 1 if area > 0 else -1


@numba.njit(cache=True, inline="always")
def _is_vertex_or_flat(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> bool:
    """Whether the point is an end of the edge, or lies on an edge that runs due east or west."""
    if (ax == px and ay == py) or (bx == px and by == py):
        return True
    return ay == py and by == py and min(ax, bx) <= px <= max(ax, bx)


@numba.njit(cache=True, inline="always")
def _parted(ax: float, ay: float, bx: float, by: float, qx: float, qy: float, bend: int) -> int:
    """1 where the edge parts a point from the bend of the path, 0 where not; -1 on it, -2 unsure."""
    there = _turn(ax, ay, bx, by, qx, qy)
    if there == _UNSURE or bend == _UNSURE:
        return -2
    if there == 0:
        return -1
    return 1 if there != bend else 0


@numba.njit(cache=True, inline="always")
def _crosses(
    ax: float, ay: float, bx: float, by: float, px: float, py: float, x0: float, y0: float
) -> int:
    """How often the path corner, north, east to the point crosses an edge; -1 on it, -2 unsure."""
    if _is_vertex_or_flat(ax, ay, bx, by, px, py):
        return -1
    is_across = (ay > py) != (by > py)
    is_across &= min(ax, bx) <= max(px, x0) and max(ax, bx) >= min(px, x0)
    is_along = (ax > x0) != (bx > x0)
    is_along &= min(ay, by) <= max(py, y0) and max(ay, by) >= min(py, y0)
    if not (is_across or is_along):
        return 0
    bend = _turn(ax, ay, bx, by, x0, py)
    if bend == 0:  # the bend lies on the edge: take it a hair north, as `ay > py` does
        bend = 1 if bx > ax else -1
    crossings = 0
    if is_across:
        crossings = _parted(ax, ay, bx, by, px, py, bend)
        if crossings < 0:
            return crossings
    if is_along:
        corner = _parted(ax, ay, bx, by, x0, y0, bend)
        if corner < 0:
            return -2
        crossings += corner
    return crossings


@numba.njit(cache=True, inline="always")
def _in_cell(
    raster: Raster, cell: int, px: float, py: float, x0: float, y0: float, only: int
) -> tuple[int, int]:
    """The lowest zone of a cell that holds the point, and how many do; -1 asks for exactness."""
    lowest, count = -1, 0
    e, end = raster.edge_start[cell], raster.edge_start[cell + 1]
    k, last = raster.label_start[cell], raster.label_start[cell + 1]
    while e < end or k < last:
        zone = raster.owner[raster.edge[e]] if e < end else raster.label[k]
        if k < last and raster.label[k] < zone:
            zone = raster.label[k]
        is_in, is_on = 0, False
        if k < last and raster.label[k] == zone:
            is_in = 1
            k += 1
        while e < end and raster.owner[raster.edge[e]] == zone:
            ax, ay, bx, by = raster.edges[raster.edge[e]]
            crossed = _crosses(ax, ay, bx, by, px, py, x0, y0)
            e += 1
            if crossed == -2:
                return -1, -1
            is_on |= crossed == -1
            is_in ^= crossed & 1 if crossed > 0 else 0
        if (is_in or is_on) and (only == -1 or only == zone):
            lowest = zone if count == 0 else lowest
            count += 1
    return lowest, count


@numba.njit(cache=True, parallel=True)
def _look(
    raster: Raster, lon: Floats, lat: Floats, only: int, lowest: Integers, count: Integers
) -> None:
    """The lowest zone that holds each point, and how many do; -1 asks for exact arithmetic."""
    west, south, step = raster.grid
    per_degree = 1.0 / step
    for i in numba.prange(len(lon)):
        lowest[i], count[i] = -1, 0
        c = math.floor((lon[i] - west) * per_degree)
        r = math.floor((lat[i] - south) * per_degree)
        if not (0 <= c < raster.columns and 0 <= r < raster.rows):
            continue
        cell = int(r) * raster.columns + int(c)
        known = raster.plain[cell]
        if known == MIXED:
            x0, y0 = west + c * step, south + r * step
            lowest[i], count[i] = _in_cell(raster, cell, lon[i], lat[i], x0, y0, only)
        elif known >= 0 and (only == -1 or only == known):
            lowest[i], count[i] = known, 1


def _query(index: ZoneIndex, lon: Floats, lat: Floats, only: int) -> tuple[Integers, Integers]:
    lon, lat = np.ascontiguousarray(lon, np.float64), np.ascontiguousarray(lat, np.float64)
    lowest, count = np.empty(len(lon), np.int32), np.empty(len(lon), np.int32)
    _look(index.raster, lon, lat, only, lowest, count)
    for i in np.flatnonzero(count < 0):
        held = _exact(index, float(lon[i]), float(lat[i]))
        held = [zone for zone in held if only in (-1, zone)]
        lowest[i], count[i] = (held[0] if held else -1), len(held)
    return lowest, count


def _exact(index: ZoneIndex, lon: float, lat: float) -> list[int]:
    """Zones that hold a point, by counting edges east of it without any rounding."""
    crossed: dict[int, int] = {}
    on: set[int] = set()
    px, py = Fraction(lon), Fraction(lat)
    low = np.minimum(index.raster.edges[:, 1], index.raster.edges[:, 3])
    high = np.maximum(index.raster.edges[:, 1], index.raster.edges[:, 3])
    for e in np.flatnonzero((low <= lat) & (high >= lat)):
        ax, ay, bx, by = (Fraction(float(value)) for value in index.raster.edges[e])
        zone = int(index.raster.owner[e])
        area = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
        if area == 0 and min(ax, bx) <= px <= max(ax, bx):
            on.add(zone)
        elif (ay > py) != (by > py) and (area > 0) == (by > ay):
            crossed[zone] = crossed.get(zone, 0) + 1
    return sorted(on | {zone for zone, times in crossed.items() if times % 2})
