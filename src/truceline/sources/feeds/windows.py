"""Windows: local ceasefires for a repair or an evacuation, with each side's guarantee in a row."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.sources.assembly import Part, assemble
from truceline.sources.contract import Feed, RawFile, ReadContext, Reading
from truceline.sources.delimited import Sheet
from truceline.sources.faults import Faults, gather, where
from truceline.sources.identity import with_content_ids
from truceline.sources.instants import to_instants
from truceline.sources.spans import spans
from truceline.sources.template import OPTIONS, disc, metres, template_sheets, times
from truceline.sources.words import closed, free, required

GUARANTEES = ("written", "oral", "refused", "none")
REQUIRED = ("window_id", "requester", "party", "guarantee", "began", "ended")
COLUMNS = (
    "guarantee_id", "window_id", "requester", "purpose", "party", "guarantee", "given_at", "began",
    "ended", "lat", "lon", "error_m", "area_id", "radius_m", "patrol_a", "patrol_b",
)  # fmt: skip


def read(files: Sequence[RawFile], context: ReadContext) -> Reading:
    """Read files of windows, and say where the sides guaranteed different hours."""
    sheets, whole = template_sheets(
        files, context, feed="windows", required=REQUIRED, known=COLUMNS
    )
    parts = [_part(sheet, context) for sheet in sheets]
    reading = assemble("windows", parts, files=files, context=context, refused=whole)
    return Reading(
        tables=reading.tables,
        upstream=reading.upstream,
        taken=reading.taken,
        refused=reading.refused,
        notes=(*reading.notes, *different_hours(reading.tables["windows"])),
    )


def different_hours(windows: pa.Table) -> tuple[str, ...]:
    """Windows whose guarantees are for different hours, one sentence each."""
    hours = defaultdict(set)
    for row in windows.select(["window_id", "began", "ended"]).to_pylist():
        hours[row["window_id"]].add((row["began"], row["ended"]))
    return tuple(
        f"window {name}: its guarantees are for {len(found)} different spans of hours"
        for name, found in sorted(hours.items())
        if len(found) > 1
    )


def _part(sheet: Sheet, context: ReadContext) -> Part:
    read_times = times(sheet, context, ("began", "ended", "given_at"))
    when = spans(read_times["began"], read_times["ended"], name=sheet.file.name)
    given = read_times["given_at"]
    guarantee, notes = closed(sheet, "guarantee", GUARANTEES, None)
    unstated = sheet.column("guarantee").is_null()  # the word `none`, too, is a mark of nothing
    place, misplaced = disc(sheet, "radius_m")
    error_m, wrong = metres(sheet, "error_m")
    faults: Faults = {}
    named: dict[str, pa.Array] = {}
    for name, advice in (
        ("window_id", "write which window it belongs to; both sides' rows share it"),
        ("requester", "write who asked for the window"),
        ("party", "write whose guarantee it is"),
    ):
        named[name], missing = required(sheet, name, advice)
        gather(faults, missing)
    unsaid = np.asarray(pc.and_(guarantee.is_null(), pc.invert(unstated)))
    advice = f"write one of {', '.join(GUARANTEES)}"
    gather(faults, where(unsaid, "guarantee is not stored", advice))
    endless = ~read_times["ended"].is_known & ~when.is_date_only
    gather(faults, where(endless, "ended is empty", "write until when the window was to be open"))
    patrols = {name: free(sheet, name) for name in ("patrol_a", "patrol_b")}
    one = np.asarray(pc.fill_null(pc.equal(patrols["patrol_a"], patrols["patrol_b"]), False))
    advice = "mirror patrols are two, one on each side: write each one's exposure"
    gather(faults, where(one, "patrol_a and patrol_b are one patrol", advice))
    gather(faults, when.faults, given.faults, misplaced, wrong)
    columns: dict[str, Any] = {
        "guarantee_id": with_content_ids(sheet, free(sheet, "guarantee_id"), "windows"),
        **named,
        "guarantee": pc.fill_null(guarantee, "none"),
        "given_at": to_instants(given.ended_us, given.is_known),
        **when.columns(),
        **place,
        "error_major_m": error_m,
        **{name: free(sheet, name) for name in ("purpose", "area_id")},
        **patrols,
    }
    said = (*when.notes, *given.notes, *notes)
    return Part(sheet=sheet, columns=columns, faults=faults, notes=said)


SAMPLE = b"""\
guarantee_id,window_id,requester,purpose,party,guarantee,given_at,began,ended,lat,lon,radius_m,patrol_a,patrol_b
g-1,w-1,water company,repair of a pump,Party A,written,2026-03-06T15:00:00Z,2026-03-07T08:00:00Z,2026-03-07T14:00:00Z,48.1,37.8,2000,e-1,e-2
g-2,w-1,water company,repair of a pump,Party B,oral,,2026-03-07T08:00:00Z,2026-03-07T14:00:00Z,48.1,37.8,2000,e-1,e-2
"""

FEED = Feed(
    name="windows",
    summary="Local ceasefires: area, hours, who asked, and each side's guarantee",
    publisher="The mission, between the sides",
    method="Rows are read as they stand, one for each side's guarantee",
    limitation="A guarantee is a promise: whether it was kept is judged from what was seen",
    licence="As the mission states",
    patterns=("windows*.csv",),
    read=read,
    yields=("windows",),
    options=OPTIONS,
    sample={"windows.csv": SAMPLE},
)
