"""A simulated mission is whole, is the same in any process, and is what its scenario asks for."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from click.testing import CliRunner
from made import SMALL, assert_members_are_rows, digests, small, table, written

from truceline.cli.main import group
from truceline.model.errors import SettingsError
from truceline.pipeline.checking import check_target
from truceline.pipeline.mission import load as load_mission
from truceline.pipeline.sighted import read_sightings, read_world
from truceline.pipeline.simulating import WRITTEN_AT, scenario_of, simulate
from truceline.simulation import scenario as scenarios
from truceline.simulation.contract import TRUTH_FILES


@pytest.fixture(scope="module")
def mission(tmp_path_factory):
    return written(tmp_path_factory.mktemp("simulated") / "small")


@pytest.mark.parametrize("name", scenarios.names())
def test_the_line_takes_every_row_of_every_scenario(name, tmp_path):
    scenario = scenarios.load(name)
    short = replace(scenario, to_s=scenario.from_s + 2 * 86_400)
    simulate(short, seed=3, scale=0.2, out=tmp_path / "out")
    checked = check_target(tmp_path / "out")
    assert checked.errors == 0, checked.problems
    assert checked.refused_rows == 0, [f for f in checked.files if f.refused_rows]
    assert sum(tried.taken for tried in checked.files) > 50


def test_each_row_of_a_feed_is_a_row_of_the_sealed_members(mission):
    """The line's own reader leads from each observation to the file and line that members names."""
    assert_members_are_rows(mission)


def test_sealed_files_speak_of_the_same_things(mission):
    sealed = mission / "truth"
    files = {name: table(sealed / name) for name in TRUTH_FILES}
    for name, columns in TRUTH_FILES.items():
        assert tuple(files[name][0]) == columns
    incidents = {row["incident_id"] for row in files["incidents.csv"]}
    acts = {row["act_id"]: row for row in files["acts.csv"]}
    assert len(incidents) == len(files["incidents.csv"])
    assert {row["incident_id"] for row in acts.values()} <= incidents
    assert {row["act_id"] for row in files["responsibility.csv"]} == set(acts)
    assert {row["act_id"] for row in files["verdicts.csv"]} - {""} <= set(acts)
    assert {row["incident_id"] for row in files["members.csv"]} - {""} <= incidents
    ids = {row["observation_id"] for row in files["members.csv"]}
    assert {row["copied_from"] for row in files["members.csv"]} - {""} <= ids
    assert any(row["answers"] in acts for row in acts.values())
    assert any(row["incident_id"] == "" for row in files["members.csv"])
    assert any(row["copied_from"] for row in files["members.csv"])


def test_what_the_oracle_may_know_holds_every_row_and_no_truth(mission):
    told, by_observer = read_sightings(mission / "truth" / "sightings.parquet")
    assert told.num_rows == len(table(mission / "truth" / "members.csv"))
    assert not {"deed", "copied_from", "incident_id"} & set(told.column_names)
    assert all((said.deed == -1).all() for said in by_observer.values())
    scenario, seed, scale = read_world(mission / "truth" / "world.json")
    assert (scenario, seed, scale) == (small(), 1, 1.0)


def test_the_same_seed_gives_the_same_bytes_in_any_process(mission, tmp_path):
    (tmp_path / "small.yaml").write_text(SMALL)
    found = []
    for hash_seed in ("1", "2"):
        out = tmp_path / f"out-{hash_seed}"
        command = [
            sys.executable, "-m", "truceline.cli.main", "simulate", "small.yaml",
            "--seed", "1", "--out", str(out), "--json",
        ]  # fmt: skip
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
        found.append(digests(out))
    assert found[0] == found[1] == digests(mission)


def test_two_processes_write_the_bytes_of_one(mission, tmp_path):
    simulate(small(), seed=1, scale=1.0, out=tmp_path / "out", processes=2)
    assert digests(tmp_path / "out") == digests(mission)


def test_another_seed_gives_another_truce(mission, tmp_path):
    other = digests(written(tmp_path / "other", seed=2))
    same = digests(mission)
    assert all(other[f"truth/{name}"] != same[f"truth/{name}"] for name in TRUTH_FILES)


def test_exchanging_the_sides_exchanges_authors_and_verdicts_and_nothing_else(mission, tmp_path):
    other = written(tmp_path / "mirrored", scenario=small(sides="{mirror: true}"))
    swap = {"ALDER": "BIRCH", "BIRCH": "ALDER", "party:ALDER": "party:BIRCH"}
    swap["party:BIRCH"] = "party:ALDER"
    assert table(other / "truth" / "acts.csv") == table(mission / "truth" / "acts.csv")
    for name, column in (("responsibility.csv", "author"), ("verdicts.csv", "party")):
        ours = table(mission / "truth" / name)
        assert {row[column] for row in ours} & set(swap)
        exchanged = [{**row, column: swap.get(row[column], row[column])} for row in ours]
        theirs = table(other / "truth" / name)
        assert sorted(map(str, exchanged)) == sorted(map(str, theirs))


def test_parties_count_the_other_side_high_and_say_so_with_parts(mission):
    claims = table(mission / "raw" / "tallies.csv")
    fire = {row["act_id"]: row["author"] for row in table(mission / "truth" / "responsibility.csv")}
    for claimant, accused in (("ALDER", "BIRCH"), ("BIRCH", "ALDER")):
        own = [row for row in claims if row["claimant"] == claimant]
        assert {row["accused"] for row in own} == {accused}
        totals = {r["claim_id"]: int(r["count_best"]) for r in own if not r["part_of"]}
        assert len(totals) == 2  # a day each
        parts = dict.fromkeys(totals, 0)
        for row in own:
            if row["part_of"]:
                parts[row["part_of"]] += int(row["count_best"])
        assert all(0 <= totals[key] - parts[key] <= 3 for key in totals)
        true = sum(author == f"party:{accused}" for author in fire.values())
        assert 0 < sum(totals.values()) < 2 * true


@pytest.mark.parametrize("hours", [0, 12])
def test_a_camera_says_that_it_sees_more_by_night_whenever_the_truce_begins(hours, tmp_path):
    two = small()
    late = replace(two, from_s=two.from_s + 3_600 * hours, to_s=two.to_s + 3_600 * hours)
    sight = {True: set(), False: set()}
    for row in table(written(tmp_path / "out", scenario=late) / "raw" / "camera_log.csv"):
        if row["state"] == "watch":
            hour = int(row["began"][11:13]) + 3  # by the sun, well within its half of the day
            sight[6 <= hour % 24 < 18].add((float(row["range_m"]), float(row["p_detect"])))
    assert max(sight[True]) < min(sight[False])


def test_every_file_bears_the_same_time(mission):
    assert {path.stat().st_mtime for path in mission.rglob("*")} == {WRITTEN_AT}


def test_a_folder_that_holds_something_is_left_as_it_is(tmp_path):
    (tmp_path / "kept.txt").write_text("mine")
    with pytest.raises(SettingsError, match="is not an empty folder; nothing is overwritten"):
        simulate(small(), seed=1, scale=1.0, out=tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["kept.txt"]


def test_what_fails_half_way_leaves_nothing(tmp_path):
    def announce(stage):
        if "day 2" in stage:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(small(), seed=1, scale=1.0, out=tmp_path / "out", announce=announce)
    assert list(tmp_path.iterdir()) == []


def test_the_command_lists_scenarios_and_says_what_it_wrote(tmp_path):
    listed = json.loads(CliRunner().invoke(group, ["simulate", "--json"]).output)
    assert {row["scenario"] for row in listed} == set(scenarios.names())
    assert len(listed) == 10
    file = tmp_path / "small.yaml"
    file.write_text(SMALL)
    out = tmp_path / "out"
    done = CliRunner().invoke(group, ["simulate", str(file), "--out", str(out), "--json"])
    told = json.loads(done.stdout)
    rows = table(out / "truth" / "members.csv")
    assert sum(told["observations"].values()) == len(rows)
    assert load_mission(out).is_hypothetical


def test_the_command_hands_on_how_many_work_side_by_side(tmp_path):
    said = ["simulate", "quiet-week", "--out", str(tmp_path / "out"), "--processes", "0"]
    fault = CliRunner().invoke(group, said).exception
    assert isinstance(fault, SettingsError)
    assert str(fault) == "processes is 0; give a whole number of one or more"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("days: 2", "days: -2", r"small.yaml:5: days takes a number above 0 and up to 3660, not -2"),
        ("days: 2", "days: 10000000", r"small.yaml:5: days takes .* up to 3660, not 10000000"),
        ("days: 2", "days: .inf", r"small.yaml:5: days takes .* up to 3660, not inf"),
        ("days: 2\n", "", r"small.yaml: key 'days' is missing"),
        ("length_km: 60", "lenght_km: 60", r"small.yaml:7: unknown key 'lenght_km'; did you mean 'length_km'\?"),
        ("length_km: 60", "length_km: long", r"small.yaml:7: world.ground.length_km takes a number, not 'long'"),
        ("world:", "worlds:", r"small.yaml:6: unknown key 'worlds'; did you mean 'world'\?"),
        ("  staged:", "  stage:", r"small.yaml:8: unknown key 'stage'; did you mean 'staged'\?"),
        ("from: 2013-05-06T00:00:00Z", "from: 2013-05-06", r"small.yaml:4: from takes an instant with its offset"),
        ("scenario: small", "scenario: [", r"small.yaml: not YAML"),
    ],
)  # fmt: skip
def test_a_fault_in_a_scenario_is_told_with_its_line(old, new, message):
    assert old in SMALL
    with pytest.raises(SettingsError, match=message):
        scenarios.read(SMALL.replace(old, new), file="small.yaml")


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ("observers: {patrol: {}}", "no observer is called 'patrol'; did you mean 'patrols'"),
        ("observers: {patrols: {post: 3}}", "observer patrols has no number 'post'"),
        ("observers: {news: {copying: loud}}", "observer news has no copying 'loud'"),
        ("agreement: {cease: {}}", "no clause is called 'cease'"),
        ("agreement: {answer: {hours: 2}}", "agreement.answer has no figure 'hours'"),
    ],
)
def test_an_unknown_observer_or_clause_stops_before_anything_is_written(stated, message, tmp_path):
    scenario = scenarios.read(SMALL.split("agreement:")[0] + stated + "\n", file="small.yaml")
    with pytest.raises(SettingsError, match=message):
        simulate(scenario, seed=1, scale=1.0, out=tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_scenario_that_nobody_knows_is_told_with_the_nearest():
    with pytest.raises(SettingsError, match="did you mean 'blind-week'"):
        scenario_of("blind-weak")
