"""What is personal is under a person's key; two hands destroy it, and every proof stays valid."""

import base64
import os
import sqlite3
import stat
from pathlib import Path

import pytest
from registry import appointed, mandated, truceline

from truceline.model.errors import InputError, IntegrityError
from truceline.pipeline import keeping, persons
from truceline.pipeline import mission as missions
from truceline.pipeline.line import compute, known_at
from truceline.pipeline.run import take_in
from truceline.record import forgetting, personal
from truceline.record.store import Record

NAME = "Ivanna Testenko"
PERSON_ROWS = (
    f"ka-p-1,{NAME},person,2031-05-03T12:00:00Z,2031-05-02T10:00:00Z,2031-05-02T10:05:00Z,30.3,"
    "-39.975,500,artillery,impact,,,,,,,interview,,4,crater,Heard four and saw smoke at the mill.\n"
    "ka-p-2,  ivanna TESTENKO,person,2031-05-04T12:00:00Z,2031-05-03T10:00:00Z,"
    "2031-05-03T10:05:00Z,30.3,-39.975,500,artillery,impact,,,,,,,interview,,1,crater,Heard one.\n"
    "ka-p-3,Other Person,person,2031-05-04T12:00:00Z,2031-05-03T10:00:00Z,"
    "2031-05-03T10:05:00Z,30.31,-39.975,500,artillery,impact,,,,,,,interview,,1,crater,Saw it.\n"
)


@pytest.fixture
def mission(tmp_path, copy_mission):
    folder = copy_mission("known-answers", tmp_path / "m")
    mandated(folder)
    with (folder / "raw" / "observations.csv").open("a", encoding="utf-8") as text:
        text.write(PERSON_ROWS)
    take_in(folder)
    return folder


@pytest.fixture
def offices(mission, tmp_path):
    """Three offices, two of them held by one person, each with a key of its own."""
    roster = (
        ("registrar", "registrar", "mission", "p-1"),
        ("secretary", "secretary", "mission", "p-2"),
        ("duty", "duty_officer", "mission", "p-1"),
        ("west", "liaison", "WEST", "p-9"),
    )
    return appointed(mission, tmp_path, roster)


def everything(mission):
    """Every byte of the record but the keys of persons and the exhibits as they came."""
    return b"".join(
        path.read_bytes()
        for path in sorted((mission / "record").rglob("*"))
        if path.is_file() and "keys" not in path.parts
    )


def codes(mission):
    return [each.person for each in persons.known(mission)]


def by_name(mission, name=NAME):
    with Record.open(mission / "record", read_only=True) as record:
        keyring = personal.Keyring(folder=mission / "record")
        return personal.names(record, keyring)[personal.skeleton(name)]


def verified(mission):
    with Record.open(mission / "record", read_only=True) as record:
        return record.verify()


def test_rows_by_persons_name_a_code_and_the_name_stands_once_as_ciphertext(mission):
    with Record.open(mission / "record", read_only=True) as record:
        rows = {row["observation_id"]: row for row in record.table("observations").to_pylist()}
        log = (mission / "record" / "log.sqlite").read_bytes()
    first, second, third = (rows[f"ka-p-{n}"]["source"] for n in (1, 2, 3))
    assert first == second == by_name(mission) != third  # two spellings are one person
    assert rows["ka-p-1"]["root"] == first
    assert rows["ka-01-a"]["source"] == "patrol 1"
    for spelling in (NAME, "ivanna TESTENKO", "Other Person"):
        assert spelling.encode() not in log
    assert len(codes(mission)) == 2
    assert verified(mission).faults == ()


def test_keys_lie_beside_the_log_for_their_owner_alone(mission):
    folder = mission / "record" / "keys" / "persons"
    files = sorted(folder.iterdir())
    assert [path.stem for path in files] == codes(mission)
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {len(path.read_bytes()) for path in files} == {32}
    for path in files:
        key = path.read_bytes()
        for form in (key, key.hex().encode(), base64.b64encode(key)):
            assert form not in everything(mission)


def test_two_hands_forget_a_person_and_every_proof_stays_valid(mission, offices):
    person = by_name(mission)
    before = verified(mission)
    with Record.open(mission / "record", read_only=True) as record:
        entries = {entry.sequence: entry.leaf_hash for entry in record.entries()}
        line = computed(mission, record)
    first = truceline(
        "record", "forget", mission, person, "--as", "registrar", "--key", offices["registrar"],
        "--reason", "the person asked", "--yes",
    )  # fmt: skip
    assert "a second office carries it out" in first.output
    assert personal.Keyring(folder=mission / "record").key(person) is not None
    with pytest.raises(InputError, match="two people"):  # another post, the same person
        persons.forget(mission, person, office="duty", key_file=offices["duty"], reason="again")
    second = truceline(
        "record", "forget", mission, person, "--as", "secretary", "--key", offices["secretary"],
        "--reason", "the person asked", "--yes",
    )  # fmt: skip
    assert "is destroyed" in second.output
    with Record.open(mission / "record", read_only=True) as record:
        (_, carried_out) = record.entries(kind="forget")
        head = record.head()
    again = truceline(
        "record", "forget", mission, person, "--as", "secretary", "--key", offices["secretary"],
        "--reason", "the person asked",
    )  # fmt: skip
    assert again.exception is None, "there is nothing to be asked"
    assert f"{person} was forgotten by entry {carried_out.sequence}: 1 field (name" in again.output
    assert "and 0 exhibits are unreadable for ever; nothing is left to be done" in again.output
    assert "takes in what is to stay" not in again.output
    assert verified(mission).head == head
    assert personal.Keyring(folder=mission / "record").key(person) is None
    after = verified(mission)
    assert after.faults == ()
    (carried,) = [n for n in after.notices if "sealed for ever" in n]
    assert f"1 field is sealed for ever: the key of {person} was destroyed by entry" in carried
    assert not [n for n in before.notices if "sealed for ever" in n]
    with Record.open(mission / "record", read_only=True) as record:
        now = {entry.sequence: entry.leaf_hash for entry in record.entries()}
        assert now.items() >= entries.items()  # nothing that stood has changed
        assert computed(mission, record) == line
        keyring = personal.Keyring(folder=mission / "record")
        told = [
            personal.readable(e.payload, keyring)["name"] for e in record.entries(kind="person")
        ]
    assert {"sealed_for_ever": person} in told
    assert "Other Person" in told
    assert "sealed for ever" in truceline("record", "person", mission).output
    done = truceline("record", "verify", mission)
    assert done.return_value in (None, 0)
    assert "sealed for ever" in done.output


def computed(mission, record):
    made = missions.load(mission)
    line = compute(made, known_at(made, record))
    return line.known.evidence_digest, line.fusion.incidents, line.findings, line.attributions


def test_one_hand_an_unknown_key_or_a_party_cannot_have_anybody_forgotten(
    mission, offices, tmp_path
):
    person = by_name(mission)
    strange = tmp_path / "strange.key"
    persons.enrol(mission, "secretary", strange)  # a newer key of the office
    for office, key, says in (
        ("secretary", offices["secretary"], "no entry says that `secretary` signs with this key"),
        ("registrar", strange, "no entry says"),
        ("west", offices["registrar"], "speaks for a party"),
        ("nobody", offices["registrar"], "nobody holds"),
    ):
        with pytest.raises(InputError, match=says):
            persons.forget(mission, person, office=office, key_file=key, reason="r")
    with pytest.raises(InputError, match="give a reason"):
        persons.forget(
            mission, person, office="registrar", key_file=offices["registrar"], reason=" "
        )
    with pytest.raises(InputError, match="is no person of this record"):
        persons.forget(
            mission, "person-00000000", office="registrar", key_file=offices["registrar"],
            reason="r",
        )  # fmt: skip
    assert personal.Keyring(folder=mission / "record").key(person) is not None


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("signature", None, "does not hold"),
        ("holder", "p-1", "one person alone"),
        ("ordered", 1, "nobody had ordered"),
    ],
)
def test_a_forged_order_is_a_fault_of_verify(mission, offices, field, value, says):
    """Somebody with the program writes a second hand of its own making into the log."""
    person = by_name(mission)
    persons.forget(mission, person, office="registrar", key_file=offices["registrar"], reason="r")
    with Record.open(mission / "record") as record:
        (order,) = record.entries(kind="forget")
        signer = forgetting.Signer.parsed(offices["secretary"].read_text())
        said = {
            **order.payload,
            "stage": "carried_out",
            "ordered": order.sequence,
            "holder": "p-2",
            "signature": signer.sign(order.payload["statement"]).line.strip(),
        }
        said[field] = order.payload["signature"] if value is None else value
        record.append(
            "forget", said, known_at=order.known_at, recorded_at=order.recorded_at,
            actor="secretary", entropy=os.urandom,
        )  # fmt: skip
        assert [f.what for f in record.verify().faults if says in f.what]


@pytest.mark.parametrize("point", ["forget entered", "key written over", "key removed", "key gone"])
def test_a_death_between_the_order_and_the_key_is_told_and_gone_on_from(mission, offices, point):
    person = by_name(mission)
    persons.forget(mission, person, office="registrar", key_file=offices["registrar"], reason="r")

    class DeathError(Exception):
        pass

    def fault(name):
        if name == point:
            raise DeathError

    keyring = personal.Keyring(folder=mission / "record", fault=fault)
    with Record.open(mission / "record") as record:
        hand = forgetting.Hand(
            office="secretary", holder="p-2",
            signer=forgetting.Signer.parsed(offices["secretary"].read_text()),
        )  # fmt: skip
        (order,) = record.entries(kind="forget")
        with pytest.raises(DeathError):
            forgetting.by_hand(
                record, keyring, person, hand, reason="r", now=order.recorded_at,
                entropy=os.urandom,
            )  # fmt: skip
        still = forgetting.still_there(record.entries(), keyring)
        assert bool(still) == (point in ("forget entered", "key written over"))
    if still:
        assert (
            "is still here; run `truceline record forget`"
            in truceline("record", "verify", mission).output
        )
    again = truceline(
        "record", "forget", mission, person, "--as", "secretary", "--key", offices["secretary"],
        "--reason", "r", "--yes",
    )  # fmt: skip
    done = f"the key of {person} is destroyed" if still else "nothing is left to be done"
    assert done in again.output
    assert not keyring.path(person).exists()
    assert personal.Keyring(folder=mission / "record").key(person) is None
    assert verified(mission).faults == ()


def test_a_statement_taken_in_for_a_person_is_read_until_that_person_is_forgotten(
    mission, offices, tmp_path
):
    person = by_name(mission)
    path = tmp_path / "statement-of-ivanna-testenko.txt"
    path.write_bytes(b"I am Ivanna Testenko and I saw it.")
    made = keeping.take_in(mission, path, office="registrar", how="interview", persons=[person])
    assert made.name == person
    for secret in (b"Ivanna Testenko and I saw", b"statement-of-ivanna"):
        assert secret not in everything(mission)
    out = tmp_path / "out.txt"
    keeping.hand_out(mission, made.sha256, out, office="registrar", why="court")
    assert out.read_bytes() == path.read_bytes()
    for office in ("registrar", "secretary"):
        persons.forget(mission, person, office=office, key_file=offices[office], reason="r")
    with Record.open(mission / "record", read_only=True) as record:
        before = record.head()
    with pytest.raises(InputError, match="cannot be read any more"):
        keeping.hand_out(mission, made.sha256, tmp_path / "x", office="registrar", why="court")
    with Record.open(mission / "record", read_only=True) as record:
        assert record.head() == before  # no access was had, and none is entered
    assert verified(mission).faults == ()
    assert keeping.check_fixity(mission).unsound == ()


def test_after_forgetting_the_same_name_is_somebody_new(mission, offices):
    person = by_name(mission)
    for office in ("registrar", "secretary"):
        persons.forget(mission, person, office=office, key_file=offices[office], reason="r")
    done = truceline("record", "person", mission, "--add", "--as", "registrar", input=f"{NAME}\n")
    assert NAME not in done.output
    assert by_name(mission) not in (person, None)


def test_a_ciphertext_moved_to_another_field_or_person_does_not_open(tmp_path):
    keyring = personal.Keyring(folder=tmp_path)
    one, two = keyring.make(os.urandom), keyring.make(os.urandom)
    payload = personal.marked(
        {"witness": "Jane Roe", "phone": "555", "town": "Mill"},
        {"witness": one, "phone": one}, keyring, os.urandom,
    )  # fmt: skip
    assert payload["town"] == "Mill"
    assert personal.readable(payload, keyring) == {
        "witness": "Jane Roe", "phone": "555", "town": "Mill",
    }  # fmt: skip
    swapped = {**payload, "witness": payload["phone"], "phone": payload["witness"]}
    with pytest.raises(IntegrityError):
        personal.readable(swapped, keyring)
    renamed = {**payload, "witness": {**payload["witness"], "sealed_for": two}}
    with pytest.raises(IntegrityError):
        personal.readable(renamed, keyring)
    keyring.destroy(one)
    told = personal.readable(payload, keyring)
    assert told["witness"] == told["phone"] == {"sealed_for_ever": one}
    with pytest.raises(InputError, match="the key of"):
        personal.marked({"a": 1}, {"a": one}, keyring, os.urandom)


@pytest.mark.parametrize("code", ["../../log", "person-1", "person-0123456G", ""])
def test_a_code_of_a_person_is_no_path(tmp_path, code):
    with pytest.raises(InputError, match="no code of a person"):
        personal.Keyring(folder=tmp_path).destroy(code)


def test_the_log_never_holds_a_key(mission):
    base = sqlite3.connect(mission / "record" / "log.sqlite")
    payloads = b"".join(row[0] for row in base.execute("SELECT payload FROM payloads"))
    base.close()
    for path in Path(mission / "record" / "keys" / "persons").iterdir():
        assert path.read_bytes().hex().encode() not in payloads
