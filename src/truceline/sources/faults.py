"""Row faults: gathered by row number while columns are read, then shown as refusals."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from truceline.sources.contract import Refusal

if TYPE_CHECKING:
    from truceline.sources.delimited import Sheet

Fault = tuple[str, str]  # reason, advice
Faults = dict[int, Fault]  # row number within a sheet, from 0, to its first fault
Mask = npt.NDArray[np.bool_]


def gather(into: Faults, *others: Mapping[int, Fault]) -> None:
    """Add faults; a row keeps the first that was found.

    Examples
    --------
    >>> faults = {1: ("no time", "write one")}
    >>> gather(faults, {1: ("no place", "write one"), 2: ("no place", "write one")})
    >>> faults[1][0], faults[2][0]
    ('no time', 'no place')
    """
    for other in others:
        for row, fault in other.items():
            into.setdefault(row, fault)


def where(mask: Mask, reason: str, advice: str) -> Faults:
    """The same fault for every row of a mask."""
    return dict.fromkeys(np.flatnonzero(mask).tolist(), (reason, advice))


def kept(rows: int, faults: Iterable[int]) -> Mask:
    """Which of so many rows have no fault.

    Examples
    --------
    >>> kept(3, [1]).tolist()
    [True, False, True]
    """
    mask = np.ones(rows, dtype=np.bool_)
    mask[list(faults)] = False
    return mask


def refusals(sheet: "Sheet", faults: Mapping[int, Fault]) -> tuple[Refusal, ...]:
    """The faults of a sheet as refusals, in the order of its lines."""
    return tuple(
        Refusal(
            file=sheet.file.name,
            line=int(sheet.lines[row]),
            reason=faults[row][0],
            advice=faults[row][1],
            excerpt=sheet.excerpt(int(sheet.lines[row])),
        )
        for row in sorted(faults)
    )
