"""A run counts quiet days first, and then holds acts against what waited for them."""

import csv
import json
import subprocess
import sys

import pytest

from truceline.pipeline.run import run

AGREEMENT = """\
agreement: pond
title: Truce of the pond (made up)
version: "2025-03-01"
hypothetical: true
calendar: {zone: UTC}
in_force: {from: 2025-03-01T00:00Z}
sources: {text: {cite: Made up}}
parties:
  - {id: north, names: {en: The North}}
  - {id: south, names: {en: The South}}
zones:
  - {id: pond, name: The pond, file: map.geojson, sources: [text]}
clauses:
  - id: quiet
    article: "1"
    kind: precondition
    title: Two quiet days
    text: Two watched and quiet days come first.
    binds: [north, south]
    terms: {quiet_days: 2, rule: acts, zone: pond, watch_h: 20, clauses: [leave]}
    sources: [text]
  - id: leave
    article: "2"
    kind: exclude
    title: Forces leave the pond
    text: Then no forces move there.
    binds: [north, south]
    terms: {acts: [force_movement], zone: pond}
    sources: [text]
ladder: default
"""
RING = [[-30.0, 30.0], [-29.0, 30.0], [-29.0, 31.0], [-30.0, 31.0], [-30.0, 30.0]]
PROBABILITIES = ("p_violation", "p_insufficient")
HEADER = "observation_id,source,source_kind,began,ended,lat,lon,error_m,type,direction\n"
WATCH = "exposure_id,source,kind,began,ended,lat,lon,radius_m\n"


def moved(day: int) -> str:
    at = f"2025-03-{day:02}T12:00:00Z"
    return f"o-{day},patrol 1,patrol,{at},,30.5,-29.5,50,force_movement,undetermined\n"


def fired(day: int) -> str:
    at = f"2025-03-{day:02}T12:00:00Z"
    return f"f-{day},patrol 1,patrol,{at},,30.5,-29.5,50,mortar,impact\n"


def watched(*days: int) -> str:
    rows = [
        f"e-{day},patrol 1,watch,2025-03-{day:02}T00:00:00Z,2025-03-{day + 1:02}T00:00:00Z,30.5,-29.5,500\n"
        for day in days
    ]
    return WATCH + "".join(rows)


@pytest.fixture
def mission(tmp_path):
    folder = tmp_path / "m"
    for name in ("agreement", "raw"):
        (folder / name).mkdir(parents=True)
    (folder / "agreement" / "agreement.yaml").write_text(AGREEMENT, encoding="utf-8")
    feature = {
        "type": "Feature", "id": "pond", "properties": {},
        "geometry": {"type": "Polygon", "coordinates": [RING]},
    }  # fmt: skip
    drawn = {"type": "FeatureCollection", "features": [feature]}
    (folder / "agreement" / "map.geojson").write_text(json.dumps(drawn), encoding="utf-8")
    feeds = "feeds:\n  - {feed: observations, files: [raw/observations.csv]}\n"
    feeds += "  - {feed: exposures, files: [raw/exposures.csv]}\n"
    settings = "mission: pond\nagreement: agreement/agreement.yaml\nzone: UTC\narchive: true\n"
    (folder / "mission.yaml").write_text(settings + feeds, encoding="utf-8")
    return folder


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def computed(mission, *reports: str, days: tuple[int, ...]):
    (mission / "raw" / "observations.csv").write_text(HEADER + "".join(reports), encoding="utf-8")
    (mission / "raw" / "exposures.csv").write_text(watched(*days), encoding="utf-8")
    out = run(mission).out
    found = [row for row in rows(out / "findings.csv") if row["party"] == "north"]
    states = {row["clause_id"]: row["standing"] for row in rows(out / "states.csv")}
    most = {name: max(float(row[name]) for row in found) for name in PROBABILITIES}
    return most, states


def test_a_run_begins_what_waits_once_the_days_were_watched_and_quiet(mission):
    most, states = computed(mission, fired(1), moved(4), days=(1, 2, 3, 4, 5))
    # The second and third were quiet; the fourth is judged.
    assert most["p_violation"] > 0.5
    assert (most["p_insufficient"], states) == (0.0, {"quiet": "met", "leave": "in_force"})


def test_a_run_says_that_nothing_is_due_yet_and_explain_says_what_would_turn_it(mission):
    loud = [fired(day) for day in (1, 3, 5)]
    most, states = computed(mission, *loud, moved(6), days=(1, 2, 3, 4, 5, 6))
    assert set(most.values()) == {0.0}
    assert states == {"quiet": "not_met", "leave": "not_yet"}
    found = rows(mission / "out" / "findings.csv")[0]["finding_id"]
    command = [sys.executable, "-m", "truceline.cli.main", "explain", found, "--mission", mission]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "nothing was yet due" in " ".join(said.split())
    assert "It would turn if quiet had been met before." in " ".join(said.split())


def test_a_run_leaves_open_what_blind_days_leave_open(mission):
    most, states = computed(mission, moved(6), days=(1, 3, 5))
    assert most["p_violation"] == 0.0 < 0.5 < most["p_insufficient"]
    assert states == {"quiet": "unknown", "leave": "unknown"}
