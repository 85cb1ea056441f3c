"""How good likelihood ratios between the two parties are, apart from anybody's prior."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from truceline.simulation.scoring.calibration import FLOOR
from truceline.simulation.scoring.forecasts import Forecasts
from truceline.simulation.scoring.resample import Banded, banded

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_LN2 = float(np.log(2.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class LikelihoodRatios:
    """Cost of likelihood ratios in bits; 1 is what knowing nothing costs, more is worse than that.

    `least` is what the same ranking would cost if it were perfectly calibrated.
    """

    acts: int
    cost: Banded
    least: float


def likelihood_ratios(said: Forecasts, rng: Generator) -> LikelihoodRatios:
    """Cllr of the first party against the second, over acts that one of them did.

    The line's prior is the same for both, so the ratio of probabilities is the likelihood ratio.

    References
    ----------
    Brümmer and du Preez 2006, Computer Speech and Language 20:230.

    Examples
    --------
    >>> from numpy.random import PCG64
    >>> said = Forecasts(question=np.arange(2), p=np.full((2, 2), 0.5), truth=np.array([0, 1]), block=np.arange(2))
    >>> likelihood_ratios(said, Generator(PCG64(1))).cost.value
    1.0
    """
    two = said.truth < 2
    p = np.maximum(said.p[two, :2], FLOOR)
    ratio = np.log(p[:, 0]) - np.log(p[:, 1])
    first = said.truth[two] == 0
    bits = np.logaddexp(0.0, np.where(first, -ratio, ratio)) / _LN2
    columns = np.stack([bits * first, first, bits * ~first, ~first], axis=1).astype(np.float64)
    cost = banded(said.block[two], columns, _cost, rng)
    return LikelihoodRatios(acts=int(two.sum()), cost=cost, least=_least(ratio, first))


def _cost(sums: Floats) -> Floats:
    return (sums[:, 0] / sums[:, 1] + sums[:, 2] / sums[:, 3]) / 2


def _least(ratio: Floats, first: Flags) -> float:
    """Cost after isotonic recalibration (pool adjacent violators), both parties weighed alike."""
    ones, others = np.count_nonzero(first), np.count_nonzero(~first)
    if not ones or not others:
        return float("nan")
    _, group = np.unique(ratio, return_inverse=True)
    hits = np.bincount(group, weights=first) / ones / 2
    misses = np.bincount(group, weights=~first) / others / 2
    hits, misses = _pooled(hits, misses)
    whole = hits + misses
    with np.errstate(divide="ignore", invalid="ignore"):
        bits = hits * np.log2(whole / hits), misses * np.log2(whole / misses)
    return float(sum(np.nansum(part) for part in bits))


def _pooled(hits: Floats, misses: Floats) -> tuple[Floats, Floats]:
    """Neighbours joined until the share of hits rises."""
    stack: list[tuple[float, float]] = []
    for hit, miss in zip(hits.tolist(), misses.tolist(), strict=True):
        stack.append((hit, miss))
        while len(stack) > 1 and _share(stack[-2]) >= _share(stack[-1]):
            (h1, m1), (h2, m2) = stack.pop(), stack.pop()
            stack.append((h1 + h2, m1 + m2))
    return np.array([h for h, _ in stack]), np.array([m for _, m in stack])


def _share(part: tuple[float, float]) -> float:
    return part[0] / (part[0] + part[1])
