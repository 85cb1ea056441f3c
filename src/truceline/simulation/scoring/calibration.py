"""How good stated probabilities are: Brier and log scores, reliability, calibration error."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from truceline.simulation.scoring.resample import NOTHING, Banded, draws, with_band

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

BINS = 15  # equal mass, as in Kumar et al. 2019
FLOOR = 1e-6
"""Least probability in a log score: who says never and errs loses 13.8 nats, and not the whole set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Forecasts of about one probability: how many, what they said, how often it came true."""

    count: int
    said: float
    came: float
    low: float  # 95 % band of `came`, by campaign
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """Whether it comes true as often as is said.

    Parameters
    ----------
    error
        Root mean square of said less came over equal-mass bins, the noise of the bins taken out,
        with the band of resampled campaigns.
    bins
        In rising order of probability.
    """

    error: Banded
    bins: tuple[Bin, ...]


def log_scores(p_truth: Floats) -> Floats:
    """Nats of each forecast: the log of the probability that it gave to what was true.

    Examples
    --------
    >>> log_scores(np.array([1.0, 0.0])).round(3).tolist()
    [0.0, -13.816]
    """
    return np.log(np.maximum(p_truth, FLOOR))


def brier_scores(p: Floats, truth: Ints) -> Floats:
    """Squared distance of each forecast from what was true, 0 to 2.

    Parameters
    ----------
    p
        `(n, classes)`.
    truth
        `(n,)` class of each.

    References
    ----------
    Brier 1950, Monthly Weather Review 78:1.

    Examples
    --------
    >>> brier_scores(np.array([[0.8, 0.2], [0.0, 1.0]]), np.array([0, 0])).round(3).tolist()
    [0.08, 2.0]
    """
    hit = np.arange(p.shape[1])[None, :] == truth[:, None]
    return np.sum((p - hit) ** 2, axis=1)


def gain_share(line_nats: float, base_nats: float, oracle_nats: float) -> float:
    """How much of the way from the base rate to the oracle a log score goes; NaN without a way.

    Examples
    --------
    >>> gain_share(-0.5, -1.0, -0.2)
    0.625
    """
    way = oracle_nats - base_nats
    return (line_nats - base_nats) / way if way > 0 else float("nan")


def reliability(
    p: Floats, hit: Flags, block: Ints, rng: Generator, bins: int = BINS
) -> Reliability:
    """Reliability of one probability, its error debiased and banded by resampled blocks.

    The plug-in error of a perfect forecaster is never zero: each bin adds the variance of its own
    frequency. That variance, as the scatter over blocks shows it, is taken off; and once more from
    each resampled copy, whose noise comes on top.

    Parameters
    ----------
    p, hit, block
        `(n,)` what was said, whether it came true, and what is resampled together.
    rng
        Seeded by the caller.

    References
    ----------
    Kumar, Liang and Ma 2019, Verified uncertainty calibration, section 4; Bröcker 2012, Climate
    Dynamics 39:655; Liang and Zeger 1986 for the variance over clusters.

    Examples
    --------
    >>> from numpy.random import PCG64
    >>> said = np.repeat([0.2, 0.8], 1000)
    >>> came = np.arange(2000) % 10 < np.where(said < 0.5, 2, 8)
    >>> reliability(said, came, np.arange(2000), Generator(PCG64(1))).error.value
    0.0
    """
    if not p.size:
        return Reliability(error=NOTHING, bins=())
    at = _bin_of(p, bins)
    width = int(at.max()) + 1
    of_blocks = np.stack(
        [_table(block, at, values, width) for values in (np.ones(p.size), p, hit.astype(float))]
    )
    total = of_blocks.sum(axis=1)
    gap = (total[2] - total[1]) / total[0]
    noise = _noise(of_blocks, total[0], gap)
    weights = draws(of_blocks.shape[1], rng)
    drawn = [weights @ part for part in of_blocks]
    with np.errstate(invalid="ignore", divide="ignore"):
        gaps = np.nan_to_num((drawn[2] - drawn[1]) / drawn[0])
        came = drawn[2] / drawn[0]
    squares = _mean(total[0][None], gap[None] ** 2 - noise)
    again = _mean(drawn[0], gaps**2 - 2 * noise)
    error = with_band(float(_root(squares)[0]), _root(again))
    return Reliability(error=error, bins=tuple(_bins(total, came)))


def _bin_of(p: Floats, bins: int) -> Ints:
    """Equal-mass bins; equal probabilities share one."""
    edges = np.unique(np.quantile(p, np.linspace(0, 1, bins + 1)[1:-1]))
    at = np.searchsorted(edges, p, side="left")
    return np.unique(at, return_inverse=True)[1].astype(np.int64)


def _table(block: Ints, at: Ints, values: Floats, width: int) -> Floats:
    """Sums by block and bin, `(blocks, width)`."""
    least = (int(block.max()) + 1) * width
    table = np.bincount(block * width + at, weights=values, minlength=least)
    return table.astype(np.float64).reshape(-1, width)


def _noise(of_blocks: Floats, count: Floats, gap: Floats) -> Floats:
    """Variance of each bin's gap, from its scatter over blocks."""
    residual = of_blocks[2] - of_blocks[1] - of_blocks[0] * gap
    held = np.maximum(np.count_nonzero(of_blocks[0], axis=0), 2)
    return np.sum(residual**2, axis=0) / count**2 * held / (held - 1)


def _mean(count: Floats, values: Floats) -> Floats:
    return np.sum(count * values, axis=1) / np.sum(count, axis=1)


def _root(values: Floats) -> Floats:
    return np.sqrt(np.maximum(values, 0.0))


def _bins(total: Floats, came: Floats) -> list[Bin]:
    bands = [with_band(float(total[2, b] / total[0, b]), came[:, b]) for b in range(total.shape[1])]
    return [
        Bin(
            count=int(total[0, b]),
            said=float(total[1, b] / total[0, b]),
            came=band.value,
            low=band.low,
            high=band.high,
        )
        for b, band in enumerate(bands)
    ]
