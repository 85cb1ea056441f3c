"""The record of a mission: one folder, appended to and never edited.

record/log.sqlite       entries, payloads, salts
record/exhibits/ab/...  preserved bytes by SHA-256
record/writer.lock      held by the one writer while it is open
record/store.toml       where the log and the exhibits are, if not here
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa

from truceline.model.errors import RecordError
from truceline.model.evidence import Exhibit
from truceline.model.time import from_microseconds
from truceline.record import batch, closing, lock, opening, personal, reading, setting, writing
from truceline.record.entry import NO_SECRETS, Entropy, Entry, Head, Intake, Said, iso
from truceline.record.exhibits import Exhibits, sync_folder
from truceline.record.log import Acquisition, Log
from truceline.record.verify import Verification, verify

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
        kept = setting.read(folder)
        self._exhibits = opening.exhibits(folder, kept, fault)
        self._lock = None if read_only else lock.take(folder)
        try:
            self._log = opening.log(folder, kept, read_only=read_only, fault=fault)
        except BaseException:
            self._unlock()
            raise
        self._opening = closing.Opening(self._exhibits, self._log, folder)
        if not read_only:
            self.notices = (*self._log.notices, *self._exhibits.sweep())

    @property
    def parts(self) -> tuple[Log, Exhibits]:
        """The log and the exhibits below it, for what reads them whole: proofs, copies, bundles."""
        return self._log, self._exhibits

    @staticmethod
    def exists(folder: Path) -> bool:
        """Whether a record stands in the folder."""
        return opening.exists(folder, setting.read(folder))

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
        kept = setting.read(folder)
        if opening.exists(folder, kept):
            msg = f"{opening.where(folder, kept)}: a record stands here already; open it, or name another folder"
            raise RecordError(msg)
        try:
            (folder / "exhibits").mkdir(parents=True, exist_ok=True)
            sync_folder(folder)
            opening.begin(folder, kept, writing.first(mission_id, now).written, fault)
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
        writing.check_text(name=name, acquired_by=acquired_by, how=how)
        sha256, size_bytes = self._exhibits.preserve(content)
        row = Acquisition(sha256, size_bytes, name, iso(at), acquired_by, how)
        self._log.acquire([row])
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
        writing.check_kind(kind)
        said = Said(
            kind=kind, payload=payload, known_at=known_at, known_until=known_at,
            recorded_at=recorded_at, actor=actor, role=role, supersedes=supersedes,
        )  # fmt: skip
        return self._write([said], NO_SECRETS, entropy)[0]

    def append_many(self, sayings: Iterable[Said], *, entropy: Entropy) -> list[Entry]:
        """Write many entries by one commit; when this returns, all are on disk.

        One commit costs what one entry costs: whoever writes thousands hands them over in groups.

        Parameters
        ----------
        sayings
            What each of them says, in their order.
        entropy
            Gives that many random bytes, for the salts.

        Raises
        ------
        InputError
            One of them cannot be an entry; none is written.
        RecordError
            They could not be written; the record is as it was before.
        """
        chosen = list(sayings)
        for said in chosen:
            writing.check_kind(said.kind)
        return self._write(chosen, NO_SECRETS, entropy) if chosen else []

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
        sealed_for: Sequence[str] = (),
    ) -> Entry:
        """Write what a feed made of its files as one entry; when this returns, it is on disk.

        Parameters
        ----------
        tables
            Name, one of `batch.TABLES`, to rows; a null `known_at` becomes the receipt.
        feed, options, notes
            Which feed read them, how it was set, and what it assumed.
        sources, sealed_for
            SHA-256 of the exhibits that rows were read from, and the persons under whose keys they are.
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
        whole, known_at, known_until = batch.whole(tables, received_at, refused)
        acquired = reading.acquired(self._log, sources)
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
            **({personal.SEALED: list(sealed_for)} if sealed_for else {}),
        }
        said = Said(
            kind=batch.KIND, payload=payload, known_at=known_at, known_until=known_until,
            recorded_at=received_at, actor=actor, role=role, supersedes=supersedes,
        )  # fmt: skip
        secrets = {name: table.secret for name, table in stocked.items()}
        return self._write([said], secrets, entropy)[0]

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
        return reading.table(self._log, self._opening, name, as_of)

    def intake(self, as_of: datetime | None = None) -> Intake:
        """Rows upstream, taken and refused, over the batches known by then.

        Of an archive, whose rows became known one after another, those known by then are counted
        as taken; a refused row counts as soon as the first row of its batch does.
        """
        return reading.intake(self._log, self._opening, as_of)

    def latest_known_at(self) -> datetime | None:
        """The last instant at which anything became known; None while the record says nothing."""
        latest = self._log.latest_known(without=writing.OPENING)
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
        return self._opening.read(sha256)

    def acquisitions(self) -> list[dict[str, Any]]:
        """Who acquired which exhibit, when and how, in order; as plain values."""
        return self._log.acquisitions()

    def hashed(self, sha256: str) -> tuple[str, int]:
        """SHA-256 and size of what lies where an exhibit should; RecordError where nothing can."""
        return self._opening.digest_of(sha256)

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
        return verify(self._log, self._opening, progress or _nothing, known_heads or {})

    def _write(
        self, sayings: Sequence[Said], secrets: Mapping[str, bytes], entropy: Entropy
    ) -> list[Entry]:
        self._check_writable()
        made = writing.drafts(self._log, sayings, secrets, entropy)
        self._log.append([one.written for one in made])
        return [one.entry for one in made]

    def _check_writable(self) -> None:
        if self.is_read_only:
            msg = f"{self.folder}: the record is open for reading only; open it for writing"
            raise RecordError(msg)

    def _unlock(self) -> None:
        if self._lock is not None:
            lock.release(self._lock)
            self._lock = None
