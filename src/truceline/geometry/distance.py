"""How far points are from a line, and on which side of it.

A grid over the line remembers, for each cell, the segments that can be the nearest of any point in
the cell; a query looks only at those. The closest point is found in the plane of the point's own
latitude; the distance to it is then taken at the middle latitude of the two, so 15 km is right to
less than a metre wherever on the line it is measured. Lines across the 180th meridian are not read.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from truceline.geometry.plane import EQUATOR_RADIUS_M, FLATTENING
from truceline.model.errors import InputError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]

REACH_M = 200_000.0  # beyond the farthest line of any agreement read so far (140 km, Minsk II)
_CELLS = 96  # along the longer side of the grid
_SLACK = 1.03  # local planes at a cell and at a point in it differ by less, out to REACH_M
_DEGREE = math.pi / 180 * EQUATOR_RADIUS_M
_E2 = FLATTENING * (2 - FLATTENING)


class LineIndex(NamedTuple):
    """Segments of a line, and the grid that finds the nearest, as the compiled kernels take them."""

    segments: Floats  # (s, 4) lon, lat, lon, lat in degrees
    is_end: npt.NDArray[np.bool_]  # (s, 2) whether each end of the segment is a loose end
    grid: Floats  # west, south, step in degrees
    rows: int
    columns: int
    start: Integers
    candidate: Integers


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """For each point, the nearest point of a line.

    `side` is 1 left of the line as it is drawn, -1 right of it. `is_open` marks points whose
    nearest point is a loose end of the line (there, left and right meet) or that lie off the grid.
    """

    distance_m: Floats
    side: npt.NDArray[np.int8]
    is_open: npt.NDArray[np.bool_]
    east: Floats  # unit vector from the nearest point to this one; normal of the line if on it
    north: Floats


def index_line(paths: Sequence[Sequence[tuple[float, float]]]) -> LineIndex:
    """Prepare a line, or the rings of a polygon, for `nearest` and `distance`.

    Parameters
    ----------
    paths
        Polylines of (lon, lat) degrees. A path that ends where it began is closed.

    Raises
    ------
    InputError
        No path has two different points.

    Examples
    --------
    >>> line = index_line([[(37.0, 48.0), (39.0, 48.0)]])
    >>> round(float(distance(line, np.array([48.1]), np.array([38.0]))[0]))
    11119
    """
    segments: list[tuple[float, float, float, float]] = []
    ends: list[tuple[bool, bool]] = []
    for path in paths:
        points = [p for i, p in enumerate(path) if i == 0 or tuple(p[:2]) != tuple(path[i - 1][:2])]
        is_closed = len(points) > 2 and tuple(points[0][:2]) == tuple(points[-1][:2])
        for i in range(len(points) - 1):
            segments.append((*points[i][:2], *points[i + 1][:2]))
            ends.append((i == 0 and not is_closed, i == len(points) - 2 and not is_closed))
    if not segments:
        msg = "a line needs two different points; its paths hold none"
        raise InputError(msg)
    array = np.array(segments, dtype=np.float64)
    grid, shape = _grid(array)
    start, candidate = _candidates(array, grid, shape[0], shape[1])
    return LineIndex(
        segments=array,
        is_end=np.array(ends, dtype=np.bool_),
        grid=grid,
        rows=shape[0],
        columns=shape[1],
        start=start,
        candidate=candidate,
    )


def nearest(line: LineIndex, lat: Floats, lon: Floats) -> Nearest:
    """Distance, side and direction of points from a line.

    Parameters
    ----------
    lat, lon
        `(n,)` degrees.

    Examples
    --------
    >>> line = index_line([[(37.0, 48.0), (39.0, 48.0)]])
    >>> found = nearest(line, np.array([48.1, 47.9]), np.array([38.0, 38.0]))
    >>> found.side.tolist()
    [1, -1]
    """
    count = len(lat)
    out = np.empty((count, 3))
    side = np.empty(count, np.int8)
    is_open = np.empty(count, np.bool_)
    _nearest(
        line, np.ascontiguousarray(lat, np.float64), np.ascontiguousarray(lon, np.float64),
        out, side, is_open,
    )  # fmt: skip
    return Nearest(
        distance_m=out[:, 0], side=side, is_open=is_open, east=out[:, 1], north=out[:, 2]
    )


def distance(line: LineIndex, lat: Floats, lon: Floats) -> Floats:
    """Metres from points to the nearest point of a line; `(n,)`, never negative."""
    return nearest(line, lat, lon).distance_m


def signed_distance(line: LineIndex, lat: Floats, lon: Floats) -> Floats:
    """Metres from points to a line: positive left of it as drawn, negative right of it.

    Examples
    --------
    >>> line = index_line([[(37.0, 48.0), (39.0, 48.0)]])
    >>> signed_distance(line, np.array([47.9]), np.array([38.0])).round().tolist()
    [-11119.0]
    """
    found = nearest(line, lat, lon)
    return found.side * found.distance_m


def _grid(segments: Floats) -> tuple[Floats, tuple[int, int]]:
    lon, lat = segments[:, 0::2], segments[:, 1::2]
    farthest = min(80.0, float(np.abs(lat).max()) + math.degrees(REACH_M / EQUATOR_RADIUS_M))
    margin_lat = math.degrees(REACH_M / EQUATOR_RADIUS_M) * 1.02
    margin_lon = margin_lat / math.cos(math.radians(farthest))
    west, south = float(lon.min()) - margin_lon, float(lat.min()) - margin_lat
    width, height = float(lon.max()) + margin_lon - west, float(lat.max()) + margin_lat - south
    step = max(width, height) / _CELLS
    shape = (max(1, math.ceil(height / step)), max(1, math.ceil(width / step)))
    return np.array([west, south, step]), shape


@numba.njit(cache=True, inline="always")
def scales(lat: float) -> tuple[float, float]:
    """Metres of one degree east and north at a latitude (`plane.metres_per_degree`, compiled)."""
    radians = lat * math.pi / 180
    sine = math.sin(radians)
    w2 = 1 - _E2 * sine * sine
    root = math.sqrt(w2)
    return _DEGREE / root * math.cos(radians), _DEGREE * (1 - _E2) / (w2 * root)


@numba.njit(cache=True, inline="always")
def _foot(
    lat: float, lon: float, east_m: float, north_m: float, segment: Floats
) -> tuple[float, float]:
    """Squared metres to a segment, and where on it (0 to 1) the closest point lies."""
    ax, ay = (segment[0] - lon) * east_m, (segment[1] - lat) * north_m
    bx, by = (segment[2] - lon) * east_m, (segment[3] - lat) * north_m
    dx, dy = bx - ax, by - ay
    along = -(ax * dx + ay * dy) / (dx * dx + dy * dy)
    along = min(1.0, max(0.0, along))
    ax, ay = ax + along * dx, ay + along * dy
    return ax * ax + ay * ay, along


@numba.njit(cache=True, parallel=True)
def _reaches(segments: Floats, grid: Floats, rows: int, columns: int) -> Floats:
    """How far a segment may be from each cell's middle and still be nearest to a point of it."""
    reach = np.empty(rows * columns)
    for cell in numba.prange(rows * columns):
        lat = grid[1] + (cell // columns + 0.5) * grid[2]
        lon = grid[0] + (cell % columns + 0.5) * grid[2]
        east_m, north_m = scales(lat)
        best = np.inf
        for s in range(segments.shape[0]):
            best = min(best, _foot(lat, lon, east_m, north_m, segments[s])[0])
        diagonal = grid[2] * math.hypot(east_m, north_m)
        reach[cell] = math.sqrt(best) * _SLACK + diagonal * 1.05
    return reach


@numba.njit(cache=True, parallel=True)
def _fill(
    segments: Floats, grid: Floats, columns: int, reach: Floats, start: Integers, out: Integers
) -> Integers:
    """Counts of candidates for each cell, and the candidates themselves where `out` has room."""
    count = np.zeros(len(reach), np.int32)
    for cell in numba.prange(len(reach)):
        lat = grid[1] + (cell // columns + 0.5) * grid[2]
        lon = grid[0] + (cell % columns + 0.5) * grid[2]
        east_m, north_m = scales(lat)
        limit = reach[cell] ** 2
        for s in range(segments.shape[0]):
            if _foot(lat, lon, east_m, north_m, segments[s])[0] <= limit:
                if len(out):
                    out[start[cell] + count[cell]] = s
                count[cell] += 1
    return count


def _candidates(
    segments: Floats, grid: Floats, rows: int, columns: int
) -> tuple[Integers, Integers]:
    reach = _reaches(segments, grid, rows, columns)
    start = np.zeros(rows * columns + 1, np.int32)
    none = np.empty(0, np.int32)
    np.cumsum(_fill(segments, grid, columns, reach, start, none), out=start[1:])
    candidate = np.empty(int(start[-1]), np.int32)
    _fill(segments, grid, columns, reach, start, candidate)
    return start, candidate


@numba.njit(cache=True, inline="always")
def _cell(line: LineIndex, lat: float, lon: float) -> tuple[int, bool]:
    """The cell of a point, or the nearest cell; and whether the point lies off the grid."""
    row = math.floor((lat - line.grid[1]) / line.grid[2])
    column = math.floor((lon - line.grid[0]) / line.grid[2])
    is_off = row < 0 or column < 0 or row >= line.rows or column >= line.columns
    row, column = min(max(row, 0), line.rows - 1), min(max(column, 0), line.columns - 1)
    return row * line.columns + column, is_off


@numba.njit(cache=True, inline="always")
def _closest(line: LineIndex, cell: int, lat: float, lon: float) -> tuple[int, float, int]:
    """The nearest segment, where on it (0 to 1), and the side of it: 1 left, -1 right."""
    east_m, north_m = scales(lat)
    best, along, which = np.inf, 0.0, 0
    turn, side = -1.0, 1
    for k in range(line.start[cell], line.start[cell + 1]):
        s = line.candidate[k]
        squared, t = _foot(lat, lon, east_m, north_m, line.segments[s])
        if squared > best * (1 + 1e-12):
            continue
        ax, ay, bx, by = line.segments[s]
        dx, dy = (bx - ax) * east_m, (by - ay) * north_m
        cross = dx * ((lat - ay) * north_m) - dy * ((lon - ax) * east_m)
        # At a corner two segments are equally near: the one seen at the wider angle decides.
        angle = cross * cross / (dx * dx + dy * dy)
        if squared < best * (1 - 1e-12) or angle > turn:
            best, along, which, turn = squared, t, s, angle
            side = 1 if cross >= 0 else -1
    return which, along, side


@numba.njit(cache=True, parallel=True)
def _nearest(
    line: LineIndex,
    lat: Floats,
    lon: Floats,
    out: Floats,
    side: npt.NDArray[np.int8],
    is_open: npt.NDArray[np.bool_],
) -> None:
    for i in numba.prange(len(lat)):
        cell, is_off = _cell(line, lat[i], lon[i])
        which, along, sign = _closest(line, cell, lat[i], lon[i])
        ax, ay, bx, by = line.segments[which]
        qx, qy = ax + along * (bx - ax), ay + along * (by - ay)
        east_m, north_m = scales((lat[i] + qy) / 2)
        dx, dy = (lon[i] - qx) * east_m, (lat[i] - qy) * north_m
        metres = math.hypot(dx, dy)
        out[i, 0] = metres
        if metres > 1e-3:
            out[i, 1], out[i, 2] = dx / metres, dy / metres
        else:  # on the line itself: its left-hand normal
            ex, ny = (bx - ax) * east_m, (by - ay) * north_m
            length = math.hypot(ex, ny)
            out[i, 1], out[i, 2] = -ny / length * sign, ex / length * sign
        side[i] = sign
        at_start = along == 0.0 and line.is_end[which, 0]
        is_open[i] = is_off or at_start or (along == 1.0 and line.is_end[which, 1])
