"""Precision codes of event data sets: what each becomes in metres and days, and from where."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from truceline.model.errors import SourceError
from truceline.sources.delimited import Sheet
from truceline.sources.derived import coded, strange_codes
from truceline.sources.faults import Mask
from truceline.sources.figures import to_float64
from truceline.sources.instants import Micros
from truceline.sources.limits import is_metres

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US


def error_by_code(
    options: Mapping[str, Any], name: str, defaults: Mapping[str, float]
) -> dict[str, float]:
    """Errors in metres by code: the defaults, with those that an option replaces.

    Raises
    ------
    SourceError
        The option is no mapping of codes to metres.
    """
    given = options.get(name, {})
    errors = dict(defaults)
    if not isinstance(given, Mapping):
        given = {"": given}
    for code, metres in given.items():
        if str(code) not in defaults or not is_metres(metres):
            msg = f"option `{name}` is {dict(given)!r}; give metres by code, such as {{1: 3000}}"
            raise SourceError(msg)
        errors[str(code)] = float(metres)
    return errors


def place_columns(
    sheet: Sheet,
    lat: np.ndarray[Any, np.dtype[np.float64]],
    lon: np.ndarray[Any, np.dtype[np.float64]],
    code_column: str,
    errors: Mapping[str, float],
) -> tuple[dict[str, Any], list[str]]:
    """Place columns of points whose error is a code; an unknown code counts as the coarsest."""
    codes = sheet.column(code_column)
    error = coded(codes, errors)
    coarsest = max(errors.values())
    has_place = ~np.isnan(lat)
    unknown = np.isnan(error) & has_place
    error = np.where(has_place, np.where(unknown, coarsest, error), np.nan)
    notes = []
    if unknown.any():
        strange = ", ".join(strange_codes(codes, errors)) or "none"
        notes.append(
            f"{sheet.file.name}: {int(unknown.sum())} rows with {code_column} {strange}, "
            f"read as within {coarsest / 1000:g} km"
        )
    kinds = pa.array(["ellipse", None], pa.string()).take(pa.array(np.where(has_place, 0, 1)))
    metres = to_float64(error)
    return {
        "lat": to_float64(lat),
        "lon": to_float64(lon),
        "error_major_m": metres,
        "error_minor_m": metres,
        "error_azimuth_deg": to_float64(np.where(has_place, 0.0, np.nan)),
        "place_kind": kinds,
    }, notes


def widened(
    began_us: Micros, ended_us: Micros, codes: pa.Array, days: Mapping[str, float]
) -> tuple[Micros, Micros, Mask]:
    """Intervals of one day, widened evenly to the span of their code; and which were widened.

    An interval of several days is the coders' own, narrower than its code, and stays.
    """
    least_us = (np.nan_to_num(coded(codes, days), nan=0.0) * DAY_US).astype(np.int64)
    length_us = ended_us - began_us
    # A day in which clocks go back has 25 hours.
    short = np.where(length_us <= DAY_US + HOUR_US, np.maximum(least_us - length_us, 0), 0)
    return began_us - short // 2, ended_us + short // 2, short > 0
