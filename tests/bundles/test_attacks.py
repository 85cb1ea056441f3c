"""What somebody may do to a bundle who can also write every list of digests anew; and tricks with paths.

Each attack has the message by which whoever verifies notices it.
"""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from truceline.record.checkpoint import Checkpoint, signed
from truceline.record.note import Kind, Signer
from truceline.record.verifier import verify_bundle as verifier


def row(folder: Path) -> Path:
    """The file on the first row that the bundle shows."""
    return min((folder / "data" / "rows").iterdir())


def batch(folder: Path) -> Path:
    """The file on the entry that the row is of."""
    return folder / "data" / "entries" / f"{row(folder).name.partition('-')[0]}.json"


def name(path: Path) -> str:
    """A file of the payload as the bundle names it."""
    return f"data/{path.parent.name}/{path.name}"


def refused(folder: Path, keys=()) -> str:
    """What the verifier says that does not hold."""
    with pytest.raises(verifier.RefusedError) as caught:
        verifier.verified(folder, list(keys), 0)
    return str(caught.value)


def test_a_bundle_sealed_again_without_a_change_verifies(copy, hand, keys):
    """The attacker's hand writes lists as we do; else the tests below would prove nothing."""
    before = {path.name: path.read_bytes() for path in copy.glob("*.txt")}
    hand.seal(copy)
    assert {path.name: path.read_bytes() for path in copy.glob("*.txt")} == before
    verifier.verified(copy, keys, 0)


def exhibit(folder: Path) -> Path:
    return min((folder / "data" / "exhibits").iterdir())


FIELD = "/payload/feed"


def swap_exhibit(folder, edit):
    exhibit(folder).write_bytes(b"another file under the same name")
    return "data/exhibits/.*its bytes are not those of the exhibit that it is named for"


def swap_two_exhibits(folder, edit):
    one, other = sorted((folder / "data" / "exhibits").iterdir())[:2]
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    return "its bytes are not those of the exhibit that it is named for"


def smuggle_exhibit(folder, edit):
    content = b"planted"
    (folder / "data" / "exhibits" / hashlib.sha256(content).hexdigest()).write_bytes(content)
    return "no entry names this exhibit"


def drop_exhibit(folder, edit):
    told = json.loads(row(folder).read_text())
    for path in (folder / "data" / "exhibits").iterdir():
        if path.name in bytes.fromhex(told["groups"]["row"][1]).decode("latin-1"):
            path.unlink()
    return "the exhibit .* that it is from is not here"


def change_value(folder, edit):
    edit(batch(folder), lambda said: said["fields"][FIELD].__setitem__(1, '"other"'))
    return r"data/entries/\d+.json: field /payload/feed or its salt is not what was committed to"


def change_salt(folder, edit):
    edit(batch(folder), lambda said: said["fields"][FIELD].__setitem__(0, "00" * 32))
    return r"data/entries/\d+.json: field /payload/feed or its salt"


def eat_a_digit(folder, edit):
    """A salt of 33 bytes and a value of one digit less hash to the same commitment."""

    def change(said):
        salt, value = said["fields"]["/payload/counts/upstream"]
        said["fields"]["/payload/counts/upstream"] = [salt + value[:1].encode().hex(), value[1:]]

    edit(batch(folder), change)
    return r"data/entries/\d+.json: has not the form"


def change_leaf(folder, edit):
    edit(batch(folder), lambda said: said.update(
        leaf_input=said["leaf_input"].replace('"kind":"batch"', '"kind":"notes"')))  # fmt: skip
    return r"data/entries/\d+.json: is not in the log that the checkpoint"


def change_proof(folder, edit):
    edit(batch(folder), lambda said: said["proof"].__setitem__(0, "00" * 32))
    return r"data/entries/\d+.json: is not in the log"


def shorten_proof(folder, edit):
    edit(batch(folder), lambda said: said["proof"].pop())
    return r"data/entries/\d+.json: is not in the log"


def hide_field(folder, edit):
    edit(batch(folder), lambda said: said["fields"].pop(FIELD))
    return "field /payload/feed is neither shown nor removed by rule"


def hide_field_by_no_rule(folder, edit):
    def change(said):
        del said["fields"][FIELD]
        said["removed"][FIELD] = "whim"

    edit(batch(folder), change)
    return "removed by whim, which is no rule here"


def hide_field_by_a_rule(folder, edit):
    """The rule is told here, and the field could be hidden by it; but the count of numbers fits still."""

    def change(said):
        del said["fields"]["/payload/tables/observations/row_root"]
        said["removed"]["/payload/tables/observations/row_root"] = "forgotten"

    edit(batch(folder), change)
    return "data/rows/.*has not the form"


def add_field(folder, edit):
    edit(batch(folder), lambda said: said["fields"].update({"/payload/more": ["00" * 32, "1"]}))
    return "field /payload/more was never committed to"


def move_entry(folder, edit):
    shutil.move(batch(folder), folder / "data/entries/99.json")
    return "data/entries/99.json: is another entry than its name says"


def two_entries_change_places(folder, edit):
    names = [folder / "data/entries/0.json", batch(folder)]
    first, second = (path.read_bytes() for path in names)
    names[0].write_bytes(second)
    names[1].write_bytes(first)
    return "data/entries/0.json: is another entry than its name says"


def drop_entry(folder, edit):
    numbers = json.loads((folder / "data/numbers.json").read_text())
    sequence = numbers[-1]["parts"][0]["entries"][0]
    (folder / f"data/entries/{sequence}.json").unlink()
    return f"data/entries/{sequence}.json: is missing: it was here when the bundle was made"


def drop_entry_that_no_number_names(folder, edit):
    (folder / "data/entries/0.json").unlink()
    return "data/entries/0.json: is missing: it was here when the bundle was made"


def hide_a_reason_as_forgotten(folder, edit):
    """Every rule that it names is told here, and no proof needs the field: a middleman's censorship."""

    def change(said):
        del said["fields"]["/payload/reason"]
        said["removed"]["/payload/reason"] = "forgotten"

    sequence = max(json.loads((folder / "data/numbers.json").read_text())[-1]["parts"],
                   key=lambda part: part["entries"])["entries"][0]  # fmt: skip
    edit(folder / f"data/entries/{sequence}.json", change)
    return (
        f"data/entries/{sequence}.json: shows or removes other fields than when the bundle was made"
    )


def hide_what_the_bundle_says_of_itself(folder, edit):
    def change(said):
        del said["fields"]["/payload/view"]
        said["removed"]["/payload/view"] = "forgotten"

    own = json.loads((folder / "data/bundle.json").read_text())["entry"]
    edit(folder / f"data/entries/{own}.json", change)
    return f"data/entries/{own}.json: shows or removes other fields"


def break_consistency(folder, edit):
    (path,) = (folder / "data/consistency").iterdir()
    edit(path, lambda said: said.__setitem__(0, "00" * 32))
    return "two histories: at .* is signed what does not follow from the root signed at"


def drop_consistency(folder, edit):
    shutil.rmtree(folder / "data/consistency")
    return r"data/consistency/\d+-\d+.json: is missing"


def drop_batch(folder, edit):
    batch(folder).unlink()
    return "data/rows/.*its batch is not among the entries"


def change_row(folder, edit):
    def change(said):
        salt, content = said["groups"]["text"]
        said["groups"]["text"] = [salt, content[:-2] + "21"]

    edit(row(folder), change)
    return r"data/rows/.*: is not among the rows that its batch committed to"


def change_row_number(folder, edit):
    edit(row(folder), lambda said: said.update(index=1))
    return r"data/rows/.*: is another row than its name says"


def negative_row(folder, edit):
    path = row(folder)
    negative = path.with_name(path.name.replace("-0.json", "--1.json"))
    path.rename(negative)
    edit(negative, lambda said: said.update(index=-1))
    return "is not among the rows"


def drop_row(folder, edit):
    row(folder).unlink()
    return "it commits to other contents|row .*-0, a part of it, is not here"


def change_finding(folder, edit):
    path = folder / "data/computed/findings.csv"
    path.write_text(path.read_text().replace("violation", "compliant"))
    return "it commits to other contents"


def change_number(folder, edit):
    path = folder / "data/numbers.json"
    said = json.loads(path.read_text())
    said[0]["value"] = said[0]["parts"][0]["adds"] = 12
    path.write_text(json.dumps(said))
    return "it commits to other contents"


def change_agreement(folder, edit):
    with (folder / "data/agreement/agreement.yaml").open("a") as file:
        file.write("\n# and nobody else may look\n")
    return "it commits to other contents"


def change_rule(folder, edit):
    edit(folder / "data/bundle.json", lambda said: said["rules"].update(whim={"why": "whim"}))
    return "it commits to other contents"


def add_content(folder, edit):
    (folder / "data/computed/more.csv").write_text("finding\n")
    return "it commits to other contents"


def point_elsewhere(folder, edit):
    edit(folder / "data/bundle.json", lambda said: said.update(entry=1))
    return "no entry of the log says that this bundle was made"


def drop_own_entry(folder, edit):
    sequence = json.loads((folder / "data/bundle.json").read_text())["entry"]
    (folder / f"data/entries/{sequence}.json").unlink()
    return "no entry of the log says that this bundle was made"


def later_form(folder, edit):
    edit(folder / "data/bundle.json", lambda said: said.update(form=3))
    return "is not of form 2: use the verifier of its time"


def say_twice(folder, edit):
    path = folder / "data/bundle.json"
    path.write_text(path.read_text().replace('"form": 2,', '"form": 3, "form": 2,'))
    return "data/bundle.json: says one thing twice"


def dig_deep(folder, edit):
    (folder / "data/numbers.json").write_text("[" * 200_000)
    edit_entry = json.loads((folder / "data/bundle.json").read_text())["entry"]
    assert edit_entry
    return "it commits to other contents"


def dig_deep_in_an_entry(folder, edit):
    batch(folder).write_text("[" * 200_000)
    return r"data/entries/\d+.json: is nested too deep"


def break_json(folder, edit):
    batch(folder).write_bytes(b'{"leaf_input": "\xff')
    return r"data/entries/\d+.json: is no JSON"


def huge_json(folder, edit):
    with batch(folder).open("wb") as file:
        file.truncate(verifier.MOST_JSON_BYTES + 1)
    return r"data/entries/\d+.json: has 33,554,433 bytes: no such file is so large"


def wrong_types(folder, edit):
    batch(folder).write_text('["leaf_input"]')
    return r"data/entries/\d+.json: has not the form that it should have"


def drop_checkpoints(folder, edit):
    shutil.rmtree(folder / "data/checkpoints")
    return "holds no checkpoint: nothing could be proven"


def change_checkpoint(folder, edit):
    path = max((folder / "data/checkpoints").iterdir(), key=lambda path: int(path.name))
    lines = path.read_text().split("\n")
    lines[2] = base64.b64encode(bytes(32)).decode()
    path.write_text("\n".join(lines))
    return "the signature of truceline/known-answers is not by that key"


def forge_cosignature(folder, edit):
    path = min((folder / "data/checkpoints").iterdir(), key=lambda path: int(path.name))
    lines = path.read_text().split("\n")
    at = next(n for n, line in enumerate(lines) if line.startswith("— west"))
    name, code = lines[at].rsplit(" ", 1)
    raw = bytearray(base64.b64decode(code))
    raw[11] ^= 1  # a second later
    lines[at] = f"{name} {base64.b64encode(bytes(raw)).decode()}"
    path.write_text("\n".join(lines))
    return "the signature of west.example/witness is not by that key"


def scribble_under_checkpoint(folder, edit):
    path = next((folder / "data/checkpoints").iterdir())
    path.write_text(path.read_text() + "trust me\n")
    return "trust me is no signature"


def swap_verifier(folder, edit):
    (folder / "verify_bundle.py").write_text("print('it verifies')\n")
    return "verify_bundle.py: is not the verifier that this bundle was made with"


def one_name_in_two_cases(folder, edit):
    (folder / "data/Numbers.json").write_text("[]")
    return "two paths differ in large and small letters alone"


ATTACKS = [
    swap_exhibit, swap_two_exhibits, smuggle_exhibit, drop_exhibit, change_value, change_salt,
    eat_a_digit, change_leaf, change_proof, shorten_proof, hide_field, hide_field_by_no_rule,
    hide_field_by_a_rule, add_field, move_entry, two_entries_change_places, drop_entry, drop_batch,
    change_row, change_row_number, negative_row, drop_row, change_finding, change_number,
    change_agreement, change_rule, add_content, point_elsewhere, drop_own_entry, later_form,
    say_twice, dig_deep, dig_deep_in_an_entry, break_json, huge_json, wrong_types,
    drop_checkpoints, change_checkpoint, forge_cosignature, scribble_under_checkpoint,
    swap_verifier, one_name_in_two_cases, drop_entry_that_no_number_names,
    hide_a_reason_as_forgotten, hide_what_the_bundle_says_of_itself, break_consistency,
    drop_consistency,
]  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_an_attack_by_somebody_who_writes_every_list_anew_is_noticed(attack, copy, hand, keys):
    message = attack(copy, hand.edit)
    hand.seal(copy)
    with pytest.raises(verifier.RefusedError, match=message):
        verifier.verified(copy, keys, 0)


def test_another_log_with_the_same_name_is_not_that_log(copy, hand, keys):
    """A bundle made from a forged record is sound in itself; the key that an auditor has is not its."""
    forger = Signer(name="truceline/known-answers", kind=Kind.LOG, seed=b"forger".ljust(32))
    for path in (copy / "data" / "checkpoints").iterdir():
        origin, size, root = path.read_text().split("\n")[:3]
        path.write_bytes(
            signed(Checkpoint(origin=origin, size=int(size), root=base64.b64decode(root)), forger)
        )
    (copy / "data" / "keys.txt").write_text(f"{forger.verifier().vkey}\n")
    hand.seal(copy)
    assert "no key that is known signed it for the log truceline/known-answers" in refused(
        copy, keys
    )
    assert "it commits to other contents" in refused(copy)


def test_two_files_that_change_places_are_both_found(copy):
    one, other = batch(copy), copy / "data/entries/0.json"
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    said = refused(copy)
    assert said.startswith("data/entries/0.json: block 0: ")
    assert "2 files are damaged" in said


@pytest.mark.parametrize(
    "gone", ["", verifier.MANIFEST, verifier.TAGS, verifier.BLOCKS, "bagit.txt"]
)
def test_a_missing_file_is_named(copy, gone):
    path = copy / gone if gone else batch(copy)
    path.unlink()
    assert refused(copy).startswith(f"{gone or name(path)}: is missing")


@pytest.mark.parametrize(
    "name", ["fetch.txt", "data/more.json", "data/entries/.hidden", "x y", "manifest-md5.txt"]
)
def test_a_file_that_was_added_is_named(copy, name):
    (copy / name).write_text("more")
    assert refused(copy) == f"{name}: is in no manifest: it was added, or renamed"


def test_a_renamed_file_is_missed_under_its_name(copy):
    batch(copy).rename(copy / "data/entries/999.json")
    assert refused(copy).startswith("data/entries/999.json: is in no manifest")


def test_links_and_devices_are_never_followed(copy, tmp_path):
    (tmp_path / "secret").write_text("outside")
    for make in (
        lambda at: at.symlink_to(tmp_path / "secret"),
        lambda at: at.symlink_to("/"),
        lambda at: at.symlink_to("nowhere"),
        lambda at: os.mkfifo(at),
    ):
        at = copy / "data" / "trick"
        make(at)
        assert "data/trick: is a link or a device; a bundle holds files alone" in refused(copy)
        at.unlink()
    batch(copy).rename(tmp_path / "entry")
    batch(copy).symlink_to(tmp_path / "entry")
    assert f"{name(batch(copy))}: is a link or a device" in refused(copy)


@pytest.mark.parametrize(
    "path",
    ["data/../../etc/passwd", "/etc/passwd", "data/./x", "data//x", "../x", "data\\x", "C:/x", "~/x",
     "data/%2e%2e/x", "data/.git/config", "data/x/"],
)  # fmt: skip
def test_a_manifest_that_names_a_path_outside_is_refused_before_it_is_opened(copy, path):
    lines = (copy / verifier.MANIFEST).read_text().splitlines()
    lines[0] = f"{'0' * 64}  {path}"
    (copy / verifier.MANIFEST).write_text("\n".join(lines) + "\n")
    tags = (copy / verifier.TAGS).read_text().splitlines()
    digest = hashlib.sha256((copy / verifier.MANIFEST).read_bytes()).hexdigest()
    tags = [f"{digest}  {verifier.MANIFEST}" if t[66:] == verifier.MANIFEST else t for t in tags]
    (copy / verifier.TAGS).write_text("\n".join(tags) + "\n")
    said = refused(copy)
    assert said.startswith(f"{verifier.MANIFEST}: block 0: ")
    assert "is no plain path within the bundle" in said


@pytest.mark.parametrize("name", [verifier.TAGS, verifier.MANIFEST])
def test_a_list_beyond_all_bundles_is_refused_unread(copy, name):
    with (copy / name).open("r+b") as file:
        file.truncate(verifier.MOST_LIST_BYTES + 1)  # sparse: it takes no room
    if name == verifier.MANIFEST:
        # Its digest would fit as well; that it is hashed costs time and no memory.
        tags = (copy / verifier.TAGS).read_text().splitlines()
        digest = verifier.digest(verifier.Folder(copy), name)
        tags = [f"{digest}  {name}" if name == line[66:] else line for line in tags]
        (copy / verifier.TAGS).write_text("\n".join(tags) + "\n")
    assert refused(copy) == f"{name}: has 268,435,457 bytes: no bundle has such a list"


def test_a_name_cannot_write_on_the_screen(copy):
    (copy / "data" / "x\r\033[2Kit verifies").write_text("")
    done = subprocess.run(
        [sys.executable, "-I", "-S", verifier.__file__, str(copy)],
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert b"\033" not in done.stdout
    assert b"\r" not in done.stdout
    assert b"IT DOES NOT VERIFY" in done.stdout


def test_a_file_that_changes_while_it_is_verified_is_noticed(copy, monkeypatch):
    """Whoever can write to the folder could show one thing to the digests and another to the proofs."""
    original = verifier.check_bag

    def late(bundle):
        digests = original(bundle)
        text = batch(copy).read_text()
        batch(copy).write_text(text.replace("observations", "Observations", 1))
        return digests

    monkeypatch.setattr(verifier, "check_bag", late)
    assert refused(copy) == f"{name(batch(copy))}: changed while it was being verified"
