"""Scores of attribution: who did it, how surely, and how often a named party was the wrong one."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from numpy.random import Generator

from truceline.model.vocabulary import Hypothesis, Responsibility
from truceline.simulation.scoring.bounds import bound_by_campaign, gap, share, upper_bound
from truceline.simulation.scoring.calibration import Reliability, reliability
from truceline.simulation.scoring.forecasts import (
    Forecasts,
    ForecastScores,
    rates_of,
    score_forecasts,
    spread,
)
from truceline.simulation.scoring.likelihood import LikelihoodRatios, likelihood_ratios
from truceline.simulation.scoring.resample import NOTHING, Banded, blocks, mean_banded

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

OTHERS = (Hypothesis.JOINT, Hypothesis.NON_PARTY, Hypothesis.ACCIDENT, Hypothesis.STAGED)
"""Authors that are no single party, in the order of classes after the parties."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueAuthors:
    """Who truly did each act.

    Parameters
    ----------
    author
        `(acts,)` `party:ID` or a stored hypothesis; `unknown` has no answer and is not scored.
    campaign
        `(acts,)`.
    parties
        Ids of the parties, in the agreement's order.
    """

    author: pa.Array
    campaign: Ints
    parties: Sequence[str]

    def classes(self) -> tuple[str, ...]:
        """Hypotheses that have a truth: the parties, then all others but `unknown`."""
        return (*(f"party:{p}" for p in self.parties), *(o.value for o in OTHERS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Attributions on true acts: forecasts, and which of them name a party as the author."""

    said: Forecasts
    named: Ints  # class of the party attributed; -1: nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """How one party fares: shares over its own acts, and over those laid at its door."""

    party: str
    acts: int
    attributed: Banded  # of its own acts, rightly attributed to it
    blamed: int
    wrongly: Banded  # of those attributed to it, not its own
    nats: Banded  # log score on its own acts


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributionScores:
    """Scores of attribution.

    Parameters
    ----------
    scores
        Log and Brier over all authors.
    ratios
        Of the two parties against each other; None unless there are two.
    reliability
        Of the leading author's probability.
    coverage, risk
        The curve: the surest share of acts, and the share of those led by the wrong author.
    area
        Under that curve; 0 for who errs only where least sure.
    attributed
        Share of acts for which a party is named, with `oracle_attributed` beside it.
    wrong, named
        How many are named wrongly, of how many.
    bound, bound_by_campaign
        95 % upper bounds on P(wrong given attributed): each act one trial; trials by campaign.
    sides
        One for each party; `parity_gap` is the largest difference of `wrongly` and
        `attribution_gap` that of `attributed`.
    """

    scores: ForecastScores
    ratios: LikelihoodRatios | None
    reliability: Reliability
    coverage: Floats
    risk: Floats
    area: Banded
    attributed: Banded
    oracle_attributed: float
    wrong: int
    named: int
    bound: float
    bound_by_campaign: float
    sides: tuple[Side, ...]
    parity_gap: Banded
    attribution_gap: Banded
    answered: float


def told_of(
    true: TrueAuthors, attributions: pa.Table, act_of: Mapping[str, int], threshold: float
) -> Told:
    """What attributions say of the true acts.

    Parameters
    ----------
    true
        The truth.
    attributions
        act_id, hypothesis, p, and `outcome` if there is one; without it a party is named where its
        probability reaches the threshold.
    act_of
        Number of the true act of each computed one that has one.
    threshold
        The agreement's decision threshold.
    """
    classes = true.classes()
    answer = _numbers(true.author, pa.array(classes))
    act = _of(attributions["act_id"], act_of)
    hypothesis = _numbers(attributions["hypothesis"].combine_chunks(), pa.array(classes))
    p = np.asarray(attributions["p"], dtype=np.float64)
    told = np.zeros((answer.size, len(classes)))
    kept = (act >= 0) & (hypothesis >= 0)
    told[act[kept], hypothesis[kept]] = p[kept]
    asked = np.flatnonzero((answer >= 0) & np.isin(np.arange(answer.size), act))
    said = Forecasts(
        question=asked,
        p=spread(told[asked], rates_of(answer[asked], len(classes))),
        truth=answer[asked],
        block=blocks(true.campaign[asked]),
    )
    parties = len(true.parties)
    best = np.argmax(told[:, :parties], axis=1)
    if "outcome" in attributions.column_names:
        is_named = np.zeros(answer.size, bool)
        word = np.asarray(pc.equal(attributions["outcome"], Responsibility.ATTRIBUTED.value))
        is_named[act[(act >= 0) & word]] = True
    else:
        is_named = told[:, :parties].max(axis=1, initial=0.0) >= threshold
    return Told(said=said, named=np.where(is_named, best, -1)[asked])


def score_attribution(
    true: TrueAuthors, told: Told, rng: Generator, oracle: Told | None = None
) -> AttributionScores:
    """Scores of attributions on the acts that were found.

    Parameters
    ----------
    true, told
        The truth, and `told_of` it.
    rng
        For bands; seeded by the caller.
    oracle
        The oracle's attributions.
    """
    said, named = told.said, told.named
    is_named = named >= 0
    wrong = is_named & (named != said.truth)
    lead, right = said.p.max(axis=1), said.p.argmax(axis=1) == said.truth
    coverage, risk = risk_coverage(lead, right)
    sides = tuple(_side(told, c, p, rng) for c, p in enumerate(true.parties))
    scored = int(np.count_nonzero(_numbers(true.author, pa.array(true.classes())) >= 0))
    of_oracle = float(np.mean(oracle.named >= 0)) if oracle and oracle.named.size else float("nan")
    return AttributionScores(
        scores=score_forecasts(said, rng, oracle.said if oracle else None),
        ratios=likelihood_ratios(said, rng) if len(true.parties) == 2 else None,
        reliability=reliability(lead, right, said.block, rng),
        coverage=coverage,
        risk=risk,
        area=_area(lead, right, said.block, rng),
        attributed=share(is_named, said.block),
        oracle_attributed=of_oracle,
        wrong=int(wrong.sum()),
        named=int(is_named.sum()),
        bound=upper_bound(float(wrong.sum()), float(is_named.sum())),
        bound_by_campaign=bound_by_campaign(wrong[is_named], said.block[is_named]),
        sides=sides,
        parity_gap=_gap([side.wrongly for side in sides]),
        attribution_gap=_gap([side.attributed for side in sides]),
        answered=said.truth.size / max(scored, 1),
    )


def risk_coverage(lead: Floats, right: Flags) -> tuple[Floats, Floats]:
    """Share of acts taken, surest first, and the share of those whose leading author is wrong.

    Equal probabilities are taken together.

    References
    ----------
    El-Yaniv and Wiener 2010, JMLR 11:1605; Geifman and El-Yaniv 2017.

    Examples
    --------
    >>> coverage, risk = risk_coverage(np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, True, False, False]))
    >>> coverage.tolist(), risk.round(3).tolist()
    ([0.25, 0.5, 0.75, 1.0], [0.0, 0.0, 0.333, 0.5])
    """
    order = np.argsort(-lead, kind="stable")
    wrong = np.cumsum(~right[order])
    taken = np.arange(1, lead.size + 1)
    last = np.flatnonzero(np.diff(lead[order], append=-1.0) != 0)
    return taken[last] / max(lead.size, 1), wrong[last] / taken[last]


def _area(lead: Floats, right: Flags, block: Ints, rng: Generator) -> Banded:
    """Mean risk over coverages: each wrong act adds to every coverage from its own on.

    The band draws each act's part; ranks stay those of the whole set.
    """
    order = np.argsort(-lead, kind="stable")
    part = np.zeros(lead.size)
    tail = np.cumsum((1.0 / np.arange(1, lead.size + 1))[::-1])[::-1]
    part[order] = np.where(right[order], 0.0, tail)
    return mean_banded(part, block, rng)


def _side(told: Told, c: int, party: str, rng: Generator) -> Side:
    said, named = told.said, told.named
    own, blamed = said.truth == c, named == c
    nats = np.log(np.maximum(said.of_truth(), 1e-6))
    return Side(
        party=party,
        acts=int(own.sum()),
        attributed=share(blamed[own], said.block[own]),
        blamed=int(blamed.sum()),
        wrongly=share(~own[blamed], said.block[blamed]),
        nats=mean_banded(nats[own], said.block[own], rng),
    )


def _gap(shares: Sequence[Banded]) -> Banded:
    """Between the party with the largest share and that with the least; of those that have one."""
    known = sorted((s for s in shares if math.isfinite(s.value)), key=lambda s: s.value)
    return gap(known[-1], known[0]) if len(known) > 1 else NOTHING


def _of(column: pa.ChunkedArray, act_of: Mapping[str, int]) -> Ints:
    number = np.append(np.fromiter(act_of.values(), np.int64, len(act_of)), -1)
    words = pa.array(list(act_of), pa.string())
    return number[np.asarray(pc.fill_null(pc.index_in(column, value_set=words), len(act_of)))]


def _numbers(column: pa.Array, words: pa.Array) -> Ints:
    return np.asarray(pc.fill_null(pc.index_in(column, value_set=words), -1)).astype(np.int64)
