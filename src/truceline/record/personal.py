"""What is personal, under a key of each person: the log commits to ciphertext, and keys lie beside it.

keys/persons/person-1a2b3c4d.key   32 random bytes; never in the log, in copies or in bundles

Whoever destroys a key makes every field that it sealed unreadable for ever, and no hash changes: what
was committed to is the ciphertext. Rows name a person by the code alone, before and after.

References
----------
NIST SP 800-38D, Galois/Counter Mode; RFC 5116.
"""

import base64
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from truceline.model.errors import InputError, IntegrityError, RecordError
from truceline.model.spelling import skeleton
from truceline.record.entry import Entropy, Entry, canonical
from truceline.record.exhibits import sync_folder
from truceline.record.keys import FOLDER
from truceline.record.whole import read_whole, write_whole

if TYPE_CHECKING:
    from truceline.record.store import Record

KIND = "person"
SEALED = "sealed_for"  # the field by which a sealed value is known
FOR_EVER = "sealed_for_ever"
KEY_BYTES, NONCE_BYTES = 32, 12
_CODE = re.compile(r"person-[0-9a-f]{8}")
_CODE_BYTES = 4
FORM = "truceline person 1"

Fault = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """The keys of persons, in the folder of a record."""

    folder: Path
    fault: Fault = lambda _: None

    def path(self, person: str) -> Path:
        """Where the key of a person lies.

        Raises
        ------
        InputError
            It is no code of a person.
        """
        if not _CODE.fullmatch(person):
            msg = f"{person!r} is no code of a person; `truceline record person MISSION` lists them"
            raise InputError(msg)
        return self.folder / FOLDER / "persons" / f"{person}.key"

    def key(self, person: str) -> bytes | None:
        """The key of a person; None where it is not here, or only zeros are left of it."""
        key = read_whole(self.path(person))
        return key if key and any(key) else None

    def keys(self, persons: Iterable[str]) -> dict[str, bytes]:
        """Keys by person, of those whose key is here."""
        found = ((person, self.key(person)) for person in persons)
        return {person: key for person, key in found if key is not None}

    def make(self, entropy: Entropy) -> str:
        """Make a key for a new person; the person's code."""
        person = f"person-{entropy(_CODE_BYTES).hex()}"
        while self.path(person).exists():
            person = f"person-{entropy(_CODE_BYTES).hex()}"
        path = self.path(person)
        path.parent.mkdir(parents=True, exist_ok=True)
        for folder in (path.parent.parent, path.parent):
            folder.chmod(0o700)
        key = entropy(KEY_BYTES)
        write_whole(path, key, mode=0o600, what="person's key", fault=self.fault)
        return person

    def destroy(self, person: str) -> None:
        """Write over a key and remove it; nothing to do where it is gone.

        Raises
        ------
        RecordError
            It cannot be removed; it is still there.
        """
        destroy_file(self.path(person), self.fault)


def destroy_file(path: Path, fault: Fault = lambda _: None) -> None:
    """Write zeros over a file of secrets, bring that to the disk, and remove it.

    Raises
    ------
    RecordError
        It cannot be written or removed.
    """
    try:
        with path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        fault("key written over")
        path.unlink()
        fault("key removed")
        sync_folder(path.parent)
        fault("key gone")
    except FileNotFoundError:
        return
    except OSError as exc:
        msg = (
            f"{path}: this key could not be destroyed: {exc.strerror}; give write permission there"
        )
        raise RecordError(msg) from exc


def sealed(value: Any, *, person: str, key: bytes, where: str, entropy: Entropy) -> dict[str, str]:
    """A JSON value under a person's key, as it stands in a payload.

    Parameters
    ----------
    value
        JSON.
    person, key
        Whose it is, and that person's key, 32 bytes.
    where
        The field that it fills; a ciphertext put into another field does not open.
    entropy
        Gives that many random bytes.

    Examples
    --------
    >>> made = sealed("Jane Roe", person="person-00000001", key=bytes(32), where="/name", entropy=bytes)
    >>> sorted(made), opened(made, bytes(32), "/name")
    (['ciphertext', 'nonce', 'sealed_for'], 'Jane Roe')
    """
    nonce, content = entropy(NONCE_BYTES), canonical(value)
    ciphertext = cipher(key).encrypt(nonce, content, bound(person, where))
    return {
        SEALED: person,
        "nonce": base64.b64encode(nonce).decode(),
        "ciphertext": base64.b64encode(ciphertext).decode(),
    }


def opened(made: Mapping[str, str], key: bytes, where: str) -> Any:
    """The value that was sealed.

    Raises
    ------
    IntegrityError
        The key is not the one, or the ciphertext was changed or stands in another field.
    """
    from cryptography.exceptions import InvalidTag

    nonce, ciphertext = (base64.b64decode(made[name]) for name in ("nonce", "ciphertext"))
    try:
        content = cipher(key).decrypt(nonce, ciphertext, bound(made[SEALED], where))
    except (InvalidTag, ValueError) as exc:
        msg = (
            f"what is sealed for {made[SEALED]} at {where} does not open with that person's key: one "
            "of the two was changed; compare both with a copy"
        )
        raise IntegrityError(msg) from exc
    return json.loads(content)


def marked(
    payload: Mapping[str, Any], persons: Mapping[str, str], keyring: Keyring, entropy: Entropy
) -> dict[str, Any]:
    """A payload with its personal fields sealed.

    Parameters
    ----------
    payload
        JSON, with names of fields as its outermost keys.
    persons
        Outermost field to the person whose it is.
    keyring
        Has the keys of these persons.
    entropy
        Gives that many random bytes.

    Raises
    ------
    InputError
        There is no such field, or the key of that person is gone.
    """
    made = dict(payload)
    for name, person in persons.items():
        key = keyring.key(person)
        if name not in made or key is None:
            lack = "no such field" if name not in made else f"the key of {person} is not here"
            msg = f"field {name!r} cannot be sealed for {person}: {lack}"
            raise InputError(msg)
        made[name] = sealed(made[name], person=person, key=key, where=f"/{name}", entropy=entropy)
    return made


def readable(payload: Mapping[str, Any], keyring: Keyring) -> dict[str, Any]:
    """A payload with its personal fields opened; where the key is gone, who it was sealed for."""
    made = dict(payload)
    for name, person in fields_of(payload):
        key = keyring.key(person)
        made[name] = {FOR_EVER: person} if key is None else opened(payload[name], key, f"/{name}")
    return made


def fields_of(payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The fields of a payload that are sealed, each with its person."""
    for name, value in payload.items():
        if isinstance(value, Mapping) and SEALED in value:
            yield name, value[SEALED]


def enter(
    record: "Record", keyring: Keyring, name: str, *, by: str, now: datetime, entropy: Entropy
) -> str:
    """The code of a person, known already or new; the name goes into the log as ciphertext.

    Two spellings that look alike are one name. A person whose key was destroyed is nobody we know:
    the same name is then a new person.

    Parameters
    ----------
    record
        Open for writing.
    keyring
        Of the same record.
    name
        The person's name.
    by, now, entropy
        Who enters it, what the clock says, and random bytes.
    """
    if not name.strip():
        msg = "a person needs a name; what has none needs no code"
        raise InputError(msg)
    known = names(record, keyring)
    if (seen := skeleton(name)) in known:
        return known[seen]
    person = keyring.make(entropy)
    payload = marked({"person": person, "name": name}, {"name": person}, keyring, entropy)
    record.append(KIND, payload, known_at=now, recorded_at=now, actor=by, entropy=entropy)
    return person


def names(record: "Record", keyring: Keyring) -> dict[str, str]:
    """Names whose keys are here, as they are compared, to the codes of their persons."""
    found = {}
    for entry in record.entries(kind=KIND):
        told = readable(entry.payload, keyring)["name"]
        if isinstance(told, str):
            found[skeleton(told)] = str(entry.payload["person"])
    return found


def persons(record: "Record") -> dict[str, Entry]:
    """Every person that the record names, to the entry that names it."""
    return {entry.payload["person"]: entry for entry in record.entries(kind=KIND)}


def bound(person: str, where: str) -> bytes:
    """What a ciphertext is tied to: a person, and the place that it fills."""
    return f"{FORM}\n{person}\n{where}".encode()


def cipher(key: bytes) -> Any:
    """AES-256-GCM under a key."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)
