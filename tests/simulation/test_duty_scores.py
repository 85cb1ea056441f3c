"""Scores of findings on holdings and omissions: one question a stretch or a date, and whose row answers."""

import json

import numpy as np
import pyarrow as pa
import pytest
from made import written

from truceline.pipeline.run import run
from truceline.pipeline.scoring import open_case, score, score_tables
from truceline.simulation import scenario as scenarios
from truceline.simulation.scoring.duties import ToldDuties, TrueDuties, score_duties

DAY_US = 86_400_000_000
WORDS = ("kind", "party", "clause", "site")

QUIET = """\
scenario: due
title: Two weeks of inspections
says: Hardly any fire, and many inspections, for tests.
from: 2013-05-06T00:00:00Z
days: 14
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


def texts(rows, column):
    return pa.array([row[column] for row in rows], pa.string())


def true(*rows):
    """Rows of (kind, party, clause, site, first day, last day, verdict)."""
    columns = {name: texts(rows, number) for number, name in enumerate(WORDS)}
    return TrueDuties(
        **columns,
        from_us=np.array([row[4] * DAY_US for row in rows]),
        to_us=np.array([row[5] * DAY_US for row in rows]),
        verdict=texts(rows, 6),
    )


def told(*rows):
    """Rows of (kind, party, clause, site, microsecond, p of a violation, p compliant, verdict)."""
    columns = {name: texts(rows, number) for number, name in enumerate(WORDS)}
    return ToldDuties(
        **columns,
        at_us=np.array([row[4] for row in rows], np.int64),
        p=np.array([row[5:7] for row in rows], np.float64).reshape(-1, 2),
        verdict=texts(rows, 7),
    )


def scored(truth, said):
    return score_duties(truth, said, np.random.default_rng(1))


def cap(party, *rest):
    return ("holding", party, "tanks", "", *rest)


def visit(site, *rest):
    return ("omission", "A", "look", site, *rest)


def test_one_moment_in_breach_breaks_a_stretch_and_other_stretches_stay_as_they_are():
    truth = true(
        cap("A", 0, 3, "compliant"), cap("A", 3, 9, "violation"), cap("B", 0, 9, "compliant")
    )
    said = told(
        cap("A", DAY_US, 0.0, 1.0, "compliant"),
        cap("A", 3 * DAY_US, 0.9, 0.1, "violation"),  # the first moment of a stretch is its own
        cap("A", 5 * DAY_US, 0.0, 1.0, "compliant"),
        cap("B", 4 * DAY_US, 0.2, 0.8, "compliant"),
    )
    found = scored(truth, said)["holding"]
    broken, kept = found.verdicts["violation"], found.verdicts["compliant"]
    assert (broken.true, broken.stated, broken.right, broken.p) == (1, 1, 1, 0.9)
    assert (kept.true, kept.stated, kept.right, kept.p) == (2, 2, 2, pytest.approx(0.9))
    assert found.scores.nats.value == pytest.approx((np.log(1.0) + np.log(0.9) + np.log(0.8)) / 3)
    assert (found.without_row, found.beside) == (0, 0)


def test_a_date_is_answered_by_the_row_of_its_own_site_and_second():
    truth = true(visit("one", 0, 4, "violation"), visit("two", 0, 4, "compliant"))
    said = told(
        visit("two", 4 * DAY_US, 0.0, 1.0, "compliant"),
        visit("one", 4 * DAY_US + 500_000, 0.7, 0.0, "insufficient_evidence"),
        visit("one", 9 * DAY_US, 1.0, 0.0, "violation"),
        ("omission", "mission", "look", "one", 4 * DAY_US, 1.0, 0.0, "violation"),
    )
    found = scored(truth, said)["omission"]
    assert found.verdicts["violation"].p == 0.7
    assert (found.verdicts["violation"].stated, found.verdicts["violation"].right) == (0, 0)
    assert found.verdicts["compliant"].right == 1
    assert found.left_open == pytest.approx(0.15)
    assert found.beside == 1  # of the same party, at a date that nobody asks about


def test_who_says_nothing_says_that_it_is_kept():
    found = scored(true(visit("one", 0, 4, "violation")), told())["omission"]
    assert found.without_row == 1
    assert found.verdicts["violation"].p == 0.01
    assert found.verdicts["compliant"].stated == 1
    assert found.scores.nats.value < -4


def test_a_declaration_that_does_not_hold_is_a_breach_and_no_duties_are_no_scores():
    said = told(cap("A", DAY_US, 1.0, 0.0, "inconsistent_with_declaration"))
    found = scored(true(cap("A", 0, 3, "violation")), said)
    assert found["holding"].verdicts["violation"].right == 1
    assert set(found) == {"holding"}
    assert scored(true(), said) == {}


@pytest.fixture(scope="module")
def mission(tmp_path_factory):
    scenario = scenarios.read(QUIET, file="due.yaml")
    folder = written(tmp_path_factory.mktemp("due") / "m", seed=5, scenario=scenario)
    run(folder)
    return folder


def test_a_run_is_scored_on_what_was_due_and_on_what_was_held(mission):
    found = json.loads(json.dumps(score(mission)))["line"]["duties"]
    due = found["omission"]
    assert due["verdicts"]["violation"]["true"] >= 2
    assert due["verdicts"]["violation"]["right"] == due["verdicts"]["violation"]["stated"]
    assert due["without_row"] < 0.1 * due["scores"]["asked"]
    assert due["scores"]["nats"]["value"] > due["scores"]["base_nats"]
    assert found["holding"]["scores"]["asked"] >= 2


def test_verdicts_turned_about_cost_it_dear(mission):
    case = open_case(mission)
    findings = case.tables["findings"]
    names = findings.column_names
    turned = dict(zip(names, findings.columns, strict=True))
    turned["p_violation"], turned["p_compliant"] = turned["p_compliant"], turned["p_violation"]
    before, after = (
        score_tables(case, {**case.tables, "findings": table}).duties["omission"]
        for table in (findings, pa.table(turned, schema=findings.schema))
    )
    assert after.scores.nats.value < before.scores.nats.value - 1
    assert after.verdicts["violation"].p < before.verdicts["violation"].p
