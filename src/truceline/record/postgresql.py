"""The log on a PostgreSQL server, for teams. The only module that speaks to PostgreSQL.

One schema a record. One writer holds an advisory lock for as long as its connection lives; readers
need none. A commit is acknowledged when the server has it on disk, whatever its own setting says.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

import psycopg
from psycopg import sql

from truceline.model.errors import RecordError
from truceline.record import postgresql_form
from truceline.record import postgresql_schema as schemas
from truceline.record.entry import NO_HASH, Stored, Written
from truceline.record.log import Acquisition, Fault
from truceline.record.postgresql_link import Connection, connect, told, where
from truceline.record.setting import Postgresql

PAGE = 4096  # entries that are read at once


class PostgresqlLog:
    """An open log on a server.

    Parameters
    ----------
    setting
        Which server, database and schema.
    read_only
        Open without the right to write.
    fault
        Called with the name of each point at which a write may be cut off; tests die there.

    Raises
    ------
    RecordError
        The server cannot be reached, holds no such log or one of a form that this software does
        not know, or another program is its writer.
    """

    def __init__(
        self, setting: Postgresql, *, read_only: bool = False, fault: Fault = lambda _: None
    ) -> None:
        self.where = where(setting)
        self.notices: tuple[str, ...] = ()
        self._schema = setting.schema
        self._fault = fault
        self._base = connect(setting)
        try:
            with self.explained("opened"):
                _check_form(self._base, setting)
                self._become(read_only)
        except BaseException:
            self._base.close()
            raise

    def _become(self, read_only: bool) -> None:
        named = schemas.reader if read_only else schemas.writer
        role = sql.Identifier(named(self._schema))
        self._base.execute(sql.SQL("SET ROLE {}").format(role))
        if read_only:
            self._base.execute("SET default_transaction_read_only = on")
            return
        if not self._rows("SELECT pg_try_advisory_lock(%s)", (_lock_key(self._schema),))[0][0]:
            msg = (
                f"{self.where}: another program is writing to this record; let it finish and run "
                "the same command again. Reading is possible meanwhile"
            )
            raise RecordError(msg)
        for name in ("fsync", "full_page_writes"):
            if self._rows("SELECT current_setting(%s)", (name,))[0][0] != "on":
                notice = f"{self.where}: the server runs with {name} off: a power cut may take what was acknowledged"
                self.notices += (notice,)

    def close(self) -> None:
        """Let go of the server, and of the right to write."""
        self._base.close()

    @contextmanager
    def explained(self, what: str) -> Iterator[None]:
        """Turn the server's errors into ones that say what was not done, and what to do.

        Raises
        ------
        RecordError
            For every error of the server or of the way to it.
        """
        try:
            yield
        except psycopg.Error as exc:
            raise told(self.where, what, exc) from exc

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self.explained("written"):
            self._base.execute("BEGIN")
            try:
                yield
                self._fault("commit about to begin")
                self._base.execute("COMMIT")
            except BaseException:
                if not self._base.broken:
                    self._base.execute("ROLLBACK")
                raise
        self._fault("committed")

    def append(self, entries: Sequence[Written]) -> None:
        """Write entries by one commit; when this returns, the server has all of them on disk.

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
            with self._base.cursor() as cursor:
                cursor.executemany(
                    "INSERT INTO acquisitions SELECT COALESCE(MAX(number) + 1, 0), "
                    "%s, %s, %s, %s, %s, %s FROM acquisitions",
                    acquisitions,
                )
            self._fault("acquisition inserted")

    def acquisitions(self) -> list[dict[str, Any]]:
        """Every acquisition, in order."""
        found = self._rows(
            "SELECT sha256, size_bytes, name, acquired_at, acquired_by, how "
            "FROM acquisitions ORDER BY number"
        )
        return [dict(zip(Acquisition._fields, row, strict=True)) for row in found]

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
        """Entries in order, as the tables hold them, a page at a time."""
        query = (
            "SELECT e.sequence, kind, known_at, known_until, recorded_at, clock_went_back, "
            "supersedes, leaf_input, leaf_hash, previous_hash, chain_hash, actor, role, payload "
            "FROM entries e LEFT JOIN payloads p ON p.sequence = e.sequence "
            "WHERE e.sequence >= %s AND (%s::text IS NULL OR kind = %s) "
            "ORDER BY e.sequence LIMIT %s"
        )
        for row in self._paged(query, from_sequence, (kind, kind)):
            yield Stored(*row)

    def whole(self, *, from_sequence: int = 0) -> Iterator[Written]:
        """Entries in order, with their salts and secrets, a page at a time."""
        stored = self.stored(from_sequence=from_sequence)
        while page := list(islice(stored, PAGE)):
            between = (page[0].sequence, page[-1].sequence)
            salts = self.salts_between(*between)
            secrets: dict[int, dict[str, bytes]] = defaultdict(dict)
            for at, name, secret in self._rows(
                "SELECT sequence, table_name, secret FROM secrets WHERE sequence BETWEEN %s AND %s",
                between,
            ):
                secrets[at][name] = secret
            for one in page:
                yield Written(one, salts.get(one.sequence, {}), secrets[one.sequence])

    def leaf_hashes(self, *, from_sequence: int = 0) -> Iterator[bytes]:
        """The leaf hash of each entry, in order."""
        query = "SELECT sequence, leaf_hash FROM entries WHERE sequence >= %s ORDER BY sequence LIMIT %s"
        for _, leaf in self._paged(query, from_sequence, ()):
            yield leaf

    def salts(self, sequence: int) -> dict[str, bytes]:
        """Field to salt, of one entry."""
        query = "SELECT field, salt FROM salts WHERE sequence = %s"
        return dict(
            sorted((field.decode(), salt) for field, salt in self._rows(query, (sequence,)))
        )

    def salts_between(self, first: int, last: int) -> dict[int, dict[str, bytes]]:
        """Field to salt, of each entry from `first` to `last`; of one without salts nothing."""
        query = (
            "SELECT sequence, field, salt FROM salts WHERE sequence BETWEEN %s AND %s "
            "ORDER BY sequence, field"
        )
        found: dict[int, dict[str, bytes]] = defaultdict(dict)
        for at, field, salt in self._rows(query, (first, last)):
            found[at][field.decode()] = salt
        return found

    def secrets(self, sequence: int) -> dict[str, bytes]:
        """Table name to the secret of its salts, of one batch."""
        query = "SELECT table_name, secret FROM secrets WHERE sequence = %s"
        return dict(sorted(self._rows(query, (sequence,))))

    def strays(self) -> list[str]:
        """What stands in a table without an entry that it belongs to."""
        queries: tuple[tuple[str, str], ...] = (
            ("payloads", "SELECT DISTINCT sequence FROM payloads WHERE "),
            ("salts", "SELECT DISTINCT sequence FROM salts WHERE "),
            ("secrets", "SELECT DISTINCT sequence FROM secrets WHERE "),
        )
        rest = "sequence NOT IN (SELECT sequence FROM entries) ORDER BY sequence"
        return [
            f"{table} of entry {sequence}"
            for table, query in queries
            for (sequence,) in self._rows(query + rest)
        ]

    def latest_known(self, without: str) -> int | None:
        """The greatest `known_until` of entries that are not of the kind `without`."""
        query = "SELECT MAX(known_until) FROM entries WHERE kind <> %s"
        found: int | None = self._rows(query, (without,))[0][0]
        return found

    def faults_of_form(self) -> list[str]:
        """What is not on the server as this software made it: tables, triggers, rights."""
        return postgresql_form.faults(self._rows, self._schema)

    def _paged(
        self, query: str, from_sequence: int, values: tuple[Any, ...]
    ) -> Iterator[tuple[Any, ...]]:
        while page := self._rows(query, (from_sequence, *values, PAGE)):
            yield from page
            from_sequence = page[-1][0] + 1

    def _rows(self, query: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        with self.explained("read"), self._base.cursor(binary=True) as cursor:
            return cursor.execute(query, values).fetchall()


def begin(setting: Postgresql, first: Written, fault: Fault = lambda _: None) -> None:
    """Make a log of one entry: its whole schema and that entry, or nothing.

    Raises
    ------
    RecordError
        The server cannot be reached, or gives no right to make schemas and roles.
    """
    with connect(setting) as base:
        try:
            base.execute("BEGIN")
            for statement in schemas.statements(setting.schema):
                base.execute(statement)
            fault("log begun")
            _insert(base, [first], fault)
            base.execute("COMMIT")
        except psycopg.Error as exc:
            raise told(where(setting), "made", exc) from exc
    fault("log settled")


def exists(setting: Postgresql) -> bool:
    """Whether a log stands in the schema.

    Raises
    ------
    RecordError
        The server cannot be asked.
    """
    with connect(setting) as base:
        return _comment(base, setting.schema) is not None


def _check_form(base: Connection, setting: Postgresql) -> None:
    comment = _comment(base, setting.schema)
    if comment is None:
        msg = f"{where(setting)}: there is no record here; `truceline ingest MISSION` begins one"
        raise RecordError(msg)
    if comment != schemas.COMMENT:
        msg = (
            f"{where(setting)}: this is not a log of the form that this software reads "
            f"({comment!r}); name another schema, or use a newer Truceline"
        )
        raise RecordError(msg)


def _comment(base: Connection, schema: str) -> str | None:
    """What the schema says of itself; None where there is no such schema."""
    query = (
        "SELECT COALESCE(obj_description(oid, 'pg_namespace'), '') FROM pg_namespace "
        "WHERE nspname = %s"
    )
    found = base.execute(query, (schema,)).fetchone()
    return None if found is None else str(found[0])


def _lock_key(schema: str) -> int:
    digest = hashlib.sha256(b"truceline writer " + schema.encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _insert(base: Connection, entries: Sequence[Written], fault: Fault) -> None:
    """One statement a table, whose columns come as arrays."""
    rows = [one.stored for one in entries]
    base.execute(
        "INSERT INTO entries SELECT * FROM unnest(%s::bigint[], %s::text[], %s::bigint[], "
        "%s::bigint[], %s::bigint[], %s::smallint[], %s::bigint[], %s::bytea[], %s::bytea[], "
        "%s::bytea[], %s::bytea[])",
        [list(column) for column in zip(*(row[:11] for row in rows), strict=True)],
    )
    fault("entry inserted")
    said = [(row.sequence, *row[11:]) for row in rows]
    base.execute(
        "INSERT INTO payloads SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], "
        "%s::bytea[])",
        [list(column) for column in zip(*said, strict=True)],
    )
    fault("payload inserted")
    salts = [
        (one.stored.sequence, number, field.encode(), salt)
        for one in entries
        for number, (field, salt) in enumerate(one.salts.items())
    ]
    if salts:
        base.execute(
            "INSERT INTO salts SELECT * FROM unnest(%s::bigint[], %s::integer[], %s::bytea[], "
            "%s::bytea[])",
            [list(column) for column in zip(*salts, strict=True)],
        )
    for one in entries:
        for name, secret in one.secrets.items():
            base.execute(
                "INSERT INTO secrets VALUES (%s, %s, %s)", (one.stored.sequence, name, secret)
            )
    fault("salts inserted")
