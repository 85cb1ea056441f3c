"""Exhibits that are about persons, kept under their keys: of one person, or of several at once.

The exhibit is the ciphertext. Its digest, the leaf of its entry and every proof are over that, so they
hold before a key is destroyed and after. What is about several persons opens with the keys of all of
them together: each is an input of the key of the content, so the destruction of any one is enough.

truceline person 1 \\n CODE \\n            one person: nonce, ciphertext under that person's key
truceline persons 1 \\n CODE CODE \\n      several: nonce, ciphertext under a key grown from all their keys

The nonce of the second form is grown from the content: the same file for the same persons is the same
exhibit, so it is known again when it comes again.

References
----------
RFC 5869 (HKDF, with SHA-256); NIST SP 800-38D (AES-256-GCM).
"""

import hmac
import json
from collections.abc import Mapping, Sequence

from truceline.model.errors import InputError, IntegrityError
from truceline.record.entry import Entropy, canonical
from truceline.record.personal import FORM, KEY_BYTES, NONCE_BYTES, Keyring, bound, cipher

SEVERAL = "truceline persons 1"
MOST_BYTES = (1 << 31) - (1 << 16)  # what the cipher takes at once, less the head
_HEAD_BYTES = 1 << 14  # a head is sought in so many: some six hundred persons


def wrapped(content: bytes, name: str, *, person: str, key: bytes, entropy: Entropy) -> bytes:
    """The bytes of an exhibit that is one person's own, with its file's name, under that key."""
    nonce = entropy(NONCE_BYTES)
    inner = _named(name, content)
    return _magic(person) + nonce + cipher(key).encrypt(nonce, inner, bound(person, "exhibit"))


def wrapped_for(content: bytes, name: str, keys: Mapping[str, bytes]) -> bytes:
    """The bytes of an exhibit about several persons, with its file's name, under all their keys.

    Parameters
    ----------
    content, name
        The bytes, and what their file was called.
    keys
        Code of each person to that person's key, 32 bytes; their order says nothing.

    Raises
    ------
    InputError
        Nobody is named, or it is too long to be sealed as one.

    Examples
    --------
    >>> keys = {"person-00000002": bytes(32), "person-00000001": b"k" * 32}
    >>> made = wrapped_for(b"both were there", "a.txt", keys)
    >>> whose(made)
    ('person-00000001', 'person-00000002')
    >>> unwrapped(made, keys), made == wrapped_for(b"both were there", "a.txt", keys)
    (('a.txt', b'both were there'), True)
    """
    persons = tuple(sorted(keys))
    if not persons:
        msg = "what is sealed is sealed for somebody; name a person"
        raise InputError(msg)
    key, seed = _grown(persons, keys)
    inner = _named(name, content)
    nonce = hmac.digest(seed, inner, "sha256")[:NONCE_BYTES]
    return _magic_of(persons) + nonce + cipher(key).encrypt(nonce, inner, _bound_of(persons))


def whose(content: bytes) -> tuple[str, ...]:
    """The persons under whose keys an exhibit is, in order; empty where it is under none."""
    form, _, rest = content[:_HEAD_BYTES].partition(b"\n")
    line, end, _ = rest.partition(b"\n")
    if form not in (FORM.encode(), SEVERAL.encode()) or not end:
        return ()
    return tuple(line.decode("ascii", "replace").split(" "))


def unwrapped(content: bytes, keys: Mapping[str, bytes]) -> tuple[str, bytes]:
    """Name and bytes of an exhibit that was sealed.

    Parameters
    ----------
    content
        The exhibit.
    keys
        Those of all persons that `whose` names.

    Raises
    ------
    IntegrityError
        A key is not the one.
    """
    from cryptography.exceptions import InvalidTag

    persons = whose(content)
    if content.startswith(f"{SEVERAL}\n".encode()):
        start, tied = len(_magic_of(persons)), _bound_of(persons)
        key = _grown(persons, keys)[0]
    else:
        start, tied = len(_magic(persons[0])), bound(persons[0], "exhibit")
        key = keys[persons[0]]
    nonce, rest = content[start : start + NONCE_BYTES], content[start + NONCE_BYTES :]
    try:
        inner = cipher(key).decrypt(nonce, rest, tied)
    except (InvalidTag, ValueError) as exc:
        msg = (
            f"this exhibit does not open with the key of {' and '.join(persons)}; compare each key "
            "with a copy"
        )
        raise IntegrityError(msg) from exc
    size = int.from_bytes(inner[:4])
    return json.loads(inner[4 : 4 + size])["name"], inner[4 + size :]


def plain(content: bytes, keyring: Keyring) -> bytes:
    """The bytes that an exhibit holds, opened where it is under keys of persons.

    Raises
    ------
    InputError
        A key that it needs is not here.
    IntegrityError
        A key is not the one.
    """
    persons = whose(content)
    if not persons:
        return content
    keys = keyring.keys(persons)
    if gone := [person for person in persons if person not in keys]:
        others = f" (it is under the keys of {', '.join(persons)})" if len(persons) > 1 else ""
        msg = (
            f"this exhibit is sealed for {', '.join(gone)}, whose key is not here{others}: it cannot "
            "be read any more"
        )
        raise InputError(msg)
    return unwrapped(content, keys)[1]


def _grown(persons: Sequence[str], keys: Mapping[str, bytes]) -> tuple[bytes, bytes]:
    """The key of the content and the seed of its nonce: both need every person's key."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    every = b"".join(keys[person] for person in persons)
    grown = HKDF(SHA256(), 2 * KEY_BYTES, salt=None, info=_bound_of(persons)).derive(every)
    return grown[:KEY_BYTES], grown[KEY_BYTES:]


def _named(name: str, content: bytes) -> bytes:
    if len(content) > MOST_BYTES:
        msg = (
            f"{name}: has {len(content):,} bytes, and at most {MOST_BYTES:,} can be sealed as one; cut it "
            "into parts, and take each in"
        )
        raise InputError(msg)
    head = canonical({"name": name})
    return len(head).to_bytes(4) + head + content


def _magic(person: str) -> bytes:
    return f"{FORM}\n{person}\n".encode()


def _magic_of(persons: Sequence[str]) -> bytes:
    return f"{SEVERAL}\n{' '.join(persons)}\n".encode()


def _bound_of(persons: Sequence[str]) -> bytes:
    return _magic_of(persons) + b"exhibit"
