"""A witness at work: its folder held by one process, asked over loopback HTTP or by files.

It listens on this machine alone; who shall reach it from elsewhere needs a tunnel or a server of
their own before it, or files.
"""

import secrets
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from truceline.model.errors import RecordError
from truceline.pipeline.witnessing import REASON
from truceline.record import keys, lock
from truceline.record.note import Kind, Signer
from truceline.record.whole import given, write_whole
from truceline.record.witness import BAD, OK, SIZE_TYPE, UNKNOWN, Answer, Witness, watched

HOST = "127.0.0.1"
PATIENCE_S = 10  # a client that says nothing for so long is let go
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
    """One witness on this machine; port 0 takes a free one.

    Requests are read side by side, so that a slow one holds up no other, and answered one at a time.

    Raises
    ------
    RecordError
        The port cannot be had.
    """

    def __init__(self, witness: Witness, port: int) -> None:
        self.witness = witness
        self.turn = threading.Lock()
        try:
            super().__init__((HOST, port), _Handler)
        except OSError as exc:
            msg = (
                f"{HOST}:{port}: this port cannot be had: {exc.strerror}; name another with --serve"
            )
            raise RecordError(msg) from exc


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
