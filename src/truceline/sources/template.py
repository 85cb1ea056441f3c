"""What the feeds of our own templates share: their times, and figures within limits."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from truceline.sources import degrees, delimited
from truceline.sources.contract import RawFile, ReadContext, Refusal, check_options
from truceline.sources.degrees import points
from truceline.sources.delimited import Sheet, read_sheet, read_sheets
from truceline.sources.faults import Faults, gather, where
from truceline.sources.figures import numbers, to_float64
from truceline.sources.instants import Instants, instants

OPTIONS: Mapping[str, str] = {
    **delimited.OPTIONS,
    **degrees.OPTIONS,
    "dates": "dmy or mdy, for dates such as 04/05/2025; found out from the column where absent",
}

Floats = npt.NDArray[np.float64]


def template_sheets(
    files: Sequence[RawFile],
    context: ReadContext,
    *,
    feed: str,
    required: Sequence[str],
    known: Sequence[str],
) -> tuple[list[Sheet], list[Refusal]]:
    """Sheets of a template's files, and refusals of files that are something else.

    Raises
    ------
    SourceError
        An option is not known, or no file has the template's columns.
    """
    check_options(context.options, OPTIONS, feed)
    read = partial(read_sheet, required=required, known=known, options=context.options)
    return read_sheets(files, read)


def times(sheet: Sheet, context: ReadContext, names: Sequence[str]) -> dict[str, Instants]:
    """Written times of some columns, in the context's zone."""
    dates = context.options.get("dates")
    return {
        name: instants(sheet.column(name), name, zone=context.zone, dates=dates) for name in names
    }


def disc(sheet: Sheet, context: ReadContext, radius: str) -> tuple[dict[str, Any], Faults]:
    """Columns `lat`, `lon` and a radius in metres, with faults."""
    at = points(sheet, "lat", "lon", context.options)
    reach, faults = within(sheet, radius, above=0.0)
    gather(faults, at.faults)
    return {"lat": to_float64(at.lat), "lon": to_float64(at.lon), radius: reach}, faults


def within(
    sheet: Sheet, name: str, *, above: float | None = None, low: float = 0.0, high: float = np.inf
) -> tuple[pa.Array, Faults]:
    """A column of figures in [low, high], or greater than `above`; others are faults."""
    read = numbers(sheet.column(name), name)
    with np.errstate(invalid="ignore"):
        wrong = (read.values < low) | (read.values > high)
        if above is not None:
            wrong |= read.values <= above
    faults = dict(read.faults)
    limits = f"[{low:g}, {high:g}]" if above is None else f"what is above {above:g}"
    advice = "correct it, or leave it empty if it is not known"
    gather(faults, where(wrong, f"{name} is outside {limits}", advice))
    return to_float64(np.where(wrong, np.nan, read.values)), faults
