"""What a server adds to the record: roles, a lock that dies with its connection, its own settings."""

from itertools import count

import psycopg
import pytest

from truceline.model.errors import RecordError
from truceline.record.postgresql_schema import COLUMNS
from truceline.record.store import Record

NUMBERS = count()


@pytest.fixture
def kept(folder, make, postgresql):
    """The folder of a filled record on the server, in a schema of its own."""
    folder.mkdir()
    name = f"guarded_{next(NUMBERS)}"
    (folder / "store.toml").write_text(postgresql.setting(name))
    with Record.create(folder, mission_id="easter", now=make.at) as record:
        make.fill(record)
    return folder, name, postgresql


def people(base, *statements):
    for statement in statements:
        base.execute(statement)


def faults(folder):
    with Record.open(folder, read_only=True) as record:
        return [fault.what for fault in record.verify().faults]


@pytest.mark.parametrize("table", sorted(COLUMNS))
def test_a_writer_may_append_and_nothing_else(kept, table):
    _, name, server = kept
    with server.connect() as base:
        people(base, f"SET search_path TO {name}", f"SET ROLE {name}_writer")
        first = COLUMNS[table][0][0]
        for statement in (
            f"UPDATE {table} SET {first} = 7",
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
            f"DROP TABLE {table}",
            f"ALTER TABLE {table} DISABLE TRIGGER ALL",
            f"CREATE TABLE {name}.other (a int)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                base.execute(statement)
        people(base, "RESET ROLE", f"SET ROLE {name}_reader")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            base.execute(f"INSERT INTO {table} SELECT * FROM {table}")


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("GRANT UPDATE ON entries TO {name}_writer", "the role {name}_writer may UPDATE entries"),
        ("GRANT INSERT ON salts TO {name}_reader", "the role {name}_reader may INSERT into salts"),
        ("ALTER TABLE entries DISABLE TRIGGER entries_next_only",
         "the trigger entries_next_only does not fire always"),
        ("CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
         "'BEGIN RETURN NEW; END'", "the function refuse_change has been changed"),
        ("ALTER TABLE payloads ADD COLUMN note text", "the table payloads has been changed"),
        ("ALTER TABLE salts DROP CONSTRAINT salts_pkey", "the key of table salts is missing"),
        ("CREATE VIEW other AS SELECT 1 AS a", "the table other is not ours"),
        ("ALTER TABLE secrets RENAME TO hidden", None),
    ],
)  # fmt: skip
def test_what_was_taken_from_the_schema_or_added_to_it_is_named(kept, statement, fault):
    folder, name, server = kept
    with server.connect() as base:
        people(base, f"SET search_path TO {name}", statement.format(name=name))
    found = faults(folder)
    if fault is None:
        assert any("does not exist" in what for what in found)
        with server.connect() as base:
            base.execute(f"ALTER TABLE {name}.hidden RENAME TO secrets")
        assert faults(folder) == []
    else:
        assert fault.format(name=name) in found


def test_an_office_without_the_servers_keys_begins_a_record_and_another_writes_it(
    folder, make, postgresql
):
    with postgresql.connect() as base:
        people(
            base, "CREATE ROLE head_of_office LOGIN CREATEROLE", "CREATE ROLE officer LOGIN",
            "GRANT CREATE ON DATABASE missions TO head_of_office",
        )  # fmt: skip
    folder.mkdir()
    setting = folder / "store.toml"
    setting.write_text(postgresql.setting("offices", user="officer"))
    with pytest.raises(RecordError, match="Ask the keeper of the server for the right"):
        Record.create(folder, mission_id="easter", now=make.at)
    setting.write_text(postgresql.setting("offices", user="head_of_office"))
    with Record.create(folder, mission_id="easter", now=make.at) as record:
        make.fill(record)
        assert record.verify().faults == ()
        # The owner's own session has put its rights aside.
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            record.parts[0]._base.execute("UPDATE entries SET kind = 'x'")
    setting.write_text(postgresql.setting("offices", user="officer"))
    with pytest.raises(RecordError, match="SCHEMA_writer"):
        Record.open(folder)
    with postgresql.connect() as base:
        people(base, "GRANT offices_writer TO officer")
    with Record.open(folder) as record:
        make.add_batch(record, b"third", make.observations([make.at]))
    with pytest.raises(RecordError, match="SCHEMA_reader"):
        Record.open(folder, read_only=True)


def test_a_password_comes_from_the_environment(kept, make, monkeypatch):
    folder, name, server = kept
    rules = server.folder / "data" / "pg_hba.conf"
    before = rules.read_text()
    with server.connect() as base:
        people(
            base, "CREATE ROLE sealed LOGIN PASSWORD 'spoken only'",
            f"GRANT {name}_writer TO sealed",
        )  # fmt: skip
        rules.write_text("host all sealed 127.0.0.1/32 scram-sha-256\n" + before)
        base.execute("SELECT pg_reload_conf()")
    (folder / "store.toml").write_text(server.setting(name, user="sealed"))
    try:
        monkeypatch.setenv("PGPASSWORD", "guessed")
        with pytest.raises(RecordError, match="password") as error:
            Record.open(folder)
        assert "guessed" not in str(error.value)
        monkeypatch.setenv("PGPASSWORD", "spoken only")
        with Record.open(folder) as record:
            assert record.head().size == 6
    finally:
        rules.write_text(before)
        with server.connect() as base:
            base.execute("SELECT pg_reload_conf()")


def test_a_writer_whose_connection_dies_writes_no_more_and_another_may(kept, make):
    folder, _, server = kept
    elsewhere = folder.parent / "elsewhere"
    (elsewhere / "exhibits").mkdir(parents=True)
    (elsewhere / "store.toml").write_text((folder / "store.toml").read_text())
    said = {"known_at": make.at, "recorded_at": make.at, "actor": "a", "entropy": bytes}
    with Record.open(folder) as record:
        with pytest.raises(RecordError, match="another program is writing to this record"):
            Record.open(elsewhere)
        with server.connect() as base:
            base.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE application_name = 'truceline'"
            )
        with pytest.raises(RecordError, match="nothing that was acknowledged is lost"):
            record.append("notice", {}, **said)
        with Record.open(elsewhere) as other:
            entry = other.append("notice", {}, **said)
            assert entry.sequence == 6
        with pytest.raises(RecordError, match="nothing that was acknowledged is lost"):
            record.append("notice", {}, **said)
    with Record.open(elsewhere, read_only=True) as other:
        assert other.head().digest == entry.chain_hash


def test_every_commit_waits_for_the_disk_and_a_server_that_does_not_is_told_of(kept):
    folder, _, server = kept
    with server.connect() as base:
        base.execute("ALTER DATABASE missions SET synchronous_commit = off")
    try:
        with Record.open(folder) as record:
            asked = record.parts[0]._base.execute("SHOW synchronous_commit").fetchone()
            assert asked == ("on",)
            # The server of these tests is started so, since nothing here outlives it.
            assert any("the server runs with fsync off" in notice for notice in record.notices)
    finally:
        with server.connect() as base:
            base.execute("ALTER DATABASE missions RESET synchronous_commit")


def test_a_server_that_is_not_there_is_told_with_what_to_do(folder):
    folder.mkdir()
    (folder / "store.toml").write_text(
        '[log]\nkept_in = "postgresql"\nhost = "127.0.0.1"\nport = 1\nschema = "a"\n'
    )
    with pytest.raises(RecordError, match="See that the server runs"):
        Record.exists(folder)
