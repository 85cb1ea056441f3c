"""RFC 3161 stamps of a real authority: `openssl ts` behind a server on this machine."""

import os
import shutil
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from click.testing import CliRunner
from debian_packages import install

from truceline.cli.main import group
from truceline.model.errors import SettingsError, SourceError
from truceline.pipeline import stamping
from truceline.pipeline.run import take_in
from truceline.record import stamps
from truceline.record.store import Record

CONFIG = """
[ tsa ]
dir = {folder}
serial = $dir/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[ extensions ]
extendedKeyUsage = critical,timeStamping
"""


class Authority:
    """A certificate authority, and a time-stamping authority under it."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        (folder / "config").write_text(CONFIG.format(folder=folder))
        (folder / "serial").write_text("01\n")
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        self.openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "30",
                     "-subj", "/CN=Test root")  # fmt: skip
        self.openssl("req", *key, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Test TSA")
        self.openssl("x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                     "-set_serial", "2", "-days", "20", "-extfile", "config",
                     "-extensions", "extensions", "-out", "tsa.pem")  # fmt: skip

    def openssl(self, *words):
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True)

    def answer(self, query):
        (self.folder / "query").write_bytes(query)
        self.openssl("ts", "-reply", "-config", "config", "-section", "tsa", "-queryfile", "query",
                     "-signer", "tsa.pem", "-inkey", "tsa.key", "-out", "reply")  # fmt: skip
        return (self.folder / "reply").read_bytes()

    @property
    def root(self):
        return self.folder / "ca.pem"


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    if shutil.which("openssl") is None:
        install("openssl")
    return Authority(tmp_path_factory.mktemp("tsa") / "authority")


@pytest.fixture(scope="module")
def impostor(authority, tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("tsa") / "impostor")


class Served:
    """An address of this machine that answers as `answer` does."""

    def __init__(self, answer):
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                assert self.headers["Content-Type"] == stamps.MEDIA_TYPE
                content = answer(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/"
        self.thread = threading.Thread(target=self.server.serve_forever)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def mission(tmp_path, copy_mission, authority):
    folder = copy_mission("known-answers", tmp_path / "m")
    take_in(folder)
    shutil.copy(authority.root, folder / "root.pem")
    return folder


def named(mission, address):
    spec = mission / "mission.yaml"
    text = spec.read_text(encoding="utf-8").split("keeping:")[0]
    keeping = f"keeping: {{stamp_authority: '{address}', stamp_roots: [root.pem]}}\n"
    spec.write_text(f"{text.rstrip()}\n{keeping}", encoding="utf-8")


def stamped(mission, answer):
    with Served(answer) as served:
        named(mission, served.address)
        return stamping.stamp(mission)


def append(mission, recorded_at, kind="notice"):
    with Record.open(mission / "record") as record:
        return record.append(
            kind, {"to": "EAST"}, known_at=recorded_at, recorded_at=recorded_at,
            actor="duty officer", entropy=os.urandom,
        )  # fmt: skip


def test_a_stamp_is_checked_without_the_authority(mission, authority):
    made = stamped(mission, authority.answer)
    assert abs(made.at - datetime.now(UTC)) < timedelta(minutes=1)
    append(mission, datetime.now(UTC))  # what comes later leaves the stamp as it is
    (found,) = stamping.check(mission)  # no server is up any more
    assert (found.fault, found.notices, found.at) == ("", (), made.at)
    done = CliRunner().invoke(group, ["record", "stamp", str(mission), "--check"])
    assert "entries existed at" in done.output
    with Record.open(mission / "record", read_only=True) as record:
        assert record.verify().faults == ()
        assert found.size == found.entry  # all that stood before it


def test_the_answer_of_an_authority_is_vouched_for_by_its_entry(mission, authority):
    stamped(mission, authority.answer)
    with Record.open(mission / "record", read_only=True) as record:
        found = record.verify()
    assert (found.faults, found.notices) == ((), ())


def test_a_stamp_is_over_the_latest_checkpoint_and_cosignatures_leave_it_whole(mission, authority):
    import numpy as np

    from truceline.record import checkpoint, note
    from truceline.record.merkle import root

    with Record.open(mission / "record", read_only=True) as record:
        leaves = [bytes.fromhex(entry.leaf_hash) for entry in record.entries()]
    top = root(np.frombuffer(b"".join(leaves), np.uint8).reshape(-1, 32))
    signer = note.Signer(name="log.example", kind=note.Kind.LOG, seed=bytes(32))
    made = checkpoint.Checkpoint(origin="log.example", size=len(leaves), root=top)
    path = mission / "record" / "checkpoints" / str(len(leaves))
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(checkpoint.signed(made, signer))
    stamped(mission, authority.answer)
    with Record.open(mission / "record", read_only=True) as record:
        (entry,) = record.entries(kind="stamp")
    assert entry.payload["statement"] == made.text()
    witness = note.Signer(name="ngo.example", kind=note.Kind.WITNESS, seed=b"w" * 32)
    opened = checkpoint.opened(path.read_bytes(), [signer.verifier()])
    path.write_bytes(
        checkpoint.joined(path.read_bytes(), [checkpoint.cosigned(opened, witness, 1_800_000_000)])
    )
    (found,) = stamping.check(mission)
    assert found.fault == ""


def test_an_absent_authority_never_stops_the_log(mission, authority):
    with Served(authority.answer) as served:
        address = served.address
    named(mission, address)  # and now nobody answers there
    with Record.open(mission / "record", read_only=True) as record:
        before = record.head()
    with pytest.raises(SourceError, match="the log goes on without"):
        stamping.stamp(mission)
    done = CliRunner().invoke(group, ["record", "stamp", str(mission)])
    assert done.exit_code != 0
    assert append(mission, datetime.now(UTC)).sequence == before.size
    stamped(mission, authority.answer)
    assert [each.fault for each in stamping.check(mission)] == [""]


def test_an_answer_by_another_authority_or_over_something_else_is_not_entered(
    mission, authority, impostor
):
    other = authority.answer(stamps.request("something else").as_bytes())
    for answer in (impostor.answer, lambda _: other, lambda _: b"<html>busy</html>"):
        with pytest.raises(SourceError, match="of no use"):
            stamped(mission, answer)
    assert stamping.check(mission) == ()


def test_a_log_rewritten_after_the_stamp_is_noticed_by_the_stamp_alone(
    mission, authority, tmp_path, copy_mission
):
    """Every hash is computed anew over a back-dated history; only the outside stamp tells."""
    stamped(mission, authority.answer)
    with Record.open(mission / "record", read_only=True) as record:
        (entry,) = record.entries(kind="stamp")
        response = record.exhibit_bytes(entry.payload["response"])
    forged = copy_mission("known-answers", tmp_path / "forged")
    shutil.copy(authority.root, forged / "root.pem")
    take_in(forged)
    said = entry.payload
    with Record.open(forged / "record") as record:
        assert record.head().size == said["size"]
        stamp = stamps.opened(response, said["statement"], [authority.root.read_bytes()])
        stamps.enter(
            record, said["statement"], response, stamp, authority=said["authority"],
            now=datetime.now(UTC), entropy=os.urandom,
        )  # fmt: skip
        assert record.verify().faults == ()
    named(forged, said["authority"])
    (found,) = stamping.check(forged)
    assert "are not those that were stamped" in found.fault
    done = CliRunner().invoke(group, ["record", "stamp", str(forged), "--check"])
    assert done.exit_code == 3


def test_a_clock_that_went_back_is_told_by_the_stamps_and_stops_nothing(mission, authority):
    now = datetime.now(UTC)
    ahead = append(mission, now + timedelta(days=400))
    stamped(mission, authority.answer)  # entered by a clock that stands before that entry's
    behind = append(mission, now - timedelta(days=3))
    stamped(mission, authority.answer)
    first, second = stamping.check(mission)
    assert (first.fault, second.fault) == ("", "")
    assert (
        f"first entry {ahead.sequence}, were written by a clock that was ahead" in first.notices[0]
    )
    assert (
        f"first entry {behind.sequence}, were written by a clock that had gone back"
        in (first.notices[1])
    )
    with Record.open(mission / "record", read_only=True) as record:
        assert record.verify().faults == ()
        flagged = [entry.sequence for entry in record.entries() if entry.clock_went_back]
    assert flagged == [first.entry, behind.sequence]


def test_without_an_authority_in_the_mission_file_it_says_what_to_write(mission):
    with pytest.raises(SettingsError, match="no authority is named"):
        stamping.stamp(mission)
