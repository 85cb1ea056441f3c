"""One entry of the record: what it says, what it commits to, and the hashes that hold it in place.

The leaf of an entry does not hold what was said but commitments to it, one for each field: SHA-256
of a salt and the field's canonical JSON. So a field can be taken out later, with its salt, and the
leaf, the chain and every proof stay as they were.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from truceline.model.errors import InputError, IntegrityError
from truceline.model.time import to_microseconds
from truceline.record.canonical import canonical as canonical
from truceline.record.canonical import parsed as parsed
from truceline.record.canonical import with_fields
from truceline.record.merkle import leaf_hash

FORM = 1
SALT_BYTES = 32
CHAIN = b"\x02"  # beside 0x00 for leaves and 0x01 for nodes (RFC 9162)
NO_HASH = bytes(32)
NO_SECRETS: Mapping[str, bytes] = MappingProxyType({})

Entropy = Callable[[int], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as it stands in the record; hashes in hexadecimal.

    `known_at` is the instant from which it counts; `known_until` the last instant at which anything
    in it became known, later only for batches of archives. `clock_went_back`: the clock stood
    before the previous entry's when this was written.
    """

    sequence: int
    kind: str
    known_at: datetime
    known_until: datetime
    recorded_at: datetime
    clock_went_back: bool
    supersedes: int | None
    actor: str
    role: str
    payload: Mapping[str, Any]
    leaf_hash: str
    previous_hash: str
    chain_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The end of the log: how many entries, and the hash of the chain through all of them."""

    size: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Rows upstream, taken and refused, summed over batches."""

    upstream: int
    taken: int
    refused: int


class Stored(NamedTuple):
    """One entry as the tables of a log hold it, unchecked; `payload` None where it is missing.

    Instants are microseconds of UTC since 1970.
    """

    sequence: int
    kind: str
    known_at: int
    known_until: int
    recorded_at: int
    clock_went_back: int
    supersedes: int | None
    leaf_input: bytes
    leaf_hash: bytes
    previous_hash: bytes
    chain_hash: bytes
    actor: str | None
    role: str | None
    payload: bytes | None


class Written(NamedTuple):
    """One entry as a log takes it: its columns, the salt of each field, the secret of each table."""

    stored: Stored
    salts: Mapping[str, bytes]
    secrets: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entry before it is written, and the same as the log takes it."""

    entry: Entry
    written: Written


def committed(actor: str, role: str, payload: Any) -> list[tuple[str, bytes]]:
    """Every field that an entry commits to, with its canonical bytes, in the order of pointers.

    A field is a scalar or an empty container, under its JSON pointer.

    Examples
    --------
    >>> committed("duty officer", "", {"to": ["a"]})
    [('/actor', b'"duty officer"'), ('/payload/to/0', b'"a"'), ('/role', b'""')]
    """
    _, found = with_fields({"actor": actor, "payload": payload, "role": role}, "")
    return sorted((pointer, text.encode()) for pointer, text in found)


def commitment(salt: bytes, value: bytes) -> str:
    """Salted commitment to one field's canonical bytes, in hexadecimal.

    Raises
    ------
    IntegrityError
        The salt is of another length: a longer one holds the beginning of another value, so that
        `1204` and its first digit's salt would be committed to as `204` is.

    Examples
    --------
    >>> commitment(bytes(32) + b"1", b"204")
    Traceback (most recent call last):
    truceline.model.errors.IntegrityError: a salt has 33 bytes, not 32: it was made to fit another value
    """
    if len(salt) != SALT_BYTES:
        msg = f"a salt has {len(salt)} bytes, not {SALT_BYTES}: it was made to fit another value"
        raise IntegrityError(msg)
    return hashlib.sha256(salt + value).hexdigest()


def chain_hash(previous: bytes, leaf: bytes) -> bytes:
    """Hash of the chain through one more entry."""
    return hashlib.sha256(CHAIN + previous + leaf).digest()


def iso(at: datetime) -> str:
    """An instant as the record writes it.

    Raises
    ------
    InputError
        It has no time zone.

    Examples
    --------
    >>> iso(datetime(2025, 4, 19, 15, 0, tzinfo=UTC))
    '2025-04-19T15:00:00.000000Z'
    """
    if at.tzinfo is None:
        msg = f"{at.isoformat()} has no time zone; write one, such as +03:00 or Z"
        raise InputError(msg)
    return f"{at.astimezone(UTC).isoformat(timespec='microseconds')[:-6]}Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What an entry shall say, before it has a place in the log."""

    kind: str
    payload: Mapping[str, Any]
    known_at: datetime
    known_until: datetime
    recorded_at: datetime
    actor: str
    role: str = ""
    supersedes: int | None = None


def draft(
    said: Said,
    *,
    sequence: int,
    previous_hash: bytes,
    clock_went_back: bool,
    entropy: Entropy,
    secrets: Mapping[str, bytes] = NO_SECRETS,
) -> Draft:
    """An entry with its salts, commitments and hashes, ready to be written.

    Parameters
    ----------
    said
        What it says.
    sequence, previous_hash, clock_went_back
        Its place: its number from 0, the chain up to it, and whether time runs backwards there.
    entropy
        Gives that many random bytes.
    secrets
        Of a batch: table name to the secret that its rows' salts are grown from.
    """
    payload, parts = with_fields(said.payload, "/payload")
    parts += [("/actor", canonical(said.actor).decode()), ("/role", canonical(said.role).decode())]
    parts.sort()
    noise = entropy(SALT_BYTES * len(parts))
    salts: dict[str, bytes] = {}
    commitments: dict[str, str] = {}
    for at, (pointer, text) in enumerate(parts):
        salts[pointer] = salt = noise[SALT_BYTES * at : SALT_BYTES * (at + 1)]
        commitments[pointer] = hashlib.sha256(salt + text.encode()).hexdigest()
    leaf_input = leaf_input_of(said, sequence, clock_went_back, commitments)
    leaf = leaf_hash(leaf_input)
    chain = chain_hash(previous_hash, leaf)
    entry = Entry(
        sequence=sequence,
        kind=said.kind,
        known_at=said.known_at,
        known_until=said.known_until,
        recorded_at=said.recorded_at,
        clock_went_back=clock_went_back,
        supersedes=said.supersedes,
        actor=said.actor,
        role=said.role,
        payload=parsed(payload),
        leaf_hash=leaf.hex(),
        previous_hash=previous_hash.hex(),
        chain_hash=chain.hex(),
    )
    known_us = to_microseconds(said.known_at)
    until_us = known_us if said.known_until is said.known_at else to_microseconds(said.known_until)
    stored = Stored(
        sequence, said.kind, known_us, until_us, to_microseconds(said.recorded_at),
        int(clock_went_back), said.supersedes, leaf_input, leaf, previous_hash, chain, said.actor, said.role, payload,
    )  # fmt: skip
    return Draft(entry=entry, written=Written(stored, salts, secrets))


def leaf_input_of(
    said: Said | Entry, sequence: int, clock_went_back: bool, commitments: Mapping[str, str]
) -> bytes:
    """The bytes that the leaf hash of an entry is over."""
    known_at = iso(said.known_at)
    alike = said.known_until is said.known_at  # mostly: only archives learn things one by one
    until = known_at if alike else iso(said.known_until)
    back = "true" if clock_went_back else "false"
    supersedes = "null" if said.supersedes is None else said.supersedes
    # Canonical JSON by hand, its keys in order: every entry passes here, and a test compares.
    return (
        f'{{"clock_went_back":{back},"commitments":{canonical(commitments).decode()},'
        f'"form":{FORM},"kind":{canonical(said.kind).decode()},"known_at":"{known_at}",'
        f'"known_until":"{until}","recorded_at":"{iso(said.recorded_at)}",'
        f'"sequence":{sequence},"supersedes":{supersedes}}}'
    ).encode()
