"""Three acts of one afternoon get the three verdicts of the findings of January 2023, and mirror."""

import csv
import re
import shutil
from pathlib import Path

import pytest

from truceline.agreement.load import load

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "korea-2022"
LINE_DEG = 30.0  # latitude of the schematic line


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


EXPECTED = table(EXAMPLE / "expected.csv")


def verdicts(out):
    """Verdict by the observations of the act, clause and party."""
    incident = {row["act_id"]: row["incident_id"] for row in table(out / "acts.csv")}
    members: dict[str, list[str]] = {}
    for row in table(out / "members.csv"):
        members.setdefault(row["incident_id"], []).append(row["observation_id"])
    return {
        (";".join(sorted(members[incident[r["subject_id"]]])), r["clause_id"], r["party"]): r
        for r in table(out / "findings.csv")
    }


@pytest.fixture(scope="module")
def found(tmp_path_factory, run_copy):
    return verdicts(run_copy("korea-2022", tmp_path_factory.mktemp("korea") / "m"))


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda row: f"{row['act']} {row['clause']}")
def test_each_act_gets_the_verdict_of_the_findings(found, expected):
    row = found[expected["observations"], expected["clause"], expected["author"]]
    assert row["verdict"] == expected["verdict"]


def test_the_three_acts_are_violation_compliant_and_violation_and_two_instruments_say_so(found):
    by_act = {row["act"]: row["verdict"] for row in EXPECTED}
    assert list(by_act.values()) == ["violation", "compliant", "violation"]
    clauses = {c.clause_id: c for c in load(EXAMPLE / "agreement" / "agreement.yaml").clauses}
    for row in EXPECTED:
        assert ("Rules of Engagement" in clauses[row["clause"]].article) == (
            row["instrument"] == "Armistice Rules of Engagement"
        )
    assert "not public" in clauses["air-defence"].article
    assert "not public" in clauses["air-defence"].missing


def test_an_act_breaks_nothing_if_the_party_over_whose_own_area_it_was_did_it(found):
    assert found["kr-1-a;kr-1-b", "airspace", "UNC"]["verdict"] == "compliant"
    assert found["kr-3-a;kr-3-b", "airspace", "KPA"]["verdict"] == "compliant"


def test_of_fire_into_the_other_sides_area_the_rules_that_nobody_read_say_nothing(found):
    row = found["kr-2-a;kr-2-b", "air-defence", "KPA"]
    assert row["verdict"] == "insufficient_evidence"
    assert row["p_violation"] == "0"


def test_the_example_judges_by_the_clauses_of_the_library():
    library = {each.clause_id: each for each in load("korea-armistice-1953").clauses}
    for clause in load(EXAMPLE / "agreement" / "agreement.yaml").clauses:
        own = library[clause.clause_id]
        for part in ("article", "kind", "title", "text", "terms", "exceptions", "sources"):
            assert getattr(clause, part) == getattr(own, part), (clause.clause_id, part)


def test_the_reply_stands_in_the_limits_and_the_mission_says_hypothetical():
    mission = (EXAMPLE / "mission.yaml").read_text(encoding="utf-8")
    assert "Right of reply. The Republic of Korea disputes" in mission
    assert "hypothetical: true" in mission
    assert load(EXAMPLE / "agreement" / "agreement.yaml").is_hypothetical


def mirrored(source, target):
    """The example with north and south exchanged: places about the line, and every name of a party."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("out", "record", "release"))
    raw = target / "raw" / "observations.csv"
    rows = table(raw)
    for row in rows:
        row["lat"] = f"{2 * LINE_DEG - float(row['lat']):.6f}"
        for key in ("source", "claimed_actor", "speaker"):
            row[key] = exchanged(row[key])
    with raw.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return target


def exchanged(text):
    other = {"UNC": "KPA", "KPA": "UNC", "south": "north", "north": "south"}
    return re.sub("|".join(other), lambda found: other[found.group()], text)


def test_the_mirrored_afternoon_has_the_mirrored_verdicts(found, tmp_path, run_copy):
    mirror = verdicts(run_copy(mirrored(EXAMPLE, tmp_path / "mirror"), tmp_path / "run"))
    assert {key: row["verdict"] for key, row in mirror.items()} == {
        (acts, clause, exchanged(party)): row["verdict"]
        for (acts, clause, party), row in found.items()
    }
