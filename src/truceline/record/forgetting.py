"""Destroying a person's key: ordered by one office and carried out by another, both signed.

An entry of kind `office_key` says which key an office signs with. An entry of kind `forget` is one
hand; with the second hand's entry on disk the key is destroyed. Nothing in the log changes, so every
proof stays valid; what was sealed for that person is sealed for ever.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from truceline.model.errors import InputError
from truceline.model.wording import counted
from truceline.record import note
from truceline.record.entry import Entropy, Entry
from truceline.record.note import Kind, Signer, Verifier
from truceline.record.personal import SEALED, Keyring, fields_of, persons

if TYPE_CHECKING:
    from truceline.record.store import Record

KIND = "forget"
KEY_KIND = "office_key"
ORDERED, CARRIED_OUT = "ordered", "carried_out"
_SHOWN = 5  # of a list of fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """One of the two hands: the office, who holds it, and the key that it signs with."""

    office: str
    holder: str
    signer: Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class AtStake:
    """What nobody can read any more once a person's key is destroyed.

    Parameters
    ----------
    person
        Code of a person.
    fields
        Sequence of an entry and the field of its payload, of each that is sealed for this person.
    exhibits
        SHA-256 to everybody under whose keys that exhibit is.
    derived
        SHA-256 of each of those of which something was made that opens without this person's key.
    forgotten_by
        The entry by which the key was destroyed; None while it stands.
    """

    person: str
    fields: tuple[tuple[int, str], ...]
    exhibits: Mapping[str, tuple[str, ...]]
    derived: frozenset[str]
    forgotten_by: int | None = None

    def lines(self) -> list[str]:
        """For people, before they decide."""
        if self.forgotten_by is not None:
            return [
                f"{self.person} was forgotten by entry {self.forgotten_by}: {self._sealed()} are unreadable for "
                "ever; nothing is left to be done"
            ]
        said = [
            f"sealed for {self.person}, and unreadable for ever once the key is destroyed: "
            f"{self._sealed()}"
        ]
        for sha256, whom in self.exhibits.items():
            others = [each for each in whom if each != self.person]
            shared = f", which is about {', '.join(others)} as well" if others else ""
            made = (
                "something was made of it that stays readable"
                if sha256 in self.derived
                else "nothing was made of it without this person: `truceline record exhibit` hands out a "
                "copy, and `truceline record acquire --made-of` takes in what is to stay"
            )
            said.append(f"  exhibit {sha256[:16]}{shared}; {made}")
        return said

    def _sealed(self) -> str:
        entries = ", ".join(f"{name} of entry {entry}" for entry, name in self.fields[:_SHOWN])
        more = ", ..." if len(self.fields) > _SHOWN else ""
        return (
            counted(len(self.fields), "field", "fields")
            + (f" ({entries}{more})" if entries else "")
            + f" and {counted(len(self.exhibits), 'exhibit', 'exhibits')}"
        )


def at_stake(record: "Record", keyring: Keyring, person: str) -> AtStake:
    """What the destruction of a person's key would make unreadable, or did.

    Raises
    ------
    InputError
        No such person.
    """
    _check_known(record, person)
    fields: list[tuple[int, str]] = []
    exhibits: dict[str, tuple[str, ...]] = {}
    made: dict[str, list[tuple[str, ...]]] = {}
    done: int | None = None
    for entry in record.entries():
        if _carries_out(entry, person):
            done = entry.sequence
        fields += [
            (entry.sequence, name) for name, whom in fields_of(entry.payload) if whom == person
        ]
        whom = tuple(entry.payload.get(SEALED, ()))
        if person in whom:
            exhibits.update(dict.fromkeys(sealed_exhibits(entry), whom))
        if entry.payload.get("parent"):
            made.setdefault(entry.payload["parent"], []).append(whom)
    return AtStake(
        person=person,
        fields=tuple(fields),
        exhibits=exhibits,
        derived=frozenset(
            sha256
            for sha256 in exhibits
            if any(person not in whom for whom in made.get(sha256, ()))
        ),
        forgotten_by=None if keyring.path(person).exists() else done,  # zeros are still to go
    )


def _carries_out(entry: Entry, person: str) -> bool:
    said = entry.payload
    return entry.kind == KIND and (said["person"], said["stage"]) == (person, CARRIED_OUT)


def enrol(
    record: "Record", office: str, holder: str, key: Verifier, *, now: datetime, entropy: Entropy
) -> Entry:
    """Enter which key an office signs with; the private one stays with the office.

    Parameters
    ----------
    record
        Open for writing.
    office, holder
        The post, and the service code of who holds it; never a name.
    key
        The public key.
    now, entropy
        What the clock says, and random bytes.
    """
    if key.name != office or key.kind is not Kind.LOG:
        msg = f"the key is {key.name}'s; make one for `{office}` with `truceline record office`"
        raise InputError(msg)
    payload = {"office": office, "holder": holder, "key": key.vkey}
    return record.append(
        KEY_KIND, payload, known_at=now, recorded_at=now, actor=office, entropy=entropy
    )


def statement(record: "Record", person: str) -> str:
    """What both hands sign: this log, and this person."""
    first = next(record.entries())
    return f"truceline forget 1\nlog {first.leaf_hash}\nperson {person}\n"


def by_hand(
    record: "Record",
    keyring: Keyring,
    person: str,
    hand: Hand,
    *,
    reason: str,
    now: datetime,
    entropy: Entropy,
) -> Entry | None:
    """One hand under an order to forget a person; with the second the key is destroyed.

    Where both hands are entered and the key is still there, because the program died in between, it
    is destroyed now, and nothing is written.

    Parameters
    ----------
    record, keyring
        Open for writing, and the keys of the same record.
    person
        Code of a person.
    hand
        Who signs.
    reason
        Why; never empty, and no name in it.
    now, entropy
        What the clock says, and random bytes.

    Raises
    ------
    InputError
        No such person, no reason, no key entered for the office, or both hands are one person's.
    RecordError
        The entry cannot be written, or the key not destroyed; the same command goes on.
    """
    _check_known(record, person)
    if not reason.strip():
        msg = "give a reason with --reason; it stays in the record, so name nobody in it"
        raise InputError(msg)
    orders = [each for each in record.entries(kind=KIND) if each.payload["person"] == person]
    stages = [each.payload["stage"] for each in orders]
    if CARRIED_OUT in stages:
        keyring.destroy(person)
        return None
    _check_hand(record, hand)
    text = statement(record, person)
    payload: dict[str, Any] = {
        "person": person,
        "stage": CARRIED_OUT if orders else ORDERED,
        "ordered": orders[0].sequence if orders else None,
        "statement": text,
        "signature": hand.signer.sign(text).line.strip(),
        "holder": hand.holder,
        "reason": reason,
    }
    if orders and hand.holder == orders[0].payload["holder"]:
        msg = (
            f"whoever holds `{hand.office}` ordered this as `{orders[0].actor}`; forgetting takes two "
            "people: let somebody else carry it out"
        )
        raise InputError(msg)
    entry = record.append(
        KIND, payload, known_at=now, recorded_at=now, actor=hand.office, entropy=entropy
    )
    if orders:
        keyring.fault("forget entered")
        keyring.destroy(person)
    return entry


def _check_known(record: "Record", person: str) -> None:
    if person not in persons(record):
        msg = (
            f"{person!r} is no person of this record; `truceline record person MISSION` lists them"
        )
        raise InputError(msg)


def _check_hand(record: "Record", hand: Hand) -> None:
    known = list(record.entries(kind=KEY_KIND))
    mine = [each.payload for each in known if each.payload["office"] == hand.office]
    if not mine or mine[-1]["key"] != hand.signer.verifier().vkey:
        msg = (
            f"no entry says that `{hand.office}` signs with this key; enter it with "
            f"`truceline record office MISSION {hand.office} --key FILE`"
        )
        raise InputError(msg)
    if mine[-1]["holder"] != hand.holder:
        msg = f"the key of `{hand.office}` is that of an earlier holder; enter a new one"
        raise InputError(msg)


@dataclass
class Tally:
    """What the log says of sealed fields and destroyed keys, heard entry by entry."""

    sealed: dict[str, int] = field(default_factory=dict)
    exhibits: dict[str, set[str]] = field(default_factory=dict)
    keys: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    orders: dict[int, Entry] = field(default_factory=dict)
    forgotten: dict[str, int] = field(default_factory=dict)
    log: str = ""

    def hear(self, entry: Entry) -> Iterator[str]:
        """Take in the next entry; yields what is wrong with it."""
        if entry.sequence == 0:
            self.log = entry.leaf_hash
        for value in entry.payload.values():
            if isinstance(value, Mapping) and SEALED in value:
                self.sealed[value[SEALED]] = self.sealed.get(value[SEALED], 0) + 1
        for person in entry.payload.get(SEALED, ()):
            self.exhibits.setdefault(person, set()).update(sealed_exhibits(entry))
        if entry.kind == KEY_KIND:
            self.keys[entry.payload["office"]] = entry.payload
        if entry.kind == KIND:
            yield from self._order(entry)

    def _order(self, entry: Entry) -> Iterator[str]:
        said = entry.payload
        person = said["person"]
        enrolled = self.keys.get(entry.actor)
        expected = f"truceline forget 1\nlog {self.log}\nperson {person}\n"
        if enrolled is None or said["statement"] != expected:
            yield f"its order to forget {person} is not by a key that was entered, or of another log"
            return
        key = Verifier.parsed(enrolled["key"])
        if not key.has_signed(said["statement"], note.signature(said["signature"])):
            yield f"the signature of {entry.actor} under the order to forget {person} does not hold"
        if said["stage"] == ORDERED:
            self.orders[entry.sequence] = entry
            return
        first = self.orders.get(said["ordered"])
        if first is None or first.payload["person"] != person:
            yield f"nobody had ordered to forget {person} before it was carried out"
        elif first.payload["holder"] == said["holder"]:
            yield f"one person alone ordered and carried out to forget {person}"
        self.forgotten[person] = entry.sequence

    def notices(self) -> Iterator[str]:
        """What can never be read again, and by which entry."""
        for person, sequence in sorted(self.forgotten.items()):
            number, files = self.sealed.get(person, 0), len(self.exhibits.get(person, ()))
            what = counted(number, "field", "fields")
            what += f" and {counted(files, 'exhibit', 'exhibits')}" if files else ""
            verb = "is" if (number, files) == (1, 0) else "are"
            yield (
                f"{what} {verb} sealed for ever: the key of {person} was destroyed by entry {sequence}"
            )


def sealed_exhibits(entry: Entry) -> tuple[str, ...]:
    """SHA-256 of each exhibit that an entry says is under keys of persons."""
    if SEALED not in entry.payload:
        return ()
    told = entry.payload.get("acquired") or entry.payload.get("sources") or ()
    return tuple(each["sha256"] for each in told)


def still_there(entries: Iterable[Entry], keyring: Keyring) -> tuple[str, ...]:
    """Keys that were to be destroyed and are still here, because a program died in between."""
    gone = {
        entry.payload["person"]: entry.sequence
        for entry in entries
        if entry.kind == KIND and entry.payload["stage"] == CARRIED_OUT
    }
    return tuple(
        f"the key of {person}, to be destroyed by entry {sequence}, is still here; run "
        "`truceline record forget` for it again"
        for person, sequence in gone.items()
        if keyring.path(person).exists()
    )
