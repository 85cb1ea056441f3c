"""Closing an exhibit afterwards: what lay in the clear goes under the keys of those whom it names.

An entry of kind `custody`, act `sealed`, names the exhibit and the one that holds its ciphertext; then
the bytes in the clear are written over and removed. As long as the keys are here the exhibit is read,
hashed and handed out as before, by its old digest, which every entry and proof goes on naming. Without
one of the keys it cannot be read by anybody, and is told so; that is no fault.
"""

import hashlib
import io
from collections.abc import Collection
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from truceline.model.errors import InputError, IntegrityError, RecordError
from truceline.record import custody, reading, sealing
from truceline.record.batch import KIND as BATCH
from truceline.record.entry import Entropy, Entry, iso
from truceline.record.exhibits import ExhibitFolder, Exhibits, Sink
from truceline.record.log import Log
from truceline.record.personal import SEALED, Keyring, destroy_file

if TYPE_CHECKING:
    from truceline.record.store import Record

HOW = "truceline record seal"


class ClosedError(RecordError):
    """An exhibit is under keys of which one is not here: nobody can read it, and nothing is damaged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """What an entry says of an exhibit that was closed: where the ciphertext is, and under whose keys."""

    exhibit: str
    ciphertext: str
    persons: tuple[str, ...]
    sequence: int


def seals(log: Log) -> dict[str, Seal]:
    """Every exhibit that was closed afterwards, by its SHA-256; a damaged entry closes nothing."""
    found = {}
    with suppress(RecordError):  # of a log that cannot be read, others say so
        for stored in log.stored(kind=custody.KIND):
            with suppress(RecordError, ValueError, KeyError, TypeError, AttributeError, IndexError):
                seal = _seal_of(reading.entry_of(stored))
                if seal is not None:
                    found[seal.exhibit] = seal
    return found


def _seal_of(entry: Entry) -> Seal | None:
    said = entry.payload
    if said["act"] != custody.Act.SEALED.value:
        return None
    return Seal(
        exhibit=said["parent"],
        ciphertext=said["acquired"][0]["sha256"],
        persons=tuple(said[SEALED]),
        sequence=entry.sequence,
    )


class Opening:
    """Exhibits as a record reads them: those that were closed are opened, where the keys are here.

    Parameters
    ----------
    kept
        Where the bytes are.
    log, folder
        Of the record: what was closed, and its keys.
    """

    def __init__(self, kept: Exhibits, log: Log, folder: Path) -> None:
        self._kept, self._log = kept, log
        self._keyring = Keyring(folder=folder)
        self._seals: tuple[int, dict[str, Seal]] = (-1, {})

    def where(self, sha256: str) -> str:
        """Where the bytes of a digest are, or would be, for messages."""
        return self._kept.where(sha256)

    def preserve(self, content: bytes | Path) -> tuple[str, int]:
        """Keep bytes, or those of a file: their SHA-256, and how many they are."""
        return self._kept.preserve(content)

    def receive(self) -> AbstractContextManager[Sink]:
        """Keep what is written into the sink; it stands under its digest at the end."""
        return self._kept.receive()

    def read(self, sha256: str) -> bytes:
        """The bytes of a digest, checked against it.

        Raises
        ------
        ClosedError
            They are under a key that is not here.
        RecordError
            They are not there.
        IntegrityError
            They are not what was recorded, or not what was closed.
        """
        try:
            return self._kept.read(sha256)
        except RecordError:
            content = self._opened(sha256)
            if content is None:
                raise
            return content

    def opened(self, sha256: str) -> BinaryIO:
        """The bytes of a digest as a file that can be read at any place."""
        try:
            return self._kept.opened(sha256)
        except RecordError:
            content = self._opened(sha256)
            if content is None:
                raise
            return io.BytesIO(content)

    def digest_of(self, sha256: str) -> tuple[str, int]:
        """SHA-256 of what stands under a digest, computed anew, and its size."""
        try:
            return self._kept.digest_of(sha256)
        except RecordError:
            content = self._opened(sha256)
            if content is None:
                raise
            return hashlib.sha256(content).hexdigest(), len(content)

    def digests(self) -> list[str]:
        """Every digest that something stands under, open or closed, in order."""
        return sorted({*self._kept.digests(), *self._closed()})

    def leftovers(self) -> list[str]:
        """What was being written when a writer died."""
        return self._kept.leftovers()

    def sweep(self) -> tuple[str, ...]:
        """Remove those; a notice of each."""
        return self._kept.sweep()

    def _closed(self) -> dict[str, Seal]:
        """What was closed, looked up once for each length of the log: many are read in a row."""
        try:
            size = self._log.last()[0]
        except RecordError:  # a log that cannot tell its length is read each time
            return seals(self._log)
        if size != self._seals[0]:
            self._seals = (size, seals(self._log))
        return self._seals[1]

    def _opened(self, sha256: str) -> bytes | None:
        """The bytes of an exhibit that was closed; None where it was not."""
        seal = self._closed().get(sha256)
        if seal is None:
            return None
        content = self._kept.read(seal.ciphertext)
        here = self._keyring.keys(seal.persons)
        if missing := [person for person in seal.persons if person not in here]:
            msg = (
                f"exhibit {sha256} was sealed by entry {seal.sequence} for {', '.join(seal.persons)}, and the "
                f"key of {', '.join(missing)} is not here: it cannot be read any more"
            )
            raise ClosedError(msg)
        plain = sealing.plain(content, self._keyring)
        if hashlib.sha256(plain).hexdigest() != sha256:
            msg = (
                f"exhibit {sha256}: what entry {seal.sequence} sealed in its place holds other bytes; keep "
                "both as evidence, and bring the exhibit back from a copy"
            )
            raise IntegrityError(msg)
        return plain


def close(
    record: "Record",
    keyring: Keyring,
    sha256: str,
    persons: Collection[str],
    *,
    by: str,
    why: str,
    now: datetime,
    entropy: Entropy,
) -> Entry | None:
    """Put an exhibit that lies in the clear under the keys of persons; None where that was entered.

    A program that died in between left the bytes in the clear: they are removed now.

    Parameters
    ----------
    record, keyring
        Open for writing, and the keys of the same record.
    sha256
        Of an exhibit that no reading rests on which still counts.
    persons
        Codes of everybody whom it names.
    by, why
        Which office, and what for.
    now, entropy
        What the clock says, and random bytes.

    Raises
    ------
    InputError
        Something still rests on it, a key is not here, or it is closed or sealed for others already.
    RecordError
        It cannot be written, or the bytes in the clear cannot be removed; the same command goes on.
    """
    log, exhibits = record.parts
    if not isinstance(exhibits, ExhibitFolder):
        msg = "exhibits are kept in a bucket, where earlier versions stay: nothing there can be closed"
        raise InputError(msg)
    whom = tuple(sorted(set(persons)))
    seal = seals(log).get(sha256)
    if seal is not None and seal.persons != whom:
        msg = f"exhibit {sha256} was sealed by entry {seal.sequence} for {', '.join(seal.persons)}"
        raise InputError(msg)
    entry = None
    if seal is None:
        _check_free(record, sha256)
        entry = _enter(record, keyring, sha256, whom, (by, why, now, entropy))
        keyring.fault("sealing entered")
        seal = seals(log)[sha256]
    path = exhibits.path(sha256)
    if path.exists():
        _check_held(exhibits, keyring, seal)
        path.chmod(0o644)
        destroy_file(path, keyring.fault)
    return entry


def _check_held(exhibits: Exhibits, keyring: Keyring, seal: Seal) -> None:
    """That the ciphertext holds the exhibit, before the bytes in the clear go.

    Of somebody who was forgotten since, nobody can tell any more, and the bytes go all the same.
    """
    if len(keyring.keys(seal.persons)) == len(seal.persons):
        held = sealing.plain(exhibits.read(seal.ciphertext), keyring)
        if hashlib.sha256(held).hexdigest() != seal.exhibit:
            msg = f"exhibit {seal.ciphertext} does not hold {seal.exhibit}; nothing was removed"
            raise IntegrityError(msg)


def left_open(record: "Record") -> tuple[str, ...]:
    """Exhibits that are closed by an entry and lie in the clear still, because a program died."""
    log, exhibits = record.parts
    here = set(exhibits.digests())
    return tuple(
        f"exhibit {seal.exhibit[:16]}, sealed by entry {seal.sequence}, still lies in the clear, or was "
        "taken in again; run `truceline record seal` for it again"
        for seal in seals(log).values()
        if seal.exhibit in here
    )


def unreadable(record: "Record") -> frozenset[str]:
    """Exhibits that were closed under a key which is not here; they cannot be hashed."""
    keyring = Keyring(folder=record.folder)
    return frozenset(
        seal.exhibit
        for seal in seals(record.parts[0]).values()
        if len(keyring.keys(seal.persons)) < len(seal.persons)
    )


def _check_free(record: "Record", sha256: str) -> None:
    """Whatever still counts, and is read by a run, is not closed: it would be gone with a key."""
    batches = list(record.entries(kind=BATCH))
    gone = {entry.supersedes for entry in batches}
    for entry in batches:
        tables = entry.payload["tables"].values()
        if sha256 in {each["commitments"] for each in tables}:
            msg = (
                f"exhibit {sha256} holds digests of rows and no word of anybody: it stays as it is"
            )
            raise InputError(msg)
        rests = {source["sha256"] for source in entry.payload["sources"]}
        rests |= {each["exhibit"] for each in tables}
        if sha256 in rests and entry.sequence not in gone:
            msg = (
                f"entry {entry.sequence}, a reading by feed {entry.payload['feed']}, still rests on this "
                "exhibit: name the persons on its line of mission.yaml (`persons: [...]`) and take it "
                "in; then seal what that corrected"
            )
            raise InputError(msg)


def _enter(
    record: "Record",
    keyring: Keyring,
    sha256: str,
    whom: tuple[str, ...],
    entering: tuple[str, str, datetime, Entropy],
) -> Entry:
    by, why, now, entropy = entering
    content = record.parts[1].read(sha256)
    here = keyring.keys(whom)
    if gone := [person for person in whom if person not in here]:
        msg = f"it cannot be sealed: the key of {', '.join(gone)} is not here"
        raise InputError(msg)
    if already := sealing.whose(content):
        msg = f"exhibit {sha256} is under the keys of {', '.join(already)} already"
        raise InputError(msg)
    name = custody.known_exhibits(record)[sha256]
    made = record.add_exhibit(
        sealing.wrapped_for(content, name, here),
        name=" ".join(whom),
        acquired_by=by,
        how=HOW,
        at=now,
    )
    acquired = {
        "sha256": made.sha256, "size_bytes": made.size_bytes, "name": made.name,
        "acquired_at": iso(now), "acquired_by": by, "how": HOW,
    }  # fmt: skip
    payload = {
        "act": custody.Act.SEALED.value, "exhibits": sorted([sha256, made.sha256]), "how": HOW,
        "to": "", "why": why, "parent": sha256, "acquired": [acquired], SEALED: list(whom),
    }  # fmt: skip
    return record.append(
        custody.KIND, payload, known_at=now, recorded_at=now, actor=by, entropy=entropy
    )
