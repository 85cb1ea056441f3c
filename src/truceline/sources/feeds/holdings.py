"""Holdings: declared, inspected or inferred stock of weapons at a site."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from truceline.sources.assembly import Part, assemble
from truceline.sources.contract import Feed, RawFile, ReadContext, Reading
from truceline.sources.counts import counts
from truceline.sources.delimited import Sheet
from truceline.sources.faults import Faults, gather
from truceline.sources.identity import with_content_ids
from truceline.sources.limits import calibres
from truceline.sources.spans import spans
from truceline.sources.template import OPTIONS, disc, template_sheets, times
from truceline.sources.words import closed, free, required

BASES = ("declared", "inspected", "inferred")
REQUIRED = ("site", "party", "weapon", "began")
COLUMNS = (
    "holding_id", "site", "party", "weapon", "count_low", "count_best", "count_high", "began",
    "ended", "lat", "lon", "error_m", "basis", "status",
)  # fmt: skip


def read(files: Sequence[RawFile], context: ReadContext) -> Reading:
    """Read files of holdings: the columns of the schema, with one circular `error_m`."""
    sheets, whole = template_sheets(
        files, context, feed="holdings", required=REQUIRED, known=COLUMNS
    )
    parts = [_part(sheet, context) for sheet in sheets]
    return assemble("holdings", parts, files=files, context=context, refused=whole)


def _part(sheet: Sheet, context: ReadContext) -> Part:
    read_times = times(sheet, context, ("began", "ended"))
    when = spans(read_times["began"], read_times["ended"], name=sheet.file.name)
    how_many = counts(sheet, has_unit=False)
    place, misplaced = disc(sheet, "error_m")
    error_m = place.pop("error_m")
    basis, notes = closed(sheet, "basis", BASES, None)
    faults: Faults = {}
    named: dict[str, pa.Array] = {}
    for name, advice in (
        ("site", "write where it is held: the site's name or number"),
        ("party", "write whose it is"),
        ("weapon", "write what it is, such as `howitzer 152 mm`"),
    ):
        named[name], missing = required(sheet, name, advice)
        gather(faults, missing)
    gather(faults, when.faults, how_many.faults, misplaced, calibres(named["weapon"], "weapon"))
    unknown = pa.scalar(None, pa.float64())
    columns: dict[str, Any] = {
        "holding_id": with_content_ids(sheet, free(sheet, "holding_id"), "holdings"),
        **named,
        **when.columns(),
        **how_many.columns,
        **place,
        "error_major_m": error_m,
        "error_minor_m": error_m,
        "error_azimuth_deg": pc.if_else(error_m.is_valid(), 0.0, unknown),
        "basis": basis,
        "status": free(sheet, "status"),
    }
    return Part(sheet=sheet, columns=columns, faults=faults, notes=(*when.notes, *notes))


SAMPLE = b"""\
holding_id,site,party,weapon,count_low,count_best,count_high,began,ended,lat,lon,error_m,basis,status
h-1,site 4,Party A,howitzer 152 mm,6,6,6,2026-03-01,2026-03-31,48.0,37.5,100,declared,matched
h-2,site 4,Party A,howitzer 152 mm,4,4,5,2026-03-07T09:00:00Z,2026-03-07T10:00:00Z,48.0,37.5,100,inspected,absent
"""

FEED = Feed(
    name="holdings",
    summary="Stock of weapons at a site: declared, inspected or inferred",
    publisher="Parties' declarations and the mission's inspections",
    method="Rows are read as they stand; repeated sightings of one stock never add up",
    limitation="A declaration says what a party says; an inspection sees what it is shown",
    licence="As the mission states; usually not for release",
    patterns=("holdings*.csv",),
    read=read,
    yields=("holdings",),
    options=OPTIONS,
    sample={"holdings.csv": SAMPLE},
)
