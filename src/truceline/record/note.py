"""Signed notes: a text, a blank line, and one line for each signature; keys and their names.

Two kinds of Ed25519 signature: a log's own, over the text; and a witness's, over the instant and
the text. The only module that signs or checks a signature.

References
----------
C2SP signed-note v1.0.0 and tlog-cosignature v1.0.0 (c2sp.org); RFC 8032, Ed25519.
"""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from truceline.model.errors import InputError, IntegrityError

SEED_BYTES = 32
MOST_BYTES = 1 << 20  # a note is read whole into memory
MOST_SIGNATURES = 100  # as golang.org/x/mod/sumdb/note; the specification asks for 16 at least
_DASH = "— "
_PRIVATE = "PRIVATE+KEY+"
_ID_BYTES, _TIME_BYTES, _KEY_PARTS = 4, 8, 3
_MOST = 2**63 - 1  # of a size, an index or an instant: C2SP tlog-cosignature


class Kind(IntEnum):
    """What a key signs: the byte that stands before the key in its id."""

    LOG = 0x01
    WITNESS = 0x04


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One line under a note: who claims to have signed, with which key, and the bytes."""

    name: str
    key_id: bytes
    content: bytes

    @property
    def line(self) -> str:
        """The line as it stands under the note."""
        return f"{_DASH}{self.name} {encoded(self.key_id + self.content)}\n"

    @property
    def signed_at_s(self) -> int:
        """When a witness signed, seconds since 1970; meaningless under a log's key."""
        return int.from_bytes(self.content[:_TIME_BYTES])


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A text and what stands under it, unchecked."""

    text: str
    signatures: tuple[Signature, ...]

    def content(self) -> bytes:
        """The note as bytes."""
        return f"{self.text}\n{''.join(each.line for each in self.signatures)}".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verifier:
    """A public key that is trusted under a name.

    Examples
    --------
    >>> key = Signer(name="observers.example/log", kind=Kind.LOG, seed=bytes(32)).verifier()
    >>> key.vkey
    'observers.example/log+2ec4bf81+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop'
    >>> Verifier.parsed(key.vkey) == key
    True
    """

    name: str
    kind: Kind
    public_key: bytes

    @property
    def key_id(self) -> bytes:
        """First four bytes of the hash over name, kind and key."""
        said = self.name.encode() + b"\n" + bytes([self.kind]) + self.public_key
        return hashlib.sha256(said).digest()[:_ID_BYTES]

    @property
    def vkey(self) -> str:
        """The key as a string that is handed to others."""
        return f"{self.name}+{self.key_id.hex()}+{encoded(bytes([self.kind]) + self.public_key)}"

    @staticmethod
    def parsed(vkey: str) -> "Verifier":
        """A key from its string.

        Raises
        ------
        InputError
            It is no such string, or its parts contradict one another.
        """
        name, kind, key = _key_parts(vkey.strip(), "a public key")
        made = Verifier(name=name, kind=kind, public_key=key)
        _check_id(vkey, made, "a public key")
        return made

    def has_signed(self, text: str, signature: Signature) -> bool:
        """Whether the bytes of a signature are this key's over the text."""
        content, message = signature.content, text.encode()
        if self.kind is Kind.WITNESS:
            message = _cosigned(text, signature.signed_at_s)
            content = content[_TIME_BYTES:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(content, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """A private key under a name; whoever has the seed can sign as it.

    Parameters
    ----------
    name
        Without spaces or plus signs; by custom an address without its scheme.
    kind
        A log's key or a witness's.
    seed
        32 random bytes.

    Raises
    ------
    InputError
        The name or the seed cannot be used.
    """

    name: str
    kind: Kind
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not is_name(self.name):
            msg = f"{self.name!r} cannot name a key: it must be text without spaces and plus signs"
            raise InputError(msg)
        if len(self.seed) != SEED_BYTES:
            msg = f"the seed of key {self.name} has {len(self.seed)} bytes, not {SEED_BYTES}"
            raise InputError(msg)

    def verifier(self) -> Verifier:
        """The public key that belongs to it."""
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        return Verifier(name=self.name, kind=self.kind, public_key=public.public_bytes_raw())

    @property
    def skey(self) -> str:
        """The key as a string that is kept secret."""
        key = encoded(bytes([self.kind]) + self.seed)
        return f"{_PRIVATE}{self.name}+{self.verifier().key_id.hex()}+{key}"

    @staticmethod
    def parsed(skey: str) -> "Signer":
        """A key from its secret string.

        Raises
        ------
        InputError
            It is no such string; the message does not repeat it.
        """
        prefix, said = skey.strip()[: len(_PRIVATE)], skey.strip()[len(_PRIVATE) :]
        name, kind, seed = _key_parts(said if prefix == _PRIVATE else "", "a private key")
        made = Signer(name=name, kind=kind, seed=seed)
        _check_id(said, made.verifier(), "a private key")
        return made

    def sign(self, text: str, at_s: int = 0) -> Signature:
        """Sign a text.

        Parameters
        ----------
        text
            The note's text, its last newline included.
        at_s
            The instant that a witness vouches for, seconds since 1970; a log's key ignores it.
        """
        secret = Ed25519PrivateKey.from_private_bytes(self.seed)
        if self.kind is Kind.WITNESS:
            content = at_s.to_bytes(_TIME_BYTES) + secret.sign(_cosigned(text, at_s))
        else:
            content = secret.sign(text.encode())
        return Signature(name=self.name, key_id=self.verifier().key_id, content=content)


def read(content: bytes) -> Note:
    """A note from its bytes, its signatures unchecked.

    Raises
    ------
    InputError
        It has not the form of a signed note.

    Examples
    --------
    >>> signer = Signer(name="a.example/log", kind=Kind.LOG, seed=bytes(32))
    >>> note = Note(text="one line\\n", signatures=(signer.sign("one line\\n"),))
    >>> read(note.content()) == note, known(note, [signer.verifier()])[0][0].name
    (True, 'a.example/log')
    """
    if len(content) > MOST_BYTES:
        raise InputError(_unfit(f"it has {len(content):,} bytes, more than {MOST_BYTES:,}"))
    try:
        said = content.decode()
    except UnicodeDecodeError as exc:
        raise InputError(_unfit(f"it is no UTF-8 text: {exc.reason}")) from exc
    if any(ord(each) < ord(" ") and each != "\n" for each in said):
        raise InputError(_unfit("it holds control characters"))
    text, blank, lines = said.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise InputError(_unfit("no blank line parts a text from signatures that end in a newline"))
    signatures = tuple(signature(line) for line in lines.removesuffix("\n").split("\n"))
    if len(signatures) > MOST_SIGNATURES:
        raise InputError(_unfit(f"it has {len(signatures)} signatures; {MOST_SIGNATURES} at most"))
    return Note(text=f"{text}\n", signatures=signatures)


def signature(line: str) -> Signature:
    """A signature from its line, without the newline.

    Raises
    ------
    InputError
        The line has not that form.
    """
    name, _, code = line.removeprefix(_DASH).partition(" ")
    content = decoded(code)
    if (
        not line.startswith(_DASH)
        or not is_name(name)
        or content is None
        or len(content) <= _ID_BYTES
    ):
        raise InputError(_unfit(f"{line[:80]!r} is no line of a signature"))
    return Signature(name=name, key_id=content[:_ID_BYTES], content=content[_ID_BYTES:])


def known(note: Note, verifiers: Sequence[Verifier]) -> list[tuple[Verifier, Signature]]:
    """Who of those that we know signed a note; signatures of others count for nothing.

    Raises
    ------
    IntegrityError
        A signature bears a key that we know and is not by it.
    """
    by_key = {(each.name, each.key_id): each for each in verifiers}
    found: dict[tuple[str, bytes], tuple[Verifier, Signature]] = {}
    for each in note.signatures:
        key = (each.name, each.key_id)
        if key not in by_key or key in found:
            continue
        if not by_key[key].has_signed(note.text, each):
            msg = (
                f"the signature of {each.name} under this note is not by that key: the note was "
                "changed, or somebody signed in that name; keep it as evidence and trust it for "
                "nothing"
            )
            raise IntegrityError(msg)
        found[key] = (by_key[key], each)
    return list(found.values())


def is_name(name: str) -> bool:
    """Whether a key may bear this name.

    Examples
    --------
    >>> is_name("party-a.example/witness"), is_name("party a"), is_name("a+b"), is_name("")
    (True, False, False, False)
    """
    return bool(name) and not any(each.isspace() or each == "+" for each in name)


def decimal(text: str) -> int | None:
    """A size or an index as these forms write it; None where it is not exactly so.

    Examples
    --------
    >>> decimal("0"), decimal("1204"), decimal("01"), decimal("-1"), decimal("9" * 5000)
    (0, 1204, None, None, None)
    """
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(_MOST)):
        return None
    return int(text) if str(int(text)) == text and int(text) <= _MOST else None


def printable(text: str, most: int = 500) -> str:
    """What a stranger said, on one line, without what would move a terminal's cursor.

    Examples
    --------
    >>> printable("no\\x1b[2J proof\\n")
    'no?[2J proof'
    """
    plain = "".join(each if each.isprintable() else "?" for each in " ".join(text.split()))
    return plain[:most]


def encoded(content: bytes) -> str:
    """Bytes in base64 (RFC 4648, section 4)."""
    return base64.b64encode(content).decode()


def decoded(text: str) -> bytes | None:
    """Bytes from base64; None where the text is not exactly what `encoded` writes."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return content if encoded(content) == text else None


def _cosigned(text: str, at_s: int) -> bytes:
    return f"cosignature/v1\ntime {at_s}\n{text}".encode()


def _key_parts(said: str, what: str) -> tuple[str, Kind, bytes]:
    parts = said.split("+", _KEY_PARTS - 1)
    content = decoded(parts[-1])
    if len(parts) != _KEY_PARTS or not is_name(parts[0]) or content is None:
        msg = f"this is not {what} of the form NAME+ID+KEY; copy the whole line that its owner gave"
        raise InputError(msg)
    if len(content) != 1 + SEED_BYTES or content[0] not in set(Kind):
        msg = (
            f"{what} of {parts[0]} is of no kind that is read here: an Ed25519 key of a log (0x01) "
            "or of a witness (0x04) is needed"
        )
        raise InputError(msg)
    return parts[0], Kind(content[0]), content[1:]


def _check_id(said: str, made: Verifier, what: str) -> None:
    stated = said.strip().split("+", _KEY_PARTS - 1)[1]
    if stated.lower() != made.key_id.hex():
        msg = (
            f"{what} of {made.name} states the id {stated[:16]!r}, and its parts hash to "
            f"{made.key_id.hex()}: a letter was lost; copy the whole line that its owner gave"
        )
        raise InputError(msg)


def _unfit(why: str) -> str:
    return f"this is no signed note: {why}; use the file as its log wrote it"
