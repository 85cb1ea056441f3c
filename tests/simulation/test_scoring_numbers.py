"""Bounds, bands and calibration against closed forms, tables and another library."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import PCG64, Generator
from scipy import stats

from truceline.simulation.scoring.bounds import (
    band,
    beta_share,
    bound_by_campaign,
    effective_trials,
    upper_bound,
)
from truceline.simulation.scoring.calibration import brier_scores, gain_share, reliability
from truceline.simulation.scoring.forecasts import Forecasts, score_forecasts, spread
from truceline.simulation.scoring.likelihood import likelihood_ratios
from truceline.simulation.scoring.resample import banded, blocks, mean_banded


def rng(seed=1):
    return Generator(PCG64(seed))


@given(st.integers(0, 400), st.integers(1, 400))
@settings(max_examples=60, deadline=None)
def test_the_exact_bound_is_the_beta_quantile(faults, more):
    trials = faults + more
    expected = stats.beta.ppf(0.95, faults + 1, trials - faults)
    assert upper_bound(faults, trials) == pytest.approx(expected, abs=1e-9)
    low, high = stats.binomtest(faults, trials).proportion_ci(0.95, "exact")
    found = band(faults, trials)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-8)


@given(st.floats(0.001, 0.999), st.floats(0.1, 500), st.floats(0.1, 500))
@settings(max_examples=60, deadline=None)
def test_the_incomplete_beta_function_agrees_with_another_library(x, a, b):
    assert beta_share(x, a, b) == pytest.approx(stats.beta.cdf(x, a, b), abs=1e-9)


def test_acts_of_one_campaign_are_not_trials_of_their_own():
    campaign = np.repeat(np.arange(100), 10)
    together = np.repeat(np.arange(100) < 20, 10)  # a campaign errs as a whole or not at all
    apart = np.arange(1000) % 5 == 0
    assert effective_trials(together, campaign) == pytest.approx(99, abs=1.5)
    assert effective_trials(apart, campaign) == 1000
    assert bound_by_campaign(together, campaign) > upper_bound(200, 1000)


def test_the_campaign_bound_holds_in_at_least_95_of_100_worlds():
    """Campaigns of ten that err as one with probability 0.1: the naive bound fails, ours holds."""
    held = naive = 0
    for seed in range(300):
        faults = np.repeat(rng(seed).random(60) < 0.1, 10)
        held += bound_by_campaign(faults, np.repeat(np.arange(60), 10)) >= 0.1
        naive += upper_bound(faults.sum(), faults.size) >= 0.1
    assert held / 300 >= 0.95
    assert naive / 300 < 0.85


def test_a_perfect_forecaster_has_no_calibration_error():
    """Debiased: about half of the worlds give zero, and the band holds zero in almost all."""
    errors, plain = [], []
    for seed in range(16):
        chance = rng(seed)
        p = chance.random(4000)
        hit = chance.random(4000) < p
        found = reliability(p, hit, np.arange(4000), chance)
        errors.append(found.error)
        plain.append(np.sqrt(np.mean([(b.said - b.came) ** 2 for b in found.bins])))
    assert np.mean([e.low == 0.0 for e in errors]) > 0.8
    assert np.median([e.value for e in errors]) < 0.01
    assert min(plain) > 0.01  # what is not debiased calls every perfect forecaster wrong


def test_a_forecaster_who_is_off_by_a_tenth_is_found_out():
    chance = rng(3)
    p = chance.uniform(0.2, 0.8, 20_000)
    hit = chance.random(p.size) < p - 0.1
    error = reliability(p, hit, np.arange(p.size), chance).error
    assert error.low < 0.1 < error.high
    assert error.value == pytest.approx(0.1, abs=0.01)


def test_faults_that_come_together_widen_the_band_of_reliability():
    chance = rng(4)
    p = np.full(20_000, 0.5)
    luck = np.repeat(chance.random(200) < 0.5, 100)
    by_campaign = reliability(p, luck, np.repeat(np.arange(200), 100), chance).error
    alone = reliability(p, luck, np.arange(p.size), chance).error
    assert by_campaign.high - by_campaign.low > 3 * (alone.high - alone.low)
    assert by_campaign.low == 0.0


def test_the_band_of_a_mean_is_as_wide_as_theory_says():
    values = rng(5).normal(0, 1, 4000)
    found = mean_banded(values, np.arange(4000) % 2000, rng(6))
    assert (found.high - found.low) / 2 == pytest.approx(1.96 / np.sqrt(4000), rel=0.15)


def test_more_campaigns_than_blocks_share_blocks_by_turns():
    block = blocks(np.arange(10_000))
    assert block.max() == 1999
    assert np.bincount(block).tolist() == [5] * 2000


def test_the_same_seed_gives_the_same_band():
    values = rng(7).random((500, 2))
    bands = [banded(np.arange(500), values, lambda s: s[:, 0] / s[:, 1], rng(8)) for _ in range(2)]
    assert bands[0] == bands[1]


def test_brier_of_certainty_and_of_ignorance():
    p = np.array([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]])
    assert brier_scores(p, np.array([0, 0, 0])).tolist() == [0.0, 0.5, 2.0]


def test_what_is_left_open_is_worth_the_base_rate_and_no_more():
    rates = np.array([0.7, 0.2, 0.1])
    assert spread(np.zeros((1, 3)), rates)[0] == pytest.approx(rates)
    truth = np.repeat([0, 1, 2], [70, 20, 10])
    said = Forecasts(
        question=np.arange(100),
        p=spread(np.zeros((100, 3)), rates),
        truth=truth,
        block=np.arange(100),
    )
    scores = score_forecasts(said, rng())
    assert scores.nats.value == pytest.approx(scores.base_nats)


def test_the_oracle_gains_all_and_the_base_rate_nothing():
    truth = np.arange(400) % 2
    block = np.arange(400)
    sure = np.where(np.arange(2)[None, :] == truth[:, None], 0.9, 0.1)
    half = np.full((400, 2), 0.5)

    def of(p):
        return Forecasts(question=np.arange(400), p=p, truth=truth, block=block)

    assert score_forecasts(of(sure), rng(), of(sure)).gain.value == pytest.approx(1.0)
    assert score_forecasts(of(half), rng(), of(sure)).gain.value == pytest.approx(0.0)
    assert score_forecasts(of(sure), rng(), of(half)).over_oracle.low > 0  # it would be a leak
    assert np.isnan(gain_share(-1.0, -1.0, -1.0))


def test_likelihood_ratios_of_gaussians_cost_what_theory_says():
    """Two unit Gaussians two apart: calibrated ratios cost no more than the best recalibration."""
    chance = rng(9)
    truth = np.repeat([0, 1], 5000)
    x = chance.normal(np.where(truth == 0, 1.0, -1.0), 1.0)
    nats = 2 * x
    p = np.stack([1 / (1 + np.exp(-nats)), 1 / (1 + np.exp(nats))], axis=1)
    said = Forecasts(question=np.arange(10_000), p=p, truth=truth, block=np.arange(10_000) % 2000)
    found = likelihood_ratios(said, rng())
    grid = np.linspace(-9, 11, 40_001)
    expected = np.trapezoid(stats.norm.pdf(grid, 1, 1) * np.log2(1 + np.exp(-2 * grid)), grid)
    assert found.cost.low < expected < found.cost.high
    assert 0 < found.cost.value - found.least < 0.02


def test_overconfident_ratios_cost_more_than_silence():
    truth = np.arange(1000) % 2
    p = np.tile([0.999, 0.001], (1000, 1))
    said = Forecasts(question=np.arange(1000), p=p, truth=truth, block=np.arange(1000))
    found = likelihood_ratios(said, rng())
    assert found.cost.value > 4
    assert found.least == pytest.approx(1.0)
