"""Somebody with the files in hand changes them; the check names the first thing that is wrong."""

import hashlib
import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from truceline.model.errors import RecordError
from truceline.record.canonical import canonical, with_fields
from truceline.record.entry import chain_hash, commitment
from truceline.record.merkle import inclusion_proof, leaf_hash, root, root_from_inclusion
from truceline.record.rows import GROUPS, ROW_BYTES, row_leaves
from truceline.record.salts import salt
from truceline.record.sqlite import SCHEMA
from truceline.record.store import Record
from truceline.tables.row_form import encode


def tamper(folder: Path, *statements: str) -> None:
    """Change the log as one does who owns the file: drop the triggers, change, put them back."""
    base = sqlite3.connect(folder / "log.sqlite", isolation_level=None)
    triggers = {name: sql for name, sql in SCHEMA.items() if "TRIGGER" in sql}
    for name in triggers:
        base.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        assert base.execute(statement).rowcount != 0
    for sql in triggers.values():
        base.execute(sql)
    base.close()


def faults(folder: Path, **options) -> list[str]:
    with Record.open(folder, read_only=True) as record:
        return [f"{f.where}: {f.what}" for f in record.verify(**options).faults]


def exhibit_path(folder: Path, digest: str) -> Path:
    return folder / "exhibits" / digest[:2] / digest[2:]


def test_an_untouched_record_is_sound_and_says_what_was_checked(filled):
    with Record.open(filled, read_only=True) as record:
        said = []
        found = record.verify(said.append)
    assert found.is_sound
    assert (found.entries, found.rows, found.exhibits, found.notices) == (6, 9, 8, ())
    assert "every hash matches" in found.text()
    assert any("rows of a batch" in line for line in said)


@pytest.mark.parametrize("sequence", range(6))
@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("entries", "leaf_input"),
        ("entries", "leaf_hash"),
        ("entries", "previous_hash"),
        ("entries", "chain_hash"),
        ("payloads", "payload"),
    ],
)
def test_any_flipped_byte_of_an_entry_is_found_at_that_entry(filled, sequence, table, column):
    base = sqlite3.connect(filled / "log.sqlite")
    query = f"SELECT {column} FROM {table} WHERE sequence = {sequence}"
    content = base.execute(query).fetchone()[0]
    base.close()
    for at in (0, len(content) // 3, len(content) - 1):
        forged = bytearray(content)
        forged[at] ^= 1
        tamper(
            filled, f"UPDATE {table} SET {column} = x'{forged.hex()}' WHERE sequence = {sequence}"
        )
        assert faults(filled)[0].startswith(f"entry {sequence}")
        tamper(
            filled, f"UPDATE {table} SET {column} = x'{content.hex()}' WHERE sequence = {sequence}"
        )
        assert faults(filled) == []


def test_an_acquisition_that_no_entry_tells_is_noticed(filled):
    """The name and the hand that custody and fixity show: no commitment covers it."""
    with Record.open(filled, read_only=True) as record:
        (first, *_) = record.acquisitions()
    tamper(
        filled,
        "INSERT INTO acquisitions SELECT 99, sha256, size_bytes, 'their-tank.jpg', acquired_at, "
        "'party:west', how FROM acquisitions WHERE number = 0",
    )
    with Record.open(filled, read_only=True) as record:
        found = record.verify()
    digest = first["sha256"][:16]
    assert found.notices == (
        f"exhibit {digest} (their-tank.jpg) is said to be acquired by party:west, and no entry tells "
        "of it: nothing vouches for that",
    )


def test_a_number_whose_first_digit_went_into_its_salt_is_found(tmp_path, make):
    """Every hash is in order: salt and digit together are the bytes that were committed to."""
    folder = tmp_path / "record"
    with Record.create(folder, mission_id="m", now=make.at) as record:
        record.append(
            "notice", {"shells": 1204, "lat": -48.5}, known_at=make.at, recorded_at=make.at,
            actor="duty officer", entropy=lambda size: b"s" * size,
        )  # fmt: skip
    for pointer, before, after in (("shells", b"1204", b"204"), ("lat", b"-48.5", b"48.5")):
        tamper(
            folder,
            f"UPDATE payloads SET payload = CAST(replace(payload, '{before.decode()}', "
            f"'{after.decode()}') AS BLOB) WHERE sequence = 1",
            f"UPDATE salts SET salt = CAST(salt || '{before[:1].decode()}' AS BLOB) WHERE "
            f"sequence = 1 AND field = '/payload/{pointer}'",
        )
    said = faults(folder)
    assert len(said) == 2
    for each, pointer in zip(said, ("lat", "shells"), strict=True):
        assert each.startswith(f"entry 1: the salt of field /payload/{pointer} has 33 bytes")


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        ("UPDATE entries SET kind = 'reply' WHERE sequence = 2", "entry 2", "its kind, times"),
        ("UPDATE entries SET known_at = known_at - 1 WHERE sequence = 3", "entry 3", "its kind, times"),
        ("UPDATE entries SET recorded_at = recorded_at - 1 WHERE sequence = 3", "entry 3", "its kind, times"),
        ("UPDATE entries SET supersedes = NULL WHERE sequence = 5", "entry 5", "what it supersedes"),
        ("UPDATE entries SET supersedes = 1 WHERE sequence = 3", "entry 3", "what it supersedes"),
        ("UPDATE entries SET clock_went_back = 1 WHERE sequence = 4", "entry 4", "its kind, times"),
        ("UPDATE payloads SET actor = 'party:b' WHERE sequence = 2", "entry 2", "field /actor"),
        ("UPDATE payloads SET role = 'chair' WHERE sequence = 5", "entry 5", "field /role"),
        ("UPDATE payloads SET payload = CAST(payload || x'20' AS BLOB) WHERE sequence = 3", "entry 3", "not canonical"),
        ("DELETE FROM payloads WHERE sequence = 3", "entry 3", "lost its payload"),
        ("UPDATE salts SET salt = zeroblob(32) WHERE sequence = 3 AND field = '/payload/to'", "entry 3", "field /payload/to"),
        ("DELETE FROM salts WHERE sequence = 3 AND field = '/payload/to'", "entry 3", "the salt of field /payload/to is gone"),
        ("INSERT INTO salts VALUES (3, '/payload/more', zeroblob(32))", "entry 3", "never committed"),
        ("UPDATE secrets SET secret = zeroblob(32) WHERE sequence = 4", "entry 4, table observations", "row 0 (from 0): its 'row' columns"),
        ("DELETE FROM secrets WHERE sequence = 1 AND table_name = 'refusals'", "entry 1, table refusals", "secret of its salts is gone"),
        ("DELETE FROM entries WHERE sequence = 0", "entry 1", "entries 0 to 0 are missing"),
        ("DELETE FROM entries WHERE sequence IN (2, 3)", "entry 4", "entries 2 to 3 are missing"),
        ("UPDATE acquisitions SET acquired_by = 'somebody' WHERE number = 1", "entry 4", "no acquisition of exhibit"),
        ("DELETE FROM acquisitions WHERE number = 0", "entry 1", "no acquisition of exhibit"),
        ("INSERT INTO payloads VALUES (9, 'a', 'b', x'7b7d')", "log.sqlite", "payloads of entry 9 has no such entry"),
    ],
)  # fmt: skip
def test_the_first_broken_entry_is_named_with_what_is_wrong(filled, change, where, what):
    tamper(filled, change)
    first = faults(filled)[0]
    assert where in first
    assert what in first


def test_a_field_forged_together_with_its_commitment_is_found_by_the_leaf(filled):
    base = sqlite3.connect(filled / "log.sqlite")
    (leaf,) = base.execute("SELECT leaf_input FROM entries WHERE sequence = 2").fetchone()
    query = "SELECT salt FROM salts WHERE sequence = 2 AND field = '/actor'"
    (noise,) = base.execute(query).fetchone()
    base.close()
    forged = json.loads(leaf)
    forged["commitments"]["/actor"] = commitment(noise, canonical("somebody else"))
    tamper(
        filled,
        "UPDATE payloads SET actor = 'somebody else' WHERE sequence = 2",
        f"UPDATE entries SET leaf_input = x'{canonical(forged).hex()}' WHERE sequence = 2",
    )
    assert faults(filled) == ["entry 2: its leaf hash is not that of its leaf input"]


def test_two_entries_that_change_places_are_found(filled):
    for table in ("entries", "payloads", "salts"):
        tamper(
            filled,
            f"UPDATE {table} SET sequence = 1002 WHERE sequence = 2",
            f"UPDATE {table} SET sequence = 2 WHERE sequence = 3",
            f"UPDATE {table} SET sequence = 3 WHERE sequence = 1002",
        )
    assert faults(filled)[0].startswith("entry 2: its previous hash is not the chain's")


def test_dropped_or_altered_triggers_and_foreign_tables_are_named(filled):
    base = sqlite3.connect(filled / "log.sqlite", isolation_level=None)
    base.execute("DROP TRIGGER entries_refuse_delete")
    base.execute("DROP TRIGGER salts_refuse_update")
    base.execute("CREATE TRIGGER salts_refuse_update BEFORE UPDATE ON salts BEGIN SELECT 1; END")
    base.execute("CREATE TABLE extra (a)")
    base.close()
    found = " | ".join(faults(filled))
    assert "the trigger entries_refuse_delete is missing" in found
    assert "the trigger salts_refuse_update has been changed" in found
    assert "extra is not ours" in found


def test_every_flipped_byte_of_a_small_exhibit_and_some_of_each_file_are_found(filled):
    for path in sorted(filled.glob("exhibits/??/*")):
        digest = path.parent.name + path.name
        content = path.read_bytes()
        path.chmod(0o644)
        for at in sorted({*range(0, len(content), max(1, len(content) // 7)), len(content) - 1}):
            forged = bytearray(content)
            forged[at] ^= 0x40
            path.write_bytes(forged)
            assert any(
                digest in fault and "changed or cut off" in fault for fault in faults(filled)
            )
        path.write_bytes(content)
    assert faults(filled) == []


def test_lost_and_cut_exhibits_are_named_with_what_to_do(filled):
    with Record.open(filled, read_only=True) as record:
        said = list(record.entries())[1].payload["tables"]["observations"]
    rows = exhibit_path(filled, said["exhibit"])
    digests = exhibit_path(filled, said["commitments"])
    content = rows.read_bytes()
    rows.chmod(0o644)
    rows.write_bytes(content[: len(content) // 2])
    digests.unlink()
    with Record.open(filled, read_only=True) as record:
        found = record.verify()
        text = found.text()
        assert "cannot be read" in found.faults[0].what
        assert any(f"exhibit {said['commitments']} is missing" == f.what for f in found.faults)
        assert any("changed or cut off" in f.what for f in found.faults)
        assert "bring it back from a copy" in text
        with pytest.raises(RecordError, match="rows of table observations in entry 1"):
            record.table("observations")
    digests.write_bytes(b"short")
    assert "bytes of commitments" in faults(filled)[0]


def test_an_exhibit_that_no_entry_names_is_a_note_and_no_fault(filled):
    stray = hashlib.sha256(b"stray").hexdigest()
    path = exhibit_path(filled, stray)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"stray")
    with Record.open(filled, read_only=True) as record:
        found = record.verify()
    assert found.is_sound
    assert "no entry names it" in found.notices[0]


def test_a_truncated_or_torn_log_is_named(filled):
    path = filled / "log.sqlite"
    content = path.read_bytes()
    assert len(content) > 3 * 4096
    torn = bytearray(content)
    page = 4096 * 2
    torn[page : page + 512] = bytes(512)
    path.write_bytes(torn)
    assert "log.sqlite" in faults(filled)[0]
    path.write_bytes(content[:-4096])
    try:
        assert "log.sqlite" in faults(filled)[0]
    except RecordError as exc:
        assert "damaged" in str(exc)
    path.write_bytes(content)
    assert faults(filled) == []


def rewrite(folder: Path, sequence: int, payload: bytes) -> None:
    """Forge an entry and compute every later hash anew, as a keeper of the log could."""
    base = sqlite3.connect(folder / "log.sqlite", isolation_level=None)
    changes = []
    chain = None
    query = "SELECT sequence, leaf_input, leaf_hash, previous_hash FROM entries ORDER BY sequence"
    for at, leaf_input, leaf, previous in base.execute(query).fetchall():
        if at < sequence:
            continue
        if at == sequence:
            head = json.loads(leaf_input)
            for pointer, text in with_fields(json.loads(payload), "/payload")[1]:
                key = f"SELECT salt FROM salts WHERE sequence = {at} AND field = '{pointer}'"
                known = base.execute(key).fetchone()[0]
                head["commitments"][pointer] = commitment(known, text.encode())
            leaf_input = canonical(head)
            leaf = leaf_hash(leaf_input)
            changes.append(
                f"UPDATE entries SET leaf_input = x'{leaf_input.hex()}', leaf_hash = x'{leaf.hex()}' "
                f"WHERE sequence = {at}"
            )
            changes.append(
                f"UPDATE payloads SET payload = x'{payload.hex()}' WHERE sequence = {at}"
            )
        before = previous if chain is None else chain
        chain = chain_hash(before, leaf)
        changes.append(
            f"UPDATE entries SET previous_hash = x'{before.hex()}', chain_hash = x'{chain.hex()}' "
            f"WHERE sequence = {at}"
        )
    base.close()
    tamper(folder, *changes)


def test_a_history_written_anew_is_sound_in_itself_and_shown_by_a_head_kept_elsewhere(filled):
    with Record.open(filled, read_only=True) as record:
        noted = {entry.sequence + 1: entry.chain_hash for entry in record.entries()}
    assert faults(filled, known_heads=noted) == []
    forged = canonical({"lines": [1.5, None, "text"], "number": 1, "to": "party:b"})
    rewrite(filled, 3, forged)
    assert faults(filled) == []
    first = faults(filled, known_heads=noted)[0]
    assert first.startswith("entry 3: the head at 4 entries is")


def test_newest_entries_cut_off_are_shown_only_by_a_head_kept_elsewhere(filled):
    with Record.open(filled, read_only=True) as record:
        head = record.head()
    for table in ("entries", "payloads", "salts"):
        tamper(filled, f"DELETE FROM {table} WHERE sequence = 5")
    assert faults(filled) == []
    (only,) = faults(filled, known_heads={head.size: head.digest})
    assert "a head at 6 entries was noted, and the log has 5" in only


def test_one_row_is_proven_with_its_place_taken_out(filled):
    """From the entry's root: three revealed groups with their salts, one bare digest, one proof."""
    with Record.open(filled, read_only=True) as record:
        said = list(record.entries())[1].payload["tables"]["observations"]
        content = record.exhibit_bytes(said["commitments"])
        table = record.table("observations")[:5]
        secret = record._log.secrets(1)["observations"]
    by_row = np.frombuffer(content, np.uint8).reshape(-1, len(GROUPS), 32)
    leaves = row_leaves(by_row)
    assert root(leaves).hex() == said["row_root"]
    row, digests = 3, b""
    for index, group in enumerate(GROUPS):
        if group == "place":
            digests += by_row[row, index].tobytes()
            continue
        shown = encode(table.slice(row, 1).select(said["groups"][group])).content.tobytes()
        digests += hashlib.sha256(salt(secret, 4 * row + index) + shown).digest()
    assert len(digests) == ROW_BYTES
    proof = inclusion_proof(leaves, row)
    whole = root_from_inclusion(leaf_hash(digests), row, said["rows"], proof)
    assert whole is not None
    assert whole.hex() == said["row_root"]


def test_batches_over_several_chunks_verify_and_name_the_row_that_is_wrong(
    folder, make, monkeypatch
):
    rows = make.observations([make.at + timedelta(seconds=n) for n in range(70_000)])
    with Record.create(folder, mission_id="m", now=make.at) as record:
        entry = make.add_batch(record, b"many", rows)
        assert record.verify().faults == ()
        assert record.table("observations").equals(rows.set_column(
            rows.schema.get_field_index("known_at"), rows.schema.field("known_at"), rows["known_at"]
        ))  # fmt: skip
        digest = entry.payload["tables"]["observations"]["commitments"]
    path = exhibit_path(folder, digest)
    forged = bytearray(path.read_bytes())
    forged[66_001 * ROW_BYTES + 40] ^= 1
    path.chmod(0o644)
    path.write_bytes(forged)
    found = faults(folder)
    assert "do not lead to the root" in found[0]
    assert "row 66001 (from 0): its 'place' columns" in found[1]
