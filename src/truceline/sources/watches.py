"""Watches of patrols: when and where they could have seen, and that they saw nothing."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.sources.assembly import Part
from truceline.sources.contract import ReadContext
from truceline.sources.delimited import Sheet
from truceline.sources.faults import Faults, gather, where
from truceline.sources.identity import with_content_ids
from truceline.sources.spans import spans
from truceline.sources.template import disc, times, within
from truceline.sources.words import free, required

KINDS = {"patrol": "watch", "zero_report": "zero_report"}
"""Entry of a report to kind of exposure: one a patrol, or its hours would count twice."""


def watches(sheet: Sheet, context: ReadContext, feed: str) -> Part:
    """Exposures of a sheet whose `entry` is one of `KINDS`; begin and end are both required."""
    read_times = times(sheet, context, ("began", "ended"))
    when = spans(read_times["began"], read_times["ended"], name=sheet.file.name)
    place, misplaced = disc(sheet, "radius_m")
    p_detect, improbable = within(sheet, "p_detect", 1.0)
    source, nameless = required(sheet, "source", "write which patrol it was, in `patrol`")
    kinds = [KINDS.get(cell or "") for cell in free(sheet, "entry").to_pylist()]
    unkind = np.array([kind is None for kind in kinds], dtype=np.bool_)
    faults: Faults = {}
    advice = "write patrol, zero_report, happening or obstruction"
    gather(faults, where(unkind, "entry is not stored", advice))
    for name in ("began", "ended"):
        advice = f"write when the patrol {name}: hours that nobody states are no watch"
        gather(faults, read_times[name].faults)
        gather(faults, where(~read_times[name].is_known, f"{name} is empty", advice))
    gather(faults, nameless, when.faults, misplaced, improbable)
    columns: dict[str, Any] = {
        "exposure_id": with_content_ids(sheet, free(sheet, "exposure_id"), feed),
        "source": source,
        "kind": pa.array([kind or "" for kind in kinds], pa.string()),
        **when.columns(),
        **place,
        "area_id": free(sheet, "area_id"),
        "p_detect": p_detect,
    }
    placeless = int(
        pc.sum(pc.and_(place["lat"].is_null(), columns["area_id"].is_null())).as_py() or 0
    )
    notes = (f"{sheet.file.name}: {placeless} patrols state neither place nor area: where they "
             "watched is unknown",) if placeless else ()  # fmt: skip
    return Part(sheet=sheet, columns=columns, faults=faults, notes=(*when.notes, *notes))
