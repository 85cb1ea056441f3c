"""A keeper who has the log's key and signs two histories, and a bundle that would write on the screen."""

import base64
import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from truceline.pipeline import bundled, bundling
from truceline.pipeline.bundled import Number
from truceline.pipeline.bundling import bundle
from truceline.record import keys as log_keys
from truceline.record import merkle
from truceline.record.checkpoint import Checkpoint, signed
from truceline.record.note import Kind
from truceline.record.store import Record
from truceline.record.verifier import verify_bundle as verifier

CASE = "barrage"


def leaves(size: int) -> np.ndarray:
    hashes = b"".join(hashlib.sha256(bytes([n])).digest() for n in range(size))
    return np.frombuffer(hashes, np.uint8).reshape(-1, 32)


def standing(size: int, root: bytes) -> verifier.Checkpoint:
    """A checkpoint as the verifier holds it, its signatures left aside."""
    made = verifier.Checkpoint.__new__(verifier.Checkpoint)
    made.size, made.root = size, root
    return made


@pytest.mark.parametrize("new", [2, 3, 4, 7, 8, 9, 16, 21, 33])
def test_a_log_follows_from_each_of_its_own_heads_and_from_no_other(new):
    """Against the record's own proofs, which published vectors and another program check."""
    root = merkle.root(leaves(new))
    for old in range(1, new):
        before = merkle.root(leaves(old))
        proof = [each.hex() for each in merkle.consistency_proof(leaves(new), old)]
        head, earlier = standing(new, root), standing(old, before)
        assert verifier.follows(head, earlier, proof)
        assert not verifier.follows(head, standing(old, bytes(32)), proof)
        assert not verifier.follows(standing(new, bytes(32)), earlier, proof)
        assert not verifier.follows(head, earlier, [*proof, "00" * 32])
        for at in range(len(proof)):
            changed = [*proof[:at], "00" * 32, *proof[at + 1 :]]
            assert not verifier.follows(head, earlier, changed), (old, at)


def forked(mission: Path, size: int) -> bytes:
    """Another root at a size, under the true key of the log."""
    signer = log_keys.load(mission / "record", Kind.LOG)
    return signed(Checkpoint(origin=signer.name, size=size, root=b"f" * 32), signer)


def test_two_roots_at_one_size_in_one_bundle_are_two_histories(copy, hand, keys, mission):
    settled = min((copy / "data/checkpoints").iterdir(), key=lambda path: int(path.name))
    settled.with_name(f"0{settled.name}").write_bytes(forked(mission, int(settled.name)))
    hand.seal(copy)
    with pytest.raises(verifier.RefusedError, match="two histories"):
        verifier.verified(copy, keys, 0)


def test_a_head_of_another_history_beside_the_witnessed_one_is_refused(copy, hand, keys, mission):
    """Entries up to the witnessed head are sound, and what was signed since is of a fork."""
    newest = max((copy / "data/checkpoints").iterdir(), key=lambda path: int(path.name))
    lines = newest.read_text().split("\n")
    newest.write_bytes(forked(mission, int(newest.name)))
    assert base64.b64decode(lines[2]) != b"f" * 32
    hand.seal(copy)
    with pytest.raises(verifier.RefusedError, match=f"two histories: at {newest.name} is signed"):
        verifier.verified(copy, keys, 0)


@pytest.mark.parametrize("is_here", [True, False])
def test_what_is_said_to_be_withheld_and_was_not_is_refused(
    mission, tmp_path, monkeypatch, is_here
):
    """A keeper would look careful, or rich in evidence, by what was never taken out."""
    sound = bundling._exhibits

    def boast(record, order, bag, found):
        sound(record, order, bag, found)
        here = [path.rpartition("/")[2] for path in bag.sizes if path.startswith("data/exhibits/")]
        return {here[0] if is_here else "0" * 64: "forgotten"}

    monkeypatch.setattr(bundling, "_exhibits", boast)
    made = bundle(shutil.copytree(mission, tmp_path / "m"), CASE, out=tmp_path / "b")
    with pytest.raises(verifier.RefusedError, match="is not withheld: it is here, or is none"):
        verifier.verified(made.path, [verifier.key_of(made.vkey)], 0)


@pytest.mark.parametrize("place", ["value", "entries"])
def test_a_number_cannot_write_on_the_screen(mission, tmp_path, monkeypatch, capsys, place):
    """Whoever makes a bundle chooses what stands in it: this would hide that it does not verify."""
    trick = "\x1b[2J\x1b[8m"
    sound = Number.plain

    def forged(self, refs):
        said = sound(self, refs)
        if place == "value":
            return {**said, "value": trick}
        return {**said, "parts": [{**part, "entries": [trick]} for part in said["parts"]]}

    monkeypatch.setattr(Number, "plain", forged)
    made = bundle(shutil.copytree(mission, tmp_path / "m"), CASE, out=tmp_path / "b")
    assert verifier.main([str(made.path), "--key", made.vkey]) == 1
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "\\x1b[8m" in said
    assert said.endswith("ask its sender for another copy\n")


def test_two_who_were_told_of_other_moves_see_it_by_their_numbers(
    mission, made, keys, tmp_path, monkeypatch
):
    """A keeper leaves a move out of one bundle; it verifies, and states one move fewer."""
    copied = shutil.copytree(mission, tmp_path / "m")
    whole, sound = bundled.made, bundled.moves_of
    with Record.open(copied / "record", read_only=True) as record:
        own = [e.sequence for e in record.entries(kind="case_move") if e.payload["case"] == CASE]
    hidden = own[3]

    def without(case, moves):
        return tuple(each for each in sound(case, moves) if each != hidden)

    monkeypatch.setattr(bundled, "moves_of", without)
    monkeypatch.setattr(bundled, "made", lambda moves: whole([n for n in moves if n != hidden]))
    other = bundle(copied, CASE, out=tmp_path / "b")
    said = [
        [line for line in verifier.verified(path, keys, 0).lines if "moves of the case" in line]
        for path in (made.path, other.path)
    ]
    assert said[0] == [f"{len(own)} moves of the case when the log had {made.entry} entries"]
    assert said[1] == [f"{len(own) - 1} moves of the case when the log had {other.entry} entries"]


def test_a_number_of_moves_taken_out_is_missed(copy, keys, hand):
    path = copy / "data/numbers.json"
    told = [one for one in json.loads(path.read_text()) if one["number"] != "moves of the case"]
    path.write_text(json.dumps(told))
    hand.seal(copy)
    with pytest.raises(verifier.RefusedError, match="it commits to other contents"):
        verifier.verified(copy, keys, 0)


def test_a_bundle_made_without_a_number_of_moves_is_refused(mission, keys, tmp_path, monkeypatch):
    copied, whole = shutil.copytree(mission, tmp_path / "m"), bundled.made
    monkeypatch.setattr(bundled, "made", lambda moves: replace(whole(moves), number="of nothing"))
    made = bundle(copied, CASE, out=tmp_path / "b")
    with pytest.raises(verifier.RefusedError, match="how many moves the case has"):
        verifier.verified(made.path, keys, 0)
