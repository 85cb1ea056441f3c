"""Preserved bytes: the contract of their keeping, and the folder that keeps them on disk.

In the folder stands one read-only file for each content, named by its SHA-256. A file is written beside its place under a name that ends in `.part`, synchronised, renamed, and its
folder synchronised: a name of 64 digits always holds whole bytes, whenever the power fails.
"""

import hashlib
import io
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from truceline.model.errors import InputError, IntegrityError, RecordError

READ_BYTES = 1 << 20
PART = ".part"

Fault = Callable[[str], None]


class Sink:
    """Where an exhibit's bytes go while they are written; counts and hashes what passes.

    It has the few methods that a writer of Parquet asks of a file.
    """

    def __init__(self, file: BinaryIO, fault: Fault) -> None:
        self._file = file
        self._fault = fault
        self._hash = hashlib.sha256()
        self.size_bytes = 0
        self.closed = False

    def write(self, content: bytes | memoryview) -> int:
        """Take the next bytes."""
        view = memoryview(content).cast("B")
        half = len(view) // 2
        self._file.write(view[:half])
        self._fault("exhibit half written")
        self._file.write(view[half:])
        self._hash.update(view)
        self.size_bytes += len(view)
        return len(view)

    def tell(self) -> int:
        """How many bytes were taken."""
        return self.size_bytes

    def flush(self) -> None:
        """Hand what is buffered to the system."""
        self._file.flush()

    def close(self) -> None:
        """Nothing to do: the folder closes the file when it is whole."""

    def readable(self) -> bool:
        """It cannot be read."""
        return False

    def writable(self) -> bool:
        """It can be written."""
        return True

    def seekable(self) -> bool:
        """It goes forward only."""
        return False

    @property
    def sha256(self) -> str:
        """Digest of what was taken so far, in hexadecimal."""
        return self._hash.hexdigest()


class Exhibits(Protocol):
    """Where preserved bytes are kept, each under its SHA-256; what stands there is never changed."""

    def where(self, sha256: str) -> str:
        """Where the bytes of a digest are, or would be, for messages."""

    def preserve(self, content: bytes | Path) -> tuple[str, int]:
        """Keep bytes, or those of a file: their SHA-256, and how many they are."""

    def receive(self) -> AbstractContextManager[Sink]:
        """Keep what is written into the sink; it stands under its digest at the end."""

    def read(self, sha256: str) -> bytes:
        """The bytes of a digest, checked against it."""

    def opened(self, sha256: str) -> BinaryIO:
        """The bytes of a digest as a file that can be read at any place."""

    def digest_of(self, sha256: str) -> tuple[str, int]:
        """SHA-256 of what stands under a digest, computed anew, and its size."""

    def digests(self) -> list[str]:
        """Every digest that something stands under, in order."""

    def leftovers(self) -> list[str]:
        """What was being written when a writer died; nobody was promised its bytes."""

    def sweep(self) -> tuple[str, ...]:
        """Remove those; a notice of each."""


class ExhibitFolder:
    """The folder `exhibits/`, with `ab/cdef...` for each digest.

    Parameters
    ----------
    folder
        Where it is.
    fault
        Called with the name of each point at which a write may be cut off; tests die there.
    """

    def __init__(self, folder: Path, fault: Fault = lambda _: None) -> None:
        self.folder = folder
        self._fault = fault
        self._parts = 0

    def path(self, sha256: str) -> Path:
        """Where the bytes of a digest lie, or would lie."""
        return self.folder / sha256[:2] / sha256[2:]

    def where(self, sha256: str) -> str:
        """Where the bytes of a digest lie, for messages."""
        return str(self.path(sha256))

    def preserve(self, content: bytes | Path) -> tuple[str, int]:
        """Write bytes, or those of a file, as an exhibit: their SHA-256, and how many they are.

        Raises
        ------
        InputError
            The file cannot be read.
        RecordError
            There is no room.
        """
        return poured(content, self.receive())

    @contextmanager
    def receive(self) -> Iterator[Sink]:
        """Write one exhibit: bytes go into the sink, and stand under their digest at the end.

        Raises
        ------
        RecordError
            The disk is full, or the folder cannot be written.
        """
        self._parts += 1
        part = self.folder / f"{self._parts}{PART}"
        try:
            with part.open("xb") as file:
                self._fault("exhibit opened")
                sink = Sink(file, self._fault)
                yield sink
                file.flush()
                self._fault("exhibit written")
                os.fsync(file.fileno())
                os.fchmod(file.fileno(), 0o444)
            self._settle(part, sink)
        except OSError as exc:
            raise _no_room(self.folder, exc) from exc
        finally:
            part.unlink(missing_ok=True)

    def _settle(self, part: Path, sink: Sink) -> None:
        self._fault("exhibit synchronised")
        place = self.path(sink.sha256)
        if place.exists() and digest_of(place) == (sink.sha256, sink.size_bytes):
            return  # the same bytes came before; a damaged file of that name is mended instead
        if not place.parent.exists():
            place.parent.mkdir()
            sync_folder(self.folder)
        part.replace(place)
        self._fault("exhibit renamed")
        sync_folder(place.parent)
        self._fault("exhibit settled")

    def read(self, sha256: str) -> bytes:
        """The bytes of a digest, checked against it.

        Raises
        ------
        RecordError
            They are not there.
        IntegrityError
            They are not what was recorded.
        """
        path = self.path(sha256)
        try:
            content = path.read_bytes()
        except OSError as exc:
            raise gone(str(path), sha256, exc.strerror) from exc
        return checked(content, str(path), sha256)

    def opened(self, sha256: str) -> BinaryIO:
        """The file of a digest, open for reading.

        Raises
        ------
        RecordError
            It is not there.
        """
        path = self.path(sha256)
        try:
            return path.open("rb")
        except OSError as exc:
            raise gone(str(path), sha256, exc.strerror) from exc

    def digest_of(self, sha256: str) -> tuple[str, int]:
        """SHA-256 of the file of a digest, computed anew, and its size.

        Raises
        ------
        RecordError
            It cannot be read.
        """
        path = self.path(sha256)
        try:
            return digest_of(path)
        except OSError as exc:
            raise gone(str(path), sha256, exc.strerror) from exc

    def digests(self) -> list[str]:
        """Every digest that has a file, in order."""
        return sorted(
            path.parent.name + path.name for path in self.folder.glob("??/*") if path.suffix != PART
        )

    def leftovers(self) -> list[str]:
        """Files that were being written when the writer died; nobody was promised their bytes."""
        return sorted(str(path) for path in self.folder.glob(f"*{PART}"))

    def sweep(self) -> tuple[str, ...]:
        """Remove what a writer that died left half written; a notice of each."""
        notices = []
        for path in self.leftovers():
            notices.append(f"{path}: half written when the writer died; removed, read it in again")
            Path(path).unlink()
        return tuple(notices)


def digest_of(path: Path) -> tuple[str, int]:
    """SHA-256 of a file in hexadecimal, and its size, read a piece at a time."""
    total, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(READ_BYTES):
            total.update(piece)
            size += len(piece)
    return total.hexdigest(), size


def checked(content: bytes, where: str, sha256: str) -> bytes:
    """Bytes that are what their digest says.

    Raises
    ------
    IntegrityError
        They are not.
    """
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        msg = (
            f"{where}: its bytes hash to {found}, not to its name; it was changed or cut off "
            "after it was recorded: bring it back from a copy of the record"
        )
        raise IntegrityError(msg)
    return content


def gone(where: str, sha256: str, why: object) -> RecordError:
    """The error for bytes that cannot be read."""
    return RecordError(
        f"{where}: exhibit {sha256} cannot be read: {why}; "
        "bring it back from a copy of the record: any file with that SHA-256 will do"
    )


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def poured(content: bytes | Path, into: AbstractContextManager[Sink]) -> tuple[str, int]:
    """Pour bytes, or those of a file, into a sink: their SHA-256, and how many they are.

    Raises
    ------
    InputError
        The file cannot be read.
    """
    with _source(content) as source, into as sink:
        while piece := source.read(READ_BYTES):
            sink.write(piece)
    return sink.sha256, sink.size_bytes


def _source(content: bytes | Path) -> BinaryIO:
    """Bytes, or those of a file, as a file that can be read.

    Raises
    ------
    InputError
        The file cannot be read.
    """
    if isinstance(content, bytes):
        return io.BytesIO(content)
    try:
        return content.open("rb")
    except OSError as exc:
        msg = f"{content}: cannot be read: {exc.strerror}; check its name and permissions"
        raise InputError(msg) from exc


def _no_room(where: Path, exc: OSError) -> RecordError:
    return RecordError(
        f"{where}: an exhibit could not be written: {exc.strerror}; nothing that was acknowledged "
        "is lost. Make room or give write permission there, and run the same command again"
    )
