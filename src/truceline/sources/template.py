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
from truceline.sources.faults import Faults, gather, kept, where
from truceline.sources.figures import numbers, to_float64
from truceline.sources.instants import Instants, instants
from truceline.sources.limits import HALF_EARTH_M, LEAST_M, MEND, beyond

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


def disc(sheet: Sheet, radius: str) -> tuple[dict[str, Any], Faults]:
    """Columns `lat`, `lon` and a radius in metres, with faults."""
    at = points(sheet, "lat", "lon")
    reach, faults = metres(sheet, radius)
    gather(faults, at.faults)
    return {"lat": to_float64(at.lat), "lon": to_float64(at.lon), radius: reach}, faults


def metres(sheet: Sheet, name: str) -> tuple[pa.Array, Faults]:
    """A column of errors or radii in metres that can be; others are faults."""
    read = numbers(sheet.column(name), name)
    wrong = beyond(read.values, name, LEAST_M, HALF_EARTH_M, "m")
    faults = dict(read.faults)
    gather(faults, wrong)
    return to_float64(np.where(kept(sheet.rows, wrong), read.values, np.nan)), faults


def within(sheet: Sheet, name: str, high: float) -> tuple[pa.Array, Faults]:
    """A column of figures in [0, high]; others are faults."""
    read = numbers(sheet.column(name), name)
    with np.errstate(invalid="ignore"):
        wrong = (read.values < 0) | (read.values > high)
    faults = dict(read.faults)
    gather(faults, where(wrong, f"{name} is outside [0, {high:,.15g}]", MEND))
    return to_float64(np.where(wrong, np.nan, read.values)), faults
