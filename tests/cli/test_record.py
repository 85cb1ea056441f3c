"""`truceline record` as people read it and scripts call it."""

import hashlib
import json
import shutil
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from truceline.cli.main import group
from truceline.record.store import Record

AT = datetime(2025, 4, 19, 15, 0, 7, 131291, tzinfo=UTC)


@pytest.fixture
def mission(tmp_path, copy_mission):
    folder = copy_mission("known-answers", tmp_path / "m")
    shutil.rmtree(folder / "record", ignore_errors=True)
    with Record.create(folder / "record", mission_id="known-answers", now=AT) as record:
        record.append(
            "publication", {"view": "public"}, known_at=AT, recorded_at=AT,
            actor="truceline record receive", entropy=bytes,
        )  # fmt: skip
    return folder


def truceline(*words, **rest):
    done = CliRunner(env={"COLUMNS": "80"}).invoke(group, [str(word) for word in words], **rest)
    assert done.exit_code == 0, done.output
    return done


def printed(*words, **rest):
    return json.loads(truceline(*words, "--json", **rest).stdout)


def test_an_entry_is_listed_on_one_line_of_80_columns(mission):
    lines = truceline("record", "list", mission).output.splitlines()
    assert len(lines) == 3
    assert max(map(len, lines)) <= 80
    assert "2025-04-19 15:00:07" in lines[2]
    assert "truceline record receive" in lines[2]
    second = printed("record", "list", mission)[1]
    assert second["known at"] == AT.isoformat(), "a script is told the whole instant"


def test_what_is_taken_in_and_handed_out_is_told_to_scripts(mission, tmp_path):
    file, copy, key = tmp_path / "note.txt", tmp_path / "copy.txt", tmp_path / "registrar.key"
    file.write_bytes(b"Three shells fell.")
    taken = printed("record", "acquire", mission, file, "--as", "analyst-2", "--how", "by hand")
    assert taken == {
        "sha256": hashlib.sha256(b"Three shells fell.").hexdigest(), "size_bytes": 18, "name": "note.txt",
    }  # fmt: skip
    out = printed(
        "record", "exhibit", mission, taken["sha256"], "--out", copy, "--as", "analyst-2", "--why", "c-1"
    )  # fmt: skip
    assert out == {"sha256": taken["sha256"], "file": str(copy)}
    assert copy.read_bytes() == file.read_bytes()
    truceline(
        "case", "move", mission, "-", "appoint", "office=registrar", "as=registrar", "body=mission",
        "holder=p-1", "--as", "registrar", "--reason", "the first",
    )  # fmt: skip
    made = printed("record", "office", mission, "registrar", "--key", key)
    assert (made["office"], made["file"]) == ("registrar", str(key))
    assert made["key"].startswith("registrar+")


def test_what_is_forgotten_is_told_to_scripts(mission, tmp_path):
    for number, office in enumerate(("registrar", "secretary")):
        truceline(
            "case", "move", mission, "-", "appoint", f"office={office}", f"as={office}",
            "body=mission", f"holder=p-{number}", "--as", "registrar", "--reason", "service",
        )  # fmt: skip
        truceline("record", "office", mission, office, "--key", tmp_path / office)
    adding = ("record", "person", mission, "--add", "--as", "registrar")
    person = printed(*adding, input="Ivanna\n")["person"]

    def forget(office, **rest):
        words = ("record", "forget", mission, person, "--as", office, "--key", tmp_path / office)
        return printed(*words, "--reason", "asked", **rest)

    first = forget("registrar", input=f"{person}\n")
    assert (first["person"], first["is_forgotten"]) == (person, False)
    assert "a second office carries it out" in first["done"]
    assert "1 field (name of entry" in first["told"][0]
    second = forget("secretary", input=f"{person}\n")
    assert second["is_forgotten"]
    assert "is destroyed" in second["done"]
    third = forget("secretary")
    assert (third["is_forgotten"], third["done"]) == (True, "")


def test_what_is_sealed_and_received_is_told_to_scripts(mission, tmp_path):
    secret, out, new = tmp_path / "secret.key", tmp_path / "sealed.age", tmp_path / "new"
    key = printed("record", "successor", "--out", secret)
    assert key["file"] == str(secret)
    truceline("record", "checkpoint", mission, "--new-key")
    words = ("record", "evacuate", mission, "--to", key["key"], "--out", out, "--as", "head")
    sealed = printed(*words, input="y\n")
    assert sealed["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert (sealed["file"], sealed["left"]) == (str(out), [])
    assert sealed["destroyed"] == ["keys/log.key"]
    got = printed("record", "receive", out, "--key", secret, "--to", new)
    assert (got["folder"], got["mission_id"], got["faults"]) == (str(new), "known-answers", [])
    assert got["head"]["size"] == 3
