"""Killed at any write point, a witness and a log know what they signed, and sign one history."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.deep
SCENARIO = Path(__file__).with_name("witness_scenario.py")


def scenario(folder: Path, what: str) -> list[dict]:
    done = subprocess.run(
        [sys.executable, str(SCENARIO), str(folder), what],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> list[dict]:
    return scenario(tmp_path_factory.mktemp("witness"), "witness")


@pytest.fixture(scope="module")
def signing(tmp_path_factory) -> list[dict]:
    return scenario(tmp_path_factory.mktemp("log"), "log")


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


def test_every_write_point_of_a_log_that_signs_is_tried(signing):
    names = {each["point"] for each in signing}
    for what in (
        "key",
        "public keys",
        "tile",
        "checkpoint",
        "newest checkpoint",
        "cosigned checkpoint",
    ):
        for state in ("half written", "synchronised", "renamed", "settled"):
            assert f"{what} {state}" in names


def test_a_log_killed_while_it_signs_goes_on_as_if_nothing_had_happened(signing):
    for each in signing:
        assert set(each["handed_over"]) <= set(each["sizes"]), each
        assert each["is_true"], each
        assert each["again"] == [3, 256, 300], each
        assert each["proof"], each
        assert not each["lied"], each
