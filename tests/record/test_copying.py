"""A record moves between stores and is proven the same; what differs is named."""

import hashlib
import json
import subprocess
import sys

import pytest

from truceline.model.errors import IntegrityError, RecordError
from truceline.record.copying import copy, differences_of
from truceline.record.store import Record


def quiet(_: str) -> None:
    return None


@pytest.fixture
def placed(tmp_path, postgresql, s3, monkeypatch):
    """A folder for a record by the name of its store."""
    for name, value in s3.environment.items():
        monkeypatch.setenv(name, value)
    name = "copy_" + hashlib.sha256(str(tmp_path).encode()).hexdigest()[:12]

    def place(store: str):
        folder = tmp_path / store.replace(" ", "-") / "record"
        folder.mkdir(parents=True)
        said = {
            "folder": "",
            "server": postgresql.setting(name),
            "server and bucket": postgresql.setting(f"{name}_b") + s3.setting(name),
            "bucket": s3.setting(f"{name}_c"),
        }[store]
        if said:
            (folder / "store.toml").write_text(said)
        return folder

    return place


def test_a_record_goes_from_store_to_store_and_comes_home_the_same(filled, placed):
    (filled / "checkpoints").mkdir()
    (filled / "checkpoints" / "6").write_text("a signed note")
    (filled / "keys").mkdir()
    (filled / "keys" / "log.key").write_text("never copied")
    with Record.open(filled, read_only=True) as record:
        wanted = (record.head(), list(record.entries()), record.acquisitions())
        rows = record.table("observations")
    before = filled
    for store in ("server", "bucket", "server and bucket", "folder"):
        after = placed(store)
        done = copy(before, after, quiet)
        assert (done.entries, done.exhibits, done.acquisitions) == (6, 8, 2)
        assert done.verification.is_sound
        assert done.has_keys_left == (before == filled)
        with Record.open(after, read_only=True) as record:
            assert (record.head(), list(record.entries()), record.acquisitions()) == wanted
            assert record.table("observations").equals(rows)
        assert (after / "checkpoints" / "6").read_text() == "a signed note"
        assert not (after / "keys").exists()
        before = after
    with Record.open(filled, read_only=True) as one, Record.open(before, read_only=True) as other:
        assert list(differences_of(one, other)) == []


def test_a_copy_that_was_cut_off_goes_on_and_one_that_lags_catches_up(filled, make, tmp_path):
    points: list[str] = []
    copy(filled, tmp_path / "counted", quiet, points.append)
    assert len(points) > 30

    class CutOffError(Exception):
        pass

    for at in range(len(points)):
        passed = iter(range(at))

        def fault(name, passed=passed):
            if next(passed, None) is None:
                raise CutOffError(name)

        target = tmp_path / f"copy-{at}"
        with pytest.raises(CutOffError):
            copy(filled, target, quiet, fault)
        assert copy(filled, target, quiet).verification.is_sound
    assert copy(filled, target, quiet).entries == 6
    with Record.open(filled) as record:
        make.add_batch(record, b"third", make.observations([make.at]))
    assert copy(filled, target, quiet).entries == 7


def test_another_record_is_never_written_over(filled, make, tmp_path):
    other = tmp_path / "other"
    with Record.create(other, mission_id="elsewhere", now=make.at):
        pass
    with pytest.raises(RecordError, match="holds another record"):
        copy(filled, other, quiet)
    longer = tmp_path / "longer"
    copy(filled, longer, quiet)
    with Record.open(longer) as record:
        record.append("notice", {}, known_at=make.at, recorded_at=make.at, actor="a", entropy=bytes)
    with pytest.raises(RecordError, match="holds another record"):
        copy(filled, longer, quiet)


def test_a_damaged_exhibit_is_not_copied(filled, tmp_path):
    digest = hashlib.sha256(b"first").hexdigest()
    path = filled / "exhibits" / digest[:2] / digest[2:]
    path.chmod(0o644)
    path.write_bytes(b"forged")
    with pytest.raises(IntegrityError, match="not to its name"):
        copy(filled, tmp_path / "copy", quiet)


def test_what_differs_in_a_copy_is_named(filled, tmp_path):
    import sqlite3

    target = tmp_path / "copy"
    copy(filled, target, quiet)
    base = sqlite3.connect(target / "log.sqlite", isolation_level=None)
    base.execute("DROP TRIGGER salts_refuse_update")
    base.execute("UPDATE salts SET salt = x'00' WHERE sequence = 2 AND field = '/actor'")
    base.close()
    with pytest.raises(IntegrityError, match="entry 2: its salts differ"):
        copy(filled, target, quiet)


def test_the_command_says_what_is_the_same(filled, tmp_path):
    target = tmp_path / "elsewhere"
    command = [sys.executable, "-m", "truceline.cli.main", "record", "copy"]
    done = subprocess.run(
        [*command, str(filled.parent), str(target)], capture_output=True, text=True, check=True
    )
    assert "7 entries, 8 exhibits and 2 acquisitions are the same" in done.stdout
    assert "every hash matches" in done.stdout
    again = subprocess.run(
        [*command, str(filled.parent), str(target), "--json"], capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert json.loads(again.stdout)["head"]["size"] == 7
