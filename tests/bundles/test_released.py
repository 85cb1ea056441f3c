"""A released bundle keeps the red lines, holds what was published alone, and is logged before it leaves."""

import csv
import json
import struct
from datetime import UTC, datetime
from pathlib import Path

import bagit
import pytest
from click.testing import CliRunner

from truceline.cli.main import group
from truceline.model.errors import PublicationError
from truceline.pipeline.bundled_release import moves_told, release_bundle
from truceline.pipeline.casework import look
from truceline.record.store import Record
from truceline.record.verifier import verify_bundle as verifier
from truceline.reports.coarsen import cells

CASE = "barrage"


@pytest.fixture(scope="module")
def released(mission, tmp_path_factory):
    out = tmp_path_factory.mktemp("released") / "bundle"
    return release_bundle(mission, CASE, "public", office="publisher", out=out, is_zipped=True)


@pytest.fixture(scope="module")
def bytes_of(released) -> dict[str, bytes]:
    files = [path for path in released.path.rglob("*") if path.is_file()]
    return {path.relative_to(released.path).as_posix(): path.read_bytes() for path in files}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_it_verifies_and_says_that_it_is_a_release(released, keys):
    for path in (released.path, released.zipped):
        checked = verifier.verified(path, keys, 0)
        assert checked.lines[0].endswith(": release, view public")
        assert len(checked.rows) == 3
    assert bagit.Bag(str(released.path)).validate()


def test_no_row_entry_or_exhibit_shows_what_it_must_not(released, bytes_of, keys):
    checked = verifier.verified(released.path, keys, 0)
    assert not any(name.startswith("data/exhibits/") for name in bytes_of)
    for row in checked.rows.values():
        assert row.values == {}
        assert set(row.removed) == set(verifier.GROUPS)
    shown = {
        (entry.kind, pointer) for entry in checked.entries.values() for pointer in entry.fields
    }
    assert not {p for k, p in shown if k == "case_move" and "/cites" in p}
    assert {k for k, _ in shown} == {"mission", "agreement", "batch", "bundle", "case_move"}


@pytest.mark.parametrize(
    "word",
    ["ka-01", "patrol 1", "Mr Smith", "crater;", "Four fresh", "30.3001", "30.3005", "39.975",
     "verifier-1", "observations.csv", "p-1", "barrage", "Ten shells"],
)  # fmt: skip
def test_no_word_of_the_record_is_in_any_byte(bytes_of, word):
    for name, content in bytes_of.items():
        if name != "verify_bundle.py":
            assert word.encode() not in content, name
            assert word.encode().hex().encode() not in content, name


def test_no_place_is_finer_than_its_cell(released, bytes_of):
    """Neither as text nor as eight bytes in hexadecimal, as rows would hold it."""
    for number in (30.3, -39.975, 30.3005, -39.9755):
        for form in (">d", "<d"):
            code = struct.pack(form, number).hex().encode()
            assert not [name for name, content in bytes_of.items() if code in content]
    import numpy as np

    for row in rows_of(released.path / "data/computed/rows.csv"):
        lat, lon = float(row["lat"]), float(row["lon"])
        middle = cells(np.array([lat]), np.array([lon]), 5_000.0)
        in_zone = "truce area" in row["place"]
        assert in_zone or (float(middle[0][0]), float(middle[1][0])) == (lat, lon)
        assert row["positions"] == row["p_real"] == ""


def test_times_are_whole_hours(released):
    for row in rows_of(released.path / "data/computed/rows.csv"):
        assert row["began"].endswith("00:00+00:00")
        assert row["ended"].endswith("00:00+00:00")


def test_numbers_are_those_of_the_publication_and_their_parts_are_proven(released, keys):
    numbers = json.loads((released.path / "data/numbers.json").read_text())
    listed = {row["act_id"] for row in rows_of(released.path / "data/computed/rows.csv")}
    acts = {part["what"] for n in numbers[:-1] for part in n["parts"]}
    assert acts == listed
    checked = verifier.verified(released.path, keys, 0)
    assert {ref for n in numbers for part in n["parts"] for ref in part["rows"]} == set(
        checked.rows
    )


def test_it_is_published_and_entered_before_it_leaves(released, mission):
    with Record.open(mission / "record", read_only=True) as record:
        entries = {each.sequence: each for each in record.entries()}
    bundle, publication = entries[released.entry], entries[released.entry - 1]
    assert (bundle.kind, publication.kind) == ("bundle", "publication")
    assert publication.actor == publication.payload["office"] == "publisher"
    assert publication.payload["what"]["kind"] == "case"
    (digest,) = publication.payload["documents"].values()
    assert digest == bundle.payload["contents"]
    assert bundle.payload["case"] == publication.payload["what"]["case"] != CASE


def test_the_same_release_tells_the_same_whenever_it_is_made(released, mission, tmp_path):
    again = release_bundle(mission, CASE, "public", office="publisher", out=tmp_path / "again")
    for name in ("rows", "outcomes", "answers"):
        one, other = (each.path / f"data/computed/{name}.csv" for each in (released, again))
        assert one.read_bytes() == other.read_bytes()


def test_nothing_leaves_before_the_delay_or_before_publication(mission, tmp_path):
    def left():
        """What the record says of anything that left; the text itself may be kept meanwhile."""
        with Record.open(mission / "record", read_only=True) as record:
            kinds = ("publication", "bundle", "custody")
            return [each.sequence for each in record.entries() if each.kind in kinds]

    before = left()
    early = datetime(2031, 5, 12, 9, tzinfo=UTC)
    with pytest.raises(PublicationError, match="nothing of case barrage had been published by"):
        release_bundle(mission, CASE, "public", office="publisher", as_of=early, out=tmp_path / "a")
    young = datetime(2031, 5, 20, tzinfo=UTC)
    with pytest.raises(PublicationError, match="a proof tells how many rows a batch has"):
        release_bundle(mission, CASE, "public", office="publisher", as_of=young, out=tmp_path / "a")
    with pytest.raises(PublicationError, match="holds no right to publish"):
        release_bundle(mission, CASE, "public", office="duty", out=tmp_path / "a")
    with pytest.raises(PublicationError, match="is not a party to"):
        release_bundle(mission, CASE, "party:NORTH", office="publisher", out=tmp_path / "a")
    assert not (tmp_path / "a").exists()
    assert left() == before


def test_a_stage_that_was_not_published_leaves_nothing(mission):
    """An attribution that was laid down before the facts were published stays inside."""
    work = look(mission)
    case = work.docket.cases[CASE]
    told = moves_told(case, work.moves)
    by_number = {move.sequence: move for move in work.moves}
    assert [by_number[n].kind for n in told] == [
        "open", "begin", "corroborate", "verify", "countersign", "publish",
    ]  # fmt: skip
    from dataclasses import replace

    verify = by_number[told[3]]
    planted = [
        replace(verify, kind="attribute", says={"outcome": ("attributed",), "party": ("WEST",)}),
        replace(verify, kind="countersign", says={"stage": ("attribution",)}),
        replace(verify, kind="vote", says={"choice": ("for",)}),
        replace(verify, kind="dissent", says={"stage": ("facts",)}),
        replace(verify, kind="reply", says={"stance": ("explains",)}),
        replace(verify, kind="start_clock", says={"name": ("clarify",)}),
    ]
    for move in planted:
        moves = [move if each.sequence == move.sequence else each for each in work.moves]
        assert move.sequence not in moves_told(case, moves), move.kind


def test_a_party_reads_the_same_rows_by_the_command_line(mission, released, tmp_path):
    words = ["bundle", str(mission), CASE, "--view", "party:EAST", "--as", "publisher", "--out",
             str(tmp_path / "east"), "--json"]  # fmt: skip
    done = CliRunner().invoke(group, words, standalone_mode=False)
    assert done.exception is None, done.exception
    told = json.loads(done.stdout)
    assert told["kind"] == "release"
    mine = tmp_path / "east" / "data" / "computed" / "rows.csv"
    assert mine.read_bytes() == (released.path / "data/computed/rows.csv").read_bytes()
    asked = rows_of(tmp_path / "east" / "data" / "computed" / "accusations.csv")
    assert {row["party"] for row in asked} == {"EAST"}, "what it is asked to answer, and no more"
    assert rows_of(released.path / "data/computed/accusations.csv") == []
