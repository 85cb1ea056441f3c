"""Evacuating a mission: sealed whole to a named successor, read back, then keys destroyed.

At no point are both gone. Until the sealed file stands whole and was read back, nothing is destroyed;
the marker in the record's folder says that it does, and only with it a key is touched. A death at any
point is gone on from by the same command.
"""

import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from truceline.model.errors import InputError, IntegrityError, RecordError
from truceline.model.wording import counted
from truceline.pipeline import leaving
from truceline.pipeline import mission as missions
from truceline.pipeline.keeping import held
from truceline.pipeline.leaving import Brought
from truceline.pipeline.mission import Mission
from truceline.record import age, custody, evacuation, lock
from truceline.record.evacuation import Marker, Unpacked
from truceline.record.exhibits import digest_of, sync_folder
from truceline.record.personal import destroy_file
from truceline.record.store import Record
from truceline.record.whole import write_whole

Announce = Callable[[str], None]
Fault = Callable[[str], None]

SEALED, DESTROYING, DONE = "sealed", "destroying", "done"


def successor(out: Path) -> str:
    """Make a secret key for a successor; the public one, which goes to the mission.

    Raises
    ------
    InputError
        A file lies there already.
    """
    if out.exists():
        msg = f"{out}: a file lies there already; name another, no key is written over"
        raise InputError(msg)
    secret = secrets.token_bytes(age.SECRET_BYTES)
    recipient = age.recipient_of(secret)
    write_whole(
        out, f"# public key: {recipient}\n{age.identity(secret)}\n".encode(), mode=0o600, what="key"
    )
    return recipient


def evacuate(
    folder: Path,
    to: str,
    out: Path,
    *,
    office: str,
    is_all: bool = False,
    announce: Announce = lambda _: None,
    fault: Fault = lambda _: None,
) -> Marker:
    """Seal a mission to its successor, and then destroy the keys that are here.

    Parameters
    ----------
    folder
        The mission.
    to
        The successor's public key.
    out
        The sealed file; on a medium that leaves.
    office
        Who orders it.
    is_all
        Whether the rest of the mission is removed after the keys: log, exhibits, raw material, tables.
    announce
        Called with the name of each step as it begins.
    fault
        Called with the name of each point at which it may be cut off; tests die there.

    Raises
    ------
    InputError
        The key is none, or a file lies at `out` that is not this mission sealed.
    RecordError
        There is no room, or something cannot be read; nothing is destroyed.
    """
    record = folder / "record"
    age.public_key(to)
    marker = _standing(record, to, out)
    if marker is None:
        mission = missions.load(folder)
        _check_here(mission, out)
        _enter(mission, to, out, office)
    handle = lock.take(record, is_evacuated=True)
    try:
        if marker is None:
            with leaving.brought(folder, announce, fault) as found:
                marker = _seal(
                    mission, to, out, found, announce=announce, fault=fault, is_all=is_all
                )
        announce("destroying keys")
        if marker.state == SEALED:
            marker = replace(marker, state=DESTROYING)
            marker.write(record, fault)
        for key in evacuation.keys(record):
            destroy_file(record / key, fault)
        leaving.remove(folder, fault)
        if marker.is_all:
            announce("removing the rest")
            _remove_all(folder, fault)
        done = replace(marker, state=DONE)
        done.write(record, fault)
    finally:
        lock.release(handle)
    return done


def receive(
    file: Path, key_file: Path, target: Path, *, announce: Announce = lambda _: None
) -> tuple[Unpacked, tuple[str, ...]]:
    """Open what was sealed to us: a mission as it stood, checked before it stands under its name.

    Returns
    -------
    unpacked, faults
        What came out, and what `record verify` finds wrong in it, which was wrong before.

    Raises
    ------
    InputError
        No such file or key, or something lies at `target`.
    IntegrityError
        It was sealed to somebody else, or a block was changed or is missing; nothing is kept.
    """
    if target.exists():
        msg = f"{target}: something lies there already; name a new folder"
        raise InputError(msg)
    part = target.with_name(f"{target.name}.part")
    if part.exists():
        shutil.rmtree(part)  # half written when a program died; the sealed file is whole
    try:
        secret = age.secret_key(key_file.read_text(encoding="utf-8"))
        with file.open("rb") as sealed:
            announce("opening the sealed file")
            made = evacuation.unpack(age.Opener(sealed, secret=secret), part)
        announce("checking every hash")
        faults = _checked(part, made)
        evacuation.sync_tree(part)
    except OSError as exc:
        shutil.rmtree(part, ignore_errors=True)
        msg = f"{exc.filename or target}: {exc.strerror}; nothing was kept"
        raise InputError(msg) from exc
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    part.replace(target)
    sync_folder(target.parent)
    return made, faults


def _standing(record: Path, to: str, out: Path) -> Marker | None:
    """The marker of an evacuation that was cut off after sealing; None where all is to be done."""
    marker = Marker.read(record)
    if marker is None:
        return None
    if marker.to != to or Path(marker.file) != out.absolute():
        msg = (
            f"this mission was sealed to {marker.to} in {marker.file}; finish that with the same "
            "command, and let the successor seal it on to others"
        )
        raise InputError(msg)
    if marker.state == DONE:
        return marker
    part = _part(out)
    if not _is_whole(out, marker) and _is_whole(part, marker):
        part.replace(out)
        sync_folder(out.parent)
    if _is_whole(out, marker):
        return marker
    if marker.state == SEALED:  # nothing is destroyed yet: seal again
        out.unlink(missing_ok=True)
        (record / evacuation.MARKER).unlink()
        sync_folder(record)
        return None
    msg = (
        f"{out}: the sealed file is not here or not whole, and keys are being destroyed already; bring "
        f"it back (SHA-256 {marker.sha256}) and run the same command again"
    )
    raise RecordError(msg)


def _check_here(mission: Mission, out: Path) -> None:
    if out.exists():
        msg = f"{out}: a file lies there already; name another, nothing is written over"
        raise InputError(msg)
    if out.absolute().is_relative_to(mission.folder.absolute()):
        msg = f"{out}: lies in the mission that is to be left; name a place on a medium that leaves"
        raise InputError(msg)


def _enter(mission: Mission, to: str, out: Path, office: str) -> None:
    """The transfer, as an entry that is itself sealed; once, however often it is begun again."""
    with Record.open(mission.record_folder) as record:
        held(mission, record, office)
        newest = [*record.entries(kind=custody.KIND)][-1:]
        at_end = [each for each in newest if each.sequence == record.head().size - 1]
        if any(each.payload["to"] == to for each in at_end):
            return
        handling = custody.Handling(
            act=custody.Act.TRANSFERRED, exhibits=(), by=office, how="truceline record evacuate",
            to=to, why=f"evacuation, sealed as {out.name}",
        )  # fmt: skip
        custody.handled(record, handling, now=datetime.now(UTC), entropy=secrets.token_bytes)


def _seal(
    mission: Mission,
    to: str,
    out: Path,
    found: Brought,
    *,
    announce: Announce,
    fault: Fault,
    is_all: bool,
) -> Marker:
    with Record.open(mission.record_folder, read_only=True) as record:
        head = record.head()
    part = _part(out)
    try:
        part.unlink(missing_ok=True)
        announce("sealing")
        with part.open("xb") as file:
            sealer = age.Sealer(file, to, secrets.token_bytes)
            fault("sealed file begun")
            packed = evacuation.pack(mission.folder, mission.mission_id, head, sealer, found.folder)
            fault("sealed file written")
            sha256 = sealer.finish()
            file.flush()
            os.fsync(file.fileno())
        fault("sealed file synchronised")
        announce("reading back")
        with part.open("rb") as file:
            evacuation.read_back(file, sealer.file_key, packed)
        if digest_of(part) != (sha256, sealer.size_bytes):
            msg = f"{part}: does not read as it was written; nothing is destroyed: try another disk"
            raise IntegrityError(msg)
        found.check()
        fault("sealed file read back")
        marker = Marker(
            state=SEALED, file=str(out.absolute()), sha256=sha256, size_bytes=sealer.size_bytes,
            to=to, size=head.size, digest=head.digest, is_all=is_all,
            keys=tuple(key.as_posix() for key in evacuation.keys(mission.record_folder)),
        )  # fmt: skip
        marker.write(mission.record_folder, fault)
        part.replace(out)
        fault("sealed file renamed")
        sync_folder(out.parent)
        fault("sealed file settled")
    except OSError as exc:
        part.unlink(missing_ok=True)
        do = "make room there" if out.parent.is_dir() else f"there is no folder {out.parent}"
        msg = f"{out}: could not be written: {exc.strerror}; nothing is destroyed: {do}"
        raise RecordError(msg) from exc
    return marker


def _part(out: Path) -> Path:
    return out.with_name(f"{out.name}.part")


def _is_whole(path: Path, marker: Marker) -> bool:
    return path.is_file() and digest_of(path) == (marker.sha256, marker.size_bytes)


def _remove_all(folder: Path, fault: Fault) -> None:
    """Everything of the mission but the marker and the lock; keys are gone by now."""
    kept = {folder / "record", folder / "record" / lock.NAME, folder / "record" / evacuation.MARKER}
    for path in sorted(folder.rglob("*"), reverse=True):  # what is within before what holds it
        if path in kept:
            continue
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        else:
            path.unlink()
            fault("a file removed")


def _checked(part: Path, made: Unpacked) -> tuple[str, ...]:
    """Verify the log that came, and enter that it was received."""
    with Record.open(part / "record", read_only=True) as record:
        found = record.verify()
        if record.head() != made.head:
            msg = (
                f"the log that came ends at {record.head()}, and was sealed at {made.head}: it is not "
                "the one that was sealed"
            )
            raise IntegrityError(msg)
    with Record.open(part / "record") as record:
        handling = custody.Handling(
            act=custody.Act.RECEIVED, exhibits=(), by="truceline record receive",
            how="opened with the successor's key; every hash checked",
            why=f"{counted(len(found.faults), 'fault', 'faults')} found",
        )  # fmt: skip
        custody.handled(record, handling, now=datetime.now(UTC), entropy=secrets.token_bytes)
    return tuple(f"{fault.where}: {fault.what}" for fault in found.faults)
