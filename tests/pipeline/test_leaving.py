"""A mission whose record is kept on a server leaves as one in a folder does, and nobody writes meanwhile."""

import hashlib
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from truceline.cli.main import group
from truceline.model.errors import RecordError
from truceline.pipeline import evacuating, leaving
from truceline.pipeline.run import take_in
from truceline.pipeline.witnessing import checkpoint, make_key
from truceline.record import evacuation, personal
from truceline.record.signing import Heads
from truceline.record.store import Record

PERSON = (
    "ka-p-1,Ivanna Testenko,person,2031-05-03T12:00:00Z,2031-05-02T10:00:00Z,"
    "2031-05-02T10:05:00Z,30.3,-39.975,500,artillery,impact,,,,,,,interview,,4,crater,Heard it.\n"
)
OFFICE = "head-of-mission"


class DeathError(Exception):
    pass


@pytest.fixture(params=["server", "server and bucket", "bucket"])
def mission(request, tmp_path, copy_mission, postgresql, s3, monkeypatch):
    """A mission whose folder holds neither log nor exhibits, or not both."""
    for name, value in s3.environment.items():
        monkeypatch.setenv(name, value)
    schema = "leave_" + hashlib.sha256(str(tmp_path).encode()).hexdigest()[:12]
    folder = copy_mission("known-answers", tmp_path / "m")
    with (folder / "raw" / "observations.csv").open("a", encoding="utf-8") as text:
        text.write(PERSON)
    said = {
        "server": postgresql.setting(schema),
        "server and bucket": postgresql.setting(schema) + s3.setting(schema),
        "bucket": s3.setting(schema),
    }[request.param]
    shutil.rmtree(folder / "record", ignore_errors=True)
    (folder / "record").mkdir()
    (folder / "record" / "store.toml").write_text(said)
    take_in(folder)
    make_key(folder)
    checkpoint(folder)
    return folder


@pytest.fixture
def key(tmp_path):
    path = tmp_path / "successor.key"
    return evacuating.successor(path), path


def names_here(mission):
    with Record.open(mission / "record", read_only=True) as record:
        return personal.names(record, personal.Keyring(folder=mission / "record"))


def in_the_clear(mission):
    """What was brought from the server and was not taken away again."""
    return (mission / evacuation.STAGED).exists()


def test_a_record_on_a_server_is_brought_sealed_and_opened_by_the_successor(mission, key, tmp_path):
    recipient, secret = key
    out, new = tmp_path / "sealed.age", tmp_path / "new"
    names = names_here(mission)
    assert names
    words = [
        "record",
        "evacuate",
        mission,
        "--to",
        recipient,
        "--out",
        out,
        "--as",
        OFFICE,
        "--yes",
    ]
    done = CliRunner().invoke(group, [str(word) for word in words], standalone_mode=False)
    assert done.exception is None, done.exception
    kept = (mission / "record" / "store.toml").read_text()
    assert ("REVOKE INSERT ON ALL TABLES IN SCHEMA" in done.stderr) == ("postgresql" in kept)
    assert ("exhibits stay in the bucket" in done.stderr) == ("s3" in kept)
    assert evacuation.keys(mission / "record") == []
    assert names_here(mission) == {}
    assert not in_the_clear(mission)
    unpacked, faults = evacuating.receive(out, secret, new)
    assert faults == ()
    assert not (new / "record" / "store.toml").exists()  # all of it is in the folder now
    assert (new / "record" / "log.sqlite").is_file()
    assert names_here(new) == names
    for name in ("mission.yaml", "raw/observations.csv"):
        assert (new / name).read_bytes() == (mission / name).read_bytes()
    heads = [Heads(folder=each / "record") for each in (mission, new)]
    assert heads[0].sizes() == heads[1].sizes()
    with (
        Record.open(mission / "record", read_only=True) as old,
        Record.open(new / "record") as record,
    ):
        assert unpacked.head == old.head()
        assert record.parts[1].digests() == old.parts[1].digests()
        whole = list(old.parts[0].whole())
        assert list(record.parts[0].whole())[: len(whole)] == whole
        assert record.table("observations").equals(old.table("observations"))
    with pytest.raises(RecordError, match="sealed to a successor"):
        Record.open(mission / "record")


def test_a_death_at_any_point_leaves_one_of_both_and_the_same_command_goes_on(
    mission, key, tmp_path
):
    """The last point first, each on what the one before it left: at the end all is done once."""
    recipient, secret = key
    out = tmp_path / "sealed.age"
    met = []
    while True:
        point = die_at_a_new_point(mission, recipient, out, met)
        if point is None:
            break
        met.append(point)
        if not names_here(mission) or not (mission / "record" / "keys" / "log.key").exists():
            early = tmp_path / f"early-{len(met)}"
            evacuating.receive(out, secret, early)
            assert names_here(early), point
            shutil.rmtree(early)
    assert {"record to be brought", "record brought", "sealed file read back", "key removed"} <= {
        *met
    }
    assert "what was brought removed" in met
    assert evacuation.keys(mission / "record") == []
    assert not in_the_clear(mission)
    evacuating.receive(out, secret, tmp_path / "late")
    assert names_here(tmp_path / "late")


def die_at_a_new_point(mission: Path, recipient: str, out: Path, met: list[str]) -> str | None:
    """The name of the first point that no run died at before; None where none is left."""
    found = []

    def fault(name):
        if name not in met:
            found.append(name)
            raise DeathError

    try:
        evacuating.evacuate(mission, recipient, out, office=OFFICE, fault=fault)
    except DeathError:
        return found[0]
    return None


@pytest.mark.parametrize("mission", ["server", "server and bucket"], indirect=True)
def test_nobody_writes_to_the_server_while_a_mission_leaves(mission, key, tmp_path):
    """Another machine, with a folder of its own and the same schema."""
    kept = (mission / "record" / "store.toml").read_text()
    other = tmp_path / "other" / "record"
    other.mkdir(parents=True)
    (other / "store.toml").write_text(kept)
    tried = []

    def fault(name):
        with pytest.raises(RecordError, match="another program is writing"):
            Record.open(other)
        tried.append(name)
        if name == "sealed file read back":
            raise DeathError

    out = tmp_path / "sealed.age"
    with pytest.raises(DeathError):
        evacuating.evacuate(mission, key[0], out, office=OFFICE, fault=fault)
    assert tried[:2] == ["record to be brought", "record brought"]
    with Record.open(other), pytest.raises(RecordError, match="another program is writing"):
        evacuating.evacuate(mission, key[0], out, office=OFFICE)
    assert names_here(mission)


def test_what_was_written_after_a_broken_run_goes_along_with_the_next(mission, key, tmp_path):
    def fault(name):
        if name == "record brought":
            raise DeathError

    out = tmp_path / "sealed.age"
    with pytest.raises(DeathError):
        evacuating.evacuate(mission, key[0], out, office=OFFICE, fault=fault)
    assert in_the_clear(mission)
    checkpoint(mission)
    with Record.open(mission / "record") as record:
        first = next(record.entries())
        record.append(
            "notice", {"late": True}, known_at=first.known_at, recorded_at=first.known_at,
            actor="duty", entropy=bytes,
        )  # fmt: skip
    evacuating.evacuate(mission, key[0], out, office=OFFICE)
    evacuating.receive(out, key[1], tmp_path / "new")
    with Record.open(tmp_path / "new" / "record", read_only=True) as record:
        assert [entry.payload for entry in record.entries(kind="notice")] == [{"late": True}]


def test_a_damaged_exhibit_on_the_server_does_not_keep_a_mission_from_leaving(
    mission, key, tmp_path, monkeypatch
):
    """What cannot be mended comes as it is; the successor is told what was wrong before."""
    with Record.open(mission / "record", read_only=True) as record:
        sha256 = record.parts[1].digests()[0]
        kind = type(record.parts[1])
    sound = kind.opened

    def damaged(self, digest):
        file = sound(self, digest)
        if digest != sha256 or str(tmp_path / "m" / evacuation.STAGED) in self.where(digest):
            return file
        path = tmp_path / "damaged"
        path.write_bytes(file.read() + b"!")
        file.close()
        return path.open("rb")

    notes, out = [], tmp_path / "sealed.age"
    with monkeypatch.context() as patch:
        patch.setattr(kind, "opened", damaged)
        evacuating.evacuate(mission, key[0], out, office=OFFICE, announce=notes.append)
    assert [note for note in notes if f"exhibit {sha256} is damaged, and came as" in note]
    _, faults = evacuating.receive(out, key[1], tmp_path / "new")
    assert [fault for fault in faults if f"exhibit {sha256} is missing" in fault]


def test_a_server_that_is_gone_destroys_nothing(tmp_path, copy_mission, key):
    folder = copy_mission("known-answers", tmp_path / "m")
    take_in(folder)
    make_key(folder)
    (folder / "record" / "store.toml").write_text(
        '[log]\nkept_in = "postgresql"\nhost = "127.0.0.1"\nport = 1\nschema = "gone"\n'
    )
    with pytest.raises(RecordError, match="could not be opened"):
        evacuating.evacuate(folder, key[0], tmp_path / "s.age", office=OFFICE)
    assert evacuation.keys(folder / "record")
    assert not (tmp_path / "s.age").exists()
    assert leaving.left_behind(folder)[0].startswith("the log stays on")
