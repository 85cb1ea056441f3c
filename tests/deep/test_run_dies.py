"""A run that dies, or meets a full disk, leaves whole files and an untouched record."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from truceline.pipeline.run import run
from truceline.record.store import Record

pytestmark = pytest.mark.deep

# The program loads everything once and forks for each point that it is told: the fork counts the
# moments just before and just after a file is put in place, and dies at that one.
PROGRAM = """
import os, signal, sys
from pathlib import Path
from record_scenario import in_child
from truceline.pipeline.run import run

put = Path.replace

def dies(fatal):
    count = 0

    def point():
        nonlocal count
        count += 1
        if count == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def replace(self, target):
        point()
        done = put(self, target)
        point()
        return done

    Path.replace = replace
    run(Path(sys.argv[1]))
    return count

for line in sys.stdin:
    told, status = in_child(lambda tell: tell({"points": dies(int(line))}))
    print(told[0]["points"] if told else os.waitstatus_to_exitcode(status), flush=True)
"""


@pytest.fixture(scope="module")
def mission(tmp_path_factory, run_copy):
    folder = tmp_path_factory.mktemp("dies") / "m"
    run_copy("known-answers", folder)
    return folder


def is_whole(path):
    match path.suffix:
        case ".json" | ".geojson":
            json.loads(path.read_text(encoding="utf-8"))
        case ".parquet":
            pq.read_table(path)
        case ".csv":
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.reader(file))
            assert {len(row) for row in rows} == {len(rows[0])}
    return True


@pytest.fixture
def die_at():
    """A run of a mission, killed at one of its points: how it ended; at 0, how many there are."""
    command = [sys.executable, "-c", PROGRAM]
    running: dict[Path, subprocess.Popen[str]] = {}

    def go(mission, point):
        if mission not in running:
            running[mission] = subprocess.Popen(
                [*command, str(mission)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                cwd=Path(__file__).parent,
            )  # fmt: skip
        program = running[mission]
        program.stdin.write(f"{point}\n")
        program.stdin.flush()
        return int(program.stdout.readline())

    yield go
    for program in running.values():
        program.communicate()


def test_killed_at_every_write_point_a_run_leaves_only_whole_files(mission, die_at, tmp_path):
    whole = {p.name: p.read_bytes() for p in (mission / "out").iterdir()}
    copy = tmp_path / "m"
    shutil.copytree(mission, copy, ignore=shutil.ignore_patterns("out"))
    points = die_at(copy, 0)
    assert points >= 2 * len(whole) - 2
    for point in range(1, points + 1):
        shutil.rmtree(copy / "out")
        assert die_at(copy, point) == -signal.SIGKILL
        for path in (copy / "out").iterdir():
            assert path.suffix == ".part" or is_whole(path)
            assert path.suffix == ".part" or path.read_bytes() == whole[path.name]
    with Record.open(copy / "record") as record:
        assert record.verify().faults == ()
    run(copy)
    assert {
        p.name: p.read_bytes() for p in (copy / "out").iterdir() if p.suffix != ".part"
    } == whole


@pytest.fixture
def small_disk(tmp_path):
    """A real file system of one megabyte; needs the right to mount, as tests in containers have."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk], check=False
    )
    if mounted.returncode != 0:
        pytest.fail("no file system could be mounted; run the deep tests as root")
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_a_full_disk_is_named_and_what_was_written_before_stays(mission, small_disk):
    command = [sys.executable, "-m", "truceline.cli.main", "run", str(mission), "--out"]
    first = small_disk / "out"
    shutil.copytree(mission / "out", first)
    before = {p.name: p.read_bytes() for p in first.iterdir()}
    filler = small_disk / "filler"
    free = os.statvfs(small_disk)
    filler.write_bytes(b"x" * (free.f_bavail * free.f_frsize))
    done = subprocess.run([*command, str(first)], capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "No space left on device" in done.stderr
    assert "The record is untouched" in done.stderr
    assert {p.name: p.read_bytes() for p in first.iterdir()} == before
    with Record.open(mission / "record", read_only=True) as record:
        assert record.verify().faults == ()
    filler.unlink()
    again = subprocess.run([*command, str(first)], capture_output=True, text=True, check=False)
    assert again.returncode == 0
    assert {p.name: p.read_bytes() for p in first.iterdir()} == before


def test_two_runs_at_once_leave_one_clear_refusal_or_two_good_runs(mission):
    command = [sys.executable, "-m", "truceline.cli.main", "run", str(mission), "--json"]
    pair = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    ended = [(child.communicate()[1], child.returncode) for child in pair]
    assert 0 in [code for _, code in ended]
    for message, code in ended:
        assert code in {0, 3}
        assert code == 0 or "another program is writing" in message
    assert all(is_whole(path) for path in Path(mission / "out").iterdir())
