"""A witness far away: at an address of the network, behind TLS, with somebody between, with strangers."""

import http.client
import ipaddress
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from truceline.pipeline import standing, witnessing
from truceline.record import keys
from truceline.record.note import Kind, Signer
from truceline.record.panel import listed
from truceline.record.signing import Heads
from truceline.record.store import Record
from truceline.record.witness import watch

AT = datetime(2025, 4, 19, 15, 0, tzinfo=UTC)
PROGRAM = [sys.executable, "-c", "from truceline.cli.main import main; main()"]
ELSEWHERE = "127.0.0.2"  # an address at which nobody listens who listens on 127.0.0.1


def truceline(*words, **environment):
    done = subprocess.run(
        [*PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=120,
        env={**os.environ, **environment},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def mission(tmp_path, copy_mission):
    folder = copy_mission("known-answers", tmp_path / "mission")
    shutil.rmtree(folder / "record", ignore_errors=True)
    Record.create(folder / "record", mission_id="known-answers", now=AT).close()
    witnessing.make_key(folder)
    witnessing.checkpoint(folder)
    return folder


@pytest.fixture
def ngo(tmp_path, mission):
    """A witness that watches the mission, and is listed by it."""
    folder = tmp_path / "ngo"
    vkey = standing.begin(folder, "ngo.example/witness").verifier().vkey
    watch(folder, [key.vkey for key in keys.public(mission / "record")])
    witnessing.list_witnesses(mission, {"ngo": vkey}, {})
    return folder


@contextmanager
def serving(folder: Path, *words: str):
    """A process of its own that answers; its address, and what it says first of that."""
    process = subprocess.Popen(
        [*PROGRAM, "record", "witness", str(folder), "--serve", "0", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        url = process.stdout.readline().strip()
        assert url.startswith("http://"), process.stderr.read()
        yield url, process.stderr.readline() if words else ""
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2])


def cosigners(mission: Path) -> list[str]:
    heads = Heads(folder=mission / "record")
    witnesses = [each.key for each in listed(mission / "record")]
    return [each.name for each in heads.opened(heads.sizes()[-1], witnesses).cosigners]


def test_a_witness_is_reached_from_elsewhere_only_where_it_was_told_to_listen(mission, ngo):
    with serving(ngo) as (url, _):
        assert url.startswith("http://127.0.0.1:")
        at = f"http://{ELSEWHERE}:{port_of(url)}"
        said = truceline("record", "checkpoint", mission, "--at", "ngo", at)
        assert f"witness ngo absent: no answer from {at}" in said
    with serving(ngo, "--host", "0.0.0.0") as (url, note):
        assert "others can reach this address" in note
        assert "nothing is encrypted" in note
        at = f"http://{ELSEWHERE}:{port_of(url)}"
        said = truceline("record", "checkpoint", mission, "--at", "ngo", at)
        assert "witness ngo cosigned: at 1" in said
    assert cosigners(mission) == ["ngo.example/witness"]


def test_a_witness_listens_on_the_newer_internet_too(mission, ngo):
    if not socket.has_ipv6 or not can_listen("::1"):
        pytest.skip("this machine has no IPv6")
    with serving(ngo, "--host", "::1") as (url, _):
        assert url.startswith("http://[::1]:")
        said = truceline("record", "checkpoint", mission, "--at", "ngo", url)
    assert "witness ngo cosigned: at 1" in said


def can_listen(host: str) -> bool:
    try:
        with socket.socket(socket.AF_INET6) as line:
            line.bind((host, 0))
    except OSError:
        return False
    return True


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--serve", "0", "--host", "203.0.113.9"), "nothing can listen there"),
        (("--serve", "0", "--host", "no such host"), "nothing can listen there"),
        (("--host", "0.0.0.0"), "say with --serve at which port"),
    ],
)
def test_an_address_that_cannot_be_had_is_said(ngo, words, says):
    done = subprocess.run(
        [*PROGRAM, "record", "witness", str(ngo), *words],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert says in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


@contextmanager
def between(port: int, change=lambda content: content, tls: ssl.SSLContext | None = None):
    """Somebody between the two: hands requests on to a port, and answers as it likes."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def one(line: socket.socket) -> None:
            with line, socket.create_connection(("127.0.0.1", port)) as on:
                got = b""
                while b"\r\n\r\n" not in got:
                    got += line.recv(65536)
                head, _, body = got.partition(b"\r\n\r\n")
                words = [
                    each for each in head.split(b"\r\n") if each.lower().startswith(b"content-l")
                ]
                size = int(words[0].split(b":")[1])
                while len(body) < size:
                    body += line.recv(65536)
                on.sendall(head + b"\r\n\r\n" + body)
                answer = b""
                while piece := on.recv(65536):
                    answer += piece
                line.sendall(change(answer))

        def work() -> None:
            while True:
                try:
                    line, _ = server.accept()
                    one(tls.wrap_socket(line, server_side=True) if tls else line)
                except ssl.SSLError:
                    continue  # whoever does not know our authority hangs up
                except OSError:
                    return

        threading.Thread(target=work, daemon=True).start()
        yield server.getsockname()[1]


def authority(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that signs itself: its file, and a server that shows it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "witness.example")])
    now = datetime.now(UTC)
    alone = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(alone, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    certificate, secret = folder / "certificate.pem", folder / "secret.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, secret)
    return certificate, context


def test_a_server_with_tls_before_it_is_asked_by_whoever_knows_its_authority(
    mission, ngo, tmp_path
):
    certificate, context = authority(tmp_path)
    with serving(ngo) as (url, _), between(port_of(url), tls=context) as port:
        at = f"https://127.0.0.1:{port}"
        said = truceline("record", "checkpoint", mission, "--at", "ngo", at)
        assert "witness ngo absent" in said  # its authority is nobody that this machine knows
        assert cosigners(mission) == []
        said = truceline("record", "checkpoint", mission, SSL_CERT_FILE=str(certificate))
    assert "witness ngo cosigned: at 1" in said
    assert cosigners(mission) == ["ngo.example/witness"]


def test_somebody_between_changes_nothing_that_is_taken_in(mission, ngo):
    """The signature of an answer, whose letters somebody changes, or a signature of their own."""
    strange = Signer(name="ngo.example/witness", kind=Kind.WITNESS, seed=b"s" * 32)

    def other_letter(answer: bytes) -> bytes:
        head, _, line = answer.rpartition(b" ")
        return head + b" " + line[:9] + (b"A" if line[9:10] != b"A" else b"B") + line[10:]

    def own_signature(answer: bytes) -> bytes:
        line = f"— {strange.name} {strange.sign('truceline').line.rpartition(' ')[2]}"
        return b"HTTP/1.0 200 OK\r\n\r\n" + line.encode()

    with serving(ngo) as (url, _):
        for change in (other_letter, own_signature):
            with between(port_of(url), change) as port:
                at = f"http://127.0.0.1:{port}"
                said = truceline("record", "checkpoint", mission, "--at", "ngo", at)
            assert "witness ngo cosigned" not in said
            assert "witness ngo refused" in said
            assert cosigners(mission) == []
        said = truceline("record", "checkpoint", mission, "--at", "ngo", url)
    assert cosigners(mission) == ["ngo.example/witness"]


def test_strangers_who_hold_every_connection_are_let_go(tmp_path, monkeypatch):
    """They send a byte now and then, so that none of them is ever silent for long."""
    monkeypatch.setattr(standing, "MOST_CONNECTIONS", 2)
    monkeypatch.setattr(standing, "LONGEST_S", 1.5)
    standing.begin(tmp_path, "ngo.example/witness")
    log = Signer(name="observers.example/log", kind=Kind.LOG, seed=b"l" * 32)
    watch(tmp_path, [log.verifier().vkey])
    over = threading.Event()

    def drip(line: socket.socket) -> None:
        while not over.wait(0.2):
            try:
                line.sendall(b"x")
            except OSError:
                return

    with standing.held(tmp_path) as witness, standing.WitnessServer(witness, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        held = [socket.create_connection((standing.HOST, server.server_port)) for _ in range(2)]
        for line in held:
            line.sendall(b"POST /add-checkpoint HTTP/1.0\r\nContent-Length: 999999\r\n\r\n")
            threading.Thread(target=drip, args=(line,), daemon=True).start()
        with pytest.raises(OSError):  # no room: hung up at once, and nobody waits
            asked(server.server_port)
        until = time.monotonic() + 60
        status = None
        while status is None and time.monotonic() < until:
            try:
                status = asked(server.server_port)
            except OSError:
                time.sleep(0.2)
        over.set()
        for line in held:
            line.close()
        server.shutdown()
    assert status == 400


def asked(port: int) -> int:
    line = http.client.HTTPConnection(standing.HOST, port, timeout=20)
    try:
        line.request("POST", "/add-checkpoint", b"nonsense")
        return line.getresponse().status
    finally:
        line.close()
