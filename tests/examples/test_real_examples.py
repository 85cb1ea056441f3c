"""The two real examples run from what ships, and say what they must."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(scope="module")
def easter(tmp_path_factory, run_copy):
    return run_copy("easter-truce-2025", tmp_path_factory.mktemp("easter") / "m")


@pytest.fixture(scope="module")
def minsk(tmp_path_factory, run_copy):
    return run_copy("minsk-2", tmp_path_factory.mktemp("minsk") / "m")


def rows(out, name):
    with (out / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def summary(out):
    return json.loads((out / "summary.json").read_text(encoding="utf-8"))


def test_over_half_of_the_easter_reports_carry_only_a_date(easter):
    reports = summary(easter)["observations"]
    assert reports["date_only"] > reports["taken"] / 2


def test_easter_findings_bind_only_the_declarer(easter):
    pairs = {(row["clause_id"], row["party"]) for row in rows(easter, "findings.csv")}
    assert pairs == {("ru-silence", "RU"), ("ua-silence", "UA")}
    assert "violation" not in summary(easter)["findings"]


def test_most_easter_acts_stay_undetermined(easter):
    outcomes = summary(easter)["attributions"]
    assert outcomes["undetermined"] > 0.9 * sum(outcomes.values())


def test_the_tallies_say_which_is_the_sum_of_its_parts(easter):
    claims = {row["claim_id"]: row for row in rows(easter, "claims.csv")}
    for total, of_parts in (("ru-final", 4900), ("ua-final", 2928)):
        parts = [int(c["count_best"]) for c in claims.values() if c["part_of"] == total]
        assert sum(parts) == of_parts
    assert claims["ru-final"]["count_best"] == "4900"
    assert claims["ua-final"]["count_best"] == "2935"
    assert "ambiguous" in claims["ua-final"]["note"]


def test_tallies_of_a_whole_front_are_never_incidents(easter):
    ids = {row["observation_id"] for row in rows(easter, "members.csv")}
    assert not ids & {row["claim_id"] for row in rows(easter, "claims.csv")}


def test_minsk_claims_no_actor_and_attributes_none(minsk):
    import pyarrow.parquet as pq

    observations = pq.read_table(minsk / "observations.parquet")
    assert observations["claimed_actor"].null_count == observations.num_rows == 1518
    assert set(summary(minsk)["attributions"]) == {"undetermined"}


def test_minsk_distance_clauses_end_in_insufficient_evidence(minsk):
    verdicts = {
        row["verdict"]
        for row in rows(minsk, "findings.csv")
        if row["clause_id"].startswith("withdraw") and float(row["p_compliant"]) < 0.9
    }
    assert verdicts == {"insufficient_evidence"}


def test_the_shipped_minsk_rows_are_remade_byte_for_byte(shared_data):
    made = subprocess.run(
        [sys.executable, EXAMPLES / "minsk-2" / "make_rows.py", shared_data / "ucdp-ged-ukraine"],
        capture_output=True,
        check=True,
    )
    shipped = EXAMPLES / "minsk-2" / "raw" / "ucdp-ged-2015-2021.csv"
    assert made.stdout == shipped.read_bytes()


def test_the_shipped_outlines_are_remade_byte_for_byte(shared_data):
    source = shared_data / "boundaries" / "geoBoundaries-UKR-ADM1_simplified.geojson"
    made = subprocess.run(
        [sys.executable, EXAMPLES / "easter-truce-2025" / "make_outlines.py", source],
        capture_output=True,
        check=True,
    )
    assert made.stdout == (EXAMPLES / "easter-truce-2025" / "raw" / "oblasts.geojson").read_bytes()


@pytest.mark.parametrize("view", ["public", "party:RU", "party:UA"])
def test_the_easter_report_is_released_and_logged(view, easter):
    from truceline.pipeline import plugins
    from truceline.pipeline.reporting import release
    from truceline.record.store import Record

    mission = easter.parent
    written = {path.suffix: path for path in release(mission, view=view)}
    formats = plugins.load("formats")
    names = {path.name for path in written[".html"].parent.iterdir()}
    assert names == {f"report{each.suffix}" for each in formats.values()}
    page = written[".html"].read_text(encoding="utf-8")
    assert "2,928" in page
    assert "exact sum of its published parts" in page
    assert "measures who wrote, not who fired" in page
    with Record.open(mission / "record", read_only=True) as record:
        last = list(record.entries(kind="publication"))[-1]
    assert last.payload["view"] == view
    assert len(last.payload["documents"]) == len(formats)
