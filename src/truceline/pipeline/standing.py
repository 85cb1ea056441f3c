"""A witness at work: its folder held by one process, asked over HTTP or by files.

It listens on this machine alone unless it is told an address of the network. What it is asked is
signed by the log and what it answers by the witness, so whoever stands between the two can read,
repeat and hold back, and change nothing; that nobody reads along is the task of a server with TLS
before it. A stranger may take up connections: their number and their time are bounded.
"""

import secrets
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Any

from truceline.model.errors import RecordError
from truceline.pipeline.witnessing import REASON
from truceline.record import keys, lock
from truceline.record.note import Kind, Signer
from truceline.record.whole import given, write_whole
from truceline.record.witness import BAD, OK, SIZE_TYPE, UNKNOWN, Answer, Witness, watched

HOST = "127.0.0.1"
PATIENCE_S = 10  # a client that says nothing for so long is let go
LONGEST_S = 30.0  # and one that says a little now and then, after so long
MOST_CONNECTIONS = 64  # at once
MOST_BYTES = 1 << 20
_BROKEN = 500
_TEXT = "text/plain; charset=utf-8"
_ELSEWHERE = Answer(status=UNKNOWN, why="a witness answers POST /add-checkpoint alone")


def begin(folder: Path, name: str) -> Signer:
    """Make the folder and the key of a witness.

    Raises
    ------
    InputError
        The name cannot name a key.
    RecordError
        A key stands there already, or the folder cannot be written.
    """
    return keys.make(folder, name, Kind.WITNESS, secrets.token_bytes)


@contextmanager
def held(folder: Path) -> Iterator[Witness]:
    """The witness in a folder, held by this process alone.

    Raises
    ------
    RecordError
        There is none, it cannot be read, or another process holds it.
    """
    witness = looked_at(folder)
    handle = lock.take(folder, "witness")
    try:
        yield witness
    finally:
        lock.release(handle)


def looked_at(folder: Path) -> Witness:
    """The witness in a folder, for a look alone: another process may be serving it meanwhile.

    Raises
    ------
    RecordError
        There is none, or it cannot be read.
    """
    signer = keys.load(folder, Kind.WITNESS)
    if signer is None:
        msg = f"{folder}: there is no witness here; `truceline record witness {folder} --new-key NAME` makes one"
        raise RecordError(msg)
    return Witness(folder=folder, signer=signer, logs=watched(folder))


def answer_file(witness: Witness, request: Path, answer: Path) -> Answer:
    """Answer a request that came as a file, and write the answer as one.

    Raises
    ------
    InputError
        There is no such file.
    RecordError
        The state or the answer cannot be written.
    """
    made = witness.answer(given(request), int(time.time()))
    write_whole(answer, made.content(), what="answer")
    return made


class WitnessServer(ThreadingHTTPServer):
    """One witness at one address; port 0 takes a free one.

    Requests are read side by side, so that a slow one holds up no other, and answered one at a time.

    Parameters
    ----------
    witness
        Who answers.
    port, host
        Where it listens; `0.0.0.0` and `::` are every address of this machine.

    Raises
    ------
    RecordError
        The port or the address cannot be had.
    """

    def __init__(self, witness: Witness, port: int, host: str = HOST) -> None:
        self.witness = witness
        self.turn = threading.Lock()
        self._room = threading.BoundedSemaphore(MOST_CONNECTIONS)
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            self.address_family = found[0][0]
            super().__init__((str(found[0][4][0]), port), _Handler)
        except OSError as exc:
            msg = (
                f"{host}:{port}: nothing can listen there: {exc.strerror}; name another port with "
                "--serve, or an address of this machine with --host"
            )
            raise RecordError(msg) from exc

    @property
    def url(self) -> str:
        """The address that it listens at, as others write it."""
        host, port = str(self.server_address[0]), self.server_address[1]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def server_bind(self) -> None:
        """Listen, and ask no name server what this machine is called."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Read one connection on a thread of its own; one too many is closed."""
        if self._room.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """The work of that thread, for so long at most."""
        ending = threading.Timer(LONGEST_S, _cut, (request,))
        ending.daemon = True
        ending.start()
        try:
            super().process_request_thread(request, client_address)
        finally:
            ending.cancel()
            self._room.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is nothing to tell."""


def _cut(request: socket.socket) -> None:
    """End a connection under whoever reads from it or writes to it."""
    with suppress(OSError):
        request.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    """Requests of C2SP tlog-witness; each connection is closed after its answer."""

    timeout = PATIENCE_S
    server: WitnessServer

    def do_POST(self) -> None:
        """Cosign, or say why not."""
        length = self.headers.get("Content-Length", "")
        if self.path != "/add-checkpoint":
            self._say(_ELSEWHERE)
        elif not length.isdecimal() or int(length) > MOST_BYTES:
            self._say(Answer(status=BAD, why=f"a request has a length of at most {MOST_BYTES:,}"))
        else:
            self._say(self._answer(int(length)))

    def do_GET(self) -> None:
        """Say that nothing is read here."""
        self._say(_ELSEWHERE)

    def log_message(self, format: str, *values: object) -> None:  # noqa: A002  its name there
        """Print nothing of the caller."""

    def _answer(self, length: int) -> Answer:
        content = self.rfile.read(length)
        try:
            with self.server.turn:
                made = self.server.witness.answer(content, int(time.time()))
        except RecordError as exc:
            sys.stderr.write(f"{exc}\n")
            return Answer(
                status=_BROKEN, why="this witness cannot keep what it sees, and signs not"
            )
        if made.status != OK:
            sys.stderr.write(f"refused: {made.why}\n")
        return made

    def _say(self, answer: Answer) -> None:
        content = answer.body.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", _TEXT if answer.size is None else SIZE_TYPE)
        self.send_header("Content-Length", str(len(content)))
        self.send_header(REASON, " ".join(answer.why.encode("ascii", "replace").decode().split()))
        self.end_headers()
        self.wfile.write(content)
