"""Same evidence, same bytes: over orders of arrival, files, processes, hash seeds and folders."""

import csv
import hashlib
import io
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest
import yaml

from truceline.pipeline.reporting import release
from truceline.pipeline.run import run, take_in

# The head of the log depends on the order of its entries, and the origin of a row on its file and
# line: they stand in these files, and in no other.
ORDERED = {"manifest.json"}
RECEIVED = {*ORDERED, "provenance.parquet"}


def contents(out, without=ORDERED):
    files = (p for p in sorted(out.iterdir()) if p.is_file() and p.name not in without)
    return {p.name: p.read_bytes() for p in files}


def differing(first, second):
    """Names of the files of two runs that differ, apart from what tells of receipt."""
    one, two = contents(first, RECEIVED), contents(second, RECEIVED)
    assert one.keys() == two.keys()
    assert len(one) >= 19
    return [name for name in one if one[name] != two[name]]


def run_in_a_process(mission, seed, threads):
    environment = os.environ | {"PYTHONHASHSEED": seed, "NUMBA_NUM_THREADS": threads}
    command = [sys.executable, "-m", "truceline.cli.main", "run", str(mission), "--json"]
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return contents(mission / "out")


ELSEWHERE = {
    "TZ": "Pacific/Kiritimati",  # fourteen hours ahead: another day than in UTC for most of it
    "LC_ALL": "C",
    "LANG": "tr_TR",
    "LANGUAGE": "tr",
    "USER": "nobody",
    "LOGNAME": "nobody",
    "HOSTNAME": "elsewhere",
    "PYTHONHASHSEED": "77",
    "PYTHONUTF8": "0",
    "NUMBA_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "COLUMNS": "40",
}


def elsewhere(command, cwd):
    """A command as somebody else would run it on a machine of their own, from a folder of their own."""
    home = cwd / "home"
    home.mkdir(exist_ok=True)
    environment = os.environ | ELSEWHERE | {"HOME": str(home), "TMPDIR": str(home)}
    line = [sys.executable, "-m", "truceline.cli.main", *map(str, command)]
    done = subprocess.run(
        line, check=False, capture_output=True, env=environment, cwd=cwd, umask=0o077
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")


def copy_of(example, target, order=1):
    ignored = shutil.ignore_patterns("out", "record", "release")
    shutil.copytree(example, target, ignore=ignored)
    path = target / "mission.yaml"
    mission = yaml.safe_load(path.read_text(encoding="utf-8"))
    mission["feeds"] = mission["feeds"][::order]
    path.write_text(yaml.safe_dump(mission, allow_unicode=True), encoding="utf-8")
    return target


@pytest.mark.parametrize("example", ["known-answers", "easter-truce-2025"])
def test_machines_users_locales_hash_seeds_threads_and_order_of_feeds_change_no_byte(
    example, project_root, tmp_path
):
    source = project_root / "examples" / example
    first = run_in_a_process(copy_of(source, tmp_path / "a"), "1", "2")
    there = copy_of(source, tmp_path / "da drüben" / "м", order=-1)
    elsewhere(["run", there], tmp_path)
    second = contents(there / "out")
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    assert len(first) >= 15


def split(mission, parts, order, *, is_one_line):
    """Deal the rows of every CSV file out over so many files, in another order of rows."""
    path = mission / "mission.yaml"
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    feeds = []
    for spec in said["feeds"]:
        (name,) = spec["files"]
        if not name.endswith(".csv"):
            feeds.append(spec)
            continue
        raw = mission / name
        header, *rows = csv.reader(io.StringIO(raw.read_text(encoding="utf-8")))
        rows = rows[::order]
        names = [f"{name.removesuffix('.csv')}-{number}.csv" for number in range(parts)]
        for number, part in enumerate(names):
            with (mission / part).open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows([header, *rows[number::parts]])
        raw.unlink()
        feeds += (
            [{**spec, "files": names}]
            if is_one_line
            else [{**spec, "files": [part]} for part in names]
        )
    said["feeds"] = feeds[::order]
    path.write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
    return mission


@pytest.mark.parametrize("example", ["known-answers", "easter-truce-2025"])
@pytest.mark.parametrize(
    ("parts", "order", "is_one_line"),
    [(1, -1, True), (2, 1, True), (3, -1, False)],
    ids=["reordered", "split in two", "split in three lines of the mission, reversed"],
)
def test_rows_split_over_files_and_reordered_change_nothing_but_where_they_stood(
    example, parts, order, is_one_line, run_copy, project_root, tmp_path
):
    """Other files are other bytes, so exhibit, file and line differ; nothing computed does."""
    as_is = run_copy(example, tmp_path / "a")
    copy = copy_of(project_root / "examples" / example, tmp_path / "b")
    other = run_copy(split(copy, parts, order, is_one_line=is_one_line), copy)
    assert differing(as_is, other) == []


def test_rows_that_came_one_file_after_another_change_nothing_but_where_they_stood(
    run_copy, project_root, tmp_path
):
    as_is = run_copy("known-answers", tmp_path / "a")
    copy = copy_of(project_root / "examples" / "known-answers", tmp_path / "b")
    split(copy, 2, 1, is_one_line=False)
    path = copy / "mission.yaml"
    whole = path.read_text(encoding="utf-8")
    said = yaml.safe_load(whole)
    for count in range(1, len(said["feeds"]) + 1):
        part = {**said, "feeds": said["feeds"][:count]}
        path.write_text(yaml.safe_dump(part, allow_unicode=True), encoding="utf-8")
        take_in(copy)
    path.write_text(whole, encoding="utf-8")
    assert differing(as_is, run_copy(copy, copy)) == []


def test_where_each_row_came_from_is_kept_with_its_exhibit_file_and_line(run_copy, tmp_path):
    out = run_copy("known-answers", tmp_path / "a")
    told = pq.read_table(out / "provenance.parquet").to_pylist()
    raw = {p.relative_to(out.parent).as_posix(): p for p in (out.parent / "raw").iterdir()}
    assert {row["table"] for row in told} == {"controls", "holdings", "notices", "observations"}
    for row in told:
        content = raw[row["file"]].read_bytes()
        assert hashlib.sha256(content).hexdigest() == row["exhibit"]
        line = content.decode("utf-8").splitlines()[row["line"] - 1]
        assert line.startswith(row["id"]) or row["table"] == "controls"


def test_running_again_changes_no_byte(run_copy, tmp_path):
    first = contents(run_copy("known-answers", tmp_path / "a"))
    assert contents(run_copy(tmp_path / "a", tmp_path / "a")) == first


def moved(mission, target):
    """The record, the text and the mission's file alone, as they are handed to another machine."""
    target.mkdir(parents=True)
    for name in ("record", "agreement"):
        shutil.copytree(mission / name, target / name, ignore=shutil.ignore_patterns("*-shm"))
    said = yaml.safe_load((mission / "mission.yaml").read_text(encoding="utf-8"))
    said["feeds"] = []  # no raw file goes along: what the record holds must do
    (target / "mission.yaml").write_text(yaml.safe_dump(said, allow_unicode=True), "utf-8")
    return target


def test_a_record_replayed_on_another_machine_gives_every_byte_again(project_root, tmp_path):
    """Another process, folder, user, locale, time zone, hash seed; the log's head and all releases too."""
    copy = copy_of(project_root / "examples" / "known-answers", tmp_path / "here")
    formats = ("tables", "geojson", "html")
    here = release(copy, view="public", formats=formats)
    out = run(copy).out
    at = datetime(2031, 5, 15, tzinfo=UTC)
    run(copy, as_of=at, agreement_version="1")
    there = moved(out.parent, tmp_path / "da drüben, weit weg" / "м")
    elsewhere(["run", there], tmp_path)
    past = ["--as-of", "2031-05-15T09:00+09:00", "--agreement-version", "1"]
    elsewhere(["run", there, *past], tmp_path)
    chosen = [word for name in formats for word in ("--format", name)]
    elsewhere(["report", there, "--view", "public", *chosen], tmp_path)
    answers = [".", "as-of/20310515T000000Z@1"]
    for answer in answers:
        one, two = contents(out / answer, ()), contents(there / "out" / answer, ())
        assert one.keys() == two.keys()
        assert [name for name in one if one[name] != two[name]] == [], answer
    for path in here:
        assert (there / "release" / "public" / path.name).read_bytes() == path.read_bytes(), path
