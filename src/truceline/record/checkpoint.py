"""Checkpoints: what a log says of itself at a size, signed by it and cosigned by witnesses.

References
----------
C2SP tlog-checkpoint v1.0.0 and tlog-cosignature v1.0.0 (c2sp.org).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from truceline.model.errors import InputError, IntegrityError
from truceline.record import note as notes
from truceline.record.note import Kind, Note, Signature, Signer, Verifier
from truceline.tables.sha256 import DIGEST_BYTES

_LINES = 3  # origin, size, root; extension lines may follow


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A log at a size: its name, how many entries, and the root of the tree over them.

    Examples
    --------
    >>> at_five = Checkpoint(origin="observers.example/log", size=5, root=bytes(32))
    >>> print(at_five.text(), end="")
    observers.example/log
    5
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
    >>> read(at_five.text()) == at_five
    True
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> str:
        """The text that is signed."""
        lines = (self.origin, str(self.size), notes.encoded(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosigner:
    """A witness under a checkpoint, and the instant that it vouches for (seconds since 1970)."""

    name: str
    vkey: str
    signed_at_s: int

    @property
    def at(self) -> str:
        """The instant, ISO 8601; in seconds where no calendar reaches what the witness wrote.

        Examples
        --------
        >>> Cosigner(name="w", vkey="", signed_at_s=1_745_074_800).at
        '2025-04-19T15:00:00+00:00'
        >>> Cosigner(name="w", vkey="", signed_at_s=2**62).at
        '4611686018427387904 s after 1970'
        """
        try:
            return datetime.fromtimestamp(self.signed_at_s, UTC).isoformat()
        except (OverflowError, ValueError, OSError):
            return f"{self.signed_at_s} s after 1970"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A checkpoint whose log's signature holds, and the known witnesses that cosigned it."""

    checkpoint: Checkpoint
    note: Note
    cosigners: tuple[Cosigner, ...]


def read(text: str) -> Checkpoint:
    """A checkpoint from the text of a note.

    Raises
    ------
    InputError
        The text has not the form of a checkpoint.
    """
    lines = text.split("\n")
    body, last = lines[:-1], lines[-1]
    size = notes.decimal(body[1]) if len(body) >= _LINES else None
    root = notes.decoded(body[2]) if len(body) >= _LINES else None
    if last or not all(body) or size is None or not body[0].isprintable():
        msg = f"no checkpoint begins with {text[:60]!r}: it must say origin, size and root, a line each"
        raise InputError(msg)
    if root is None or len(root) != DIGEST_BYTES:
        msg = f"the checkpoint of {body[0]} at {size} states no root of {DIGEST_BYTES} bytes in base64"
        raise InputError(msg)
    return Checkpoint(origin=body[0], size=size, root=root, extensions=tuple(body[_LINES:]))


def signed(checkpoint: Checkpoint, log: Signer) -> bytes:
    """A checkpoint as a note under the log's own key.

    Raises
    ------
    InputError
        The key is a witness's, or is not the log's that the checkpoint names.
    """
    if log.kind is not Kind.LOG or log.name != checkpoint.origin:
        msg = (
            f"a checkpoint of {checkpoint.origin} is signed by the log's key of that name, not by "
            f"{log.name}"
        )
        raise InputError(msg)
    text = checkpoint.text()
    return Note(text=text, signatures=(log.sign(text),)).content()


def cosigned(opened: Opened, witness: Signer, at_s: int) -> Signature:
    """A witness's signature: at that instant this is the largest consistent tree that it has seen."""
    return witness.sign(opened.note.text, at_s)


def opened(content: bytes, logs: Sequence[Verifier], witnesses: Sequence[Verifier] = ()) -> Opened:
    """A checkpoint from its note, every signature of a known key checked.

    Parameters
    ----------
    content
        The note.
    logs
        Keys that may sign for the log; its origin must be the name of the one that did.
    witnesses
        Keys of witnesses that are known; signatures of others count for nothing.

    Raises
    ------
    InputError
        It is no checkpoint.
    IntegrityError
        No known key of its log signed it, or a known key's signature does not hold.

    Examples
    --------
    >>> log = Signer(name="observers.example/log", kind=Kind.LOG, seed=bytes(32))
    >>> made = signed(Checkpoint(origin=log.name, size=0, root=bytes(32)), log)
    >>> opened(made, [log.verifier()]).checkpoint.size
    0
    """
    note = notes.read(content)
    checkpoint = read(note.text)
    known = notes.known(note, [*logs, *witnesses])
    if not any(key.kind is Kind.LOG and key.name == checkpoint.origin for key, _ in known):
        names = ", ".join(sorted({key.vkey for key in logs})) or "none"
        msg = (
            f"the checkpoint of {checkpoint.origin} at {checkpoint.size:,} bears no signature by a "
            f"key of that log that is known here ({names}); ask its keeper for its public key, by "
            "another way than the checkpoint came"
        )
        raise IntegrityError(msg)
    cosigners = tuple(
        Cosigner(name=key.name, vkey=key.vkey, signed_at_s=each.signed_at_s)
        for key, each in known
        if key.kind is Kind.WITNESS
    )
    return Opened(checkpoint=checkpoint, note=note, cosigners=cosigners)


def joined(content: bytes, signatures: Sequence[Signature]) -> bytes:
    """A note with further signatures under it; one of the same key takes the earlier one's place."""
    note = notes.read(content)
    new = {(each.name, each.key_id) for each in signatures}
    kept = [each for each in note.signatures if (each.name, each.key_id) not in new]
    return Note(text=note.text, signatures=(*kept, *signatures)).content()
