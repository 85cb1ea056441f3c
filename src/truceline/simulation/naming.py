"""Names for what is simulated that say nothing of it: a keyed one-to-one mixing of numbers.

Equal numbers give equal names, different numbers different ones, and neither order nor nearness of
numbers is left in them.
"""

from collections.abc import Mapping
from hashlib import blake2b
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from truceline.simulation.columns import Ints

PREFIXES: Mapping[str, str] = MappingProxyType({"incident": "i-", "act": "a-", "observation": "o-"})

_FIRST = np.uint64(0xBF58476D1CE4E5B9)  # SplitMix64's finalizer, Steele, Lea and Flood 2014
_SECOND = np.uint64(0x94D049BB133111EB)
_HEX = np.frombuffer(b"".join(b"%02x" % n for n in range(256)), dtype="S2")


def key_of(seed: int, kind: str) -> int:
    """The secret with which numbers of a kind are mixed; BLAKE2b of seed and kind.

    Examples
    --------
    >>> key_of(1, "act") == key_of(1, "act"), key_of(1, "act") == key_of(2, "act")
    (True, False)
    """
    return int.from_bytes(blake2b(f"{seed}/{kind}".encode(), digest_size=16).digest(), "big")


def mixed(key: int, numbers: Ints) -> npt.NDArray[np.uint64]:
    """Numbers mixed one to one by a key, `(n,)`."""
    low, high = np.uint64(key & (2**64 - 1)), np.uint64(key >> 64)
    mixed_ = numbers.astype(np.uint64) + low
    with np.errstate(over="ignore"):
        for twist in (high, low):
            mixed_ = (mixed_ ^ (mixed_ >> np.uint64(30))) * _FIRST
            mixed_ = (mixed_ ^ (mixed_ >> np.uint64(27))) * _SECOND
            mixed_ = (mixed_ ^ (mixed_ >> np.uint64(31))) + twist
    return mixed_


def named(seed: int, kind: str, numbers: Ints) -> npt.NDArray[np.str_]:
    """A name for each number, such as `i-` and sixteen hexadecimal digits.

    Parameters
    ----------
    seed
        The truce's.
    kind
        What is named; numbers of two kinds share nothing.
    numbers
        `(n,)` numbers of zero and more.

    Examples
    --------
    >>> names = named(7, "incident", np.arange(3))
    >>> len(set(names)), names[0][:2], len(names[0])
    (3, 'i-', 18)
    """
    return _letters(seed, kind, numbers).view("S18").ravel().astype(np.str_)


def named_cells(seed: int, kind: str, numbers: Ints) -> pa.StringArray:
    """The same names as a column of a table, without an object a name.

    Examples
    --------
    >>> named_cells(7, "act", np.arange(3)).to_pylist() == named(7, "act", np.arange(3)).tolist()
    True
    """
    letters = _letters(seed, kind, numbers)
    ends = np.arange(len(letters) + 1, dtype=np.int32) * letters.shape[1]
    return pa.StringArray.from_buffers(len(letters), pa.py_buffer(ends), pa.py_buffer(letters))


def _letters(seed: int, kind: str, numbers: Ints) -> npt.NDArray[np.uint8]:
    """Names as `(n, 18)` letters."""
    raw = mixed(key_of(seed, kind), np.asarray(numbers, dtype=np.int64))
    octets = raw.astype(">u8").view(np.uint8).reshape(-1, 8)
    letters = np.empty((len(raw), 18), dtype=np.uint8)
    letters[:, :2] = np.frombuffer(PREFIXES.get(kind, f"{kind[:1]}-").encode(), dtype=np.uint8)
    letters[:, 2:] = _HEX[octets].view(np.uint8).reshape(-1, 16)
    return letters


def unit(key: int, numbers: Ints) -> npt.NDArray[np.float64]:
    """A number in [0, 1) for each number, by its mixing: chance that needs no memory."""
    return (mixed(key, numbers) >> np.uint64(11)).astype(np.float64) * 2.0**-53
