"""Patrol reports: forms filled in by patrols, as ODK Central, KoboToolbox or CSV give them."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from truceline.model.errors import SourceError
from truceline.sources.accounts import accounts
from truceline.sources.assembly import assemble
from truceline.sources.contract import Feed, RawFile, ReadContext, Reading, check_options
from truceline.sources.delimited import Sheet
from truceline.sources.faults import Mask, kept
from truceline.sources.filed import filed
from truceline.sources.limits import is_metres
from truceline.sources.obstructions import acts, denials, is_deed
from truceline.sources.several import joined, rows_of
from truceline.sources.template import OPTIONS as TEMPLATE
from truceline.sources.tracks import SIGHT_M
from truceline.sources.watches import watches
from truceline.sources.words import free

NAME = "patrol_reports"
OPTIONS = {
    **TEMPLATE,
    "sight_m": f"to which a patrol sees that does not say, metres; {SIGHT_M:.0f} where absent",
}


def read(files: Sequence[RawFile], context: ReadContext) -> Reading:
    """Read reports: the patrol's hours, what it saw or heard, and where it was kept out.

    Raises
    ------
    SourceError
        An option is wrong, or no file is a list of submissions or a table of reports.
    """
    check_options(context.options, OPTIONS, NAME)
    sight_m = context.options.get("sight_m", SIGHT_M)
    if not is_metres(sight_m):
        msg = f"option `sight_m` is {sight_m!r}; give metres, such as 1000"
        raise SourceError(msg)
    found = filed(files, context, float(sight_m))
    sheets = found.sheets
    entries = [free(sheet, "entry").to_pylist() for sheet in sheets]
    masks = [np.array([one == "happening" for one in words], np.bool_) for words in entries]
    shut = [np.array([one == "obstruction" for one in words], np.bool_) for words in entries]
    told = _parts(sheets, masks)
    kept_out = [denials(one, context, NAME) for one in _parts(sheets, shut)]
    beside = [~(mask | other) for mask, other in zip(masks, shut, strict=True)]
    seen = [
        watches(rows_of(sheet, mask, is_first=True), context, NAME)
        for sheet, mask in zip(sheets, beside, strict=True)
    ]
    deeds = [
        acts(rows_of(part.sheet, is_deed(part.sheet) & kept(part.sheet.rows, part.faults)), context, NAME)
        for part in kept_out
    ]  # fmt: skip
    join = partial(assemble, files=files, context=context)
    return joined(
        (
            join("exposures", [*seen, *kept_out], refused=found.whole, notes=found.notes),
            join("observations", [*(accounts(one, context, NAME) for one in told), *deeds]),
            assemble("editions", found.edits, files=files),
        ),
        files,
    )


def _parts(sheets: Sequence[Sheet], masks: Sequence[Mask]) -> list[Sheet]:
    return [rows_of(sheet, mask) for sheet, mask in zip(sheets, masks, strict=True)]


SAMPLE = b"""\
{"count": 2, "next": null, "previous": null, "results": [
{"_id": 7, "_xform_id_string": "patrol_report", "meta/instanceID": "uuid:b", "meta/deprecatedID": "uuid:a",
 "_submission_time": "2026-03-07T17:00:00", "today": "2026-03-06", "patrol": "patrol 1",
 "patrol_began": "2026-03-07T08:00:00.000+02:00", "patrol_ended": "2026-03-07T16:00:00.000+02:00",
 "patrol_place": "48.1 37.8 0 5", "sight_m": "2000", "anything": "yes", "kept_out": "yes",
 "happenings": [{"happenings/began": "2026-03-07T10:15:00+02:00", "happenings/type": "artillery",
  "happenings/means": "heard seen", "happenings/count_best": "4", "happenings/count_unit": "explosion",
  "happenings/place": "48.11 37.82 0 6", "happenings/direction": "impact"}],
 "obstructions": [{"obstructions/began": "2026-03-07T12:00:00+02:00", "obstructions/status": "denied",
  "obstructions/minutes_lost": "43", "obstructions/reason": "orders from superiors"}]},
{"_id": 8, "_xform_id_string": "patrol_report", "meta/instanceID": "uuid:c", "patrol": "patrol 2",
 "_submission_time": "2026-03-07T17:10:00", "patrol_began": "2026-03-07T08:00:00+02:00",
 "patrol_ended": "2026-03-07T15:00:00+02:00", "patrol_track": "48 37.7 0 5;48.02 37.72 0 5", "anything": "no"}
]}
"""

FEED = Feed(
    name=NAME,
    summary="Reports of patrols by form (ODK Central, KoboToolbox, CSV), with mandatory zero reports",
    publisher="The mission's patrols",
    method="Each report is one watch, what was seen or heard in it, and where the patrol was kept out",
    limitation="A patrol sees by day, near roads, and where it is let through; `today` dates nothing",
    licence="As the mission states; usually not for release",
    patterns=("patrol*.json", "patrol*.csv", "submissions*.json"),
    read=read,
    yields=("exposures", "observations", "editions"),
    options=OPTIONS,
    sample={"patrols.json": SAMPLE},
)
