"""Same evidence, same bytes: over orders of arrival, processes, hash seeds and folders."""

import os
import shutil
import subprocess
import sys

import pytest
import yaml

# The head of the log does depend on the order of its entries, and stands here alone.
ORDERED = {"manifest.json"}


def contents(out):
    return {p.name: p.read_bytes() for p in sorted(out.iterdir()) if p.name not in ORDERED}


def run_in_a_process(mission, seed, threads):
    environment = os.environ | {"PYTHONHASHSEED": seed, "NUMBA_NUM_THREADS": threads}
    command = [sys.executable, "-m", "truceline.cli.main", "run", str(mission), "--json"]
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return contents(mission / "out")


def copy_of(example, target, order=1):
    ignored = shutil.ignore_patterns("out", "record", "release")
    shutil.copytree(example, target, ignore=ignored)
    path = target / "mission.yaml"
    mission = yaml.safe_load(path.read_text(encoding="utf-8"))
    mission["feeds"] = mission["feeds"][::order]
    path.write_text(yaml.safe_dump(mission, allow_unicode=True), encoding="utf-8")
    return target


@pytest.mark.parametrize("example", ["known-answers", "easter-truce-2025"])
def test_processes_hash_seeds_threads_and_order_of_feeds_change_no_byte(
    example, project_root, tmp_path
):
    source = project_root / "examples" / example
    first = run_in_a_process(copy_of(source, tmp_path / "a"), "1", "2")
    second = run_in_a_process(copy_of(source, tmp_path / "b", order=-1), "2", "1")
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    assert len(first) >= 15


def test_rows_in_another_order_change_nothing_but_where_they_stood(run_copy, tmp_path):
    """Shuffled lines are other bytes, so their exhibit and line differ; nothing computed does."""
    as_is = run_copy("easter-truce-2025", tmp_path / "a")
    copy = copy_of(as_is.parent, tmp_path / "b")
    raw = copy / "raw" / "viina-reports.csv"
    header, *lines = raw.read_text(encoding="utf-8").splitlines()
    raw.write_text("\n".join([header, *reversed(lines)]) + "\n", encoding="utf-8")
    shuffled = run_copy(copy, copy)
    first, second = contents(as_is), contents(shuffled)
    differ = {name for name in first if first[name] != second[name]}
    assert differ <= {"observations.parquet"}


def test_running_again_changes_no_byte(run_copy, tmp_path):
    first = contents(run_copy("known-answers", tmp_path / "a"))
    assert contents(run_copy(tmp_path / "a", tmp_path / "a")) == first
