"""Signed notes, keys and checkpoints, against vectors that others published."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.model.errors import InputError, IntegrityError
from truceline.record import note as notes
from truceline.record.checkpoint import Checkpoint, cosigned, joined, opened, read, signed
from truceline.record.note import Kind, Note, Signer, Verifier

# golang.org/x/mod, sumdb/note: the keys, text and signatures of its tests.
PETER_PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
BY_PETER = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqf"
    "qdngotpRZb6KE6RyyBwJnAM=\n"
)
BY_ENOCH = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTG"
    "wnWLox33WWd1RvMc+QQ=\n"
)

# The example of the specification (c2sp.org/signed-note).
FOO = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
FOO_NOTE = (
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONnc"
    "AlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)

# A checkpoint that a public log of certificates made and that public witnesses cosigned.
ARCHE = """\
arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
"""
ARCHE_LOG = (
    "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
)
REMORA = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"

LOG = Signer(name="observers.example/log", kind=Kind.LOG, seed=b"l" * 32)
WITNESS = Signer(name="guarantor.example/witness", kind=Kind.WITNESS, seed=b"w" * 32)


def names(content: str, *vkeys: str) -> list[str]:
    note = notes.read(content.encode())
    return [key.name for key, _ in notes.known(note, [Verifier.parsed(each) for each in vkeys])]


def test_a_published_private_key_signs_the_published_bytes():
    peter = Signer.parsed(PETER_PRIVATE)
    assert peter.verifier().vkey == PETER
    assert peter.skey == PETER_PRIVATE
    assert Note(text=TEXT, signatures=(peter.sign(TEXT),)).content() == (
        f"{TEXT}\n{BY_PETER}".encode()
    )


def test_a_key_of_zeros_is_the_published_one():
    assert Signer(name="EnochRoot", kind=Kind.LOG, seed=bytes(32)).verifier().vkey == ENOCH


def test_published_notes_hold_and_unknown_signers_count_for_nothing():
    both = f"{TEXT}\n{BY_PETER}{BY_ENOCH}"
    assert names(both, PETER) == ["PeterNeumann"]
    assert names(both, PETER, ENOCH) == ["PeterNeumann", "EnochRoot"]
    assert names(both) == []
    assert names(FOO_NOTE, FOO) == ["example.com/foo"]
    assert names(f"{TEXT}\n{BY_PETER}{BY_PETER}", PETER) == ["PeterNeumann"]


def test_a_signature_in_a_known_name_that_does_not_hold_spoils_the_note():
    bent = BY_PETER[:60] + "ABCD" + BY_PETER[60:]
    with pytest.raises(IntegrityError, match="is not by that key"):
        names(f"{TEXT}\n{bent}", PETER)
    with pytest.raises(IntegrityError, match="is not by that key"):
        names(f"{TEXT.replace('you', 'we')}\n{BY_PETER}", PETER)
    assert names(f"{TEXT}\n{bent}{BY_ENOCH}", ENOCH) == ["EnochRoot"]


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        f"{TEXT}\n".encode(),
        f"{TEXT}\n{BY_PETER[:-1]}".encode(),
        f"\x01{TEXT}\n{BY_PETER}".encode(),
        b"\xff" + f"{TEXT}\n{BY_PETER}".encode(),
        f"{TEXT}\n{BY_PETER.replace('PeterNeumann', 'Bad Name')}".encode(),
        f"{TEXT}\n{BY_PETER}Unexpected line.\n".encode(),
        f"{TEXT}\n{BY_PETER * 101}".encode(),
        f"{TEXT}\n{BY_PETER}".encode() + b"x" * (1 << 20),
    ],
)
def test_what_the_reference_refuses_to_read_is_refused(content):
    with pytest.raises(InputError, match="no signed note"):
        notes.read(content)


@pytest.mark.parametrize("read_key", [Verifier.parsed, Signer.parsed], ids=["public", "private"])
def test_no_part_and_no_neighbour_of_a_key_is_a_key(read_key):
    whole = PETER if read_key == Verifier.parsed else PETER_PRIVATE
    for begin, end in combinations(range(len(whole) + 1), 2):
        if (begin, end) != (0, len(whole)):
            with pytest.raises(InputError):
                read_key(whole[begin:end])
    for at, letter in enumerate(whole):
        with pytest.raises(InputError):
            read_key(whole[:at] + chr(ord(letter) + 1) + whole[at + 1 :])
    assert read_key(f"{whole}\n")


@pytest.mark.parametrize(
    "vkey",
    [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)
def test_keys_of_another_length_or_kind_are_refused(vkey):
    with pytest.raises(InputError):
        Verifier.parsed(vkey)


def test_a_public_logs_checkpoint_opens_with_its_witness():
    found = opened(ARCHE.encode(), [Verifier.parsed(ARCHE_LOG)], [Verifier.parsed(REMORA)])
    assert found.checkpoint.size == 1_432_088_532
    assert found.note.content().decode() == ARCHE
    assert [(each.name, each.signed_at_s) for each in found.cosigners] == [
        ("remora.n621.de", 1_779_573_024)
    ]


def test_a_public_logs_checkpoint_that_was_changed_does_not_open():
    changed = ARCHE.replace("1432088532", "1432088533").encode()
    with pytest.raises(IntegrityError, match="is not by that key"):
        opened(changed, [Verifier.parsed(ARCHE_LOG)])


def test_a_witness_alone_does_not_make_a_checkpoint():
    text = Checkpoint(origin=LOG.name, size=3, root=b"r" * 32).text()
    alone = Note(text=text, signatures=(WITNESS.sign(text, 5),)).content()
    with pytest.raises(IntegrityError, match="bears no signature by a key of that log"):
        opened(alone, [LOG.verifier()], [WITNESS.verifier()])


def test_the_key_of_another_log_does_not_sign_for_this_one():
    other = Signer(name="elsewhere.example/log", kind=Kind.LOG, seed=b"e" * 32)
    text = Checkpoint(origin=LOG.name, size=3, root=b"r" * 32).text()
    with pytest.raises(InputError, match="is signed by the log's key of that name"):
        signed(read(text), other)
    forged = Note(text=text, signatures=(other.sign(text),)).content()
    with pytest.raises(IntegrityError, match="bears no signature"):
        opened(forged, [LOG.verifier(), other.verifier()])


def test_a_cosignature_is_joined_to_its_note_and_a_newer_one_takes_its_place():
    note = signed(Checkpoint(origin=LOG.name, size=3, root=b"r" * 32), LOG)
    first = opened(note, [LOG.verifier()])
    once = joined(note, [cosigned(first, WITNESS, 1_700_000_000)])
    twice = joined(once, [cosigned(first, WITNESS, 1_700_000_060)])
    found = opened(twice, [LOG.verifier()], [WITNESS.verifier()])
    assert [each.signed_at_s for each in found.cosigners] == [1_700_000_060]
    assert found.checkpoint == first.checkpoint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n",
        "a\n1\n",
        "a\n01\nAAA=\n",
        "a\n-1\nAAA=\n",
        "a\n1\nAAA=\n",
        "a\n١\nAAA=\n",
        "\n1\nA\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(InputError):
        read(text)


@given(
    st.text(
        st.characters(codec="utf-8", categories=["L", "N", "P"], exclude_characters="+"), min_size=1
    ),
    st.integers(0, 2**63 - 1),
    st.binary(min_size=32, max_size=32),
    st.lists(st.text(st.characters(categories=["L", "N", "P"]), min_size=1), max_size=2),
)
@settings(deadline=None)
def test_every_checkpoint_comes_back_as_it_was_signed(name, size, root, extensions):
    log = Signer(name=name, kind=Kind.LOG, seed=b"s" * 32)
    made = Checkpoint(origin=name, size=size, root=root, extensions=tuple(extensions))
    assert opened(signed(made, log), [log.verifier()]).checkpoint == made


@given(st.integers(0, 400), st.integers(1, 255))
@settings(deadline=None)
def test_no_changed_byte_of_a_cosigned_checkpoint_passes_as_the_same(at, change):
    note = signed(Checkpoint(origin=LOG.name, size=7, root=b"r" * 32), LOG)
    whole = joined(note, [cosigned(opened(note, [LOG.verifier()]), WITNESS, 1)])
    bent = bytearray(whole)
    bent[at % len(whole)] ^= change
    try:
        found = opened(bytes(bent), [LOG.verifier()], [WITNESS.verifier()])
    except (InputError, IntegrityError):
        return
    # What still opens says the same, and has at most lost a signature that nobody knows any more.
    assert found.checkpoint == Checkpoint(origin=LOG.name, size=7, root=b"r" * 32)
    assert not found.cosigners


def test_a_private_key_is_not_shown_by_accident():
    assert "llll" not in repr(LOG)
