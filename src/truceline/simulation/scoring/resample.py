"""Bands by resampling whole campaigns: acts of one campaign are not independent of each other."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST_BLOCKS = 2000
"""Blocks that are resampled. More campaigns than this share blocks by turns: what is independent
stays independent in company."""
DRAWS = 400  # assumed: the ends of a 95 % band then rest on ten draws each
LEVEL = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Banded:
    """A number with its band; NaN where there was nothing to measure."""

    value: float
    low: float
    high: float


NOTHING = Banded(value=float("nan"), low=float("nan"), high=float("nan"))


def blocks(campaign: Ints) -> Ints:
    """Block of each row: its campaign's; rows of no campaign (-1) are each their own.

    Examples
    --------
    >>> blocks(np.array([7, 7, 3, -1, -1])).tolist()
    [3, 3, 2, 1, 0]
    """
    alone = np.flatnonzero(campaign < 0)
    own = campaign.astype(np.int64, copy=True)
    own[alone] = -1 - alone
    _, number = np.unique(own, return_inverse=True)
    return number.astype(np.int64) % MOST_BLOCKS


def with_own(campaign: Ints) -> Ints:
    """Campaigns of things, with a number of its own for each that is of none (-1).

    Examples
    --------
    >>> with_own(np.array([1, -1, 0, -1])).tolist()
    [1, 3, 0, 5]
    """
    own = campaign.max(initial=-1) + 1 + np.arange(campaign.size)
    return np.where(campaign < 0, own, campaign)


def sums(block: Ints, columns: Floats) -> Floats:
    """Sums of columns over blocks: `(n,)` and `(n, k)` to `(blocks, k)`.

    Examples
    --------
    >>> sums(np.array([0, 1, 1]), np.array([[1.0], [2.0], [3.0]])).tolist()
    [[1.0], [5.0]]
    """
    count = int(block.max()) + 1 if block.size else 0
    parts = [np.bincount(block, weights=column, minlength=count) for column in columns.T]
    return np.stack(parts, axis=1) if parts else np.zeros((count, 0))


def draws(count: int, rng: Generator, times: int = DRAWS) -> Floats:
    """How often each of `count` blocks is drawn, `(times, count)`; each row sums to `count`."""
    if not count:
        return np.zeros((times, 0))
    return rng.multinomial(count, np.full(count, 1.0 / count), size=times).astype(np.float64)


def banded(
    block: Ints, columns: Floats, statistic: Callable[[Floats], Floats], rng: Generator
) -> Banded:
    """A function of column sums, with the percentile band of resampled blocks.

    Parameters
    ----------
    block
        `(n,)` of each row.
    columns
        `(n, k)`.
    statistic
        From `(draws, k)` sums to `(draws,)`.
    rng
        Seeded by the caller: the same seed gives the same band.

    References
    ----------
    Davison and Hinkley 1997, Bootstrap Methods, sections 3.8 and 5.3.

    Examples
    --------
    >>> from numpy.random import PCG64
    >>> rng = Generator(PCG64(1))
    >>> ones = np.ones((100, 2))
    >>> banded(np.arange(100), ones, lambda s: s[:, 0] / s[:, 1], rng)
    Banded(value=1.0, low=1.0, high=1.0)
    """
    if not block.size:
        return NOTHING
    of_blocks = sums(block, columns)
    resampled = draws(len(of_blocks), rng) @ of_blocks
    with np.errstate(invalid="ignore", divide="ignore"):
        value = float(statistic(of_blocks.sum(axis=0, keepdims=True))[0])
        return with_band(value, statistic(resampled))


def with_band(value: float, resampled: Floats, level: float = LEVEL) -> Banded:
    """A value and the percentiles of its resampled copies; draws of nothing are left out."""
    kept = resampled[np.isfinite(resampled)]
    if not kept.size:
        return Banded(value=value, low=float("nan"), high=float("nan"))
    low, high = np.quantile(kept, [(1 - level) / 2, (1 + level) / 2])
    return Banded(value=value, low=float(low), high=float(high))


def mean_banded(values: Floats, block: Ints, rng: Generator) -> Banded:
    """A mean over rows with its band.

    Examples
    --------
    >>> from numpy.random import PCG64
    >>> rng = Generator(PCG64(1))
    >>> mean_banded(np.array([1.0, 1.0]), np.array([0, 1]), rng).value
    1.0
    """
    columns = np.stack([values, np.ones_like(values)], axis=1)
    return banded(block, columns, lambda s: s[:, 0] / s[:, 1], rng)
