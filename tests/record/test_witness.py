"""A witness: what it cosigns, what it refuses and with which words, and that it never forgets."""

import hashlib
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.model.errors import InputError, RecordError
from truceline.record import merkle
from truceline.record.checkpoint import Checkpoint, joined, opened, signed
from truceline.record.note import Kind, Signer, signature
from truceline.record.panel import Listed, enlist, listed
from truceline.record.witness import (
    BAD,
    CONFLICT,
    FORBIDDEN,
    OK,
    UNKNOWN,
    UNPROVEN,
    Answer,
    Request,
    Witness,
    answered,
    parsed,
    watch,
    watched,
)

LOG = Signer(name="observers.example/log", kind=Kind.LOG, seed=b"l" * 32)
PARTY = Signer(name="party-a.example/witness", kind=Kind.WITNESS, seed=b"a" * 32)
OTHER = Signer(name="elsewhere.example/log", kind=Kind.LOG, seed=b"o" * 32)
NOW_S = 1_745_074_800

# The example of the specification (c2sp.org/tlog-witness).
EXAMPLE = """\
old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
"""


def leaves(size: int, edited: int | None = None) -> np.ndarray:
    said = [f"{n}{' edited' if n == edited else ''}".encode() for n in range(size)]
    hashes = b"".join(hashlib.sha256(each).digest() for each in said)
    return np.frombuffer(hashes, np.uint8).reshape(-1, 32)


def note(size: int, edited: int | None = None, log: Signer = LOG) -> bytes:
    root = merkle.root(leaves(size, edited))
    return signed(Checkpoint(origin=log.name, size=size, root=root), log)


def asked(old: int, size: int, edited: int | None = None) -> bytes:
    proof = merkle.consistency_proof(leaves(size, edited), old) if old <= size else ()
    return Request(old_size=old, proof=tuple(proof), note=note(size, edited)).content()


@pytest.fixture
def witness(tmp_path):
    return Witness(folder=tmp_path, signer=PARTY, logs=(LOG.verifier(),))


def test_the_example_of_the_specification_is_read_and_written_byte_for_byte():
    request = parsed(EXAMPLE.encode())
    assert request.old_size == 20_852_014
    assert len(request.proof) == 4
    assert request.content().decode() == EXAMPLE


def test_what_follows_is_cosigned_and_the_signature_holds(witness):
    for old, size in ((0, 3), (3, 3), (3, 7), (7, 300)):
        answer = witness.answer(asked(old, size), NOW_S)
        assert (answer.status, answer.why) == (OK, f"cosigned at {size}")
        whole = joined(note(size), [signature(answer.line.removesuffix("\n"))])
        (by,) = opened(whole, [LOG.verifier()], [PARTY.verifier()]).cosigners
        assert (by.name, by.signed_at_s) == (PARTY.name, NOW_S)
        assert witness.seen(LOG.name).checkpoint.size == size


@pytest.mark.parametrize("edited", [0, 3, 6])
def test_a_fork_is_refused_with_words_and_kept_as_evidence(witness, edited):
    witness.answer(asked(0, 7), NOW_S)
    same = witness.answer(asked(7, 7, edited), NOW_S)
    assert (same.status, same.size) == (CONFLICT, 7)
    assert "two histories" in same.why
    grown = witness.answer(asked(7, 12, edited), NOW_S)
    assert grown.status == UNPROVEN
    assert "edited, dropped, moved or back-dated" in grown.why
    assert not same.line
    assert not grown.line
    kept = {path.read_bytes() for path in (witness.folder / "refused").iterdir()}
    assert kept == {note(7, edited), note(12, edited)}
    assert witness.seen(LOG.name).note.content() == note(7)


def scribbled(content: bytes, *names: str) -> bytes:
    """A request under whose checkpoint somebody wrote signatures that are by nobody."""
    lines = [Signer(name=n, kind=Kind.LOG, seed=OTHER.seed).sign("else") for n in names]
    request = parsed(content)
    return replace(request, note=joined(request.note, lines)).content()


def test_a_stranger_who_scribbles_under_a_checkpoint_stops_no_witness(tmp_path):
    """It watches a second log, and the line bears that log's name and key: it is no other's to check."""
    witness = Witness(folder=tmp_path, signer=PARTY, logs=(LOG.verifier(), OTHER.verifier()))
    assert witness.answer(asked(0, 9), NOW_S).status == OK
    assert witness.answer(scribbled(asked(9, 9), OTHER.name), NOW_S).status == OK
    assert witness.seen(LOG.name).note.content() == note(9), "a stranger's line became its state"
    assert witness.answer(asked(9, 12), NOW_S).status == OK


def test_a_checkpoint_sent_many_times_is_kept_once(witness):
    """Whoever has one refused checkpoint could fill the disk with it otherwise."""
    assert witness.answer(asked(0, 9), NOW_S).status == OK
    for number in range(20):
        told = witness.answer(scribbled(asked(9, 12, 4), f"nobody-{number}.example"), NOW_S)
        assert told.status == UNPROVEN
    (kept,) = (witness.folder / "refused").iterdir()
    assert kept.read_bytes() == note(12, 4)


def test_a_rollback_is_refused_with_words(witness):
    witness.answer(asked(0, 7), NOW_S)
    for old in (0, 5):
        answer = witness.answer(asked(old, 5), NOW_S)
        assert (answer.status, answer.size) == (CONFLICT, 7)
        assert "the log was rolled back" in answer.why
    assert witness.answer(asked(7, 5), NOW_S).status == BAD
    assert witness.seen(LOG.name).checkpoint.size == 7


def test_a_log_that_knows_not_what_was_seen_is_told(witness):
    witness.answer(asked(0, 7), NOW_S)
    answer = witness.answer(asked(3, 9), NOW_S)
    assert (answer.status, answer.body) == (CONFLICT, "7\n")
    assert "last cosigned 7 entries, not 3" in answer.why


def test_logs_that_are_not_watched_and_keys_that_are_not_theirs_are_refused(witness):
    other = Signer(name="elsewhere.example/log", kind=Kind.LOG, seed=b"e" * 32)
    strange = Request(old_size=0, proof=(), note=note(2, log=other)).content()
    assert witness.answer(strange, NOW_S).status == UNKNOWN
    thief = Signer(name=LOG.name, kind=Kind.LOG, seed=b"t" * 32)
    stolen = Request(old_size=0, proof=(), note=note(2, log=thief)).content()
    assert witness.answer(stolen, NOW_S).status == FORBIDDEN
    assert witness.seen(LOG.name) is None


@pytest.mark.parametrize(
    "content",
    [
        b"", b"old 1\n", b"new 1\n\nx", b"old 01\n\nx", b"old -1\n\nx", b"old 1\nxyz\n\nx",
        b"old 0\n" + b"PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n" * 64 + b"\nx",
        b"old 0\n\nno note", b"old \xd9\xa1\n\nx", b"\xff\xff\n\n",
    ],
)  # fmt: skip
def test_what_is_no_request_is_refused(witness, content):
    assert witness.answer(content, NOW_S).status == BAD


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.sampled_from([None, 0, 4, 9])))
)
@settings(max_examples=60, deadline=None)
def test_whatever_it_is_asked_all_that_it_signed_is_one_history(tmp_path_factory, asks):
    """Every pair of checkpoints that it cosigned lies on one line: the larger begins with the smaller."""
    folder = tmp_path_factory.mktemp("witness")
    made = Witness(folder=folder, signer=PARTY, logs=(LOG.verifier(),))
    cosigned = []
    for old, size, edited in asks:
        if made.answer(asked(old, size, edited), NOW_S).status == OK:
            cosigned.append(leaves(size, edited))
    for earlier, later in pairwise(cosigned):
        assert later.shape[0] >= earlier.shape[0]
        assert np.array_equal(later[: earlier.shape[0]], earlier)


def test_a_state_that_cannot_be_read_stops_it_from_signing(witness):
    witness.answer(asked(0, 7), NOW_S)
    (path,) = (witness.folder / "seen").iterdir()
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(RecordError, match="never delete it"):
        witness.answer(asked(7, 9), NOW_S)


def test_an_answer_comes_back_from_its_file(witness):
    for content in (asked(0, 7), asked(0, 5), b""):
        answer = witness.answer(content, NOW_S)
        assert answered(answer.content()) == answer
    assert answered(Answer(status=CONFLICT, why="seen", size=7).content()).size == 7
    for content in (b"", b"200", b"x\ny\n", b"1 2 3\ny\n"):
        with pytest.raises(InputError, match="no answer of a witness"):
            answered(content)


def test_keys_of_logs_and_of_witnesses_are_not_mixed_up(tmp_path):
    watch(tmp_path, [LOG.verifier().vkey, LOG.verifier().vkey])
    assert watched(tmp_path) == (LOG.verifier(),)
    with pytest.raises(InputError, match="is a witness's key"):
        watch(tmp_path, [PARTY.verifier().vkey])
    with pytest.raises(InputError, match="is the key of a log"):
        enlist(tmp_path, [Listed(who="party-a", key=LOG.verifier())])
    with pytest.raises(InputError, match="is no address of a witness"):
        enlist(tmp_path, [Listed(who="party-a", key=PARTY.verifier(), url="file:///etc/passwd")])
    one = Listed(who="party-a", key=PARTY.verifier(), url="http://127.0.0.1:8401")
    assert enlist(tmp_path, [one]) == listed(tmp_path) == (one,)
    (tmp_path / "witnesses.policy").write_text(f"{one.line}\n# comment\n\n{one.line}\n")
    with pytest.raises(InputError, match="two lines are of party-a"):
        listed(tmp_path)
    (tmp_path / "witnesses.policy").write_text("quorum none\n")
    with pytest.raises(InputError, match=r"witnesses\.policy:1"):
        listed(tmp_path)
