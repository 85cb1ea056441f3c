"""Coordinates that cannot be: out of range, swapped, at null island, or half given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from truceline.model.errors import SourceError
from truceline.sources.delimited import Sheet
from truceline.sources.faults import Faults, gather, where
from truceline.sources.figures import numbers

Floats = npt.NDArray[np.float64]
OPTIONS: Mapping[str, str] = {
    "bounds": "[south, west, north, east] degrees: a point outside whose swap is inside is refused",
}
_REGION_DEG = 12.0  # a file whose points lie within this span is regional, so a swap stands out
_FAR_DEG = 5.0  # how far outside that span a point must lie, while its swap lies inside
_FEWEST = 10  # points that make a span


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Latitude and longitude, NaN where unknown, with faults and notes."""

    lat: Floats
    lon: Floats
    faults: Faults
    notes: tuple[str, ...] = ()


def points(sheet: Sheet, lat: str, lon: str, options: Mapping[str, Any]) -> Points:
    """Coordinates of a sheet's rows, with the faults of those that cannot be.

    Parameters
    ----------
    sheet
        The file.
    lat, lon
        Names of its columns, degrees.
    options
        May hold `bounds`.
    """
    read_lat = numbers(sheet.column(lat), lat, is_degrees=True)
    read_lon = numbers(sheet.column(lon), lon, is_degrees=True)
    faults = dict(read_lat.faults)
    gather(faults, read_lon.faults, check(read_lat.values, read_lon.values, options))
    commas = read_lat.commas + read_lon.commas
    said = (f"{sheet.file.name}: {commas} coordinates with a decimal comma",) if commas else ()
    return Points(lat=read_lat.values, lon=read_lon.values, faults=faults, notes=said)


def check(lat: Floats, lon: Floats, options: Mapping[str, Any]) -> Faults:
    """Faults of coordinates; NaN in both is an unknown place and no fault.

    Examples
    --------
    >>> found = check(np.array([48.0, 0.0, 148.0]), np.array([37.8, 0.0, 37.8]), {})
    >>> [found[row][0] for row in sorted(found)]
    ['lat and lon are both 0', 'lat 148.0 is outside [-90, 90]']
    """
    faults: Faults = {}
    half = np.isnan(lat) != np.isnan(lon)
    gather(faults, where(half, "only one of lat and lon is given", "give both, or neither"))
    advice = "check whether lat and lon are swapped, or whether a digit is missing"
    with np.errstate(invalid="ignore"):
        null_island = (lat == 0) & (lon == 0)
        beyond = {"lat": (np.abs(lat) > 90, lat, 90), "lon": (np.abs(lon) > 180, lon, 180)}
    gather(
        faults,
        where(null_island, "lat and lon are both 0", "leave both empty if the place is not known"),
    )
    for name, (mask, values, limit) in beyond.items():
        for row in np.flatnonzero(mask).tolist():
            reason = f"{name} {float(values[row])} is outside [-{limit}, {limit}]"
            faults.setdefault(row, (reason, advice))
    gather(faults, _swapped(lat, lon, options, faults))
    return faults


def _swapped(lat: Floats, lon: Floats, options: Mapping[str, Any], faults: Faults) -> Faults:
    box = _bounds(options)
    slack = 0.0
    if box is None:
        box, slack = _span(lat, lon, faults), _FAR_DEG
    if box is None:
        return {}
    south, west, north, east = box
    with np.errstate(invalid="ignore"):
        inside = (
            (lat >= south - slack)
            & (lat <= north + slack)
            & (lon >= west - slack)
            & (lon <= east + slack)
        )
        swap_inside = (lon >= south) & (lon <= north) & (lat >= west) & (lat <= east)
    return where(
        swap_inside & ~inside,
        "lat and lon seem to be swapped: so they lie far from the others, swapped among them",
        "swap them in this row; or set option `bounds` if the place is right",
    )


def _span(lat: Floats, lon: Floats, faults: Faults) -> tuple[float, float, float, float] | None:
    """The box of nearly all points, where that is a region and not the world."""
    sound = ~np.isnan(lat) & ~np.isnan(lon)
    sound[list(faults)] = False
    if sound.sum() < _FEWEST:
        return None
    south, north = np.quantile(lat[sound], (0.1, 0.9))
    west, east = np.quantile(lon[sound], (0.1, 0.9))
    if north - south > _REGION_DEG or east - west > _REGION_DEG:
        return None
    return south - 1.0, west - 1.0, north + 1.0, east + 1.0


def _bounds(options: Mapping[str, Any]) -> tuple[float, float, float, float] | None:
    given = options.get("bounds")
    if given is None:
        return None
    if isinstance(given, Sequence) and len(given) == 4:
        try:
            south, west, north, east = (float(value) for value in given)
        except (TypeError, ValueError):
            pass
        else:
            if south < north and west < east:
                return south, west, north, east
    msg = f"option `bounds` is {given!r}; give [south, west, north, east] in degrees"
    raise SourceError(msg)
