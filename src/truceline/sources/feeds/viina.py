"""VIINA: places and headlines of Ukrainian and Russian news, most of them not about violence."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.errors import SourceError
from truceline.model.time import to_microseconds
from truceline.sources import degrees, delimited
from truceline.sources.assembly import Part, assemble
from truceline.sources.contract import Feed, RawFile, ReadContext, Reading, check_options
from truceline.sources.degrees import points
from truceline.sources.delimited import Sheet, read_sheet, read_sheets
from truceline.sources.faults import Faults, gather, where
from truceline.sources.identity import with_content_ids
from truceline.sources.instants import Instants, Micros, instants, to_instants
from truceline.sources.precision import error_by_code, place_columns
from truceline.sources.words import free

DERIVED = ("datetime", "lon", "lat", "place_name", "event_type", "headline")
EVENT_INFO = ("event_id", "date", "time", "longitude", "latitude", "text")
KNOWN = (
    *DERIVED, *EVENT_INFO, "viina_version", "event_id_1pd", "geonameid", "feature_code",
    "asciiname", "adm1_name", "adm1_code", "adm2_name", "adm2_code", "geo_precision", "geo_api",
    "location", "address", "report_id", "source", "url", "lang",
)  # fmt: skip
OPTIONS: Mapping[str, str] = {
    **delimited.OPTIONS,
    **degrees.OPTIONS,
    "zone": "zone of its times; Europe/Kyiv where absent, which VIINA does not state",
    "error_m": "95 % error by GEO_PRECISION in metres, such as {CITY: 5000}",
}
# All assumed: VIINA states a level, not a distance. The derived layout states none: a settlement.
ERROR_M = {"STREET": 1_000.0, "CITY": 5_000.0, "ADM2": 30_000.0, "ADM1": 100_000.0}
# From this local day on the derived files' event_type is scrambled: words of drones stand in as
# many rows that are not `uav` as in rows that are (13 %; in January 2025: 1 % against 76 %).
SCRAMBLED_FROM_US = to_microseconds(datetime(2025, 2, 24, 22, 0, tzinfo=UTC))  # 25 February in Kyiv
# Labels that stand for one stored type, with the F1 that VIINA's authors publish as confidence.
TYPES = {"uav": ("uav_attack", 0.84), "artillery": ("artillery", 0.78)}
CONSTANT = {
    "feed": "viina",
    "source_kind": "media",
    "direction": "undetermined",
    "means": "media",
    "stance": "none",
}
LANGUAGES = {"ua": "uk", "uk": "uk", "ru": "ru"}


def read(files: Sequence[RawFile], context: ReadContext) -> Reading:
    """Read VIINA files: the derived layout with headlines, or `event_info` of VIINA 2.0.

    Raises
    ------
    SourceError
        An option is not known, or no file is of VIINA.
    """
    check_options(context.options, OPTIONS, "viina")
    sheets, whole = read_sheets(files, partial(_sheet, options=context.options))
    parts = [_part(sheet, context.options) for sheet in sheets]
    return assemble("observations", parts, files=files, context=context, refused=whole)


def _sheet(file: RawFile, *, options: Mapping[str, Any]) -> Sheet:
    sheet = read_sheet(file, required=(), known=KNOWN, options=options)
    for layout in (DERIVED, EVENT_INFO):
        if set(layout) - {"event_type"} <= set(sheet.columns):
            return sheet
    if "event_id_1pd" in sheet.columns:
        msg = (
            f"{file.name}:1: this VIINA table has no text: event_1pd merges all reports of a day, "
            "and event_labels holds model output; take event_info instead"
        )
        raise SourceError(msg)
    msg = (
        f"{file.name}:1: columns are neither {', '.join(DERIVED)} nor those of VIINA 2.0 "
        "event_info; check that this is the right feed for the file"
    )
    raise SourceError(msg)


def _part(sheet: Sheet, options: Mapping[str, Any]) -> Part:
    is_derived = "headline" in sheet.columns
    names = ("lat", "lon") if is_derived else ("latitude", "longitude")
    at = points(sheet, *names)
    when = _published(sheet, options, is_derived=is_derived)
    faults: Faults = {}
    gather(faults, when.faults, at.faults)
    gather(faults, where(~when.is_known, "no time is given", "fetch the file again"))
    headline = sheet.column("headline" if is_derived else "text")
    silent = headline.is_null().to_numpy(zero_copy_only=False)
    gather(faults, where(silent, "it has no text", "nothing can be read from it; fetch it again"))
    errors = error_by_code(options, "error_m", ERROR_M)
    if is_derived:
        sheet = _as_city(sheet)
    place, notes = place_columns(sheet, at.lat, at.lon, "geo_precision", errors)
    kinds, confidence, more = _types(sheet, when.began_us)
    columns: dict[str, Any] = {
        **CONSTANT,
        "observation_id": _ids(sheet),
        "source": _sources(sheet),
        "root": roots(headline),
        **_times(when),
        **place,
        "place_name": free(sheet, "place_name" if is_derived else "asciiname"),
        "type": kinds,
        "type_confidence": confidence,
        "language": _languages(sheet),
        "text": headline,
    }
    days = int(when.is_date_only.sum())
    said = (
        f"{sheet.file.name}: {days} of {sheet.rows} rows are stamped 00:00: only their date counts"
    )
    read_times = (f"{sheet.file.name}: {note}" for note in when.notes)
    said_ = (*at.notes, *read_times, *notes, *more, said)
    return Part(sheet=sheet, columns=columns, faults=faults, notes=said_)


def _times(when: Instants) -> dict[str, Any]:
    """It was published then; a bare date, by the end of its day."""
    reported_us = np.where(when.is_date_only, when.ended_us, when.began_us)
    return {
        "reported_at": to_instants(reported_us, when.is_known),
        "began": to_instants(when.began_us),
        "ended": to_instants(when.ended_us),
        "is_date_only": when.is_date_only,
    }


def roots(headlines: pa.Array) -> pa.Array:
    """The independence group of each headline: one text, however often and wherever, is one root.

    Examples
    --------
    >>> a, b, c = roots(pa.array(["Two  words", "two words ", "Others"])).to_pylist()
    >>> a == b, a == c, a[:7]
    (True, False, 'viina:h')
    """
    coded = pc.fill_null(headlines, "").dictionary_encode()
    groups = []
    for text in coded.dictionary.to_pylist():
        plain = " ".join(text.casefold().split())
        digest = hashlib.sha256(plain.encode("utf-8", errors="replace")).hexdigest()
        groups.append(f"viina:h{digest[:12]}")
    return pa.array(groups, pa.string()).take(coded.indices)


def _published(sheet: Sheet, options: Mapping[str, Any], *, is_derived: bool) -> Instants:
    """When it was published: an instant, or the local day where only a date stands."""
    zone = options.get("zone", "Europe/Kyiv")
    if is_derived:
        return instants(sheet.column("datetime"), "datetime", zone=zone, is_day=True)
    clock = pc.fill_null(pc.utf8_trim_whitespace(sheet.column("time")), "00:00")
    day = pc.utf8_trim_whitespace(sheet.column("date"))
    stamp = pc.binary_join_element_wise(day, clock, " ")
    return instants(stamp, "date and time", zone=zone, is_day=True)


def _as_city(sheet: Sheet) -> Sheet:
    cities = pa.repeat(pa.scalar("CITY"), sheet.rows)
    return delimited.with_columns(sheet, {"geo_precision": cities})


def _ids(sheet: Sheet) -> pa.Array:
    given = free(sheet, "event_id")
    named = pc.binary_join_element_wise(pa.scalar("viina"), given, ":")
    return with_content_ids(sheet, named, "viina")


def _sources(sheet: Sheet) -> pa.Array:
    named = pc.binary_join_element_wise(pa.scalar("viina"), free(sheet, "source"), "/")
    return pc.fill_null(named, "viina")


def _languages(sheet: Sheet) -> pa.Array:
    coded = free(sheet, "lang").dictionary_encode()
    words = [LANGUAGES.get(cell.casefold()) for cell in coded.dictionary.to_pylist()]
    return pa.array(words, pa.string()).take(coded.indices)


def _types(sheet: Sheet, began_us: Micros) -> tuple[pa.Array, pa.Array, list[str]]:
    """Types from labels of the sound months, where exactly one of those that we store stands."""
    column = sheet.column("event_type")
    coded = column.dictionary_encode()
    found = []
    for cell in coded.dictionary.to_pylist():
        labels = {label.strip() for label in cell.split("|")} & set(TYPES)
        found.append(TYPES[labels.pop()] if len(labels) == 1 else (None, None))
    is_sound = pa.array(began_us < SCRAMBLED_FROM_US)
    kinds = pa.array([kind for kind, _ in found], pa.string()).take(coded.indices)
    confidence = pa.array([share for _, share in found], pa.float64()).take(coded.indices)
    ignored = pc.sum(pc.and_(column.is_valid(), pc.invert(is_sound))).as_py() or 0
    notes = []
    if ignored:
        notes.append(
            f"{sheet.file.name}: event_type of {ignored} rows is ignored: it is scrambled from "
            "2025-02-25 on"
        )
    unknown = pa.scalar(None, pa.string())
    return (
        pc.if_else(is_sound, kinds, unknown),
        pc.if_else(is_sound, confidence, pa.scalar(None, pa.float64())),
        notes,
    )


SAMPLE = """\
\ufeff"datetime","lon","lat","place_name","event_type","headline"
"2025-01-07 00:00:00","37.5","48.3","Exampleville","artillery|loc","Shelling of Exampleville, a house is on fire"
"2025-01-07 14:05:00","37.6","48.4","Sampletown","uav","A drone over Sampletown"
"2025-03-07 14:05:00","37.6","48.4","Sampletown","uav","A new school opens in Sampletown"
""".encode()
SAMPLE_INFO = b"""\
viina_version,event_id,event_id_1pd,date,time,geonameid,asciiname,longitude,latitude,GEO_PRECISION,report_id,source,url,text,lang
2.0,UA1,1,20250107,14:05,1,Exampleville,37.5,48.3,CITY,9,outlet,https://example.org,Shelling of Exampleville,ua
2.0,UA2,1,20250107,00:00,1,Example region,37.5,48.3,ADM1,9,outlet,https://example.org,Alarm in the region,ru
"""

FEED = Feed(
    name="viina",
    summary="VIINA news reports about the war in Ukraine: publication time, candidate place, text",
    publisher="VIINA, Zhukov and Ayers (2023), from Ukrainian and Russian news providers",
    method=(
        "Headlines geocoded and labelled by models; time is that of publication, apparently "
        "Kyiv's; 00:00 is a bare date; one headline, however often it recurs, is one root"
    ),
    limitation=(
        "Most rows are not about violence; a point often stands for a whole region and is only a "
        "candidate; event_type of the derived files is scrambled from 2025-02-25 on and ignored"
    ),
    licence="ODbL 1.0, attribution to VIINA; headlines belong to their publishers and do not ship",
    patterns=("viina_*.csv", "event_info_latest_*.csv"),
    read=read,
    is_screened=True,
    options=OPTIONS,
    sample={"viina_incidents.csv": SAMPLE, "event_info.csv": SAMPLE_INFO},
)
