"""Small files that stand whole under their name or not at all: keys, checkpoints, tiles, states."""

import os
from collections.abc import Callable
from pathlib import Path

from truceline.model.errors import InputError, RecordError
from truceline.record.exhibits import sync_folder

Fault = Callable[[str], None]
_NEW = ".new"


def write_whole(
    path: Path,
    content: bytes,
    *,
    mode: int = 0o644,
    what: str = "file",
    fault: Fault = lambda _: None,
    is_synchronised: bool = True,
) -> None:
    """Write a file beside its place and rename it; when this returns, it is on disk.

    Parameters
    ----------
    path, content, mode
        Where, what, and who may read it.
    what
        What it is called at the points at which the write may be cut off.
    fault
        Called with the name of each such point; tests die there.
    is_synchronised
        False for what can be made again: a power cut may still take it, though a kill does not.

    Raises
    ------
    RecordError
        There is no room, or the folder cannot be written; what stood there stands.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "state"
    >>> write_whole(place, b"one"); write_whole(place, b"two"); place.read_bytes()
    b'two'
    """
    new = path.with_name(f"{path.name}{_NEW}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new.unlink(missing_ok=True)
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(content[: len(content) // 2])
            file.flush()
            fault(f"{what} half written")
            file.write(content[len(content) // 2 :])
            file.flush()
            if is_synchronised:
                os.fsync(file.fileno())
        fault(f"{what} synchronised")
        new.replace(path)
        fault(f"{what} renamed")
        if is_synchronised:
            sync_folder(path.parent)
        fault(f"{what} settled")
    except OSError as exc:
        msg = (
            f"{path}: could not be written: {exc.strerror}; what stood there before still stands. "
            "Make room or give write permission there, and run the same command again"
        )
        raise RecordError(msg) from exc


def read_whole(path: Path) -> bytes | None:
    """The bytes of a file; None where there is none.

    Raises
    ------
    RecordError
        It is there and cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as exc:
        msg = f"{path}: cannot be read: {exc.strerror}; give read permission, and try again"
        raise RecordError(msg) from exc


def given(path: Path) -> bytes:
    """The bytes of a file that somebody named.

    Raises
    ------
    InputError
        There is no such file.
    RecordError
        It is there and cannot be read.
    """
    content = read_whole(path)
    if content is None:
        msg = f"{path}: there is no such file; check its name"
        raise InputError(msg)
    return content
