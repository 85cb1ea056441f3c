"""A real PostgreSQL server with PostGIS: own data folder, on loopback, without the rights of root.

    with server() as running:
        running.setting("easter")      what a mission writes into record/store.toml
        running.connect()              as the superuser, for tests that tamper

Debian's packages are installed where they are missing. Where they cannot be had, `server` raises
`UnavailableError`, which names them.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from debian_packages import UnavailableError, install

PACKAGES = ("postgresql-15", "postgresql-15-postgis-3")
BIN = Path("/usr/lib/postgresql/15/bin")
POSTGIS = Path("/usr/share/postgresql/15/extension/postgis.control")
KEEPER = "keeper"  # a superuser of this server alone


def _unprivileged(command: list[str | Path]) -> list[str]:
    words = [str(word) for word in command]
    return ["runuser", "-u", "postgres", "--", *words] if os.geteuid() == 0 else words


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


@dataclass(frozen=True, kw_only=True)
class Server:
    folder: Path
    port: int
    dbname: str = "missions"

    def start(self, *, durable: bool = True) -> None:
        """Start it; without durability only where a test asks nothing of it but speed."""
        self._bury()
        options = (
            f"-p {self.port} -c unix_socket_directories= -c listen_addresses=127.0.0.1 "
            "-c shared_buffers=32MB -c recovery_init_sync_method=syncfs"
        )
        if not durable:
            options += " -c fsync=off -c full_page_writes=off"
        command = [
            "pg_ctl",
            "-D",
            self.folder / "data",
            "-w",
            "-l",
            self.folder / "log",
            "-o",
            options,
        ]
        self.run(*command, "start")

    def start_command(self) -> list[str]:
        """What starts it, durable, from another process."""
        return [sys.executable, __file__, str(self.folder), str(self.port)]

    def _bury(self) -> None:
        """Wait for a server that was killed to be gone, and take away the file that names it."""
        pid_file = self.folder / "data" / "postmaster.pid"
        if not pid_file.exists():
            return
        first = pid_file.read_text().split()[0]
        for _ in range(200):
            try:
                state = Path(f"/proc/{first}/stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                break
            if state == "Z":  # dead, and whoever should ask after it does not
                break
            time.sleep(0.05)
        pid_file.unlink(missing_ok=True)

    def stop(self, mode: str = "fast") -> None:
        self.run("pg_ctl", "-D", self.folder / "data", "-m", mode, "stop")

    def kill(self) -> None:
        """SIGKILL for every process of the server, as when its machine loses power."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True
        )
        for process in (pid, *map(int, listed.stdout.split())):
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def run(self, program: str, *words: str | Path) -> None:
        done = subprocess.run(
            _unprivileged([BIN / program, *words]), cwd=self.folder, capture_output=True, text=True,
            stdin=subprocess.DEVNULL, check=False,
        ) if program != "pg_ctl" else self._controlled(words)  # fmt: skip
        if done.returncode:
            msg = f"{program}: {done.stderr or done.stdout} {self.log()}"
            raise UnavailableError(msg)

    def _controlled(self, words: tuple[str | Path, ...]) -> subprocess.CompletedProcess[str]:
        # The server keeps what it inherits open: pipes of this process would never end.
        said = self.folder / "said"
        with said.open("w") as out:
            done = subprocess.run(
                _unprivileged([BIN / "pg_ctl", *words]), cwd=self.folder, stdout=out, stderr=out,
                stdin=subprocess.DEVNULL, check=False,
            )  # fmt: skip
        return subprocess.CompletedProcess(done.args, done.returncode, said.read_text(), "")

    def log(self) -> str:
        path = self.folder / "log"
        return path.read_text(errors="replace")[-2000:] if path.exists() else ""

    def connect(self, dbname: str = "") -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=KEEPER, dbname=dbname or self.dbname,
            autocommit=True,
        )  # fmt: skip

    def setting(self, schema: str, *, user: str = KEEPER) -> str:
        """What a mission writes into `record/store.toml`."""
        return (
            f'[log]\nkept_in = "postgresql"\nhost = "127.0.0.1"\nport = {self.port}\n'
            f'dbname = "{self.dbname}"\nuser = "{user}"\nschema = "{schema}"\n'
        )


@contextmanager
def server(*, durable: bool = False) -> Iterator[Server]:
    """A server with a database `missions`, gone at the end."""
    if not (BIN / "postgres").exists() or not POSTGIS.exists():
        install(*PACKAGES)
    folder = Path(tempfile.mkdtemp(prefix="truceline-pg-"))
    made = Server(folder=folder, port=free_port())
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        made.run(
            "initdb", "-D", folder / "data", "-U", KEEPER, "-A", "trust", "--no-sync",
            "--locale=C.UTF-8", "-E", "UTF8",
        )  # fmt: skip
        made.start(durable=durable)
        with made.connect("postgres") as base:
            base.execute("CREATE DATABASE missions")
        with made.connect() as base:
            base.execute("CREATE EXTENSION postgis")
        yield made
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            made.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    Server(folder=Path(sys.argv[1]), port=int(sys.argv[2])).start()
