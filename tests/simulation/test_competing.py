"""Everybody answers the same questions in the same call, and is scored by the same functions."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.board import competing
from benchmarks.board.competing import Case
from benchmarks.board.result import LINE
from benchmarks.board.tuning import homes
from benchmarks.generate import generate
from benchmarks.rivals.contract import BUDGET, Given

from truceline.fusion.fuse import fuse
from truceline.simulation.scoring.attribution import TrueAuthors
from truceline.simulation.scoring.incidents import TrueIncidents
from truceline.tables import schemas

PARTIES = ("alder", "birch")


def case(seed: int) -> Case:
    """A truce of a thousand reports; whoever is accused did it, three times in four."""
    truth = generate(1000, per_day=80, seed=seed)
    of = np.where(truth.incident < 0, -1, truth.incident)
    count = int(of.max()) + 1
    rng = np.random.default_rng(seed)
    authors = rng.integers(0, 2, count)
    accused = np.where(rng.random(of.size) < 0.75, authors[of], 1 - authors[of])
    said = truth.observations
    at = said.column_names.index("claimed_actor")
    names = pa.array(PARTIES).take(pa.array(accused))
    said = said.set_column(at, said.schema.field(at), names)
    fusion = fuse(said, schemas.empty(schemas.EXPOSURES))
    home_of = homes(fusion.members, said)
    ids = fusion.members["incident_id"].combine_chunks().dictionary_encode().dictionary
    first = {
        int(home): int(of[row]) for row, home in reversed(list(enumerate(home_of))) if home >= 0
    }
    of_incident = {ids[home].as_py(): true for home, true in first.items()}
    acts = fusion.acts.to_pylist()
    act_of = {
        a["act_id"]: of_incident[a["incident_id"]]
        for a in acts if of_incident.get(a["incident_id"], -1) >= 0
    }  # fmt: skip
    return Case(
        given=Given(observations=said, acts=fusion.acts, incidents=fusion.incidents,
                    members=fusion.members, parties=PARTIES),
        exposures=schemas.empty(schemas.EXPOSURES),
        attributions=attributions(act_of, authors),
        true=TrueIncidents(
            of=of, is_copy=truth.is_copy, campaign=np.arange(count) // 10,
            is_incident=np.ones(count, bool), lat=truth.lat[:count], lon=truth.lon[:count],
            began_s=truth.at_s[:count], ended_s=truth.at_s[:count],
        ),
        authors=TrueAuthors(
            author=pa.array([f"party:{PARTIES[a]}" for a in authors]),
            campaign=np.arange(count) // 10, parties=PARTIES,
        ),
        row=np.arange(of.size),
        act_of=act_of,
        threshold=0.9,
    )  # fmt: skip


def attributions(act_of, authors) -> pa.Table:
    """What an all-knowing line would say."""
    rows = [(act, f"party:{PARTIES[authors[n]]}", 1.0) for act, n in act_of.items()]
    act, hypothesis, p = zip(*rows, strict=True)
    return pa.table({"act_id": act, "hypothesis": hypothesis, "p": p})


@pytest.fixture(scope="module")
def cases():
    return case(1), case(2)


SLOW = {"Splink"}  # twelve settings take minutes


@pytest.fixture(scope="module")
def tuned(cases):
    tuning, scored = cases
    found = competing.tune_all(tuning, SLOW)
    bests = {each.name: each.best for each in found}
    rng = np.random.default_rng(1)
    shipped = homes(scored.given.members, scored.given.observations)
    joins = competing.join_all(scored, shipped, bests, rng, SLOW)
    return found, joins, competing.name_all(scored, tuning, bests, rng)


def test_everybody_tries_as_many_settings_as_the_line(tuned):
    found, _, _ = tuned
    assert {len(each.tried) for each in found} == {BUDGET}
    assert found[0].name == LINE
    assert len(found) == 8


def test_every_rival_stands_beside_the_line_with_a_band(tuned):
    _, joins, names = tuned
    assert [j.name for j in joins.rows[:2]] == [LINE, f"{LINE}, tuned"]
    run = [j for j in joins.rows if not j.note]
    assert [j.name for j in joins.rows if j.note] == ["Splink"]
    assert len(run) == 6
    assert all(j.pair_f1.low <= j.pair_f1.value <= j.pair_f1.high for j in run)
    assert names.rows[0].name == LINE
    assert len(names.rows) == 4


def test_the_line_is_held_against_the_best_rival_and_not_another(tuned):
    _, joins, _ = tuned
    best = max(j.pair_f1.value for j in joins.rows[2:] if not j.note)
    assert joins.over_best.value == pytest.approx(joins.rows[0].pair_f1.value / best)


def test_who_knows_everything_loses_nothing_and_no_rival_reaches_it(tuned):
    _, _, names = tuned
    assert names.rows[0].nats.value == pytest.approx(0.0)
    assert names.over_best_nats.value == pytest.approx(-max(n.nats.value for n in names.rows[1:]))


def test_whom_most_reports_accuse_beats_a_guess(tuned):
    _, _, names = tuned
    by_claim = {n.name: n for n in names.rows}["majority claim"]
    assert by_claim.nats.value > np.log(1 / 2)


def test_an_act_of_no_true_one_teaches_nothing(cases):
    stranger = replace(cases[0], act_of={})
    assert (stranger.author_columns() == -1).all()
    assert (cases[0].author_columns() >= 0).any()


def test_what_the_line_set_aside_stands_alone_for_everybody_who_saw_all(cases):
    seen = replace(cases[0], row=np.array([0, 1, -1]))
    told = np.full(seen.given.observations.num_rows, 7)
    counted, labels = seen.labels(told, np.arange(told.size))
    assert (counted.tolist(), labels.tolist()) == ([0, 1, 2], [7, 7, competing.ALONE])
    counted, labels = seen.labels(told[:1], np.array([1]))
    assert (counted.tolist(), labels.tolist()) == ([1], [7])
