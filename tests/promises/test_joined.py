"""What people say is one happening is one on the next run; taken back, it leaves no scar in any byte."""

import csv
import shutil
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from truceline.cli.main import group
from truceline.pipeline.run import run, take_in

MANDATE = """
mandate:
  bodies:
    - {id: mission, name: The observers, kind: mission, may: [observe, find, attribute, propose]}
"""
OFFICES = (("registrar", "registrar"), ("duty", "duty_officer"), ("verifier-1", "verifier"))
FROM = datetime(2031, 6, 20, tzinfo=UTC)


class Desk:
    """Types moves on one mission, an hour apart."""

    def __init__(self, mission):
        self.mission = mission
        self.hours = 0

    def do(self, office, case, move, *words):
        self.hours += 1
        at = FROM.replace(hour=self.hours)
        done = CliRunner().invoke(
            group,
            ["case", "move", str(self.mission), case, move, *words, "--as", office,
             "--at", at.isoformat(), "--reason", "in the course of the work"],
            standalone_mode=False,
        )  # fmt: skip
        assert done.exception is None, done.exception
        return done

    def must(self, *words):
        done = self.do(*words)
        assert done.return_value in (0, None), done.output


@pytest.fixture(scope="module")
def desk(project_root, tmp_path_factory):
    mission = tmp_path_factory.mktemp("joined") / "m"
    ignored = shutil.ignore_patterns("out", "record", "release")
    shutil.copytree(project_root / "examples" / "known-answers", mission, ignore=ignored)
    with (mission / "agreement" / "agreement.yaml").open("a", encoding="utf-8") as file:
        file.write(MANDATE)
    take_in(mission)
    desk = Desk(mission)
    for number, (office, role) in enumerate(OFFICES):
        words = (f"office={office}", f"as={role}", "body=mission", f"holder=p-{number}")
        desk.must("registrar", "-", "appoint", *words)
    return desk


def homes(out):
    with (out / "members.csv").open(encoding="utf-8", newline="") as file:
        return {row["observation_id"]: row["incident_id"] for row in csv.DictReader(file)}


def contents(out):
    return {path.name: path.read_bytes() for path in sorted(out.iterdir())}


def test_duplicates_that_are_one_happening_are_one_incident_until_it_is_taken_back(desk, tmp_path):
    before = run(desk.mission, out=tmp_path / "before").out
    held = homes(before)
    first, *_ = sorted(held)
    second = next(name for name in sorted(held) if held[name] != held[first])
    for case, name in (("c-1", first), ("c-2", second)):
        desk.must("duty", case, "open", "because=pattern", "--cite", name)

    # The same matter, and not the same happening: nothing that is computed moves.
    desk.must("verifier-1", "c-2", "duplicate", "of=c-1")
    assert contents(run(desk.mission, out=tmp_path / "matter").out) == contents(before)
    desk.must("duty", "c-2", "begin")

    one = desk.do("verifier-1", "c-2", "duplicate", "of=c-1", "--cite", second)
    assert one.return_value == 6
    assert f"`{second}` alone is cited as one happening" in one.output
    desk.must("verifier-1", "c-2", "duplicate", "of=c-1", "--cite", first, "--cite", second)
    joined = run(desk.mission, out=tmp_path / "joined").out
    now = homes(joined)
    assert now[first] == now[second]
    assert contents(joined)["manifest.json"] != contents(before)["manifest.json"]
    assert set(now) == set(held)
    then = run(desk.mission, out=tmp_path / "then", as_of=datetime(2031, 6, 19, tzinfo=UTC)).out
    assert homes(then) == held  # nobody had said so by then

    desk.must("duty", "c-2", "begin")
    after = run(desk.mission, out=tmp_path / "after").out
    assert contents(after) == contents(before)
