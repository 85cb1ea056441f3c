"""What names several persons opens with all their keys together: without any one, nobody reads it."""

import hashlib
import os
from itertools import combinations

import pytest
from click.testing import CliRunner

from truceline.cli.main import group
from truceline.model.errors import InputError, IntegrityError
from truceline.pipeline import keeping, persons
from truceline.pipeline.casework import Wanted, make
from truceline.pipeline.run import take_in
from truceline.record import personal, sealing
from truceline.record.store import Record

MANDATE = """
mandate:
  bodies:
    - {id: mission, name: The observers, kind: mission, may: [observe, find, propose, publish]}
"""
NAMES = ("Ivanna Testenko", "Petro Probny", "Oksana Uchyteleva")
WORDS = b"Ivanna Testenko and Petro Probny stood at the mill; Oksana Uchyteleva saw both.\n"


def truceline(*words, **rest):
    return CliRunner().invoke(group, [str(word) for word in words], standalone_mode=False, **rest)


@pytest.fixture
def mission(tmp_path, copy_mission):
    folder = copy_mission("known-answers", tmp_path / "m")
    with (folder / "agreement" / "agreement.yaml").open("a", encoding="utf-8") as text:
        text.write(MANDATE)
    take_in(folder)
    return folder


@pytest.fixture
def keys(mission, tmp_path):
    made = {}
    for office, role, holder in (
        ("registrar", "registrar", "p-1"),
        ("secretary", "secretary", "p-2"),
    ):
        says = {"office": (office,), "as": (role,), "body": ("mission",), "holder": (holder,)}
        wanted = Wanted(case_id="-", kind="appoint", office="registrar", reason="s", says=says)
        assert isinstance(make(mission, wanted), tuple)
        made[office] = tmp_path / f"{office}.key"
        persons.enrol(mission, office, made[office])
    return made


@pytest.fixture
def codes(mission, keys):
    return [persons.add(mission, name, office="registrar") for name in NAMES]


def forget(mission, keys, person):
    for office in ("registrar", "secretary"):
        persons.forget(mission, person, office=office, key_file=keys[office], reason="asked")


def record_bytes(mission):
    return b"".join(
        path.read_bytes()
        for path in sorted((mission / "record").rglob("*"))
        if path.is_file() and "keys" not in path.parts
    )


def verified(mission):
    with Record.open(mission / "record", read_only=True) as record:
        return record.verify()


def acquired(mission, path, whom, **rest):
    return keeping.take_in(mission, path, office="registrar", how="scanned", persons=whom, **rest)


def handed(mission, sha256, out):
    keeping.hand_out(mission, sha256, out, office="registrar", why="court")
    return out.read_bytes()


def test_the_destruction_of_any_one_key_closes_what_names_several(mission, keys, codes, tmp_path):
    """Any of the three; digest, leaf, root and fixity are as before, and the derived copy reads."""
    path = tmp_path / "statement-of-ivanna-testenko.txt"
    path.write_bytes(WORDS)
    made = acquired(mission, path, codes)
    assert made.name == " ".join(sorted(codes))
    assert handed(mission, made.sha256, tmp_path / "before") == WORDS
    for secret in (b"stood at the mill", b"statement-of-ivanna", *map(str.encode, NAMES)):
        assert secret not in record_bytes(mission)
    without = tmp_path / "without-one.txt"
    without.write_bytes(WORDS.replace(b"Petro Probny", b"[one person]"))
    copy = acquired(mission, without, [codes[0], codes[2]], parent_digits=made.sha256)
    with Record.open(mission / "record", read_only=True) as record:
        leaves = [entry.leaf_hash for entry in record.entries()]
        content = record.exhibit_bytes(made.sha256)
    forget(mission, keys, codes[1])
    with pytest.raises(InputError, match=f"sealed for {codes[1]}.*cannot be read any more"):
        handed(mission, made.sha256, tmp_path / "after")
    assert not (tmp_path / "after").exists()
    assert handed(mission, copy.sha256, tmp_path / "copy") == without.read_bytes()
    with Record.open(mission / "record", read_only=True) as record:
        assert [entry.leaf_hash for entry in record.entries()][: len(leaves)] == leaves
        assert record.exhibit_bytes(made.sha256) == content
    found = verified(mission)
    assert found.faults == ()
    assert f"1 fields and 1 exhibits are sealed for ever: the key of {codes[1]}" in found.text()
    assert keeping.check_fixity(mission).unsound == ()


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_no_subset_of_the_keys_opens_it(gone):
    keys = {f"person-0000000{n}": os.urandom(32) for n in range(3)}
    made = sealing.wrapped_for(WORDS, "a.txt", keys)
    assert sealing.unwrapped(made, keys) == ("a.txt", WORDS)
    lost = list(keys)[gone]
    for stand_in in (bytes(32), *(key for name, key in keys.items() if name != lost)):
        with pytest.raises(IntegrityError, match="does not open"):
            sealing.unwrapped(made, {**keys, lost: stand_in})
    for few in (1, 2):
        for chosen in combinations(keys, few):  # somebody writes fewer names over the ciphertext
            head, end = b"truceline persons 1\n", made.index(b"\n", 20) + 1
            forged = head + " ".join(chosen).encode() + b"\n" + made[end:]
            with pytest.raises(IntegrityError, match="does not open"):
                sealing.unwrapped(forged, {name: keys[name] for name in chosen})


def test_the_same_file_for_the_same_persons_is_the_same_exhibit(mission, codes, tmp_path):
    one, other = tmp_path / "a.txt", tmp_path / "b.txt"
    one.write_bytes(WORDS)
    other.write_bytes(WORDS + b"more")
    first = acquired(mission, one, codes)
    assert acquired(mission, one, codes[::-1]).sha256 == first.sha256
    assert acquired(mission, one, codes[:2]).sha256 != first.sha256
    nonces = set()
    with Record.open(mission / "record", read_only=True) as record:
        for made in (first, acquired(mission, other, codes)):
            content = record.exhibit_bytes(made.sha256)
            start = content.index(b"\n", 20) + 1
            nonces.add(content[start : start + 12])
            assert hashlib.sha256(content).hexdigest() == made.sha256
    assert len(nonces) == 2  # another content never stands under the same nonce


def test_what_cannot_be_sealed_for_all_is_not_taken_in(mission, keys, codes, tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(WORDS)
    forget(mission, keys, codes[2])
    before = verified(mission).head
    with pytest.raises(InputError, match=f"the key of {codes[2]} is not here"):
        acquired(mission, path, codes)
    with pytest.raises(InputError, match="no code of a person"):
        acquired(mission, path, [codes[0], "../log"])
    assert verified(mission).head == before
    assert b"stood at the mill" not in record_bytes(mission)
    keyring = personal.Keyring(folder=mission / "record")
    assert keyring.key(codes[0]) is not None


def test_the_command_takes_several_persons(mission, codes, tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(WORDS)
    done = truceline(
        "record", "acquire", mission, path, "--as", "registrar", "--how", "scan",
        "--person", codes[0], "--person", codes[1],
    )  # fmt: skip
    assert done.exception is None, done.output
    assert WORDS not in record_bytes(mission)
    assert codes[0] in done.output
