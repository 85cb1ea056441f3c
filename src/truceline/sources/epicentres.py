"""Errors of located events: the ellipse that a bulletin states, made one of 95 per cent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from truceline.geometry.offset import metres_per_degree
from truceline.model.errors import SourceError
from truceline.model.place import SIGMAS_95
from truceline.sources.delimited import Sheet
from truceline.sources.faults import Faults, gather, kept, where
from truceline.sources.figures import numbers, to_float64
from truceline.sources.limits import HALF_EARTH_M, LEAST_M, MEND, beyond, is_metres

Floats = npt.NDArray[np.float64]
# Where none is stated. Regional networks place quarry blasts within kilometres; assumed.
DEFAULT_ERROR_M = 10_000.0
DEFAULT_CONFIDENCE = 68.0  # per cent of an ellipse that states none: the lower custom; assumed


_ERRORS = ("major_m", "minor_m", "lat_error_deg", "lon_error_deg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """Error columns, with faults and notes."""

    columns: dict[str, Any]
    faults: Faults
    notes: tuple[str, ...]


def to_95(confidence: Floats) -> Floats:
    """By how much an ellipse that holds so many per cent grows until it holds 95.

    Of a Gaussian on a plane, the ellipse of `k` deviations holds `1 - exp(-k**2 / 2)`.

    Examples
    --------
    >>> [round(float(value), 3) for value in to_95(np.array([95.0, 68.0, 39.35]))]
    [1.0, 1.621, 2.448]
    """
    grown: Floats = SIGMAS_95 / np.sqrt(-2.0 * np.log1p(-confidence / 100.0))
    return grown


def errors(sheet: Sheet, lat: Floats, options: Mapping[str, Any]) -> Errors:
    """The ellipse stated, else deviations of latitude and longitude, else an assumed circle.

    Raises
    ------
    SourceError
        Option `error_m` is no distance.
    """
    default_m = options.get("error_m", DEFAULT_ERROR_M)
    if not is_metres(default_m):
        msg = f"option `error_m` is {default_m!r}; give metres, such as 10000"
        raise SourceError(msg)
    figures, faults = _figures(sheet)
    confidence = figures["confidence"]
    is_stated = ~np.isnan(figures["major_m"])
    unsure = is_stated & np.isnan(confidence)
    grown = to_95(np.where(np.isnan(confidence), DEFAULT_CONFIDENCE, confidence))
    east_m, north_m = metres_per_degree(np.where(np.isnan(lat), 0.0, lat))
    east = figures["lon_error_deg"] * east_m * SIGMAS_95
    north = figures["lat_error_deg"] * north_m * SIGMAS_95
    is_box = ~is_stated & (east > 0) & (north > 0)
    is_bare = ~is_stated & ~is_box & ~np.isnan(lat)
    minor_m = np.where(np.isnan(figures["minor_m"]), figures["major_m"], figures["minor_m"])
    major = np.where(is_stated, figures["major_m"] * grown, np.maximum(east, north))
    minor = np.where(is_stated, minor_m * grown, np.minimum(east, north))
    azimuth = np.where(
        is_stated, np.nan_to_num(figures["azimuth_deg"]) % 180.0, np.where(east >= north, 90.0, 0.0)
    )
    placed = kept(sheet.rows, faults) & ~np.isnan(lat)
    shape = [np.where(is_bare, default_m, major), np.where(is_bare, default_m, minor)]
    columns = {
        "error_major_m": to_float64(np.where(placed, np.maximum(*shape), np.nan)),
        "error_minor_m": to_float64(np.where(placed, np.minimum(*shape), np.nan)),
        "error_azimuth_deg": to_float64(np.where(placed, np.where(is_bare, 0, azimuth), np.nan)),
    }
    said = (
        (unsure, f"ellipses state no confidence: {DEFAULT_CONFIDENCE:g} % (assumed)"),
        (is_bare, f"events state no error of their place: {default_m:g} m (assumed)"),
    )
    name = sheet.file.name
    notes = tuple(f"{name}: {int(mask.sum())} {words}" for mask, words in said if mask.any())
    return Errors(columns=columns, faults=faults, notes=notes)


def _figures(sheet: Sheet) -> tuple[dict[str, Floats], Faults]:
    figures: dict[str, Floats] = {}
    faults: Faults = {}
    for name in (
        "major_m", "minor_m", "azimuth_deg", "confidence", "lat_error_deg", "lon_error_deg",
    ):  # fmt: skip
        read = numbers(sheet.column(name), name)
        # An error of 0 is how services write that none was worked out: no place is exact.
        is_zero = read.values == 0 if name in _ERRORS else np.zeros(sheet.rows, dtype=np.bool_)
        figures[name] = np.where(is_zero, np.nan, read.values)
        gather(faults, read.faults)
    with np.errstate(invalid="ignore"):
        odd = (figures["confidence"] <= 0) | (figures["confidence"] >= 100)
        wide = (figures["lat_error_deg"] < 0) | (figures["lat_error_deg"] > 90)
        wide |= (figures["lon_error_deg"] < 0) | (figures["lon_error_deg"] > 180)
        crossed = figures["minor_m"] > figures["major_m"]
    for name in ("major_m", "minor_m"):
        gather(faults, beyond(figures[name], name, LEAST_M, HALF_EARTH_M, "m"))
    gather(faults, where(odd, "confidence is not between 0 and 100 per cent", MEND))
    gather(faults, where(wide, "an error of latitude or longitude is no angle", MEND))
    gather(faults, where(crossed, "minor_m is above major_m", "check both axes of the ellipse"))
    sound = kept(sheet.rows, faults)
    return {name: np.where(sound, values, np.nan) for name, values in figures.items()}, faults
