"""GDELT 2.0 events: what a machine took from the world's news. Tips to look into, never evidence."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.sources import cameo, degrees
from truceline.sources.assembly import Part, assemble
from truceline.sources.cameo import coded_types, wanted_roots
from truceline.sources.contract import Feed, RawFile, ReadContext, Reading, check_options
from truceline.sources.degrees import points
from truceline.sources.delimited import Sheet, read_sheets
from truceline.sources.faults import gather, where
from truceline.sources.gdelt_layout import COLUMNS, SAMPLE
from truceline.sources.headless import read_headless
from truceline.sources.instants import instants, to_instants
from truceline.sources.precision import error_by_code, place_columns
from truceline.sources.words import free

# By ActionGeo_Type: country, state, city of the USA, city, region. GDELT states no distance; assumed.
ERROR_M = {"1": 300_000.0, "2": 150_000.0, "3": 15_000.0, "4": 15_000.0, "5": 100_000.0}
OPTIONS: Mapping[str, str] = {
    **degrees.OPTIONS,
    **cameo.OPTIONS,
    "encoding": "encoding of the files; found out where absent",
    "error_m": "95 % error by ActionGeo_Type in metres, such as {4: 15000}",
}
_ADDED = r"^\s*(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\s*$"


def read(files: Sequence[RawFile], context: ReadContext) -> Reading:
    """Read export files of GDELT 2.0; rows of other codes than those taken are refused by code.

    Raises
    ------
    SourceError
        An option is not known, or no file is of GDELT 2.0.
    """
    check_options(context.options, OPTIONS, "gdelt")
    roots = wanted_roots(context.options)
    advice = "unpack it if it is zipped; GDELT 1.0 has 58 columns and is not read"
    one = partial(read_headless, names=COLUMNS, options=context.options, advice=advice)
    sheets, whole = read_sheets(files, one)
    parts = [_part(sheet, context.options, roots) for sheet in sheets]
    return assemble("observations", parts, files=files, context=context, refused=whole)


def _part(sheet: Sheet, options: Mapping[str, Any], roots: frozenset[str]) -> Part:
    at = points(sheet, "action_geo_lat", "action_geo_lon")
    day = instants(sheet.column("day"), "SQLDATE", zone="UTC", is_day=True)
    stamp = pc.replace_substring_regex(sheet.column("added"), _ADDED, r"\1-\2-\3T\4:\5:\6Z")
    added = instants(stamp, "DATEADDED", zone="UTC")
    kind, faults = coded_types(sheet.column("code"), roots)
    errors = error_by_code(options, "error_m", ERROR_M)
    place, notes = place_columns(sheet, at.lat, at.lon, "action_geo_type", errors)
    event = free(sheet, "event")
    nameless = event.is_null().to_numpy(zero_copy_only=False)
    advice = "fetch the file again"
    gather(faults, where(nameless, "it has no GLOBALEVENTID", advice), day.faults, added.faults)
    gather(faults, where(~day.is_known, "SQLDATE is empty", advice), at.faults)
    columns: dict[str, Any] = {
        "observation_id": pc.binary_join_element_wise(pa.scalar("gdelt"), event, ":"),
        "feed": "gdelt",
        "source": "GDELT",
        "source_kind": "dataset",
        "root": "gdelt",  # one coder's mistakes are behind all its rows, whatever news they cite
        "reported_at": to_instants(added.ended_us, added.is_known),
        "began": to_instants(day.began_us),
        "ended": to_instants(day.ended_us),
        "is_date_only": np.ones(sheet.rows, dtype=np.bool_),
        **place,
        "place_name": free(sheet, "action_geo_full_name"),
        **kind,
        "direction": "undetermined",
        "means": "media",
        "stance": "none",
        "text": free(sheet, "url"),  # where a person may read what the machine read
    }
    return Part(sheet=sheet, columns=columns, faults=faults, notes=(*at.notes, *notes))


FEED = Feed(
    name="gdelt",
    summary="GDELT 2.0 events coded by machine from news: tips to look into, never evidence",
    publisher="The GDELT Project",
    method="CAMEO codes of force and violence; a country or region in GDELT is a place that wide",
    limitation=(
        "A tip: in one audit 76.5 % of hand-labelled rows were no such event at that place; it "
        "founds no incident and corroborates nothing, and is set aside until a person looks"
    ),
    licence="Free for any use with a citation of the GDELT Project; the news belong to their publishers",
    patterns=("*.export.CSV",),
    read=read,
    is_tip=True,
    options=OPTIONS,
    sample={"20260307141500.export.CSV": SAMPLE},
)
