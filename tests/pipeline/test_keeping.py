"""Exhibits stay what they were; whoever opens one is entered; fixity names what is not sound."""

import os
import signal
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from truceline.cli.main import group
from truceline.model.errors import InputError, IntegrityError
from truceline.pipeline import keeping
from truceline.pipeline.run import run, take_in
from truceline.record import custody, fixity
from truceline.record.store import Record


@pytest.fixture
def mission(tmp_path, copy_mission):
    folder = copy_mission("known-answers", tmp_path / "m")
    take_in(folder)
    return folder


def truceline(*words):
    return CliRunner().invoke(group, [str(word) for word in words], standalone_mode=False)


def exhibits(mission):
    with Record.open(mission / "record", read_only=True) as record:
        return custody.known_exhibits(record)


def place(mission, sha256):
    return mission / "record" / "exhibits" / sha256[:2] / sha256[2:]


def overwrite(path, content):
    path.chmod(0o644)
    path.write_bytes(content)


def test_an_exhibit_is_handed_out_as_a_copy_and_the_access_is_entered_first(mission, tmp_path):
    sha256 = next(iter(exhibits(mission)))
    out = tmp_path / "copy.csv"
    done = truceline(
        "record", "exhibit", mission, sha256[:12], "--out", out, "--as", "analyst-2", "--why", "case c-1"
    )  # fmt: skip
    assert done.exception is None, done.exception
    original = place(mission, sha256)
    assert out.read_bytes() == original.read_bytes()
    out.write_bytes(b"worked on")  # a copy may be changed, the original cannot
    assert stat.S_IMODE(original.stat().st_mode) == 0o444
    assert original.read_bytes() != b"worked on"
    told = truceline("record", "custody", mission, sha256).output
    assert "acquired by truceline ingest" in told
    assert "accessed by analyst-2" in told
    assert "to copy.csv, case c-1" in told


def test_each_exhibit_is_listed_on_a_line_that_can_be_copied(mission):
    lines = truceline("record", "custody", mission).output.splitlines()
    assert [line.split("  ", 1)[0] for line in lines] == sorted(
        exhibits(mission), key=lambda digest: (exhibits(mission)[digest], digest)
    )


def test_an_access_that_cannot_be_entered_hands_out_nothing(mission, tmp_path):
    sha256 = next(iter(exhibits(mission)))
    out = tmp_path / "copy.csv"
    with Record.open(mission / "record"):  # another writer holds the log
        done = truceline(
            "record", "exhibit", mission, sha256, "--out", out, "--as", "analyst-2", "--why", "x"
        )  # fmt: skip
    assert "another program is writing" in str(done.exception)
    assert not out.exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"office": "Ivan Petrenko"}, "no office"),
        ({"why": " "}, "for a reason"),
        ({"digits": "00"}, "too short; give at least 8 digits"),
        ({"digits": "0" * 64}, "no exhibit of this record begins"),
    ],
)
def test_who_asks_badly_gets_nothing_and_is_told_what_to_write(mission, tmp_path, change, says):
    asked = {"digits": next(iter(exhibits(mission))), "office": "analyst-2", "why": "case c-1"}
    asked |= change
    with pytest.raises(InputError, match=says):
        keeping.hand_out(
            mission, asked["digits"], tmp_path / "x", office=asked["office"], why=asked["why"]
        )
    assert not (tmp_path / "x").exists()


def test_what_is_made_of_an_exhibit_names_its_parent_and_how_it_was_made(mission, tmp_path):
    first = tmp_path / "photo.jpg"
    first.write_bytes(b"pixels")
    parent = keeping.take_in(mission, first, office="duty-1", how="memory card of camera 4")
    better = tmp_path / "photo-bright.jpg"
    better.write_bytes(b"brighter pixels")
    made = keeping.take_in(
        mission, better, office="analyst-2", how="contrast raised", parent_digits=parent.sha256[:10]
    )
    with Record.open(mission / "record", read_only=True) as record:
        (step,) = custody.chain(record, made.sha256)
        (origin,) = custody.chain(record, parent.sha256)
        found = record.verify()
    assert (step.act, step.by, step.how) == ("derived", "analyst-2", "contrast raised")
    assert step.other == parent.sha256
    assert (origin.act, origin.by, origin.other) == ("acquired", "duty-1", "")
    assert found.faults == ()
    assert first.read_bytes() == b"pixels"


def test_custody_keeps_the_order_of_the_log_when_the_clock_goes_back(mission):
    sha256 = next(iter(exhibits(mission)))
    now = datetime.now(UTC)
    with Record.open(mission / "record") as record:
        for hours, office in ((1, "first"), (-48, "second"), (2, "third")):
            custody.handled(
                record,
                custody.Handling(
                    act=custody.Act.ACCESSED, exhibits=(sha256,), by=office, how="copy"
                ),
                now=now + timedelta(hours=hours),
                entropy=os.urandom,
            )
        steps = custody.chain(record, sha256)[-3:]
    assert [(step.by, step.clock_went_back) for step in steps] == [
        ("first", False), ("second", True), ("third", False),
    ]  # fmt: skip
    assert "second" in truceline("record", "custody", mission, sha256).output
    assert "trust the order" in truceline("record", "custody", mission, sha256).output


def test_a_round_checks_everything_once_and_then_nothing_until_it_is_due(mission):
    number = len(exhibits(mission))
    first = keeping.check_fixity(mission)
    assert (first.checked, first.left, first.unsound) == (number, 0, ())
    second = keeping.check_fixity(mission)
    assert (second.checked, second.later) == (0, number)
    third = keeping.check_fixity(mission, every=timedelta(0))
    assert third.checked == number


def test_a_round_that_stops_is_gone_on_with_where_it_stood(mission):
    number = len(exhibits(mission))
    stopped = keeping.check_fixity(mission, longest_s=0)
    assert (stopped.checked, stopped.left, stopped.is_stopped) == (0, number, True)
    assert "the same command goes on" in stopped.text()
    looked = []

    def stop_at_third(text):
        looked.append(text)
        if len(looked) == 3:
            raise KeyboardInterrupt

    half = keeping.check_fixity(mission, announce=stop_at_third)
    assert (half.checked, half.left) == (2, number - 2)
    rest = keeping.check_fixity(mission)
    assert (rest.checked, rest.later, rest.left) == (number - 2, 2, 0)


def test_an_exhibit_swapped_for_another_of_the_same_name_is_named(mission, tmp_path):
    shas = []
    for folder, content in (("one", b"what was filmed"), ("two", b"something else")):
        (tmp_path / folder).mkdir()
        path = tmp_path / folder / "video.mp4"
        path.write_bytes(content)
        shas.append(keeping.take_in(mission, path, office="duty-1", how="card").sha256)
    keeping.check_fixity(mission)
    overwrite(place(mission, shas[0]), b"something else")
    done = truceline("record", "fixity", mission, "--every", "0")
    assert done.return_value == 3
    assert (
        f"exhibit {shas[0]} (video.mp4) is damaged: swapped: at its place lie the bytes of exhibit "
        f"{shas[1][:16]} (video.mp4)"
    ) in done.output
    with pytest.raises(IntegrityError):
        keeping.hand_out(mission, shas[0], tmp_path / "x", office="duty-1", why="court")
    assert not (tmp_path / "x").exists()
    with Record.open(mission / "record", read_only=True) as record:
        acts = [step.act for step in custody.chain(record, shas[0])]
        assert [f for f in record.verify().faults if shas[0] in f.what]
    assert acts == ["acquired", "checked: sound", "checked: damaged", "accessed"]


def test_what_cannot_be_checked_is_reported_and_stays_due(mission):
    known = sorted(exhibits(mission))
    place(mission, known[0]).unlink()
    there = place(mission, known[1])
    there.unlink()
    there.mkdir()  # the disk gives an error where the bytes should be
    overwrite(place(mission, known[2]), b"")
    found = keeping.check_fixity(mission)
    assert [(each.sha256, each.outcome) for each in found.unsound] == [
        (known[0], "missing"), (known[1], "unreadable"), (known[2], "damaged"),
    ]  # fmt: skip
    assert found.checked == len(known)
    again = keeping.check_fixity(mission)
    assert [each.sha256 for each in again.unsound] == known[:3]
    assert again.checked == 3


def test_a_check_that_lies_ahead_of_the_clock_does_not_count(mission):
    with Record.open(mission / "record") as record:
        later = datetime.now(UTC) + timedelta(days=400)
        asked = fixity.due(record, now=later, every=timedelta(days=1))
        checks = [fixity.examine(record, each, asked.names) for each in asked.exhibits]
        fixity.enter(record, checks, by="fixity", now=later, entropy=os.urandom)
    found = keeping.check_fixity(mission)
    assert found.checked == len(checks)
    assert "the clock went back" in found.notices[0]
    assert keeping.check_fixity(mission).checked == 0


def test_a_killed_round_loses_only_its_last_part(mission):
    """A real process, killed between two parts; what it had entered need not be hashed again."""
    program = (
        "import sys, time, pathlib; from truceline.pipeline import keeping;"
        "keeping.PART_EXHIBITS = 2; keeping.check_fixity(pathlib.Path(sys.argv[1]),"
        " announce=lambda text: (print(text, flush=True), time.sleep(0.2)))"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(mission)], stdout=subprocess.PIPE, text=True
    )
    for line in child.stdout:
        if line.startswith("exhibit 6 "):
            child.send_signal(signal.SIGKILL)
            break
    assert child.wait() == -signal.SIGKILL
    child.stdout.close()
    number = len(exhibits(mission))
    assert number > 6
    rest = keeping.check_fixity(mission)
    assert (rest.checked, rest.later, rest.unsound) == (number - 4, 4, ())


def test_a_part_waits_for_another_writer(mission):
    program = (
        "import sys, time, pathlib; from truceline.record.store import Record;"
        "r = Record.open(pathlib.Path(sys.argv[1])); print('open', flush=True); time.sleep(1.5)"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(mission / "record")], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout.readline() == "open\n"
    began = time.monotonic()
    found = keeping.check_fixity(mission)
    assert found.left == 0
    assert time.monotonic() - began > 0.5
    child.wait()
    child.stdout.close()
    assert keeping.check_fixity(mission).checked == 0


def test_a_copy_of_the_record_is_entered_once_as_a_transfer(mission, tmp_path):
    target = tmp_path / "copy"
    for _ in range(2):
        done = truceline("record", "copy", mission, target)
        assert done.exception is None, done.exception
    for folder in (mission, target):
        with Record.open(folder / "record", read_only=True) as record:
            (entry,) = record.entries(kind="custody")
        assert (entry.payload["act"], entry.payload["to"]) == ("transferred", str(target))
        assert entry.payload["exhibits"] == []  # every exhibit there was


def test_a_line_of_an_exhibit_is_shown_only_where_the_reading_can_be_entered(mission):
    run(mission)
    told = truceline("explain", "ka-01-a", "--mission", mission)
    assert "Four fresh craters" in told.output
    with Record.open(mission / "record", read_only=True) as record:
        (entry,) = record.entries(kind="custody")
        (sha256,) = entry.payload["exhibits"]
        assert record.acquisitions()[0]["sha256"] == sha256
        assert (entry.payload["act"], entry.payload["how"]) == ("accessed", "explain ka-01-a")
    with Record.open(mission / "record"):
        told = truceline("explain", "ka-01-a", "--mission", mission, "--json")
    assert "the reading could not be entered" in told.output
    assert "ka-01-a,patrol 1" not in told.output
