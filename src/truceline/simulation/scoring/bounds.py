"""Exact bounds on a share, and how many independent trials a clustered sample is worth."""

import math

import numpy as np
import numpy.typing as npt

from truceline.simulation.scoring.resample import NOTHING, Banded

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

FEWEST_BLOCKS = 5
"""Blocks that must hold a fault before their scatter is believed; assumed. With fewer every block
counts as one trial, which is the worst case."""
_TERMS = 500
_TINY = 1e-300
_BISECTIONS = 60


def upper_bound(faults: float, trials: float, level: float = 0.95) -> float:
    """The one-sided exact upper bound on a share.

    Parameters
    ----------
    faults, trials
        How many of how many; need not be whole numbers where trials are an effective count.
    level
        Probability with which the bound holds.

    References
    ----------
    Clopper and Pearson 1934, Biometrika 26:404.

    Examples
    --------
    >>> round(upper_bound(0, 59), 4)
    0.0495
    >>> round(upper_bound(2, 10), 4)
    0.5069
    >>> upper_bound(0, 0)
    1.0
    """
    if trials <= 0 or faults >= trials:
        return 1.0
    return beta_quantile(level, faults + 1.0, trials - faults)


def band(faults: float, trials: float, level: float = 0.95) -> Banded:
    """A share with its two-sided exact band (Clopper and Pearson 1934).

    Examples
    --------
    >>> found = band(2, 10)
    >>> found.value, round(found.low, 4), round(found.high, 4)
    (0.2, 0.0252, 0.5561)
    """
    if trials <= 0:
        return NOTHING
    side = (1 + level) / 2
    low = 1.0 - upper_bound(trials - faults, trials, side) if faults > 0 else 0.0
    return Banded(value=faults / trials, low=low, high=upper_bound(faults, trials, side))


def beta_quantile(level: float, a: float, b: float) -> float:
    """Where the distribution function of a beta variable reaches `level`.

    Examples
    --------
    >>> round(beta_quantile(0.95, 1.0, 59.0), 4)
    0.0495
    """
    low, high = 0.0, 1.0
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        if beta_share(middle, a, b) < level:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def beta_share(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, by Lentz's continued fraction.

    References
    ----------
    Press et al. 2007, Numerical Recipes, section 6.4.

    Examples
    --------
    >>> round(beta_share(0.5, 3.0, 3.0), 6), beta_share(0.0, 2.0, 2.0), beta_share(1.0, 2.0, 2.0)
    (0.5, 0.0, 1.0)
    """
    if x <= 0.0 or x >= 1.0:
        return float(x >= 1.0)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    log_front += a * math.log(x) + b * math.log1p(-x)
    if x > (a + 1) / (a + b + 2):  # the fraction converges fast on the other side
        return 1.0 - math.exp(log_front) * _fraction(1 - x, b, a) / b
    return math.exp(log_front) * _fraction(x, a, b) / a


def _fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1.0 / _away(1.0 - (a + b) * x / (a + 1))
    h = d
    for m in range(1, _TERMS):
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1.0 / _away(1.0 + step * d)
            c = _away(1.0 + step / c)
            h *= c * d
        if abs(c * d - 1.0) < 1e-15:
            break
    return h


def _away(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def effective_trials(fault: Flags, block: Ints) -> float:
    """How many independent trials the acts of some campaigns are worth.

    Acts of one campaign share its evidence and its deceit. The count is what the scatter of faults
    over campaigns leaves of it (design effect; Kish 1965, Survey Sampling, section 8.2); where
    fewer than `FEWEST_BLOCKS` campaigns hold a fault, or one of the rest, as if each campaign were
    one trial (`n^2 / sum of squared sizes`).

    Parameters
    ----------
    fault
        `(n,)`.
    block
        `(n,)` number of the campaign of each.

    Examples
    --------
    >>> effective_trials(np.zeros(6, bool), np.array([0, 0, 0, 1, 1, 1]))
    2.0
    >>> effective_trials(np.zeros(0, bool), np.zeros(0, int))
    0.0
    """
    if not fault.size:
        return 0.0
    _, number = np.unique(block, return_inverse=True)
    sizes = np.bincount(number).astype(float)
    faults = np.bincount(number, weights=fault)
    worst = float(fault.size**2 / np.sum(sizes**2))
    if min(np.count_nonzero(faults), np.count_nonzero(sizes - faults)) < FEWEST_BLOCKS:
        return worst
    rate = float(fault.mean())
    scatter = np.sum((faults - rate * sizes) ** 2) * sizes.size / (sizes.size - 1)
    alike = rate * (1 - rate) * fault.size  # the scatter that independent acts would have
    return float(fault.size * min(alike / max(scatter, 1e-300), 1.0))


def bound_by_campaign(fault: Flags, block: Ints, level: float = 0.95) -> float:
    """The upper bound on the share of faults, trials counted by `effective_trials`.

    Examples
    --------
    >>> round(bound_by_campaign(np.zeros(590, bool), np.repeat(np.arange(59), 10)), 4)
    0.0495
    """
    trials = effective_trials(fault, block)
    faults = float(fault.mean()) * trials if fault.size else 0.0
    return upper_bound(faults, trials, level)


def share(hit: Flags, block: Ints, level: float = 0.95) -> Banded:
    """A share with its exact band, trials counted by `effective_trials`.

    Unlike a resampled band it is not empty where all went one way.

    Examples
    --------
    >>> found = share(np.ones(60, bool), np.arange(60))
    >>> found.value, round(found.low, 3), found.high
    (1.0, 0.94, 1.0)
    """
    trials = effective_trials(hit, block)
    return band(float(hit.mean()) * trials if hit.size else 0.0, trials, level)


def gap(one: Banded, other: Banded) -> Banded:
    """How far two shares lie apart, with a band from those of both; never below zero.

    References
    ----------
    Newcombe 1998, Statistics in Medicine 17:873, method 10, with exact bands.

    Examples
    --------
    >>> found = gap(band(5, 10), band(2, 10))
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3)
    (0.3, 0.0, 0.658)
    """
    more, less = (one, other) if one.value >= other.value else (other, one)
    apart = more.value - less.value
    below = math.hypot(more.value - more.low, less.high - less.value)
    above = math.hypot(more.high - more.value, less.value - less.low)
    return Banded(value=apart, low=max(apart - below, 0.0), high=min(apart + above, 1.0))
