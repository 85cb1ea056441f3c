"""The oracle: exact where it is small, the same by long-run sampling, and right about its own doubt."""

import csv
import shutil
from itertools import product

import numpy as np
import pytest
from made import written
from numpy.random import PCG64, Generator

from truceline.pipeline import oracle
from truceline.pipeline.scoring import score
from truceline.simulation.oracle import exact, gibbs
from truceline.simulation.oracle.blocks import Effort

LITTLE = Effort(
    draws=150, heard=48, kept=24, most=5, partitions=16, burn=6, thin=1, ghosts=6, each=8
)


def rng(seed=1):
    return Generator(PCG64(seed))


def made_up(n, seed=3):
    """Scores of all blocks of a few sightings, and of each as a false alarm."""
    nats = {
        tuple(i for i in range(n) if block >> i & 1): value
        for block, value in enumerate(rng(seed).normal(0.0, 1.5, 1 << n).tolist())
    }
    return (lambda block: nats[block]), rng(seed + 1).normal(0.0, 1.0, n)


def partitions(n):
    """Every partition in which some are of nothing, as tuples of numbers; the slow and sure way."""
    for labels in product(range(-1, n), repeat=n):
        used = [label for label in labels if label >= 0]
        if list(dict.fromkeys(used)) == list(range(len(set(used)))):
            yield labels


def weighed(score, log_false):
    n = len(log_false)
    nats = {}
    for labels in partitions(n):
        total = sum(log_false[i] for i in range(n) if labels[i] < 0)
        for number in range(max(labels) + 1):
            total += score(tuple(i for i in range(n) if labels[i] == number))
        nats[labels] = total
    return nats


def together(drawn):
    """Share of draws in which each pair is of one deed, and each of nothing."""
    n = drawn.shape[1]
    same = (drawn[:, :, None] == drawn[:, None, :]) & (drawn[:, :, None] >= 0)
    return same.mean(axis=0)[np.triu_indices(n)]


def test_exact_sums_are_those_of_every_partition_one_by_one():
    score, log_false = made_up(5)
    nats = np.array(list(weighed(score, log_false).values()))
    assert len(nats) == 203  # Bell's number of six: five sightings, and nothing
    assert exact.log_evidence(score, log_false) == pytest.approx(np.logaddexp.reduce(nats))


def test_exact_draws_come_as_often_as_they_weigh():
    score, log_false = made_up(4)
    nats = weighed(score, log_false)
    share = np.exp(np.array(list(nats.values())) - exact.log_evidence(score, log_false))
    drawn = exact.draws(score, log_false, 8_000, rng())
    seen = dict.fromkeys(nats, 0)
    for row in drawn.tolist():
        order = list(dict.fromkeys(label for label in row if label >= 0))
        seen[tuple(order.index(label) if label >= 0 else -1 for label in row)] += 1
    told = np.array(list(seen.values())) / len(drawn)
    assert np.abs(told - share).max() < 5 * np.sqrt(0.25 / len(drawn))


def test_long_run_sampling_agrees_with_exact_sums_on_eight():
    score, log_false = made_up(8)
    partners = [[other for other in range(8) if other != one] for one in range(8)]
    chain = gibbs.Chain(score=score, log_false=log_false, partners=partners, rng=rng())
    walked = together(chain.draws(4_000, burn=50))
    summed = together(exact.draws(score, log_false, 4_000, rng(2)))
    assert np.abs(walked - summed).max() < 0.06


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("oracle") / "m"
    return written(out, scale=0.25)


@pytest.fixture(scope="module")
def asked(folder):
    return oracle.ask(folder, LITTLE)


def test_it_says_the_same_again(folder, asked):
    again = oracle.ask(folder, LITTLE)
    assert np.array_equal(again.found.drawn, asked.found.drawn)


def test_it_opens_nothing_of_the_truth_but_what_was_told(folder, asked, tmp_path):
    """With the answers gone from the sealed folder it answers as before."""
    bare = tmp_path / "bare"
    shutil.copytree(folder, bare)
    for path in (bare / "truth").iterdir():
        if path.name not in ("sightings.parquet", "world.json"):
            path.unlink()
    assert np.array_equal(oracle.ask(bare, LITTLE).found.drawn, asked.found.drawn)


def test_it_tells_copies_from_accounts_of_their_own(folder, asked):
    """Words give a copy away, so here the oracle has no excuse."""
    with (folder / "truth" / "members.csv").open(newline="") as file:
        copies = sum(row["copied_from"] != "" for row in csv.DictReader(file))
    accounts = len(np.unique(asked.found.account))
    assert copies > 0
    assert len(asked.found.account) - accounts == copies


@pytest.fixture(scope="module")
def found(folder):
    return score(folder, ask=True)


def test_score_puts_it_beside_the_line_and_it_knows_authors_better(found):
    line, best = found["line"]["attribution"], found["oracle"]["attribution"]
    assert best["scores"]["nats"]["value"] > line["scores"]["nats"]["value"]
    assert found["oracle"]["findings"]["scores"]["nats"]["value"] <= 0
    assert found["oracle"]["incidents"]["hard"]["pair_f1"]["value"] > 0
