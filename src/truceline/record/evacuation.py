"""A mission as one sealed file: packed, read back, and unpacked by the successor alone.

Inside the seal lies a tar archive: `evacuation.json` first (which log, at which head), then every
file under `mission/`, and `manifest.json` last (path, size and SHA-256 of each).
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO, cast

from truceline.model.errors import IntegrityError, RecordError
from truceline.record import lock
from truceline.record.age import Opener, Sealer
from truceline.record.entry import Head, canonical
from truceline.record.exhibits import sync_folder
from truceline.record.whole import read_whole, write_whole

FIRST, LAST, WITHIN = "evacuation.json", "manifest.json", "mission"
MARKER = lock.EVACUATED
READ_BYTES = 1 << 20
STAGED = ".leaving"  # where a record is brought to from a server, before it is sealed
LEFT_OUT = ("out", "release", STAGED)  # computed, public already, or put where it belongs
_PASSING = (lock.NAME, "log.sqlite-shm", MARKER)  # of the folder `record`: not part of it
_UNFINISHED = (".part", ".new")
_MOST_JSON_BYTES = 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """What stands in the field once the sealed file is whole: from then on keys may be destroyed."""

    state: str  # sealed: nothing is destroyed yet; destroying; done
    file: str
    sha256: str
    size_bytes: int
    to: str
    size: int  # entries of the log
    digest: str  # of its head
    keys: tuple[str, ...]
    is_all: bool = False  # whether everything else goes with the keys

    def write(self, folder: Path, fault: lock.Fault) -> None:
        """Put it into the folder of the record."""
        said = {name: getattr(self, name) for name in self.__slots__}
        content = canonical({**said, "keys": list(self.keys)})
        write_whole(folder / MARKER, content, what="marker", fault=fault)

    @classmethod
    def read(cls, folder: Path) -> "Marker | None":
        """The one that stands there; None before."""
        content = read_whole(folder / MARKER)
        if content is None:
            return None
        said = json.loads(content)
        return cls(**{**said, "keys": tuple(said["keys"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """What came out of a sealed file."""

    mission_id: str
    head: Head
    files: int
    size_bytes: int


def members(mission: Path, staged: Path | None = None) -> dict[PurePosixPath, Path]:
    """Every file of a mission that goes along, by its path within it, in order.

    What is computed or was released stays; what a dying writer left half written is nothing.

    Parameters
    ----------
    mission
        Its folder.
    staged
        Where the record lies that was brought from a server; of the mission's own folder `record` then
        only keys go along. None where the record is there.
    """
    found = {}
    for path in sorted(mission.rglob("*")):
        inner = PurePosixPath(path.relative_to(mission).as_posix())
        if path.is_symlink() or not path.is_file() or inner.parts[0] in LEFT_OUT:
            continue
        if staged is None or inner.parts[0] != "record" or inner.parts[:2] == ("record", "keys"):
            found[inner] = path
    if staged is not None:
        brought = [path for path in staged.rglob("*") if path.is_file()]
        found |= {PurePosixPath("record", path.relative_to(staged)): path for path in brought}
    return {inner: found[inner] for inner in sorted(found) if not _is_passing(inner)}


def _is_passing(inner: PurePosixPath) -> bool:
    is_unfinished = inner.name in _PASSING or inner.suffix in _UNFINISHED
    return inner.parts[0] == "record" and is_unfinished


def keys(record: Path) -> list[Path]:
    """Every private key in the folder of a record, relative to it."""
    folder = record / "keys"
    return sorted(path.relative_to(record) for path in folder.rglob("*") if path.is_file())


def pack(
    mission: Path, mission_id: str, head: Head, sealer: Sealer, staged: Path | None = None
) -> dict[str, list[Any]]:
    """Write everything into a sealer; path to size and SHA-256 of each file as it was read.

    Parameters
    ----------
    mission
        Its folder; nobody may write to its record meanwhile.
    mission_id, head
        Which log, and where it ends.
    sealer
        Where it goes; it is not finished here.
    staged
        Where the record lies that was brought from a server; None where it lies in the mission.

    Raises
    ------
    RecordError
        A file cannot be read, or changed while it was read.
    """
    said = {"form": 1, "mission_id": mission_id, "size": head.size, "digest": head.digest}
    packed: dict[str, list[Any]] = {}
    with tarfile.open(
        mode="w|", fileobj=cast("IO[bytes]", sealer), format=tarfile.PAX_FORMAT
    ) as archive:
        _put(archive, FIRST, canonical(said))
        for inner, path in members(mission, staged).items():
            name = f"{WITHIN}/{inner}"
            try:
                with path.open("rb") as file:
                    source = _Hashed(file)
                    size_bytes = path.stat().st_size
                    archive.addfile(_info(name, size_bytes), cast("IO[bytes]", source))
                    if file.read(1):
                        msg = f"{path}: grew while it was sealed; let its writer finish, try again"
                        raise RecordError(msg)
            except OSError as exc:
                msg = f"{path}: cannot be read: {exc.strerror or exc}; nothing is destroyed"
                raise RecordError(msg) from exc
            packed[name] = [source.size_bytes, source.hash.hexdigest()]
        _put(archive, LAST, canonical(packed))
    return packed


def read_back(file: BinaryIO, file_key: bytes, packed: Mapping[str, list[Any]]) -> None:
    """Open a sealed file again and compare every byte with what was read from the mission.

    Raises
    ------
    IntegrityError
        It is not what was sealed.
    """
    found = {}
    for name, content in _members(Opener(file, file_key=file_key)):
        total, size = hashlib.sha256(), 0
        while piece := content.read(READ_BYTES):
            total.update(piece)
            size += len(piece)
        found[name] = [size, total.hexdigest()]
    missing = [name for name, said in packed.items() if found.get(name) != said]
    if missing or found.keys() - packed.keys() != {FIRST, LAST}:
        name = missing[0] if missing else "a file that nobody put there"
        msg = (
            f"the sealed file, read back, differs at {name}; nothing is destroyed: try another disk"
        )
        raise IntegrityError(msg)


def unpack(opener: Opener, target: Path) -> Unpacked:
    """Write what was sealed into a new folder, and compare it with its manifest.

    Parameters
    ----------
    opener
        Of the sealed file.
    target
        A folder that does not exist yet; whatever is in it at an error is not to be used.

    Raises
    ------
    IntegrityError
        A block does not open, a path leads out of the folder, or a file is not as the manifest says.
    """
    found: dict[str, list[Any]] = {}
    notes: dict[str, Any] = {}
    target.mkdir(parents=True)
    for name, content in _members(opener):
        if name in (FIRST, LAST):
            notes[name] = json.loads(content.read(_MOST_JSON_BYTES))
            continue
        found[name] = _write(target / _safe(name, found), content)
    first, manifest = notes.get(FIRST), notes.get(LAST)
    if first is None or manifest != found:
        said = manifest or {}
        wrong = [name for name in sorted({*said, *found}) if said.get(name) != found.get(name)]
        msg = f"what was sealed differs from its manifest at {', '.join(wrong[:3]) or 'its end'}"
        raise IntegrityError(msg)
    return Unpacked(
        mission_id=first["mission_id"],
        head=Head(size=first["size"], digest=first["digest"]),
        files=len(found),
        size_bytes=sum(size for size, _ in found.values()),
    )


class _Hashed:
    """Counts and hashes what is read through it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.hash = hashlib.sha256()
        self.size_bytes = 0

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(size)
        self.hash.update(content)
        self.size_bytes += len(content)
        return content


def _info(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600  # nothing of the day or of the people of the machine
    return info


def _put(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    archive.addfile(_info(name, len(content)), io.BytesIO(content))


def _members(opener: Opener) -> Iterator[tuple[str, IO[bytes]]]:
    try:
        with tarfile.open(mode="r|", fileobj=cast("IO[bytes]", opener)) as archive:
            for info in archive:
                content = archive.extractfile(info) if info.isfile() else None
                if content is None:
                    msg = f"{info.name!r} in the sealed file is no plain file; it is not unpacked"
                    raise IntegrityError(msg)
                yield info.name, content
            while opener.read(READ_BYTES):  # to the last block, whose mark says that all came
                pass
    except tarfile.TarError as exc:
        msg = f"what was sealed is no archive of a mission: {exc}"
        raise IntegrityError(msg) from exc


def _safe(name: str, taken: Iterable[str]) -> PurePosixPath:
    """A path that stays within the folder, and that no other file has, in whatever case."""
    path = PurePosixPath(name)
    is_plain = name == path.as_posix() and path.parts[0] == WITHIN and ".." not in path.parts
    if not is_plain or "\\" in name or "\0" in name or name.lower() in {t.lower() for t in taken}:
        msg = f"{name!r} in the sealed file leads elsewhere or stands twice; nothing is kept of it"
        raise IntegrityError(msg)
    return path.relative_to(WITHIN)


def _write(path: Path, content: IO[bytes]) -> list[Any]:
    path.parent.mkdir(parents=True, exist_ok=True)
    source = _Hashed(content)
    with path.open("xb") as file:
        while piece := source.read(READ_BYTES):
            file.write(piece)
    folders = path.parts
    if "keys" in folders and "record" in folders:
        path.chmod(0o600)
        path.parent.chmod(0o700)
    elif "exhibits" in folders and "record" in folders:
        path.chmod(0o444)
    return [source.size_bytes, source.hash.hexdigest()]


def sync_tree(folder: Path) -> None:
    """Bring every file and every name under a folder to the disk."""
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir():
            sync_folder(path)
        else:
            handle = os.open(path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
