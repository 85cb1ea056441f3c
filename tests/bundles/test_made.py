"""What a bundle holds, and that others read it: the verifier alone, `bagit`, zip tools, the crate's rules."""

import ast
import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import bagit
import pytest
from click.testing import CliRunner

from truceline.cli.main import group
from truceline.model.errors import InputError, RecordError
from truceline.pipeline.bundling import bundle
from truceline.record.store import Record
from truceline.record.verifier import verify_bundle as verifier

STANDARD = set(sys.stdlib_module_names)
NETWORK = {"asyncio", "ctypes", "ftplib", "http", "multiprocessing", "smtplib", "socket", "ssl",
           "subprocess", "urllib", "xmlrpc"}  # fmt: skip


def alone(program: Path, *words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the verifier as an auditor would: nothing but Python, in an empty environment."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(program), *words],
        capture_output=True, text=True, cwd=folder, env={}, check=False,
    )  # fmt: skip


def read(made, path: str):
    return json.loads((made.path / path).read_text(encoding="utf-8"))


def test_it_verifies_alone_as_folder_and_as_zip(made, keys, tmp_path):
    program = tmp_path / "verify_bundle.py"
    program.write_bytes((made.path / "verify_bundle.py").read_bytes())
    listed = (made.path / "data" / "keys.txt").read_text().split()
    words = [word for vkey in listed for word in ("--key", vkey)]
    for path in (made.path, made.zipped):
        done = alone(program, str(path), *words, folder=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stdout.endswith("it verifies\n")
        assert "note:" not in done.stdout
        assert (
            f"{made.entries} entries, {made.rows} rows and {made.exhibits} exhibits" in done.stdout
        )
        assert f"signed by {made.vkey[:-45]}" in done.stdout
        assert "west.example/witness+" in done.stdout
    bare = alone(program, str(made.path), folder=tmp_path)
    assert bare.returncode == 0
    assert "the bundle itself names these keys" in bare.stdout


def test_the_verifier_needs_the_standard_library_alone_and_no_network():
    tree = ast.parse(Path(verifier.__file__).read_text(encoding="utf-8"))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {each.name.partition(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add((node.module or "").partition(".")[0])
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"eval", "exec", "compile", "__import__"}
    assert names <= STANDARD
    assert not names & NETWORK


def test_the_verifier_that_ships_is_the_one_of_the_package(made):
    assert (made.path / "verify_bundle.py").read_bytes() == Path(verifier.__file__).read_bytes()


def test_a_key_that_did_not_sign_is_not_enough(made, keys, tmp_path):
    other = "other.example/log+1fa4e8a3+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
    with pytest.raises(verifier.RefusedError, match="no key that is known signed it"):
        verifier.verified(made.path, [("other.example/log", verifier.LOG, bytes(32))], 0)
    witnesses_alone = [key for key in keys if key[1] == verifier.WITNESS]
    with pytest.raises(verifier.RefusedError, match="no key that is known signed it"):
        verifier.verified(made.path, witnesses_alone, 0)
    done = alone(Path(verifier.__file__), str(made.path), "--key", other, folder=tmp_path)
    assert done.returncode == 2
    assert "copy the whole line" in done.stderr
    gone = alone(Path(verifier.__file__), str(tmp_path / "nowhere"), folder=tmp_path)
    assert gone.returncode == 2
    assert "cannot be read" in gone.stderr


def test_witnesses_are_counted_where_they_are_asked_for(made, keys):
    checked = verifier.verified(made.path, keys, 0)
    assert {len(each.witnesses) for each in checked.checkpoints.values()} == {0, 2}
    with pytest.raises(verifier.RefusedError, match="fewer than 1 known witnesses"):
        verifier.verified(made.path, keys, 1)


def test_evidence_is_proven_by_the_checkpoint_that_witnesses_cosigned(made, keys):
    """The entry of the bundle itself is younger than what they saw."""
    checked = verifier.verified(made.path, keys, 0)
    cosigned = {size for size, each in checked.checkpoints.items() if each.witnesses}
    for sequence in checked.entries:
        told = read(made, f"data/entries/{sequence}.json")["checkpoint"]
        assert (told in cosigned) == (sequence != made.entry)


def test_bagit_takes_it_for_a_bag(made, tmp_path):
    bag = bagit.Bag(str(made.path))
    assert bag.validate()
    assert bag.version_info == (1, 0)
    assert set(bag.payload_files()) == set(verifier.verified(made.path, [], 0).digests)
    with zipfile.ZipFile(made.zipped) as packed:
        packed.extractall(tmp_path / "out")
    assert bagit.Bag(str(tmp_path / "out")).validate()


def test_zip_tools_take_its_zip_and_the_same_bag_gives_the_same_bytes(made, tmp_path):
    from truceline.record.bagit import pack

    with zipfile.ZipFile(made.zipped) as packed:
        assert packed.testzip() is None
        assert {each.compress_type for each in packed.infolist()} == {zipfile.ZIP_STORED}
        for name in packed.namelist():
            assert packed.read(name) == (made.path / name).read_bytes()
    pack(made.path, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == made.zipped.read_bytes()


def test_the_crate_says_what_its_specification_asks_for(made):
    """RO-Crate 1.2: descriptor, root, and every file and folder linked from the root."""
    crate = read(made, "data/ro-crate-metadata.json")
    assert crate["@context"] == "https://w3id.org/ro/crate/1.2/context"
    by_id = {each["@id"]: each for each in crate["@graph"]}
    assert len(by_id) == len(crate["@graph"])
    descriptor = by_id["ro-crate-metadata.json"]
    assert descriptor["@type"] == "CreativeWork"
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.2"}
    root = by_id[descriptor["about"]["@id"]]
    assert (root["@id"], root["@type"]) == ("./", "Dataset")
    assert {"name", "description", "datePublished", "license"} <= set(root)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", root["datePublished"])
    terms = by_id[root["license"]["@id"]]
    assert {"name", "description"} <= set(terms)
    reached, waiting = set(), ["./"]
    while waiting:
        one = by_id[waiting.pop()]
        reached.add(one["@id"])
        waiting += [part["@id"] for part in one.get("hasPart", ()) if part["@id"] not in reached]
    for identifier, each in by_id.items():
        if each["@type"] in ("File", "Dataset"):
            assert identifier in reached
            there = made.path / "data" / identifier
            assert there.is_dir() if each["@type"] == "Dataset" else there.is_file()
    files = {identifier for identifier, each in by_id.items() if each["@type"] == "File"}
    here = {p.relative_to(made.path / "data").as_posix() for p in (made.path / "data").rglob("*")}
    unlisted = {name for name in here - files if (made.path / "data" / name).is_file()}
    sizes = read(made, "data/bundle.json")
    assert unlisted == {
        "ro-crate-metadata.json",
        *(n for n in unlisted if n.startswith(("checkpoints/", "consistency/"))),
    }
    assert sizes["kind"] == "whole"


def test_a_number_leads_back_to_the_bytes_that_it_came_from(made, keys):
    """From a count to its act, to rows, to the line of a preserved file, and to the signed log."""
    checked = verifier.verified(made.path, keys, 0)
    numbers = {each["number"]: each for each in read(made, "data/numbers.json")}
    counted = numbers["counted by rule acts"]
    assert counted["value"] == 1
    acts = list(csv.DictReader(io.StringIO((made.path / "data/computed/acts.csv").read_text())))
    assert [part["what"] for part in counted["parts"]] == [row["act_id"] for row in acts]
    seen = set()
    for ref in counted["parts"][0]["rows"]:
        row = checked.rows[ref].values
        lines = (made.path / "data" / "exhibits" / row["exhibit"]).read_text().splitlines()
        assert lines[row["line"] - 1].startswith(f"{row['observation_id']},")
        seen.add(row["observation_id"])
    assert {"ka-01-a", "ka-01-b"} <= seen
    assert numbers["moves of the case"]["value"] == 8


def test_no_secret_leaves(made, mission):
    """Keys, and the secret from which every salt is grown, stay in the record."""
    with Record.open(mission / "record", read_only=True) as record:
        log, _ = record.parts
        secrets = [each for n in range(record.head().size) for each in log.secrets(n).values()]
    key = (mission / "record" / "keys" / "log.key").read_text().strip()
    seed = key.split("+", 4)[4]  # base64 may hold the sign that parts the fields
    assert secrets
    for path in made.path.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert key.encode() not in content
            assert seed.encode() not in content
            assert not any(s in content or s.hex().encode() in content for s in secrets)


def test_the_record_says_that_it_was_made_and_what_was_exported(made, mission):
    with Record.open(mission / "record", read_only=True) as record:
        entry = next(each for each in record.entries() if each.sequence == made.entry)
        custody = [each for each in record.entries(kind="custody") if each.sequence < made.entry]
    assert entry.kind == "bundle"
    assert entry.payload["case"] == "barrage"
    exported = set(custody[-1].payload["exhibits"])
    assert custody[-1].payload["act"] == "exported"
    assert exported == {path.name for path in (made.path / "data" / "exhibits").iterdir()}


def test_what_cannot_be_made_says_why_and_leaves_nothing(made, mission, tmp_path):
    with Record.open(mission / "record", read_only=True) as record:
        before = record.head()
    with pytest.raises(InputError, match="cases are: barrage"):
        bundle(mission, "c-9", out=tmp_path / "a")
    with pytest.raises(InputError, match="rules are names, places, words"):
        bundle(mission, "barrage", redact=["faces"], out=tmp_path / "a")
    with pytest.raises(InputError, match="something stands here already"):
        bundle(mission, "barrage", out=tmp_path)
    hidden = mission / "record" / "keys" / "log.key"
    aside = hidden.rename(tmp_path / "log.key")
    with pytest.raises(RecordError, match="--new-key"):
        bundle(mission, "barrage", out=tmp_path / "a")
    aside.rename(hidden)
    assert not (tmp_path / "a").exists()
    with Record.open(mission / "record", read_only=True) as record:
        assert record.head() == before


def test_a_damaged_exhibit_is_not_handed_over(made, mission, tmp_path):
    exhibits = (made.path / "data" / "exhibits").iterdir()
    digest = next(path.name for path in exhibits if path.read_bytes().startswith(b"observation_id"))
    kept = mission / "record" / "exhibits" / digest[:2] / digest[2:]
    content = kept.read_bytes()
    kept.chmod(0o644)
    kept.write_bytes(content[:-1] + b"?")
    try:
        with pytest.raises(RecordError, match=f"{digest[2:]}: .*no bundle was made"):
            bundle(mission, "barrage", out=tmp_path / "out" / "b")
    finally:
        kept.write_bytes(content)
    assert list((tmp_path / "out").iterdir()) == [], "what was begun is removed"


def test_a_release_takes_no_rules(mission):
    words = ["bundle", str(mission), "barrage", "--view", "public", "--redact", "names"]
    done = CliRunner().invoke(group, words, standalone_mode=False)
    assert "a release is under every rule" in str(done.exception)
