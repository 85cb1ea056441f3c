"""Targets were stated before measuring; seeds follow from the source; everybody has one budget."""

import hashlib
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks import score
from benchmarks.board import measuring, pairs, seeds, targets, tuning
from benchmarks.board.result import Result
from benchmarks.generate import generate, pair_scores
from benchmarks.rivals.contract import BUDGET, settings

from truceline.fusion.parameters import DEFAULTS
from truceline.pipeline.scoring import Scores
from truceline.simulation.scoring.resample import Banded

ROOT = seeds.ROOT
TARGETS = targets.load()
STATED = "b2634de09a46ab4cd3176d424e3a096c322460f76326343c6278c2628ce6bae8"


def banded(value, low, high):
    return Banded(value=value, low=low, high=high)


def test_the_targets_are_those_that_were_stated_first():
    """Who changes a number must change this too, and say why: state a new file instead."""
    assert hashlib.sha256(targets.FILE.read_bytes()).hexdigest() == STATED


def test_every_scenario_has_a_bound_for_every_measure():
    assert len(TARGETS.bounds) == 10
    assert all(
        [t.measure for t in bounds] == list(TARGETS.means) for bounds in TARGETS.bounds.values()
    )


def met(measure, found, scenario="quiet-week"):
    judged = {j.target.measure: j for j in targets.judge(TARGETS, scenario, {measure: found})}
    return judged[measure].is_met


def test_a_target_is_met_only_by_the_unfavourable_end_of_the_band():
    assert met("matches", banded(0.97, 0.95, 0.99))
    assert not met("matches", banded(0.97, 0.94, 0.99))
    assert met("false_events", banded(0.3, 0.2, 0.4))
    assert not met("false_events", banded(0.3, 0.2, 0.41))


def test_regions_wider_than_the_line_knows_miss_their_target_too():
    assert met("overlap_90", banded(0.9, 0.87, 0.95))
    assert not met("overlap_90", banded(0.9, 0.85, 0.95))
    assert not met("overlap_90", banded(0.97, 0.95, 0.99))


def test_what_was_not_measured_is_missed():
    judged = targets.judge(TARGETS, "quiet-week", {})
    assert [j.is_met for j in judged] == [False] * len(TARGETS.means)


def test_a_scenario_that_leaves_a_measure_out_is_refused(tmp_path):
    text = targets.FILE.read_text(encoding="utf-8").replace("\nmatches = 0.95\n", "\n", 1)
    (tmp_path / "targets.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"scenario quiet-week: \['matches'\]"):
        targets.load(tmp_path / "targets.toml")


def test_one_changed_byte_of_the_source_changes_the_scoring_seed(tmp_path):
    file = tmp_path / seeds.SOURCE / "line.py"
    file.parent.mkdir(parents=True)
    found = []
    for text in ("a = 1\n", "a = 2\n", "a = 1\n"):
        file.write_text(text, encoding="utf-8")
        found.append(seeds.scoring_seed(seeds.source_digest(tmp_path), "quiet-week"))
    assert found[0] == found[2] != found[1]


def test_tuning_and_scoring_never_share_a_seed():
    digest = seeds.source_digest(ROOT)
    tuned = {seeds.tuning_seed(name) for name in TARGETS.bounds}
    scored = {seeds.scoring_seed(digest, name) for name in TARGETS.bounds}
    assert len(tuned | scored) == 2 * len(TARGETS.bounds)


def test_the_line_has_the_budget_of_its_rivals_and_may_stay_as_it_is():
    tried = list(settings(tuning.LINE_GRID))
    assert len(tried) == BUDGET
    assert {name: getattr(DEFAULTS, name) for name in tuning.LINE_GRID} in tried


def test_tuning_keeps_the_best_setting_and_what_is_no_number_never_wins():
    scores = {n: float("nan") if n == 7 else float(-abs(n - 4)) for n in range(BUDGET)}
    tuned = tuning.tune("rival", {"n": tuple(range(BUDGET))}, lambda n: n, scores.__getitem__)
    assert tuned.best == {"n": 4}
    assert len(tuned.lines()) == BUDGET
    assert [line.strip()[0] for line in tuned.lines()].count(">") == 1


def test_pair_f1_is_that_of_the_other_benchmark():
    truth = generate(2000, per_day=200, seed=5)
    labels = np.random.default_rng(1).integers(0, 900, 2000)
    assert pairs.pair_f1(truth.incident, labels) == pytest.approx(
        pair_scores(truth.incident, labels)[0]
    )


def test_a_partition_against_itself_has_the_ratio_one_with_no_band():
    truth = generate(2000, per_day=200, seed=5)
    labels = truth.incident // 2
    rng = np.random.default_rng(1)
    found = pairs.f1_ratio(truth.incident, labels, labels, np.arange(2000) // 20, rng)
    assert (found.value, found.low, found.high) == pytest.approx((1.0, 1.0, 1.0))
    better = pairs.f1_ratio(truth.incident, truth.incident, labels, np.arange(2000) // 20, rng)
    assert better.low > 1.0


def result(*beaten: str) -> Result:
    """A scored scenario of which only the leaks matter."""
    return Result(
        scenario="quiet-week", title="A quiet week", seed=2, tuning_seed=1, tuning_scale=1.0, scale=1.0,
        observations=0, acts=0, true_acts=0, is_exchangeable=True, misfit=(), joined=(), named=(), judged=(),
        tuned=(), beaten=beaten, took_s={}, plots={},
    )  # fmt: skip


def test_a_leak_ends_the_scoreboard_with_one_and_is_named(capsys):
    assert score.ended([result()]) == 0
    assert score.ended([result(), result("pair F1")]) == 1
    assert "quiet-week: pair F1" in capsys.readouterr().out


def test_better_than_the_oracle_within_the_band_is_no_leak():
    nothing = Scores(incidents=None, findings=None, attribution=None)
    assert measuring.beaten(nothing, banded(1.1, 0.99, 1.2)) == ()
    assert measuring.beaten(nothing, banded(1.1, 1.01, 1.2)) == ("pair F1",)
