"""NASA FIRMS: pixels in which a satellite saw something hot. A hot pixel is not an incident type."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.errors import SourceError
from truceline.model.place import SIGMAS_95
from truceline.sources import degrees, delimited
from truceline.sources.assembly import Part, assemble
from truceline.sources.contract import Feed, RawFile, ReadContext, Reading, check_options
from truceline.sources.degrees import points
from truceline.sources.delimited import Sheet, read_sheet, read_sheets
from truceline.sources.faults import Faults, Mask, gather, where
from truceline.sources.figures import numbers, to_float64
from truceline.sources.instants import instants, to_instants
from truceline.sources.pixels import acquired, clock_times, replaced, satellite_names

REQUIRED = ("latitude", "longitude", "acq_date", "acq_time", "satellite")
COLUMNS = (
    *REQUIRED, "scan", "track", "instrument", "confidence", "version", "type", "frp", "daynight",
    "bright_ti4", "bright_ti5", "brightness", "bright_t31",
)  # fmt: skip
OPTIONS: Mapping[str, str] = {
    **delimited.OPTIONS,
    **degrees.OPTIONS,
    "types": "which archive types to take; [0] where absent: neither volcano, plant nor platform",
    "least_confidence": "low, nominal or high (MODIS: below 30, below 80, from 80); low if absent",
}
# FIRMS user's guide: the archive's `type`.
TYPES = {
    0: "presumed vegetation fire",
    1: "active volcano",
    2: "other static land source",
    3: "offshore",
}
# MODIS active fire user's guide (collection 6): confidence classes.
MODIS_NOMINAL, MODIS_HIGH = 30.0, 80.0
PIXEL_KM = {"VIIRS": 0.375, "MODIS": 1.0}  # at nadir, where scan or track is missing
LEAST_PIXEL_KM, MOST_PIXEL_KM = 0.05, 20.0  # far outside what any of these sensors has; assumed
WORDS = {"l": 0, "low": 0, "n": 1, "nominal": 1, "h": 2, "high": 2}
CLASSES = ("low", "nominal", "high")

Floats = npt.NDArray[np.float64]


def read(files: Sequence[RawFile], context: ReadContext) -> Reading:
    """Read FIRMS files, VIIRS and MODIS, archive and near-real-time.

    Raises
    ------
    SourceError
        An option is not known, or no file is of FIRMS.
    """
    check_options(context.options, OPTIONS, "firms")
    one = partial(read_sheet, required=REQUIRED, known=COLUMNS, options=context.options)
    sheets, whole = read_sheets(files, one)
    parts = [_part(sheet, context.options) for sheet in sheets]
    parts = replaced(parts)
    return assemble("observations", parts, files=files, context=context, refused=whole)


def _part(sheet: Sheet, options: Mapping[str, Any]) -> Part:
    at = points(sheet, "latitude", "longitude")
    clock, unclocked = clock_times(sheet.column("acq_time"))
    stamp = acquired(sheet.column("acq_date"), clock)
    when = instants(stamp, "acq_date and acq_time", zone="UTC")
    faults: Faults = {}
    gather(faults, at.faults, unclocked, when.faults)
    gather(faults, where(~when.is_known, "no time is given", "fetch the file again"))
    gather(faults, where(np.isnan(at.lat), "no place is given", "fetch the file again"))
    levels, unsure = _confidence(sheet)
    gather(faults, unsure, _unwanted(sheet, levels, options))
    instrument = _instruments(sheet)
    name = satellite_names(sheet.column("satellite"), instrument)
    shape, misshapen = _footprint(sheet, instrument)
    gather(faults, misshapen)
    has_place = ~np.isnan(at.lat)
    columns: dict[str, Any] = {
        "observation_id": _ids(name, stamp, at.lat, at.lon),
        "feed": "firms",
        "source": name,
        "source_kind": "satellite",
        "root": name,  # pixels of one satellite's passes never corroborate one another
        "began": to_instants(when.began_us),
        "ended": to_instants(when.ended_us),
        "is_date_only": False,
        "lat": to_float64(at.lat),
        "lon": to_float64(at.lon),
        **shape,
        "place_kind": pa.array(["ellipse", None]).take(pa.array(np.where(has_place, 0, 1))),
        "direction": "undetermined",
        "means": "thermal",
        "stance": "none",
    }
    spread = ", ".join(f"{int((levels == k).sum())} {word}" for k, word in enumerate(CLASSES))
    notes = (f"{sheet.file.name}: confidence {spread}; a footprint, azimuth assumed, is the error",)
    return Part(sheet=sheet, columns=columns, faults=faults, notes=(*at.notes, *notes))


def _ids(name: pa.Array, stamp: pa.Array, lat: Floats, lon: Floats) -> pa.Array:
    """Satellite, minute and place say which pixel it is, in whichever spelling."""
    cells = zip(name.to_pylist(), stamp.to_pylist(), lat.tolist(), lon.tolist(), strict=True)
    return pa.array(
        [f"firms:{sat}:{time or ''}:{y:.5f}:{x:.5f}" for sat, time, y, x in cells], pa.string()
    )


def _instruments(sheet: Sheet) -> pa.Array:
    stated = pc.utf8_upper(pc.utf8_trim_whitespace(sheet.column("instrument")))
    return pc.fill_null(stated, "MODIS" if "brightness" in sheet.columns else "VIIRS")


def _footprint(sheet: Sheet, instrument: pa.Array) -> tuple[dict[str, Any], Faults]:
    """Error ellipse of a pixel: the fire is anywhere in it, evenly.

    A width w has deviation w / sqrt(12), so its 95 % semi-axis is `SIGMAS_95` times that. `scan`
    runs across the track of a polar orbit, so east to west within some 15 degrees at these
    latitudes; that azimuth is assumed.
    """
    is_modis = pc.equal(instrument, "MODIS").to_numpy(zero_copy_only=False)
    nadir_km = np.where(is_modis, PIXEL_KM["MODIS"], PIXEL_KM["VIIRS"])
    faults: Faults = {}
    semi = []
    for name in ("scan", "track"):
        read_km = numbers(sheet.column(name), name)
        with np.errstate(invalid="ignore"):
            wrong = (read_km.values < LEAST_PIXEL_KM) | (read_km.values > MOST_PIXEL_KM)
        gather(faults, read_km.faults)
        gather(faults, where(wrong, f"{name} is no width of a pixel in km", "fetch the file again"))
        width_km = np.where(np.isnan(read_km.values) | wrong, nadir_km, read_km.values)
        semi.append(SIGMAS_95 * width_km * 1000.0 / np.sqrt(12.0))
    scan, track = semi
    return {
        "error_major_m": np.maximum(scan, track),
        "error_minor_m": np.minimum(scan, track),
        "error_azimuth_deg": np.where(scan >= track, 90.0, 0.0),
    }, faults


def _confidence(sheet: Sheet) -> tuple[npt.NDArray[np.int64], Faults]:
    """0 low, 1 nominal, 2 high, -1 not stated: from words, letters or 0 to 100."""
    column = sheet.column("confidence")
    found = column.dictionary_encode()
    faults: Faults = {}
    levels = [_level(cell) for cell in found.dictionary.to_pylist()]
    codes = found.indices.fill_null(len(levels)).to_numpy(zero_copy_only=False)
    level = np.array([*(-2 if value is None else value for value in levels), -1])[codes]
    for row in np.flatnonzero(level == -2).tolist():
        reason = f"confidence {column[row].as_py()!r} is neither a word, a letter nor 0 to 100"
        faults[row] = (reason, "fetch the file again")
    return level, faults


def _level(cell: str) -> int | None:
    word = cell.strip().casefold()
    if word in WORDS:
        return WORDS[word]
    try:
        figure = float(word)
    except ValueError:
        return None
    if not 0 <= figure <= 100:
        return None
    return 0 if figure < MODIS_NOMINAL else 1 if figure < MODIS_HIGH else 2


def _whole(numbers_: Sequence[Any]) -> list[int]:
    """The numbers; -1, which is no type, for what is no whole number."""
    return [number if isinstance(number, int) else -1 for number in numbers_]


def _unwanted(sheet: Sheet, levels: npt.NDArray[np.int64], options: Mapping[str, Any]) -> Faults:
    wanted = options.get("types", [0])
    least = options.get("least_confidence", "low")
    if not isinstance(wanted, list | tuple) or not all(
        number in TYPES for number in _whole(wanted)
    ):
        msg = f"option `types` is {wanted!r}; give a list of {', '.join(map(str, TYPES))}"
        raise SourceError(msg)
    if least not in CLASSES:
        msg = f"option `least_confidence` is {least!r}; it may be {', '.join(CLASSES)}"
        raise SourceError(msg)
    faults: Faults = {}
    kinds = numbers(sheet.column("type"), "type")
    gather(faults, kinds.faults)
    for number, words in TYPES.items():
        if number not in wanted:
            mask: Mask = kinds.values == number
            advice = f"add {number} to option `types` if such sources matter here"
            gather(faults, where(mask, f"type {number}: {words}, by the publisher", advice))
    low = (levels >= 0) & (levels < CLASSES.index(least))
    advice = "lower option `least_confidence` to take it"
    gather(faults, where(low, f"its confidence is below {least}", advice))
    return faults


SAMPLE = b"""\
latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,bright_ti5,frp,daynight,instrument
48.1,37.8,305.0,0.53,0.67,2026-03-07,00:45:00,N20,nominal,2.0NRT,281.0,0.9,N,VIIRS
48.2,37.9,310.0,0.41,0.37,2026-03-07,1130,N,h,2.0NRT,290.0,2.5,D,VIIRS
"""
SAMPLE_MODIS = b"""\
latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,instrument,confidence,version,bright_t31,frp,daynight,type
48.3,37.7,305.7,2.2,1.4,2026-03-07,45,Aqua,MODIS,65,61.03,289,24.5,N,0
"""

FEED = Feed(
    name="firms",
    summary="NASA FIRMS hot pixels, VIIRS and MODIS, archive and near-real-time",
    publisher="NASA LANCE / FIRMS, part of EOSDIS",
    method=(
        "Satellite infrared pixels that a contextual algorithm marks as hot; times UTC; a pixel's "
        "footprint becomes the error of its place; an archive row replaces its near-real-time row"
    ),
    limitation=(
        "A hot pixel is not an incident: most are farm and forest fires, and it never tells who "
        "lit it; clouds, and the hours between passes, hide the rest"
    ),
    licence="NASA open data; cite FIRMS and the product used",
    patterns=("*VIIRS*.csv", "*MODIS*.csv", "fire_archive_*.csv", "fire_nrt_*.csv"),
    read=read,
    options=OPTIONS,
    sample={"viirs.csv": SAMPLE, "modis.csv": SAMPLE_MODIS},
)
