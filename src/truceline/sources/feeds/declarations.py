"""Declarations: what a party says that it holds, at which site, by serial number."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.sources.assembly import Part, assemble
from truceline.sources.contract import Feed, RawFile, ReadContext, Reading
from truceline.sources.delimited import Sheet
from truceline.sources.faults import Faults, gather, where
from truceline.sources.figures import to_int32, wholes
from truceline.sources.identity import with_content_ids
from truceline.sources.limits import calibres
from truceline.sources.serials import STATES, doubles, serials_of, within_rows
from truceline.sources.spans import Spans, spans
from truceline.sources.template import OPTIONS, disc, template_sheets, times
from truceline.sources.words import closed, free, required

NAME = "declarations"
REQUIRED = ("site", "party", "weapon", "began", "serials")
COLUMNS = (
    "declaration_id", "site", "party", "weapon", "serials", "count", "began", "ended", "lat", "lon",
    "error_m", "status",
)  # fmt: skip


def read(files: Sequence[RawFile], context: ReadContext) -> Reading:
    """Read inventories: a row is a class of weapon at a site, with its serials joined by `;`.

    A serial that stands twice for one time is refused where it stands again: a party would
    otherwise be believed to hold one weapon in two places.
    """
    sheets, whole = template_sheets(files, context, feed=NAME, required=REQUIRED, known=COLUMNS)
    made = [_part(sheet, context) for sheet in sheets]
    faults = [dict(part.faults) for part, _ in made]
    doubles(sheets, [span for _, span in made], faults, "serials")
    parts = [
        Part(sheet=part.sheet, columns=part.columns, faults=found, notes=part.notes)
        for (part, _), found in zip(made, faults, strict=True)
    ]
    return assemble("holdings", parts, files=files, context=context, refused=whole)


def _part(sheet: Sheet, context: ReadContext) -> tuple[Part, Spans]:
    read_times = times(sheet, context, ("began", "ended"))
    when = spans(read_times["began"], read_times["ended"], name=sheet.file.name)
    place, misplaced = disc(sheet, "error_m")
    error_m = place.pop("error_m")
    status, notes = closed(sheet, "status", STATES, None)
    faults: Faults = {}
    named: dict[str, pa.Array] = {}
    for name, advice in (
        ("site", "write where it is held: the site's name or number"),
        ("party", "write whose it is"),
        ("weapon", "write what it is, such as `howitzer 152 mm`"),
    ):
        named[name], missing = required(sheet, name, advice)
        gather(faults, missing)
    stated = wholes(sheet.column("count"), "count")
    listed = np.array([len(serials_of(cell)) for cell in sheet.column("serials").to_pylist()])
    gather(faults, when.faults, misplaced, stated.faults, calibres(named["weapon"], "weapon"))
    gather(faults, within_rows(sheet, ("serials",)))
    fewer = np.nan_to_num(stated.values, nan=np.inf) < listed
    advice = "correct the count or the list: each weapon has a serial of its own"
    gather(faults, where(fewer, "count is below the number of serials listed", advice))
    sound = np.ones(sheet.rows, dtype=np.bool_)
    sound[list(stated.faults)] = False
    by_list = np.where(listed > 0, listed, np.nan)
    count = to_int32(np.where(sound & ~np.isnan(stated.values), stated.values, by_list))
    columns: dict[str, Any] = {
        "holding_id": with_content_ids(sheet, free(sheet, "declaration_id"), NAME),
        **named,
        **when.columns(),
        **{f"count_{name}": count for name in ("low", "best", "high")},
        **place,
        "error_major_m": error_m,
        "error_minor_m": error_m,
        "error_azimuth_deg": pc.if_else(error_m.is_valid(), 0.0, pa.scalar(None, pa.float64())),
        "basis": "declared",
        "status": status,
    }
    said = (*when.notes, *notes)
    return Part(sheet=sheet, columns=columns, faults=faults, notes=said), when


SAMPLE = b"""\
declaration_id,site,party,weapon,serials,count,began,ended,lat,lon,error_m,status
d-1,site 4,Party A,howitzer 152 mm,A-101;A-102;A-103,3,2026-03-01,2026-03-31,48.0,37.5,100,in_storage
d-2,site 4,Party A,mortar 120 mm,,6,2026-03-01,2026-03-31,48.0,37.5,100,in_storage
"""

FEED = Feed(
    name=NAME,
    summary="Inventories that parties declare: weapons by site, class and serial number",
    publisher="The parties, to the mission",
    method="Rows are read as they stand; a serial that stands twice for one time is refused",
    limitation="A declaration says what a party says, and nothing of what it does not declare",
    licence="As the mission states; usually not for release",
    patterns=("declarations*.csv", "inventory*.csv"),
    read=read,
    yields=("holdings",),
    options=OPTIONS,
    sample={"declarations.csv": SAMPLE},
)
