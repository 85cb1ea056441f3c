"""Evacuating a record that is kept on a server: brought into the folder first, while nobody else writes.

MISSION/.leaving/   the record as a folder's own, until the keys are destroyed

Log and exhibits come as they stand, damaged ones too. The lock of the server's log is held until the
sealed file stands, so that no entry is written meanwhile that would be left behind.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from truceline.model.errors import RecordError
from truceline.record import copying, opening, setting
from truceline.record.evacuation import STAGED

Announce = Callable[[str], None]
Fault = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """Where the record lies that was brought; None where it always lay in the mission's folder.

    `check` raises where the server's log could have been written to meanwhile.
    """

    folder: Path | None = None
    check: Callable[[], None] = lambda: None


@contextmanager
def brought(folder: Path, announce: Announce, fault: Fault) -> Iterator[Brought]:
    """The record of a mission in a folder, wherever it is kept, and nobody else its writer.

    Parameters
    ----------
    folder
        The mission; this program holds its lock.
    announce
        Called with one line of text now and then.
    fault
        Called with the name of each point at which it may be cut off; tests die there.

    Raises
    ------
    RecordError
        The server or the bucket cannot be read, another program writes, or there is no room.
    """
    record = folder / "record"
    kept = setting.read(record)
    if kept.log is None and kept.exhibits is None:
        yield Brought()
        return
    log = opening.log(record, kept, read_only=False, fault=lambda _: None)
    try:
        size, chain, _ = log.last()

        def check() -> None:
            if log.last()[:2] != (size, chain):
                msg = f"{log.where}: was written to meanwhile; nothing is destroyed: run it again"
                raise RecordError(msg)

        fault("record to be brought")
        for note in copying.bring(record, folder / STAGED, announce):
            announce(note)
        check()
        fault("record brought")
        yield Brought(folder=folder / STAGED, check=check)
    finally:
        log.close()


def remove(folder: Path, fault: Fault) -> None:
    """Take away what was brought; it stands in the sealed file, and on its server."""
    if (folder / STAGED).exists():
        shutil.rmtree(folder / STAGED)
        fault("what was brought removed")


def left_behind(folder: Path) -> tuple[str, ...]:
    """What an evacuation cannot take away, for people: it stays on a server, and others can reach it."""
    kept = setting.read(folder / "record")
    said = []
    if kept.log is not None:
        schema = kept.log.schema
        said.append(
            f"the log stays on {opening.where(folder / 'record', kept)}, and other machines can still write "
            "to it, which would be a fork; let the keeper of the server run: REVOKE INSERT ON ALL TABLES IN "
            f"SCHEMA {schema} FROM {schema}_writer"
        )
    if kept.exhibits is not None:
        said.append(
            f"exhibits stay in the bucket {kept.exhibits.bucket} under {kept.exhibits.prefix or '/'}; "
            "whoever may delete there decides what becomes of them"
        )
    if said:
        said.append(
            "keys of this mission on other machines are not destroyed: evacuate is for this one"
        )
    return tuple(said)
