"""What the suite of stores asks each backend for: a place for a record, and a hand inside it."""

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa

from truceline.record import postgresql_schema, sqlite
from truceline.record.entry import Said
from truceline.record.store import Record
from truceline.tables.schemas import OBSERVATIONS, from_columns

AT = datetime(2025, 4, 19, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
_NUMBERS = count()


def entropy(size: int) -> bytes:
    return hashlib.shake_256(b"salts").digest(size)


def said(number: int, *, kind: str = "notice", **rest: Any) -> Said:
    at = AT + number * HOUR
    return Said(
        kind=kind, payload={"number": number, "to": "party:a", "lines": [1.5, None]},
        known_at=at, known_until=at, recorded_at=at, actor="duty officer", **rest,
    )  # fmt: skip


def observations(number: int, first: int = 0) -> pa.Table:
    known = [AT + row * HOUR for row in range(number)]
    columns = {
        "observation_id": [f"o{first + row}" for row in range(number)],
        "feed": "observations", "source": "patrol-1", "source_kind": "patrol", "root": "patrol-1",
        "known_at": known, "began": known, "ended": known, "is_date_only": [False] * number,
        "lat": [48.0 + 0.01 * row for row in range(number)], "lon": [37.5] * number,
        "direction": "undetermined", "stance": "none",
        "text": [f"shots near the mill, {first + row}" for row in range(number)],
    }  # fmt: skip
    return from_columns(OBSERVATIONS, columns, number)


def add_batch(record: Record, content: bytes, table: pa.Table) -> None:
    exhibit = record.add_exhibit(content, name="a.csv", acquired_by="tester", how="card", at=AT)
    record.append_batch(
        "observations", table, feed="observations", sources=[exhibit.sha256], received_at=AT,
        actor="tester", entropy=entropy,
    )  # fmt: skip


def fill(record: Record) -> None:
    """Two batches and four single entries, three of them by one commit."""
    add_batch(record, b"first", observations(5))
    record.append_many([said(0), said(1, kind="reply"), said(2)], entropy=entropy)
    add_batch(record, b"second", observations(3, 5))
    record.append_many([said(3, kind="ruling", supersedes=2)], entropy=entropy)


@dataclass(frozen=True, kw_only=True)
class SqliteStore:
    """Records whose log is a file."""

    root: Path
    own: str = "sqlite"
    triggers: tuple[str, ...] = tuple(
        name for name, sql in sqlite.SCHEMA.items() if "TRIGGER" in sql
    )
    changes: Sequence[str] = field(
        default=(
            "INSERT OR REPLACE INTO entries SELECT * FROM entries WHERE sequence = 2",
            "REPLACE INTO payloads VALUES (2, 'a', 'b', x'7b7d')",
            "REPLACE INTO salts SELECT sequence, field, x'00' FROM salts",
            "REPLACE INTO acquisitions SELECT * FROM acquisitions WHERE number = 0",
        )
    )

    def place(self) -> Path:
        """A folder for a new record."""
        folder = self.root / f"record-{next(_NUMBERS)}"
        folder.mkdir(parents=True)
        return folder

    def execute(self, folder: Path, *statements: str) -> None:
        """What one does who has the file in hand."""
        base = sqlite3.connect(folder / sqlite.NAME, isolation_level=None)
        try:
            for statement in statements:
                base.execute(statement)
        finally:
            base.close()

    def unguarded(self, folder: Path, *statements: str) -> None:
        """The same with the triggers taken away, and put back."""
        drop = [f"DROP TRIGGER {name}" for name in self.triggers]
        self.execute(folder, *drop, *statements, *(sqlite.SCHEMA[name] for name in self.triggers))

    def hexadecimal(self, content: bytes) -> str:
        return f"x'{content.hex()}'"

    def without_trigger(self, folder: Path) -> None:
        self.execute(folder, "DROP TRIGGER entries_refuse_delete")

    def of_another_form(self, folder: Path) -> None:
        self.execute(folder, "PRAGMA user_version = 9")


@dataclass(frozen=True, kw_only=True)
class PostgresqlStore:
    """Records whose log is on a server; each in a schema of its own."""

    root: Path
    server: Any
    own: str = "postgresql"
    exhibits: Callable[[str], str] = lambda name: ""
    changes: Sequence[str] = field(
        default=(
            "INSERT INTO entries SELECT * FROM entries WHERE sequence = 2 "
            "ON CONFLICT (sequence) DO UPDATE SET kind = 'x'",
            "TRUNCATE entries",
            "TRUNCATE salts, secrets",
            "INSERT INTO acquisitions SELECT 7, sha256, size_bytes, name, acquired_at, acquired_by, "
            "how FROM acquisitions",
            "SET session_replication_role = replica; DELETE FROM payloads",
        )
    )

    def place(self) -> Path:
        """A folder for a new record, which says where its log shall be."""
        name = f"record_{next(_NUMBERS)}"
        folder = self.root / name
        folder.mkdir(parents=True)
        (folder / "store.toml").write_text(self.server.setting(name) + self.exhibits(name))
        return folder

    def execute(self, folder: Path, *statements: str) -> None:
        """What one does who is the superuser of the server."""
        with self.server.connect() as base:
            base.execute(f"SET search_path TO {folder.name}")
            for statement in statements:
                base.execute(statement)

    def unguarded(self, folder: Path, *statements: str) -> None:
        """The same with the triggers taken away, and put back."""
        tables = postgresql_schema.COLUMNS
        off = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
        on = [f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER USER" for table in tables]
        names = postgresql_schema.triggers(folder.name)
        on = [f"ALTER TABLE {name.split('_')[0]} ENABLE ALWAYS TRIGGER {name}" for name in names]
        self.execute(folder, *off, *statements, *on)

    def hexadecimal(self, content: bytes) -> str:
        return f"'\\x{content.hex()}'::bytea"

    def without_trigger(self, folder: Path) -> None:
        self.execute(folder, "DROP TRIGGER entries_refuse_change ON entries")

    def of_another_form(self, folder: Path) -> None:
        self.execute(folder, f"COMMENT ON SCHEMA {folder.name} IS 'Truceline log, form 9'")
