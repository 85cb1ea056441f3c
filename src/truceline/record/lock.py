"""One writer at a time: a lock on the record's folder that dies with its holder."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

from truceline.model.errors import RecordError

NAME = "writer.lock"
EVACUATED = "evacuated.json"  # left where a record was sealed to a successor, who writes on

Fault = Callable[[str], None]


def take(folder: Path, what: str = "record", *, is_evacuated: bool = False) -> int:
    """Become the writer of a record, or of what else is named; the handle that `release` takes.

    Raises
    ------
    RecordError
        There is no such folder, it cannot be written, or another program is its writer. Or it was
        evacuated, unless `is_evacuated` asks for just that.
    """
    if (folder / EVACUATED).exists() and not is_evacuated:
        msg = (
            f"{folder}: this {what} was sealed to a successor, who writes on; read {EVACUATED} beside "
            "it for where it went. Two that write on would be a fork"
        )
        raise RecordError(msg)
    if not folder.is_dir():
        msg = f"{folder}: there is no record here; `truceline ingest MISSION` begins one"
        raise RecordError(msg)
    try:
        handle = os.open(folder / NAME, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as exc:
        msg = f"{folder}: cannot be written: {exc.strerror}; open the {what} for reading only"
        raise RecordError(msg) from exc
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as exc:
        os.close(handle)
        msg = (
            f"{folder}: another program is writing to this {what}; let it finish and run the same "
            "command again. Reading is possible meanwhile"
        )
        raise RecordError(msg) from exc
    return handle


def release(handle: int) -> None:
    """Let another program write."""
    os.close(handle)
