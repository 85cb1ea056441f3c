"""Every store answers the same questions alike: a file of SQLite, a server, objects in a bucket."""

import hashlib
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stores import (
    AT,
    HOUR,
    PostgresqlStore,
    SqliteStore,
    add_batch,
    entropy,
    fill,
    observations,
    said,
)

from truceline.model.errors import InputError, IntegrityError, RecordError
from truceline.record.entry import Said, Written, chain_hash
from truceline.record.merkle import leaf_hash
from truceline.record.store import Record

KINDS = ["mission", "batch", "notice", "reply", "notice", "batch", "ruling"]


@pytest.fixture(params=["sqlite", "postgresql", "postgresql and s3"])
def store(request, tmp_path, monkeypatch):
    if request.param == "sqlite":
        return SqliteStore(root=tmp_path)
    server = request.getfixturevalue("postgresql")
    if request.param == "postgresql":
        return PostgresqlStore(root=tmp_path, server=server)
    s3 = request.getfixturevalue("s3")
    for name, value in s3.environment.items():
        monkeypatch.setenv(name, value)
    return PostgresqlStore(root=tmp_path, server=server, exhibits=s3.setting)


@pytest.fixture
def filled(store) -> Path:
    folder = store.place()
    with Record.create(folder, mission_id="easter", now=AT) as record:
        fill(record)
    return folder


def faults(folder: Path) -> list[str]:
    with Record.open(folder, read_only=True) as record:
        return [f"{fault.where}: {fault.what}" for fault in record.verify().faults]


def test_a_new_record_names_its_mission_and_stands_once(store):
    folder = store.place()
    assert not Record.exists(folder)
    with pytest.raises(RecordError, match="there is no record here"):
        Record.open(folder)
    with Record.create(folder, mission_id="easter", now=AT) as record:
        (first,) = record.entries()
        assert (first.kind, first.payload) == ("mission", {"mission_id": "easter"})
    assert Record.exists(folder)
    with pytest.raises(RecordError, match="stands here already"):
        Record.create(folder, mission_id="easter", now=AT)


def test_every_store_gives_the_same_hashes_rows_and_exhibits(store, filled, tmp_path):
    plain = tmp_path / "plain"
    with Record.create(plain, mission_id="easter", now=AT) as record:
        fill(record)
        wanted = (record.head(), list(record.entries()), record.acquisitions())
        rows, exhibits = record.table("observations"), record.parts[1].digests()
    with Record.open(filled, read_only=True) as record:
        assert (record.head(), list(record.entries()), record.acquisitions()) == wanted
        assert record.table("observations").equals(rows)
        assert record.parts[1].digests() == exhibits
        found = record.verify()
    assert (found.faults, found.notices) == ((), ())
    assert (found.entries, found.exhibits, found.rows) == (7, 6, 8)


def test_entries_come_back_in_order_by_kind_and_from_a_place_on(filled):
    with Record.open(filled, read_only=True) as record:
        log, _ = record.parts
        stored = list(log.stored())
        assert [one.kind for one in stored] == KINDS
        assert [one.sequence for one in log.stored(kind="notice")] == [2, 4]
        assert list(log.stored(from_sequence=5)) == stored[5:]
        assert list(log.leaf_hashes(from_sequence=2)) == [one.leaf_hash for one in stored[2:]]
        chain = bytes(32)
        for one in stored:
            assert one.leaf_hash == leaf_hash(one.leaf_input)
            assert (one.previous_hash, one.chain_hash) == (chain, chain_hash(chain, one.leaf_hash))
            chain = one.chain_hash
        assert log.last() == (7, chain, stored[-1].recorded_at)
        assert set(log.secrets(1)) == {"observations"}
        assert log.secrets(2) == {}
        assert list(log.salts(2)) == [
            "/actor", "/payload/lines/0", "/payload/lines/1", "/payload/number", "/payload/to", "/role",
        ]  # fmt: skip
        assert log.latest_known(without="mission") == max(one.known_until for one in stored[1:])
        for one, whole in zip(stored, log.whole(), strict=True):
            salts, secrets = log.salts(one.sequence), log.secrets(one.sequence)
            assert (whole.stored, whole.salts, whole.secrets) == (one, salts, secrets)
        assert log.strays() == []
        assert log.faults_of_form() == []


def test_a_long_log_is_read_whole(store):
    """Longer than what a server is asked for at once."""
    folder = store.place()
    with Record.create(folder, mission_id="m", now=AT) as record:
        record.append_many([said(0) for _ in range(5000)], entropy=bytes)
        assert [entry.sequence for entry in record.entries()] == list(range(5001))
        assert len(list(record.parts[0].leaf_hashes())) == 5001


def test_many_entries_are_written_by_one_commit_or_not_at_all(filled):
    commits = []
    with Record.open(filled, fault=commits.append) as record:
        head = record.head()
        commits.clear()
        with pytest.raises(InputError, match="must be JSON"):
            record.append_many([said(4), replace(said(5), payload={"at": AT})], entropy=entropy)
        with pytest.raises(InputError, match="use another word"):
            record.append_many([said(4), said(5, kind="batch")], entropy=entropy)
        with pytest.raises(InputError, match="cannot be superseded"):
            record.append_many([said(4), said(5, supersedes=8)], entropy=entropy)
        assert (record.head(), commits) == (head, [])
        assert record.append_many([], entropy=entropy) == []
        written = record.append_many([said(4), said(5, supersedes=7)], entropy=entropy)
        assert [entry.sequence for entry in written] == [7, 8]
        assert commits.count("committed") == 1
        assert list(record.entries())[-2:] == written
    assert faults(filled) == []


def test_what_fails_at_any_point_of_a_write_leaves_the_log_as_it_was(store, filled):
    class StoppedError(Exception):
        pass

    points: list[str] = []
    with Record.open(filled, fault=points.append) as record:
        record.append_many([said(6), said(7)], entropy=entropy)
        head = record.head()
    assert points[-1] == "committed"
    for at in range(len(points) - 1):
        passed = []

        def fault(name, passed=passed, at=at):
            if len(passed) == at:
                raise StoppedError(name)
            passed.append(name)

        with Record.open(filled, fault=fault) as record:
            with pytest.raises(StoppedError):
                record.append_many([said(8), said(9)], entropy=entropy)
            assert record.head() == head
            passed.extend(points)
            # And the log takes the next one.
            (entry,) = record.append_many([said(8)], entropy=entropy)
            head = record.head()
            assert head.digest == entry.chain_hash
    assert faults(filled) == []


def test_a_second_writer_is_turned_away_and_a_reader_is_not(filled):
    with Record.open(filled) as writer, Record.open(filled, read_only=True) as reader:
        with pytest.raises(RecordError, match="another program is writing to this record") as error:
            Record.open(filled)
        assert "run the same command again" in str(error.value)
        (entry,) = writer.append_many([said(4)], entropy=entropy)
        assert reader.head().digest == entry.chain_hash
    with Record.open(filled) as record:
        assert record.head().size == 8


def test_a_reader_can_write_nothing(filled):
    with Record.open(filled, read_only=True) as record:
        with pytest.raises(RecordError, match="reading only"):
            record.append_many([said(4)], entropy=entropy)
        log, _ = record.parts
        (again,) = log.stored(from_sequence=6)
        with pytest.raises(RecordError, match="nothing that was acknowledged is lost"):
            log.append([Written(again._replace(sequence=7), {}, {})])
        assert record.head().size == 7


def test_a_clock_that_runs_backwards_is_accepted_and_noted(filled):
    with Record.open(filled) as record:
        early, late = record.append_many([said(-99), said(9)], entropy=entropy)
        assert (early.clock_went_back, late.clock_went_back) == (True, False)
        assert record.append_many([said(8)], entropy=entropy)[0].clock_went_back
    assert faults(filled) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET kind = 'x' WHERE sequence = 2",
        "DELETE FROM entries WHERE sequence = 6",
        "UPDATE payloads SET actor = 'x'",
        "DELETE FROM salts",
        "UPDATE secrets SET table_name = 'x'",
        "DELETE FROM acquisitions",
        "INSERT INTO entries SELECT sequence + 9, kind, known_at, known_until, recorded_at, "
        "clock_went_back, supersedes, leaf_input, leaf_hash, previous_hash, chain_hash "
        "FROM entries WHERE sequence = 2",
    ],
)
def test_the_database_refuses_to_change_what_stands_whoever_asks(store, filled, statement):
    for refused in (statement, *store.changes):
        with pytest.raises(Exception, match="the record only grows"):
            store.execute(filled, refused)
    assert faults(filled) == []


def test_what_another_hand_changed_is_named(store, filled):
    store.unguarded(filled, f"UPDATE payloads SET payload = {store.hexadecimal(b'{}')} WHERE sequence = 2")  # fmt: skip
    assert "entry 2: field /payload/to is gone" in faults(filled)


def asked(log, monkeypatch):
    """How often the log is asked for rows."""
    count, rows = [], type(log)._rows

    def counted(self, query, *values):
        count.append(query)
        return rows(self, query, *values)

    monkeypatch.setattr(type(log), "_rows", counted)
    return count


def test_every_store_is_verified_alike_and_salts_are_asked_for_a_page_at_a_time(
    store, tmp_path, monkeypatch
):
    """The same damage to the same log gives the same words, and no entry costs a question of its own."""
    plain, made = SqliteStore(root=tmp_path / "plain"), {}
    for one in (plain, store):
        folder = one.place()
        with Record.create(folder, mission_id="m", now=AT) as record:
            fill(record)
            record.append_many([said(4) for _ in range(2500)], entropy=entropy)
        one.unguarded(
            folder,
            "UPDATE salts SET salt = " + one.hexadecimal(bytes(32)) + " WHERE sequence = 1200",
            "DELETE FROM salts WHERE sequence = 1999",
            "DELETE FROM payloads WHERE sequence = 2001",
            "DELETE FROM salts WHERE sequence = 2002 AND field = "
            + ("'/role'" if one.own == "sqlite" else "'/role'::bytea"),
            "DELETE FROM acquisitions WHERE number = 1",
        )
        with Record.open(folder, read_only=True) as record, monkeypatch.context() as patch:
            count = asked(record.parts[0], patch)
            found = record.verify()
            made[one] = (
                [(f.where, f.what, f.advice) for f in found.faults if f.where.startswith("entry")],
                (found.entries, found.rows, found.exhibits, found.head, found.notices),
            )
        assert len(count) < 60
    assert made[plain] == made[store]
    where = [each[0] for each in made[store][0]]
    assert [where.count(f"entry {n}") for n in (1200, 1999, 2001, 2002)] == [6, 6, 1, 1]
    assert "entry 5" in where  # its acquisition
    assert len(where) == 15


def test_an_entry_that_was_dropped_is_named(store, filled):
    store.unguarded(filled, "DELETE FROM entries WHERE sequence = 3")
    found = faults(filled)
    assert "entry 4: entries 3 to 3 are missing before it" in found
    assert any("payloads of entry 3 has no such entry" in fault for fault in found)


def test_an_entry_that_was_back_dated_is_named(store, filled):
    store.unguarded(filled, "UPDATE entries SET known_at = known_at - 1 WHERE sequence = 2")
    assert any("are not those of its leaf input" in fault for fault in faults(filled))


def test_a_guard_that_was_taken_away_is_named(store, filled):
    store.without_trigger(filled)
    assert any(
        re.search(r"the trigger entries_refuse_\w+ is missing", each) for each in faults(filled)
    )


def test_a_log_of_another_form_is_refused(store, filled):
    store.of_another_form(filled)
    with pytest.raises(RecordError, match="form 9"):
        Record.open(filled, read_only=True)


def test_text_that_some_store_could_not_keep_is_refused_by_all(filled):
    with Record.open(filled) as record:
        for bad in (said(4, role="a\0"), replace(said(4), actor="\ud800"), said(4, kind="\0")):
            with pytest.raises(InputError, match="holds a character that no text may"):
                record.append_many([bad], entropy=entropy)
        with pytest.raises(InputError, match="holds a character that no text may"):
            record.add_exhibit(b"x", name="a\0b", acquired_by="a", how="b", at=AT)


PAYLOADS = st.dictionaries(
    st.text(max_size=4),
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1)
        | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=6,
    ),
    max_size=4,
)  # fmt: skip


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(PAYLOADS, min_size=1, max_size=5))
def test_any_json_reads_back_equal_and_verifies(store, payloads):
    folder = store.place()
    long = {"k" * 9000: "a key longer than an index takes", "\0": "and one with NUL"}
    sayings = [
        Said(kind="notice", payload=payload, known_at=AT, known_until=AT, recorded_at=AT, actor="a")
        for payload in (*payloads, long)
    ]
    with Record.create(folder, mission_id="m", now=AT) as record:
        record.append_many(sayings, entropy=entropy)
    with Record.open(folder, read_only=True) as record:
        assert [entry.payload for entry in record.entries()][1:] == [*payloads, long]
        assert record.verify().faults == ()


def test_rows_are_known_from_their_own_instants(filled):
    with Record.open(filled, read_only=True) as record:
        counted = [
            record.table("observations", as_of=AT + n * HOUR).num_rows for n in (-1, 0, 2, 4)
        ]
    assert counted == [0, 2, 6, 8]


def test_exhibits_are_kept_once_and_never_handed_out_damaged(store, filled, request):
    with Record.open(filled) as record:
        _, exhibits = record.parts
        digest = hashlib.sha256(b"first").hexdigest()
        assert record.exhibit_bytes(digest) == b"first"
        with exhibits.opened(digest) as file:
            file.seek(2)
            assert file.read() == b"rst"
        before = exhibits.digests()
        record.add_exhibit(b"first", name="again.csv", acquired_by="b", how="c", at=AT)
        assert exhibits.digests() == before
        missing = "0" * 64
        for ask in (exhibits.read, exhibits.opened, exhibits.digest_of):
            with pytest.raises(RecordError, match="bring it back from a copy"):
                ask(missing)
        forge(exhibits, digest, filled, request)
        with pytest.raises(IntegrityError, match="not to its name"):
            record.exhibit_bytes(digest)
        (fault,) = record.verify().faults
        assert "changed or cut off" in fault.what
        record.add_exhibit(b"first", name="a.csv", acquired_by="copy", how="again", at=AT)
        assert record.exhibit_bytes(digest) == b"first"
        assert record.verify().faults == ()


def forge(exhibits, digest, folder, request):
    """Put other bytes where an exhibit is."""
    if exhibits.where(digest).startswith("s3://"):
        import obstore

        obstore.put(exhibits._store, f"{digest[:2]}/{digest[2:]}", b"forged")
        return
    path = folder / "exhibits" / digest[:2] / digest[2:]
    path.chmod(0o644)
    path.write_bytes(b"forged")


def test_a_large_exhibit_comes_back_whole(store):
    folder = store.place()
    content = bytes(range(256)) * 40_000
    with Record.create(folder, mission_id="m", now=AT) as record:
        exhibit = record.add_exhibit(content, name="a", acquired_by="b", how="c", at=AT)
        assert (exhibit.size_bytes, record.exhibit_bytes(exhibit.sha256)) == (len(content), content)
        add_batch(record, b"x", observations(2000))
        assert record.table("observations").num_rows == 2000
        assert list(folder.glob("exhibits/*.part")) == []
