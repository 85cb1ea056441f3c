"""The record of a mission: one folder, appended to and never edited.

record/log.sqlite       entries, payloads, salts
record/exhibits/ab/...  preserved bytes by SHA-256
record/writer.lock      held by the one writer while it is open
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa

from truceline.model.errors import InputError, RecordError
from truceline.model.evidence import Exhibit
from truceline.model.time import from_microseconds, to_microseconds
from truceline.record import batch, lock, reading
from truceline.record.entry import Entropy, Entry, Head, Intake, Said, draft, iso
from truceline.record.exhibits import ExhibitFolder, sync_folder
from truceline.record.log import NAME, Log
from truceline.record.verify import Verification, verify

OPENING = "mission"  # the kind of the first entry: which mission this is

Fault = Callable[[str], None]


def _nothing(_: str) -> None:
    return None


class Record:
    """An open record; use it in a `with` statement.

    Examples
    --------
    >>> import tempfile
    >>> from datetime import UTC
    >>> at = datetime(2025, 4, 19, 15, 0, tzinfo=UTC)
    >>> folder = Path(tempfile.mkdtemp()) / "record"
    >>> with Record.create(folder, mission_id="easter", now=at) as record:
    ...     entry = record.append(
    ...         "notice", {"to": "party:a"}, known_at=at, recorded_at=at,
    ...         actor="duty officer", entropy=lambda size: bytes(size),
    ...     )
    ...     print(entry.sequence, record.head().size, record.verify().faults)
    1 2 ()
    """

    def __init__(self, folder: Path, *, read_only: bool, fault: Fault = _nothing) -> None:
        self.folder = folder
        self.is_read_only = read_only
        self.notices: tuple[str, ...] = ()
        self._exhibits = ExhibitFolder(folder / "exhibits", fault)
        self._lock = None if read_only else lock.take(folder)
        try:
            self._log = Log(folder, read_only=read_only, fault=fault)
        except BaseException:
            self._unlock()
            raise
        if not read_only:
            self.notices = self._sweep()

    @staticmethod
    def exists(folder: Path) -> bool:
        """Whether a record stands in the folder."""
        return (folder / NAME).is_file()

    @classmethod
    def create(
        cls, folder: Path, *, mission_id: str, now: datetime, fault: Fault = _nothing
    ) -> Self:
        """A new record, its first entry naming the mission, open for writing.

        Raises
        ------
        RecordError
            One stands there already, or the folder cannot be written.
        """
        if cls.exists(folder):
            msg = f"{folder / NAME}: a record stands here already; open it, or name another folder"
            raise RecordError(msg)
        try:
            (folder / "exhibits").mkdir(parents=True, exist_ok=True)
            sync_folder(folder)
            said = Said(
                kind=OPENING, payload={"mission_id": mission_id}, known_at=now, known_until=now,
                recorded_at=now, actor="truceline",
            )  # fmt: skip
            # Nothing in the first entry is to be hidden, so its salts are zeros.
            first = draft(
                said, sequence=0, previous_hash=bytes(32), clock_went_back=False, entropy=bytes
            )
            Log.begin(folder, first, fault)
        except OSError as exc:
            msg = f"{folder}: no record can be made here: {exc.strerror}; choose a folder that can be written"
            raise RecordError(msg) from exc
        return cls(folder, read_only=False, fault=fault)

    @classmethod
    def open(cls, folder: Path, read_only: bool = False, *, fault: Fault = _nothing) -> Self:
        """The record that stands in the folder.

        Raises
        ------
        RecordError
            There is none, it cannot be read, or another writer has it open.
        """
        return cls(folder, read_only=read_only, fault=fault)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the folder."""
        self._log.close()
        self._unlock()

    def add_exhibit(
        self, content: bytes | Path, *, name: str, acquired_by: str, how: str, at: datetime
    ) -> Exhibit:
        """Preserve bytes and who acquired them; when this returns, both are on disk.

        Parameters
        ----------
        content
            The bytes, or the file that holds them.
        name
            What the file was called.
        acquired_by, how, at
            Custody: who took it, by what means, and when.

        Raises
        ------
        RecordError
            There is no room, or the record is open for reading only.
        """
        self._check_writable()
        sha256, size_bytes = self._exhibits.preserve(content)
        row = (sha256, size_bytes, name, iso(at), acquired_by, how)
        self._log.acquire(row)
        return Exhibit(
            sha256=sha256, size_bytes=size_bytes, name=name,
            acquired_at=at, acquired_by=acquired_by, how=how,
        )  # fmt: skip

    def append(
        self,
        kind: str,
        payload: Mapping[str, Any],
        *,
        known_at: datetime,
        recorded_at: datetime,
        actor: str,
        entropy: Entropy,
        role: str = "",
        supersedes: int | None = None,
    ) -> Entry:
        """Write one entry; when this returns, it is on disk.

        Parameters
        ----------
        kind
            What it is: `notice`, `reply`, `ruling`, ...
        payload
            What it says, as JSON.
        known_at, recorded_at
            When it became known, and what the clock says now.
        actor, role
            Who writes it, and in which role.
        entropy
            Gives that many random bytes, for the salts.
        supersedes
            The entry that this one corrects; that one stays.

        Raises
        ------
        InputError
            The payload is not JSON, or the entry to correct does not exist.
        RecordError
            It could not be written; the record is as it was before.
        """
        if kind in (OPENING, batch.KIND):
            msg = f"an entry of kind {kind!r} is written by the record itself; use another word"
            raise InputError(msg)
        said = Said(
            kind=kind, payload=payload, known_at=known_at, known_until=known_at,
            recorded_at=recorded_at, actor=actor, role=role, supersedes=supersedes,
        )  # fmt: skip
        return self._write(said, {}, entropy)

    def append_batch(  # noqa: PLR0913  one entry says all of this
        self,
        table_name: str,
        table: pa.Table,
        *,
        feed: str,
        sources: Sequence[str],
        received_at: datetime,
        actor: str,
        entropy: Entropy,
        refused: Sequence[batch.Refused] = (),
        notes: Sequence[str] = (),
    ) -> Entry:
        """Write one table of a feed as one entry; see `append_batches`."""
        return self.append_batches(
            {table_name: table},
            feed=feed,
            sources=sources,
            upstream=table.num_rows + len(refused),
            taken=table.num_rows,
            refused=refused,
            notes=notes,
            received_at=received_at,
            actor=actor,
            entropy=entropy,
        )

    def append_batches(  # noqa: PLR0913  one entry says all of this
        self,
        tables: Mapping[str, pa.Table],
        *,
        feed: str,
        sources: Sequence[str],
        upstream: int,
        taken: int,
        refused: Sequence[batch.Refused],
        notes: Sequence[str],
        received_at: datetime,
        actor: str,
        entropy: Entropy,
        options: Mapping[str, Any] | None = None,
        role: str = "",
        supersedes: int | None = None,
    ) -> Entry:
        """Write what a feed made of its files as one entry; when this returns, it is on disk.

        Parameters
        ----------
        tables
            Name, one of `batch.TABLES`, to rows; a null `known_at` becomes the receipt.
        feed, options, notes
            Which feed read them, how it was set, and what it assumed.
        sources
            SHA-256 of the exhibits that the rows were read from.
        upstream, taken, refused
            How many rows there were, how many were taken, and the others, each with its reason.
        received_at, actor, role
            When the material came, who took it in and in which role.
        entropy
            Gives that many random bytes, for the salts.
        supersedes
            The batch that this one corrects; that one stays, and is no longer read.

        Raises
        ------
        InputError
            A table does not fit its schema, or a source is not an exhibit of this record.
        RecordError
            It could not be written; the record is as it was before.
        """
        self._check_writable()
        whole = {
            name: batch.checked(name, tables[name], received_at)
            for name in batch.TABLES
            if name in tables
        }
        if unknown := sorted(set(tables) - set(whole)):
            msg = f"the record holds no tables {unknown}; it holds {', '.join(batch.TABLES)}"
            raise InputError(msg)
        known_at, known_until = batch.known_between(whole) or (received_at, received_at)
        if refused:
            whole["refusals"] = batch.refusals(refused, known_at)
        acquired = self._acquired(sources)
        stocked = {
            name: batch.stock(table, self._exhibits, entropy) for name, table in whole.items()
        }
        payload = {
            "counts": {"refused": len(refused), "taken": taken, "upstream": upstream},
            "feed": feed,
            "notes": list(notes),
            "options": dict(options or {}),
            "sources": acquired,
            "tables": {name: table.said for name, table in stocked.items()},
        }
        said = Said(
            kind=batch.KIND, payload=payload, known_at=known_at, known_until=known_until,
            recorded_at=received_at, actor=actor, role=role, supersedes=supersedes,
        )  # fmt: skip
        secrets = {name: table.secret for name, table in stocked.items()}
        return self._write(said, secrets, entropy)

    def entries(self, as_of: datetime | None = None, *, kind: str | None = None) -> Iterator[Entry]:
        """Entries in the order of the log; with `as_of`, those known by then."""
        return reading.entries(self._log, as_of, kind=kind)

    def table(self, name: str, as_of: datetime | None = None) -> pa.Table:
        """Every row of a table, batches in the order of the log; with `as_of`, what was known then.

        Raises
        ------
        InputError
            The record holds no table of that name.
        RecordError
            A batch's rows cannot be read.
        """
        return reading.table(self._log, self._exhibits, name, as_of)

    def intake(self, as_of: datetime | None = None) -> Intake:
        """Rows upstream, taken and refused, over the batches known by then.

        Of an archive, whose rows became known one after another, those known by then are counted
        as taken; a refused row counts as soon as the first row of its batch does.
        """
        return reading.intake(self._log, self._exhibits, as_of)

    def latest_known_at(self) -> datetime | None:
        """The last instant at which anything became known; None while the record says nothing."""
        latest = self._log.latest_known(without=OPENING)
        return None if latest is None else from_microseconds(latest)

    def head(self) -> Head:
        """How many entries, and the hash of the chain through them all."""
        size, chain, _ = self._log.last()
        return Head(size=size, digest=chain.hex())

    def exhibit_bytes(self, sha256: str) -> bytes:
        """The bytes of an exhibit, checked against their digest.

        Raises
        ------
        RecordError
            They are missing.
        IntegrityError
            They are not what was recorded.
        """
        return self._exhibits.read(sha256)

    def has_batch(self, feed: str, digests: Sequence[str]) -> bool:
        """Whether a batch of this feed, from exactly these exhibits, is in the record."""
        return reading.has_batch(self._log, feed, digests)

    def verify(
        self,
        progress: Callable[[str], None] | None = None,
        *,
        known_heads: Mapping[int, str] | None = None,
    ) -> Verification:
        """Compute every hash again and compare; see `verify.verify`."""
        return verify(self._log, self._exhibits, progress or _nothing, known_heads or {})

    def _write(self, said: Said, secrets: Mapping[str, bytes], entropy: Entropy) -> Entry:
        self._check_writable()
        size, chain, recorded_at = self._log.last()
        if said.supersedes is not None and not 0 <= said.supersedes < size:
            msg = f"entry {said.supersedes} cannot be superseded: the record has {size} entries, from 0"
            raise InputError(msg)
        went_back = size > 0 and to_microseconds(said.recorded_at) < recorded_at
        made = draft(
            said, sequence=size, previous_hash=chain, clock_went_back=went_back, entropy=entropy
        )
        self._log.append(made, secrets)
        return made.entry

    def _acquired(self, sources: Sequence[str]) -> list[dict[str, Any]]:
        """Custody of each source, as it stands when its batch is written."""
        latest = {row["sha256"]: row for row in self._log.acquisitions()}
        if missing := [digest for digest in sources if digest not in latest]:
            msg = f"exhibit {missing[0]} is not in this record; add it before its batch"
            raise InputError(msg)
        return [latest[digest] for digest in sorted(set(sources))]

    def _sweep(self) -> tuple[str, ...]:
        """Remove what a writer that died left half written; nobody was promised it."""
        notices = []
        for path in self._exhibits.leftovers():
            notices.append(f"{path}: half written when the writer died; removed, read it in again")
            path.unlink()
        return tuple(notices)

    def _check_writable(self) -> None:
        if self.is_read_only:
            msg = f"{self.folder}: the record is open for reading only; open it for writing"
            raise RecordError(msg)

    def _unlock(self) -> None:
        if self._lock is not None:
            lock.release(self._lock)
            self._lock = None
