"""Merkle trees as RFC 9162 section 2 defines them: roots, and proofs that a leaf is in a tree.

References
----------
RFC 9162, Certificate Transparency Version 2.0, 2021, sections 2.1.1 and 2.1.3.
"""

import hashlib

import numpy as np
import numpy.typing as npt

from truceline.model.errors import InputError
from truceline.tables.sha256 import DIGEST_BYTES, sha256_rows

Bytes = npt.NDArray[np.uint8]

LEAF, NODE = b"\x00", b"\x01"  # RFC 9162, 2.1.1: a leaf can never pass for a node
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(content: bytes) -> bytes:
    """Hash of one leaf.

    Examples
    --------
    >>> leaf_hash(b"").hex()[:16]
    '6e340b9cffb37a98'
    """
    return hashlib.sha256(LEAF + content).digest()


def leaf_hashes(contents: Bytes) -> Bytes:
    """Hash of each leaf of many that are all of one length.

    Parameters
    ----------
    contents
        `(leaves, width)`.

    Returns
    -------
    array
        `(leaves, 32)`.
    """
    marked = np.zeros((contents.shape[0], contents.shape[1] + 1), np.uint8)
    marked[:, 1:] = contents
    return sha256_rows(marked)


def root(leaves: Bytes) -> bytes:
    """Root of the tree over leaf hashes.

    Parameters
    ----------
    leaves
        `(leaves, 32)`, leaf hashes in order.

    Examples
    --------
    >>> root(np.zeros((0, 32), np.uint8)).hex()[:16]
    'e3b0c44298fc1c14'
    """
    level = _levels(leaves)[-1]
    return level[0].tobytes() if level.shape[0] else EMPTY_ROOT


def inclusion_proof(leaves: Bytes, index: int) -> list[bytes]:
    """What a reader needs, beside one leaf, to compute the root: siblings from the leaf upwards.

    Parameters
    ----------
    leaves
        `(leaves, 32)`, leaf hashes in order.
    index
        Which leaf, from 0.

    Raises
    ------
    InputError
        The tree has no such leaf.
    """
    if not 0 <= index < leaves.shape[0]:
        msg = f"leaf {index} is not in a tree of {leaves.shape[0]}; leaves count from 0"
        raise InputError(msg)
    proof = []
    at = index
    for level in _levels(leaves)[:-1]:
        sibling = at ^ 1
        if sibling < level.shape[0]:
            proof.append(level[sibling].tobytes())
        at //= 2
    return proof


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes | None:
    """The root that a proof leads to; None where the proof has not the form its place demands.

    Parameters
    ----------
    leaf
        Leaf hash.
    index, size
        Which leaf, from 0, of how many.
    proof
        Siblings from the leaf upwards.

    References
    ----------
    RFC 9162, 2.1.3.2.
    """
    if not 0 <= index < size:
        return None
    at, last, value = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return None
        if at & 1 or at == last:
            value = hashlib.sha256(NODE + sibling + value).digest()
            while at and not at & 1:  # this node was carried up without a sibling
                at, last = at >> 1, last >> 1
        else:
            value = hashlib.sha256(NODE + value + sibling).digest()
        at, last = at >> 1, last >> 1
    return value if last == 0 else None


def _levels(leaves: Bytes) -> list[Bytes]:
    """Every level of the tree, leaves first; a node without a sibling is carried up as it is."""
    level = np.ascontiguousarray(leaves)
    levels = [level]
    while level.shape[0] > 1:
        pairs, odd = divmod(level.shape[0], 2)
        nodes = np.empty((pairs, 1 + 2 * DIGEST_BYTES), np.uint8)
        nodes[:, 0] = NODE[0]
        nodes[:, 1:] = level[: 2 * pairs].reshape(pairs, 2 * DIGEST_BYTES)
        above = sha256_rows(nodes)
        level = np.concatenate([above, level[-1:]]) if odd else above
        levels.append(level)
    return levels
