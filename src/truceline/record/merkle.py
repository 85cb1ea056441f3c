"""Merkle trees as RFC 9162 section 2 defines them: roots, and proofs that a leaf is in a tree, and
that one tree is another with leaves added.

A proof is a list of hashes, each the root over a range of leaves. Which ranges follows from numbers
alone; whoever has the leaves, or inner hashes kept from before, can say what they hash to.

References
----------
RFC 9162, Certificate Transparency Version 2.0, 2021, section 2.1.
"""

import hashlib
from collections.abc import Sequence

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
            value = node_hash(sibling, value)
            while at and not at & 1:  # this node was carried up without a sibling
                at, last = at >> 1, last >> 1
        else:
            value = node_hash(value, sibling)
        at, last = at >> 1, last >> 1
    return value if last == 0 else None


def inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """Ranges of leaves whose roots prove a leaf, from the leaf upwards; ends excluded.

    Raises
    ------
    InputError
        The tree has no such leaf.

    References
    ----------
    RFC 9162, 2.1.3.1.

    Examples
    --------
    >>> inclusion_ranges(4, 7)
    [(5, 6), (6, 7), (0, 4)]
    """
    if not 0 <= index < size:
        msg = f"leaf {index} is not in a tree of {size}; leaves count from 0"
        raise InputError(msg)
    found = []
    first, last = 0, size
    while last - first > 1:
        middle = first + _split(last - first)
        if index < middle:
            found.append((middle, last))
            last = middle
        else:
            found.append((first, middle))
            first = middle
    return found[::-1]


def consistency_ranges(old_size: int, new_size: int) -> list[tuple[int, int]]:
    """Ranges of leaves whose roots prove that the first leaves of a tree are an older one.

    Parameters
    ----------
    old_size, new_size
        How many leaves; the older tree at most as many as the newer. No leaves, or as many, need
        no proof.

    Raises
    ------
    InputError
        The older tree is the larger one.

    References
    ----------
    RFC 9162, 2.1.4.1.

    Examples
    --------
    >>> consistency_ranges(3, 7), consistency_ranges(4, 7)
    ([(2, 3), (3, 4), (0, 2), (4, 7)], [(4, 7)])
    """
    if not 0 <= old_size <= new_size:
        msg = f"a tree of {old_size} leaves is not the beginning of one of {new_size}; swap them"
        raise InputError(msg)
    if old_size in (0, new_size):
        return []
    found = []
    first, last = 0, new_size
    while last != old_size:
        middle = first + _split(last - first)
        if old_size <= middle:
            found.append((middle, last))
            last = middle
        else:
            found.append((first, middle))
            first = middle
    if first:
        found.append((first, last))  # else the older tree's root is that of this range
    return found[::-1]


def consistency_proof(leaves: Bytes, old_size: int) -> list[bytes]:
    """What a reader needs, beside both roots, to see that a tree grew from an older one.

    Parameters
    ----------
    leaves
        `(leaves, 32)`, leaf hashes of the newer tree in order.
    old_size
        How many of them the older tree had.

    Raises
    ------
    InputError
        The older tree is the larger one.
    """
    ranges = consistency_ranges(old_size, leaves.shape[0])
    return [root(leaves[first:last]) for first, last in ranges]


def is_consistent(old: tuple[int, bytes], new: tuple[int, bytes], proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that a tree is an older one with leaves added, and nothing else.

    Parameters
    ----------
    old, new
        Size and root of each tree.
    proof
        As `consistency_proof` gives it.

    References
    ----------
    RFC 9162, 2.1.4.2; of no leaves or as many, where it says nothing, C2SP tlog-witness: the proof
    is empty.

    Examples
    --------
    >>> two = np.frombuffer(leaf_hash(b"a") + leaf_hash(b"b"), np.uint8).reshape(2, 32)
    >>> is_consistent((1, root(two[:1])), (2, root(two)), consistency_proof(two, 1))
    True
    """
    (old_size, old_root), (new_size, new_root) = old, new
    if old_size in (0, new_size):
        whole = EMPTY_ROOT if old_size == 0 else new_root
        return not proof and old_root == whole
    if not 0 < old_size < new_size or not proof:
        return False
    path = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    at, last = old_size - 1, new_size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    older = newer = path[0]
    for each in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            older, newer = node_hash(each, older), node_hash(each, newer)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            newer = node_hash(newer, each)
        at, last = at >> 1, last >> 1
    return last == 0 and older == old_root and newer == new_root


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of a node over two others."""
    return hashlib.sha256(NODE + left + right).digest()


def _split(size: int) -> int:
    """The greatest power of two below a size of at least two."""
    return 1 << ((size - 1).bit_length() - 1)


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
