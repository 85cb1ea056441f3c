"""AIS: ships' own position reports, as logged sentences or decoded tracks, to entries into zones."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow.compute as pc

from truceline.model.errors import SourceError
from truceline.sources import delimited
from truceline.sources.contract import Feed, RawFile, ReadContext, Reading, check_options
from truceline.sources.degrees import points
from truceline.sources.delimited import Sheet, read_sheet, whole_file
from truceline.sources.derived import renamed
from truceline.sources.faults import Faults, gather, kept, refusals, where
from truceline.sources.fixes import Gathered
from truceline.sources.instants import instants
from truceline.sources.nmea import COARSE_M, read_sentences
from truceline.sources.passages import OPTIONS as PASSAGES
from truceline.sources.passages import Habits, passages

# Fast ferries and patrol boats reach some 50 knots; the stray is some 3 km in an hour; class A at
# anchor reports every three minutes (ITU-R M.1371-5), so three are missed. All assumed.
HABITS = Habits(feed="ais", speed_m_s=26.0, wander=100.0, silence_s=600.0)
NAMES = {
    "time": ("timestamp", "basedatetime", "base_date_time", "datetime", "date_time_utc"),
    "lat": ("latitude", "latitude_degrees"),
    "lon": ("longitude", "longitude_degrees", "long"),
}
OPTIONS: Mapping[str, str] = {
    **delimited.OPTIONS,
    **PASSAGES,
    "dates": "dmy or mdy, for dates such as 04/05/2025; found out from the column where absent",
}


def read(files: Sequence[RawFile], context: ReadContext) -> Reading:
    """Read logs of AIVDM sentences and CSV of decoded tracks, all together.

    Raises
    ------
    SourceError
        An option is wrong, no zone is known, or no file is of AIS.
    """
    check_options(context.options, OPTIONS, "ais")
    into = Gathered()
    wrong: list[str] = []
    for number, file in enumerate(files):
        try:
            _file(file, number, context, into)
        except SourceError as exc:
            wrong.append(str(exc))
            into.refused.append(whole_file(file, str(exc)))
    if len(wrong) == len(files):
        msg = "; ".join(wrong) or "no file was given"
        raise SourceError(msg)
    return passages(into.fixes(), files, context, HABITS, refused=into.refused, notes=into.notes)


def _file(file: RawFile, number: int, context: ReadContext, into: Gathered) -> None:
    if b"VDM," in file.content or b"VDO," in file.content:
        read_sentences(file, number, into)
        return
    sheet = read_sheet(file, required=("mmsi",), options=context.options)
    for name, others in NAMES.items():
        found = next((other for other in (name, *others) if other in sheet.columns), None)
        if found is None:
            msg = f"{file.name}:1: no column says {name}; it may be {name}, {', '.join(others)}"
            raise SourceError(msg)
        sheet = renamed(sheet, {found: name})
    _rows(sheet, number, context, into)


def _rows(sheet: Sheet, number: int, context: ReadContext, into: Gathered) -> None:
    at = points(sheet, "lat", "lon")
    when = instants(
        sheet.column("time"), "time", zone=context.zone, dates=context.options.get("dates")
    )
    who = pc.utf8_trim_whitespace(sheet.column("mmsi"))
    faults: Faults = {}
    fetch = "fetch the file again"
    gather(faults, at.faults, when.faults)
    gather(faults, where(~when.is_known | when.is_date_only, "no time of day is given", fetch))
    gather(faults, where(np.isnan(at.lat), "no place is given", fetch))
    gather(faults, where(who.is_null().to_numpy(zero_copy_only=False), "no mmsi is given", fetch))
    into.refused += [*sheet.refused, *refusals(sheet, faults)]
    into.notes += [*sheet.notes, *at.notes, *(f"{sheet.file.name}: {n}" for n in when.notes)]
    for row in np.flatnonzero(kept(sheet.rows, faults)).tolist():
        place = (float(at.lat[row]), float(at.lon[row]), COARSE_M)
        line = (number, int(sheet.lines[row]))
        into.add(who[row].as_py(), when.began_us[row] / 1e6, place, 0, line)


SAMPLE = b"""\
Time,MMSI,Latitude_degrees,Longitude_degrees
2026-03-07T09:00:00Z,1,45.95,31.50
2026-03-07T09:05:00Z,1,46.05,31.50
2026-03-07T09:10:00Z,1,46.10,31.50
2026-03-07T09:15:00Z,1,46.25,31.50
"""
SAMPLE_OPTIONS = {
    "zones": {"z-bay": [[46.0, 31.0], [46.0, 32.0], [46.2, 32.0], [46.2, 31.0]]}, "speed_m_s": 60
}  # fmt: skip

FEED = Feed(
    name="ais",
    summary="AIS of ships, logged sentences or decoded tracks: what entered a zone, and when",
    publisher="The receiver's owner, or a network of receivers",
    method=(
        "Checked sentences become fixes, fixes become stretches inside zones; entries while silent "
        "by a Brownian bridge; silences and leaps that are no chance are told as interference"
    ),
    limitation="A ship that sends nothing, or sends another's place, is not seen; it names nobody",
    licence="As the receiver's owner states",
    patterns=("*.nmea", "*.aivdm", "*AIS*.csv"),
    read=read,
    yields=("observations", "exposures"),
    options=OPTIONS,
    sample={"ais.csv": SAMPLE},
    sample_options=SAMPLE_OPTIONS,
)
