"""The line never reads the sealed folder, and nothing but what is told leads to the truth."""

import csv
import json
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from made import SMALL, digests, written

from truceline.pipeline.run import run
from truceline.simulation import scenario as scenarios

CHAINED = {
    "manifest.json"
}  # names the head of the log, which depends on when material was taken in

LINE = """
import sys
opened = []
def hook(event, given):
    if event in ("open", "os.listdir", "os.scandir") and given and isinstance(given[0], (str, bytes)):
        opened.append(str(given[0]))
sys.addaudithook(hook)
from truceline.cli.main import group
for command in {commands!r}:
    group(command, standalone_mode=False)
inside = [path for path in opened if "/truth/" in path or path.endswith("/truth")]
print(len(opened), "opened;", len(inside), "sealed:", inside[:3], file=sys.stderr)
sys.exit(3 if inside else 0)
"""


@pytest.fixture(scope="module")
def missions(tmp_path_factory):
    """The same small mission with its truth, with a poisoned one, and without; the first was run."""
    folder = tmp_path_factory.mktemp("sealed")
    whole = written(folder / "whole")
    for name in ("poisoned", "absent"):
        shutil.copytree(whole, folder / name)
    shutil.rmtree(folder / "absent" / "truth")
    for path in (folder / "poisoned" / "truth").iterdir():
        path.write_bytes(b"observation_id,incident_id\n\xff\x00 poison, poison\n")
    run(whole)
    return folder


def watched(*commands) -> subprocess.CompletedProcess:
    """Commands in a process that tells which files it opened."""
    code = LINE.format(commands=[list(command) for command in commands])
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def results(mission: Path) -> dict[str, str]:
    return {name: d for name, d in digests(mission / "out").items() if name not in CHAINED}


def test_no_command_of_the_line_opens_the_sealed_folder(missions):
    folder = str(missions / "poisoned")
    done = watched(
        ("check", folder, "--json"), ("ingest", folder, "--json"), ("run", folder, "--json"),
        ("report", folder, "--view", "commission", "--json"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stderr.strip().splitlines()[-1].split()[0]) > 100
    assert results(missions / "poisoned") == results(missions / "whole")


def test_the_watch_tells_of_a_command_that_does(missions):
    """Were the truth a feed, the watch would see it opened."""
    spy = missions / "spy"
    shutil.copytree(missions / "absent", spy)
    shutil.copytree(missions / "poisoned" / "truth", spy / "truth")
    text = (spy / "mission.yaml").read_text()
    line = "feeds:\n- feed: observations\n  files: [truth/incidents.csv]\n"
    (spy / "mission.yaml").write_text(text.replace("feeds:\n", line))
    done = watched(("check", str(spy), "--json"))
    assert done.returncode == 3, done.stderr[-2000:]


def test_a_run_without_the_truth_gives_the_same_bytes(missions):
    run(missions / "absent")
    assert results(missions / "absent") == results(missions / "whole")


def told(mission: Path):
    """What stands in files beside what is told: id, place in the file, file, time of the file."""
    authors = {}
    with (mission / "truth" / "responsibility.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            authors[row["act_id"]] = row["author"]
    found = []
    with (mission / "truth" / "members.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            digits = named_by(mission, row)
            if digits is None:
                continue
            traits = [int(d, 16) / 15.0 for d in digits]
            traits.append(int(digits, 16) / 16.0**16)
            traits.append(int(row["line"]) % 2)
            traits.append((mission / row["file"]).stat().st_mtime % 1000)
            found.append((traits, row["incident_id"], authors.get(row["act_id"], "")))
    return found


def named_by(mission: Path, row) -> str | None:
    """Sixteen digits that name a row: of its id, or of the version of the report that it stands in."""
    own = re.search("o-([0-9a-f]{16})", row["observation_id"])
    if own is not None:
        return own[1]
    if not row["file"].endswith("_kobo.json"):
        return None
    version = submission(mission / row["file"], int(row["line"]))["meta/instanceID"]
    return re.sub("[^0-9a-f]", "", version.removeprefix("uuid:"))[:16]


@cache
def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def submission(path: Path, line: int):
    return json.loads(lines_of(path)[line - 1].rstrip(","))


def fitted(x, y):
    """Logistic regression with a small ridge, by Newton's steps; the weights."""
    x = np.column_stack([np.ones(len(x)), x])
    weight = np.zeros(x.shape[1])
    for _ in range(25):
        p = 1 / (1 + np.exp(-x @ weight))
        curve = (x * (p * (1 - p))[:, None]).T @ x + 0.1 * np.eye(x.shape[1])
        weight += np.linalg.solve(curve, x.T @ (y - p) - 0.1 * weight)
    return weight


def area_under_curve(score, y):
    order = np.argsort(score, kind="stable")
    rank = np.empty(len(score))
    rank[order] = np.arange(1, len(score) + 1)
    for value in np.unique(score):  # ties share their mean rank
        rank[score == value] = rank[score == value].mean()
    ones, zeros = int(y.sum()), int((1 - y).sum())
    area = (rank[y == 1].sum() - ones * (ones + 1) / 2) / (ones * zeros)
    spread = np.sqrt((ones + zeros + 1) / (12 * ones * zeros))
    return area, spread


def judged(train, test):
    """Deviations from chance of a classifier fitted on one seed and asked about another."""
    weight = fitted(*train)
    score = np.column_stack([np.ones(len(test[0])), test[0]]) @ weight
    area, spread = area_under_curve(score, test[1])
    return (area - 0.5) / spread


def clutter(rows):
    return np.array([r[0] for r in rows]), np.array([r[1] == "" for r in rows], dtype=float)


def author(rows):
    named = [r for r in rows if r[2].startswith("party:")]
    y = np.array([r[2] == "party:ALDER" for r in named], dtype=float)
    return np.array([r[0] for r in named]), y


def pairs(rows):
    """Pairs of rows of one happening, and as many of two."""
    of = {}
    for row in rows:
        if row[1]:
            of.setdefault(row[1], []).append(row[0])
    same = [(m[0], m[1]) for m in of.values() if len(m) > 1]
    firsts = [m[0] for m in of.values() if len(m) > 1]
    other = list(zip(firsts, firsts[1:] + firsts[:1], strict=True))
    x = [np.abs(np.subtract(a, b)) for a, b in same + other]
    return np.array(x), np.array([1.0] * len(same) + [0.0] * len(other))


@pytest.fixture(scope="module")
def two_missions(missions):
    rumours = (
        "observers:\n  news: {false_per_day: 3}\n  social: {false_per_day: 3}\n"
        "  patrols: {filed: kobo, false_per_day: 2}\nagreement:"
    )
    text = SMALL.replace("agreement:", rumours).replace(
        "world:\n",
        "world:\n  intensity: {first_per_day: 60}\n  weather:\n    jamming: [{share: 0.4, hours: 3}]\n"
        "    outage: {patrols: {share: 0.4, hours: 6}}\n",
    )
    busy = scenarios.read(text, file="busy.yaml")
    return [written(missions / f"seed-{s}", seed=s, scenario=busy) for s in (11, 12)]


def test_what_is_asked_about_comes_from_every_feed_that_keeps_a_name(two_missions):
    feeds = {row["feed"] for row in members(two_missions[0]) if named_by(two_missions[0], row)}
    assert feeds >= {"patrol_reports", "access_obstructions", "uav_log", "observations", "viina"}


def members(mission: Path):
    with (mission / "truth" / "members.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def two_seeds(two_missions):
    return [told(mission) for mission in two_missions]


@pytest.mark.parametrize("question", [clutter, author, pairs])
def test_ids_order_and_file_times_say_nothing_of_the_truth(two_seeds, question):
    train, test = (question(rows) for rows in two_seeds)
    assert min(test[1].sum(), len(test[1]) - test[1].sum()) > 20
    assert abs(judged(train, test)) < 4.0  # one run in 16,000 errs


def rounds(mission: Path):
    """Names of rounds, and whether nothing was seen in them."""
    file = mission / "raw" / "patrols_kobo.json"
    found = [submission(file, line) for line in range(2, len(lines_of(file)))]
    firsts = [one for one in found if "meta/deprecatedID" not in one]
    digits = [re.sub("[^0-9a-f]", "", one["meta/instanceID"][5:])[:16] for one in firsts]
    x = [[int(d, 16) / 15.0 for d in each] for each in digits]
    return np.array(x), np.array([one["anything"] == "no" for one in firsts], dtype=float)


def test_names_of_rounds_say_nothing_of_what_was_seen_in_them(two_missions):
    train, test = (rounds(mission) for mission in two_missions)
    assert min(test[1].sum(), len(test[1]) - test[1].sum()) > 3
    assert abs(judged(train, test)) < 4.0


def test_ids_that_count_would_be_noticed(two_seeds):
    """The same question with ids in the order of happenings, as a careless writer would give them."""
    leaking = []
    for rows in two_seeds:
        names = sorted({r[1] for r in rows})
        number = {name: n / len(names) for n, name in enumerate(names)}
        leaking.append([([number[r[1]]], r[1], r[2]) for r in rows])
    train, test = (pairs(rows) for rows in leaking)
    assert judged(train, test) > 8.0
