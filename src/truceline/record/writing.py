"""What entries say becomes drafts, each in its place after the last entry of a log."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from truceline.model.errors import InputError
from truceline.model.time import to_microseconds
from truceline.record import batch
from truceline.record.entry import NO_HASH, Draft, Entropy, Said, draft
from truceline.record.log import Log

OPENING = "mission"  # the kind of the first entry: which mission this is


def first(mission_id: str, now: datetime) -> Draft:
    """The first entry of a record, which names the mission."""
    said = Said(
        kind=OPENING, payload={"mission_id": mission_id}, known_at=now, known_until=now,
        recorded_at=now, actor="truceline",
    )  # fmt: skip
    # Nothing in the first entry is to be hidden, so its salts are zeros.
    return draft(said, sequence=0, previous_hash=NO_HASH, clock_went_back=False, entropy=bytes)


def check_kind(kind: str) -> None:
    """Refuse the kinds that the record alone writes.

    Raises
    ------
    InputError
        It is one of those.
    """
    if kind in (OPENING, batch.KIND):
        msg = f"an entry of kind {kind!r} is written by the record itself; use another word"
        raise InputError(msg)


def check_text(**said: str) -> None:
    """Refuse text that some log could not keep: one with NUL in it, or with half a character.

    Raises
    ------
    InputError
        One of them is such text.

    Examples
    --------
    >>> check_text(actor="duty\\x00officer")
    Traceback (most recent call last):
    truceline.model.errors.InputError: actor 'duty\\x00officer' holds a character that no text may: ...
    """
    for what, text in said.items():
        try:
            is_kept = b"\0" not in text.encode()
        except UnicodeEncodeError:
            is_kept = False
        if not is_kept:
            msg = (
                f"{what} {text!r} holds a character that no text may: NUL, or half of a pair; "
                "write it without"
            )
            raise InputError(msg)


def drafts(
    log: Log, sayings: Sequence[Said], secrets: Mapping[str, bytes], entropy: Entropy
) -> list[Draft]:
    """Entries ready to be written, one after another behind the last that stands in the log.

    Parameters
    ----------
    log
        What they are to be written into; it is only read here.
    sayings
        What each of them says, in their order.
    secrets
        Of a batch: table name to the secret of its salts.
    entropy
        Gives that many random bytes.

    Raises
    ------
    InputError
        A payload is not JSON, or the entry to correct does not exist.
    """
    size, chain, recorded_at = log.last()
    made: list[Draft] = []
    for sequence, said in enumerate(sayings, size):
        if said.supersedes is not None and not 0 <= said.supersedes < sequence:
            msg = f"entry {said.supersedes} cannot be superseded: the record has {sequence} entries, from 0"
            raise InputError(msg)
        check_text(kind=said.kind, actor=said.actor, role=said.role)
        at = to_microseconds(said.recorded_at)
        one = draft(
            said, sequence=sequence, previous_hash=chain, entropy=entropy, secrets=secrets,
            clock_went_back=sequence > 0 and at < recorded_at,
        )  # fmt: skip
        made.append(one)
        chain, recorded_at = one.written.stored.chain_hash, at
    return made
