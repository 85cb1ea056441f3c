"""A witness that is killed at any write point knows at least what it signed, and signs one history."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.deep
SCENARIO = Path(__file__).with_name("witness_scenario.py")


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> list[dict]:
    folder = tmp_path_factory.mktemp("witness")
    done = subprocess.run(
        [sys.executable, str(SCENARIO), str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_write_point_of_every_step_is_tried(found):
    step = ["state half written", "state synchronised", "state renamed", "state settled", "signed"]
    assert [each["point"] for each in found] == step * 4


def test_what_was_handed_over_is_known_after_a_kill_at_any_point(found):
    for each in found:
        assert each["size"] >= max(each["handed_over"], default=0), each
        assert each["is_true"], each
        assert each["opens"], each


def test_after_a_kill_at_any_point_a_fork_is_refused_and_the_truth_cosigned(found):
    for each in found:
        assert each["forks"] in ([], [409, 422]), each
        assert set(each["again"]) == {200}, each
