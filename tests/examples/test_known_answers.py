"""Ten made-up acts and four holdings end as they must, through the whole line from raw files."""

import csv
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "known-answers"


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


EXPECTED = table(EXAMPLE / "expected.csv")


@pytest.fixture(scope="module")
def ran(tmp_path_factory, run_copy):
    out = run_copy("known-answers", tmp_path_factory.mktemp("known") / "m")
    names = ("members", "acts", "findings", "attributions")
    return {name: table(out / f"{name}.csv") for name in names}


def act_of(ran, observations):
    """The one act that holds exactly these observations."""
    incidents = {
        row["incident_id"] for row in ran["members"] if row["observation_id"] in observations
    }
    assert len(incidents) == 1, f"{observations} were not fused into one incident"
    (incident,) = incidents
    members = {r["observation_id"] for r in ran["members"] if r["incident_id"] == incident}
    assert members == set(observations)
    (act,) = [row["act_id"] for row in ran["acts"] if row["incident_id"] == incident]
    return act


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda row: row["subject"])
def test_each_subject_ends_as_it_must(ran, expected):
    is_act = bool(expected["observations"])
    subject = act_of(ran, expected["observations"].split(";")) if is_act else expected["subject"]
    if is_act:
        said = [row for row in ran["attributions"] if row["act_id"] == subject]
        assert {row["outcome"] for row in said} == {expected["outcome"]}
        if expected["outcome"] == "attributed":
            leading = max(said, key=lambda row: float(row["p"]))
            assert leading["hypothesis"] == f"party:{expected['author']}"
    verdicts = {
        row["verdict"]
        for row in ran["findings"]
        if row["subject_id"] == subject
        and row["clause_id"] == expected["clause"]
        and expected["author"] in {"", row["party"]}
    }
    assert verdicts == {expected["verdict_for_author"]}


def test_at_least_three_are_attributed_and_three_are_not():
    outcomes = [row["outcome"] for row in EXPECTED if row["observations"]]
    assert len(outcomes) == 10
    assert outcomes.count("attributed") >= 3
    assert len(outcomes) - outcomes.count("attributed") >= 3
