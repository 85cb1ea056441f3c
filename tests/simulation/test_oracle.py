"""The oracle: exact where it is small, the same by long-run sampling, and right about its own doubt."""

import csv
import shutil
import subprocess
import sys
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from made import written
from numpy.random import PCG64, Generator

from truceline.model.errors import InputError
from truceline.pipeline import oracle, sighted
from truceline.pipeline.desks import world_of
from truceline.pipeline.scoring import score
from truceline.pipeline.streams import Streams
from truceline.simulation import scenario as scenarios
from truceline.simulation.columns import Author, Nature
from truceline.simulation.oracle import exact, gibbs
from truceline.simulation.oracle.effort import Effort
from truceline.simulation.oracle.ghosts import ghosts_of
from truceline.simulation.oracle.places import PARTS, Spots, placed
from truceline.simulation.oracle.templates import templates_of
from truceline.simulation.oracle.windows import Windows
from truceline.simulation.scoring.regions import Places, regions
from truceline.simulation.world.ground import inside

LITTLE = Effort(
    draws=200, kept=32, runs=1, partitions=16, burn=6, ghosts=6, rich=2, each=8, even=0.0
)

MIDDLE = Effort(draws=800, kept=120, runs=2, partitions=30, burn=10, each=24)


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


def test_two_that_stand_each_where_the_other_belongs_change_places():
    """Each of two deeds was seen by the same two posts: one by one no sighting can leave its deed."""
    right = {(0, 2), (1, 3)}
    post = [0, 0, 1, 1]

    def score(block):
        if len({post[i] for i in block}) < len(block):
            return -np.inf
        return {1: -30.0}.get(len(block), 0.0 if block in right else -2.0)

    log_false = np.full(4, -30.0)
    partners = [[i for i in range(4) if post[i] != post[one]] for one in range(4)]
    rivals = [[i for i in range(4) if post[i] == post[one] and i != one] for one in range(4)]
    chain = gibbs.Chain(
        score=score, log_false=log_false, partners=partners, rivals=rivals, rng=rng()
    )
    walked = together(chain.draws(3_000, burn=50))
    summed = together(exact.draws(score, log_false, 3_000, rng(2)))
    assert np.abs(walked - summed).max() < 0.06


def test_it_knows_the_training_ranges_of_both_sides():
    """On one day few truces have an exercise of either side; whose it was must still be told apart."""
    week = scenarios.load("quiet-week")
    truce, _ = world_of(replace(week, to_s=week.from_s + 86_400.0), seed=11, scale=0.25)
    ghosts = ghosts_of(truce, Streams, usual=2, rich=1)
    known = templates_of(truce, ghosts, each=8, rng=rng()).deeds
    for letter, author in (("a", Author.A), ("b", Author.B)):
        held = known.take((known.nature == int(Nature.EXERCISE)) & (known.author == int(author)))
        rings = [r for n, r in truce.ground.zones_m.items() if n.startswith(f"range-{letter}")]
        assert len(rings) == 2
        assert all(inside(ring, held.x_m, held.y_m).any() for ring in rings)


def test_an_ellipse_of_few_guesses_is_wider_than_they_lie_apart():
    def spread_m(count):
        at = np.tile([-1_000.0, 1_000.0], count // 2) + np.linspace(0.0, 1.0, count)
        spots = Spots(
            incident=np.zeros(count, np.int64), weight=np.ones(count), x_m=at, y_m=at, began_s=at
        )
        return float(np.sqrt(placed(spots, 1).covariance()[0][0]))

    assert spread_m(200) == pytest.approx(1_000.0, rel=0.02)
    assert spread_m(2) > 1_700.0


def test_places_say_how_closely_most_guesses_lie_though_few_lie_far_off():
    draw, guesses, deeds = rng(), 300, 2_000
    far = np.where(draw.random(guesses + deeds) < 0.2, 1_000.0, 100.0)
    (x_m, y_m), (true_x_m, true_y_m) = np.split(
        draw.normal(size=(2, guesses + deeds)) * far, [guesses], axis=1
    )
    of = np.zeros(guesses, np.int64)
    spots = Spots(incident=of, weight=np.ones(guesses), x_m=x_m, y_m=y_m, began_s=x_m)
    found = placed(spots, 1)
    where = Places(
        incident=np.repeat(np.arange(deeds), PARTS),
        weight=np.tile(found.weight[0], deeds),
        east_m=(found.x_m - true_x_m[:, None]).ravel(),
        north_m=(found.y_m - true_y_m[:, None]).ravel(),
        var_east_m2=np.tile(found.var_x_m2[0], deeds),
        cov_m2=np.tile(found.cov_m2[0], deeds),
        var_north_m2=np.tile(found.var_y_m2[0], deeds),
    )
    said = regions(where, deeds).mass
    assert (said <= 0.5).mean() == pytest.approx(0.5, abs=0.1)  # of one Gaussian: 0.83
    assert (said <= 0.9).mean() == pytest.approx(0.9, abs=0.05)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("oracle") / "m"
    return written(out, scale=0.25)


@pytest.fixture(scope="module")
def asked(folder):
    return oracle.ask(folder, LITTLE)


def test_it_says_the_same_again(folder, asked):
    again = oracle.ask(folder, LITTLE)
    assert np.array_equal(again.parts[0].found.drawn, asked.parts[0].found.drawn)


def test_it_opens_nothing_of_the_truth_but_what_was_told(folder, asked, tmp_path):
    """With the answers gone from the sealed folder it answers as before."""
    bare = tmp_path / "bare"
    shutil.copytree(folder, bare)
    for path in (bare / "truth").iterdir():
        if path.name not in ("sightings.parquet", "world.json"):
            path.unlink()
    again = oracle.ask(bare, LITTLE)
    assert np.array_equal(again.parts[0].found.drawn, asked.parts[0].found.drawn)


def test_it_tells_copies_from_accounts_of_their_own(folder, asked):
    """Words give a copy away, so here the oracle has no excuse."""
    with (folder / "truth" / "members.csv").open(newline="") as file:
        copies = sum(row["copied_from"] != "" for row in csv.DictReader(file))
    account = asked.parts[0].found.account
    assert copies > 0
    assert len(account) - len(np.unique(account)) == copies


def test_it_refuses_a_mission_of_another_simulator(folder, tmp_path):
    """Another source draws another world from the same seed: its answers would be about nothing."""
    old = tmp_path / "old"
    shutil.copytree(folder, old)
    path = old / "truth" / "world.json"
    path.write_text(path.read_text().replace(sighted.source_digest(), "0" * 40))
    with pytest.raises(InputError, match="drawn by another simulator"):
        oracle.ask(old, LITTLE)


def test_it_knows_nothing_of_the_line():
    """Written from the simulator's density: what fusion or attribution does wrong it must not share."""
    rooms = ("fusion", "findings", "attribution", "detection", "sources", "remedies")
    said = (
        "import sys; import truceline.simulation.oracle.tables, truceline.simulation.oracle.posterior,"
        "truceline.simulation.oracle.windows;"
        f"print([n for n in sys.modules if n.split('.')[:2] in {[['truceline', r] for r in rooms]}])"
    )
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_of_a_large_mission_it_is_asked_about_some_stretches_and_sees_more_than_these(
    folder, asked
):
    small = replace(LITTLE, most=len(asked.parts[0].asked) // 2, windows=2)
    parts = oracle.ask(folder, small)
    assert parts.windows.whole > 2
    assert len(parts.parts) + parts.windows.too_dense == 2
    assert parts.parts, "a quiet truce is not too dense"
    for part in parts.parts:
        assert len(part.asked) <= small.most
        assert 0 < part.asked.sum() < len(part.asked)
    sightings = np.concatenate(
        [part.sightings[part.asked[part.found.account]] for part in parts.parts]
    )
    assert len(np.unique(sightings)) == len(sightings), "nothing is asked twice"


def test_of_a_truce_that_is_too_dense_it_says_nothing_and_draws_no_world(folder, monkeypatch):
    dense = Windows(asked=(), whole=3, too_dense=3)
    monkeypatch.setattr(oracle, "windows_of", lambda *_, **__: dense)
    monkeypatch.setattr(oracle, "ghosts_of", lambda *_: pytest.fail("no world is needed"))
    said: list[str] = []
    assert oracle.tables(folder, LITTLE, said.append) is None
    assert said[-1].startswith("the oracle is silent")


@pytest.fixture(scope="module")
def found(folder):
    score(folder)  # runs the line, so that both call observations by one name
    return score(folder, oracle=oracle.tables(folder, MIDDLE))


def test_score_says_of_how_much_it_speaks_and_states_its_places(found):
    assert found["asked"].startswith("it speaks of")
    best = found["oracle"]["incidents"]["placed"]
    assert best["placed"] > 5
    assert best["coverage"]["0.99"]["value"] > 0.8
    assert best["area_km2"]["0.9"] < 400
    assert found["line"]["bulletin"]["reference"] > 0


def test_score_puts_it_beside_the_line_and_it_knows_authors_better(found):
    line, best = found["line"]["attribution"], found["oracle"]["attribution"]
    assert best["scores"]["nats"]["value"] > line["scores"]["nats"]["value"]
    assert found["oracle"]["findings"]["scores"]["nats"]["value"] <= 0
    assert found["oracle"]["incidents"]["hard"]["pair_f1"]["value"] > 0
