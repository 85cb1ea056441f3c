"""The log: entries one after another, and what stands beside them. The contract of its backends.

A backend is one module with a class that keeps this contract, and a function that begins a log of
one entry: `sqlite.py` keeps it in a file, `postgresql.py` on a server. Whatever the backend, the log
only grows, the next entry is the only one that it takes, and what `append` has returned from is
safe. `tests/conformance/test_stores.py` puts every backend to the same questions.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol

from truceline.record.entry import Stored, Written

Fault = Callable[[str], None]
"""Called with the name of each point at which a write may be cut off; tests die there."""


class Acquisition(NamedTuple):
    """Who acquired an exhibit, when and how; `acquired_at` as the record writes instants."""

    sha256: str
    size_bytes: int
    name: str
    acquired_at: str
    acquired_by: str
    how: str


class Log(Protocol):
    """An open log. Entries are numbered from 0 without a gap, and never changed or removed.

    Every method that reads or writes raises `RecordError` where that fails; what cannot be written
    leaves the log as it was.
    """

    @property
    def where(self) -> str:
        """Where it is kept, for messages: a path, or a server, a database and a schema."""

    @property
    def notices(self) -> Sequence[str]:
        """What a keeper should know of this log that is no fault."""

    def close(self) -> None:
        """Let go of it."""

    def explained(self, what: str) -> AbstractContextManager[None]:
        """Turn the backend's errors into `RecordError`: what was not done, and what to do."""

    def append(self, entries: Sequence[Written]) -> None:
        """Write entries by one commit; when this returns, all of them are safe."""

    def acquire(self, acquisitions: Sequence[Acquisition]) -> None:
        """Write who acquired exhibits, by one commit; when this returns, it is safe."""

    def acquisitions(self) -> list[dict[str, Any]]:
        """Every acquisition, in order, by the names of `Acquisition`."""

    def last(self) -> tuple[int, bytes, int]:
        """How many entries, the chain's hash, and when the last was recorded (microseconds)."""

    def stored(self, *, kind: str | None = None, from_sequence: int = 0) -> Iterator[Stored]:
        """Entries in order, as the tables hold them; of one kind where that is given."""

    def whole(self, *, from_sequence: int = 0) -> Iterator[Written]:
        """Entries in order, with their salts and secrets, as `append` takes them."""

    def leaf_hashes(self, *, from_sequence: int = 0) -> Iterator[bytes]:
        """The leaf hash of each entry, in order."""

    def salts(self, sequence: int) -> dict[str, bytes]:
        """Field to salt, of one entry."""

    def salts_between(self, first: int, last: int) -> dict[int, dict[str, bytes]]:
        """Field to salt, of each entry from `first` to `last`; of one without salts nothing."""

    def secrets(self, sequence: int) -> dict[str, bytes]:
        """Table name to the secret of its salts, of one batch."""

    def strays(self) -> list[str]:
        """What stands in a table without an entry that it belongs to."""

    def latest_known(self, without: str) -> int | None:
        """The greatest `known_until` of entries that are not of the kind `without`."""

    def faults_of_form(self) -> list[str]:
        """What is broken in the backend's keeping, and what is not as this software made it."""
