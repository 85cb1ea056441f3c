"""What the mission tells of itself: rounds in which nothing was seen, hours in which it could not see."""

import json
from datetime import UTC, datetime

import pyarrow.compute as pc
import pytest
from made import SMALL, assert_members_are_rows, digests, table, written

from truceline.pipeline.checking import check_target
from truceline.pipeline.ingest import raw_files, read
from truceline.pipeline.mission import load as load_mission
from truceline.pipeline.trial import try_material
from truceline.simulation import scenario as scenarios

WATCHED = """\
  weather:
    outage: {patrols: {share: 0.4, hours: 12}, uavs: {share: 0.1, hours: 6}}
    jamming: [{share: 0.4, hours: 3}]
  intensity: {first_per_day: 60}
"""
RECEIVED = datetime(2026, 1, 1, tzinfo=UTC)
FORMS = ("patrol_reports", "kobo", "odk")


def watched(form="patrol_reports", world=WATCHED):
    observers = f"observers:\n  patrols: {{filed: {form}, posts: 8}}\nagreement:"
    text = SMALL.replace("world:\n", f"world:\n{world}").replace("agreement:", observers)
    return scenarios.read(text.replace("days: 2", "days: 5"), file="watched.yaml")


@pytest.fixture(scope="module")
def missions(tmp_path_factory):
    """One truce, its patrols' reports in each form."""
    folder = tmp_path_factory.mktemp("reports")
    return {form: written(folder / form, scenario=watched(form)) for form in FORMS}


def tables(mission, feed):
    """Everything that a feed of a mission yields."""
    loaded = load_mission(mission)
    found = {}
    for spec in loaded.feeds:
        if spec.feed == feed:
            reading = read(loaded, spec, raw_files(loaded.folder, spec.files), None, RECEIVED)
            assert reading.refused == ()
            for name, rows in reading.tables.items():
                found.setdefault(name, []).extend(rows.to_pylist())
    return found


@pytest.mark.parametrize("form", FORMS)
def test_the_line_takes_every_report_in_any_form(missions, form):
    checked = check_target(missions[form])
    assert checked.errors == 0, checked.problems
    assert checked.refused_rows == 0, [f for f in checked.files if f.refused_rows]
    assert_members_are_rows(missions[form])


@pytest.mark.parametrize("form", FORMS)
def test_a_round_in_which_nothing_was_seen_is_a_zero_report(missions, form):
    found = tables(missions[form], "patrol_reports")
    rounds = [row for row in found["exposures"] if row["lat"] is not None]
    zeros = [row for row in rounds if row["kind"] == "zero_report"]
    assert 5 < len(zeros) < len(rounds)
    for row in zeros:
        inside = [
            seen for seen in found["observations"]
            if seen["source"] == row["source"] and row["began"] <= seen["began"] < row["ended"]
        ]  # fmt: skip
        assert inside == []
    if form == "patrol_reports":
        for row in (row for row in rounds if row["kind"] == "watch"):
            assert any(
                seen["source"] == row["source"] and row["began"] <= seen["began"] < row["ended"]
                for seen in found["observations"]
            )


def test_every_hour_of_every_patrol_by_day_is_a_round_or_a_denial(missions):
    """Mandatory: what is reported and what was kept from it add up to all daylight of all patrols."""
    rounds = tables(missions["patrol_reports"], "patrol_reports")["exposures"]
    denied = tables(missions["patrol_reports"], "access_obstructions")["exposures"]
    hours = {}
    for row in (*rounds, *denied):
        hours.setdefault(row["source"], 0.0)
        hours[row["source"]] += (row["ended"] - row["began"]).total_seconds() / 3_600
    assert len(hours) == 8
    assert denied
    for total in hours.values():
        assert total == pytest.approx(5 * 12, abs=1.5)  # a denial is told one hundredth short


def test_a_report_that_was_put_right_stands_once_and_keeps_its_first_version(missions):
    for form in ("kobo", "odk"):
        found = tables(missions[form], "patrol_reports")
        assert len(found["editions"]) > 1
        every = {row["observation_id"] for row in found["observations"]}
        settled = try_material(load_mission(missions[form])).observations
        own = pc.equal(settled["feed"], "patrol_reports")
        stands = settled.filter(own).to_pylist()
        assert len(stands) < len(every)
        csv_rows = tables(missions["patrol_reports"], "patrol_reports")["observations"]
        key = ("source", "began", "type", "count_best")
        assert sorted(str([r[k] for k in key]) for r in stands) == sorted(
            str([r[k] for k in key]) for r in csv_rows
        )


def test_a_denial_names_who_where_how_long_and_why_and_is_the_hosts_deed(missions):
    mission = missions["patrol_reports"]
    rows = table(mission / "raw" / "obstructions.csv")
    assert len(rows) > 5
    assert {row["status"] for row in rows} >= {"denied"}
    assert all(row["patrol"] and row["lat"] and float(row["minutes_lost"]) > 29 for row in rows)
    assert any(row["reason"] for row in rows)
    authors = {r["act_id"]: r["author"] for r in table(mission / "truth" / "responsibility.csv")}
    members = {(r["file"], int(r["line"])): r for r in table(mission / "truth" / "members.csv")}
    right = []
    for line, row in enumerate(rows, 2):
        sealed = members["raw/obstructions.csv", line]
        assert sealed["observation_id"] == f"{row['report_id']}/act"
        right.append(authors[sealed["act_id"]] == f"party:{row['obstructed_by']}")
    named = [bool(row["obstructed_by"]) for row in rows]
    assert sum(right) >= 0.8 * sum(named) > 0


def test_jamming_is_a_state_of_its_own_and_somebodys_deed(missions):
    mission = missions["patrol_reports"]
    jammed = table(mission / "raw" / "interference_jammed.csv")
    assert {row["state"] for row in jammed} == {"jammed"}
    log = table(mission / "raw" / "uav_log.csv")
    assert {row["state"] for row in log} == {"watch", "outage"}
    for row in jammed:
        flew = [
            leg for leg in log
            if leg["uav"] == row["uav"] and leg["state"] == "watch"
            and leg["began"] < row["ended"] and row["began"] < leg["ended"]
        ]  # fmt: skip
        assert flew == []
    acts = {row["act_id"]: row for row in table(mission / "truth" / "acts.csv")}
    told = [row for row in table(mission / "truth" / "members.csv") if row["feed"] == "uav_log"]
    assert len(told) == len(jammed) > 3
    assert {acts[row["act_id"]]["type"] for row in told} == {"sensor_interference"}
    authors = {r["act_id"]: r["author"] for r in table(mission / "truth" / "responsibility.csv")}
    assert {authors[row["act_id"]] for row in told} == {"party:ALDER", "party:BIRCH"}


def test_nobody_but_the_mission_tells_of_what_is_done_to_it(missions):
    mission = missions["patrol_reports"]
    acts = {row["act_id"]: row["type"] for row in table(mission / "truth" / "acts.csv")}
    own = {"monitor_access_denied": "access_obstructions", "sensor_interference": "uav_log"}
    for row in table(mission / "truth" / "members.csv"):
        kind = acts.get(row["act_id"], "")
        assert (row["feed"] in own.values()) == (kind in own)
        assert row["feed"] == own.get(kind, row["feed"])


def test_a_truce_in_which_nobody_is_kept_out_names_neither_feed(tmp_path):
    mission = written(tmp_path / "open", scenario=watched(world=""))
    feeds = [spec.feed for spec in load_mission(mission).feeds]
    assert "access_obstructions" not in feeds
    assert feeds.count("uav_log") == 1


def test_forms_are_the_same_bytes_again_and_stand_in_the_order_of_receipt(missions, tmp_path):
    again = written(tmp_path / "again", scenario=watched("kobo"))
    assert digests(again) == digests(missions["kobo"])
    lines = (missions["kobo"] / "raw" / "patrols_kobo.json").read_text().splitlines()
    found = json.loads("\n".join(lines))["results"]
    handed_in = [one.get("_date_modified", one["_submission_time"]) for one in found]
    assert handed_in == sorted(handed_in)
    assert len({one["meta/instanceID"] for one in found}) == len(found)
