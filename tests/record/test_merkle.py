"""Trees and proofs as RFC 9162 defines them, against published vectors and a plain second writing."""

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.model.errors import InputError
from truceline.record import salts
from truceline.record.merkle import (
    EMPTY_ROOT,
    consistency_proof,
    consistency_ranges,
    inclusion_proof,
    inclusion_ranges,
    is_consistent,
    leaf_hash,
    leaf_hashes,
    root,
    root_from_inclusion,
)

# The eight leaves and the roots after each, as Certificate Transparency's reference tests give them.
LEAVES = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

# Inner hashes of that tree, by the range of leaves, and proofs between its sizes, from the same tests.
LEFT_PAIR = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        LEFT_PAIR,
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        ROOTS[3],
    ],
    (2, 3): [ROOTS[1]],
    (1, 5): [
        ROOTS[0],
        LEFT_PAIR,
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): INCLUSION[0, 8],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        ROOTS[3],
    ],
    (2, 5): [
        LEFT_PAIR,
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def as_rows(hashes: list[bytes]) -> np.ndarray:
    return np.frombuffer(b"".join(hashes), np.uint8).reshape(-1, 32)


def plain_root(contents: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word for word."""
    if not contents:
        return hashlib.sha256(b"").digest()
    if len(contents) == 1:
        return hashlib.sha256(b"\x00" + contents[0]).digest()
    split = 1
    while split * 2 < len(contents):
        split *= 2
    parts = plain_root(contents[:split]) + plain_root(contents[split:])
    return hashlib.sha256(b"\x01" + parts).digest()


def plain_proof(index: int, contents: list[bytes]) -> list[bytes]:
    """RFC 9162, 2.1.3.1, word for word."""
    if len(contents) == 1:
        return []
    split = 1
    while split * 2 < len(contents):
        split *= 2
    if index < split:
        return [*plain_proof(index, contents[:split]), plain_root(contents[split:])]
    return [*plain_proof(index - split, contents[split:]), plain_root(contents[:split])]


def plain_consistency(old: int, contents: list[bytes], is_whole: bool = True) -> list[bytes]:
    """RFC 9162, 2.1.4.1, word for word: SUBPROOF(m, D_n, b)."""
    if old == len(contents):
        return [] if is_whole else [plain_root(contents)]
    split = 1
    while split * 2 < len(contents):
        split *= 2
    if old <= split:
        return [
            *plain_consistency(old, contents[:split], is_whole),
            plain_root(contents[split:]),
        ]
    return [
        *plain_consistency(old - split, contents[split:], False),
        plain_root(contents[:split]),
    ]


def published(size: int) -> np.ndarray:
    return as_rows([leaf_hash(bytes.fromhex(text)) for text in LEAVES[:size]])


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_equal_the_published_ones(size):
    leaves = as_rows([leaf_hash(bytes.fromhex(text)) for text in LEAVES[:size]])
    assert root(leaves).hex() == ROOTS[size - 1]


def test_the_root_of_nothing_is_the_digest_of_nothing():
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root(np.zeros((0, 32), np.uint8)).hex() == empty


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 8, 9, 13, 16, 17, 33])
def test_roots_and_proofs_equal_the_definition_for_every_leaf(size):
    contents = [bytes([i]) * (i % 5) for i in range(size)]
    leaves = as_rows([leaf_hash(content) for content in contents])
    whole = root(leaves)
    assert whole == plain_root(contents)
    for index in range(size):
        proof = inclusion_proof(leaves, index)
        assert proof == plain_proof(index, contents)
        leaf = leaves[index].tobytes()
        assert root_from_inclusion(leaf, index, size, proof) == whole


def test_a_proof_for_another_place_leaf_or_size_does_not_lead_to_the_root():
    leaves = as_rows([leaf_hash(bytes([i])) for i in range(11)])
    whole = root(leaves)
    for index in range(11):
        proof = inclusion_proof(leaves, index)
        leaf = leaves[index].tobytes()
        for other in range(11):
            if other != index:
                assert root_from_inclusion(leaf, other, 11, proof) != whole
        assert root_from_inclusion(leaf, index, 11, proof[:-1]) != whole
        assert root_from_inclusion(leaf, index, 11, [*proof, bytes(32)]) != whole
        assert root_from_inclusion(bytes(32), index, 11, proof) != whole
        forged = [bytes(32), *proof[1:]]
        assert root_from_inclusion(leaf, index, 11, forged) != whole


def test_a_leaf_that_is_not_in_the_tree_has_no_proof():
    leaves = leaf_hashes(np.zeros((3, 8), np.uint8))
    with pytest.raises(InputError, match="leaf 3 is not in a tree of 3"):
        inclusion_proof(leaves, 3)
    assert root_from_inclusion(bytes(32), 3, 3, []) is None


def test_leaves_in_bulk_equal_leaves_one_by_one():
    contents = np.arange(64, dtype=np.uint8).reshape(4, 16)
    assert leaf_hashes(contents)[2].tobytes() == leaf_hash(contents[2].tobytes())


@pytest.mark.parametrize("first", [0, 4, 65_532, 65_536, 2_000_000])
def test_salts_in_bulk_equal_salts_one_by_one(first):
    secret = bytes(range(32))
    last = min(first + 9, (first // 65_536 + 1) * 65_536)
    grown = salts.salts(secret, first, last)
    assert [g.tobytes() for g in grown] == [salts.salt(secret, i) for i in range(first, last)]


def test_salts_of_two_chunks_are_refused():
    with pytest.raises(InputError, match="two chunks"):
        salts.salts(bytes(32), 65_532, 65_537)
    with pytest.raises(InputError, match="outside a tree"):
        salts.salt(bytes(32), 4**16)


def test_one_salt_can_be_forgotten_and_every_other_still_follows():
    secret = bytes(range(32))
    kept = salts.without(secret, 77)
    assert len(kept) == 48
    assert salts.salt_from(kept, 77) is None
    for index in (0, 76, 78, 1_000, 262_145, 4**16 - 1):
        assert salts.salt_from(kept, index) == salts.salt(secret, index)
    assert all(node != secret for _, node in kept)


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_inclusion_proofs_equal_the_published_ones(index, size):
    leaves = published(size)
    proof = [bytes.fromhex(each) for each in INCLUSION[index, size]]
    assert inclusion_proof(leaves, index) == proof
    assert [root(leaves[a:b]) for a, b in inclusion_ranges(index, size)] == proof
    leaf = leaves[index].tobytes()
    assert root_from_inclusion(leaf, index, size, proof).hex() == ROOTS[size - 1]


@pytest.mark.parametrize(("old", "new"), CONSISTENCY)
def test_consistency_proofs_equal_the_published_ones(old, new):
    proof = [bytes.fromhex(each) for each in CONSISTENCY[old, new]]
    assert consistency_proof(published(new), old) == proof
    ends = (old, bytes.fromhex(ROOTS[old - 1])), (new, bytes.fromhex(ROOTS[new - 1]))
    assert is_consistent(*ends, proof)


def test_consistency_proofs_equal_the_definition_for_every_pair_of_sizes():
    contents = [bytes([i]) * (i % 5) for i in range(40)]
    leaves = as_rows([leaf_hash(content) for content in contents])
    for new in range(1, 41):
        for old in range(1, new + 1):
            proof = consistency_proof(leaves[:new], old)
            assert proof == plain_consistency(old, contents[:new])
            assert is_consistent((old, root(leaves[:old])), (new, root(leaves[:new])), proof)


@given(st.integers(1, 64), st.data())
@settings(deadline=None)
def test_no_proof_makes_a_tree_with_another_past_the_same_tree(new, data):
    """A leaf of the older tree edited, dropped or moved: no proof of either tree shows consistency."""
    old = data.draw(st.integers(1, new))
    contents = [bytes([i]) for i in range(new)]
    at = data.draw(st.integers(0, old - 1))
    other = list(contents)
    change = data.draw(st.sampled_from(["edit", "drop", "move"]))
    if change == "edit" or (change == "move" and new == 1):
        other[at] = b"another"
    elif change == "drop":
        other = [*other[:at], *other[at + 1 :], b"one more"]
    else:
        other.insert((at + new // 2) % new, other.pop(at))
    if other[:old] == contents[:old]:
        return
    before, after, told = (
        as_rows([leaf_hash(each) for each in what]) for what in (contents[:old], contents, other)
    )
    assert is_consistent((old, root(before)), (new, root(after)), consistency_proof(after, old))
    for proof in (consistency_proof(after, old), consistency_proof(told, old), []):
        assert not is_consistent((old, root(before)), (new, root(told)), proof)


@given(st.integers(2, 200), st.data())
@settings(deadline=None)
def test_a_consistency_proof_bent_anywhere_does_not_hold(new, data):
    old = data.draw(st.integers(1, new - 1))
    leaves = as_rows([leaf_hash(bytes([i])) for i in range(new)])
    ends = (old, root(leaves[:old])), (new, root(leaves))
    proof = consistency_proof(leaves, old)
    at = data.draw(st.integers(0, len(proof) - 1))
    bent = [*proof[:at], bytes(32), *proof[at + 1 :]]
    assert not is_consistent(*ends, bent)
    assert not is_consistent(*ends, proof[:-1])
    assert not is_consistent(*ends, [*proof, bytes(32)])
    assert not is_consistent((old, bytes(32)), ends[1], proof)
    assert not is_consistent(ends[0], (new, bytes(32)), proof)


def test_trees_that_need_no_proof_have_none():
    leaves = as_rows([leaf_hash(bytes([i])) for i in range(3)])
    whole = (3, root(leaves))
    assert consistency_proof(leaves, 0) == consistency_proof(leaves, 3) == []
    assert is_consistent((0, EMPTY_ROOT), whole, [])
    assert is_consistent(whole, whole, [])
    assert not is_consistent((0, bytes(32)), whole, [])
    assert not is_consistent((0, EMPTY_ROOT), whole, [bytes(32)])
    assert not is_consistent((3, bytes(32)), whole, [])
    assert not is_consistent((4, root(leaves)), whole, [])
    with pytest.raises(InputError, match="swap them"):
        consistency_ranges(4, 3)
