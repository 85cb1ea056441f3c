"""The log in one SQLite file that only grows. The only module that speaks to SQLite.

Payloads and salts stand apart from the entries that commit to them, so that a redaction can take
them out without touching a hash. Triggers refuse every change and deletion, and every insertion
that is not the next one; a person with the file in hand can drop them, which `verify` notices.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from truceline.model.errors import RecordError
from truceline.record.entry import NO_HASH, Stored, Written
from truceline.record.exhibits import sync_folder
from truceline.record.log import Acquisition, Fault

APPLICATION_ID = 0x54524C52  # "TRLR", so that `file` and other tools can tell
USER_VERSION = 1
NAME = "log.sqlite"

_TABLES = {
    "entries": """CREATE TABLE entries (
    sequence INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    known_at INTEGER NOT NULL,
    known_until INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    clock_went_back INTEGER NOT NULL,
    supersedes INTEGER,
    leaf_input BLOB NOT NULL,
    leaf_hash BLOB NOT NULL,
    previous_hash BLOB NOT NULL,
    chain_hash BLOB NOT NULL
) STRICT""",
    "payloads": """CREATE TABLE payloads (
    sequence INTEGER PRIMARY KEY,
    actor TEXT NOT NULL,
    role TEXT NOT NULL,
    payload BLOB NOT NULL
) STRICT""",
    "salts": """CREATE TABLE salts (
    sequence INTEGER NOT NULL,
    field TEXT NOT NULL,
    salt BLOB NOT NULL,
    PRIMARY KEY (sequence, field)
) STRICT, WITHOUT ROWID""",
    "secrets": """CREATE TABLE secrets (
    sequence INTEGER NOT NULL,
    table_name TEXT NOT NULL,
    secret BLOB NOT NULL,
    PRIMARY KEY (sequence, table_name)
) STRICT, WITHOUT ROWID""",
    "acquisitions": """CREATE TABLE acquisitions (
    number INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    name TEXT NOT NULL,
    acquired_at TEXT NOT NULL,
    acquired_by TEXT NOT NULL,
    how TEXT NOT NULL
) STRICT""",
}
# REPLACE deletes without asking the triggers on DELETE, so every insertion is checked as well.
_TAKEN = {
    "entries": "NEW.sequence IS NOT (SELECT COALESCE(MAX(sequence) + 1, 0) FROM entries)",
    "payloads": "NEW.sequence IN (SELECT sequence FROM payloads)",
    "salts": "EXISTS (SELECT 1 FROM salts WHERE sequence = NEW.sequence AND field = NEW.field)",
    "secrets": "EXISTS (SELECT 1 FROM secrets WHERE sequence = NEW.sequence "
    "AND table_name = NEW.table_name)",
    "acquisitions": "NEW.number IS NOT (SELECT COALESCE(MAX(number) + 1, 0) FROM acquisitions)",
}


def _triggers() -> dict[str, str]:
    found = {}
    for table, taken in _TAKEN.items():
        refuse = (
            f"BEGIN SELECT RAISE(ABORT, 'the record only grows: {table} cannot be changed'); END"
        )
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_refuse_{verb.lower()}"
            found[name] = f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {refuse}"
        name = f"{table}_refuse_insert"
        found[name] = f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN {taken} {refuse}"
    return found


SCHEMA: Mapping[str, str] = {**_TABLES, **_triggers()}
"""Name to the statement that makes it, as SQLite keeps it."""


class SqliteLog:
    """An open log in a file.

    Parameters
    ----------
    folder
        The record's folder.
    read_only
        Open without the right to write.
    fault
        Called with the name of each point at which a write may be cut off; tests die there.

    Raises
    ------
    RecordError
        The file is not there, is not a log, or is of a version that this software does not know.
    """

    def __init__(
        self, folder: Path, *, read_only: bool = False, fault: Fault = lambda _: None
    ) -> None:
        self.path = folder / NAME
        self.where = str(self.path)
        self.notices: tuple[str, ...] = ()
        self._fault = fault
        if not self.path.is_file():
            msg = f"{self.path}: there is no record here; `truceline ingest MISSION` begins one"
            raise RecordError(msg)
        with self.explained("opened"):
            self._base = _connect(self.path, read_only)
            self._check_form()
            if not read_only:
                self._base.execute("PRAGMA journal_mode = WAL")
                self._base.execute("PRAGMA synchronous = FULL")

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()

    def _check_form(self) -> None:
        found = self._base.execute("PRAGMA application_id").fetchone()[0]
        version = self._base.execute("PRAGMA user_version").fetchone()[0]
        if found != APPLICATION_ID:
            msg = f"{self.path}: this is not a Truceline log (application id {found:#x}); name the folder of a record"
            raise RecordError(msg)
        if version != USER_VERSION:
            msg = f"{self.path}: the log has form {version}; this software reads form {USER_VERSION}: use a newer one"
            raise RecordError(msg)

    @contextmanager
    def explained(self, what: str) -> Iterator[None]:
        """Turn the database's errors into ones that say what was not done, and what to do.

        Raises
        ------
        RecordError
            For every error of the database.
        """
        try:
            yield
        except sqlite3.Error as exc:
            code = getattr(exc, "sqlite_errorname", "")
            # A log is read with help of files beside it: where those find no room, nothing is amiss
            # with what is to be read.
            done = "written" if code.startswith(_NO_ROOM) else what
            msg = (
                f"{self.path}: could not be {done}: {exc}; nothing that was acknowledged is lost. "
                f"{_advice(exc)}"
            )
            raise RecordError(msg) from exc

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self.explained("written"):
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._fault("commit about to begin")
                self._base.execute("COMMIT")
            except BaseException:
                if self._base.in_transaction:
                    self._base.execute("ROLLBACK")
                raise
        self._fault("committed")

    def append(self, entries: Sequence[Written]) -> None:
        """Write entries by one commit; when this returns, all of them are on disk.

        Raises
        ------
        RecordError
            They could not be written: the log is as it was before.
        """
        with self._transaction():
            self._fault("entry begun")
            _insert(self._base, entries, self._fault)

    def acquire(self, acquisitions: Sequence[Acquisition]) -> None:
        """Write who acquired exhibits, by one commit; when this returns, it is on disk."""
        with self._transaction():
            self._fault("acquisition begun")
            self._base.executemany(
                "INSERT INTO acquisitions SELECT COALESCE(MAX(number) + 1, 0), ?,?,?,?,?,? "
                "FROM acquisitions",
                acquisitions,
            )
            self._fault("acquisition inserted")

    def acquisitions(self) -> list[dict[str, Any]]:
        """Every acquisition, in order."""
        columns = Acquisition._fields
        found = self._rows(f"SELECT {', '.join(columns)} FROM acquisitions ORDER BY number")
        return [dict(zip(columns, row, strict=True)) for row in found]

    def last(self) -> tuple[int, bytes, int]:
        """How many entries, the chain's hash, and when the last was recorded (microseconds)."""
        found = self._rows(
            "SELECT sequence + 1, chain_hash, recorded_at FROM entries "
            "ORDER BY sequence DESC LIMIT 1"
        )
        for size, chain, recorded_at in found:
            return size, chain, recorded_at
        return 0, NO_HASH, 0

    def stored(self, *, kind: str | None = None, from_sequence: int = 0) -> Iterator[Stored]:
        """Entries in order, as the tables hold them."""
        query = (
            "SELECT e.sequence, kind, known_at, known_until, recorded_at, clock_went_back, "
            "supersedes, leaf_input, leaf_hash, previous_hash, chain_hash, actor, role, payload "
            "FROM entries e LEFT JOIN payloads p ON p.sequence = e.sequence "
            "WHERE e.sequence >= ? AND (? IS NULL OR kind = ?) ORDER BY e.sequence"
        )
        with self.explained("read"):
            for row in self._base.execute(query, (from_sequence, kind, kind)):
                yield Stored(*row)

    def whole(self, *, from_sequence: int = 0) -> Iterator[Written]:
        """Entries in order, with their salts and secrets."""
        for one in self.stored(from_sequence=from_sequence):
            yield Written(one, self.salts(one.sequence), self.secrets(one.sequence))

    def leaf_hashes(self, *, from_sequence: int = 0) -> Iterator[bytes]:
        """The leaf hash of each entry, in order."""
        query = "SELECT leaf_hash FROM entries WHERE sequence >= ? ORDER BY sequence"
        with self.explained("read"):
            for (leaf,) in self._base.execute(query, (from_sequence,)):
                yield leaf

    def salts(self, sequence: int) -> dict[str, bytes]:
        """Field to salt, of one entry."""
        query = "SELECT field, salt FROM salts WHERE sequence = ? ORDER BY field"
        return dict(self._rows(query, (sequence,)))

    def salts_between(self, first: int, last: int) -> dict[int, dict[str, bytes]]:
        """Field to salt, of each entry from `first` to `last`; of one without salts nothing."""
        query = (
            "SELECT sequence, field, salt FROM salts WHERE sequence BETWEEN ? AND ? "
            "ORDER BY sequence, field"
        )
        found: dict[int, dict[str, bytes]] = defaultdict(dict)
        for at, field, salt in self._rows(query, (first, last)):
            found[at][field] = salt
        return found

    def secrets(self, sequence: int) -> dict[str, bytes]:
        """Table name to the secret of its salts, of one batch."""
        query = "SELECT table_name, secret FROM secrets WHERE sequence = ? ORDER BY table_name"
        return dict(self._rows(query, (sequence,)))

    def strays(self) -> list[str]:
        """What stands in a table without an entry that it belongs to."""
        return [
            f"{table} of entry {sequence}"
            for table in ("payloads", "salts", "secrets")
            for (sequence,) in self._rows(
                f"SELECT DISTINCT sequence FROM {table} WHERE sequence NOT IN "
                "(SELECT sequence FROM entries) ORDER BY sequence"
            )
        ]

    def latest_known(self, without: str) -> int | None:
        """The greatest `known_until` of entries that are not of the kind `without`."""
        query = "SELECT MAX(known_until) FROM entries WHERE kind <> ?"
        found: int | None = self._rows(query, (without,))[0][0]
        return found

    def faults_of_form(self) -> list[str]:
        """What SQLite finds broken in the file, and what is not as this software made it."""
        found = [str(row[0]) for row in self._rows("PRAGMA integrity_check(5)")]
        broken = [] if found == ["ok"] else found
        here = dict(self._rows("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        for name, statement in SCHEMA.items():
            if here.get(name) != statement:
                state = "has been changed" if name in here else "is missing"
                kind = "trigger" if "TRIGGER" in statement else "table"
                broken.append(f"the {kind} {name} {state}")
        broken.extend(f"{name} is not ours" for name in sorted(here.keys() - SCHEMA.keys()))
        return broken

    def _rows(self, query: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        with self.explained("read"):
            return self._base.execute(query, values).fetchall()


def begin(folder: Path, first: Written, fault: Fault = lambda _: None) -> None:
    """Make a log of one entry: whole under its name, or not there at all."""
    new = folder / f"{NAME}.new"
    new.unlink(missing_ok=True)
    base = sqlite3.connect(new, isolation_level=None)
    try:
        base.execute("PRAGMA synchronous = FULL")
        base.execute("BEGIN")
        for statement in SCHEMA.values():
            base.execute(statement)
        base.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        base.execute(f"PRAGMA user_version = {USER_VERSION}")
        fault("log begun")
        _insert(base, [first], fault)
        base.execute("COMMIT")
    except sqlite3.Error as exc:
        msg = f"{folder}: no record can be made here: {exc}; {_advice(exc)}"
        raise RecordError(msg) from exc
    finally:
        base.close()
    fault("log written")
    new.replace(folder / NAME)
    fault("log renamed")
    sync_folder(folder)
    fault("log settled")


def _insert(base: sqlite3.Connection, entries: Sequence[Written], fault: Fault) -> None:
    base.executemany(
        "INSERT INTO entries VALUES (?,?,?,?,?,?,?,?,?,?,?)", [one.stored[:11] for one in entries]
    )
    fault("entry inserted")
    said = [(one.stored.sequence, *one.stored[11:]) for one in entries]
    base.executemany("INSERT INTO payloads VALUES (?,?,?,?)", said)
    fault("payload inserted")
    salts = [
        (one.stored.sequence, field, salt) for one in entries for field, salt in one.salts.items()
    ]
    base.executemany("INSERT INTO salts VALUES (?,?,?)", salts)
    hidden = [
        (one.stored.sequence, name, key) for one in entries for name, key in one.secrets.items()
    ]
    base.executemany("INSERT INTO secrets VALUES (?,?,?)", hidden)
    fault("salts inserted")


def _connect(path: Path, read_only: bool) -> sqlite3.Connection:
    if not read_only:
        return sqlite3.connect(path, isolation_level=None, timeout=0)
    where = path.resolve().as_uri()
    base = sqlite3.connect(f"{where}?mode=ro", uri=True, isolation_level=None, timeout=5)
    try:
        base.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError:
        # A log in WAL mode on a medium that cannot be written; sound only if no WAL waits beside it.
        base.close()
        pending = path.with_name(f"{path.name}-wal")
        if pending.exists() and pending.stat().st_size:
            raise
        base = sqlite3.connect(f"{where}?immutable=1", uri=True, isolation_level=None)
    return base


_NO_ROOM = (
    "SQLITE_FULL",
    "SQLITE_IOERR_WRITE",
    "SQLITE_IOERR_FSYNC",
    "SQLITE_IOERR_TRUNCATE",
    "SQLITE_IOERR_SHMSIZE",
    "SQLITE_IOERR_SHMOPEN",
)


def _advice(exc: sqlite3.Error) -> str:
    code = getattr(exc, "sqlite_errorname", "")
    if code.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        return "Make room on that disk, and run the same command again"
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return "Another program writes to it: let that finish, and run the same command again"
    if code.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
        return "Give write permission on that folder, or open it for reading only"
    if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return "The file is damaged: keep it as it is, and bring the record back from a copy"
    return "`truceline record verify MISSION` says more"
