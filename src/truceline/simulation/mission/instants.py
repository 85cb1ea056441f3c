"""Instants as files write them."""

import numpy as np
import numpy.typing as npt

from truceline.simulation.columns import Floats


def iso(at_s: Floats) -> npt.NDArray[np.str_]:
    """Instants in UTC to the second; empty where there is none.

    Examples
    --------
    >>> iso(np.array([0.0, np.nan])).tolist()
    ['1970-01-01T00:00:00Z', '']
    """
    known = np.isfinite(at_s)
    whole = np.where(known, np.floor(at_s), 0.0).astype("datetime64[s]")
    written = np.char.add(np.datetime_as_string(whole, unit="s"), "Z")
    return np.where(known, written, "")


def iso_one(at_s: float) -> str:
    """One instant in UTC to the second."""
    return str(iso(np.array([at_s]))[0])
