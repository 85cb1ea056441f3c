"""Custody: who took in, derived, opened, handed over or exported an exhibit; written by the code.

Originals are never changed. What somebody works on is a copy, and what is made of an exhibit is
another exhibit that names its parent and how it was made. Each handling is an entry of kind
`custody`, written before the bytes are handed out; the order is that of the log, never the clock's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from truceline.model.errors import InputError
from truceline.model.evidence import Exhibit
from truceline.record.entry import Entropy, Entry, iso
from truceline.record.personal import SEALED
from truceline.record.sealing import whose

if TYPE_CHECKING:
    from truceline.record.store import Record

KIND = "custody"
LEAST_DIGITS = 8  # of a digest that a person types: 1 in 4 billion that two share them


class Act(StrEnum):
    """What was done with an exhibit."""

    ACQUIRED = "acquired"
    DERIVED = "derived"
    ACCESSED = "accessed"
    TRANSFERRED = "transferred"
    RECEIVED = "received"
    EXPORTED = "exported"
    SEALED = "sealed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """One handling of exhibits.

    Parameters
    ----------
    act
        What was done.
    exhibits
        SHA-256 of each; empty means every exhibit of the record, as it stood then.
    by
        The office, or the program where no person asked.
    how
        By what means: a command, a machine, a medium.
    to
        To whom it went, or where: an office, a body, a file's name. Empty where nowhere.
    why
        The reason; empty where the act says it.
    """

    act: Act
    exhibits: tuple[str, ...]
    by: str
    how: str
    to: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of an exhibit's custody, as the record tells it.

    `entry` is None for an acquisition that only the table of acquisitions holds. `clock_went_back`:
    its hour is earlier than that of the entry before it, so trust the order and not the hour.
    """

    entry: int | None
    act: str
    at: str
    by: str
    how: str
    to: str = ""
    why: str = ""
    other: str = ""  # the parent that it was made of
    clock_went_back: bool = False


def handled(record: "Record", handling: Handling, *, now: datetime, entropy: Entropy) -> Entry:
    """Write a handling; when this returns, it is on disk, and the bytes may be handed out.

    Parameters
    ----------
    record
        Open for writing.
    handling
        What is about to be done.
    now
        What the clock says.
    entropy
        Gives that many random bytes, for the salts.

    Raises
    ------
    InputError
        An exhibit is not in this record.
    RecordError
        It could not be written; then nothing may be handed out.
    """
    known = known_exhibits(record)
    if missing := [digest for digest in handling.exhibits if digest not in known]:
        msg = f"exhibit {missing[0]} is not in this record; `truceline record custody` lists them"
        raise InputError(msg)
    payload: dict[str, Any] = {
        "act": handling.act.value,
        "exhibits": sorted(set(handling.exhibits)),
        "how": handling.how,
        "to": handling.to,
        "why": handling.why,
    }
    return _append(record, payload, handling.by, now, entropy)


def take_in(
    record: "Record",
    content: bytes | Path,
    *,
    name: str,
    by: str,
    how: str,
    now: datetime,
    entropy: Entropy,
    parent: str = "",
) -> Exhibit:
    """Preserve bytes as an exhibit and enter it: an original, or one made of `parent`.

    Parameters
    ----------
    record
        Open for writing.
    content
        The bytes, or the file that holds them; the file stays as it is. Of bytes that are under keys
        of persons the entry says under whose.
    name, by, how
        What it was called, which office took it in or made it, and by what means.
    now
        What the clock says.
    entropy
        Gives that many random bytes, for the salts.
    parent
        SHA-256 of the exhibit that it was made of; empty for an original.

    Raises
    ------
    InputError
        The file cannot be read, or the parent is not in this record.
    RecordError
        There is no room.
    """
    if parent and parent not in known_exhibits(record):
        msg = f"exhibit {parent} is not in this record, so nothing here is made of it"
        raise InputError(msg)
    made = record.add_exhibit(content, name=name, acquired_by=by, how=how, at=now)
    payload: dict[str, Any] = {
        "act": (Act.DERIVED if parent else Act.ACQUIRED).value,
        "exhibits": [made.sha256],
        "how": how,
        "to": "",
        "why": "",
        "parent": parent,
        "acquired": [
            {
                "sha256": made.sha256,
                "size_bytes": made.size_bytes,
                "name": name,
                "acquired_at": iso(now),
                "acquired_by": by,
                "how": how,
            }
        ],
    }
    if isinstance(content, bytes) and (whom := whose(content)):
        payload[SEALED] = list(whom)
    _append(record, payload, by, now, entropy)
    return made


def known_exhibits(record: "Record") -> dict[str, str]:
    """SHA-256 of every exhibit that the record names, to the name it came under, or what it holds.

    Examples
    --------
    >>> import tempfile
    >>> from datetime import UTC
    >>> from truceline.record.store import Record
    >>> at = datetime(2025, 4, 19, 15, 0, tzinfo=UTC)
    >>> with Record.create(Path(tempfile.mkdtemp()) / "record", mission_id="m", now=at) as record:
    ...     video = take_in(record, b"frames", name="a.mp4", by="duty", how="card", now=at, entropy=bytes)
    ...     still = take_in(record, b"frame", name="a.png", by="duty", how="frame 1", now=at,
    ...                     entropy=bytes, parent=video.sha256)
    ...     print(sorted(known_exhibits(record).values()))
    ...     print([(step.act, step.other == video.sha256) for step in chain(record, still.sha256)])
    ['a.mp4', 'a.png']
    [('derived', True)]
    """
    found = {row["sha256"]: row["name"] for row in record.acquisitions()}
    for entry in record.entries(kind="batch"):
        for source in entry.payload["sources"]:
            found.setdefault(source["sha256"], source["name"])
        for name, said in entry.payload["tables"].items():
            found.setdefault(said["exhibit"], f"rows of {name}, entry {entry.sequence}")
            found.setdefault(said["commitments"], f"commitments of {name}, entry {entry.sequence}")
    return found


def exhibit_of(record: "Record", digits: str) -> str:
    """The SHA-256 that begins with what a person typed.

    Raises
    ------
    InputError
        None or several do, or too few digits were typed.
    """
    wanted = digits.lower()
    listed = "as `truceline record custody MISSION` lists them"
    if len(wanted) < LEAST_DIGITS:
        msg = f"{digits!r} is too short; give at least {LEAST_DIGITS} digits of a SHA-256, {listed}"
        raise InputError(msg)
    found = [digest for digest in known_exhibits(record) if digest.startswith(wanted)]
    if not found:
        msg = f"no exhibit of this record begins with {digits!r}; give its SHA-256, {listed}"
        raise InputError(msg)
    if len(found) > 1:
        msg = f"{len(found)} exhibits begin with {digits!r}; give more digits"
        raise InputError(msg)
    return found[0]


def chain(record: "Record", sha256: str) -> tuple[Step, ...]:
    """Every step of an exhibit's custody, in the order of the log.

    Parameters
    ----------
    record
        Open, if only for reading.
    sha256
        Of an exhibit that it names.
    """
    steps: list[Step] = []
    told = set()
    for entry in record.entries():
        for step in _steps(entry, sha256):
            steps.append(step)
            told.add((step.at, step.by, step.how))
    rows = [row for row in record.acquisitions() if row["sha256"] == sha256]
    lone = [
        Step(
            entry=None, act=Act.ACQUIRED.value, at=row["acquired_at"], by=row["acquired_by"],
            how=row["how"], why=f"as {row['name']}",
        )
        for row in rows
        if (row["acquired_at"], row["acquired_by"], row["how"]) not in told
    ]  # fmt: skip
    return (*lone, *steps)


def _steps(entry: Entry, sha256: str) -> Iterator[Step]:
    payload = entry.payload
    if entry.kind == "batch":
        yield from _of_batch(entry, sha256)
    elif entry.kind == KIND and (not payload["exhibits"] or sha256 in payload["exhibits"]):
        acquired = payload.get("acquired") or [{"acquired_at": iso(entry.recorded_at), "name": ""}]
        yield _step(
            entry, payload["act"], at=acquired[0]["acquired_at"], by=entry.actor,
            how=payload["how"], to=payload["to"],
            why=payload["why"] or (f"as {acquired[0]['name']}" if acquired[0]["name"] else ""),
            other=payload.get("parent", ""),
        )  # fmt: skip
    elif entry.kind == "fixity":
        for outcome in ("sound", "damaged", "missing", "unreadable"):
            if sha256 in _named(payload.get(outcome, ())):
                yield _step(
                    entry, f"checked: {outcome}", at=iso(entry.recorded_at), by=entry.actor, how=""
                )


def _of_batch(entry: Entry, sha256: str) -> Iterator[Step]:
    for source in entry.payload["sources"]:
        if source["sha256"] == sha256:
            yield _step(
                entry, Act.ACQUIRED.value, at=source["acquired_at"], by=source["acquired_by"],
                how=source["how"], why=f"as {source['name']}",
            )  # fmt: skip
    for name, said in entry.payload["tables"].items():
        if sha256 in (said["exhibit"], said["commitments"]):
            parents = " ".join(source["sha256"] for source in entry.payload["sources"])
            how = f"table {name} read by feed {entry.payload['feed']}"
            yield _step(
                entry, Act.DERIVED.value, at=iso(entry.recorded_at), by=entry.actor, how=how,
                other=parents,
            )  # fmt: skip


def _step(entry: Entry, act: str, **rest: str) -> Step:
    return Step(entry=entry.sequence, act=act, clock_went_back=entry.clock_went_back, **rest)


def _named(said: Any) -> set[str]:
    """Digests of one outcome: text where many were sound, one object each where not."""
    return set(said.split()) if isinstance(said, str) else {each["sha256"] for each in said}


def _append(
    record: "Record", payload: dict[str, Any], by: str, now: datetime, entropy: Entropy
) -> Entry:
    return record.append(KIND, payload, known_at=now, recorded_at=now, actor=by, entropy=entropy)
