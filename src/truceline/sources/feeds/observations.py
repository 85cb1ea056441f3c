"""The plain observation template: one CSV row is one source's account of one happening."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.errors import SourceError
from truceline.model.vocabulary import Direction, IncidentType, Means, SourceKind, Stance
from truceline.sources import degrees, delimited
from truceline.sources.assembly import Part, assemble
from truceline.sources.bearings import DEFAULT_ERROR_M, places
from truceline.sources.contract import Feed, RawFile, ReadContext, Reading, check_options
from truceline.sources.counts import counts
from truceline.sources.delimited import Sheet, read_sheet, read_sheets
from truceline.sources.faults import Faults, gather
from truceline.sources.identity import with_content_ids
from truceline.sources.instants import instants, to_instants
from truceline.sources.limits import HALF_EARTH_M, LEAST_M, calibres, is_metres
from truceline.sources.spans import spans
from truceline.sources.words import closed, free, required

REQUIRED = (
    "observation_id", "source", "source_kind", "reported_at", "began", "ended", "lat", "lon",
    "error_m", "type", "direction", "claimed_actor", "bearing_deg", "bearing_error_deg", "range_m",
    "text",
)  # fmt: skip
OPTIONAL = (
    "count_low", "count_best", "count_high", "count_unit", "means", "weapon", "observer_position",
    "language", "marking", "group", "stance", "speaker",
)  # fmt: skip
OPTIONS: Mapping[str, str] = {
    **delimited.OPTIONS,
    **degrees.OPTIONS,
    "dates": "dmy or mdy, for dates such as 04/05/2025; found out from the column where absent",
    "error_m": f"95 % error of a place that states none; {DEFAULT_ERROR_M:.0f} m where absent",
}


def read(files: Sequence[RawFile], context: ReadContext, *, is_careful: bool = False) -> Reading:
    """Read files of the plain template.

    Parameters
    ----------
    files, context
        As in the contract.
    is_careful
        Take the slow way even where the fast one would do, as tests do to compare both.

    Raises
    ------
    SourceError
        An option is not known, or no file has the template's columns.
    """
    check_options(context.options, OPTIONS, "observations")
    sheets, whole = read_sheets(files, partial(_sheet, context=context, is_careful=is_careful))
    parts = [_part(sheet, context, is_careful=is_careful) for sheet in sheets]
    return assemble("observations", parts, files=files, context=context, refused=whole)


def _sheet(file: RawFile, *, context: ReadContext, is_careful: bool) -> Sheet:
    return read_sheet(
        file,
        required=("source", "began", "lat", "lon"),
        known=(*REQUIRED, *OPTIONAL),
        options=context.options,
        is_careful=is_careful,
    )


def _part(sheet: Sheet, context: ReadContext, *, is_careful: bool) -> Part:
    options = context.options
    times = {
        name: instants(
            sheet.column(name),
            name,
            zone=context.zone,
            dates=options.get("dates"),
            is_careful=is_careful,
        )
        for name in ("began", "ended", "reported_at")
    }
    reported = times["reported_at"]
    when = spans(times["began"], times["ended"], reported, name=sheet.file.name)
    where_ = places(sheet, _default_error_m(options))
    how_many = counts(sheet)
    source, nameless = required(sheet, "source", "write who says so: a patrol, a sensor")
    faults: Faults = {}
    gather(faults, nameless, when.faults, where_.faults, how_many.faults)
    gather(faults, calibres(sheet.column("weapon"), "weapon"))
    words, notes = _words(sheet)
    claim, more = _claim(sheet, source)
    columns: dict[str, Any] = {
        "observation_id": with_content_ids(sheet, free(sheet, "observation_id"), "observations"),
        "feed": "observations",
        "source": source,
        "root": pc.coalesce(free(sheet, "group"), source),
        "reported_at": to_instants(reported.ended_us, reported.is_known),
        **when.columns(),
        "is_date_only": when.is_date_only,
        **where_.columns,
        **how_many.columns,
        **words,
        "type_confidence": pc.if_else(words["type"].is_valid(), 1.0, pa.scalar(None, pa.float64())),
        **claim,
        "observer_position": sheet.column("observer_position"),
        **{name: free(sheet, name) for name in ("weapon", "language", "marking")},
        "text": sheet.column("text"),
    }
    said = (*when.notes, *where_.notes, *notes, *more, *_without(sheet))
    return Part(sheet=sheet, columns=columns, faults=faults, notes=said)


def _claim(sheet: Sheet, source: pa.Array) -> tuple[dict[str, pa.Array], tuple[str, ...]]:
    """A source that names an actor asserts it, as the speaker, unless the row says otherwise."""
    actor = free(sheet, "claimed_actor")
    stance, notes = closed(sheet, "stance", Stance, None)
    is_claimed = actor.is_valid()
    unsaid = pc.if_else(is_claimed, "asserts", "none")
    by_source = pc.if_else(is_claimed, source, pa.scalar(None, pa.string()))
    return {
        "claimed_actor": actor,
        "stance": pc.coalesce(stance, unsaid),
        "speaker": pc.coalesce(free(sheet, "speaker"), by_source),
    }, notes


def _words(sheet: Sheet) -> tuple[dict[str, pa.Array], list[str]]:
    words = {}
    notes: list[str] = []
    for name, enum, fallback in (
        ("source_kind", SourceKind, "other"),
        ("type", IncidentType, None),
        ("direction", Direction, "undetermined"),
        ("means", Means, None),
    ):
        words[name], said = closed(sheet, name, enum, fallback)
        notes += said
    return words, notes


def _without(sheet: Sheet) -> list[str]:
    absent = [name for name in REQUIRED if name not in sheet.columns]
    if not absent:
        return []
    return [f"{sheet.file.name}: columns {', '.join(absent)} are absent, so unknown in every row"]


def _default_error_m(options: Mapping[str, Any]) -> float:
    given = options.get("error_m", DEFAULT_ERROR_M)
    if not is_metres(given):
        msg = f"option `error_m` is {given!r}; give metres, {LEAST_M:g} to {HALF_EARTH_M:,.0f}"
        raise SourceError(msg)
    return float(given)


SAMPLE = b"""\
observation_id,source,source_kind,reported_at,began,ended,lat,lon,error_m,type,direction,\
claimed_actor,bearing_deg,bearing_error_deg,range_m,text,count_best,count_unit,means,observer_position
p-1,patrol 1,patrol,2026-03-07T19:00:00Z,2026-03-07T08:15:00Z,2026-03-07T08:20:00Z,48.1,37.8,200,\
artillery,impact,,270,5,15000,Fresh craters,4,explosion,seen,
p-2,patrol 2,patrol,2026-03-07T19:00:00Z,2026-03-07T10:00:00+02:00,,,,,explosion_unidentified,\
undetermined,,90,5,4000,"Heard, not seen",2,explosion,heard,48.0 37.8
n-1,newsroom,media,2026-03-07T20:00:00Z,2026-03-07,,48.2,37.9,5000,,,Party A,,,,Shelling of a village,,,media,
"""

FEED = Feed(
    name="observations",
    summary="The plain template: one CSV row is one source's account of one happening",
    publisher="Whoever fills it in: a mission, an agency, a researcher",
    method="Rows are read as they stand; what is empty is unknown",
    limitation=(
        "It is worth what its sources are worth; a place without a stated error, or a bearing "
        "without one, is given an assumed error, and says so"
    ),
    licence="As its author states; the template itself is free for any use",
    patterns=("observations*.csv", "*.observations.csv"),
    read=read,
    options=OPTIONS,
    sample={"observations.csv": SAMPLE},
)
