"""Which seismic events matter to a truce, by the type that a bulletin gives them, and when they were."""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from truceline.model.errors import SourceError
from truceline.sources.delimited import Sheet
from truceline.sources.faults import Faults, gather, kept
from truceline.sources.figures import numbers

# QuakeML 1.2 event types; the words of the standard.
EXPLOSIONS = frozenset(
    {"explosion", "chemical explosion", "nuclear explosion", "accidental explosion"}
)
UNTYPED = frozenset({"not reported", "anthropogenic event", "other event", "unknown"})
GONE = frozenset({"not existing", "not locatable"})
_95 = 1.96  # deviations of a Gaussian, each side
MOST_SPREAD_S = 3600.0  # an origin time looser than an hour is no origin; assumed


def also_wanted(options: Mapping[str, Any]) -> frozenset[str]:
    """Event types that option `also_types` adds.

    Raises
    ------
    SourceError
        It is no list of words.
    """
    given = options.get("also_types", [])
    if not isinstance(given, list | tuple) or not all(isinstance(word, str) for word in given):
        msg = f"option `also_types` is {given!r}; give a list of event types, as [quarry blast]"
        raise SourceError(msg)
    return frozenset(given)


def unwanted(kind: pa.Array, status: pa.Array, also: Collection[str]) -> Faults:
    """Faults of events whose type or status says that they are no deed of a truce.

    Parameters
    ----------
    kind, status
        `(n,)` event type in lower case, and evaluation status; null is unknown.
    also
        Types to take nevertheless.

    Examples
    --------
    >>> kinds = pa.array(["explosion", "quarry blast", None])
    >>> unwanted(kinds, pa.nulls(3, pa.string()), ())[1][0]
    "event type 'quarry blast', by the publisher"
    """
    wanted = EXPLOSIONS | UNTYPED | {word.casefold().replace("_", " ") for word in also}
    faults: Faults = {}
    for row, (word, stand) in enumerate(zip(kind.to_pylist(), status.to_pylist(), strict=True)):
        if word in GONE or (stand or "").casefold() == "rejected":
            reason = "the publisher says that it did not happen or rejects its origin"
            faults[row] = (reason, "nothing; fetch the bulletin again later")
        elif word is not None and word not in wanted:
            reason = f"event type {word[:40]!r}, by the publisher"
            faults[row] = (reason, "add it to option `also_types` if such events matter here")
    return faults


def spread(sheet: Sheet) -> tuple[npt.NDArray[np.int64], Faults]:
    """How far an origin time may be off either way, microseconds: 95 per cent of its deviation."""
    read = numbers(sheet.column("time_error_s"), "time_error_s")
    faults = dict(read.faults)
    advice = "check the unit: origin times are seconds"
    for row in np.flatnonzero((read.values < 0) | (read.values > MOST_SPREAD_S)).tolist():
        reason = f"time_error_s is outside [0, {MOST_SPREAD_S:g}]"
        gather(faults, {row: (reason, advice)})
    seconds = np.where(kept(sheet.rows, faults), np.nan_to_num(read.values), 0.0)
    return (seconds * _95 * 1e6).astype(np.int64), faults
