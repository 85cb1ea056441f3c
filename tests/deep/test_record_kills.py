"""A writer that is killed at any write point loses nothing that it had acknowledged."""

import shutil
import subprocess
import sys

import pytest
from killing import SCENARIO, check_killed, scenario

from truceline.record.store import Record

pytestmark = pytest.mark.deep


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
    results = scenario("kill", str(tmp_path), ",".join(map(str, range(len(points)))))
    assert len(results) == len(points)
    for at, (name, found) in enumerate(zip(points, results, strict=True)):
        check_killed(found, clean, f"write point {at}, {name}")


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


def test_pages_of_the_log_torn_while_it_is_settled_come_back_whole(tmp_path):
    """Power fails while pages go from the write-ahead log into the file: half of each is lost."""
    whole = tmp_path / "whole"
    (_,) = scenario("count", str(whole))
    program = (
        "import os, sys, pathlib; sys.path.insert(0, sys.argv[2]); import record_scenario as s;"
        "from truceline.record.store import Record;"
        "r = Record.open(pathlib.Path(sys.argv[1]));"
        "[r.append('reply', {'n': n}, known_at=s.AT, recorded_at=s.AT, actor='a',"
        " entropy=s.entropy) for n in range(9)]; os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", program, str(whole), str(SCENARIO.parent)], check=False)
    with Record.open(whole, read_only=True) as record:
        chains = [entry.chain_hash for entry in record.entries()]
    log, pending = whole / "log.sqlite", (whole / "log.sqlite-wal").read_bytes()
    page = int.from_bytes(pending[8:12], "big")
    frames = range(32, len(pending), 24 + page)
    settled = {int.from_bytes(pending[at : at + 4], "big") for at in frames}
    content = bytearray(log.read_bytes())
    torn = 0
    for number in settled:
        start = (number - 1) * page
        if start + page <= len(content):
            content[start + page // 2 : start + page] = bytes(page // 2)
            torn += 1
    assert torn > 3
    (whole / "log.sqlite-shm").unlink()
    log.write_bytes(content)
    with Record.open(whole) as record:
        assert [entry.chain_hash for entry in record.entries()] == chains
        assert record.verify().faults == ()
