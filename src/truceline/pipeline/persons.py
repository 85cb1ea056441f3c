"""Persons of a mission: entered under a key each, and forgotten by two offices together."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from truceline.cases.contract import Role
from truceline.model.errors import InputError
from truceline.pipeline import mission as missions
from truceline.pipeline.keeping import held
from truceline.pipeline.mission import Mission
from truceline.record import closing, custody, forgetting, personal
from truceline.record.note import SEED_BYTES, Kind, Signer
from truceline.record.store import Record
from truceline.record.whole import read_whole, write_whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A person of the record: the code, since which entry, and whether a key stands."""

    person: str
    entry: int
    is_forgotten: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake:
    """What is lost with a person's key, a sentence each, and whether it is lost already."""

    told: tuple[str, ...]
    is_forgotten: bool


def add(folder: Path, name: str, *, office: str) -> str:
    """The code of a person, entered by an office.

    Raises
    ------
    InputError
        No such office, or no name.
    """
    mission = missions.load(folder)
    with Record.open(mission.record_folder) as record:
        held(mission, record, office)
        keyring = personal.Keyring(folder=mission.record_folder)
        return personal.enter(
            record, keyring, name, by=office, now=datetime.now(UTC), entropy=secrets.token_bytes
        )


def known(folder: Path) -> tuple[Known, ...]:
    """Every person of the record, by code; names are not told."""
    mission = missions.load(folder)
    keyring = personal.Keyring(folder=mission.record_folder)
    with Record.open(mission.record_folder, read_only=True) as record:
        return tuple(
            Known(person=person, entry=entry.sequence, is_forgotten=keyring.key(person) is None)
            for person, entry in sorted(personal.persons(record).items())
        )


def enrol(folder: Path, office: str, key_file: Path) -> str:
    """Make a key for an office, hand it out as a file, and enter the public one; that one, as text.

    Raises
    ------
    InputError
        Nobody holds the office, it is a party's, or a file lies there already.
    """
    mission = missions.load(folder)
    with Record.open(mission.record_folder) as record:
        holder = _holder(mission, record, office)
        if key_file.exists():
            msg = f"{key_file}: a file lies there already; name another, nothing is written over"
            raise InputError(msg)
        signer = Signer(name=office, kind=Kind.LOG, seed=secrets.token_bytes(SEED_BYTES))
        write_whole(key_file, f"{signer.skey}\n".encode(), mode=0o600, what="key")
        forgetting.enrol(
            record, office, holder, signer.verifier(), now=datetime.now(UTC),
            entropy=secrets.token_bytes,
        )  # fmt: skip
    return signer.verifier().vkey


def seal(folder: Path, digits: str, persons: Sequence[str], *, office: str, why: str) -> str:
    """Put an exhibit that lies in the clear under the keys of persons; what was done.

    Raises
    ------
    InputError
        No such exhibit, office or key, no reason, or a reading that still counts rests on it.
    RecordError
        The bytes in the clear could not be removed; the same command goes on.
    """
    mission = missions.load(folder)
    if not why.strip():
        msg = "an exhibit is sealed for a reason; give one with --why, and name nobody in it"
        raise InputError(msg)
    with Record.open(mission.record_folder) as record:
        held(mission, record, office)
        sha256 = custody.exhibit_of(record, digits)
        keyring = personal.Keyring(folder=mission.record_folder)
        made = closing.close(
            record, keyring, sha256, persons, by=office, why=why, now=datetime.now(UTC),
            entropy=secrets.token_bytes,
        )  # fmt: skip
    whom = ", ".join(sorted(set(persons)))
    if made is None:
        return f"exhibit {sha256} was sealed for {whom} before; nothing of it lies in the clear"
    return f"entry {made.sequence}: exhibit {sha256} is sealed for {whom}"


def at_stake(folder: Path, person: str) -> Stake:
    """What nobody could read any more without a person's key, for people.

    Raises
    ------
    InputError
        No such person.
    """
    mission = missions.load(folder)
    with Record.open(mission.record_folder, read_only=True) as record:
        keyring = personal.Keyring(folder=mission.record_folder)
        found = forgetting.at_stake(record, keyring, person)
    said = found.lines()
    lines = [spec for spec in mission.feeds if person in spec.persons]
    said += [
        f"  feed {spec.feed} ({', '.join(spec.files)}) names {person}: it takes nothing in any more, and "
        "its files lie readable in the mission's folder until somebody takes them away"
        for spec in lines
    ]
    return Stake(told=tuple(said), is_forgotten=found.forgotten_by is not None)


def forget(folder: Path, person: str, *, office: str, key_file: Path, reason: str) -> str:
    """One hand under the order to forget a person; the second hand destroys the key. What was done.

    Raises
    ------
    InputError
        No such person or office, the key is not the office's, or both hands are one person's.
    RecordError
        The key could not be destroyed; the same command goes on.
    """
    mission = missions.load(folder)
    content = read_whole(key_file)
    if content is None:
        msg = f"{key_file}: there is no key here; `truceline record office` makes one"
        raise InputError(msg)
    with Record.open(mission.record_folder) as record:
        hand = forgetting.Hand(
            office=office,
            holder=_holder(mission, record, office),
            signer=Signer.parsed(content.decode("ascii", "replace")),
        )
        keyring = personal.Keyring(folder=mission.record_folder)
        done = forgetting.by_hand(
            record, keyring, person, hand, reason=reason, now=datetime.now(UTC),
            entropy=secrets.token_bytes,
        )  # fmt: skip
    if done is None:
        return f"the key of {person} is destroyed"
    if done.payload["stage"] == forgetting.ORDERED:
        return (
            f"entry {done.sequence}: ordered; a second office carries it out with the same command"
        )
    return f"entry {done.sequence}: carried out; the key of {person} is destroyed"


def _holder(mission: Mission, record: Record, office: str) -> str:
    appointed = held(mission, record, office)
    if appointed is None:
        msg = (
            "this mission has no roster yet, so nobody can sign; appoint two offices with "
            "`truceline case move MISSION - appoint`"
        )
        raise InputError(msg)
    if appointed.role is Role.LIAISON:
        msg = f"`{office}` speaks for a party; keys of persons are for the mission's own offices"
        raise InputError(msg)
    return appointed.holder
