"""A mission is sealed whole to its successor, and keys go only when the sealed file stands."""

import os
import shutil

import pytest
from click.testing import CliRunner

from truceline.cli.main import group
from truceline.model.errors import InputError, IntegrityError, RecordError
from truceline.pipeline import evacuating, keeping
from truceline.pipeline.run import take_in
from truceline.pipeline.witnessing import make_key
from truceline.record import age, custody, evacuation, personal
from truceline.record.store import Record

PERSON = (
    "ka-p-1,Ivanna Testenko,person,2031-05-03T12:00:00Z,2031-05-02T10:00:00Z,"
    "2031-05-02T10:05:00Z,30.3,-39.975,500,artillery,impact,,,,,,,interview,,4,crater,Heard it.\n"
)


class DeathError(Exception):
    pass


def truceline(*words):
    return CliRunner().invoke(group, [str(word) for word in words], standalone_mode=False)


@pytest.fixture
def mission(tmp_path, copy_mission):
    folder = copy_mission("known-answers", tmp_path / "m")
    with (folder / "raw" / "observations.csv").open("a", encoding="utf-8") as text:
        text.write(PERSON)
    take_in(folder)
    make_key(folder)  # the key that signs the log
    return folder


@pytest.fixture
def key(tmp_path):
    path = tmp_path / "successor.key"
    return evacuating.successor(path), path


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("writer.lock", "log.sqlite-shm", "log.sqlite-wal")
    }


def names_here(mission):
    with Record.open(mission / "record", read_only=True) as record:
        return personal.names(record, personal.Keyring(folder=mission / "record"))


def test_the_successor_opens_all_of_it_and_the_field_has_no_key_left(mission, key, tmp_path):
    recipient, secret = key
    out, new = tmp_path / "stick" / "sealed.age", tmp_path / "new"
    out.parent.mkdir()
    assert names_here(mission)
    done = truceline(
        "record", "evacuate", mission, "--to", recipient, "--out", out, "--as", "head-of-mission",
        "--yes",
    )  # fmt: skip
    assert done.exception is None, done.exception
    assert evacuation.keys(mission / "record") == []
    assert names_here(mission) == {}
    before = files(mission)
    got = truceline("record", "receive", out, "--key", secret, "--to", new)
    assert got.exception is None, got.exception
    assert "as it was sealed" in got.output
    after = files(new)
    for name, content in before.items():
        if name not in ("record/evacuated.json", "record/log.sqlite"):
            assert after[name] == content, name
    assert after["record/keys/log.key"].startswith(b"PRIVATE+KEY+")
    assert names_here(new)
    with (
        Record.open(new / "record") as record,
        Record.open(mission / "record", read_only=True) as old,
    ):
        sealed = [entry.leaf_hash for entry in old.entries()]
        assert [entry.leaf_hash for entry in record.entries()][: len(sealed)] == sealed
        *_, transferred, received = record.entries(kind="custody")
        assert (transferred.payload["act"], transferred.payload["to"]) == (
            "transferred", recipient,
        )  # fmt: skip
        assert received.payload["act"] == "received"
        assert record.verify().faults == ()
        sha256 = next(iter(custody.known_exhibits(record)))
        assert [step.act for step in custody.chain(record, sha256)][-2:] == [
            "transferred", "received",
        ]  # fmt: skip
    take_in(new)  # the successor goes on, and signs with the key that came
    assert list((new / "record" / "checkpoints").iterdir())


def test_what_is_sealed_holds_no_byte_in_the_clear(mission, key, tmp_path):
    out = tmp_path / "sealed.age"
    evacuating.evacuate(mission, key[0], out, office="head-of-mission")
    content = out.read_bytes()
    for plain in (b"known-answers", b"patrol 1", b"SQLite format", b"evacuation.json"):
        assert plain not in content


def test_the_record_that_was_left_is_read_and_never_written_again(mission, key, tmp_path):
    evacuating.evacuate(mission, key[0], tmp_path / "sealed.age", office="head-of-mission")
    with Record.open(mission / "record", read_only=True) as record:
        assert record.verify().faults == ()
    with pytest.raises(RecordError, match="was sealed to a successor"):
        Record.open(mission / "record")
    with pytest.raises(RecordError, match="Two that write on would be a fork"):
        take_in(mission)


def test_everything_goes_when_asked(mission, key, tmp_path):
    out = tmp_path / "sealed.age"
    evacuating.evacuate(mission, key[0], out, office="head-of-mission", is_all=True)
    assert set(files(mission)) == {"record/evacuated.json"}
    made, faults = evacuating.receive(out, key[1], tmp_path / "new")
    assert (made.mission_id, faults) == ("known-answers", ())


def test_what_cannot_be_done_is_said_before_anything_is_touched(mission, key, tmp_path):
    recipient = key[0]
    taken = tmp_path / "taken"
    taken.write_bytes(b"x")
    before = files(mission)
    for to, out, says in (
        ("age1nonsense", tmp_path / "a", "is no public key"),
        (recipient, taken, "a file lies there already"),
        (recipient, mission / "sealed.age", "in the mission that is to be left"),
    ):
        with pytest.raises(InputError, match=says):
            evacuating.evacuate(mission, to, out, office="head-of-mission")
    assert files(mission) == before
    assert taken.read_bytes() == b"x"


def test_a_folder_that_is_not_there_is_told_and_nothing_is_destroyed(mission, key, tmp_path):
    out = tmp_path / "no-stick" / "mission.age"
    with pytest.raises(RecordError, match=r"nothing is destroyed: there is no folder .*no-stick"):
        evacuating.evacuate(mission, key[0], out, office="head-of-mission")
    assert any((mission / "record" / "keys").iterdir())


def test_a_file_that_does_not_read_back_as_it_was_written_destroys_nothing(mission, key, tmp_path):
    out = tmp_path / "sealed.age"

    def fault(name):
        if name == "sealed file synchronised":  # the medium lies
            part = tmp_path / "sealed.age.part"
            content = bytearray(part.read_bytes())
            content[len(content) // 2] ^= 1
            part.write_bytes(content)

    with pytest.raises(IntegrityError, match="block"):
        evacuating.evacuate(mission, key[0], out, office="head-of-mission", fault=fault)
    assert not out.exists()
    assert names_here(mission)
    assert len(evacuation.keys(mission / "record")) == 2
    evacuating.evacuate(mission, key[0], out, office="head-of-mission")
    assert evacuation.keys(mission / "record") == []


def test_a_death_at_any_point_leaves_one_of_both_and_the_same_command_goes_on(
    mission, key, tmp_path
):
    """In one process here; `tests/deep` kills real ones at the same points."""
    recipient, secret = key
    points = []
    clean = tmp_path / "clean"
    shutil.copytree(mission, clean)
    evacuating.evacuate(
        clean, recipient, tmp_path / "clean.age", office="head-of-mission", fault=points.append
    )
    assert points.count("key removed") == 2
    for name in dict.fromkeys(points):  # the first of each; all of them in the deep test
        at = points.index(name)
        folder, out = tmp_path / f"m-{at}", tmp_path / f"sealed-{at}.age"
        shutil.copytree(mission, folder)
        die_at(folder, recipient, out, at)
        intact = names_here(folder) and (folder / "record" / "keys" / "log.key").exists()
        if not intact:
            evacuating.receive(out, secret, tmp_path / f"early-{at}")
            assert names_here(tmp_path / f"early-{at}"), name
        evacuating.evacuate(folder, recipient, out, office="head-of-mission")
        assert evacuation.keys(folder / "record") == [], name
        evacuating.receive(out, secret, tmp_path / f"late-{at}")
        assert names_here(tmp_path / f"late-{at}"), name
        for each in (folder, tmp_path / f"late-{at}", tmp_path / f"early-{at}"):
            shutil.rmtree(each, ignore_errors=True)


def die_at(folder, recipient, out, at):
    passed = 0

    def fault(_):
        nonlocal passed
        if passed == at:
            raise DeathError
        passed += 1

    with pytest.raises(DeathError):
        evacuating.evacuate(folder, recipient, out, office="head-of-mission", fault=fault)


def test_a_sealed_file_that_was_lost_before_any_key_was_destroyed_is_made_again(
    mission, key, tmp_path
):
    points = []
    clean = tmp_path / "clean"
    shutil.copytree(mission, clean)
    evacuating.evacuate(
        clean, key[0], tmp_path / "clean.age", office="head-of-mission", fault=points.append
    )
    settled = points.index("sealed file settled")
    out = tmp_path / "sealed.age"
    die_at(mission, key[0], out, settled)
    out.unlink()
    evacuating.evacuate(mission, key[0], out, office="head-of-mission")
    evacuating.receive(out, key[1], tmp_path / "new")
    assert names_here(tmp_path / "new")


def test_a_sealed_file_that_was_lost_while_keys_go_stops_the_destruction(mission, key, tmp_path):
    points = []
    clean = tmp_path / "clean"
    shutil.copytree(mission, clean)
    evacuating.evacuate(
        clean, key[0], tmp_path / "clean.age", office="head-of-mission", fault=points.append
    )
    out = tmp_path / "sealed.age"
    die_at(mission, key[0], out, points.index("key gone"))
    kept = out.read_bytes()
    out.write_bytes(kept[:-1])
    left = evacuation.keys(mission / "record")
    assert len(left) == 1
    with pytest.raises(RecordError, match="not whole, and keys are being destroyed"):
        evacuating.evacuate(mission, key[0], out, office="head-of-mission")
    assert evacuation.keys(mission / "record") == left
    out.write_bytes(kept)
    evacuating.evacuate(mission, key[0], out, office="head-of-mission")
    assert evacuation.keys(mission / "record") == []


def test_another_successor_or_a_damaged_file_gets_nothing(mission, key, tmp_path):
    out, other = tmp_path / "sealed.age", tmp_path / "other.key"
    evacuating.successor(other)
    evacuating.evacuate(mission, key[0], out, office="head-of-mission")
    with pytest.raises(IntegrityError, match="sealed to another key"):
        evacuating.receive(out, other, tmp_path / "new")
    content = bytearray(out.read_bytes())
    content[-20] ^= 1
    bad = tmp_path / "bad.age"
    bad.write_bytes(content)
    with pytest.raises(IntegrityError, match=r"block \d+ .* was changed, moved or cut off"):
        evacuating.receive(bad, key[1], tmp_path / "new")
    bad.write_bytes(out.read_bytes()[: -age.BLOCK_BYTES])
    with pytest.raises(IntegrityError, match="cut off"):
        evacuating.receive(bad, key[1], tmp_path / "new")
    assert not list(tmp_path.glob("new*"))


@pytest.mark.parametrize(
    "name",
    [
        "../escape",
        "/etc/escape",
        "mission/../../escape",
        "mission//b",
        "mission/A.txt",
        "b",
        "mission/a\\b",
    ],
)
def test_a_sealed_archive_cannot_write_outside_its_folder_or_twice(key, tmp_path, name):
    """Anybody can seal something to a public key: what comes is not trusted."""
    import io
    import tarfile

    file = io.BytesIO()
    sealer = age.Sealer(file, key[0], os.urandom)
    with tarfile.open(mode="w|", fileobj=sealer) as archive:
        for each in ("mission/a.txt", name):
            archive.addfile(tarfile.TarInfo(each))
    sealer.finish()
    path = tmp_path / "trap.age"
    path.write_bytes(file.getvalue())
    with pytest.raises(IntegrityError, match="leads elsewhere or stands twice"):
        evacuating.receive(path, key[1], tmp_path / "in" / "new")
    assert not (tmp_path / "escape").exists()
    assert not list((tmp_path / "in").iterdir())


def test_a_link_in_a_sealed_archive_is_refused(key, tmp_path):
    import io
    import tarfile

    file = io.BytesIO()
    sealer = age.Sealer(file, key[0], os.urandom)
    with tarfile.open(mode="w|", fileobj=sealer) as archive:
        link = tarfile.TarInfo("record")
        link.type, link.linkname = tarfile.SYMTYPE, "/tmp"
        archive.addfile(link)
    sealer.finish()
    path = tmp_path / "trap.age"
    path.write_bytes(file.getvalue())
    with pytest.raises(IntegrityError, match="no plain file"):
        evacuating.receive(path, key[1], tmp_path / "new")


def test_a_damaged_exhibit_does_not_keep_a_mission_from_leaving(mission, key, tmp_path):
    with Record.open(mission / "record", read_only=True) as record:
        sha256 = next(iter(custody.known_exhibits(record)))
    path = mission / "record" / "exhibits" / sha256[:2] / sha256[2:]
    path.chmod(0o644)
    path.write_bytes(b"damaged")
    assert keeping.check_fixity(mission).unsound
    out = tmp_path / "sealed.age"
    evacuating.evacuate(mission, key[0], out, office="head-of-mission")
    _, faults = evacuating.receive(out, key[1], tmp_path / "new")
    assert [fault for fault in faults if sha256 in fault]
