"""The raster over zones: who holds each cell's south-west corner, and which edges pass through it."""

import math
from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]

NONE, MIXED = -1, -2
"""In `plain`: no zone in the whole cell; several zones, or edges, so that one must look closer."""

_MOST_CELLS = 4_000_000
_CELLS_PER_EDGE = 4


class Raster(NamedTuple):
    """Edges of zones and the raster over them, as the compiled kernels take them."""

    edges: Floats  # (e, 4) lon, lat, lon, lat
    owner: Integers  # (e,) which zone
    grid: Floats  # west, south, step
    rows: int
    columns: int
    plain: Integers  # a cell's only zone, -1 none, -2 look closer
    label_start: Integers
    label: Integers
    edge_start: Integers
    edge: Integers  # by owner within a cell


def raster_of(edges: Floats, owner: Integers) -> Raster:
    """The raster over the edges of zones.

    Parameters
    ----------
    edges, owner
        `(e, 4)` lon, lat, lon, lat, and `(e,)` the zone of each.
    """
    attempt, spans = 0, None
    while spans is None:
        grid, shape = _grid(edges, attempt)
        spans = _spans(edges, owner, grid)
        attempt += 1
    label_start, label = _labels(spans, shape)
    edge_start, edge = _rasterised(edges, grid, shape)
    plain = np.full(shape[0] * shape[1], MIXED, np.int32)
    bare = np.diff(edge_start) == 0
    count = np.diff(label_start)
    plain[bare & (count == 0)] = NONE
    alone = np.flatnonzero(bare & (count == 1))
    plain[alone] = label[label_start[alone]]
    return Raster(edges, owner, grid, *shape, plain, label_start, label, edge_start, edge)


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
    edges: Floats, owner: Integers, grid: Floats
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
        r0 = math.floor((ay - grid[1]) / grid[2] - hair)
        r1 = math.floor((by - grid[1]) / grid[2] + hair)
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
            low = math.floor((min(x0, x1) - grid[0]) / grid[2] - hair)
            high = math.floor((max(x0, x1) - grid[0]) / grid[2] + hair)
            for c in range(max(low, 0), min(high, columns - 1) + 1):
                if len(out):
                    out[at[r * columns + c]] = e
                at[r * columns + c] += 1
