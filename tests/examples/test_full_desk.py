"""A week of a made-up mission with every feed: what its reports must say, and the same in a mirror."""

import csv
import importlib.util
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from truceline.pipeline import mission, plugins
from truceline.pipeline.reporting import release

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "full-desk"
OTHER = {
    "ALDER": "BIRCH",
    "BIRCH": "ALDER",
    "party:ALDER": "party:BIRCH",
    "party:BIRCH": "party:ALDER",
}
LOOSE = 0.005  # the bound of the design on probabilities when the parties are exchanged
BLIND, QUIET = "2025-02-07", "2025-02-08"
DELAYED = datetime(
    2025, 2, 14, tzinfo=UTC
)  # 72 hours' delay and more have passed since the week closed


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def script(name):
    spec = importlib.util.spec_from_file_location(f"full_desk_{name}", EXAMPLE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    before = list(sys.path)
    spec.loader.exec_module(module)
    sys.path[:] = before
    return module


@pytest.fixture(scope="module")
def desk():
    return script("make_desk")


@pytest.fixture(scope="module")
def out(tmp_path_factory, run_copy):
    return run_copy("full-desk", tmp_path_factory.mktemp("desk") / "m")


@pytest.fixture(scope="module")
def mirrored(tmp_path_factory, run_copy, desk):
    folder = tmp_path_factory.mktemp("mirror") / "m"
    left_out = shutil.ignore_patterns("out", "record", "release")
    shutil.copytree(EXAMPLE, folder, ignore=left_out)
    for name, content in desk.files(is_mirrored=True).items():
        (folder / "raw" / name).write_bytes(content)
    return run_copy(folder, folder)


def members(out):
    """Observations of each act."""
    incident = {row["act_id"]: row["incident_id"] for row in table(out / "acts.csv")}
    held = defaultdict(set)
    for row in table(out / "members.csv"):
        held[row["incident_id"]].add(row["observation_id"])
    return {act: held[found] for act, found in incident.items()}


def act_with(out, observation):
    """The act that holds this observation as its own."""
    (act,) = [act for act, held in members(out).items() if observation in held]
    return act


def outcome(out, observation):
    act = act_with(out, observation)
    return {row["outcome"] for row in table(out / "attributions.csv") if row["act_id"] == act}


def verdict(out, observation, clause, party):
    subject = observation if observation.startswith(("h-", "i-")) else act_with(out, observation)
    (found,) = [
        row["verdict"]
        for row in table(out / "findings.csv")
        if (row["subject_id"], row["clause_id"], row["party"]) == (subject, clause, party)
    ]
    return found


def test_the_raw_files_and_the_maps_are_remade_byte_for_byte(desk):
    for folder, made in (("raw", desk.files()), ("agreement", desk.maps())):
        kept = {path.name: path.read_bytes() for path in (EXAMPLE / folder).iterdir()}
        kept.pop("agreement.yaml", None)
        assert kept == made


def test_a_mirror_of_the_mirror_is_the_week_itself(desk):
    world = desk.ground.World(is_mirrored=True)
    for name, content in desk.files().items():
        assert world.words(world.words(content.decode())) == content.decode(), name


def test_every_feed_that_the_project_ships_is_used():
    used = {spec.feed for spec in mission.load(EXAMPLE).feeds}
    shipped = {path.stem for path in Path(plugins.__file__).parents[1].glob("sources/feeds/*.py")}
    assert used == shipped - {"__init__"}


def test_counts_of_every_rule_and_day_and_the_hours_watched_are_as_expected(out):
    found = [
        [row["legal_day"], row["rule"], row["party"], row["as_now_known"], float(row["exposure_hours"])]
        for row in table(out / "counts.csv")
        if row["area"] == "all"
    ]  # fmt: skip
    expected = table(EXAMPLE / "expected.csv")
    assert [row[:4] for row in found] == [list(row.values())[:4] for row in expected]
    hours = [float(row["hours_watched"]) for row in expected]
    assert [row[4] for row in found] == pytest.approx(hours, abs=0.01)


def test_a_blind_day_and_a_quiet_day_have_the_same_count_and_not_the_same_hours(out):
    rows = {
        row["legal_day"]: row
        for row in table(out / "counts.csv")
        if (row["area"], row["rule"], row["party"]) == ("all", "smm", "unknown")
    }
    assert rows[BLIND]["as_now_known"] == rows[QUIET]["as_now_known"] == "0"
    assert float(rows[BLIND]["exposure_hours"]) == 0.0
    assert float(rows[QUIET]["exposure_hours"]) > 200.0


def test_one_window_is_kept_one_is_broken_and_one_on_the_blind_day_is_not_judged(out):
    found = {row["window_id"]: (row["state"], row["mirror"]) for row in table(out / "windows.csv")}
    assert found == {
        "w-1": ("kept", "both_ran"),
        "w-2": ("broken", "both_ran"),
        "w-3": ("not_judged", "none"),
    }


@pytest.mark.parametrize(
    ("observation", "expected"),
    [
        ("patrol_report:207/happenings/1", "attributed"),
        ("patrol_report:208/happenings/1", "attributed"),
        ("t-3", "attributed"),
        ("t-5", "attributed"),
        ("t-7", "contested"),
        ("patrol_report:201/happenings/1", "undetermined"),
    ],
)
def test_authors_come_from_evidence_and_incoming_alone_is_none(out, observation, expected):
    assert outcome(out, observation) == {expected}


@pytest.mark.parametrize(
    ("subject", "clause", "party", "expected"),
    [
        ("patrol_report:207/happenings/1", "ceasefire", "ALDER", "violation"),
        ("patrol_report:208/happenings/1", "ceasefire", "BIRCH", "permitted_response"),
        ("t-3", "ceasefire", "ALDER", "exempt"),
        ("t-3", "announce", "ALDER", "compliant"),
        ("t-5", "announce", "BIRCH", "violation"),
        ("patrol_report:305/happenings/1", "no-flights", "ALDER", "violation"),
        ("patrol_report:305/happenings/1", "no-flights", "BIRCH", "violation"),
        ("s-1/act", "access", "ALDER", "violation"),
        ("s-2/act", "access", "BIRCH", "violation"),
        ("v-1-quarry", "ceasefire", "BIRCH", "insufficient_evidence"),
        ("h-alder", "tanks", "ALDER", "compliant"),
        ("h-birch", "tanks", "BIRCH", "violation"),
        ("i-7/seen", "howitzers-back", "BIRCH", "violation"),
    ],
)
def test_each_subject_gets_the_verdict_that_the_readme_tells(out, subject, clause, party, expected):
    assert verdict(out, subject, clause, party) == expected


def test_an_omission_is_the_side_s_that_shut_the_door_and_never_the_missions(out):
    rows = [row for row in table(out / "findings.csv") if row["clause_id"] == "inspections"]
    broken = [row["party"] for row in rows if row["verdict"] == "violation"]
    assert broken == ["ALDER"]


def test_holdings_bear_the_states_that_visits_found(out):
    rows = pq.read_table(out / "holdings.parquet").to_pylist()
    found = {row["holding_id"]: row["status"] for row in rows}
    assert found["i-4/seen"] == "missing_from_site"
    assert found["i-7/seen"] == "beyond_line_outside_storage"
    assert len([name for name in found if name.startswith("d-")]) == 4  # a serial stood twice


def test_tips_are_set_aside_and_found_nothing(out):
    aside = {row["observation_id"]: row["reason"] for row in table(out / "set_aside.csv")}
    tips = [name for name in aside if name.startswith(("gdelt:", "icews:"))]
    assert len(tips) == 3
    told = set().union(*members(out).values())
    assert not told & set(tips)


@pytest.fixture(scope="module")
def pages(out, tmp_path_factory):
    """The words of the report for each view."""
    found = {}
    for view in ("public", "party:ALDER", "commission"):
        to = tmp_path_factory.mktemp("release")
        late = None if view == "commission" else DELAYED
        (page,) = release(out.parent, view=view, formats=("html",), to=to, as_of=late)
        found[view] = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.read_text(encoding="utf-8")))
    return found


def test_four_calls_about_one_exercise_are_one_issue(pages):
    assert re.search(r"Alderland 2 1 \d", pages["commission"])
    assert re.search(r"the mission and others 2 2 2", pages["commission"])


@pytest.mark.parametrize("view", ["public", "party:ALDER", "commission"])
def test_reports_of_every_view_hold_the_sections_of_a_mission_s_report(pages, view):
    for words in (
        "HYPOTHETICAL",
        "Local windows",
        "Weapons held",
        "Casualties",
        "Hotline",
        "Access, outages",
    ):
        assert words in pages[view], words


@pytest.mark.parametrize("view", ["public", "party:ALDER", "commission"])
def test_the_blind_day_is_told_with_no_hours_and_the_quiet_day_with_many(pages, view):
    assert re.search(r"7 February 2025 (–|0) 0 0 ", pages[view])
    assert re.search(r"8 February 2025 (–|0) 0 20\d", pages[view])


def test_a_daily_report_of_the_blind_day_says_that_nobody_watched(out, tmp_path):
    day = date.fromisoformat(BLIND)
    (page,) = release(out.parent, view="commission", formats=("html",), to=tmp_path, day=day)
    words = re.sub(r"\s+", " ", page.read_text(encoding="utf-8"))
    assert "Nobody's watch was recorded" in words or "Nobody&#39;s watch was recorded" in words


def swapped(rows, *names):
    """Rows with the parties exchanged in these columns, where they may stand as `A;B`."""

    def other(cell):
        return ";".join(sorted(OTHER.get(each, each) for each in cell.split(";")))

    return [{**row, **{name: other(row[name]) for name in names}} for row in rows]


def without(rows, *names):
    return sorted(tuple(row[name] for name in row if name not in names) for row in rows)


def test_the_mirrored_week_mirrors_every_count(out, mirrored):
    there = swapped(table(mirrored / "counts.csv"), "party")
    here = table(out / "counts.csv")
    assert without(there, "exposure_hours") == without(here, "exposure_hours")


def test_the_mirrored_week_mirrors_every_window(out, mirrored):
    there = swapped(table(mirrored / "windows.csv"), "written_by", "spoken_by", "not_by")
    here = table(out / "windows.csv")
    assert without(there, "act_ids", "p_broken") == without(here, "act_ids", "p_broken")


@pytest.mark.parametrize(
    ("name", "keys", "figure"),
    [
        ("findings", ("clause_id", "party", "reading", "verdict"), "p_violation"),
        ("attributions", ("outcome", "hypothesis"), "p"),
    ],
)
def test_the_mirrored_week_mirrors_every_answer(out, mirrored, name, keys, figure):
    groups = []
    for rows in (table(out / f"{name}.csv"), swapped(table(mirrored / f"{name}.csv"), keys[1])):
        found = defaultdict(list)
        for row in rows:
            found[tuple(row[key] for key in keys)].append(float(row[figure]))
        groups.append({key: sorted(values) for key, values in found.items()})
    here, there = groups
    assert {key: len(values) for key, values in here.items()} == {
        key: len(values) for key, values in there.items()
    }
    for key, values in here.items():
        assert there[key] == pytest.approx(values, abs=LOOSE), key


def test_the_script_writes_what_stands_here(tmp_path):
    shutil.copytree(
        EXAMPLE, tmp_path / "m", ignore=shutil.ignore_patterns("out", "record", "release", "raw")
    )
    subprocess.run([sys.executable, str(tmp_path / "m" / "make_desk.py")], check=True)
    made = {path.name: path.read_bytes() for path in (tmp_path / "m" / "raw").iterdir()}
    assert made == {path.name: path.read_bytes() for path in (EXAMPLE / "raw").iterdir()}
