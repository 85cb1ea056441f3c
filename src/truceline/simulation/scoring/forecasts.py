"""Forecasts over classes against what was true: the scores that verdicts and authors share."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from truceline.simulation.scoring.calibration import brier_scores, log_scores
from truceline.simulation.scoring.resample import NOTHING, Banded, banded, mean_banded

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecasts:
    """One row a question.

    Parameters
    ----------
    question
        `(n,)` number by which two forecasters' answers to one question are found.
    p
        `(n, classes)`; rows sum to one, once what was left open is spread (`spread`).
    truth
        `(n,)` class.
    block
        `(n,)` what is resampled together.
    """

    question: Ints
    p: Floats
    truth: Ints
    block: Ints

    def of_truth(self) -> Floats:
        """What each said of what was true."""
        return self.p[np.arange(self.truth.size), self.truth]


def spread(told: Floats, rates: Floats) -> Floats:
    """Probabilities whose rest to one, left open by the forecaster, is spread by the base rates.

    Who says "the evidence does not tell" says nothing beyond how common each answer is.

    Parameters
    ----------
    told
        `(n, classes)`, rows sum to at most one.
    rates
        `(classes,)`.

    Examples
    --------
    >>> spread(np.array([[0.6, 0.0]]), np.array([0.75, 0.25])).round(3).tolist()
    [[0.9, 0.1]]
    """
    rest = np.maximum(1.0 - told.sum(axis=1, keepdims=True), 0.0)
    whole = told + rest * rates[None, :]
    return whole / whole.sum(axis=1, keepdims=True)


def rates_of(truth: Ints, classes: int) -> Floats:
    """How often each class was true; even where nothing was asked.

    In hindsight, on the very set that is scored: no forecaster without evidence can do better.
    """
    if not truth.size:
        return np.full(classes, 1.0 / classes)
    return np.bincount(truth, minlength=classes) / truth.size


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastScores:
    """Scores, and those of the base rate and of the oracle on the same questions.

    `gain` is the share of the way in log score from the base rate to the oracle; NaN without one.
    """

    asked: int
    nats: Banded
    base_nats: float
    brier: Banded
    base_brier: float
    gain: Banded
    oracle_nats: float
    over_oracle: Banded  # nats above the oracle's; above zero beyond its band, something leaks


def score_forecasts(
    line: Forecasts, rng: Generator, oracle: Forecasts | None = None
) -> ForecastScores:
    """Log and Brier scores with bands; against an oracle on the questions that both answer.

    Examples
    --------
    >>> from numpy.random import PCG64
    >>> truth = np.array([0, 0, 1, 1])
    >>> said = Forecasts(question=np.arange(4), p=np.full((4, 2), 0.5), truth=truth, block=np.arange(4))
    >>> round(score_forecasts(said, Generator(PCG64(1))).nats.value, 4)
    -0.6931
    """
    rates = rates_of(line.truth, line.p.shape[1])
    even = np.tile(rates, (line.truth.size, 1))
    base = log_scores(rates[line.truth])
    gain, over, best = _against(line, oracle, rng)
    return ForecastScores(
        asked=line.truth.size,
        nats=mean_banded(log_scores(line.of_truth()), line.block, rng),
        base_nats=_mean(base),
        brier=mean_banded(brier_scores(line.p, line.truth), line.block, rng),
        base_brier=_mean(brier_scores(even, line.truth)),
        gain=gain,
        oracle_nats=best,
        over_oracle=over,
    )


def _mean(values: Floats) -> float:
    return float(values.mean()) if values.size else float("nan")


def _against(
    line: Forecasts, oracle: Forecasts | None, rng: Generator
) -> tuple[Banded, Banded, float]:
    if oracle is None:
        return NOTHING, NOTHING, float("nan")
    _, mine, theirs = np.intersect1d(line.question, oracle.question, return_indices=True)
    truth, block = line.truth[mine], line.block[mine]
    own = log_scores(line.of_truth()[mine])
    best = log_scores(oracle.of_truth()[theirs])
    base = log_scores(rates_of(truth, line.p.shape[1])[truth])
    columns = np.stack([own, best, base, np.ones_like(own)], axis=1)
    gain = banded(block, columns, lambda s: (s[:, 0] - s[:, 2]) / (s[:, 1] - s[:, 2]), rng)
    return gain, mean_banded(own - best, block, rng), _mean(best)
