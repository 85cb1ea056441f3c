"""Accounts of happenings in the plain columns: from a sheet to observations, whatever form it came in."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.vocabulary import Direction, IncidentType, Means, SourceKind, Stance
from truceline.sources.assembly import Part
from truceline.sources.bearings import DEFAULT_ERROR_M, Places, places
from truceline.sources.contract import ReadContext
from truceline.sources.counts import counts
from truceline.sources.delimited import Sheet
from truceline.sources.faults import Faults, gather
from truceline.sources.identity import with_content_ids
from truceline.sources.instants import to_instants
from truceline.sources.limits import calibres
from truceline.sources.spans import spans
from truceline.sources.template import times
from truceline.sources.words import closed, free, required

COLUMNS = (
    "observation_id", "source", "source_kind", "reported_at", "began", "ended", "lat", "lon",
    "error_m", "bearing_deg", "bearing_error_deg", "range_m", "observer_position", "place_name",
    "area_id", "type", "direction", "means", "weapon", "count_low", "count_best", "count_high",
    "count_unit", "claimed_actor", "stance", "speaker", "language", "marking", "text",
)  # fmt: skip
"""What `accounts` reads of a sheet, where it is there."""

_WORDS: Sequence[tuple[str, Any, str | None]] = (
    ("type", IncidentType, None),
    ("direction", Direction, "undetermined"),
    ("means", Means, None),
    ("source_kind", SourceKind, "other"),
)


def accounts(sheet: Sheet, context: ReadContext, feed: str, place: Places | None = None) -> Part:
    """Observations of a sheet that has some of `COLUMNS`; `source` and a time are required.

    Who is named as the actor is asserted by the source, unless the row states another stance.

    Parameters
    ----------
    sheet, context, feed
        The file, what a reader may know, and the name of the feed.
    place
        Places that are known already; without them they are read from the sheet.
    """
    read_times = times(sheet, context, ("began", "ended", "reported_at"))
    reported = read_times["reported_at"]
    when = spans(read_times["began"], read_times["ended"], reported, name=sheet.file.name)
    where = places(sheet, DEFAULT_ERROR_M) if place is None else place
    how_many = counts(sheet)
    source, nameless = required(sheet, "source", "write who says so: the name of the patrol")
    faults: Faults = {}
    gather(faults, nameless, when.faults, where.faults, how_many.faults)
    gather(faults, calibres(sheet.column("weapon"), "weapon"))
    notes = [*when.notes, *where.notes]
    words: dict[str, pa.Array] = {}
    for name, stored, fallback in _WORDS:
        words[name], said = closed(sheet, name, stored, fallback)
        notes += said
    claim, more = _claim(sheet, source)
    named = ("weapon", "language", "marking", "place_name", "area_id")
    columns: dict[str, Any] = {
        "observation_id": with_content_ids(sheet, free(sheet, "observation_id"), feed),
        "feed": feed,
        "source": source,
        "root": source,
        "reported_at": to_instants(reported.ended_us, reported.is_known),
        **when.columns(),
        "is_date_only": when.is_date_only,
        **where.columns,
        **how_many.columns,
        **words,
        "type_confidence": pc.if_else(words["type"].is_valid(), 1.0, pa.scalar(None, pa.float64())),
        **claim,
        "observer_position": sheet.column("observer_position"),
        **{name: free(sheet, name) for name in named},
        "text": sheet.column("text"),
    }
    return Part(sheet=sheet, columns=columns, faults=faults, notes=(*notes, *more))


def _claim(sheet: Sheet, source: pa.Array) -> tuple[Mapping[str, pa.Array], tuple[str, ...]]:
    actor = free(sheet, "claimed_actor")
    stance, notes = closed(sheet, "stance", Stance, None)
    is_claimed = actor.is_valid()
    by_source = pc.if_else(is_claimed, source, pa.scalar(None, pa.string()))
    return {
        "claimed_actor": actor,
        "stance": pc.coalesce(stance, pc.if_else(is_claimed, "asserts", "none")),
        "speaker": pc.coalesce(free(sheet, "speaker"), by_source),
    }, notes
