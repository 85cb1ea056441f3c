"""Inspections of sites that hold weapons: what was shown, what was counted, which serials matched."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.errors import SourceError
from truceline.sources.assembly import Part, assemble
from truceline.sources.contract import Feed, RawFile, ReadContext, Reading, check_options
from truceline.sources.delimited import Sheet, read_sheet, whole_file
from truceline.sources.faults import kept
from truceline.sources.figures import wholes
from truceline.sources.inspected import Visit, visit
from truceline.sources.serials import doubles, known, lists_of
from truceline.sources.several import joined, rows_of
from truceline.sources.spans import spans
from truceline.sources.template import OPTIONS, times

NAME = "inspections"
REQUIRED = ("site", "party", "body", "began", "access")
COLUMNS = (
    "inspection_id", *REQUIRED, "ended", "lat", "lon", "error_m", "area_id", "status", "weapon",
    "declared", "seen", "declared_serials", "seen_serials", "refused_serials",
)  # fmt: skip


def read(files: Sequence[RawFile], context: ReadContext) -> Reading:
    """Read inspections; a file of the feed `declarations` among them is the list to compare with.

    A visit is a row of its own; what it counted is a holding of that hour, so that counting one
    stock twice never makes two. Where nothing was seen there is no holding, not even of zero.

    Raises
    ------
    SourceError
        An option is not known, or no file holds inspections.
    """
    check_options(context.options, OPTIONS, NAME)
    sheets, lists, whole = [], [], []
    for file in files:
        try:
            sheet = read_sheet(file, required=("site", "party", "began"), options=context.options)
            if "serials" in sheet.columns and "access" not in sheet.columns:
                lists.append(sheet)
            else:
                sheets.append(
                    read_sheet(file, required=REQUIRED, known=COLUMNS, options=context.options)
                )
        except SourceError as exc:
            whole.append(whole_file(file, str(exc)))
    if not sheets:
        msg = "; ".join(one.reason for one in whole) or "no file holds inspections; give one"
        raise SourceError(msg)
    stands = [times(sheet, context, ("began", "ended")) for sheet in lists]
    lasting = [spans(one["began"], one["ended"]) for one in stands]
    counted = [known(wholes(sheet.column("count"), "count").values) for sheet in lists]
    declared = lists_of(lists, lasting, counted)
    visits = [visit(sheet, context, declared) for sheet in sheets]
    doubles(sheets, [one.when for one in visits], [one.faults for one in visits], "seen_serials")
    came = [Part(sheet=v.sheet, columns=v.columns, faults=v.faults, notes=v.notes) for v in visits]
    seen = assemble(NAME, came, files=files, context=context, refused=whole)
    stocks = assemble("holdings", [_stock(one) for one in visits], files=files, context=context)
    return joined((seen, stocks), files)


def _stock(one: Visit) -> Part:
    """What was counted, where something was: without a class of weapon it is no holding."""
    columns = one.columns
    is_held = columns["weapon"].is_valid().to_numpy(zero_copy_only=False) & (one.seen > 0)
    mask = is_held & kept(one.sheet.rows, one.faults)
    picked = pa.array(mask)
    sheet: Sheet = rows_of(one.sheet, mask)
    own = {name: columns[name].filter(picked) for name in ("site", "party", "weapon", "lat", "lon", "began", "ended", "status")}  # fmt: skip
    error_m = columns["error_major_m"].filter(picked)
    count = columns["seen"].filter(picked)
    return Part(
        sheet=sheet,
        columns={
            **own,
            "holding_id": pc.binary_join_element_wise(columns["inspection_id"].filter(picked), "seen", "/"),
            **{f"count_{name}": count for name in ("low", "best", "high")},
            "error_major_m": error_m,
            "error_minor_m": error_m,
            "error_azimuth_deg": pa.array(np.zeros(sheet.rows), mask=error_m.is_null().to_numpy(zero_copy_only=False)),
            "basis": "inspected",
        },
        faults={},
    )  # fmt: skip


SAMPLE = b"""\
inspection_id,site,party,body,began,ended,lat,lon,error_m,access,status,weapon,declared_serials,seen_serials,refused_serials
i-1,site 4,Party A,mission,2026-03-07T09:00:00Z,2026-03-07T10:00:00Z,48.0,37.5,100,granted,in_storage,howitzer 152 mm,"""
SAMPLE += b"""A-101;A-102;A-103,A-101;A-102,A-103
i-2,site 5,Party A,mission,2026-03-07T11:00:00Z,2026-03-07T11:20:00Z,48.1,37.6,100,denied,,,,,
"""

FEED = Feed(
    name=NAME,
    summary="Inspections of holdings: access, state, counts, serials matched, refused and absent",
    publisher="The mission, or another body that may inspect",
    method="Lists of serials are compared; repeated sightings of one stock never add up",
    limitation="An inspection sees what it is shown; behind a shut door nothing is there or absent",
    licence="As the mission states; usually not for release",
    patterns=("inspections*.csv",),
    read=read,
    yields=("inspections", "holdings"),
    options=OPTIONS,
    sample={"inspections.csv": SAMPLE},
)
