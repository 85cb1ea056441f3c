"""Salts of a batch: grown from one secret as a tree, so that one of them can be destroyed alone.

A million rows have four commitments each, hence four million salts. They are the leaves of a tree
of four children a node: a child is SHA-256(parent || digit), the top is the batch's secret, and the
path to leaf `i` is `i` written in sixteen digits of base four. One secret of 32 bytes is kept.

To forget one salt, the secret is replaced by the siblings along that leaf's path, three at each of
sixteen levels: every other salt still follows from them, and that one no longer does. A keyed hash
of the row number would need either every other salt written out, or all of them forgotten.

References
----------
Goldreich, Goldwasser, Micali, How to construct random functions, 1986.
"""

import hashlib

import numpy as np
import numpy.typing as npt

from truceline.model.errors import InputError
from truceline.tables.sha256 import DIGEST_BYTES, sha256_slices

Bytes = npt.NDArray[np.uint8]

SECRET_BYTES = 32
DEPTH = 16
CHUNK_LEVELS = 8  # one chunk of rows is one subtree: 4 ** 8 salts, 16,384 rows of four
_DIGITS = np.arange(4, dtype=np.uint8)


def salt(secret: bytes, index: int) -> bytes:
    """One salt.

    Parameters
    ----------
    secret
        32 bytes, the top of the tree.
    index
        Which salt, from 0; below `4 ** 16`.

    Raises
    ------
    InputError
        The tree has no such leaf.

    Examples
    --------
    >>> salt(bytes(32), 5) == salts(bytes(32), 5, 6)[0].tobytes()
    True
    """
    return _node(secret, _digits(index))


def salts(secret: bytes, first: int, last: int) -> Bytes:
    """Salts `first` to `last` (excluded), all within one chunk of `4 ** 8`.

    Returns
    -------
    array
        `(last - first, 32)`.
    """
    chunk = first >> (2 * CHUNK_LEVELS)
    if last > first and (last - 1) >> (2 * CHUNK_LEVELS) != chunk:
        msg = f"salts {first} to {last} lie in two chunks; ask for one chunk at a time"
        raise InputError(msg)
    top = _node(secret, _digits(chunk << (2 * CHUNK_LEVELS))[: DEPTH - CHUNK_LEVELS])
    start = chunk << (2 * CHUNK_LEVELS)
    level = np.frombuffer(top, np.uint8).reshape(1, DIGEST_BYTES)
    for below in range(CHUNK_LEVELS - 1, -1, -1):
        needed = -(-(last - start) // 4**below)  # nodes whose leaves nobody asks for are not grown
        level = _children(level)[:needed]
    return np.ascontiguousarray(level[first - start :])


def without(secret: bytes, index: int) -> list[tuple[tuple[int, ...], bytes]]:
    """What remains of a secret when one salt is forgotten: nodes by their path from the top.

    Parameters
    ----------
    secret
        32 bytes, the top of the tree.
    index
        The salt that shall no longer follow.
    """
    path = _digits(index)
    kept: list[tuple[tuple[int, ...], bytes]] = []
    for level, own in enumerate(path):
        above = path[:level]
        kept.extend(
            ((*above, digit), _node(secret, (*above, digit))) for digit in range(4) if digit != own
        )
    return kept


def salt_from(kept: list[tuple[tuple[int, ...], bytes]], index: int) -> bytes | None:
    """A salt from what remains of a secret; None where it was forgotten.

    Examples
    --------
    >>> kept = without(bytes(32), 5)
    >>> salt_from(kept, 6) == salt(bytes(32), 6), salt_from(kept, 5)
    (True, None)
    """
    path = _digits(index)
    for prefix, node in kept:
        if path[: len(prefix)] == prefix:
            return _node(node, path[len(prefix) :])
    return None


def _digits(index: int) -> tuple[int, ...]:
    if not 0 <= index < 4**DEPTH:
        msg = f"salt {index} is outside a tree of {4**DEPTH}; split the batch"
        raise InputError(msg)
    return tuple((index >> (2 * level)) & 3 for level in range(DEPTH - 1, -1, -1))


def _node(top: bytes, path: tuple[int, ...]) -> bytes:
    node = top
    for digit in path:
        node = hashlib.sha256(node + bytes([digit])).digest()
    return node


def _children(level: Bytes) -> Bytes:
    begin = np.tile(np.arange(4, dtype=np.int64), level.shape[0])
    return sha256_slices(_DIGITS, begin, begin + 1, np.repeat(level, 4, axis=0))
