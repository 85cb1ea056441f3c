"""The hotline: who called, which sides were reached, what was asked and answered, how long it took."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.sources.assembly import Part, assemble
from truceline.sources.contract import Feed, RawFile, ReadContext, Reading
from truceline.sources.delimited import Sheet
from truceline.sources.faults import Faults, gather
from truceline.sources.identity import with_content_ids
from truceline.sources.limits import MOST_MINUTES
from truceline.sources.spans import spans
from truceline.sources.template import OPTIONS, disc, template_sheets, times, within
from truceline.sources.words import ANSWERS, closed, free, required

REQUIRED = ("caller", "began")
COLUMNS = (
    "activation_id", "issue_id", "observation_id", "caller", "sides_reached", "request", "answer",
    "began", "ended", "minutes", "lat", "lon", "error_m", "area_id",
)  # fmt: skip


def read(files: Sequence[RawFile], context: ReadContext) -> Reading:
    """Read files of calls, and say how many issues they were about."""
    sheets, whole = template_sheets(
        files, context, feed="hotline", required=REQUIRED, known=COLUMNS
    )
    parts = [_part(sheet, context) for sheet in sheets]
    reading = assemble("activations", parts, files=files, context=context, refused=whole)
    calls = reading.tables["activations"]
    issues = pc.count_distinct(calls["issue_id"]).as_py()
    note = f"{calls.num_rows} activations on {issues} issues; issues are counted, not calls"
    return Reading(
        tables=reading.tables,
        upstream=reading.upstream,
        taken=reading.taken,
        refused=reading.refused,
        notes=(*reading.notes, note),
    )


def sides(column: pa.Array) -> pa.Array:
    """Sides as `A;B`: each once, in one order, however the log writes them.

    Examples
    --------
    >>> sides(pa.array(["Party B; Party A", "Party A ;", None])).to_pylist()
    ['Party A;Party B', 'Party A', None]
    """
    coded = column.dictionary_encode()
    words = [
        ";".join(sorted({side.strip() for side in cell.split(";")} - {""})) or None
        for cell in coded.dictionary.to_pylist()
    ]
    return pa.array(words, pa.string()).take(coded.indices)


def _part(sheet: Sheet, context: ReadContext) -> Part:
    read_times = times(sheet, context, ("began", "ended"))
    when = spans(read_times["began"], read_times["ended"], name=sheet.file.name)
    place, misplaced = disc(sheet, "error_m")
    minutes, endless = within(sheet, "minutes", MOST_MINUTES)
    answer, said = closed(sheet, "answer", ANSWERS, None)
    caller, nameless = required(sheet, "caller", "write which side or body called")
    faults: Faults = {}
    gather(faults, nameless, when.faults, misplaced, endless)
    identifier = with_content_ids(sheet, free(sheet, "activation_id"), "hotline")
    issue = free(sheet, "issue_id")
    alone = int(np.asarray(issue.is_null()).sum())
    notes = [*when.notes, *said]
    if alone:
        notes.append(f"{sheet.file.name}: {alone} calls name no issue: each is one of its own")
    columns: dict[str, Any] = {
        "activation_id": identifier,
        "issue_id": pc.coalesce(issue, identifier),
        "caller": caller,
        "sides_reached": sides(free(sheet, "sides_reached")),
        "answer": answer,
        **when.columns(),
        "minutes": minutes,
        "error_major_m": place.pop("error_m"),
        **place,
        **{name: free(sheet, name) for name in ("observation_id", "request", "area_id")},
    }
    return Part(sheet=sheet, columns=columns, faults=faults, notes=tuple(notes))


SAMPLE = b"""\
activation_id,issue_id,observation_id,caller,sides_reached,request,answer,began,ended,minutes,lat,lon,error_m
a-1,i-1,o-1,Party A,Party B,Explain the shots near the crossing,explained,2026-03-07T09:40:00Z,2026-03-07T10:05:00Z,25,48.1,37.8,1000
a-2,i-1,,Party B,Party A;Party B,Open the crossing again,agreed,2026-03-07T10:30:00Z,2026-03-07T10:50:00Z,20,,,
a-3,i-2,,mission,,Let a patrol pass,no_answer,2026-03-07T12:00:00Z,2026-03-07T12:30:00Z,,,,
"""

FEED = Feed(
    name="hotline",
    summary="Calls on the hotline: caller, sides reached, request, answer, minutes",
    publisher="The mission's duty desk",
    method="Rows are read as they stand; many calls may be about one issue, and are counted so",
    limitation="Many calls show that somebody worried, not how much happened; an answer is a claim",
    licence="As the mission states; usually for the parties alone",
    patterns=("hotline*.csv", "activations*.csv"),
    read=read,
    yields=("activations",),
    options=OPTIONS,
    sample={"hotline.csv": SAMPLE},
)
