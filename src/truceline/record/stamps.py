"""Time stamps of an outside authority (RFC 3161) over what the log said at a size.

A stamp shows that entries up to a size existed at an instant, whatever the mission's own clock said.
It is checked without a network, with the authority's root certificate alone.

References
----------
RFC 3161, Time-Stamp Protocol; RFC 5816, its update for SHA-256.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from truceline.model.errors import InputError, IntegrityError, RecordError, SourceError
from truceline.record import checkpoint
from truceline.record.entry import Entropy, Entry, Head, iso
from truceline.record.merkle import root
from truceline.record.store import Record

if TYPE_CHECKING:
    from rfc3161_client import TimeStampRequest

KIND = "stamp"
MEDIA_TYPE = "application/timestamp-query"
TOLERANCE = timedelta(minutes=5)  # of the mission's clock against the authority's; assumed
_HEAD = "truceline log head"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What an authority stated: that bytes of this digest existed at an instant."""

    at: datetime
    accuracy_s: float
    serial: str
    policy: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One stamp of the record, checked: what it shows, or what is wrong with it."""

    entry: int
    size: int
    authority: str
    at: datetime | None
    fault: str = ""
    notices: tuple[str, ...] = ()


def statement_of_head(head: Head) -> str:
    """What is stamped of a log that has no checkpoint yet.

    Examples
    --------
    >>> print(statement_of_head(Head(size=3, digest="ab" * 32)), end="")
    truceline log head
    3
    abababababababababababababababababababababababababababababababab
    """
    return f"{_HEAD}\n{head.size}\n{head.digest}\n"


def request(statement: str) -> "TimeStampRequest":
    """A query for an authority, with a nonce, asking for its certificate."""
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    builder = TimestampRequestBuilder().data(statement.encode())
    return (
        builder.hash_algorithm(HashAlgorithm.SHA256)
        .nonce(nonce=True)
        .cert_request(cert_request=True)
        .build()
    )


def opened(
    response: bytes,
    statement: str,
    roots: Sequence[bytes],
    asked: "TimeStampRequest | None" = None,
) -> Stamp:
    """What a response states, its signature and the chain of its certificates checked.

    Parameters
    ----------
    response
        As the authority sent it, DER.
    statement
        What was stamped.
    roots
        Certificates that are trusted, PEM; a file may hold several.
    asked
        The query, so that its nonce is compared; without it a stamp of the record is checked later.

    Raises
    ------
    InputError
        A root is no certificate.
    IntegrityError
        It is no stamp, is not over the statement, or is not by an authority under these roots.
    """
    from cryptography.x509 import load_pem_x509_certificates
    from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

    builder = VerifierBuilder.from_request(asked) if asked is not None else VerifierBuilder()
    try:
        certificates = [each for pem in roots for each in load_pem_x509_certificates(pem)]
    except ValueError as exc:
        msg = f"a root certificate of the authority cannot be read: {exc}; give it as PEM"
        raise InputError(msg) from exc
    for certificate in certificates:
        builder = builder.add_root_certificate(certificate)
    try:
        made = decode_timestamp_response(response)
        builder.build().verify_message(made, statement.encode())
    except (VerificationError, ValueError) as exc:
        msg = (
            f"the stamp does not hold: {exc}; it is not over this statement, or not by an authority "
            "under the roots given: compare them with what the authority publishes"
        )
        raise IntegrityError(msg) from exc
    info = made.tst_info
    error = info.accuracy
    return Stamp(
        at=info.gen_time.astimezone(UTC),
        accuracy_s=0.0
        if error is None
        else (error.seconds or 0) + (error.millis or 0) / 1e3 + (error.micros or 0) / 1e6,
        serial=str(info.serial_number),
        policy=info.policy.dotted_string,
        sha256=hashlib.sha256(response).hexdigest(),
    )


def enter(
    record: Record,
    statement: str,
    response: bytes,
    stamp: Stamp,
    *,
    authority: str,
    now: datetime,
    entropy: Entropy,
) -> Entry:
    """Keep a response as an exhibit, and write what it states as an entry."""
    made = record.add_exhibit(
        response, name=f"stamp-{stamp.serial[:16]}.tsr", acquired_by="truceline record stamp",
        how=f"RFC 3161 authority {authority}", at=now,
    )  # fmt: skip
    payload: dict[str, Any] = {
        "statement": statement,
        "size": size_of(statement),
        "authority": authority,
        "response": made.sha256,
        "stamped_at": iso(stamp.at),
        "accuracy_s": stamp.accuracy_s,
        "serial": stamp.serial,
        "policy": stamp.policy,
    }
    return record.append(KIND, payload, known_at=now, recorded_at=now,
                         actor="truceline record stamp", entropy=entropy)  # fmt: skip


def size_of(statement: str) -> int:
    """How many entries a statement speaks of."""
    return int(statement.split("\n")[1])


def checked(record: Record, roots: Mapping[str, Sequence[bytes]]) -> tuple[Checked, ...]:
    """Every stamp of the record, checked without a network.

    Parameters
    ----------
    record
        Open, if only for reading.
    roots
        Authority to its root certificates, PEM.
    """
    entries = list(record.entries())
    found = []
    before: datetime | None = None
    for entry in entries:
        if entry.kind != KIND:
            continue
        one = _checked(record, entries, entry, roots.get(entry.payload["authority"], ()))
        if one.at is not None:
            if before is not None and one.at + _error(entry) < before:
                notice = "it is older than the stamp before it: one of the authorities is wrong"
                one = replace(one, notices=(*one.notices, notice))
            before = one.at
        found.append(one)
    return tuple(found)


def _checked(
    record: Record, entries: Sequence[Entry], entry: Entry, roots: Sequence[bytes]
) -> Checked:
    said = entry.payload
    found = Checked(entry=entry.sequence, size=said["size"], authority=said["authority"], at=None)
    if not roots:
        return replace(found, fault="no root certificate of this authority was given")
    try:
        _check_statement(entries[: entry.sequence], said["statement"])
        response = record.exhibit_bytes(said["response"])
        stamp = opened(response, said["statement"], roots)
    except (RecordError, InputError) as exc:
        return replace(found, fault=str(exc))
    if iso(stamp.at) != said["stamped_at"]:
        return replace(found, fault=f"it states {iso(stamp.at)}, not {said['stamped_at']}")
    return replace(found, at=stamp.at, notices=tuple(_odd(entries, entry, stamp)))


def _check_statement(before: Sequence[Entry], statement: str) -> None:
    size = size_of(statement)
    if not 0 < size <= len(before):
        msg = f"it is over {size:,} entries, and {len(before):,} stand before it"
        raise IntegrityError(msg)
    if statement.startswith(f"{_HEAD}\n"):
        head = Head(size=size, digest=before[size - 1].chain_hash)
        is_ours = statement == statement_of_head(head)
    else:
        leaves = b"".join(bytes.fromhex(each.leaf_hash) for each in before[:size])
        top = root(np.frombuffer(leaves, np.uint8).reshape(size, 32))
        is_ours = checkpoint.read(statement).root == top
    if not is_ours:
        msg = (
            f"the first {size:,} entries are not those that were stamped: the record was changed "
            "after; keep this copy as evidence, and compare it with another"
        )
        raise IntegrityError(msg)


def _odd(entries: Iterable[Entry], stamped: Entry, stamp: Stamp) -> Iterator[str]:
    """Where the mission's clock contradicts the authority's; the order of entries stands anyhow."""
    margin = TOLERANCE + timedelta(seconds=stamp.accuracy_s)
    ahead, behind = [], []
    for entry in entries:
        if entry.sequence < stamped.payload["size"] and entry.recorded_at > stamp.at + margin:
            ahead.append(entry.sequence)
        if entry.sequence >= stamped.sequence and entry.recorded_at < stamp.at - margin:
            behind.append(entry.sequence)
    if ahead:
        yield (
            f"{len(ahead):,} entries under it, first entry {ahead[0]}, were written by a clock that "
            f"was ahead: they existed by {iso(stamp.at)}, whatever they say"
        )
    if behind:
        yield (
            f"{len(behind):,} entries after it, first entry {behind[0]}, were written by a clock "
            f"that had gone back: they came after {iso(stamp.at)}, whatever they say"
        )


def answered(response: bytes, statement: str, roots: Sequence[bytes], asked: Any) -> Stamp:
    """What an authority answered to a query.

    Raises
    ------
    SourceError
        It is no stamp over what was asked.
    """
    try:
        return opened(response, statement, roots, asked)
    except IntegrityError as exc:
        msg = f"the authority's answer is of no use: {exc}"
        raise SourceError(msg) from exc


def _error(entry: Entry) -> timedelta:
    return TOLERANCE + timedelta(seconds=entry.payload["accuracy_s"])
