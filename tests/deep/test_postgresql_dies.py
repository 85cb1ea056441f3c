"""A record on a server survives whatever kills its writer or the server, and says what went wrong."""

import hashlib
import os
import subprocess
import sys

import pytest
from debian_packages import UnavailableError
from killing import SCENARIO, check_after, check_end, check_killed, scenario
from postgresql_server import server

from truceline.model.errors import RecordError
from truceline.record.store import Record

pytestmark = pytest.mark.deep
HALF = (
    "exhibit half written"  # of a file beside the log; killed at each of them in test_record_kills
)


@pytest.fixture(scope="module")
def durable():
    """A server that keeps what it acknowledges."""
    try:
        with server(durable=True) as running:
            yield running
    except UnavailableError as exc:
        pytest.skip(str(exc))


@pytest.fixture(scope="module")
def store(durable, tmp_path_factory):
    path = tmp_path_factory.mktemp("store") / "store.toml"
    path.write_text(durable.setting("NAME"))
    return path


@pytest.fixture(scope="module")
def clean(store, tmp_path_factory):
    (found,) = scenario("count", str(tmp_path_factory.mktemp("clean") / "record"), store=store)
    assert found["faults"] == []
    return found


@pytest.fixture
def record_folder(tmp_path, durable):
    folder = tmp_path / "record"
    folder.mkdir()
    name = f"deep_{hashlib.sha256(str(folder).encode()).hexdigest()[:16]}"
    (folder / "store.toml").write_text(durable.setting(name))
    return folder


def chains(folder):
    with Record.open(folder, read_only=True) as record:
        assert record.verify().faults == ()
        return [entry.chain_hash for entry in record.entries()]


def test_a_writer_killed_at_any_write_point_loses_nothing_acknowledged(clean, store, tmp_path):
    points = [at for at, name in enumerate(clean["points"]) if name != HALF]
    assert len(points) > 80
    results = scenario("kill", str(tmp_path), ",".join(map(str, points)), store=store)
    for at, found in zip(points, results, strict=True):
        check_killed(found, clean, f"write point {at}, {clean['points'][at]}")


def test_a_server_killed_at_any_write_point_of_the_log_loses_nothing_acknowledged(
    clean, store, durable, tmp_path
):
    points = [at for at, name in enumerate(clean["points"]) if not name.startswith("exhibit")]
    assert len(points) > 40
    results = scenario(
        "crash", str(tmp_path), ",".join(map(str, points)),
        str(durable.folder / "data" / "postmaster.pid"), *durable.start_command(), store=store,
    )  # fmt: skip
    for at, found in zip(points, results, strict=True):
        where = f"write point {at}, {clean['points'][at]}"
        check_after(found["acknowledged"], found["after"], where)
        assert found["completed"], where
        check_end(found["end"], clean, where)
        # After the last commit there is nothing left to ask of the server.
        assert found["errors"] or at == points[-1], where
        for error in found["errors"]:
            assert "See that the server runs" in error, where
            assert "run the same command again" in error, where


def test_a_page_torn_as_power_failed_comes_back_whole(durable, record_folder, make_entries):
    with Record.create(record_folder, mission_id="torn", now=make_entries.at) as record:
        make_entries.append(record, 300)
        with durable.connect() as base:
            base.execute("CHECKPOINT")
            name = record.parts[0]._schema
            tables = ("entries", "payloads", "salts")
            paths = [
                base.execute("SELECT pg_relation_filepath(%s)", (f"{name}.{table}",)).fetchone()[0]
                for table in tables
            ]
        before = [(durable.folder / "data" / path).stat().st_size for path in paths]
        make_entries.append(record, 5)
        durable.kill()
    for path, size in zip(paths, before, strict=True):
        with (durable.folder / "data" / path).open("r+b") as file:
            file.seek(size - 4096)  # the second half of the last page, which the five went on
            assert file.write(bytes(4096)) == 4096
    durable.start()
    assert len(chains(record_folder)) == 306


def test_a_byte_changed_in_the_servers_own_files_is_named(durable, record_folder, make_entries):
    with Record.create(record_folder, mission_id="changed", now=make_entries.at) as record:
        make_entries.append(record, 3)
        name = record.parts[0]._schema
    with durable.connect() as base:
        base.execute("CHECKPOINT")
        (path,) = base.execute("SELECT pg_relation_filepath(%s)", (f"{name}.payloads",)).fetchone()
    durable.stop()
    file = durable.folder / "data" / path
    content = file.read_bytes()
    assert content.count(b'"number":1') == 1
    file.write_bytes(content.replace(b'"number":1', b'"number":7'))
    durable.start()
    with Record.open(record_folder, read_only=True) as record:
        (fault,) = record.verify().faults
    assert (fault.where, fault.what) == (
        "entry 2",
        "field /payload/number or its salt is not what was committed to",
    )


def test_a_full_disk_of_the_server_stops_the_writer_and_loses_nothing(
    durable, record_folder, make_entries
):
    """Its database lies on a file system of forty megabytes."""
    disk = durable.folder / "small"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=40m", "none", str(disk)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody mount a small file system; run it as root")
    try:
        (disk / "space").mkdir()
        subprocess.run(["chown", "-R", "postgres:", str(disk)], check=True)
        with durable.connect() as base:
            base.execute(f"CREATE TABLESPACE small LOCATION '{disk / 'space'}'")
            base.execute("CREATE DATABASE small TABLESPACE small")
        text = (record_folder / "store.toml").read_text()
        (record_folder / "store.toml").write_text(text.replace('"missions"', '"small"'))
        with Record.create(record_folder, mission_id="full", now=make_entries.at) as record:
            make_entries.append(record, 10)
            filler = disk / "filler"
            free = os.statvfs(disk)
            filler.write_bytes(bytes(max(free.f_bavail * free.f_frsize - 300_000, 0)))
            acknowledged, refused = until_refused(record, make_entries)
            assert "could not be written" in refused
            assert "nothing that was acknowledged is lost" in refused
            assert "Make room on the server's disk" in refused
            assert record.head() == acknowledged
            assert record.verify().faults == ()
            filler.unlink()
            make_entries.append(record, 50)
        assert len(chains(record_folder)) == acknowledged.size + 50
        with durable.connect("postgres") as base:
            base.execute("DROP DATABASE small WITH (FORCE)")
            base.execute("DROP TABLESPACE small")
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)


def until_refused(record, make_entries):
    """The head as it was last acknowledged, and what the writer was told then."""
    for _ in range(4000):
        head = record.head()
        try:
            make_entries.append(record, 50)
        except RecordError as exc:
            return head, str(exc)
    pytest.fail("the disk never filled up")


def test_writers_that_run_at_once_take_turns_and_keep_one_chain(
    durable, record_folder, make_entries
):
    """Each process has a folder of its own, as on machines of its own, and asks again when refused."""
    with Record.create(record_folder, mission_id="turns", now=make_entries.at):
        pass
    program = (
        "import sys, pathlib; sys.path.insert(0, sys.argv[2]); import record_scenario as s\n"
        "for n in range(10):\n"
        "    with s.opened(pathlib.Path(sys.argv[1])) as r:\n"
        "        r.append('notice', {'n': n}, known_at=s.AT, recorded_at=s.AT, actor='a',"
        " entropy=s.entropy)\n"
    )
    running = []
    for number in range(3):
        folder = record_folder.parent / f"machine-{number}"
        (folder / "exhibits").mkdir(parents=True)
        (folder / "store.toml").write_text((record_folder / "store.toml").read_text())
        command = [sys.executable, "-c", program, str(folder), str(SCENARIO.parent)]
        running.append(subprocess.Popen(command, stderr=subprocess.PIPE, text=True))
    assert [process.communicate()[1] for process in running] == ["", "", ""]
    assert len(chains(record_folder)) == 31
