"""A writer that is killed at any write point loses nothing that it had acknowledged."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from truceline.record.store import Record

pytestmark = pytest.mark.deep
SCENARIO = Path(__file__).with_name("record_scenario.py")


def scenario(*arguments: str) -> list[dict]:
    done = subprocess.run(
        [sys.executable, str(SCENARIO), *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def clean(tmp_path_factory) -> dict:
    (found,) = scenario("count", str(tmp_path_factory.mktemp("clean") / "record"))
    return found


def test_the_write_points_cover_every_step(clean):
    assert clean["faults"] == []
    assert clean["rows"] == 82
    for name in (
        "log begun", "log written", "log renamed", "log settled",
        "exhibit opened", "exhibit half written", "exhibit written", "exhibit synchronised",
        "exhibit renamed", "exhibit settled", "acquisition begun", "acquisition inserted",
        "entry begun", "entry inserted", "payload inserted", "salts inserted",
        "commit about to begin", "committed",
    ):  # fmt: skip
        assert name in clean["points"]


def test_nothing_acknowledged_is_lost_at_any_write_point(clean, tmp_path):
    """Each point in turn: killed there, the record is sound, holds all that was acknowledged and
    at most one thing more, whole; and the same work done again ends as if nothing had happened."""
    points = clean["points"]
    results = scenario("kill", str(tmp_path), "0", str(len(points)))
    assert len(results) == len(points)
    for at, (name, found) in enumerate(zip(points, results, strict=True)):
        where = f"write point {at}, {name}"
        assert found["killed"], where
        check_after(found["acknowledged"], found["after"], where)
        assert found["completed"], where
        end = found["end"]
        assert end["faults"] == [], where
        assert end["kinds"] == clean["kinds"], where
        assert end["evidence"] == clean["evidence"], where
        assert not [n for n in end["notices"] if "half written" in n], where


def check_after(acknowledged: list[dict], after: dict, where: str) -> None:
    if not after["exists"]:
        assert acknowledged == [], where
        return
    assert after["faults"] == [], where
    sizes = [said["size"] for said in acknowledged if "size" in said]
    assert max(sizes, default=0) <= len(after["chains"]) <= max(sizes, default=0) + 1, where
    for said in acknowledged:
        if "chain" in said:
            assert after["chains"][said["size"] - 1] == said["chain"], where
        if "exhibit" in said:
            assert said["exhibit"] in after["exhibits"], where
    batches = after["kinds"].count("batch")
    assert after["rows"] == 41 * batches, where


def test_a_log_torn_anywhere_opens_as_a_sound_beginning_of_itself(clean, tmp_path):
    """Power fails while the newest pages are written: the write-ahead log ends anywhere."""
    whole = tmp_path / "whole"
    (_,) = scenario("count", str(whole))
    program = (
        "import os, sys, pathlib; sys.path.insert(0, sys.argv[2]); import record_scenario as s;"
        "from truceline.record.store import Record;"
        "r = Record.open(pathlib.Path(sys.argv[1]));"
        "[r.append('reply', {'n': n}, known_at=s.AT, recorded_at=s.AT, actor='a',"
        " entropy=s.entropy) for n in range(6)]; os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", program, str(whole), str(SCENARIO.parent)], check=False)
    pending = (whole / "log.sqlite-wal").read_bytes()
    with Record.open(whole, read_only=True) as record:
        chains = [entry.chain_hash for entry in record.entries()]
    before = len(clean["chains"])
    assert len(chains) == before + 6
    sizes = set()
    for cut in [*range(0, len(pending), 1024), len(pending)]:
        torn = tmp_path / "torn"
        shutil.copytree(whole, torn)
        (torn / "log.sqlite-shm").unlink()
        (torn / "log.sqlite-wal").write_bytes(pending[:cut])
        with Record.open(torn) as record:
            found = [entry.chain_hash for entry in record.entries()]
            assert record.verify().faults == ()
        assert found == chains[: len(found)]
        assert len(found) >= before
        sizes.add(len(found))
        shutil.rmtree(torn)
    assert sizes == set(range(before, before + 7))


def test_a_record_is_made_whole_or_not_at_all_where_its_making_was_cut_off(tmp_path):
    folder = tmp_path / "record"
    folder.mkdir()
    (folder / "log.sqlite.new").write_bytes(b"half a log")
    assert not Record.exists(folder)
    (found,) = scenario("count", str(folder))
    assert found["faults"] == []
    assert not (folder / "log.sqlite.new").exists()
