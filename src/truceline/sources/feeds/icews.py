"""ICEWS coded events: sentences of news coded by machine. Tips to look into, never evidence."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.sources import cameo, degrees, delimited
from truceline.sources.assembly import Part, assemble
from truceline.sources.cameo import coded_types, wanted_roots
from truceline.sources.contract import Feed, RawFile, ReadContext, Reading, check_options
from truceline.sources.degrees import points
from truceline.sources.delimited import Sheet, read_sheet, read_sheets, with_columns
from truceline.sources.faults import gather, where
from truceline.sources.instants import instants, to_instants
from truceline.sources.precision import error_by_code, place_columns
from truceline.sources.words import free

REQUIRED = ("event_id", "event_date", "cameo_code", "latitude", "longitude")
# Source and target are actors, at times persons by name: they are known, and not read.
COLUMNS = (
    *REQUIRED, "source_name", "source_sectors", "source_country", "event_text", "intensity",
    "target_name", "target_sectors", "target_country", "story_id", "sentence_number", "publisher",
    "city", "district", "province", "country",
)  # fmt: skip
# By the finest part of the place that is named. ICEWS states no distance; assumed.
ERROR_M = {"city": 15_000.0, "district": 40_000.0, "province": 100_000.0, "country": 300_000.0}
OPTIONS: Mapping[str, str] = {
    **delimited.OPTIONS,
    **degrees.OPTIONS,
    **cameo.OPTIONS,
    "error_m": "95 % error by finest part of the place in metres, such as {city: 15000}",
}


def read(files: Sequence[RawFile], context: ReadContext) -> Reading:
    """Read event files of ICEWS; rows of other codes than those taken are refused by code.

    Raises
    ------
    SourceError
        An option is not known, or no file is of ICEWS.
    """
    check_options(context.options, OPTIONS, "icews")
    roots = wanted_roots(context.options)
    one = partial(read_sheet, required=REQUIRED, known=COLUMNS, options=context.options)
    sheets, whole = read_sheets(files, one)
    parts = [_part(sheet, context.options, roots) for sheet in sheets]
    return assemble("observations", parts, files=files, context=context, refused=whole)


def _part(sheet: Sheet, options: Mapping[str, Any], roots: frozenset[str]) -> Part:
    at = points(sheet, "latitude", "longitude")
    day = instants(sheet.column("event_date"), "event_date", zone="UTC", is_day=True)
    kind, faults = coded_types(sheet.column("cameo_code"), roots)
    parts = [free(sheet, name) for name in ERROR_M]
    levels = (
        pc.if_else(part.is_valid(), name, pa.scalar(None, pa.string()))
        for part, name in zip(parts, ERROR_M, strict=True)
    )
    placed = with_columns(sheet, {"level": pc.coalesce(*levels)})
    errors = error_by_code(options, "error_m", ERROR_M)
    place, notes = place_columns(placed, at.lat, at.lon, "level", errors)
    event = free(sheet, "event_id")
    nameless = event.is_null().to_numpy(zero_copy_only=False)
    advice = "fetch the file again"
    gather(faults, where(nameless, "it has no event id", advice), day.faults, at.faults)
    gather(faults, where(~day.is_known, "event_date is empty", advice))
    date = free(sheet, "event_date")
    columns: dict[str, Any] = {
        # One id may stand for sentences of several days: id and day together are one event.
        "observation_id": pc.binary_join_element_wise(pa.scalar("icews"), event, date, ":"),
        "feed": "icews",
        "source": "ICEWS",
        "source_kind": "dataset",
        "root": "icews",  # one coder's mistakes are behind all its rows, whatever news they cite
        "began": to_instants(day.began_us),
        "ended": to_instants(day.ended_us),
        "is_date_only": np.ones(sheet.rows, dtype=np.bool_),
        **place,
        "place_name": pc.coalesce(*parts),
        **kind,
        "direction": "undetermined",
        "means": "media",
        "stance": "none",
    }
    return Part(sheet=sheet, columns=columns, faults=faults, notes=(*at.notes, *notes))


SAMPLE = b"""\
Event ID\tEvent Date\tSource Name\tEvent Text\tCAMEO Code\tIntensity\tTarget Name\tStory ID\tPublisher\tCity\tDistrict\tProvince\tCountry\tLatitude\tLongitude
1\t2026-03-07\tArmy of A\tUse artillery\t194\t-10.0\tArmy of B\t1\tNewsroom\tExampleville\t\tOne\tExampleland\t48.1\t37.8
2\t2026-03-07\tArmy of B\tOccupy territory\t192\t-9.5\tArmy of A\t2\tNewsroom\t\t\tOne\tExampleland\t48.4\t37.2
"""

FEED = Feed(
    name="icews",
    summary="ICEWS events coded by machine from news: tips to look into, never evidence",
    publisher="ICEWS, through Harvard Dataverse",
    method="CAMEO codes of force and violence; the finest part of the place named gives the error",
    limitation=(
        "A tip, coded from single sentences by machine; it founds no incident and corroborates "
        "nothing, and is set aside until a person looks"
    ),
    licence="As Harvard Dataverse states for the data set; cite it",
    patterns=("events.*.tab", "*icews*.tsv", "*icews*.tab"),
    read=read,
    is_tip=True,
    options=OPTIONS,
    sample={"events.tab": SAMPLE},
)
