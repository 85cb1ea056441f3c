"""The oracle's doubt is right on worlds drawn from the density that it is written from.

Of all that a posterior says with 70 in 100, seventy in 100 are true. Each world is one block of the
bands: what goes wrong in one burst goes wrong together.
"""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from truceline.pipeline.oracle_trial import answers
from truceline.simulation import scenario as scenarios
from truceline.simulation.oracle.effort import Effort

# Seeds of no other test. Settings of the oracle were chosen after a look at them: what stands is held
# here, and nothing is shown of worlds that nobody looked at.
WORLDS = range(3003, 3015)
EFFORT = Effort(draws=800, kept=120, runs=2, partitions=30, burn=10, each=24)
EDGES = (0.0, 0.05, 0.5, 0.95, 1.0 + 1e-9)
DAY_S = 86_400.0


@pytest.fixture(scope="module")
def worlds():
    scenario = scenarios.load("quiet-week")
    short = replace(scenario, to_s=scenario.from_s + DAY_S)
    return [answers(short, seed=seed, scale=0.25, effort=EFFORT) for seed in WORLDS]


@pytest.mark.deep
@pytest.mark.parametrize("question", ["pair", "real", "author", "violation"])
def test_what_it_says_is_so_as_often_as_it_says(worlds, question):
    draw = np.random.default_rng(7)
    for low, high in pairwise(EDGES):
        off, count = np.zeros(len(worlds)), np.zeros(len(worlds))
        for number, world in enumerate(worlds):
            said, true = world.said[question], world.true[question]
            of = (said >= low) & (said < high)
            off[number], count[number] = (true[of] - said[of]).sum(), of.sum()
        if count.sum() < 20:
            continue
        rows = draw.integers(0, len(worlds), (2_000, len(worlds)))
        again = off[rows].sum(axis=1) / np.maximum(count[rows].sum(axis=1), 1)
        least, most = np.quantile(again, [0.005, 0.995])
        assert least <= RESOLVED, (question, low, "it says too little")
        assert most >= -RESOLVED, (question, low, "it says too much")


RESOLVED = 0.02
"""Sixty draws of a partition tell no two chances apart that are nearer than this."""


@pytest.mark.deep
def test_the_gate_lets_nearly_all_true_pairs_through(worlds):
    pairs = np.array([world.true["pair"].sum() for world in worlds])
    looked_at = np.nan_to_num([world.looked_at for world in worlds])
    assert pairs.sum() > 100
    assert (pairs * looked_at).sum() / pairs.sum() > 0.97


@pytest.mark.deep
def test_its_regions_hold_the_truth_as_often_as_they_state(worlds):
    within = np.concatenate([world.within for world in worlds])
    assert len(within) > 80
    for level, slack in ((0.5, 0.12), (0.9, 0.08)):
        assert abs((within <= level).mean() - level) < slack
