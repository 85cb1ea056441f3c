"""Swap the parties, and the answers swap; nothing else changes."""

import csv
import json

import pytest
from mirror import mirror_mission, swap

WORDS = {
    "WEST": "EAST",
    "Westland": "Eastland",
    "Westlanders": "Eastlanders",
    "left": "right",  # of a line as drawn: its mirror image is drawn the other way round
}
BOTH = {**WORDS, **{b: a for a, b in WORDS.items()}}
MERIDIAN = -40.0
WITHIN = 0.005


@pytest.fixture(scope="module")
def pair(tmp_path_factory, run_copy):
    """The tables of the known answers, and of their mirror image."""
    folder = tmp_path_factory.mktemp("swap")
    as_is = run_copy("known-answers", folder / "as-is")
    mirror_mission(as_is.parent, folder / "mirrored", WORDS, MERIDIAN)
    return as_is, run_copy(folder / "mirrored", folder / "mirrored")


def rows(folder, name):
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by(table, *key, words=None):
    """Rows by key; with `words`, as the other side would write them."""
    flipped = [{k: swap(v, words) for k, v in row.items()} if words else row for row in table]
    return {tuple(row[k] for k in key): row for row in flipped}


def test_incidents_and_members_stay_and_their_places_are_mirrored(pair):
    first, second = (json.loads((out / "incidents.geojson").read_text()) for out in pair)
    ours = {f["properties"]["incident_id"]: f["properties"] for f in first["features"]}
    theirs = {f["properties"]["incident_id"]: f["properties"] for f in second["features"]}
    assert ours.keys() == theirs.keys()
    for name, incident in ours.items():
        assert theirs[name]["p_real"] == pytest.approx(incident["p_real"], abs=WITHIN)
        assert theirs[name]["type"] == incident["type"]
        assert theirs[name]["lon"] == pytest.approx(2 * MERIDIAN - incident["lon"], abs=1e-6)
        assert theirs[name]["lat"] == pytest.approx(incident["lat"], abs=1e-6)


def test_findings_swap_their_party_and_keep_their_verdict(pair):
    key = ("subject_id", "party", "clause_id", "reading")
    ours = by(rows(pair[0], "findings.csv"), *key, words=BOTH)
    theirs = by(rows(pair[1], "findings.csv"), *key)
    assert ours.keys() == theirs.keys()
    assert len(ours) >= 20
    for name, finding in ours.items():
        assert theirs[name]["verdict"] == finding["verdict"], name
        for column in ("p_violation", "p_compliant", "p_permitted_response", "p_exempt"):
            assert float(theirs[name][column]) == pytest.approx(float(finding[column]), abs=WITHIN)


def test_attributions_swap_their_hypotheses_and_keep_their_outcome(pair):
    ours = by(rows(pair[0], "attributions.csv"), "act_id", "hypothesis", words=BOTH)
    theirs = by(rows(pair[1], "attributions.csv"), "act_id", "hypothesis")
    assert ours.keys() == theirs.keys()
    assert {row["outcome"] for row in ours.values()} > {"attributed", "undetermined", "contested"}
    for name, attribution in ours.items():
        assert theirs[name]["outcome"] == attribution["outcome"], name
        for column in ("p", "p_low", "p_high"):
            assert float(theirs[name][column]) == pytest.approx(
                float(attribution[column]), abs=WITHIN
            )


def test_remedies_swap_their_addressee_and_keep_their_rung(pair):
    def told(table, words=None):
        columns = ("rung", "measure", "addressee", "due", "required_standard")
        return sorted(tuple(swap(row[c], words or {"": ""}) for c in columns) for row in table)

    assert told(rows(pair[0], "remedies.csv"), BOTH) == told(
        rows(pair[1], "remedies.csv"), {"-": "-"}
    )


def test_counts_swap_their_party(pair):
    key = ("legal_day", "area", "rule", "party")
    ours = by(rows(pair[0], "counts.csv"), *key, words=BOTH)
    theirs = by(rows(pair[1], "counts.csv"), *key)
    assert {k: v["as_now_known"] for k, v in ours.items()} == {
        k: v["as_now_known"] for k, v in theirs.items()
    }
