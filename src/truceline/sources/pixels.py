"""Satellite pixels: the spellings of their clock and of their satellite, and the row that replaces one."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.sources.assembly import Part
from truceline.sources.cells import NULL_MARKS
from truceline.sources.faults import Faults, gather

# Names as FIRMS spells them in its several products.
SATELLITES = {
    "N": "Suomi NPP", "NPP": "Suomi NPP", "N20": "NOAA-20", "J1": "NOAA-20", "NOAA-20": "NOAA-20",
    "N21": "NOAA-21", "J2": "NOAA-21", "NOAA-21": "NOAA-21", "T": "Terra", "TERRA": "Terra",
    "A": "Aqua", "AQUA": "Aqua",
}  # fmt: skip
# The archive computes places anew: a pixel moves by less than half its width (375 m at nadir).
SAME_LAT_DEG, SAME_LON_DEG = 0.0017, 0.0025
_COLONS = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")
_DIGITS = re.compile(r"\d{1,4}")


def clock_times(column: pa.Array) -> tuple[pa.Array, Faults]:
    """Hours and minutes as `HH:MM` from `00:45:00`, `0045` or `45`.

    Examples
    --------
    >>> clock_times(pa.array(["00:45:00", "45", "1130", "2561"]))[0].to_pylist()
    ['00:45', '00:45', '11:30', None]
    """
    coded = column.dictionary_encode()
    cells = coded.dictionary.to_pylist()
    times = [_clock(cell.strip()) for cell in cells]
    read = pa.array(times, pa.string()).take(coded.indices)
    faults: Faults = {}
    for row in np.flatnonzero(pc.and_(read.is_null(), column.is_valid()).to_numpy(False)).tolist():
        cell = column[row].as_py()
        if cell.strip() not in NULL_MARKS:
            faults[row] = (f"acq_time {cell[:20]!r} is no time of day", "fetch the file again")
    return read, faults


def acquired(dates: pa.Array, clock: pa.Array) -> pa.Array:
    """Date and time of day as one UTC stamp; null where either is unknown."""
    day = pc.utf8_trim_whitespace(dates)
    return pc.binary_join_element_wise(day, pc.binary_join_element_wise(clock, "00Z", ":"), "T")


def satellite_names(satellite: pa.Array, instrument: pa.Array) -> pa.Array:
    """Instrument and satellite in one spelling, such as `VIIRS NOAA-20`."""
    coded = pc.fill_null(satellite, "unknown satellite").dictionary_encode()
    cells = [cell.strip() for cell in coded.dictionary.to_pylist()]
    names = pa.array([SATELLITES.get(cell.upper(), cell) for cell in cells], pa.string())
    return pc.binary_join_element_wise(instrument, names.take(coded.indices), " ")


def replaced(parts: Sequence[Part]) -> list[Part]:
    """Refuse near-real-time rows whose archive row is here too: one detection, not two."""
    archive: dict[tuple[str, int], list[tuple[float, float, str]]] = defaultdict(list)
    provisional: list[tuple[int, int]] = []
    for number, part in enumerate(parts):
        is_nrt = _is_provisional(part)
        for row in np.flatnonzero(~is_nrt).tolist():
            if row not in part.faults:
                place = f"line {part.sheet.lines[row]} of {part.sheet.file.name}"
                archive[_pass(part, row)].append((*_at(part, row), place))
        provisional += [(number, row) for row in np.flatnonzero(is_nrt).tolist()]
    later: list[Faults] = [{} for _ in parts]
    for number, row in provisional:
        lat, lon = _at(parts[number], row)
        for other_lat, other_lon, place in archive.get(_pass(parts[number], row), ()):
            if abs(lat - other_lat) < SAME_LAT_DEG and abs(lon - other_lon) < SAME_LON_DEG:
                reason = f"near-real-time row of the detection in {place}"
                later[number][row] = (reason, "nothing: the archive row replaces it")
    found = []
    for part, more in zip(parts, later, strict=True):
        faults = dict(part.faults)
        gather(faults, more)
        found.append(replace(part, faults=faults))
    return found


def _clock(cell: str) -> str | None:
    found = _COLONS.fullmatch(cell)
    if found:
        hour, minute = int(found[1]), int(found[2])
    elif _DIGITS.fullmatch(cell):
        hour, minute = divmod(int(cell), 100)
    else:
        return None
    return f"{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else None


def _is_provisional(part: Part) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    column = pc.utf8_upper(part.sheet.column("version"))
    found = pc.or_(pc.match_substring(column, "NRT"), pc.match_substring(column, "URT"))
    return found.fill_null(False).to_numpy(zero_copy_only=False)


def _pass(part: Part, row: int) -> tuple[str, int]:
    return part.columns["source"][row].as_py(), part.columns["began"][row].value


def _at(part: Part, row: int) -> tuple[float, float]:
    lat, lon = part.columns["lat"][row].as_py(), part.columns["lon"][row].as_py()
    return (np.nan, np.nan) if lat is None or lon is None else (lat, lon)
