"""Debian packages that tests need, installed where they are missing."""

import fcntl
import subprocess
import tempfile
from pathlib import Path

WAIT_S = 300  # for whoever else installs on this machine


class UnavailableError(Exception):
    """What a test needs is not here, and cannot be had."""


def install(*packages: str) -> None:
    """Install Debian packages; two test processes at once wait for one another."""
    with (Path(tempfile.gettempdir()) / "truceline-apt.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        missing = [
            name
            for name in packages
            if subprocess.run(["dpkg", "-s", name], capture_output=True, check=False).returncode
        ]
        if not missing:
            return
        apt = ["apt-get", "-o", f"DPkg::Lock::Timeout={WAIT_S}"]
        commands = (
            [*apt, "update"],
            [*apt, "install", "-y", "--no-install-recommends", *missing],
        )
        for command in commands:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                msg = f"needs the Debian packages {' '.join(missing)}: {done.stderr[-300:]}"
                raise UnavailableError(msg)
