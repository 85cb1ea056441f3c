"""A small scoreboard, from seed to page: the whole of it runs in `make score`."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.board import many, page, seeds, targets
from benchmarks.board.result import LINE, ORACLE
from benchmarks.board.running import PLOTS, WRITTEN_AS, score_scenario

from truceline.pipeline.pooled import QUESTIONS, Said, pooled
from truceline.pipeline.simulating import scenario_of
from truceline.simulation.oracle.effort import Effort

TARGETS = targets.load()
SLOW = {"Splink", "HDBSCAN"}
LITTLE = Effort(
    draws=200, kept=32, runs=1, partitions=16, burn=6, ghosts=6, rich=2, each=8, even=0.0, most=60
)
DIGEST = "of no source"  # a test is not scored: it must say the same on every source


@pytest.fixture(scope="module", params=["quiet-week", "copycat-news-storm"])
def result(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("truce")
    return score_scenario(
        request.param,
        TARGETS,
        folder,
        scales=(0.2, 0.2),
        digest=DIGEST,
        without=SLOW,
        effort=LITTLE,
    )


def test_every_target_is_answered_and_only_by_what_was_measured(result):
    assert [j.target.measure for j in result.judged] == list(TARGETS.means)
    for judged in result.judged:
        assert (
            judged.is_met
            == targets.judge(TARGETS, result.scenario, {judged.target.measure: judged.found})[
                list(TARGETS.means).index(judged.target.measure)
            ].is_met
        )
    known = {j.target.measure for j in result.judged if j.found.value == j.found.value}
    assert {"matches", "false_events", "overlap_90", "pair_f1_over_best_rival"} <= known
    assert {"real_calibration", "verdict_calibration", "author_over_best_rival_nats"} <= known


def test_the_line_and_every_rival_are_scored_on_the_same_observations(result):
    run = [j for j in result.joined if not j.note and j.name != ORACLE]
    assert {j.rows for j in run} == {result.observations}
    assert {j.name for j in result.joined if j.note == "not run"} >= SLOW
    assert result.joined[0].name == LINE
    assert all(0 < j.pair_f1.value < 1 for j in run)
    assert all(n.nats.value < 0 for n in result.named if n.name != ORACLE)


def test_nobody_is_scored_on_the_seed_that_it_was_tuned_on(result):
    assert result.tuning_seed == seeds.tuning_seed(result.scenario)
    assert result.seed == seeds.scoring_seed(DIGEST, result.scenario)
    assert result.seed != result.tuning_seed


def test_an_oracle_is_beside_the_line_on_a_part_of_what_was_told(result):
    (best,) = [j for j in result.joined if j.name == ORACLE]
    (named,) = [n for n in result.named if n.name == ORACLE]
    assert 0 < best.pair_f1.value < 1
    assert 0 < best.rows <= result.observations
    assert named.nats.value < 0
    assert result.asked.startswith("at scale 0.2 it speaks of")
    assert result.beside["pair_f1_over_oracle"].value > 0
    assert {"verdict_gain", "author_gain", "attributed_of_oracle"} <= set(result.beside)


def test_the_page_shows_every_scenario_target_and_competitor(result):
    text = page.page([result], TARGETS, "0123", PLOTS)
    shown = text.split("## Targets, one by one")[1]
    for judged in result.judged:
        assert f"| `{judged.target.measure}` | {judged.target.words()} |" in shown
        assert page.verdict(judged) in shown
    for name in (*(j.name for j in result.joined), *(n.name for n in result.named)):
        assert f"| {name} |" in text
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert all(line.endswith("|") for line in tables)
    assert set(result.plots) <= set(PLOTS)
    assert all(svg.startswith("<svg") for svg in result.plots.values())


def test_the_page_says_how_findings_on_what_was_held_and_due_fared(result):
    text = page.page([result], TARGETS, "0123", PLOTS)
    if result.scenario == "quiet-week":
        due = result.duties["omission"].verdicts["compliant"]
        row = f"| {result.title} | omission | compliant | {due.true:,} | {due.stated:,} | {due.right:,} |"
        assert set(result.duties) == {"holding", "omission"}
        assert due.true > 0
        assert row in text
    else:  # its agreement asks for neither
        assert result.duties == {}
        assert "## What was held" not in text


def test_an_error_with_few_acts_behind_it_is_marked_and_one_with_enough_is_not(result):
    assert 0 < result.acts <= result.true_acts < TARGETS.least_acts
    for acts, is_marked in ((result.acts, True), (TARGETS.least_acts, False)):
        text = page.page([replace(result, acts=acts)], TARGETS, "0123", PLOTS)
        shown = text.split("## Targets, one by one")[1]
        rows = {
            m: line for line in shown.splitlines() for m in TARGETS.means if f"| `{m}` | " in line
        }
        marked = {m for m, line in rows.items() if page.THIN in line}
        assert marked == (set(page.CALIBRATED) if is_marked else set())
        assert (f"{acts:,}{page.THIN} of" in text) == is_marked


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    folder = tmp_path_factory.mktemp("worlds")
    one = many.many(
        "quiet-week",
        acts=60,
        scale=0.2,
        digest=DIGEST,
        folder=folder,
        announce=lambda _: None,
    )
    return one, folder


def test_worlds_are_drawn_until_so_many_acts_are_scored_and_none_is_left_lying(worlds):
    one, folder = worlds
    assert one.worlds == len(one.said) > 1
    assert 60 <= one.acts <= one.true_acts
    assert list(folder.iterdir()) == []
    judged = one.judged()
    for name, said in (
        (name, [world[name] for world in one.said]) for name in ("real", "violation", "authors")
    ):
        assert sum(each.count for each in judged[name].bins) == sum(each.p.size for each in said)
        assert all(each.p.size > 0 for each in said)


def test_all_that_was_said_in_every_world_counts_together(worlds):
    one, _ = worlds
    twice = many.together([one, one])
    assert (twice.acts, twice.worlds) == (2 * one.acts, 2 * one.worlds)
    for name, judged in twice.judged().items():
        alone = one.judged()[name]
        for part in ("said", "came"):
            both, each = (
                sum(b.count * getattr(b, part) for b in of.bins) for of in (judged, alone)
            )
            assert both == pytest.approx(2 * each)


def test_a_campaign_of_one_world_is_none_of_another():
    """Were they one, nothing could be drawn anew and the band were a point."""

    def world(came):
        said = Said(
            p=np.full(50, 0.5), came=np.full(50, fill_value=came), block=np.zeros(50, np.int64)
        )
        return dict.fromkeys(QUESTIONS, said)

    judged = pooled([world(True), world(False)], np.random.default_rng(1))
    (bin_,) = judged["real"].bins
    assert bin_.came == 0.5
    assert bin_.low < 0.1
    assert bin_.high > 0.9


def test_the_part_on_many_acts_says_which_are_few_and_what_was_not_run(worlds):
    one, _ = worlds
    text = many.fragment([one], TARGETS, "0123")
    assert (
        f"| {one.worlds} | {one.observations:,} | {one.acts}{page.THIN} of {one.true_acts} |"
        in text
    )
    lost = text.split("Not run: ")[1]
    assert "easter-truce" in lost
    assert "quiet-week" not in lost
    names = [name for name, svg in many.pictures([one]) if svg.startswith("<svg")]
    assert all(f"pictures/{name}" in text for name in names)
    enough = many.fragment([replace(one, acts=TARGETS.least_acts)], TARGETS, "0123")
    assert f"{TARGETS.least_acts:,} of" in enough


@pytest.mark.parametrize("name", list(TARGETS.bounds))
def test_every_scenario_of_the_targets_can_be_simulated(name):
    assert scenario_of(WRITTEN_AS.get(name, name)).title
