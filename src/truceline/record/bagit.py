"""A bag (RFC 8493) in the one form that the verifier of bundles takes: files, manifests, blocks.

manifest-sha256.txt      SHA-256 and path of every file under data/
tagmanifest-sha256.txt   the same of the files beside data/, the manifests among them
blocks-sha256.txt        SHA-256, number and path of every 64 KiB block of every file: where two
                         digests differ, it tells which block does, and which of two lists is wrong
"""

import hashlib
import os
import shutil
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Self

from truceline.model.errors import InputError, RecordError
from truceline.record.verifier.verify_bundle import (
    BLOCK,
    BLOCKS,
    MANIFEST,
    PLAIN,
    TAGS,
    zip_directory,
    zip_header,
)

VERIFIER = "verify_bundle.py"
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MOST_ZIP_BYTES = 0xFFFF_FFFF  # beyond it a zip needs another form (ZIP64), which is not read
MOST_ZIP_FILES = 0xFFFF
_PIECE_BYTES = 16 * BLOCK


class Bag:
    """A bag that is being written: beside its place, and put there whole; use it in a `with` statement.

    Parameters
    ----------
    folder
        Where it shall stand; nothing may stand there yet.

    Raises
    ------
    InputError
        Something stands there.

    Examples
    --------
    >>> import tempfile
    >>> with Bag(Path(tempfile.mkdtemp()) / "bag") as bag:
    ...     digest = bag.add("data/words.txt", b"nobody fired")
    ...     bag.finish({"Bag-Software-Agent": "truceline"}, b"print('it verifies')")
    >>> sorted(path.name for path in bag.folder.iterdir())[:3]
    ['bag-info.txt', 'bagit.txt', 'blocks-sha256.txt']
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sizes: dict[str, int] = {}
        self._digests: dict[str, str] = {}
        self._blocks: dict[str, list[str]] = {}
        self._part = folder.with_name(f"{folder.name}.part")
        if folder.exists():
            msg = f"{folder}: something stands here already; name another folder, or move it away"
            raise InputError(msg)
        with _explained(folder):
            shutil.rmtree(self._part, ignore_errors=True)  # what a bundle that was cut off left
            (self._part / "data").mkdir(parents=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Remove what was not finished."""
        shutil.rmtree(self._part, ignore_errors=True)

    def add(self, path: str, content: bytes | BinaryIO) -> str:
        """Write one file; its SHA-256.

        Raises
        ------
        InputError
            Its path is not plain, or is taken.
        RecordError
            There is no room.
        """
        if not PLAIN.fullmatch(path) or path in self._digests:
            msg = f"{path!r} cannot name a file of a bundle, or names one already"
            raise InputError(msg)
        source = BytesIO(content) if isinstance(content, bytes) else content
        whole, blocks, size = hashlib.sha256(), [], 0
        target = self._part / path
        with _explained(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                while piece := source.read(_PIECE_BYTES):
                    whole.update(piece)
                    blocks += [
                        hashlib.sha256(piece[at : at + BLOCK]).hexdigest()
                        for at in range(0, len(piece), BLOCK)
                    ]
                    size += file.write(piece)
        self.sizes[path], self._blocks[path] = size, blocks
        self._digests[path] = whole.hexdigest()
        return self._digests[path]

    def contents(self, without: tuple[str, ...]) -> str:
        """SHA-256 over the lines of the manifest, but those whose path begins so."""
        kept = (path for path in self._digests if not path.startswith(without))
        return hashlib.sha256(self._lines(kept)).hexdigest()

    def finish(self, info: Mapping[str, str], verifier: bytes) -> None:
        """Write what stands beside the payload, and put the bag in its place.

        Parameters
        ----------
        info
            Lines of bag-info.txt; how many bytes and files there are is added.
        verifier
            The program that checks it.

        Raises
        ------
        RecordError
            There is no room.
        """
        payload = sorted(self._digests)
        oxum = f"{sum(self.sizes[path] for path in payload)}.{len(payload)}"
        told = {**info, "Payload-Oxum": oxum}
        self.add("bag-info.txt", "".join(f"{k}: {v}\n" for k, v in told.items()).encode())
        self.add("bagit.txt", DECLARATION)
        self.add(VERIFIER, verifier)
        self.add(MANIFEST, self._lines(payload))
        lines = [
            f"{digest} {number} {path}\n"
            for path in sorted(self._blocks)
            for number, digest in enumerate(self._blocks[path])
        ]
        self.add(BLOCKS, "".join(lines).encode())
        self.add(TAGS, self._lines(set(self._digests) - set(payload)))
        with _explained(self.folder):
            self._part.replace(self.folder)

    def _lines(self, paths: Iterable[str]) -> bytes:
        return "".join(f"{self._digests[path]}  {path}\n" for path in sorted(paths)).encode()


def pack(folder: Path, target: Path) -> None:
    """Pack a bag as a zip: stored, in the order of paths, of no date; the same bag, the same bytes.

    Raises
    ------
    InputError
        It is too large for a plain zip.
    RecordError
        It cannot be written.
    """
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    total = sum(path.stat().st_size + 256 + 2 * len(str(path)) for path in paths)
    if total > MOST_ZIP_BYTES or len(paths) > MOST_ZIP_FILES:
        msg = (
            f"{folder}: {len(paths):,} files of {total:,} bytes do not go into one plain zip (65,535 "
            "files, 4 GiB); hand over the folder, or pack it with tar"
        )
        raise InputError(msg)
    names = sorted(path.relative_to(folder).as_posix() for path in paths)
    part = target.with_name(f"{target.name}.part")
    with _explained(target):
        with part.open("wb") as file:
            listed = []
            for name in names:
                crc, size = _crc(folder / name)
                listed.append((name, crc, size, file.tell()))
                file.write(zip_header(name, crc, size))
                with (folder / name).open("rb") as source:
                    shutil.copyfileobj(source, file, _PIECE_BYTES)
            file.write(zip_directory(listed, file.tell()))
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)


def _crc(path: Path) -> tuple[int, int]:
    crc = size = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            crc, size = zlib.crc32(piece, crc), size + len(piece)
    return crc, size


@contextmanager
def _explained(where: Path) -> Iterator[None]:
    """Turn the system's errors on writing into ones that say what to do."""
    try:
        yield
    except OSError as exc:
        msg = (
            f"{where}: the bundle could not be written: {exc.strerror or exc}; make room there or "
            "name another folder with --out, and run the same command again"
        )
        raise RecordError(msg) from exc
