"""Proofs of entries and rows: made from a mission, checked with public keys alone."""

import base64
import json
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.cli.main import group
from truceline.model.errors import InputError, IntegrityError, RecordError
from truceline.pipeline import proving, witnessing
from truceline.pipeline.proving import Wanted
from truceline.record import keys, proofs
from truceline.record.note import Kind, Signer
from truceline.record.store import Record
from truceline.tables.schemas import OBSERVATIONS, from_columns

AT = datetime(2025, 4, 19, 15, 0, tzinfo=UTC)
ROWS = 300


def rows():
    return from_columns(
        OBSERVATIONS,
        {
            "observation_id": [f"o{i}" for i in range(ROWS)],
            "feed": "observations",
            "source": [f"patrol-{i % 3}" for i in range(ROWS)],
            "source_kind": "patrol",
            "root": "patrol",
            "known_at": [AT + timedelta(minutes=i) for i in range(ROWS)],
            "began": AT,
            "ended": AT,
            "is_date_only": [False] * ROWS,
            "is_reconstructed": [False] * ROWS,
            "lat": [48.0 + 0.001 * i for i in range(ROWS)],
            "lon": [37.5] * ROWS,
            "text": [f"shelling heard, {i}" for i in range(ROWS)],
            "direction": "undetermined",
            "stance": "none",
            "place_kind": "point",
        },
        ROWS,
    )


@pytest.fixture(scope="module")
def mission(tmp_path_factory):
    folder = tmp_path_factory.mktemp("proving") / "mission"
    source = Path(__file__).resolve().parents[2] / "examples" / "known-answers"
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("record", "out", "release"))
    with Record.create(folder / "record", mission_id="known-answers", now=AT) as record:
        for number in range(5):
            record.append(
                "notice", {"to": "party:a", "number": number, "within": {"hours": 24.5}},
                known_at=AT, recorded_at=AT, actor="duty officer", entropy=lambda n: b"s" * n,
            )  # fmt: skip
        record.append_batch(
            "observations", rows(), feed="observations", sources=[], received_at=AT,
            actor="truceline ingest", entropy=lambda n: b"r" * n,
        )  # fmt: skip
    witnessing.make_key(folder)
    witnessing.checkpoint(folder)
    return folder


@pytest.fixture
def vkey(mission):
    return keys.public(mission / "record")[0].vkey


def check(content, vkey, tmp_path):
    file = tmp_path / "proof.json"
    file.write_bytes(content)
    return proving.check(file, [vkey])


def test_an_entry_is_proven_with_what_it_says(mission, vkey, tmp_path):
    found = check(proving.prove(mission, Wanted(entry=3)), vkey, tmp_path)
    assert (found.index, found.kind, found.head.checkpoint.size) == (3, "notice", 7)
    assert found.fields == {
        "/actor": "duty officer", "/role": "", "/payload/to": "party:a", "/payload/number": 2,
        "/payload/within/hours": 24.5,
    }  # fmt: skip


def test_fields_that_are_not_asked_for_stay_closed(mission, vkey, tmp_path):
    content = proving.prove(mission, Wanted(entry=3, only=("/payload/to",)))
    assert b"duty officer" not in content
    assert check(content, vkey, tmp_path).fields == {"/payload/to": "party:a"}


def test_a_field_that_is_not_there_is_refused_with_those_that_are(mission):
    for only in (("/payload/nosuch",), ("/payload/to", "payload/number")):
        with pytest.raises(InputError, match=r"entry 3 has no field that begins with") as said:
            proving.prove(mission, Wanted(entry=3, only=only))
        assert repr(only[-1]) in str(said.value)
        assert str(said.value).endswith(
            "its fields are: /actor, /payload/number, /payload/to, /payload/within/hours, /role"
        )


def test_a_witness_that_did_not_cosign_is_told(mission, vkey, tmp_path):
    file = tmp_path / "proof.json"
    file.write_bytes(proving.prove(mission, Wanted(entry=3)))
    witness = Signer(name="ngo.example/witness", kind=Kind.WITNESS, seed=b"w" * 32)
    words = ["record", "prove", "--check", str(file), "--key", vkey]
    words += ["--key", witness.verifier().vkey]
    done = CliRunner().invoke(group, words)
    assert "not cosigned by ngo.example/witness at 7 entries" in done.output, done.output
    assert json.loads(CliRunner().invoke(group, [*words, "--json"]).output)["not_cosigned"] == [
        "ngo.example/witness"
    ]
    assert check(file.read_bytes(), vkey, tmp_path).unsigned_by == ()


@pytest.mark.parametrize("number", [0, 17, ROWS - 1])
def test_a_row_is_proven_with_its_bytes(mission, vkey, tmp_path, number):
    content = proving.prove(mission, Wanted(entry=6, row=number))
    found = check(content, vkey, tmp_path)
    (wanted,) = rows().slice(number, 1).to_pylist()
    assert found.row.keys() == wanted.keys()
    assert found.row["observation_id"] == f"o{number}"
    assert found.row["lat"] == wanted["lat"]
    assert found.row["known_at"] == wanted["known_at"].isoformat()
    assert found.row["text"] == wanted["text"]
    assert found.row["bearing_deg"] is None
    assert (found.table, found.row_number) == ("observations", number)


def test_who_is_shown_a_row_is_entered_before(mission):
    def read():
        with Record.open(mission / "record", read_only=True) as record:
            (batch,) = record.entries(kind="batch")
            exhibit = batch.payload["tables"]["observations"]["exhibit"]
            steps = [each.payload for each in record.entries(kind="custody")]
        return [each["how"] for each in steps if each["exhibits"] == [exhibit]]

    before = len(read())
    proving.prove(mission, Wanted(entry=3))
    assert len(read()) == before
    proving.prove(mission, Wanted(entry=6, row=11))
    assert read()[before:] == ["record prove 6 --table observations --row 11"]
    with Record.open(mission / "record"), pytest.raises(RecordError, match="not handed out"):
        proving.prove(mission, Wanted(entry=6, row=11))


def test_a_row_is_proven_with_its_place_text_and_person_closed(mission, vkey, tmp_path):
    content = proving.prove(mission, Wanted(entry=6, row=17, hidden=("place", "text", "person")))
    found = check(content, vkey, tmp_path)
    assert found.row["observation_id"] == "o17"
    assert not {"lat", "lon", "text", "source", "root"} & found.row.keys()
    assert b"shelling" not in content
    assert b"patrol-2" not in content


@pytest.fixture(scope="module")
def made(mission):
    wanted = (Wanted(entry=3), Wanted(entry=6, row=17))
    return [proving.prove(mission, each).decode() for each in wanted]


@given(at=st.integers(0, 10**6), letter=st.sampled_from("0aZ"))
@settings(deadline=None)
def test_a_proof_bent_anywhere_never_shows_something_else(mission, made, at, letter):
    """Each changed letter is noticed, or changes nothing of what the proof shows."""
    logs = keys.public(mission / "record")
    for content in made:
        where = at % len(content)
        bent = content[:where] + letter + content[where + 1 :]
        whole = proofs.checked(content.encode(), logs)
        try:
            found = proofs.checked(bent.encode(), logs)
        except (InputError, IntegrityError):
            continue
        assert found.row == whole.row
        assert (found.index, found.kind, found.known_at) == (
            whole.index,
            whole.kind,
            whole.known_at,
        )
        assert found.fields.items() <= whole.fields.items()


def changed(content, **paths):
    proof = json.loads(content)
    for path, value in paths.items():
        place = proof
        *parents, last = path.split("__")
        for each in parents:
            place = place[int(each)] if each.isdecimal() else place[each]
        place[int(last) if last.isdecimal() else last] = value
    return json.dumps(proof).encode()


def test_each_lie_is_named(mission, vkey, tmp_path):
    entry = proving.prove(mission, Wanted(entry=3))
    row = proving.prove(mission, Wanted(entry=6, row=17))
    other = json.loads(proving.prove(mission, Wanted(entry=6, row=18)))["row"]
    lies = {
        "is not what the entry commits to": changed(entry, opened__0__value="somebody else"),
        "does not lead to the root that was signed": changed(
            entry, leaf_input=json.loads(entry)["leaf_input"].replace("15:00", "14:00")
        ),
        "does not lead to the root of its batch": changed(row, row__number=18),
        "are not those that were committed to": changed(row, row__opened=other["opened"]),
        "is not by that key": changed(
            entry, proof=json.loads(entry)["proof"].replace("\n7\n", "\n8\n")
        ),
    }
    for what, content in lies.items():
        with pytest.raises(IntegrityError, match=what):
            check(content, vkey, tmp_path)
    for content in (
        b"{}",
        b"[]",
        b"\xff",
        b"x",
        changed(entry, form="other/1"),
        changed(row, row=1),
    ):
        with pytest.raises(InputError):
            check(content, vkey, tmp_path)


def test_a_digit_hidden_in_a_salt_shows_no_other_number(mission, vkey, tmp_path):
    """Whoever passes a proof on needs no key for it: salt and digit together hash as before."""
    said = json.loads(proving.prove(mission, Wanted(entry=3)))
    field = next(e for e in said["opened"] if e["field"] == "/payload/within/hours")
    assert field["value"] == 24.5
    field |= {"value": 4.5, "salt": field["salt"] + b"2".hex()}
    with pytest.raises(IntegrityError, match="33 bytes, not 32: it was made to fit another value"):
        check(json.dumps(said).encode(), vkey, tmp_path)


def test_bytes_of_a_row_are_not_hidden_in_its_salt(mission, vkey, tmp_path):
    said = json.loads(proving.prove(mission, Wanted(entry=6, row=3)))
    group = said["row"]["opened"][0]
    content = base64.b64decode(group["bytes"])
    group |= {
        "salt": group["salt"] + content[:1].hex(),
        "bytes": base64.b64encode(content[1:]).decode(),
    }
    with pytest.raises(IntegrityError, match="33 bytes, not 32"):
        check(json.dumps(said).encode(), vkey, tmp_path)
    said["row"]["commitments"]["row"] += "00"
    with pytest.raises(IntegrityError, match="is no SHA-256"):
        check(json.dumps(said).encode(), vkey, tmp_path)


def test_a_proof_needs_a_key_and_a_record_a_checkpoint(mission, tmp_path):
    content = proving.prove(mission, Wanted(entry=3))
    (tmp_path / "proof.json").write_bytes(content)
    with pytest.raises(InputError, match="give it with --key"):
        proving.check(tmp_path / "proof.json", [])
    with pytest.raises(IntegrityError, match="bears no signature by a key of that log"):
        proving.check(tmp_path / "proof.json", [
            "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
        ])  # fmt: skip
    with pytest.raises(InputError, match="signs what came since"):
        proving.prove(mission, Wanted(entry=7))
    with pytest.raises(InputError, match="row 300 is not among its 300"):
        proving.prove(mission, Wanted(entry=6, row=300))
    with pytest.raises(InputError, match="no group of columns"):
        proving.prove(mission, Wanted(entry=6, row=3, hidden=("names",)))
    with pytest.raises(InputError, match="holds no rows of a table 'holdings'"):
        proving.prove(mission, Wanted(entry=6, row=3, table="holdings"))
    with pytest.raises(RecordError, match="there is no checkpoint at 4 entries"):
        proving.prove(mission, Wanted(entry=3, size=4))
    bare = tmp_path / "bare"
    shutil.copytree(mission, bare, ignore=shutil.ignore_patterns("checkpoints"))
    with pytest.raises(RecordError, match="nothing was signed yet"):
        proving.prove(bare, Wanted(entry=3))


def test_a_file_that_is_no_proof_is_named(vkey, tmp_path):
    strange = tmp_path / "key.txt"
    strange.write_text("not json\n")
    with pytest.raises(InputError, match=r"key\.txt: this is no proof .*Expecting value"):
        proving.check(strange, [vkey])
    strange.write_text("{}")
    with pytest.raises(InputError, match=r"key\.txt: this is no proof"):
        proving.check(strange, [vkey])


def test_a_stranger_checks_a_proof_with_the_key_alone(mission, vkey, tmp_path):
    file = tmp_path / "proof.json"
    said = CliRunner().invoke(
        group, ["record", "prove", str(mission), "6", "--row", "17", "--out", str(file)]
    )
    assert re.search(r"proof\.json: [\d,]+ bytes", said.output), said.exception
    words = ["record", "prove", "--check", str(file), "--key", vkey]
    done = subprocess.run(
        [sys.executable, "-m", "truceline.cli.main", *words],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "row 17 of table observations" in done.stdout
    assert "observation_id: o17" in done.stdout
    file.write_bytes(file.read_bytes().replace(b'"number": 17', b'"number": 16'))
    done = subprocess.run(
        [sys.executable, "-m", "truceline.cli.main", *words],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "does not lead to the root of its batch" in done.stderr


def test_an_entry_changed_in_the_log_is_not_proven(mission, tmp_path):
    import sqlite3

    copy = tmp_path / "mission"
    shutil.copytree(mission, copy)
    base = sqlite3.connect(copy / "record" / "log.sqlite")
    base.execute("DROP TRIGGER entries_refuse_update")
    base.execute("UPDATE entries SET leaf_hash = zeroblob(32) WHERE sequence = 3")
    base.commit()
    base.close()
    with pytest.raises(IntegrityError, match="does not lead to the root that was signed at 7"):
        proving.prove(copy, Wanted(entry=3))
