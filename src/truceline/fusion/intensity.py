"""How many incidents a second and a square metre there are about each report.

The grid is centred on the middle of the evidence, and cells are rounded, not floored: a mirrored
map has mirrored cells, so neither side of a line gets another background than the other.
"""

import math

import numba as nb
import numpy as np
import numpy.typing as npt

from truceline.fusion.columns import Records, Reports
from truceline.fusion.kernels import PLAIN_LEAF
from truceline.fusion.parameters import FusionParameters

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


_EMPTY = -1


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
def _cells(
    rows: Records, middle: tuple[float, float], cell: tuple[float, float], out: Ints
) -> None:
    for i in nb.prange(rows.size):
        row = rows[i]
        if row.parts > 0:
            out[i, 0] = np.int64(np.rint((row.lon - middle[1]) * row.east_m / cell[0]))
            out[i, 1] = np.int64(np.rint((row.lat - middle[0]) * row.north_m / cell[0]))
            out[i, 2] = np.int64(math.floor(row.mid_s / cell[1]))


@nb.njit(cache=True)
def _fill(rows: Records, cells: Ints, keys: Ints, counts: npt.NDArray[np.int32]) -> None:
    for i in range(rows.size):
        if rows[i].parts > 0:
            key = _key(cells[i, 0], cells[i, 1], cells[i, 2])
            at = _slot(keys, key)
            keys[at] = key
            counts[at] += 1


@nb.njit(cache=True, parallel=True)
def _boxes(
    rows: Records, cells: Ints, keys: Ints, counts: npt.NDArray[np.int32],
    settings: tuple[float, float, float], out: Floats,
) -> None:  # fmt: skip
    per_incident, floor, box = settings
    for i in nb.prange(rows.size):
        if rows[i].parts > 0:
            count = 0
            x, y, t = cells[i, 0], cells[i, 1], cells[i, 2]
            for dt in range(-1, 2):
                for dy in range(-1, 2):
                    for dx in range(-1, 2):
                        count += counts[_slot(keys, _key(x + dx, y + dy, t + dt))]
            out[i] = math.log((count / per_incident + floor) / box)


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
        cells = np.zeros((rows, 3), np.int64)
        _cells(reports.rows, middle, cell, cells)
        size = 1 << max(10, int(2 * placed - 1).bit_length())
        keys, counts = np.full(size, _EMPTY, np.int64), np.zeros(size, np.int32)
        _fill(reports.rows, cells, keys, counts)
        settings = (per_incident, parameters.intensity_floor, 27 * cell[0] ** 2 * cell[1])
        _boxes(reports.rows, cells, keys, counts, settings, local)
    return local, everywhere
