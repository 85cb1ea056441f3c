"""What was known at an instant is a prefix of the record: what came later leaves no trace in it."""

import shutil
import sqlite3
from datetime import UTC, datetime, timedelta, timezone

import pytest

from truceline.model.time import to_microseconds
from truceline.pipeline.run import run

# In the middle of the Easter reports: some feeds' rows are known by then, others are not.
INSTANTS = [datetime(2025, 4, 19, 12, tzinfo=UTC), datetime(2025, 4, 20, 20, tzinfo=UTC)]
CHAINED = {"manifest.json"}  # names the head of the log, which deletion moves


def contents(out):
    return {p.name: p.read_bytes() for p in sorted(out.iterdir()) if p.name not in CHAINED}


def forget_after(record, at):
    """What no user can do: take away the guards of the log, and delete what came later."""
    log = sqlite3.connect(record / "log.sqlite")
    triggers = log.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in triggers:
        log.execute(f'DROP TRIGGER "{name}"')
    gone = log.execute("DELETE FROM entries WHERE known_at > ?", (to_microseconds(at),)).rowcount
    for table in ("payloads", "salts", "secrets"):
        log.execute(f"DELETE FROM {table} WHERE sequence NOT IN (SELECT sequence FROM entries)")
    log.commit()
    log.close()
    return gone


@pytest.mark.parametrize("at", INSTANTS, ids=str)
def test_deleting_what_came_later_leaves_the_bytes_unchanged(at, run_copy, tmp_path):
    run_copy("easter-truce-2025", tmp_path / "whole")
    shutil.copytree(tmp_path / "whole", tmp_path / "cut")
    gone = forget_after(tmp_path / "cut" / "record", at)
    assert gone >= 1
    # Without the rest of the raw files nothing is ingested again.
    for name in ("whole", "cut"):
        mission = tmp_path / name / "mission.yaml"
        text = mission.read_text(encoding="utf-8")
        mission.write_text(text[: text.index("feeds:")] + "feeds: []\n", encoding="utf-8")
        run(tmp_path / name, out=tmp_path / f"{name}-out", as_of=at)
    assert contents(tmp_path / "whole-out") == contents(tmp_path / "cut-out")


def test_a_later_instant_knows_more(run_copy, tmp_path):
    run_copy("easter-truce-2025", tmp_path / "m")
    known = [
        run(tmp_path / "m", out=tmp_path / str(n), as_of=at).summary["observations"]["taken"]
        for n, at in enumerate(INSTANTS)
    ]
    assert 0 < known[0] < known[1]


def test_before_anything_was_known_the_line_says_so(run_copy, tmp_path):
    run_copy("known-answers", tmp_path / "m")
    early = datetime(2001, 1, 1, tzinfo=UTC)
    done = run(tmp_path / "m", out=tmp_path / "early", as_of=early)
    assert done.summary["incidents"] == 0


def test_what_was_known_then_goes_beside_the_latest_result_and_never_over_it(run_copy, tmp_path):
    out = run_copy("known-answers", tmp_path / "m")
    before = {path: path.read_bytes() for path in out.iterdir() if path.is_file()}
    at = datetime(2031, 5, 20, 2, 30, tzinfo=timezone(timedelta(hours=3)))
    done = run(tmp_path / "m", as_of=at)
    assert done.out == out / "as-of" / "20310519T233000Z"
    assert (done.out / "members.csv").is_file()
    assert {path: path.read_bytes() for path in out.iterdir() if path.is_file()} == before
    run(tmp_path / "m")
    assert {path: path.read_bytes() for path in out.iterdir() if path.is_file()} == before
