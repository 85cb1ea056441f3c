"""Access obstructions: spot reports of a patrol that was kept out, delayed or turned back."""

from collections.abc import Sequence

from truceline.sources.assembly import assemble
from truceline.sources.contract import Feed, RawFile, ReadContext, Reading
from truceline.sources.delimited import Sheet, with_columns
from truceline.sources.faults import kept
from truceline.sources.obstructions import COLUMNS, acts, denials, in_words, is_deed
from truceline.sources.several import joined, rows_of
from truceline.sources.template import OPTIONS, template_sheets
from truceline.sources.words import free

REQUIRED = ("patrol", "began", "status")
_CONTEXT = (
    "place_name", "vehicles", "people", "direction_of_travel", "marks", "armed", "left_at",
    "went_to", "activity_lost", "notice_given", "mandate", "error_m", "reported_at",
)  # fmt: skip
_TOLD = (
    ("direction_of_travel", "travelling"),
    ("marks", "marks"),
    ("armed", "armed"),
    ("went_to", "went to"),
    ("activity_lost", "activity lost"),
    ("notice_given", "notice given"),
    ("mandate", "mandate"),
)
"""What a spot report tells besides: kept in words beside the act."""


def read(files: Sequence[RawFile], context: ReadContext) -> Reading:
    """Read spot reports: each yields an exposure and, where somebody did it, an act.

    Not getting through is no inference about what was there: only the agreement may grant that.
    """
    known = ("report_id", "patrol", *COLUMNS, *_CONTEXT)
    sheets, whole = template_sheets(
        files, context, feed="access_obstructions", required=REQUIRED, known=known
    )
    sheets = [_named(sheet) for sheet in sheets]
    parts = [denials(sheet, context, "access_obstructions") for sheet in sheets]
    blind = assemble("exposures", parts, files=files, context=context, refused=whole)
    done = [
        rows_of(_told(part.sheet), is_deed(part.sheet) & kept(part.sheet.rows, part.faults))
        for part in parts
    ]
    deeds = assemble(
        "observations",
        [acts(sheet, context, "access_obstructions") for sheet in done],
        files=files,
        context=context,
    )
    return joined((blind, deeds), files)


def _named(sheet: Sheet) -> Sheet:
    return with_columns(
        sheet, {"source": sheet.column("patrol"), "exposure_id": free(sheet, "report_id")}
    )


def _told(sheet: Sheet) -> Sheet:
    """The quoted reason, and after it what else the report tells, for the act's words."""
    parts = [sheet.column("reason").to_pylist()]
    for name, words in _TOLD:
        cells = free(sheet, name).to_pylist()
        parts.append([None if cell is None else f"{words}: {cell}" for cell in cells])
    return with_columns(sheet, {"reason": in_words(parts, "; ")})


SAMPLE = b"""\
report_id,patrol,began,ended,lat,lon,radius_m,place_name,vehicles,people,obstructed_by,controller,status,minutes_lost,reason,activity_lost
s-1,patrol 1,2026-03-07T09:00:00Z,2026-03-07T09:43:00Z,48.2,37.9,1000,5 km NE of the town,2,4,Party A,Party A,delayed,43,"""
SAMPLE += b"""orders from superiors,inspection of site 4
s-2,patrol 2,2026-03-07T11:00:00Z,,48.1,37.8,1000,,1,2,,Party B,unsafe,128,mines on the road,
"""

FEED = Feed(
    name="access_obstructions",
    summary="Spot reports of patrols kept out: who, where, minutes lost, the reason as quoted",
    publisher="The mission itself",
    method="Each report is an exposure in which nobody could see, and an act where somebody did it",
    limitation="What lay behind the barrier is unknown: nothing follows about what was done there",
    licence="As the mission states",
    patterns=("access*.csv", "spot-reports*.csv"),
    read=read,
    yields=("exposures", "observations"),
    options=OPTIONS,
    sample={"access.csv": SAMPLE},
)
