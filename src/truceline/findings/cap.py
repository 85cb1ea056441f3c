"""How surely the holdings of a party go over a cap: sites add up, sightings of one site do not.

The number at a site is a triangle from low to high; numbers of sites that stand at one moment are
added as distributions, each site counting with the probability that it counts at all.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from truceline.findings.act import floats, instants
from truceline.findings.question import Question

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


class Stocks(NamedTuple):
    """Holdings as columns, `(n,)` each, in the order of ids."""

    began: Integers
    ended: Integers
    key: Integers  # one number for each site and weapon
    low: Integers
    best: Integers
    high: Integers
    is_bounded: npt.NDArray[np.bool_]  # somebody said how many, at best or at most


def stocks_of(holdings: pa.Table) -> Stocks:
    """The columns of holdings; of unknown number there is at least one."""
    site, weapon = (
        holdings[name].combine_chunks().dictionary_encode() for name in ("site", "weapon")
    )
    key = np.asarray(site.indices).astype(np.int64) * (len(weapon.dictionary) + 1)
    low, best, high = (floats(holdings[f"count_{name}"]) for name in ("low", "best", "high"))
    is_bounded = ~(np.isnan(best) & np.isnan(high))
    middle = np.where(~np.isnan(best), best, np.where(~np.isnan(low), low, high))
    middle = np.nan_to_num(middle, nan=1.0)
    return Stocks(
        began=instants(holdings["began"]),
        ended=instants(holdings["ended"]),
        key=key + np.asarray(weapon.indices),
        low=np.where(np.isnan(low), middle, low).astype(np.int64),
        best=middle.astype(np.int64),
        high=np.where(np.isnan(high), middle, high).astype(np.int64),
        is_bounded=is_bounded,
    )


def exceeds(
    held: Stocks,
    caps: Mapping[str | None, int | None],
    asked: Question,
    sure: Floats,
    perhaps: Floats,
) -> tuple[Floats, Floats]:
    """How surely each holding, if it counts, takes its party over the cap; and how possibly."""
    most = caps[asked.reading]
    count = len(held.began)
    if most is None:
        return np.ones(count), perhaps
    over, may = np.zeros(count), np.zeros(count)
    for number in range(count):
        rows = _at_once(held, number)
        over[number] = _p_over(held, rows, sure, number, most, is_sure=True)
        may[number] = _p_over(held, rows, perhaps, number, most, is_sure=False)
    return over, perhaps * may


def _at_once(held: Stocks, number: int) -> Integers:
    """Rows that speak for the moment at which a holding begins, one for each site and weapon."""
    at = held.began[number]
    stands = (held.began <= at) & ((at < held.ended) | (held.began == at))
    # Of two that begin together the first by id comes first, so that one of them is the last.
    stands[number + 1 :] &= held.began[number + 1 :] != at
    stands &= held.key != held.key[number]
    rows = np.flatnonzero(stands)
    # Of several that speak for one site the greatest counts, the first of equals.
    rows = rows[np.lexsort((rows, -held.best[rows], held.key[rows]))]
    rows = rows[np.diff(held.key[rows], prepend=-1) != 0]
    return np.sort(np.append(rows, number))


def _p_over(
    held: Stocks, rows: Integers, p_counts: Floats, number: int, most: int, *, is_sure: bool
) -> float:
    """P(total > most), the holding itself included for certain."""
    total = np.zeros(most + 2)  # the last cell is "over"
    total[0] = 1.0
    for row in rows.tolist():
        low, best, high = int(held.low[row]), int(held.best[row]), int(held.high[row])
        if not is_sure and not held.is_bounded[row]:
            low = best = high = most + 1  # nobody said how many: it may be any number
        p = 1.0 if row == number else float(p_counts[row])
        mixed = (1.0 - p) * total
        for value, share in triangle(low, best, high, most):
            mixed[value:] += p * share * total[: most + 2 - value]
            mixed[-1] += p * share * total[most + 2 - value :].sum()
        total = mixed
    return float(total[-1])


def triangle(low: int, best: int, high: int, most: int) -> list[tuple[int, float]]:
    """Whole numbers from low to high, likeliest at the best, falling evenly to either side.

    Those above `most` are one number, `most + 1`: somebody may have counted up to ten million, and
    what is over a cap is over it by however many.

    Examples
    --------
    >>> triangle(3, 3, 3, most=9)
    [(3, 1.0)]
    >>> triangle(1, 2, 3, most=9)
    [(1, 0.25), (2, 0.5), (3, 0.25)]
    >>> triangle(1, 2, 3, most=1)
    [(1, 0.25), (2, 0.75)]
    """
    low, high = min(low, best), max(high, best)
    below, above = best - low + 1, high - best + 1  # steps on which the weight falls to nothing
    whole = (below + above) / 2
    shares = [
        (value, (1.0 - abs(value - best) / (below if value < best else above)) / whole)
        for value in range(low, min(high, most) + 1)
    ]
    if high > most:
        rising = max(best - max(low, most + 1), 0)  # values above most and below the best
        first = max(most + 1 - best, 0)  # steps from the best to the first of the others
        falling = above - first
        weight = rising - rising * (rising + 1) / (2 * below)
        weight += falling - (first + above - 1) * falling / (2 * above)
        shares.append((most + 1, weight / whole))
    return shares
