"""What the tests that kill a writer share: running its program, and what must stand afterwards."""

import json
import os
import subprocess
import sys
from pathlib import Path

import record_scenario

SCENARIO = Path(__file__).with_name("record_scenario.py")


def scenario(*arguments: str, store: Path | None = None) -> list[dict]:
    environment = {**os.environ, "RECORD_STORE": "" if store is None else str(store)}
    done = subprocess.run(
        [sys.executable, str(SCENARIO), *arguments], capture_output=True, text=True, check=False,
        env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def check_killed(found: dict, clean: dict, where: str) -> None:
    """One kill: what stood afterwards, and what the same work done again ended in."""
    assert found["killed"], where
    check_after(found["acknowledged"], found["after"], where)
    assert found["completed"], where
    check_end(found["end"], clean, where)


def check_end(end: dict, clean: dict, where: str) -> None:
    """As if nothing had happened."""
    assert end["faults"] == [], where
    assert end["kinds"] == clean["kinds"], where
    assert end["evidence"] == clean["evidence"], where
    assert not [notice for notice in end["notices"] if "half written" in notice], where


def check_after(acknowledged: list[dict], after: dict, where: str) -> None:
    """Sound, with all that was acknowledged, and at most one commit more, whole."""
    if not after["exists"]:
        assert acknowledged == [], where
        return
    assert after["faults"] == [], where
    sizes = [said["size"] for said in acknowledged if "size" in said]
    size, least = len(after["chains"]), max(sizes, default=0)
    grouped = after["kinds"].count("count")
    assert grouped in (0, record_scenario.GROUP), where
    assert least <= size <= least + (grouped or 1), where
    for said in acknowledged:
        if "chain" in said:
            assert after["chains"][said["size"] - 1] == said["chain"], where
        if "exhibit" in said:
            assert said["exhibit"] in after["exhibits"], where
    batches = after["kinds"].count("batch")
    assert after["rows"] == 41 * batches, where
