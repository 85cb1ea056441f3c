"""Being kept out: hours that nobody could see, and an act in itself."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.vocabulary import AccessStatus
from truceline.sources.accounts import accounts
from truceline.sources.assembly import Part
from truceline.sources.contract import ReadContext
from truceline.sources.delimited import Sheet, with_columns
from truceline.sources.faults import Faults, gather, where
from truceline.sources.identity import with_content_ids
from truceline.sources.limits import MOST_MINUTES
from truceline.sources.spans import Spans, spans
from truceline.sources.template import disc, times, within
from truceline.sources.words import closed, free, required

OBSTRUCTED = (
    AccessStatus.DELAYED, AccessStatus.CONDITIONED, AccessStatus.DENIED, AccessStatus.OBSTRUCTED,
)  # fmt: skip
"""Somebody's deed. `unsafe` and `not_attempted` keep a patrol out too, but nobody did it."""

COLUMNS = (
    "exposure_id", "source", "began", "ended", "lat", "lon", "radius_m", "area_id",
    "obstructed_by", "controller", "status", "minutes_lost", "reason",
)  # fmt: skip
_MINUTE_US = 60_000_000


def denials(sheet: Sheet, context: ReadContext, feed: str) -> Part:
    """Exposures of kind `access_denial`, the quoted reason kept.

    Without an end it lasts the minutes lost; without those minutes they stay unknown.
    """
    when, notes = _lasting(sheet, context)
    place, misplaced = disc(sheet, "radius_m")
    lost, negative = within(sheet, "minutes_lost", MOST_MINUTES)
    status, said = closed(sheet, "status", AccessStatus, None)
    source, nameless = required(sheet, "source", "write who was kept out: the name of the patrol")
    faults: Faults = {}
    gather(faults, nameless, when.faults, misplaced, negative)
    granted = pc.fill_null(pc.equal(status, "granted"), False).to_numpy(zero_copy_only=False)
    advice = "leave it out, or write what kept the patrol: delayed, conditioned, denied, obstructed"
    gather(faults, where(granted, "access was granted: that is no obstruction", advice))
    columns: dict[str, Any] = {
        "exposure_id": with_content_ids(sheet, free(sheet, "exposure_id"), feed),
        "source": source,
        "kind": "access_denial",
        **when.columns(),
        **place,
        "status": status,
        "minutes_lost": lost,
        **{name: free(sheet, name) for name in ("area_id", "obstructed_by", "controller")},
        "reason": sheet.column("reason"),  # as quoted
    }
    return Part(sheet=sheet, columns=columns, faults=faults, notes=(*when.notes, *said, *notes))


def acts(sheet: Sheet, context: ReadContext, feed: str) -> Part:
    """Observations of type `monitor_access_denied`: who is named as the obstructor is a claim.

    Who controls the ground is no claim of who did it, and is never read as one.
    """
    cells = (free(sheet, "status").to_pylist(), sheet.column("reason").to_pylist())
    rows = sheet.rows
    given = {
        "observation_id": _suffixed(with_content_ids(sheet, free(sheet, "exposure_id"), feed)),
        "type": pa.repeat(pa.scalar("monitor_access_denied"), rows),
        "source_kind": pa.repeat(pa.scalar("patrol"), rows),
        "claimed_actor": free(sheet, "obstructed_by"),
        "text": in_words(cells, ": "),
        "error_m": sheet.column("radius_m"),
        "count_unit": pa.nulls(rows, pa.string()),
    }
    part = accounts(with_columns(sheet, given), context, feed)
    when, _ = _lasting(sheet, context)
    _, negative = within(sheet, "minutes_lost", MOST_MINUTES)
    faults = dict(part.faults)
    gather(faults, when.faults, negative)
    return Part(
        sheet=part.sheet,
        columns={**part.columns, **when.columns(), "is_date_only": when.is_date_only},
        faults=faults,
        notes=part.notes,
    )


def in_words(parts: Sequence[Sequence[str | None]], separator: str) -> pa.Array:
    """Columns of words joined row by row; null where every one is unknown.

    Examples
    --------
    >>> in_words([["denied", None], ["orders", None]], ": ").to_pylist()
    ['denied: orders', None]
    """
    rows = zip(*parts, strict=True)
    told = [separator.join(cell for cell in row if cell is not None) or None for row in rows]
    return pa.array(told, pa.string())


def is_deed(sheet: Sheet) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which rows tell what somebody did; an unknown status does, a danger met does not."""
    status, _ = closed(sheet, "status", AccessStatus, None)
    stored = pa.array([str(word) for word in OBSTRUCTED])
    found: np.ndarray[Any, np.dtype[np.bool_]] = pc.or_(
        status.is_null(), pc.is_in(status, stored)
    ).to_numpy(zero_copy_only=False)
    return found


def _suffixed(ids: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(ids, "act", "/")


def _lasting(sheet: Sheet, context: ReadContext) -> tuple[Spans, Sequence[str]]:
    """The time kept out; where only its begin is told, the minutes lost tell its end."""
    read = times(sheet, context, ("began", "ended"))
    when = spans(read["began"], read["ended"], name=sheet.file.name)
    lost, wrong = within(sheet, "minutes_lost", MOST_MINUTES)
    minutes = lost.fill_null(0.0).to_numpy(zero_copy_only=False)
    open_ended = read["began"].is_known & ~read["ended"].is_known & ~when.is_date_only
    open_ended[list(wrong)] = False
    longer = np.where(open_ended, (minutes * _MINUTE_US).astype(np.int64), 0)
    count = int((longer > 0).sum())
    said = f"{sheet.file.name}: {count} obstructions state no end: it follows from the minutes lost"
    made = Spans(
        began_us=when.began_us,
        ended_us=when.ended_us + longer,
        is_date_only=when.is_date_only,
        faults=when.faults,
        notes=when.notes,
    )
    return made, [said] if count else []
