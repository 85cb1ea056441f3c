"""What names several persons opens with all their keys together: without any one, nobody reads it."""

import hashlib
import os
from itertools import combinations

import click
import pytest
from registry import appointed, mandated, truceline

from truceline.model.errors import InputError, IntegrityError, SettingsError
from truceline.pipeline import keeping, line, persons
from truceline.pipeline import mission as missions
from truceline.pipeline.run import take_in
from truceline.record import forgetting, personal, sealing
from truceline.record.store import Record

NAMES = ("Ivanna Testenko", "Petro Probny", "Oksana Uchyteleva")
WORDS = b"Ivanna Testenko and Petro Probny stood at the mill; Oksana Uchyteleva saw both.\n"


@pytest.fixture
def mission(tmp_path, copy_mission):
    folder = copy_mission("known-answers", tmp_path / "m")
    mandated(folder)
    take_in(folder)
    return folder


@pytest.fixture
def keys(mission, tmp_path):
    return appointed(mission, tmp_path)


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
    assert f"1 field and 1 exhibit are sealed for ever: the key of {codes[1]}" in found.text()
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


def test_what_is_too_long_to_be_sealed_as_one_is_said(mission, codes, tmp_path, monkeypatch):
    path = tmp_path / "long.mp4"
    path.write_bytes(bytes(101))
    monkeypatch.setattr(sealing, "MOST_BYTES", 100)
    for whom in (codes[:1], codes):
        with pytest.raises(InputError, match=r"long.mp4: has 101 bytes, and at most 100"):
            acquired(mission, path, whom)


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


INTERVIEWS = "raw/interviews.csv"
SAID = "Ivanna Testenko told us that Petro Probny fired from the mill."
REFUSED = "Petro Probny said on no date"


def with_interviews(mission, codes, more=""):
    """A line of feeds whose file names persons, and the same line for nobody where none is given."""
    header = (mission / "raw" / "observations.csv").read_text(encoding="utf-8").splitlines()[0]
    rows = (
        "ka-i-1,patrol 9,patrol,2031-05-03T12:00:00Z,2031-05-02T10:00:00Z,2031-05-02T10:05:00Z,30.3,"
        f"-39.975,500,artillery,impact,,,,,,,interview,,4,crater,{SAID}",
        "ka-i-2,patrol 9,patrol,2031-05-03T12:00:00Z,never,2031-05-02T10:05:00Z,30.3,-39.975,500,"
        f"artillery,impact,,,,,,,interview,,4,crater,{REFUSED}",
    )
    (mission / INTERVIEWS).write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    path = mission / "mission.yaml"
    text = "".join(
        each for each in path.read_text(encoding="utf-8").splitlines(True) if INTERVIEWS not in each
    )
    whom = f", persons: [{', '.join(codes)}]" if codes else ""
    added = f"feeds:\n  - {{feed: observations, files: [{INTERVIEWS}]{whom}{more}}}\n"
    path.write_text(text.replace("feeds:\n", added, 1), encoding="utf-8")
    return mission / INTERVIEWS


def rows_of(mission, name="observations", as_of=None):
    with Record.open(mission / "record", read_only=True) as record:
        return record.table(name, as_of).to_pylist()


def interview(mission):
    (row,) = [r for r in rows_of(mission) if r["observation_id"] == "ka-i-1"]
    return row


def answer(mission):
    done = line.compute(missions.load(mission), known(mission))
    return done.known.evidence_digest, done.fusion.incidents, done.findings, done.attributions


def known(mission):
    with Record.open(mission / "record", read_only=True) as record:
        return line.known_at(missions.load(mission), record)


def test_a_line_of_feeds_that_names_persons_leaves_no_word_of_theirs_in_the_clear(
    mission, codes, tmp_path
):
    path = with_interviews(mission, codes[:2])
    plain = path.read_bytes()
    (taken,) = [one for one in take_in(mission) if INTERVIEWS in one.files]
    assert (taken.upstream, taken.taken, len(taken.refused)) == (2, 1, 1)
    assert "never" in taken.refused[0].reason  # who takes it in is told; what is kept does not say
    for secret in (b"fired from the mill", b"said on no date", b"Probny", b"Testenko"):
        assert secret not in record_bytes(mission)
    row = interview(mission)
    assert row["text"] is None
    assert (row["count_best"], row["line"], row["file"]) == (4, 2, INTERVIEWS)
    with Record.open(mission / "record", read_only=True) as record:
        made = missions.load(mission)
        assert keeping.opened_bytes(made, record, row["exhibit"]) == plain
        assert SAID in keeping.line_of(made, record, row["exhibit"], row["line"])
    (refused,) = [r for r in rows_of(mission, "refusals") if r["file"] == INTERVIEWS]
    assert (refused["line"], refused["excerpt"]) == (3, "")
    assert "never" not in refused["reason"] + refused["advice"]
    assert [one.is_new for one in take_in(mission) if INTERVIEWS in one.files] == [False]
    assert verified(mission).faults == ()


def test_a_forgotten_persons_line_computes_as_before_and_its_words_are_gone(
    mission, keys, codes, tmp_path
):
    with_interviews(mission, codes[:2])
    take_in(mission)
    before, row = answer(mission), interview(mission)
    forget(mission, keys, codes[0])
    assert answer(mission) == before
    with pytest.raises(InputError, match="cannot be read any more"):
        handed(mission, row["exhibit"], tmp_path / "x")
    with Record.open(mission / "record", read_only=True) as record:
        told = keeping.line_of(missions.load(mission), record, row["exhibit"], row["line"])
    assert f"sealed for {codes[0]}" in told
    assert "mill" not in told
    found = verified(mission)
    assert found.faults == ()
    assert "1 field and 1 exhibit are sealed for ever" in found.text()
    (taken,) = [one for one in take_in(mission) if INTERVIEWS in one.files]
    assert not taken.is_new  # the file still lies in the folder: it is never taken in anew
    assert f"names {codes[0]}, whose key is destroyed" in " ".join(taken.notes)
    assert answer(mission) == before


def test_persons_named_later_correct_the_reading_that_stood_in_the_clear(mission, codes):
    with_interviews(mission, [])
    take_in(mission)
    assert interview(mission)["text"] == SAID
    with_interviews(mission, codes[:1])
    take_in(mission)
    sealed = interview(mission)  # one row, not two
    assert sealed["text"] is None
    with_interviews(mission, codes[:2])
    take_in(mission)
    assert interview(mission)["exhibit"] != sealed["exhibit"]
    assert verified(mission).faults == ()


def test_a_line_that_is_set_as_another_one_of_other_files_is_corrected_too(mission):
    with_interviews(mission, [], ", zone: Asia/Tokyo")
    take_in(mission)
    with_interviews(mission, [])  # now as the line of raw/observations.csv is
    take_in(mission)
    assert interview(mission)["text"] == SAID  # one row, not two


def test_a_line_names_persons_of_the_record_alone(mission):
    with_interviews(mission, ["person-00000000"])
    before = verified(mission).head
    with pytest.raises(SettingsError, match="no person of this record"):
        take_in(mission)
    assert verified(mission).head == before


def test_a_line_for_nobody_is_kept_as_it_came(mission):
    """No field of an entry is there for a line that names nobody: its bytes are what they were."""
    with Record.open(mission / "record", read_only=True) as record:
        for entry in record.entries(kind="batch"):
            assert "sealed_for" not in entry.payload


def test_forgetting_says_what_is_lost_and_asks_for_it_to_be_meant(mission, keys, codes, tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(WORDS)
    both = acquired(mission, path, codes[:2])
    path.write_bytes(b"Ivanna alone")
    alone = acquired(mission, path, codes[:1])
    acquired(mission, path, codes[2:])
    path.write_bytes(b"[somebody] and Petro stood at the mill")
    acquired(mission, path, codes[1:2], parent_digits=both.sha256)
    words = ("record", "forget", mission, codes[0], "--as", "registrar", "--key", keys["registrar"])
    said = (*words, "--reason", "asked")
    with Record.open(mission / "record", read_only=True) as record:
        before = record.head()
        keyring = personal.Keyring(folder=mission / "record")
        found = forgetting.at_stake(record, keyring, codes[0])
    assert found.exhibits == {both.sha256: tuple(sorted(codes[:2])), alone.sha256: (codes[0],)}
    assert found.derived == {both.sha256}
    assert [name for _, name in found.fields] == ["name"]
    for answer in (f"{codes[1]}\n", "y\n", "\n", ""):
        done = truceline(*said, input=answer)
        assert isinstance(done.exception, click.Abort)
        assert verified(mission).head == before
    done = truceline(*said, input=f"{codes[0]}\n")
    assert done.exception is None, done.output
    assert "1 field (name of entry" in done.output
    assert "and 2 exhibits" in done.output
    (of_both,) = [line for line in done.output.splitlines() if both.sha256[:16] in line]
    assert f"about {codes[1]} as well" in of_both
    assert "stays readable" in of_both
    (of_one,) = [line for line in done.output.splitlines() if alone.sha256[:16] in line]
    assert "nothing was made of it without this person" in of_one
    assert verified(mission).head.size == before.size + 1


def test_explain_shows_the_words_until_one_of_them_is_forgotten(mission, keys, codes):
    with_interviews(mission, codes[:2])
    assert truceline("run", mission).exception is None
    told = truceline("explain", "ka-i-1", "--mission", mission)
    assert told.exception is None, told.exception
    assert SAID in told.output
    forget(mission, keys, codes[1])
    told = truceline("explain", "ka-i-1", "--mission", mission)
    assert told.exception is None, told.exception
    assert SAID not in told.output
    assert f"sealed for {codes[1]}" in told.output
