"""Fixity: are the exhibits still the bytes that were taken in? Hashed again, on a schedule.

What is due is a function of the record: an exhibit is due when no entry of kind `fixity` found it
sound since a time. A round may stop at any point and go on later, for all it knows stands there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from truceline.model.errors import RecordError
from truceline.model.wording import counted
from truceline.record.closing import unreadable
from truceline.record.custody import known_exhibits
from truceline.record.entry import Entropy, Entry
from truceline.record.store import Record

KIND = "fixity"
USUAL_EVERY = timedelta(days=30)  # assumed


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What is to be hashed, the longest unchecked first; what need not be yet; what is odd."""

    exhibits: tuple[str, ...]
    names: Mapping[str, str]
    later: int
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What one exhibit was found to be: sound, damaged, missing or unreadable, and what says so."""

    sha256: str
    name: str
    outcome: str
    size_bytes: int = 0
    what: str = ""


def due(record: Record, *, now: datetime, every: timedelta) -> Due:
    """Exhibits that no entry found sound since `every` ago.

    Parameters
    ----------
    record
        Open, if only for reading.
    now
        What the clock says. A check that lies after it, because the clock went back, says nothing
        of how long ago it was: such an exhibit is due.
    every
        How long a check holds.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> at, day = datetime(2025, 4, 19, tzinfo=UTC), timedelta(days=1)
    >>> with Record.create(Path(tempfile.mkdtemp()) / "record", mission_id="m", now=at) as record:
    ...     _ = record.add_exhibit(b"x", name="x.txt", acquired_by="duty", how="card", at=at)
    ...     asked = due(record, now=at, every=30 * day)
    ...     checks = [examine(record, each, asked.names) for each in asked.exhibits]
    ...     _ = enter(record, checks, by="fixity", now=at, entropy=bytes)
    ...     print([check.outcome for check in checks])
    ...     print([len(due(record, now=at + n * day, every=30 * day).exhibits) for n in (-1, 1, 30)])
    ['sound']
    [1, 0, 1]
    """
    names = known_exhibits(record)
    last: dict[str, datetime] = {}
    for entry in record.entries(kind=KIND):
        last.update(dict.fromkeys(entry.payload["sound"].split(), entry.recorded_at))
        for outcome in _UNSOUND:
            for each in entry.payload[outcome]:
                last.pop(each["sha256"], None)
    ahead = {digest for digest, at in last.items() if at > now}
    waits = {
        digest for digest, at in last.items() if digest not in ahead and now - at < every
    } & names.keys()
    closed = unreadable(record) & names.keys()
    asked = sorted(names.keys() - waits - closed, key=lambda each: (last.get(each, _NEVER), each))
    notices: tuple[str, ...] = ()
    if closed:
        notices = (
            f"{counted(len(closed), 'exhibit is', 'exhibits are')} under keys of persons that are not "
            "here, and cannot be hashed",
        )
    if ahead:
        notices = (
            *notices,
            f"{counted(len(ahead), 'exhibit was', 'exhibits were')} last checked at an hour that is "
            "still to come, because the clock went back since; checked again",
        )
    return Due(exhibits=tuple(asked), names=names, later=len(waits), notices=notices)


def examine(record: Record, sha256: str, names: Mapping[str, str]) -> Check:
    """Hash what lies where an exhibit should.

    Parameters
    ----------
    record
        Open, if only for reading.
    sha256
        Of the exhibit.
    names
        Every exhibit of the record to its name, so that a swapped one is recognised.
    """
    name = names.get(sha256, "")
    try:
        found, size_bytes = record.hashed(sha256)
    except RecordError as exc:
        why = exc.__cause__
        if isinstance(why, FileNotFoundError):  # object stores raise it as well
            what = "nothing lies at its place"
            return Check(sha256=sha256, name=name, outcome="missing", what=what)
        what = getattr(why, "strerror", None) or str(why or exc)
        return Check(sha256=sha256, name=name, outcome="unreadable", what=what)
    if found == sha256:
        return Check(sha256=sha256, name=name, outcome="sound", size_bytes=size_bytes)
    what = f"its {size_bytes:,} bytes hash to {found}"
    if found in names:
        what = f"swapped: at its place lie the bytes of exhibit {found[:16]} ({names[found]})"
    return Check(sha256=sha256, name=name, outcome="damaged", size_bytes=size_bytes, what=what)


def enter(
    record: Record, checks: Sequence[Check], *, by: str, now: datetime, entropy: Entropy
) -> Entry:
    """Write what was checked as one entry; from then on it need not be checked again.

    Parameters
    ----------
    record
        Open for writing.
    checks
        Of some exhibits, each once.
    by
        The office, or the program where no person asked.
    now
        What the clock says.
    entropy
        Gives that many random bytes, for the salts.
    """
    sound = [check for check in checks if check.outcome == "sound"]
    payload: dict[str, Any] = {
        # One text, for it is one statement: a commitment for each of ten thousand would weigh more.
        "sound": " ".join(sorted(check.sha256 for check in sound)),
        "sound_bytes": sum(check.size_bytes for check in sound),
    }
    for outcome in _UNSOUND:
        payload[outcome] = [
            {"sha256": check.sha256, "name": check.name, "what": check.what}
            for check in checks
            if check.outcome == outcome
        ]
    return record.append(KIND, payload, known_at=now, recorded_at=now, actor=by, entropy=entropy)


def told(checks: Iterable[Check]) -> tuple[str, ...]:
    """One line for each exhibit that is not sound, with what to do."""
    advice = {
        "damaged": "keep the bad file as evidence, and bring the exhibit back from a copy",
        "missing": "bring it back from a copy of the record: any file with that SHA-256 will do",
        "unreadable": "mend the disk or the permissions, and run the same command again",
    }
    return tuple(
        f"exhibit {each.sha256} ({each.name}) is {each.outcome}: {each.what}; {advice[each.outcome]}"
        for each in checks
        if each.outcome in advice
    )


_UNSOUND = ("damaged", "missing", "unreadable")
_NEVER = datetime.min.replace(tzinfo=UTC)
