"""What is appended stays, reads back as it was known, and each refusal says what to do."""

import os
import sqlite3
import stat
from datetime import datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.model.errors import InputError, IntegrityError, RecordError
from truceline.record.store import Record
from truceline.tables.digest import evidence_digest


def test_a_new_record_names_its_mission_and_knows_nothing_yet(folder, make):
    assert not Record.exists(folder)
    with Record.create(folder, mission_id="easter", now=make.at) as record:
        (first,) = record.entries()
        assert (first.kind, first.payload) == ("mission", {"mission_id": "easter"})
        assert record.latest_known_at() is None
        assert record.table("observations").num_rows == 0
        assert record.head().size == 1
    assert Record.exists(folder)
    with pytest.raises(RecordError, match="stands here already"):
        Record.create(folder, mission_id="easter", now=make.at)


def test_entries_read_back_as_they_were_written(filled, make):
    with Record.open(filled, read_only=True) as record:
        kinds = [entry.kind for entry in record.entries()]
        assert kinds == ["mission", "batch", "notice", "reply", "batch", "ruling"]
        notice = list(record.entries())[2]
        assert notice.payload == {"to": "party:a", "lines": [1.5, None, "text"], "number": 0}
        assert (notice.actor, notice.sequence) == ("duty officer", 2)
        assert record.head().digest == list(record.entries())[-1].chain_hash
        assert record.table("observations")["observation_id"].to_pylist() == [
            f"o{i}" for i in range(8)
        ]


def test_the_same_material_gives_the_same_head_and_the_same_files(tmp_path, make):
    heads, files = [], []
    for name in ("one", "two"):
        with Record.create(tmp_path / name, mission_id="easter", now=make.at) as record:
            make.fill(record)
            heads.append(record.head())
        files.append(sorted(p.name for p in (tmp_path / name / "exhibits").glob("??/*")))
    assert heads[0] == heads[1]
    assert files[0] == files[1]


def test_a_row_is_known_from_its_own_instant_and_not_before(filled, make):
    with Record.open(filled, read_only=True) as record:
        counted = [
            record.table("observations", as_of=make.at + n * make.hour).num_rows
            for n in (-1, 0, 2, 8, 9)
        ]
        assert counted == [0, 1, 3, 5, 8]
        assert record.latest_known_at() == make.at + 10 * make.hour
        intake = [record.intake(as_of=make.at + n * make.hour) for n in (-1, 2, 9)]
        assert [(i.upstream, i.taken, i.refused) for i in intake] == [(0, 0, 0), (4, 3, 1), (9, 8, 1)]  # fmt: skip


def test_refused_rows_are_kept_with_file_line_and_reason(filled):
    with Record.open(filled, read_only=True) as record:
        (row,) = record.table("refusals").to_pylist()
    assert (row["file"], row["line"], row["reason"]) == ("a.csv", 9, "no date")
    assert (row["advice"], row["excerpt"]) == ("write one", "x,y")


def test_a_corrected_batch_is_no_longer_read_once_the_correction_is_known(filled, make):
    late = make.at + 20 * make.hour
    with Record.open(filled) as record:
        sources = [s["sha256"] for s in list(record.entries())[1].payload["sources"]]
        record.append_batches(
            {"observations": make.observations([late])},
            feed="observations", sources=sources, upstream=1, taken=1, refused=(), notes=(),
            received_at=late, actor="tester", entropy=make.entropy(), supersedes=1,
        )  # fmt: skip
        assert record.table("observations").num_rows == 4
        assert record.table("observations", as_of=make.at + 19 * make.hour).num_rows == 8
        assert len(list(record.entries())) == 7


def test_ingesting_the_same_files_again_is_recognised(filled):
    with Record.open(filled, read_only=True) as record:
        digest = list(record.entries())[1].payload["sources"][0]["sha256"]
        assert record.has_batch("observations", [digest])
        assert not record.has_batch("acled", [digest])
        assert not record.has_batch("observations", [digest, "0" * 64])


def test_exhibits_are_the_original_bytes_and_cannot_be_written(folder, make, tmp_path):
    original = tmp_path / "wave.bin"
    original.write_bytes(bytes(range(256)) * 9000)
    with Record.create(folder, mission_id="m", now=make.at) as record:
        exhibit = record.add_exhibit(
            original, name="wave.bin", acquired_by="patrol 3", how="memory card", at=make.at
        )
        assert record.exhibit_bytes(exhibit.sha256) == original.read_bytes()
        assert exhibit.size_bytes == 256 * 9000
    path = folder / "exhibits" / exhibit.sha256[:2] / exhibit.sha256[2:]
    assert stat.S_IMODE(path.stat().st_mode) == 0o444


def test_an_exhibit_is_synchronised_before_it_gets_its_name(folder, make, monkeypatch):
    done = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (done.append("synchronised"), real(handle))[1])
    with Record.create(folder, mission_id="m", now=make.at, fault=done.append) as record:
        done.clear()
        record.add_exhibit(b"x", name="x", acquired_by="a", how="b", at=make.at)
    whole = done.index("exhibit synchronised")
    assert done[whole - 1] == "synchronised"
    named = done.index("exhibit renamed")
    assert "synchronised" in done[named : done.index("exhibit settled")]
    assert done.index("exhibit settled") < done.index("acquisition begun") < done.index("committed")


def test_a_damaged_exhibit_is_not_handed_out_and_is_mended_when_it_comes_again(filled, make):
    with Record.open(filled) as record:
        digest = list(record.entries())[1].payload["sources"][0]["sha256"]
        path = filled / "exhibits" / digest[:2] / digest[2:]
        path.chmod(0o644)
        path.write_bytes(b"forged")
        with pytest.raises(IntegrityError, match="not to its name"):
            record.exhibit_bytes(digest)
        record.add_exhibit(b"first", name="a.csv", acquired_by="copy", how="again", at=make.at)
        assert record.exhibit_bytes(digest) == b"first"


def test_a_second_writer_is_turned_away_and_a_reader_is_not(filled):
    with Record.open(filled), Record.open(filled, read_only=True) as reader:
        with pytest.raises(RecordError, match="another program is writing") as error:
            Record.open(filled)
        assert "run the same command again" in str(error.value)
        assert len(list(reader.entries())) == 6
    with Record.open(filled) as record:
        assert record.head().size == 6


def test_a_reader_sees_what_a_writer_has_acknowledged(filled, make):
    with Record.open(filled) as writer, Record.open(filled, read_only=True) as reader:
        entry = writer.append(
            "notice", {}, known_at=make.at, recorded_at=make.at, actor="a", entropy=make.entropy()
        )
        assert reader.head().digest == entry.chain_hash


def test_a_reader_cannot_append(filled, make):
    with Record.open(filled, read_only=True) as record:
        with pytest.raises(RecordError, match="reading only"):
            record.append(
                "notice", {}, known_at=make.at, recorded_at=make.at, actor="a", entropy=bytes
            )
        with pytest.raises(RecordError, match="reading only"):
            record.add_exhibit(b"", name="a", acquired_by="a", how="b", at=make.at)


def test_a_clock_that_runs_backwards_is_accepted_and_noted(filled, make):
    early = make.at - timedelta(days=3)
    with Record.open(filled) as record:
        entry = record.append(
            "notice", {}, known_at=early, recorded_at=early, actor="a", entropy=make.entropy()
        )
        assert entry.clock_went_back
        assert record.verify().faults == ()
        assert [e.clock_went_back for e in record.entries()].count(True) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET kind = 'x' WHERE sequence = 2",
        "DELETE FROM entries WHERE sequence = 5",
        "INSERT OR REPLACE INTO entries SELECT * FROM entries WHERE sequence = 2",
        "INSERT INTO entries SELECT sequence + 9, kind, known_at, known_until, recorded_at, "
        "clock_went_back, supersedes, leaf_input, leaf_hash, previous_hash, chain_hash "
        "FROM entries WHERE sequence = 2",
        "UPDATE payloads SET payload = x'7b7d'",
        "REPLACE INTO payloads VALUES (2, 'a', 'b', x'7b7d')",
        "DELETE FROM salts",
        "REPLACE INTO salts SELECT sequence, field, x'00' FROM salts",
        "UPDATE secrets SET secret = x'00'",
        "DELETE FROM acquisitions",
        "REPLACE INTO acquisitions SELECT * FROM acquisitions WHERE number = 0",
    ],
)
def test_the_database_itself_refuses_to_change_what_stands(filled, statement):
    base = sqlite3.connect(filled / "log.sqlite")
    with pytest.raises(sqlite3.IntegrityError, match="the record only grows"):
        base.execute(statement)
    base.close()


def test_what_is_no_record_is_refused_by_name(tmp_path, filled):
    with pytest.raises(RecordError, match="there is no record here"):
        Record.open(tmp_path / "nowhere")
    with pytest.raises(RecordError, match="there is no record here"):
        Record.open(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    base = sqlite3.connect(other / "log.sqlite")
    base.execute("CREATE TABLE notes (a)")
    base.close()
    with pytest.raises(RecordError, match="not a Truceline log"):
        Record.open(other, read_only=True)
    base = sqlite3.connect(filled / "log.sqlite")
    base.execute("PRAGMA user_version = 9")
    base.close()
    with pytest.raises(RecordError, match="form 9"):
        Record.open(filled)


def test_a_payload_that_is_not_json_is_refused_and_nothing_is_written(filled, make):
    with Record.open(filled) as record:
        for bad in ({"at": make.at}, {"n": 2**60}, {"x": float("nan")}, {"t": "\ud800"}, {1: 2}):
            with pytest.raises(InputError, match="must be JSON"):
                record.append(
                    "notice", bad, known_at=make.at, recorded_at=make.at, actor="a", entropy=bytes
                )
        assert record.head().size == 6
        assert record.verify().faults == ()


@pytest.mark.parametrize("kind", ["batch", "mission"])
def test_the_records_own_kinds_cannot_be_appended(filled, make, kind):
    with Record.open(filled) as record, pytest.raises(InputError, match="use another word"):
        record.append(kind, {}, known_at=make.at, recorded_at=make.at, actor="a", entropy=bytes)


def test_what_does_not_fit_is_refused_with_its_name(filled, make):
    with Record.open(filled) as record:
        table = make.observations([make.at])
        with pytest.raises(InputError, match="is not in this record"):
            record.append_batch(
                "observations", table, feed="f", sources=["0" * 64],
                received_at=make.at, actor="a", entropy=bytes,
            )  # fmt: skip
        with pytest.raises(InputError, match="holds no tables"):
            record.append_batch(
                "rumours", table, feed="f", sources=[], received_at=make.at, actor="a",
                entropy=bytes,
            )  # fmt: skip
        with pytest.raises(InputError, match="holds no table"):
            record.table("rumours")
        words = pa.table({"observation_id": pa.array([[1]])})
        with pytest.raises(InputError, match=r"table observations does not fit"):
            record.append_batch(
                "observations", words, feed="f", sources=[], received_at=make.at, actor="a",
                entropy=bytes,
            )  # fmt: skip
        with pytest.raises(InputError, match="cannot be superseded"):
            record.append(
                "reply", {}, known_at=make.at, recorded_at=make.at, actor="a", entropy=bytes,
                supersedes=6,
            )  # fmt: skip
        with pytest.raises(InputError, match="has no time zone"):
            record.append(
                "reply", {}, known_at=datetime(2025, 4, 19), recorded_at=make.at, actor="a",
                entropy=bytes,
            )  # fmt: skip
        assert record.head().size == 6


def test_an_empty_batch_still_says_what_was_refused(folder, make):
    refused = [make.refused(file="a.csv", line=n, reason="torn", advice="") for n in (1, 2)]
    with Record.create(folder, mission_id="m", now=make.at) as record:
        make.add_batch(record, b"torn", make.observations([]), refused=refused)
        assert record.table("observations").num_rows == 0
        assert record.table("refusals")["line"].to_pylist() == [1, 2]
        assert record.latest_known_at() == make.at
        assert record.verify().faults == ()


def test_half_written_files_are_removed_with_a_notice(filled):
    part = filled / "exhibits" / "7.part"
    part.write_bytes(b"half")
    with Record.open(filled, read_only=True) as record:
        assert part.exists()
        assert any("half written" in notice for notice in record.verify().notices)
    with Record.open(filled) as record:
        assert not part.exists()
        assert "half written" in record.notices[0]
        assert record.verify().faults == ()


@settings(max_examples=8, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=4), min_size=1, max_size=4),
    st.randoms(use_true_random=False),
    st.integers(-1, 10),
)
def test_arrival_order_changes_the_head_and_not_the_evidence(
    tmp_path_factory, make, batches, random, hour
):
    """And entries that became known after an instant change nothing as of that instant."""
    order = list(range(len(batches)))
    random.shuffle(order)
    at = make.at + hour * make.hour
    digests, prefixes = [], []
    kept = [i for i in order if min(batches[i]) <= hour]
    for arrival in (range(len(batches)), order, kept):
        place = tmp_path_factory.mktemp("order") / "record"
        with Record.create(place, mission_id="m", now=make.at) as record:
            for i in arrival:
                rows = make.observations([make.at + n * make.hour for n in batches[i]], 10 * i)
                make.add_batch(record, bytes([i]), rows)
            digests.append(evidence_digest({"observations": record.table("observations")}))
            known = record.table("observations", as_of=at)
            prefixes.append((evidence_digest({"observations": known}), record.intake(as_of=at)))
    assert digests[0] == digests[1]
    assert prefixes[0] == prefixes[1] == prefixes[2]


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1, max_size=5).filter(
                lambda k: k not in ("batch", "mission")
            ),
            st.dictionaries(
                st.text(max_size=4),
                st.recursive(
                    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1)
                    | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
                    lambda inner: st.lists(inner, max_size=3)
                    | st.dictionaries(st.text(max_size=3), inner, max_size=3),
                    max_leaves=6,
                ),
                max_size=4,
            ),
        ),
        max_size=5,
    )
)  # fmt: skip
def test_any_json_reads_back_equal_and_verifies(tmp_path_factory, make, said):
    place = tmp_path_factory.mktemp("json") / "record"
    with Record.create(place, mission_id="m", now=make.at) as record:
        for kind, payload in said:
            record.append(
                kind, payload, known_at=make.at, recorded_at=make.at, actor="a",
                entropy=make.entropy(),
            )  # fmt: skip
    with Record.open(place, read_only=True) as record:
        assert [(e.kind, e.payload) for e in record.entries()][1:] == said
        assert record.verify().faults == ()


@pytest.mark.parametrize("code", ["SQLITE_FULL", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_WRITE"])
def test_a_full_disk_is_never_told_as_a_record_that_cannot_be_read(filled, code):
    full = sqlite3.OperationalError("disk I/O error")
    full.sqlite_errorname = code
    with (
        Record.open(filled) as record,
        pytest.raises(RecordError, match=r"could not be written.*Make room on that disk"),
        record._log.explained("read"),
    ):
        raise full
