"""With names and coordinates taken out a bundle still verifies, and says what was taken out, by which rule."""

import json
import struct
from pathlib import Path

import pytest

from truceline.pipeline.bundling import bundle
from truceline.record.redaction import FORGOTTEN, RELEASE, for_release, of_field, rules
from truceline.record.rows import GROUPS
from truceline.record.store import Record
from truceline.record.verifier import verify_bundle as verifier

CASE = "barrage"
HIDDEN = ("patrol 1", "patrol 2", "Mr Smith", "30.3001", "Four fresh craters", "Ten shells fell")
PLACES = (30.3, 30.3005, -39.975, -39.9755)


@pytest.fixture(scope="module")
def redacted(mission, tmp_path_factory):
    """The bundle with names and places taken out, as for another body's archive."""
    out = tmp_path_factory.mktemp("redacted") / "bundle"
    return bundle(mission, CASE, out=out, redact=["names", "places"], is_zipped=True)


def content_of(folder: Path) -> str:
    """Every byte of the payload that is shown: JSON's escapes and the rows' hexadecimal undone."""
    texts = []
    for path in sorted((folder / "data").rglob("*")):
        if path.is_file() and "agreement" not in path.parts:
            text = path.read_text(encoding="utf-8", errors="replace")
            texts.append(text)
            if path.parent.name == "rows":
                groups = json.loads(text)["groups"].values()
                texts += [bytes.fromhex(each[1]).decode("latin-1") for each in groups]
    return "\n".join(texts)


def test_it_verifies_as_the_whole_one_does(redacted, made, keys):
    whole = verifier.verified(made.path, keys, 0)
    part = verifier.verified(redacted.path, keys, 0)
    verifier.verified(redacted.zipped, keys, 0)
    assert part.about["kind"] == "redacted"
    assert set(part.rows) == set(whole.rows)
    shared = set(part.entries) & set(whole.entries)
    assert len(shared) == len(whole.entries) - 1
    for sequence in shared:
        assert set(part.entries[sequence].fields) < set(whole.entries[sequence].fields) or not (
            part.entries[sequence].removed
        )


def test_names_and_coordinates_are_gone_from_every_file(redacted, made):
    whole, part = content_of(made.path), content_of(redacted.path)
    for word in HIDDEN:
        assert word in whole, f"{word} is a poor example"
        assert word not in part, word
    for number in PLACES:
        code = struct.pack(">d", number).decode("latin-1")
        assert code in whole
        assert code not in part
        assert str(number) not in part


def test_the_salt_of_what_is_gone_is_gone_as_well(redacted, mission):
    """Who has the commitment and no salt can try no value."""
    with Record.open(mission / "record", read_only=True) as record:
        log, _ = record.parts
        salts = {n: log.salts(n) for n in range(record.head().size)}
    everything = content_of(redacted.path)
    gone = 0
    for path in (redacted.path / "data" / "entries").iterdir():
        said = json.loads(path.read_text(encoding="utf-8"))
        for pointer in said["removed"]:
            assert salts[int(path.stem)][pointer].hex() not in everything or path.stem == "0"
            gone += 1
    assert gone > 20


def test_it_says_what_was_taken_out_and_by_which_rule(redacted, made, keys):
    lines = verifier.verified(redacted.path, keys, 0).lines
    told = [line for line in lines if line.startswith("removed by rule")]
    assert [line.split()[3] for line in told] == ["names:", "places:"]
    assert "6 groups of columns, 3 exhibits" in told[0]
    assert f"  because: {rules()['names'].why}" in lines
    for path in sorted((redacted.path / "data" / "rows").iterdir()):
        removed = json.loads(path.read_text())["removed"]
        assert {group: rule for group, (rule, _) in removed.items()} == {
            "person": "names", "place": "places", "text": "names",
        }  # fmt: skip
    assert not any("removed" in line for line in verifier.verified(made.path, keys, 0).lines)


def test_exhibits_that_hold_what_was_taken_out_stay_and_are_said_to_stay(redacted, made):
    assert not (redacted.path / "data" / "exhibits").exists()
    withheld = json.loads((redacted.path / "data/bundle.json").read_text())["withheld"]
    assert set(withheld) == {path.name for path in (made.path / "data" / "exhibits").iterdir()}
    assert set(withheld.values()) == {"names"}


def test_computed_tables_lose_their_columns(redacted, made):
    def columns(folder: Path, name: str) -> set[str]:
        text = (folder / f"data/computed/{name}.csv").read_text(encoding="utf-8")
        return set(text.partition("\n")[0].split(","))

    hidden = {*rules()["names"].columns, *rules()["places"].columns}
    for name in ("incidents", "evidence", "findings"):
        gone = columns(made.path, name) - columns(redacted.path, name)
        assert gone
        assert gone <= hidden
        assert not columns(redacted.path, name) & hidden


def test_what_a_destroyed_key_leaves_is_told(mission, made, tmp_path, keys, monkeypatch):
    """A salt that is no longer there takes its field out; the entry is proven as before."""
    from truceline.record.sqlite import SqliteLog

    original = SqliteLog.salts

    def lost(self, sequence):
        salts = original(self, sequence)
        return {k: v for k, v in salts.items() if k != "/payload/says/text/0"}

    monkeypatch.setattr(SqliteLog, "salts", lost)
    forgotten = bundle(mission, CASE, out=tmp_path / "b")
    checked = verifier.verified(forgotten.path, keys, 0)
    removed = {rule for each in checked.entries.values() for rule in each.removed.values()}
    assert removed == {FORGOTTEN}
    assert any("nobody can open it any more" in line for line in checked.lines)


def test_every_rule_says_why_and_names_what_there_is():
    groups = {group for rule in rules().values() for group in rule.groups}
    assert groups == set(GROUPS)
    for rule in rules().values():
        assert rule.why.endswith(".")
        assert all(pattern.count(":") == 1 for pattern in (*rule.fields, *rule.keep))


@pytest.mark.parametrize(
    ("kind", "pointer"),
    [
        ("case_move", "/actor"),
        ("case_move", "/payload/reason"),
        ("case_move", "/payload/cites/0"),
        ("case_move", "/payload/case"),
        ("case_move", "/payload/accounts/0/observation"),
        ("case_move", "/payload/accounts/0/keys/0"),
        ("case_move", "/payload/says/text/0"),
        ("case_move", "/payload/says/holder/0"),
        ("case_move", "/payload/says/accused/0"),
        ("batch", "/payload/sources/0/name"),
        ("batch", "/payload/sources/0/sha256"),
        ("batch", "/payload/notes/0"),
        ("batch", "/payload/options/zone"),
        ("batch", "/payload/tables/observations/exhibit"),
        ("release_key", "/payload/key"),
        ("person", "/payload/anything"),
        ("a kind of tomorrow", "/payload/anything"),
    ],
)
def test_a_release_hides_what_it_does_not_know_to_be_harmless(kind, pointer):
    assert of_field(for_release(), kind, pointer), "a kind or field of tomorrow must be hidden too"
    assert RELEASE in {rule.name for rule in for_release()}


@pytest.mark.parametrize(
    ("kind", "pointer"),
    [
        ("case_move", "/payload/says/verdict/0"),
        ("case_move", "/payload/move"),
        ("batch", "/payload/tables/observations/row_root"),
        ("bundle", "/payload/contents"),
    ],
)
def test_a_release_shows_what_its_proofs_need(kind, pointer):
    assert of_field(for_release(), kind, pointer) == ""
