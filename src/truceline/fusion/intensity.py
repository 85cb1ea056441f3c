"""How many incidents a second and a square metre there are about each report.

The grid is centred on the middle of the evidence, and cells are rounded, not floored: a mirrored
map has mirrored cells, so neither side of a line gets another background than the other.
"""

import math
from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

from truceline.fusion.columns import Records, Reports
from truceline.fusion.kernels import PLAIN_LEAF
from truceline.fusion.parameters import FusionParameters

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


_EMPTY = -1


class _Table(NamedTuple):
    """Where the number of each cell stands: by hash of its key."""

    keys: Ints
    number: npt.NDArray[np.int32]


@nb.njit(**PLAIN_LEAF)
def _key(x: int, y: int, t: int) -> int:
    return ((t & 0x3FFFFF) << 40) | ((y & 0xFFFFF) << 20) | (x & 0xFFFFF)


@nb.njit(**PLAIN_LEAF)
def _slot(keys: Ints, key: int) -> np.int64:
    """Where a key stands, or the empty slot where it would (linear probing)."""
    value = np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)
    value ^= value >> np.uint64(32)
    at = np.int64(value & np.uint64(keys.size - 1))
    while keys[at] not in (key, _EMPTY):
        at = (at + 1) & (keys.size - 1)
    return at


@nb.njit(cache=True, parallel=True)
def _keys(rows: Records, middle: tuple[float, float], cell: tuple[float, float], out: Ints) -> None:
    """Key of the cell of each report; `_EMPTY` where nobody said where."""
    for i in nb.prange(rows.size):
        row = rows[i]
        out[i] = _EMPTY
        if row.parts > 0:
            x = np.int64(np.rint((row.lon - middle[1]) * row.east_m / cell[0]))
            y = np.int64(np.rint((row.lat - middle[0]) * row.north_m / cell[0]))
            out[i] = _key(x, y, np.int64(math.floor(row.mid_s / cell[1])))


@nb.njit(cache=True)
def _count(keys: Ints, table: _Table, cell: Ints, met: Ints, counts: Ints) -> int:
    """Number cells as they are met, so that those of one day stand together; how many there are.

    `cell` gets the number of each report's cell, `met` the key of each number.
    """
    cells = 0
    for i in range(keys.size):
        cell[i] = _EMPTY
        if keys[i] != _EMPTY:
            at = _slot(table.keys, keys[i])
            if table.keys[at] == _EMPTY:
                table.keys[at], table.number[at], met[cells] = keys[i], cells, keys[i]
                cells += 1
            cell[i] = table.number[at]
            counts[cell[i]] += 1
    return cells


@nb.njit(cache=True, parallel=True)
def _boxes(
    met: Ints, counts: Ints, table: _Table, settings: tuple[float, float, float], out: Floats
) -> None:
    """Log intensity in the box about each cell."""
    per_incident, floor, box = settings
    for c in nb.prange(out.size):
        count = 0
        x, y, t = met[c], met[c] >> 20, met[c] >> 40
        for dt in range(-1, 2):
            for dy in range(-1, 2):
                for dx in range(-1, 2):
                    number = table.number[_slot(table.keys, _key(x + dx, y + dy, t + dt))]
                    if number != _EMPTY:
                        count += counts[number]
        out[c] = math.log((count / per_incident + floor) / box)


def _middle(values: Floats) -> float:
    near = np.ascontiguousarray(values)  # out of the records: it is read twice
    return float(np.nanmin(near) + np.nanmax(near)) / 2


def log_intensity(reports: Reports, parameters: FusionParameters) -> tuple[Floats, float]:
    """Log of incidents per square metre and second at each report, and per second everywhere.

    Returns
    -------
    local
        `(n,)`; nan where a report has no place.
    everywhere
        For reports that nobody placed.
    """
    rows = reports.rows.size
    mid_s = np.ascontiguousarray(reports.rows["mid_s"])
    local = np.full(rows, np.nan)
    if rows == 0:
        return local, 0.0
    per_incident = parameters.observations_per_incident
    duration_s = max(float(mid_s.max() - mid_s.min()), parameters.intensity_cell_s)
    everywhere = float(np.log((rows / per_incident + parameters.intensity_floor) / duration_s))
    placed = int(np.count_nonzero(reports.rows["parts"]))
    if placed:
        middle = _middle(reports.rows["lat"]), _middle(reports.rows["lon"])
        cell = parameters.intensity_cell_m, parameters.intensity_cell_s
        keys, number, met, counts = np.zeros((4, rows), np.int64)
        _keys(reports.rows, middle, cell, keys)
        size = 1 << max(10, int(2 * placed - 1).bit_length())
        table = _Table(np.full(size, _EMPTY, np.int64), np.full(size, _EMPTY, np.int32))
        cells = _count(keys, table, number, met, counts)
        settings = (per_incident, parameters.intensity_floor, 27 * cell[0] ** 2 * cell[1])
        nats = np.full(cells + 1, np.nan)  # the last stands for those without a place
        _boxes(met, counts, table, settings, nats[:cells])
        local = nats[number]
    return local, everywhere
