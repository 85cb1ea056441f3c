"""Where it was, by the plain template: a point with an error, or a bearing from an observer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from truceline.sources.arcs import BEARING_ERROR_DEG, HEARD_TO_M, Arcs, arcs
from truceline.sources.degrees import check, points
from truceline.sources.delimited import Sheet
from truceline.sources.faults import Faults, Mask, gather, where
from truceline.sources.figures import numbers, to_float64
from truceline.sources.limits import HALF_EARTH_M, LEAST_DEG, LEAST_M, MEND, beyond

DEFAULT_ERROR_M = 1000.0  # assumed: patrols round distances to whole kilometres
_POSITION = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)\s*[ ,;]\s*([+-]?\d+(?:\.\d+)?)\s*")

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Place and bearing columns of a sheet, with faults and notes."""

    columns: dict[str, Any]
    faults: Faults
    notes: tuple[str, ...]


def places(sheet: Sheet, default_error_m: float) -> Places:
    """Place columns from lat, lon, error_m, bearing_deg, bearing_error_deg, range_m, observer_position.

    With lat and lon a bearing points back to the origin (`to_origin`). Without them the place is
    made from the observer's position (`to_event`): an arc, or a disc about the observer where no
    bearing is given.
    """
    at = points(sheet, "lat", "lon")
    faults = dict(at.faults)
    figures = {}
    for name in ("error_m", "bearing_deg", "bearing_error_deg", "range_m"):
        read = numbers(sheet.column(name), name)
        figures[name] = read.values
        gather(faults, read.faults)
    gather(faults, _out_of_range(figures))
    sound = np.ones(sheet.rows, dtype=np.bool_)
    sound[list(faults)] = False
    figures = {name: np.where(sound, values, np.nan) for name, values in figures.items()}
    figures["bearing_deg"] = figures["bearing_deg"] % 360.0
    lat, lon = np.where(sound, at.lat, np.nan), np.where(sound, at.lon, np.nan)
    observer = _observers(sheet, sound & np.isnan(lat))
    misplaced = check(*observer)
    gather(faults, misplaced)
    for column in observer:  # refused, and no arc is drawn from nowhere
        column[list(misplaced)] = np.nan
    return _placed(sheet, lat, lon, observer, figures, default_error_m, faults, at.notes)


def _out_of_range(figures: Mapping[str, Floats]) -> Faults:
    faults: Faults = {}
    with np.errstate(invalid="ignore"):
        bearing, spread = figures["bearing_deg"], figures["bearing_error_deg"]
        wrong = {
            "bearing_deg is outside [0, 360]": (bearing < 0) | (bearing > 360),
            f"bearing_error_deg is outside [{LEAST_DEG}, 180]": (spread < LEAST_DEG)
            | (spread > 180),
        }
    for name in ("error_m", "range_m"):
        gather(faults, beyond(figures[name], name, LEAST_M, HALF_EARTH_M, "m"))
    for reason, mask in wrong.items():
        gather(faults, where(mask, reason, MEND))
    return faults


def _observers(sheet: Sheet, wanted: Mask) -> tuple[Floats, Floats]:
    """Positions written as `lat lon`; other words (a camp's name) give none."""
    lat, lon = np.full(sheet.rows, np.nan), np.full(sheet.rows, np.nan)
    column = sheet.column("observer_position")
    rows = np.flatnonzero(wanted & column.is_valid().to_numpy(zero_copy_only=False))
    if len(rows):
        coded = column.take(pa.array(rows)).dictionary_encode()
        found = [_POSITION.fullmatch(cell) for cell in coded.dictionary.to_pylist()]
        pairs = np.array(
            [(float(f[1]), float(f[2])) if f else (np.nan, np.nan) for f in found], dtype=np.float64
        )
        picked = pairs[coded.indices.to_numpy()]
        lat[rows], lon[rows] = picked[:, 0], picked[:, 1]
    return lat, lon


def _placed(
    sheet: Sheet,
    lat: Floats,
    lon: Floats,
    observer: tuple[Floats, Floats],
    figures: Mapping[str, Floats],
    default_error_m: float,
    faults: Faults,
    notes: tuple[str, ...],
) -> Places:
    is_point = ~np.isnan(lat)
    is_seen = ~np.isnan(observer[0])
    is_arc = is_seen & ~np.isnan(figures["bearing_deg"])
    is_disc = is_seen & ~is_arc
    unstated = is_point & np.isnan(figures["error_m"])
    error = np.where(unstated, default_error_m, figures["error_m"])
    reach = np.where(np.isnan(figures["range_m"]), HEARD_TO_M, figures["range_m"])
    error = np.where(is_disc, reach, error)
    error = np.where(is_point | is_disc, error, np.nan)
    lat, lon = np.where(is_disc, observer[0], lat), np.where(is_disc, observer[1], lon)
    shape = [error, error.copy(), np.where(np.isnan(error), np.nan, 0.0)]
    made = _arcs(np.flatnonzero(is_arc), observer, figures) if is_arc.any() else None
    if made is not None:
        lat[is_arc], lon[is_arc] = made.lat, made.lon
        for values, own in zip(
            shape, (made.error_major_m, made.error_minor_m, made.error_azimuth_deg), strict=True
        ):
            values[is_arc] = own
    columns = {
        "lat": to_float64(lat),
        "lon": to_float64(lon),
        "error_major_m": to_float64(shape[0]),
        "error_minor_m": to_float64(shape[1]),
        "error_azimuth_deg": to_float64(shape[2]),
        "place_kind": _kinds(is_point | is_disc, is_arc),
        "components": _components(made, is_arc),
        **_bearing_columns(figures, is_point, is_arc),
    }
    said = [*notes, *_assumed(sheet.file.name, figures, unstated, is_arc, is_disc, default_error_m)]
    return Places(columns=columns, faults=faults, notes=tuple(said))


def _arcs(
    rows: npt.NDArray[np.int64], observer: tuple[Floats, Floats], figures: Mapping[str, Floats]
) -> Arcs:
    return arcs(
        observer[0][rows],
        observer[1][rows],
        figures["bearing_deg"][rows],
        figures["bearing_error_deg"][rows],
        figures["range_m"][rows],
        figures["error_m"][rows],
    )


def _bearing_columns(
    figures: Mapping[str, Floats], is_point: Mask, is_arc: Mask
) -> dict[str, pa.Array]:
    bearing = figures["bearing_deg"]
    known = ~np.isnan(bearing)
    spread = figures["bearing_error_deg"]
    spread = np.where(known & np.isnan(spread), BEARING_ERROR_DEG, np.where(known, spread, np.nan))
    role = np.where(is_arc, 1, np.where(is_point & known, 0, 2))
    words = pa.array(["to_origin", "to_event", None], pa.string())
    return {
        "bearing_deg": to_float64(bearing),
        "bearing_error_deg": to_float64(spread),
        "range_m": to_float64(figures["range_m"]),
        "bearing_role": words.take(pa.array(role)),
    }


def _kinds(is_ellipse: Mask, is_arc: Mask) -> pa.Array:
    words = pa.array(["ellipse", "bearing", None], pa.string())
    return words.take(pa.array(np.where(is_ellipse, 0, np.where(is_arc, 1, 2))))


def _components(made: Arcs | None, is_arc: Mask) -> pa.Array | None:
    if made is None:
        return None
    place = np.full(len(is_arc), -1, dtype=np.int64)
    place[is_arc] = np.arange(int(is_arc.sum()))
    return made.components.take(pa.array(place, mask=place < 0))


def _assumed(
    name: str,
    figures: Mapping[str, Floats],
    unstated: Mask,
    is_arc: Mask,
    is_disc: Mask,
    default_error_m: float,
) -> list[str]:
    bearing = ~np.isnan(figures["bearing_deg"])
    said = (
        (unstated, f"rows state no error_m: {default_error_m:g} m (assumed)"),
        (
            bearing & np.isnan(figures["bearing_error_deg"]),
            f"bearings state no error: {BEARING_ERROR_DEG:g} degrees, one deviation (assumed)",
        ),
        (
            is_arc & np.isnan(figures["range_m"]),
            f"bearings state no range: 0.5 to {HEARD_TO_M / 1000:g} km (assumed)",
        ),
        (
            is_disc,
            f"rows give only the observer: within range_m, or {HEARD_TO_M / 1000:g} km (assumed)",
        ),
    )
    return [f"{name}: {int(mask.sum())} {words}" for mask, words in said if mask.any()]
