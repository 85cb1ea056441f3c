"""Preserved bytes in S3-compatible storage: one object for each content, named by its SHA-256.

The only module that speaks to such storage. An object is put on the condition that none of its name
is there, and read back and hashed before anybody is promised it: the storage's own word is not
enough. The key that signs requests comes from where every client of S3 looks for it
(AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY), never from a mission.
"""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store

from truceline.model.errors import RecordError
from truceline.record.exhibits import (
    PART,
    READ_BYTES,
    Fault,
    Sink,
    checked,
    gone,
    poured,
)
from truceline.record.setting import S3

REQUEST_TIMEOUT = timedelta(minutes=10)  # five gibibytes, the most one request may bring, at 9 MB/s
RETRY_TIMEOUT = timedelta(seconds=30)
MOST_RETRIES = 5

_FAILED = (BaseError, OSError)


class ExhibitBucket:
    """Objects `PREFIX/ab/cdef...`, one for each digest.

    Parameters
    ----------
    setting
        Which bucket, where.
    folder
        Where bytes lie until their digest is known; the record's own `exhibits/`.
    fault
        Called with the name of each point at which a write may be cut off; tests die there.
    """

    def __init__(self, setting: S3, folder: Path, fault: Fault = lambda _: None) -> None:
        self._setting = setting
        self._folder = folder
        self._fault = fault
        self._parts = 0
        self._store = S3Store(
            setting.bucket,
            prefix=setting.prefix or None,
            endpoint=setting.endpoint or None,
            region=setting.region,
            virtual_hosted_style_request=False,
            client_options={
                "allow_http": setting.endpoint.startswith("http://"),
                "timeout": REQUEST_TIMEOUT,
            },
            retry_config={"max_retries": MOST_RETRIES, "retry_timeout": RETRY_TIMEOUT},
        )

    def where(self, sha256: str) -> str:
        """Where the bytes of a digest are, for messages."""
        place = "/".join(part for part in (self._setting.bucket, self._setting.prefix) if part)
        return f"s3://{place}/{_key(sha256)}"

    def preserve(self, content: bytes | Path) -> tuple[str, int]:
        """Put bytes, or those of a file, as an object: their SHA-256, and how many they are.

        Raises
        ------
        InputError
            The file cannot be read.
        RecordError
            The storage did not take them.
        """
        return poured(content, self.receive())

    @contextmanager
    def receive(self) -> Iterator[Sink]:
        """Put one object: bytes go into the sink, and stand under their digest at the end.

        Raises
        ------
        RecordError
            There is no room here, or the storage did not take them.
        """
        self._parts += 1
        part = self._folder / f"{self._parts}{PART}"
        try:
            with part.open("xb") as file:
                self._fault("exhibit opened")
                sink = Sink(file, self._fault)
                yield sink
            self._fault("exhibit written")
            self._settle(part, sink)
        except _FAILED as exc:
            msg = (
                f"{self.where('')}: an exhibit could not be written: {_first_line(exc)}; nothing "
                "that was acknowledged is lost. See that the storage answers, has room and gives "
                "the right to write (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY), and run the same "
                "command again"
            )
            raise RecordError(msg) from exc
        finally:
            part.unlink(missing_ok=True)

    def _settle(self, part: Path, sink: Sink) -> None:
        key = _key(sink.sha256)
        wanted = (sink.sha256, sink.size_bytes)
        try:
            obstore.put(self._store, key, part, mode="create")
        except AlreadyExistsError:
            if self.digest_of(sink.sha256) == wanted:
                return  # the same bytes came before; a damaged object of that name is mended
            obstore.put(self._store, key, part)
        self._fault("exhibit put")
        if self.digest_of(sink.sha256) != wanted:
            msg = (
                f"{self.where(sink.sha256)}: the storage gives back other bytes than it was given; "
                "use other storage, and run the same command again"
            )
            raise RecordError(msg)
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
        try:
            content = bytes(obstore.get(self._store, _key(sha256)).bytes())
        except _FAILED as exc:
            raise gone(self.where(sha256), sha256, _first_line(exc)) from exc
        return checked(content, self.where(sha256), sha256)

    def opened(self, sha256: str) -> BinaryIO:
        """The bytes of a digest as a file, checked before they are handed out.

        Raises
        ------
        RecordError
            They are not there.
        IntegrityError
            They are not what was recorded.
        """
        return io.BytesIO(self.read(sha256))

    def digest_of(self, sha256: str) -> tuple[str, int]:
        """SHA-256 of the object of a digest, computed anew, and its size.

        Raises
        ------
        RecordError
            It cannot be read.
        """
        total, size = hashlib.sha256(), 0
        try:
            for piece in obstore.get(self._store, _key(sha256)).stream(min_chunk_size=READ_BYTES):
                total.update(piece)
                size += len(piece)
        except _FAILED as exc:
            raise gone(self.where(sha256), sha256, _first_line(exc)) from exc
        return total.hexdigest(), size

    def digests(self) -> list[str]:
        """Every digest that has an object, in order.

        Raises
        ------
        RecordError
            The storage cannot be asked.
        """
        try:
            listed = [item["path"] for page in obstore.list(self._store) for item in page]
        except _FAILED as exc:
            msg = f"{self.where('')}: its exhibits cannot be listed: {_first_line(exc)}; see that the storage answers"
            raise RecordError(msg) from exc
        found = [path.replace("/", "") for path in listed if path[2:3] == "/"]
        return sorted(digest for digest in found if len(digest) == hashlib.sha256().digest_size * 2)

    def leftovers(self) -> list[str]:
        """What was waiting here to be put when the writer died; nobody was promised its bytes."""
        return sorted(str(path) for path in self._folder.glob(f"*{PART}"))

    def sweep(self) -> tuple[str, ...]:
        """Remove those; a notice of each."""
        notices = []
        for path in self.leftovers():
            notices.append(f"{path}: half written when the writer died; removed, read it in again")
            Path(path).unlink()
        return tuple(notices)


def _key(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:]}" if sha256 else ""


def _first_line(exc: BaseException) -> str:
    return (str(exc).strip().splitlines() or [type(exc).__name__])[0]
