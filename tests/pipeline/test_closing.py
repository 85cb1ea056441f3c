"""What lay in the clear is closed afterwards: it reads as before while the keys are there, and no longer."""

import hashlib
import os
import shutil

import pytest
from click.testing import CliRunner
from registry import appointed, mandated

from truceline.cli.main import group
from truceline.model.errors import InputError, RecordError
from truceline.pipeline import evacuating, keeping, persons
from truceline.pipeline.run import take_in
from truceline.record import closing, copying, custody, personal, sealing
from truceline.record.closing import ClosedError
from truceline.record.store import Record

NAMES = ("Ivanna Testenko", "Petro Probny")
SAID = "Ivanna Testenko told us that Petro Probny fired from the mill."
INTERVIEWS = "raw/interviews.csv"
ROW = (
    "ka-i-1,patrol 9,patrol,2031-05-03T12:00:00Z,2031-05-02T10:00:00Z,2031-05-02T10:05:00Z,30.3,"
    f"-39.975,500,artillery,impact,,,,,,,interview,,4,crater,{SAID}"
)


class DeathError(Exception):
    pass


@pytest.fixture
def mission(tmp_path, copy_mission):
    folder = copy_mission("known-answers", tmp_path / "m")
    mandated(folder)
    header = (folder / "raw" / "observations.csv").read_text(encoding="utf-8").splitlines()[0]
    (folder / INTERVIEWS).write_text(f"{header}\n{ROW}\n", encoding="utf-8")
    name_on_line(folder, [])
    take_in(folder)
    return folder


def name_on_line(folder, codes):
    path = folder / "mission.yaml"
    text = "".join(each for each in path.read_text().splitlines(True) if INTERVIEWS not in each)
    whom = f", persons: [{', '.join(codes)}]" if codes else ""
    line = f"feeds:\n  - {{feed: observations, files: [{INTERVIEWS}], archive: false{whom}}}\n"
    path.write_text(text.replace("feeds:\n", line, 1))


@pytest.fixture
def keys(mission, tmp_path):
    return appointed(mission, tmp_path)


@pytest.fixture
def codes(mission, keys):
    return [persons.add(mission, name, office="registrar") for name in NAMES]


@pytest.fixture
def statement(mission, codes, tmp_path):
    """An exhibit that was taken in for nobody, and names two."""
    path = tmp_path / "note.txt"
    path.write_bytes(SAID.encode())
    return keeping.take_in(mission, path, office="registrar", how="scan").sha256


def seal(mission, sha256, whom):
    return persons.seal(mission, sha256, whom, office="registrar", why="they asked")


def forget(mission, keys, person):
    for office in ("registrar", "secretary"):
        persons.forget(mission, person, office=office, key_file=keys[office], reason="asked")


def on_disk(mission):
    return b"".join(
        path.read_bytes()
        for path in sorted((mission / "record").rglob("*"))
        if path.is_file() and "keys" not in path.parts
    )


def verified(mission):
    with Record.open(mission / "record", read_only=True) as record:
        return record.verify()


def test_a_closed_exhibit_reads_as_before_by_its_digest_until_one_of_them_is_forgotten(
    mission, keys, codes, statement, tmp_path
):
    with Record.open(mission / "record", read_only=True) as record:
        leaves = [entry.leaf_hash for entry in record.entries()]
    assert SAID.encode() in on_disk(mission)
    words = ["record", "seal", mission, statement[:12], "--as", "registrar", "--why", "they asked"]
    words += [word for code in codes for word in ("--person", code)]
    done = CliRunner().invoke(group, [str(word) for word in words], standalone_mode=False)
    assert done.exception is None, done.exception
    assert f"exhibit {statement} is sealed for" in done.output
    path = mission / "record" / "exhibits" / statement[:2] / statement[2:]
    assert not path.exists()
    keeping.hand_out(mission, statement, tmp_path / "out", office="registrar", why="court")
    assert (tmp_path / "out").read_bytes() == SAID.encode()
    found = verified(mission)
    assert found.faults == ()
    assert not [notice for notice in found.notices if statement in notice]
    assert keeping.check_fixity(mission).unsound == ()
    with Record.open(mission / "record", read_only=True) as record:
        acts = [step.act for step in custody.chain(record, statement)]
        assert {"acquired", "sealed", "accessed"} <= set(acts)
        assert [e.leaf_hash for e in record.entries()][: len(leaves)] == leaves
    forget(mission, keys, codes[1])
    with pytest.raises(ClosedError, match=f"the key of {codes[1]} is not here"):
        keeping.hand_out(mission, statement, tmp_path / "x", office="registrar", why="court")
    found = verified(mission)
    assert found.faults == ()
    assert [notice for notice in found.notices if statement in notice and codes[1] in notice]
    round_ = keeping.check_fixity(mission, every=keeping.timedelta(0))
    assert round_.unsound == ()
    assert "cannot be hashed" in round_.text()


def test_what_still_counts_is_not_closed_and_what_was_corrected_is(mission, keys, codes):
    """Words of rows in the clear: persons are named on the line, and the first reading is closed."""
    with Record.open(mission / "record", read_only=True) as record:
        (first,) = [e for e in record.entries(kind="batch") if INTERVIEWS in _files(e)]
        then = record.table("observations", as_of=first.known_at)
    mine = [
        first.payload["sources"][0]["sha256"],
        first.payload["tables"]["observations"]["exhibit"],
    ]
    for sha256 in mine:
        with pytest.raises(InputError, match="still rests on this exhibit"):
            seal(mission, sha256, codes)
    name_on_line(mission, codes)
    take_in(mission)
    for sha256 in mine:
        assert "is sealed for" in seal(mission, sha256, codes)
    with pytest.raises(InputError, match="no word of anybody"):
        seal(mission, first.payload["tables"]["observations"]["commitments"], codes)
    with Record.open(mission / "record", read_only=True) as record:
        assert record.table("observations", as_of=first.known_at).equals(then)
        now = record.table("observations")
        assert SAID not in now["text"].to_pylist()
        assert record.verify().faults == ()
    assert SAID.encode() not in on_disk(mission)
    forget(mission, keys, codes[0])
    with Record.open(mission / "record", read_only=True) as record:
        assert record.table("observations").equals(now)
        with pytest.raises(RecordError, match=f"the key of {codes[0]} is not here"):
            record.table("observations", as_of=first.known_at)
        found = record.verify()
        assert found.faults == ()
        assert len([n for n in found.notices if "cannot be read any more" in n]) == 2


def _files(entry):
    return {source["name"] for source in entry.payload["sources"]}


@pytest.mark.parametrize("point", ["sealing entered", "key written over", "key removed"])
def test_a_death_while_it_is_closed_is_told_and_gone_on_from(mission, codes, statement, point):
    def fault(name):
        if name == point:
            raise DeathError

    keyring = personal.Keyring(folder=mission / "record", fault=fault)
    with Record.open(mission / "record") as record:
        first = next(record.entries())
        with pytest.raises(DeathError):
            closing.close(
                record, keyring, statement, codes, by="registrar", why="w", now=first.known_at,
                entropy=os.urandom,
            )  # fmt: skip
        left = closing.left_open(record)
        size = record.head().size
    assert bool(left) == (point != "key removed")
    done = CliRunner().invoke(group, ["record", "verify", str(mission)], standalone_mode=False)
    assert ("still lies in the clear" in done.output) == bool(left)
    assert "was sealed for" in seal(mission, statement, codes)
    with Record.open(mission / "record", read_only=True) as record:
        assert closing.left_open(record) == ()
        assert record.head().size == size  # entered once
        assert record.exhibit_bytes(statement) == SAID.encode()
        assert record.verify().faults == ()


def test_who_seals_other_bytes_in_its_place_is_found_out(mission, codes, statement):
    """Somebody with the record's files enters a sealing of nonsense, and removes the exhibit."""
    keyring = personal.Keyring(folder=mission / "record")
    nonsense = sealing.wrapped_for(b"nothing", "n", {code: keyring.key(code) for code in codes})
    with Record.open(mission / "record") as record:
        first = next(record.entries())
        made = record.add_exhibit(
            nonsense, name="n", acquired_by="registrar", how=closing.HOW, at=first.known_at
        )
        row = [each for each in record.acquisitions() if each["sha256"] == made.sha256]
        record.append(
            "custody",
            {"act": "sealed", "exhibits": [statement], "how": closing.HOW, "to": "", "why": "w",
             "parent": statement, "acquired": row, "sealed_for": sorted(codes)},
            known_at=first.known_at, recorded_at=first.known_at, actor="registrar",
            entropy=os.urandom,
        )  # fmt: skip
        with pytest.raises(RecordError, match="nothing was removed"):
            closing.close(
                record, keyring, statement, codes, by="registrar", why="w", now=first.known_at,
                entropy=os.urandom,
            )  # fmt: skip
    path = mission / "record" / "exhibits" / statement[:2] / statement[2:]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == statement
    path.unlink()
    (fault,) = [each for each in verified(mission).faults if statement in each.what]
    assert "sealed in its place holds other bytes" in fault.what
    assert keeping.check_fixity(mission).unsound


def test_what_was_closed_goes_along_closed(mission, codes, statement, tmp_path):
    """A copy has no key, and no byte of it in the clear; a successor gets the keys, and reads it."""
    seal(mission, statement, codes)
    shutil.copytree(mission, tmp_path / "twin", ignore=shutil.ignore_patterns("raw", "out"))
    made = copying.copy(mission / "record", tmp_path / "copy" / "record", lambda _: None)
    assert made.verification.faults == ()
    assert [notice for notice in made.verification.notices if statement in notice]
    assert SAID.encode() not in (tmp_path / "copy" / "record" / "log.sqlite").read_bytes()
    path = tmp_path / "copy" / "record" / "exhibits" / statement[:2] / statement[2:]
    assert not path.exists()
    out, secret = tmp_path / "sealed.age", tmp_path / "successor.key"
    recipient = evacuating.successor(secret)
    evacuating.evacuate(mission, recipient, out, office="registrar")
    _, faults = evacuating.receive(out, secret, tmp_path / "new")
    assert faults == ()
    with Record.open(tmp_path / "new" / "record", read_only=True) as record:
        assert record.exhibit_bytes(statement) == SAID.encode()


def test_what_cannot_be_closed_is_said_and_nothing_is_entered(
    mission, keys, codes, statement, tmp_path
):
    seal(mission, statement, codes)
    with pytest.raises(InputError, match=r"was sealed by entry \d+ for"):
        seal(mission, statement, codes[:1])
    path = tmp_path / "other.txt"
    path.write_bytes(b"another")
    other = keeping.take_in(mission, path, office="registrar", how="scan").sha256
    mine = keeping.take_in(mission, path, office="registrar", how="scan", persons=codes[:1]).sha256
    before = verified(mission).head
    with pytest.raises(InputError, match="under the keys of"):
        seal(mission, mine, codes)
    forget(mission, keys, codes[0])
    before = verified(mission).head
    with pytest.raises(InputError, match=f"the key of {codes[0]} is not here"):
        seal(mission, other, codes)
    with pytest.raises(InputError, match="begins with"):
        seal(mission, "0" * 64, codes)
    with pytest.raises(InputError, match="for a reason"):
        persons.seal(mission, other, codes, office="registrar", why=" ")
    assert verified(mission).head == before


def test_in_a_bucket_nothing_is_closed(tmp_path, s3, monkeypatch, mission):
    for name, value in s3.environment.items():
        monkeypatch.setenv(name, value)
    target = tmp_path / "far" / "record"
    target.mkdir(parents=True)
    (target / "store.toml").write_text(s3.setting("closing"))
    copying.copy(mission / "record", target, lambda _: None)
    with Record.open(target) as record:
        keyring = personal.Keyring(folder=target)
        first = next(record.entries())
        with pytest.raises(InputError, match="kept in a bucket"):
            closing.close(
                record, keyring, record.parts[1].digests()[0], ["person-00000000"], by="r",
                why="w", now=first.known_at, entropy=os.urandom,
            )  # fmt: skip
