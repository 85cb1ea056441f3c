"""Notices: what a party announced beforehand, which may exempt its own area and hours."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow.compute as pc

from truceline.model.vocabulary import IncidentType
from truceline.sources.assembly import Part, assemble
from truceline.sources.contract import Feed, RawFile, ReadContext, Reading
from truceline.sources.delimited import Sheet
from truceline.sources.faults import Faults, gather, where
from truceline.sources.figures import to_int32, wholes
from truceline.sources.identity import with_content_ids
from truceline.sources.instants import to_instants
from truceline.sources.spans import spans
from truceline.sources.template import OPTIONS, disc, template_sheets, times
from truceline.sources.words import closed, free, required

REQUIRED = ("party", "activity", "began", "given_at")
COLUMNS = (
    "notice_id", "party", "activity", "began", "ended", "lat", "lon", "radius_m", "area_id",
    "scale", "given_at",
)  # fmt: skip


def read(files: Sequence[RawFile], context: ReadContext) -> Reading:
    """Read files of notices, in the columns of the schema."""
    sheets, whole = template_sheets(
        files, context, feed="notices", required=REQUIRED, known=COLUMNS
    )
    parts = [_part(sheet, context) for sheet in sheets]
    return assemble("notices", parts, files=files, context=context, refused=whole)


def _part(sheet: Sheet, context: ReadContext) -> Part:
    read_times = times(sheet, context, ("began", "ended", "given_at"))
    when = spans(read_times["began"], read_times["ended"], name=sheet.file.name)
    given = read_times["given_at"]
    party, nameless = required(sheet, "party", "write who gave the notice")
    activity, notes = closed(sheet, "activity", IncidentType, None)
    place, misplaced = disc(sheet, "radius_m")
    scale = wholes(sheet.column("scale"), "scale")
    faults: Faults = {}
    idle = activity.is_null().to_numpy(zero_copy_only=False)
    gather(faults, where(idle, "activity is not stored", "write a stored incident type"))
    advice = "write when the notice was given: what is not dated exempts nothing"
    gather(faults, where(~given.is_known, "given_at is empty", advice))
    gather(faults, nameless, when.faults, given.faults, misplaced, scale.faults)
    sound = np.ones(sheet.rows, dtype=np.bool_)
    sound[list(scale.faults)] = False
    columns: dict[str, Any] = {
        "notice_id": with_content_ids(sheet, free(sheet, "notice_id"), "notices"),
        "party": party,
        "activity": pc.fill_null(activity, ""),
        **when.columns(),
        **place,
        "area_id": free(sheet, "area_id"),
        "scale": to_int32(np.where(sound, scale.values, np.nan)),
        # A bare date: given at its end at the latest, which is what can be relied on.
        "given_at": to_instants(given.ended_us),
    }
    said = (*when.notes, *given.notes, *notes)
    return Part(sheet=sheet, columns=columns, faults=faults, notes=said)


SAMPLE = b"""\
notice_id,party,activity,began,ended,lat,lon,radius_m,scale,given_at
t-1,Party A,exercise_live_fire,2026-03-09T08:00:00Z,2026-03-09T12:00:00Z,48.0,37.5,5000,40,2026-03-06T08:00:00Z
"""

FEED = Feed(
    name="notices",
    summary="What a party announced beforehand: activity, area, hours, scale",
    publisher="The parties, through the mission",
    method="Rows are read as they stand",
    limitation="A notice exempts only what its clause lets it exempt, in its own area and hours",
    licence="As the mission states",
    patterns=("notices*.csv",),
    read=read,
    yields=("notices",),
    options=OPTIONS,
    sample={"notices.csv": SAMPLE},
)
