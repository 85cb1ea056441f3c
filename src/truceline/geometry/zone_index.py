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
from truceline.model.errors import InputError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]

_MOST_CELLS = 4_000_000
_CELLS_PER_EDGE = 4
_FILTER = 3.3306690738754716e-16  # (3 + 16 u) u, u = 2**-53: Shewchuk 1997, orient2d's first bound
_UNSURE = 2
_NONE, _MIXED = -1, -2


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneIndex:
    """Edges of zones and the raster over them."""

    zones: int
    edges: Floats  # (e, 4) lon, lat, lon, lat
    owner: Integers  # (e,) which zone
    grid: Floats  # west, south, step
    shape: tuple[int, int]  # rows, columns
    plain: Integers  # a cell's only zone, -1 none, -2 look closer
    label_start: Integers
    label: Integers
    edge_start: Integers
    edge: Integers  # by owner within a cell


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
    for attempt in range(64):
        grid, shape = _grid(edges, attempt)
        spans = _spans(edges, owner, grid, shape)
        if spans is not None:
            break
    label_start, label = _labels(spans, shape)
    edge_start, edge = _rasterised(edges, grid, shape)
    plain = np.full(shape[0] * shape[1], _MIXED, np.int32)
    bare = np.diff(edge_start) == 0
    count = np.diff(label_start)
    plain[bare & (count == 0)] = _NONE
    alone = np.flatnonzero(bare & (count == 1))
    plain[alone] = label[label_start[alone]]
    return ZoneIndex(
        zones=len(parts),
        edges=edges,
        owner=owner,
        grid=grid,
        shape=shape,
        plain=plain,
        label_start=label_start,
        label=label,
        edge_start=edge_start,
        edge=edge,
    )


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
    if len(kept) < 3:
        msg = f"zone {number} has {len(kept)} edges; a ring needs three different points"
        raise InputError(msg)
    return kept + 0.0  # -0.0 becomes 0.0, so that equal corners compare equal as bytes too


def _grid(edges: Floats, attempt: int) -> tuple[Floats, tuple[int, int]]:
    lon, lat = edges[:, 0::2], edges[:, 1::2]
    width, height = float(np.ptp(lon)), float(np.ptp(lat))
    cells = min(_MOST_CELLS, max(4096, _CELLS_PER_EDGE * len(edges)))
    step = max(math.sqrt(width * height / cells), max(width, height) / 4096)
    # No corner of a zone may lie on a grid line: another attempt is another offset.
    shift = step * (1.0 + 0.6180339887 * (attempt + 1) % 1.0)
    grid = np.array([float(lon.min()) - shift, float(lat.min()) - shift, step])
    rows, columns = (math.ceil((side + shift) / step) + 2 for side in (height, width))
    return grid, (rows, columns)


def _spans(
    edges: Floats, owner: Integers, grid: Floats, shape: tuple[int, int]
) -> tuple[Integers, Integers, Integers, Integers] | None:
    """Runs of corners inside a zone: row, first and last column (excluded), zone. None: move on."""
    for axis in (0, 1):
        for column in (axis, axis + 2):
            nearest = np.rint((edges[:, column] - grid[axis]) / grid[2])
            if np.any(grid[axis] + nearest * grid[2] == edges[:, column]):
                return None
    row, zone, lon = _crossings(edges, owner, grid)
    order = np.lexsort((lon, row, zone))
    row, zone, lon = row[order], zone[order], lon[order]
    column = (lon - grid[0]) / grid[2]
    if np.any(np.abs(column - np.rint(column)) < 1e-9):
        return None  # an edge through a corner of the raster: rounding would decide its zone
    after = np.ceil(column).astype(np.int32)
    return row[0::2], after[0::2], after[1::2], zone[0::2]


@numba.njit(cache=True)
def _crossings(edges: Floats, owner: Integers, grid: Floats) -> tuple[Integers, Integers, Floats]:
    count = 0
    for e in range(len(edges)):
        low, high = min(edges[e, 1], edges[e, 3]), max(edges[e, 1], edges[e, 3])
        count += int((high - grid[1]) / grid[2]) - int((low - grid[1]) / grid[2]) + 3
    row, zone = np.empty(count, np.int32), np.empty(count, np.int32)
    lon = np.empty(count)
    made = 0
    for e in range(len(edges)):
        ax, ay, bx, by = edges[e]
        low, high = min(ay, by), max(ay, by)
        last = int((high - grid[1]) / grid[2]) + 1
        for r in range(int((low - grid[1]) / grid[2]) - 1, last + 1):
            y = grid[1] + r * grid[2]
            if (ay > y) != (by > y):
                row[made], zone[made] = r, owner[e]
                lon[made] = ax + (y - ay) / (by - ay) * (bx - ax)
                made += 1
    return row[:made], zone[:made], lon[:made]


def _labels(
    spans: tuple[Integers, Integers, Integers, Integers], shape: tuple[int, int]
) -> tuple[Integers, Integers]:
    row, low, high, zone = spans
    order = np.lexsort((zone, low, row))
    length = (high - low)[order]
    begin = (row * shape[1] + low)[order]
    cell = np.repeat(begin - np.cumsum(length) + length, length) + np.arange(length.sum())
    held = np.repeat(zone[order], length)
    order = np.lexsort((held, cell))
    start = np.zeros(shape[0] * shape[1] + 1, np.int32)
    np.cumsum(np.bincount(cell, minlength=shape[0] * shape[1]), out=start[1:])
    return start, held[order].astype(np.int32)


def _rasterised(edges: Floats, grid: Floats, shape: tuple[int, int]) -> tuple[Integers, Integers]:
    count = np.zeros(shape[0] * shape[1] + 1, np.int32)
    _visit(edges, grid, shape[0], shape[1], count, np.empty(0, np.int32))
    start = np.zeros(len(count), np.int32)
    np.cumsum(count[:-1], out=start[1:])
    edge = np.empty(int(start[-1]), np.int32)
    _visit(edges, grid, shape[0], shape[1], start.copy(), edge)
    return start, edge


@numba.njit(cache=True)
def _visit(
    edges: Floats, grid: Floats, rows: int, columns: int, at: Integers, out: Integers
) -> None:
    """Every cell that an edge may touch: counted in `at`, or filled where `at` points."""
    for e in range(len(edges)):
        ax, ay, bx, by = edges[e]
        if ay > by:
            ax, ay, bx, by = bx, by, ax, ay
        # A hair wider than the edge: a cell too many costs a test, a cell too few an error.
        hair = 1e-6
        r0 = int(math.floor((ay - grid[1]) / grid[2] - hair))
        r1 = int(math.floor((by - grid[1]) / grid[2] + hair))
        for r in range(max(r0, 0), min(r1, rows - 1) + 1):
            y0 = max(ay, grid[1] + (r - hair) * grid[2])
            y1 = min(by, grid[1] + (r + 1 + hair) * grid[2])
            if by > ay:
                slope = (bx - ax) / (by - ay)
                x0, x1 = ax + (y0 - ay) * slope, ax + (y1 - ay) * slope
            else:
                x0, x1 = ax, bx
            if r0 == r1:
                x0, x1 = ax, bx
            low = int(math.floor((min(x0, x1) - grid[0]) / grid[2] - hair))
            high = int(math.floor((max(x0, x1) - grid[0]) / grid[2] + hair))
            for c in range(max(low, 0), min(high, columns - 1) + 1):
                if len(out):
                    out[at[r * columns + c]] = e
                at[r * columns + c] += 1


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
def _crosses(
    ax: float, ay: float, bx: float, by: float, px: float, py: float, x0: float, y0: float
) -> int:
    """How often the path corner, north, east to the point crosses an edge; -1 on it, -2 unsure."""
    if (ax == px and ay == py) or (bx == px and by == py):
        return -1
    if ay == py and by == py and min(ax, bx) <= px <= max(ax, bx):
        return -1
    eastward = (ay > py) != (by > py)
    if eastward and (min(ax, bx) > max(px, x0) or max(ax, bx) < min(px, x0)):
        eastward = False
    northward = (ax > x0) != (bx > x0)
    if northward and (min(ay, by) > max(py, y0) or max(ay, by) < min(py, y0)):
        northward = False
    if not (eastward or northward):
        return 0
    bend = _turn(ax, ay, bx, by, x0, py)
    if bend == 0:  # the bend lies on the edge: take it a hair north, as `ay > py` does
        bend = 1 if bx > ax else -1
    crossings = 0
    if eastward:
        here = _turn(ax, ay, bx, by, px, py)
        if here == 0:
            return -1
        if here == _UNSURE or bend == _UNSURE:
            return -2
        crossings += here != bend
    if northward:
        corner = _turn(ax, ay, bx, by, x0, y0)
        if corner == _UNSURE or bend == _UNSURE:
            return -2
        crossings += corner != bend
    return crossings


@numba.njit(cache=True, parallel=True)
def _look(
    lon: Floats,
    lat: Floats,
    edges: Floats,
    owner: Integers,
    grid: Floats,
    rows: int,
    columns: int,
    plain: Integers,
    label_start: Integers,
    label: Integers,
    edge_start: Integers,
    edge: Integers,
    only: int,
    lowest: Integers,
    count: Integers,
) -> None:
    """The lowest zone and how many; a count of -1 asks for exact arithmetic."""
    per_degree = 1.0 / grid[2]
    for i in numba.prange(len(lon)):
        px, py = lon[i], lat[i]
        lowest[i], count[i] = -1, 0
        c, r = math.floor((px - grid[0]) * per_degree), math.floor((py - grid[1]) * per_degree)
        if not (0 <= c < columns and 0 <= r < rows):
            continue
        cell = int(r) * columns + int(c)
        known = plain[cell]
        if known != _MIXED:
            if known >= 0 and (only == -1 or only == known):  # noqa: PLR1714 - numba
                lowest[i], count[i] = known, 1
            continue
        x0, y0 = grid[0] + c * grid[2], grid[1] + r * grid[2]
        e, end = edge_start[cell], edge_start[cell + 1]
        k, last = label_start[cell], label_start[cell + 1]
        while e < end or k < last:
            zone = owner[edge[e]] if e < end else label[k]
            if k < last and label[k] < zone:
                zone = label[k]
            is_in, is_on = 0, False
            if k < last and label[k] == zone:
                is_in = 1
                k += 1
            while e < end and owner[edge[e]] == zone:
                ax, ay, bx, by = edges[edge[e]]
                crossed = _crosses(ax, ay, bx, by, px, py, x0, y0)
                e += 1
                if crossed == -1:
                    is_on = True
                elif crossed == -2:
                    count[i] = -1
                else:
                    is_in ^= crossed & 1
            if count[i] < 0:
                break
            if (is_in or is_on) and (only == -1 or only == zone):  # noqa: PLR1714
                if count[i] == 0:
                    lowest[i] = zone
                count[i] += 1


def _query(index: ZoneIndex, lon: Floats, lat: Floats, only: int) -> tuple[Integers, Integers]:
    lon, lat = np.ascontiguousarray(lon, np.float64), np.ascontiguousarray(lat, np.float64)
    lowest, count = np.empty(len(lon), np.int32), np.empty(len(lon), np.int32)
    _look(
        lon, lat, index.edges, index.owner, index.grid, index.shape[0], index.shape[1],
        index.plain, index.label_start, index.label, index.edge_start, index.edge, only,
        lowest, count,
    )  # fmt: skip
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
    low = np.minimum(index.edges[:, 1], index.edges[:, 3])
    high = np.maximum(index.edges[:, 1], index.edges[:, 3])
    for e in np.flatnonzero((low <= lat) & (high >= lat)):
        ax, ay, bx, by = (Fraction(float(value)) for value in index.edges[e])
        zone = int(index.owner[e])
        area = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
        if area == 0 and min(ax, bx) <= px <= max(ax, bx):
            on.add(zone)
        elif (ay > py) != (by > py) and (area > 0) == (by > ay):
            crossed[zone] = crossed.get(zone, 0) + 1
    return sorted(on | {zone for zone, times in crossed.items() if times % 2})
