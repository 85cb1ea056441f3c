"""The head of a log: tiles that grow, checkpoints that follow from one another, keys that are kept."""

import hashlib
import shutil
import stat
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.model.errors import InputError, IntegrityError, RecordError
from truceline.record import keys, merkle
from truceline.record.note import Kind, Signer
from truceline.record.signing import Heads, root_of
from truceline.record.tiles import EMPTY, Tree, edge_at, grown, open_tiles, path_of

from .conftest import counting_entropy

LOG = Signer(name="observers.example/log", kind=Kind.LOG, seed=b"l" * 32)


def leaf(number: int) -> bytes:
    return hashlib.sha256(f"leaf {number}".encode()).digest()


def table(count: int) -> np.ndarray:
    return np.frombuffer(b"".join(map(leaf, range(count))), np.uint8).reshape(-1, 32)


def leaves_of(count: int, edited: int | None = None):
    def leaves(first: int) -> Iterator[bytes]:
        return (leaf(-1) if n == edited else leaf(n) for n in range(first, count))

    return leaves


@pytest.fixture
def folder(tmp_path):
    keys.write_public(tmp_path, [LOG.verifier()])
    return tmp_path


@given(st.lists(st.integers(0, 700), min_size=1, max_size=5), st.data())
@settings(max_examples=25, deadline=None)
def test_tiles_grown_in_any_steps_prove_what_all_leaves_prove(steps, data):
    leaves = table(sum(steps))
    edge, held = EMPTY, {}
    for step in steps:
        edge, full = grown(edge, leaves[edge.size : edge.size + step])
        held |= {(t.level, t.index): t.hashes for t in [*full, *open_tiles(edge)]}
    size = edge.size
    tree = Tree(size, lambda level, index, width: held[level, index][:width])
    assert tree.root() == root_of(edge) == merkle.root(leaves)
    again = edge_at(size, lambda level, index, width: held[level, index][:width])
    assert [each.tolist() for each in again.levels] == [each.tolist() for each in edge.levels]
    if not size:
        return
    at = data.draw(st.integers(1, size))
    index = data.draw(st.integers(0, at - 1))
    assert tree.root(at) == merkle.root(leaves[:at])
    assert tree.inclusion(index, at) == merkle.inclusion_proof(leaves[:at], index)
    assert tree.consistency(at, size) == merkle.consistency_proof(leaves, at)
    assert tree.leaf(index) == leaves[index].tobytes()


def test_the_layout_of_a_tree_of_seventy_thousand_is_that_of_the_specification(folder):
    heads = Heads(folder=folder)
    heads.sign(70_000, leaves_of(70_000), LOG)
    tiles = folder / "tiles" / "tile"
    found = {str(path.relative_to(tiles)) for path in tiles.rglob("*") if path.is_file()}
    expected = {f"0/{n:03}" for n in range(273)} | {
        "0/273.p/112",
        "1/000",
        "1/001.p/17",
        "2/000.p/1",
    }
    assert found == expected
    assert (tiles / "0/272").stat().st_size == 8_192
    assert (tiles / "1/001.p/17").stat().st_size == 17 * 32
    assert path_of(1_234_067) == "x001/x234/067"


def test_checkpoints_grow_step_by_step_and_each_follows_from_the_one_before(folder):
    heads = Heads(folder=folder)
    before = None
    for size in (1, 2, 255, 256, 257, 512, 700):
        made = heads.sign(size, leaves_of(size), LOG).checkpoint
        assert made.root == merkle.root(table(size))
        if before is not None:
            tree = heads.tree(size)
            proof = tree.consistency(before.size, size)
            assert merkle.is_consistent((before.size, before.root), (size, made.root), proof)
        before = made
    assert heads.sizes() == [1, 2, 255, 256, 257, 512, 700]
    assert (folder / "tiles" / "checkpoint").read_bytes() == heads.note(700)


def test_a_log_that_did_not_grow_keeps_its_checkpoint(folder):
    heads = Heads(folder=folder)
    assert heads.sign(0, leaves_of(0), LOG).checkpoint.root == merkle.EMPTY_ROOT
    heads.sign(9, leaves_of(9), LOG)
    before = heads.note(9)
    heads.sign(9, leaves_of(9), LOG)
    assert heads.note(9) == before


@pytest.mark.parametrize("edited", [0, 299, 300, 599])
@pytest.mark.parametrize("size", [600, 601, 900])
def test_an_edited_entry_is_never_signed_over(folder, edited, size):
    """At the edge it is seen at once; further back, as soon as the tree is made anew."""
    heads = Heads(folder=folder)
    heads.sign(600, leaves_of(600), LOG)
    if edited < 512:
        shutil.rmtree(folder / "tiles")
    with pytest.raises(IntegrityError, match="was edited, dropped, moved or added"):
        heads.sign(size, leaves_of(size, edited), LOG)
    assert heads.sizes() == [600]


def test_a_log_that_lost_entries_is_never_signed(folder):
    heads = Heads(folder=folder)
    heads.sign(600, leaves_of(600), LOG)
    with pytest.raises(IntegrityError, match="entries are gone, and nothing is signed"):
        heads.sign(599, leaves_of(599), LOG)


@pytest.mark.parametrize("harm", ["gone", "cut", "bent"])
def test_harmed_tiles_are_made_anew_from_the_entries(folder, harm):
    heads = Heads(folder=folder)
    heads.sign(600, leaves_of(600), LOG)
    tile = folder / "tiles/tile/1/000.p/2"
    content = tile.read_bytes()
    if harm == "gone":
        tile.unlink()
    else:
        tile.write_bytes(content[:-1] if harm == "cut" else bytes(64))
    made = heads.sign(601, leaves_of(601), LOG).checkpoint
    assert made.root == merkle.root(table(601))
    assert heads.tree(601).inclusion(3, 601) == merkle.inclusion_proof(table(601), 3)


def test_a_missing_tile_says_how_to_make_it(folder):
    heads = Heads(folder=folder)
    heads.sign(600, leaves_of(600), LOG)
    (folder / "tiles/tile/0/000").unlink()
    with pytest.raises(RecordError, match="makes it anew from the entries"):
        heads.tree(600).inclusion(3, 600)
    heads.rebuild(heads.opened(600).checkpoint, leaves_of(600))
    assert heads.tree(600).inclusion(3, 600) == merkle.inclusion_proof(table(600), 3)


def test_a_checkpoint_under_another_size_or_by_another_key_is_refused(folder):
    heads = Heads(folder=folder)
    heads.sign(5, leaves_of(5), LOG)
    shutil.copy(folder / "checkpoints/5", folder / "checkpoints/7")
    with pytest.raises(IntegrityError, match="was moved or swapped"):
        heads.newest()
    (folder / "checkpoints/7").unlink()
    keys.write_public(folder, [Signer(name=LOG.name, kind=Kind.LOG, seed=bytes(32)).verifier()])
    with pytest.raises(IntegrityError, match="bears no signature by a key of that log"):
        heads.newest()
    with pytest.raises(RecordError, match="the newest are at 5"):
        heads.note(6)


def test_a_new_key_signs_the_same_head_again(folder):
    heads = Heads(folder=folder)
    heads.sign(5, leaves_of(5), LOG)
    other = Signer(name=LOG.name, kind=Kind.LOG, seed=b"n" * 32)
    keys.write_public(folder, [LOG.verifier(), other.verifier()])
    made = heads.sign(5, leaves_of(5), other)
    assert [each.key_id for each in made.note.signatures] == [
        LOG.verifier().key_id,
        other.verifier().key_id,
    ]
    assert heads.newest().checkpoint.root == made.checkpoint.root


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path):
    made = keys.make(tmp_path, LOG.name, Kind.LOG, counting_entropy())
    path = keys.path_of(tmp_path, Kind.LOG)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert keys.load(tmp_path, Kind.LOG) == made
    assert keys.public(tmp_path) == [made.verifier()]
    with pytest.raises(RecordError, match="a key stands here already"):
        keys.make(tmp_path, LOG.name, Kind.LOG, counting_entropy(5))
    assert keys.load(tmp_path, Kind.LOG) == made
    assert keys.load(tmp_path, Kind.WITNESS) is None


def test_a_key_that_others_may_read_is_not_used(tmp_path):
    keys.make(tmp_path, LOG.name, Kind.LOG, counting_entropy())
    path = keys.path_of(tmp_path, Kind.LOG)
    path.chmod(0o644)
    with pytest.raises(RecordError, match="others than its owner may read this private key"):
        keys.load(tmp_path, Kind.LOG)
    path.chmod(0o600)
    path.write_text("PRIVATE+KEY+nothing\n")
    with pytest.raises(InputError, match="not a private key") as caught:
        keys.load(tmp_path, Kind.LOG)
    assert "nothing" not in str(caught.value)
