"""What a number can be: bounds of nature or of plausibility, so that a slip of the pen is refused."""

import math
import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.sources.faults import Faults, where

Floats = npt.NDArray[np.float64]

HALF_EARTH_M = 20_037_508.0  # half the equator of WGS 84 (pi times 6,378,137 m): nothing is farther
LEAST_M = 0.01  # a centimetre, as fine as a geodetic survey; finer is a slip; assumed
LEAST_DEG = 0.01  # finer than any bearing taken in the field; assumed
MOST_COUNT = 10_000_000  # of one happening: more rounds than the heaviest day of any war; assumed
MOST_TALLY = 1_000_000_000  # of a party's sum over a whole war; assumed
MOST_MINUTES = 527_040.0  # a leap year
LEAST_CALIBRE_MM, MOST_CALIBRE_MM = 1.0, 1000.0  # the widest mortar built, Little David, had 914 mm
FIRST_YEAR, LAST_YEAR = 1900, 2099  # outside them a date is a slip of the pen; assumed

_CALIBRE = re.compile(r"([+-]?\d[\d.]*(?:,\d+)?(?:[eE][+-]?\d+)?)\s*[-–—]?\s*(?:mm|мм)(?!\w)")
MEND = "correct it, or leave it empty if it is not known"


def is_metres(value: Any) -> bool:
    """Whether an option is an error or a distance that can be, in metres.

    Examples
    --------
    >>> is_metres(250), is_metres(1e300), is_metres(float("nan")), is_metres(True)
    (True, False, False, False)
    """
    is_figure = isinstance(value, int | float) and not isinstance(value, bool)
    return is_figure and LEAST_M <= value <= HALF_EARTH_M


def beyond(values: Floats, name: str, low: float, high: float, unit: str) -> Faults:
    """Faults of figures below the least or above the most that can be; NaN is unknown, no fault.

    Examples
    --------
    >>> found = beyond(np.array([0.0, 1e-320, 5.0, 1e300]), "error_m", 0.01, 2e7, "m")
    >>> [found[row][0] for row in sorted(found)]
    ['error_m is not above 0', 'error_m is below 0.01 m', 'error_m is above 20,000,000 m']
    """
    with np.errstate(invalid="ignore"):
        masks = (
            (values <= 0, f"{name} is not above 0"),
            ((values > 0) & (values < low), f"{name} is below {low:,g} {unit}"),
            (values > high, f"{name} is above {high:,.0f} {unit}"),
        )
    faults: Faults = {}
    for mask, reason in masks:
        faults |= where(mask, reason, MEND)
    return faults


def calibres(column: pa.Array, name: str) -> Faults:
    """Faults of weapons whose name states a calibre that no weapon has.

    Examples
    --------
    >>> calibres(pa.array(["mortar 82 mm", "howitzer 1e300 mm", None]), "weapon")[1][0]
    "weapon states a calibre of '1e300' mm; there is none outside 1 to 1000 mm"
    """
    found = column.dictionary_encode()
    reasons = [_calibre(cell, name) for cell in found.dictionary.to_pylist()]
    if not any(reasons):
        return {}
    wrong = pa.array([reason is not None for reason in reasons]).take(found.indices)
    rows = np.flatnonzero(pc.fill_null(wrong, False).to_numpy(zero_copy_only=False))
    said = {int(row): reasons[found.indices[int(row)].as_py()] for row in rows}
    return {row: (reason, MEND) for row, reason in said.items() if reason is not None}


def _calibre(cell: str, name: str) -> str | None:
    stated = _CALIBRE.search(cell[:400])
    if stated is None:
        return None
    try:
        figure = float(stated[1].replace(",", "."))
    except ValueError:
        return None
    if math.isfinite(figure) and LEAST_CALIBRE_MM <= figure <= MOST_CALIBRE_MM:
        return None
    limits = f"{LEAST_CALIBRE_MM:g} to {MOST_CALIBRE_MM:g} mm"
    return f"{name} states a calibre of '{stated[1][:40]}' mm; there is none outside {limits}"
