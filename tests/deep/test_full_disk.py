"""A disk that fills up stops the writer with a message, and takes nothing that was recorded."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.deep
PROGRAM = Path(__file__).with_name("full_disk.py")


def check(found: dict) -> None:
    left = found["left"]
    assert any(said["error"] for said in found["tried"]), f"{left} bytes left: nothing failed"
    for said in found["tried"]:
        where = f"{left} bytes left, {said['attempt']}"
        assert said["faults"] == [], where
        assert said["parts"] == [], where
        assert found["chains"][said["size"] - 1] == said["chain"], where
        if said["error"]:
            assert "record-" in said["error"], where
            assert "nothing that was acknowledged is lost" in said["error"], where
            assert "ake room" in said["error"], where
            assert "run the same command again" in said["error"], where
    assert found["chains"][: len(found["before"])] == found["before"]
    assert found["faults"] == []
    assert found["grew"] == 1


def cases(command: list[str]) -> list[dict]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_real_disk_that_is_full_stops_the_writer_and_loses_nothing(tmp_path):
    """A file system of six megabytes in memory, in a mount name space of its own."""
    private = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-Urm"]
    if shutil.which("unshare") is None or subprocess.run(
        [*private, "mount", "-t", "tmpfs", "-o", "size=64k", "none", str(tmp_path)],
        capture_output=True, check=False,
    ).returncode:  # fmt: skip
        pytest.skip("this system lets nobody mount a small file system; the size limit is tested")
    script = (
        f'mount -t tmpfs -o size=6m none "{tmp_path}" && '
        f'exec "{sys.executable}" "{PROGRAM}" space "{tmp_path}"'
    )
    found = cases([*private, "sh", "-c", script])
    assert len(found) == 7
    for one in found:
        check(one)
        assert one["opened"] == {"faults": [], "size": len(one["chains"])}


def test_files_that_may_not_grow_stop_the_writer_and_lose_nothing(tmp_path):
    found = cases([sys.executable, str(PROGRAM), "limit", str(tmp_path)])
    assert len(found) == 7
    for one in found:
        check(one)
