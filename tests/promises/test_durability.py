"""What the record has acknowledged survives a power cut."""

import sqlite3
from datetime import UTC, datetime

from truceline.record.store import Record

NOW = datetime(2025, 4, 19, 15, 0, tzinfo=UTC)
FULL = 2  # https://www.sqlite.org/pragma.html#pragma_synchronous
OPENED = []


class Watched(sqlite3.Connection):
    """A connection that a test can still ask after the record has opened it."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        OPENED.append(self)


def test_no_entry_is_acknowledged_before_the_disk_has_it(tmp_path, monkeypatch):
    """In WAL mode only FULL synchronises the log at every commit."""
    connect = sqlite3.connect
    monkeypatch.setattr(
        sqlite3, "connect", lambda *a, **options: connect(*a, factory=Watched, **options)
    )
    with Record.create(tmp_path / "record", mission_id="m", now=NOW) as record:
        record.append(
            "notice", {"to": "A"}, known_at=NOW, recorded_at=NOW, actor="tester", entropy=bytes
        )
        writer = OPENED[-1]
        assert writer.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert writer.execute("PRAGMA synchronous").fetchone() == (FULL,)
    OPENED.clear()
