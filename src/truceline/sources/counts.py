"""Low, best and high counts of a sheet, as columns; unknown is never zero."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from truceline.sources.delimited import Sheet
from truceline.sources.faults import Faults, gather, where
from truceline.sources.figures import to_int32, wholes
from truceline.sources.limits import MOST_COUNT
from truceline.sources.words import free


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Columns `count_low`, `count_best`, `count_high` (and `count_unit`), with faults."""

    columns: dict[str, Any]
    faults: Faults


def counts(sheet: Sheet, *, has_unit: bool = True, most: int = MOST_COUNT) -> Counts:
    """Read the count columns of a sheet; low may not exceed best, nor best exceed high."""
    names = ("count_low", "count_best", "count_high")
    read = [wholes(sheet.column(name), name, most) for name in names]
    faults: Faults = {}
    gather(faults, *(figures.faults for figures in read))
    low, best, high = (figures.values for figures in read)
    with np.errstate(invalid="ignore"):
        wrong = (low > best) | (best > high) | (low > high)
    advice = "write the lowest first, or leave out what is not known"
    gather(faults, where(wrong, "count_low, count_best and count_high do not rise", advice))
    sound = np.ones(sheet.rows, dtype=np.bool_)
    sound[list(faults)] = False
    columns: dict[str, Any] = {
        name: to_int32(np.where(sound, figures.values, np.nan))
        for name, figures in zip(names, read, strict=True)
    }
    if has_unit:
        columns["count_unit"] = free(sheet, "count_unit")
    return Counts(columns=columns, faults=faults)
