"""How many incidents a second and a square metre there are about each report.

The grid is centred on the middle of the evidence, and cells are rounded, not floored: a mirrored
map has mirrored cells, so neither side of a line gets another background than the other.
"""

import numba as nb
import numpy as np
import numpy.typing as npt

from truceline.fusion.columns import Reports
from truceline.fusion.parameters import FusionParameters

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


_EMPTY = -1


@nb.njit(cache=True)
def _key(x: int, y: int, t: int) -> int:
    return ((t & 0x3FFFFF) << 40) | ((y & 0xFFFFF) << 20) | (x & 0xFFFFF)


@nb.njit(cache=True)
def _slot(keys: Ints, key: int) -> np.int64:
    """Where a key stands, or the empty slot where it would (linear probing)."""
    value = np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)
    value ^= value >> np.uint64(32)
    at = np.int64(value & np.uint64(keys.size - 1))
    while keys[at] not in (key, _EMPTY):
        at = (at + 1) & (keys.size - 1)
    return at


@nb.njit(cache=True, parallel=True)
def _boxes(x: Ints, y: Ints, t: Ints, keys: Ints, counts: npt.NDArray[np.int32]) -> Ints:
    out = np.zeros(x.size, np.int64)
    for i in nb.prange(x.size):
        count = 0
        for dt in range(-1, 2):
            for dy in range(-1, 2):
                for dx in range(-1, 2):
                    count += counts[_slot(keys, _key(x[i] + dx, y[i] + dy, t[i] + dt))]
        out[i] = count
    return out


@nb.njit(cache=True)
def _fill(x: Ints, y: Ints, t: Ints, keys: Ints, counts: npt.NDArray[np.int32]) -> None:
    for i in range(x.size):
        key = _key(x[i], y[i], t[i])
        at = _slot(keys, key)
        keys[at] = key
        counts[at] += 1


def _middle(values: Floats) -> float:
    return float(values.min() + values.max()) / 2


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
    mid_s = reports.rows["mid_s"]
    local = np.full(rows, np.nan)
    if rows == 0:
        return local, 0.0
    per_incident = parameters.observations_per_incident
    duration_s = max(float(mid_s.max() - mid_s.min()), parameters.intensity_cell_s)
    everywhere = float(np.log((rows / per_incident + parameters.intensity_floor) / duration_s))
    placed = np.flatnonzero(reports.rows["parts"])
    if placed.size:
        held = reports.rows[placed]
        lat, lon = held["lat"], held["lon"]
        cell = parameters.intensity_cell_m
        x = np.rint((lon - _middle(lon)) * held["east_m"] / cell).astype(np.int64)
        y = np.rint((lat - _middle(lat)) * held["north_m"] / cell).astype(np.int64)
        t = np.floor(held["mid_s"] / parameters.intensity_cell_s).astype(np.int64)
        size = 1 << max(10, int(2 * placed.size - 1).bit_length())
        keys, filled = np.full(size, _EMPTY, np.int64), np.zeros(size, np.int32)
        _fill(x, y, t, keys, filled)
        counts = _boxes(x, y, t, keys, filled)
        incidents = counts / per_incident + parameters.intensity_floor
        box = 27 * cell**2 * parameters.intensity_cell_s
        local[placed] = np.log(incidents / box)
    return local, everywhere
