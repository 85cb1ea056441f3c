"""What is true of what is no act: stocks beyond a cap, and inspections that were turned away."""

from collections import defaultdict
from dataclasses import replace

import pytest
from made import small, table, written

from truceline.pipeline.desks import world_of
from truceline.pipeline.run import run
from truceline.pipeline.sealed import unseal
from truceline.simulation import scenario as scenarios
from truceline.simulation.columns import Nature
from truceline.simulation.judge import COMPLIANT, VIOLATION, Judge
from truceline.simulation.mission import terms
from truceline.simulation.world.truce import spans

QUIET = """\
scenario: quiet
title: Three weeks of inspections
says: Hardly any fire, and many inspections, for tests.
from: 2013-05-06T00:00:00Z
days: 21
world:
  ground: {length_km: 60}
  intensity: {first_per_day: 1}
  holdings: {moves_per_week: 6, forward: 3}
agreement:
  ceasefire: {}
  announce: {}
  tanks: {maximum: 30}
  inspections: {every_days: 4}
"""


@pytest.fixture(scope="module")
def mission(tmp_path_factory):
    scenario = scenarios.read(QUIET, file="quiet.yaml")
    return written(tmp_path_factory.mktemp("duties") / "m", seed=5, scenario=scenario)


def others(mission, kind):
    rows = table(mission / "truth" / "verdicts.csv")
    return [row for row in rows if row["subject_kind"] == kind]


def test_verdicts_on_what_is_no_act_stand_apart_from_those_on_acts(mission):
    sealed = unseal(mission)
    assert "" not in sealed.verdicts["act_id"].to_pylist()
    assert set(sealed.duties["subject_kind"].to_pylist()) == {"holding", "omission"}


def test_a_cap_is_broken_while_more_stand_in_the_area_than_it_allows(mission):
    """Counted again from the sealed stocks, at every change."""
    stays = [
        row for row in table(mission / "truth" / "stocks.csv") if row["weapon"] == "tank 125 mm"
    ]
    # Depots lie beyond the truce area, which goes 30 km to either side; forward sites lie within it.
    forward = {row["site"] for row in stays if _is_near(mission, row)}
    verdicts = set()
    for row in others(mission, "holding"):
        inside = {s["began"] for s in stays if row["began"] <= s["began"] < row["ended"]}
        for at in {row["began"], *inside}:
            held = sum(
                int(s["count"]) for s in stays
                if s["party"] == row["party"] and s["site"] in forward and s["began"] <= at < s["ended"]
            )  # fmt: skip
            assert (held > 30) == (row["verdict"] == "violation"), (row, at, held)
        verdicts.add(row["verdict"])
    assert verdicts == {"violation", "compliant"}


def _is_near(mission, row):
    sites = defaultdict(list)
    for one in table(mission / "truth" / "stocks.csv"):
        sites[one["party"]].append(float(one["lat"]))
    other = sites["BIRCH" if row["party"] == "ALDER" else "ALDER"]
    away = abs(float(row["lat"]) - sum(other) / len(other)) * 111.2
    return away < 50.0


def test_a_date_that_was_missed_is_a_breach_where_the_line_that_reads_the_visits_finds_one(mission):
    """Two readings of one agreement, written apart: the judge's and the line's."""
    run(mission)
    findings = table(mission / "out" / "findings.csv")
    told = {}
    for row in findings:
        if row["subject_kind"] == "omission" and row["clause_id"].startswith("inspections-"):
            trace = dict(piece.split("=", 1) for piece in row["trace"].split(";"))
            if row["party"] != "mission":
                told[row["party"], trace["site"], trace["due"][:19]] = (
                    float(row["p_violation"]) > 0.5
                )
    true = {
        (row["party"], row["site"], row["ended"][:19]): row["verdict"] == "violation"
        for row in others(mission, "omission")
    }
    assert sum(true.values()) >= 2
    both = set(true) & set(told)
    assert len(both) > 0.9 * len(true)
    assert {key: true[key] for key in both} == {key: told[key] for key in both}


def test_an_exercise_that_nobody_announced_breaks_the_duty_to_announce():
    scenario = small(exercises="{per_week: 6}")
    truce, _ = world_of(replace(scenario, to_s=scenario.from_s + 14 * 86_400), seed=1, scale=1.0)
    judge = Judge(ground=truce.ground, figures=terms.figures(scenario))
    clause = judge.clauses.index("announce")
    found = set()
    for span in spans(truce.scenario):
        deeds = truce.deeds(span)
        judged = judge.judge(deeds)
        of = {int(number): row for row, number in enumerate(deeds.deed)}
        for row in (judged.clause == clause).nonzero()[0]:
            deed = of[int(judged.deed[row])]
            assert deeds.nature[deed] == int(Nature.EXERCISE)
            kept = bool(deeds.is_notified[deed]) and bool(judged.is_author[row])
            assert judged.verdict[row] == (COMPLIANT if kept else VIOLATION)
            found.add(kept)
    assert found == {True, False}
