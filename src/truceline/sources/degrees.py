"""Coordinates that cannot be: out of range, at null island, or half given."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from truceline.sources.delimited import Sheet
from truceline.sources.faults import Faults, gather, where
from truceline.sources.figures import numbers

Floats = npt.NDArray[np.float64]
OPTIONS: Mapping[str, str] = {
    "bounds": "[south, west, north, east] degrees: a point outside whose swap is inside is refused",
}
_NULL_DEG = 0.01  # about a kilometre of open sea around 0, 0, where nobody stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Latitude and longitude, NaN where unknown, with faults and notes."""

    lat: Floats
    lon: Floats
    faults: Faults
    notes: tuple[str, ...] = ()


def points(sheet: Sheet, lat: str, lon: str) -> Points:
    """Coordinates of a sheet's rows, with the faults of those that cannot be.

    Parameters
    ----------
    sheet
        The file.
    lat, lon
        Names of its columns, degrees.
    """
    read_lat = numbers(sheet.column(lat), lat, is_degrees=True)
    read_lon = numbers(sheet.column(lon), lon, is_degrees=True)
    faults = dict(read_lat.faults)
    gather(faults, read_lon.faults, check(read_lat.values, read_lon.values))
    commas = read_lat.commas + read_lon.commas
    said = (f"{sheet.file.name}: {commas} coordinates with a decimal comma",) if commas else ()
    return Points(lat=read_lat.values, lon=read_lon.values, faults=faults, notes=said)


def check(lat: Floats, lon: Floats) -> Faults:
    """Faults of coordinates; NaN in both is an unknown place and no fault.

    Examples
    --------
    >>> found = check(np.array([48.0, 0.0, 148.0]), np.array([37.8, 0.0, 37.8]))
    >>> [found[row][0] for row in sorted(found)]
    ['lat and lon are both 0', 'lat 148.0 is outside [-90, 90]']
    """
    faults: Faults = {}
    half = np.isnan(lat) != np.isnan(lon)
    gather(faults, where(half, "only one of lat and lon is given", "give both, or neither"))
    advice = "check whether lat and lon are swapped, or whether a digit is missing"
    with np.errstate(invalid="ignore"):
        null_island = (np.abs(lat) < _NULL_DEG) & (np.abs(lon) < _NULL_DEG)
        beyond = {"lat": (np.abs(lat) > 90, lat, 90), "lon": (np.abs(lon) > 180, lon, 180)}
    gather(
        faults,
        where(null_island, "lat and lon are both 0", "leave both empty if the place is not known"),
    )
    for name, (mask, values, limit) in beyond.items():
        for row in np.flatnonzero(mask).tolist():
            reason = f"{name} {float(values[row])} is outside [-{limit}, {limit}]"
            faults.setdefault(row, (reason, advice))
    return faults
