"""Keeping the record: who asks, exhibits handed out and made, and fixity on a schedule."""

import re
import secrets
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from truceline.cases.contract import Appointment
from truceline.cases.docket import Docket
from truceline.cases.replay import replay
from truceline.model.errors import InputError, IntegrityError, RecordError
from truceline.model.evidence import Exhibit
from truceline.model.wording import counted
from truceline.pipeline import mission as missions
from truceline.pipeline.casework import moves_of, rules_of
from truceline.pipeline.files import write_bytes
from truceline.pipeline.line import agreement_of
from truceline.pipeline.mission import Mission
from truceline.record import custody, fixity, personal, sealing
from truceline.record.store import Record
from truceline.record.whole import read_whole

Announce = Callable[[str], None]

PART_EXHIBITS = 500  # of one entry of a fixity round
PART_S = 20.0  # what a round may lose where it is killed: so many seconds of hashing
WAIT_S = 60.0  # for another writer to finish, before what was checked is given up

SHORT_WAIT_S = 5.0  # for one who only wants to read a line
_BUSY = "another program is writing"  # as the lock says it
_OFFICE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What a round of fixity checked, what it left, and what it could not check."""

    checked: int
    size_bytes: int
    unsound: tuple[fixity.Check, ...]
    left: int
    later: int
    notices: tuple[str, ...] = ()
    is_stopped: bool = False

    def text(self) -> str:
        """What was found, for people."""
        sound = self.checked - len(self.unsound)
        lines = [
            f"{counted(self.checked, 'exhibit', 'exhibits')} hashed again, {sound:,} of them sound "
            f"({self.size_bytes:,} bytes); {self.later:,} not due yet",
            *(f"note: {notice}" for notice in self.notices),
        ]
        if self.left:
            lines.append(
                f"stopped with {self.left:,} still due; the same command goes on from here"
            )
        return "\n".join([*lines, *fixity.told(self.unsound)])


def docket_of(mission: Mission, record: Record) -> Docket:
    """Every case and office of the record."""
    return replay(moves_of(record), rules_of(mission, agreement_of(mission)))


def held(mission: Mission, record: Record, office: str) -> Appointment | None:
    """The office that asks, by whom it is held; None where the mission has no roster yet.

    Raises
    ------
    InputError
        It is no name of an office, or nobody holds it.
    """
    if not _OFFICE.fullmatch(office):
        msg = f"{office!r} is no office; write a post such as `duty-officer`, never a person's name"
        raise InputError(msg)
    offices = docket_of(mission, record).offices
    if not offices:
        return None
    appointed = offices.get(office)
    if appointed is None or not appointed.is_held(datetime.now(UTC)):
        there = ", ".join(name for name, each in offices.items() if each.until is None)
        msg = f"nobody holds the office `{office}`; held are {there}"
        raise InputError(msg)
    return appointed


def hand_out(folder: Path, digits: str, out: Path, *, office: str, why: str) -> str:
    """A working copy of an exhibit for an office; entered before a byte is written.

    What was taken in under a person's key is handed out opened, as long as that key is there.

    Parameters
    ----------
    folder
        The mission.
    digits
        The first digits of its SHA-256.
    out
        Where the copy goes; nothing may lie there yet.
    office, why
        Who asks, and what for.

    Returns
    -------
    sha256
        Of the exhibit.

    Raises
    ------
    InputError
        No such exhibit or office, no reason, or a file lies at `out`; or the key is destroyed, so
        that there is no access to enter.
    IntegrityError
        The exhibit is not what was recorded; the attempt stays entered.
    """
    mission = missions.load(folder)
    if not why.strip():
        msg = "an exhibit is opened for a reason; give one with --why"
        raise InputError(msg)
    if out.exists():
        msg = f"{out}: a file lies there already; name another, nothing is written over"
        raise InputError(msg)
    with Record.open(mission.record_folder) as record:
        held(mission, record, office)
        sha256 = custody.exhibit_of(record, digits)
        handling = custody.Handling(
            act=custody.Act.ACCESSED, exhibits=(sha256,), by=office,
            how="working copy by truceline record exhibit", to=out.name, why=why,
        )  # fmt: skip
        content, damaged = b"", None
        try:
            content = opened_bytes(mission, record, sha256)
        except IntegrityError as exc:
            damaged = exc
        custody.handled(record, handling, now=datetime.now(UTC), entropy=secrets.token_bytes)
    if damaged is not None:
        raise damaged
    write_bytes(out, content)
    return sha256


def take_in(
    folder: Path,
    path: Path,
    *,
    office: str,
    how: str,
    parent_digits: str = "",
    persons: Sequence[str] = (),
) -> Exhibit:
    """A file as an exhibit: an original, or one made of an exhibit of this record.

    Parameters
    ----------
    folder
        The mission.
    path
        The file; it stays as it is.
    office, how
        Who took it in or made it, and by what means.
    parent_digits
        The first digits of the SHA-256 of the exhibit that it was made of; empty for an original.
    persons
        Whom it is about: bytes and name of the file are then kept under the keys of all of them, and
        the exhibit is the ciphertext. Empty where it is about nobody.

    Raises
    ------
    InputError
        No such file, office or parent, or not a word on how.
    """
    mission = missions.load(folder)
    if not how.strip():
        msg = "say how it was acquired or made with --how, such as 'contrast raised in GIMP 3.0'"
        raise InputError(msg)
    with Record.open(mission.record_folder) as record:
        held(mission, record, office)
        parent = custody.exhibit_of(record, parent_digits) if parent_digits else ""
        whom = tuple(sorted(set(persons)))
        content = _sealed(mission, path, whom) if whom else path
        return custody.take_in(
            record, content, name=" ".join(whom) or path.name, by=office, how=how, parent=parent,
            now=datetime.now(UTC), entropy=secrets.token_bytes,
        )  # fmt: skip


def opened_bytes(mission: Mission, record: Record, sha256: str) -> bytes:
    """The bytes of an exhibit, opened where they are under keys of persons.

    Raises
    ------
    InputError
        A key that it needs is not here.
    IntegrityError
        The exhibit is not what was recorded.
    """
    keyring = personal.Keyring(folder=mission.record_folder)
    return sealing.plain(record.exhibit_bytes(sha256), keyring)


def line_of(mission: Mission, record: Record, sha256: str, number: int) -> str:
    """A line of an exhibit, from 1, or why it cannot be read any more; empty where it has none such."""
    try:
        lines = opened_bytes(mission, record, sha256).splitlines()
    except InputError as exc:
        return f"({exc})"
    return lines[number - 1].decode("utf-8", "replace") if number <= len(lines) else ""


def _sealed(mission: Mission, path: Path, persons: tuple[str, ...]) -> bytes:
    keyring = personal.Keyring(folder=mission.record_folder)
    content, here = read_whole(path), keyring.keys(persons)
    gone = [person for person in persons if person not in here]
    if gone or content is None:
        lack = f"the key of {', '.join(gone)} is not here" if gone else f"{path} is not there"
        whom = "that person" if len(persons) == 1 else "these persons"
        msg = f"nothing can be taken in for {whom}: {lack}; `truceline record person` lists them"
        raise InputError(msg)
    if len(persons) > 1:
        return sealing.wrapped_for(content, path.name, here)
    ((person, key),) = here.items()
    return sealing.wrapped(content, path.name, person=person, key=key, entropy=secrets.token_bytes)


def enter_reading(mission: Mission, exhibits: Collection[str], how: str) -> str:
    """Enter that lines of exhibits are about to be shown; why that cannot be, where it cannot.

    Who may not be entered may not read: the caller then shows no byte of them.
    """
    if not exhibits:
        return ""
    handling = custody.Handling(
        act=custody.Act.ACCESSED, exhibits=tuple(sorted(exhibits)), by="truceline", how=how
    )
    try:
        with writing(mission, wait_s=SHORT_WAIT_S) as record:
            custody.handled(record, handling, now=datetime.now(UTC), entropy=secrets.token_bytes)
    except RecordError as exc:
        return f"(not shown, for the reading could not be entered: {exc})"
    return ""


def enter_copy(folder: Path, target: Path) -> str:
    """Enter that every exhibit is about to be copied into another mission; a note where it cannot be.

    Once for each target, so that a copy that goes on where it stopped is one transfer.

    Raises
    ------
    RecordError
        Another program is writing to the record.
    """
    where = str(target.absolute())
    try:
        with Record.open(folder / "record") as record:
            newest = [*record.entries(kind=custody.KIND)][-1:]
            if not any(each.payload["to"] == where for each in newest):
                handling = custody.Handling(
                    act=custody.Act.TRANSFERRED, exhibits=(), by="truceline",
                    how="truceline record copy", to=where,
                )  # fmt: skip
                custody.handled(
                    record, handling, now=datetime.now(UTC), entropy=secrets.token_bytes
                )
    except RecordError as exc:
        if _BUSY in str(exc):
            raise
        return f"the copy is not entered in the original, which cannot be written: {exc}"
    return ""


def check_fixity(
    folder: Path,
    *,
    every: timedelta = fixity.USUAL_EVERY,
    longest_s: float | None = None,
    announce: Announce = lambda _: None,
) -> Round:
    """Hash what is due, a part at a time; each part is entered, so a round can stop and go on.

    The record is read while others may write to it, and opened for writing only to enter a part.

    Parameters
    ----------
    folder
        The mission.
    every
        How long a check holds.
    longest_s
        Stop after about so many seconds; never where None.
    announce
        Called with one line of text now and then.

    Raises
    ------
    RecordError
        Another writer held the record so long that a part could not be entered.
    """
    mission = missions.load(folder)
    began = time.monotonic()
    with Record.open(mission.record_folder, read_only=True) as record:
        asked = fixity.due(record, now=datetime.now(UTC), every=every)
        done = _Done(mission)
        try:
            for number, sha256 in enumerate(asked.exhibits):
                if longest_s is not None and time.monotonic() - began >= longest_s:
                    break
                announce(f"exhibit {number + 1:,} of {len(asked.exhibits):,}")
                done.add(fixity.examine(record, sha256, asked.names))
        except KeyboardInterrupt:
            pass  # what is done is entered; the rest stays due
        done.enter()
    return Round(
        checked=len(done.checks),
        size_bytes=sum(check.size_bytes for check in done.checks),
        unsound=tuple(check for check in done.checks if check.outcome != "sound"),
        left=len(asked.exhibits) - len(done.checks),
        later=asked.later,
        notices=asked.notices,
        is_stopped=len(done.checks) < len(asked.exhibits),
    )


@dataclass
class _Done:
    """Checks of a round: those entered, and those that wait for the end of their part."""

    mission: Mission
    checks: list[fixity.Check] = field(default_factory=list)
    entered: int = 0
    since: float = field(default_factory=time.monotonic)

    def add(self, check: fixity.Check) -> None:
        self.checks.append(check)
        waiting = len(self.checks) - self.entered
        if waiting >= PART_EXHIBITS or time.monotonic() - self.since >= PART_S:
            self.enter()

    def enter(self) -> None:
        part = self.checks[self.entered :]
        if part:
            with writing(self.mission) as record:
                fixity.enter(
                    record, part, by="truceline record fixity", now=datetime.now(UTC),
                    entropy=secrets.token_bytes,
                )  # fmt: skip
        self.entered, self.since = len(self.checks), time.monotonic()


@contextmanager
def writing(mission: Mission, wait_s: float = WAIT_S) -> Iterator[Record]:
    """The record open for writing, as soon as another writer lets it go.

    Raises
    ------
    RecordError
        It did not within the time.
    """
    until = time.monotonic() + wait_s
    while True:
        try:
            record = Record.open(mission.record_folder)
            break
        except RecordError as exc:
            if _BUSY not in str(exc) or time.monotonic() >= until:
                raise
            time.sleep(0.2)
    with record:
        yield record
