"""Exposures: when and where a source could have seen, and when it could not."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow.compute as pc

from truceline.model.vocabulary import AccessStatus
from truceline.sources.assembly import Part, assemble
from truceline.sources.contract import Feed, RawFile, ReadContext, Reading
from truceline.sources.delimited import Sheet
from truceline.sources.faults import Faults, gather, where
from truceline.sources.identity import with_content_ids
from truceline.sources.limits import MOST_MINUTES
from truceline.sources.spans import spans
from truceline.sources.template import OPTIONS, disc, template_sheets, times, within
from truceline.sources.words import closed, free, required

KINDS = ("watch", "outage", "access_denial", "zero_report")
REQUIRED = ("source", "kind", "began", "ended")
COLUMNS = (
    "exposure_id", "source", "kind", "began", "ended", "lat", "lon", "radius_m", "area_id",
    "p_detect", "obstructed_by", "controller", "status", "minutes_lost", "reason",
)  # fmt: skip


def read(files: Sequence[RawFile], context: ReadContext) -> Reading:
    """Read files of exposures, in the columns of the schema."""
    sheets, whole = template_sheets(
        files, context, feed="exposures", required=REQUIRED, known=COLUMNS
    )
    parts = [_part(sheet, context) for sheet in sheets]
    return assemble("exposures", parts, files=files, context=context, refused=whole)


def _part(sheet: Sheet, context: ReadContext) -> Part:
    read_times = times(sheet, context, ("began", "ended"))
    when = spans(read_times["began"], read_times["ended"], name=sheet.file.name)
    source, nameless = required(sheet, "source", "write who watched")
    kind, said = closed(sheet, "kind", KINDS, None)
    status, more = closed(sheet, "status", AccessStatus, None)
    place, misplaced = disc(sheet, "radius_m")
    p_detect, improbable = within(sheet, "p_detect", 1.0)
    lost, negative = within(sheet, "minutes_lost", MOST_MINUTES)
    faults: Faults = {}
    unkind = kind.is_null().to_numpy(zero_copy_only=False)
    gather(faults, where(unkind, "kind is not stored", f"write one of {', '.join(KINDS)}"))
    endless = ~read_times["ended"].is_known & ~when.is_date_only
    gather(faults, where(endless, "ended is empty", "write until when it could see"))
    gather(faults, nameless, when.faults, misplaced, improbable, negative)
    timeless = np.flatnonzero(when.began_us == when.ended_us)
    notes = [f"{sheet.file.name}: {len(timeless)} exposures last no time"] if len(timeless) else []
    words = ("area_id", "obstructed_by", "controller", "reason")
    columns: dict[str, Any] = {
        "exposure_id": with_content_ids(sheet, free(sheet, "exposure_id"), "exposures"),
        "source": source,
        "kind": pc.fill_null(kind, ""),
        "status": status,
        **when.columns(),
        **place,
        "p_detect": p_detect,
        "minutes_lost": lost,
        **{name: free(sheet, name) for name in words},
    }
    return Part(
        sheet=sheet, columns=columns, faults=faults, notes=(*when.notes, *said, *more, *notes)
    )


SAMPLE = b"""\
exposure_id,source,kind,began,ended,lat,lon,radius_m,p_detect,obstructed_by,controller,status,minutes_lost,reason
e-1,camera 1,watch,2026-03-07T06:00:00Z,2026-03-07T16:00:00Z,48.1,37.8,5000,0.8,,,,,
e-2,patrol 1,access_denial,2026-03-07T09:00:00Z,2026-03-07T10:30:00Z,48.2,37.9,1000,,Party A,Party A,denied,90,No reason given
"""

FEED = Feed(
    name="exposures",
    summary="When and where sources could see: watches, outages, denials of access, zero reports",
    publisher="The mission itself",
    method="Rows are read as they stand; silence counts as evidence only inside an exposure",
    limitation="What nobody logged is no exposure: unlogged watching cannot speak for silence",
    licence="As the mission states",
    patterns=("exposures*.csv",),
    read=read,
    yields=("exposures",),
    options=OPTIONS,
    sample={"exposures.csv": SAMPLE},
)
