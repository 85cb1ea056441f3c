"""The head of a log, signed: tiles grown, checkpoint written; and both read again.

checkpoints/1204   the signed note of the log at 1,204 entries, witnesses' signatures under it
tiles/             inner hashes of the tree (`tiles.py`)

A log never signs a checkpoint that does not follow from its last one: before it signs, the tree of
the last one is compared with its root, and made anew from the entries where it does not lead there.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import numpy as np

from truceline.model.errors import InputError, IntegrityError, RecordError
from truceline.record import keys
from truceline.record.checkpoint import Checkpoint, Opened, joined, opened, signed
from truceline.record.note import Signature, Signer, Verifier
from truceline.record.tiles import (
    EMPTY,
    WIDTH,
    Bytes,
    Edge,
    Tile,
    Tree,
    as_rows,
    chunked,
    edge_at,
    grown,
    open_tiles,
    path_of,
)
from truceline.record.whole import Fault, read_whole, write_whole
from truceline.tables.sha256 import DIGEST_BYTES

CHECKPOINTS, TILES, NEWEST = "checkpoints", "tiles", "checkpoint"

Leaves = Callable[[int], Iterator[bytes]]
"""From which entry on, to the leaf hash of each, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """Checkpoints and tiles in the folder of a record.

    Parameters
    ----------
    folder
        The record's.
    fault
        Called with the name of each point at which a write may be cut off; tests die there.
    """

    folder: Path
    fault: Fault = lambda _: None

    def sizes(self) -> list[int]:
        """Sizes at which there is a checkpoint, the smallest first."""
        names = (path.name for path in (self.folder / CHECKPOINTS).glob("*"))
        return sorted(int(name) for name in names if name.isdecimal())

    def note(self, size: int) -> bytes:
        """The signed note at a size.

        Raises
        ------
        RecordError
            There is none, or it cannot be read.
        """
        content = read_whole(self._note(size))
        if content is None:
            have = ", ".join(f"{each:,}" for each in self.sizes()[-5:]) or "none"
            msg = (
                f"{self._note(size)}: there is no checkpoint at {size:,} entries; the newest are at "
                f"{have}. `truceline record checkpoint MISSION` makes one of the record as it is"
            )
            raise RecordError(msg)
        return content

    def opened(self, size: int, witnesses: Sequence[Verifier] = ()) -> Opened:
        """The checkpoint at a size, its signatures checked against the folder's own public keys.

        Raises
        ------
        RecordError
            There is none.
        IntegrityError
            Its signature does not hold, or it is of another size than its name.
        """
        try:
            found = opened(self.note(size), keys.public(self.folder), witnesses)
        except (InputError, IntegrityError) as exc:
            msg = f"{self._note(size)}: {exc}"
            raise IntegrityError(msg) from exc
        if found.checkpoint.size != size:
            msg = f"{self._note(size)}: this checkpoint is of {found.checkpoint.size:,} entries; it was moved or swapped"
            raise IntegrityError(msg)
        return found

    def newest(self, witnesses: Sequence[Verifier] = ()) -> Opened | None:
        """The checkpoint of the largest size; None where there is none."""
        sizes = self.sizes()
        return self.opened(sizes[-1], witnesses) if sizes else None

    def most_cosigned(self, last: int, witnesses: Sequence[Verifier]) -> int | None:
        """Size of the newest checkpoint over entry `last` that most of these cosigned; None if none did."""
        best: tuple[int, int] | None = None
        for size in self.sizes():
            if size > last and witnesses:
                signed = len(self.opened(size, witnesses).cosigners)
                if signed and (best is None or signed >= best[0]):
                    best = signed, size
        return None if best is None else best[1]

    def tree(self, size: int) -> Tree:
        """The tree at the newest checkpoint, read from tiles."""
        return Tree(size, self.read)

    def sign(self, size: int, leaves: Leaves, signer: Signer) -> Opened:
        """Sign the log as it is; the newest checkpoint again where nothing was appended since.

        Parameters
        ----------
        size
            How many entries the log has.
        leaves
            Gives their leaf hashes.
        signer
            The log's key.

        Raises
        ------
        IntegrityError
            The entries are not those of the last checkpoint with others added: nothing is signed.
        RecordError
            It cannot be written.
        """
        last = self.newest()
        edge = EMPTY if last is None else self._edge(last.checkpoint, size, leaves)
        if last is not None and last.checkpoint.size == size and _by(last, signer):
            return last
        for chunk in chunked(leaves(edge.size)):
            edge, full = grown(edge, chunk)
            for tile in full:
                self._write(tile)
        made = Checkpoint(origin=signer.name, size=edge.size, root=root_of(edge))
        for tile in open_tiles(edge):
            self._write(tile)
        note = signed(made, signer)
        if last is not None and last.note.text == made.text():
            note = joined(self.note(size), opened(note, [signer.verifier()]).note.signatures)
        write_whole(self._note(made.size), note, what="checkpoint", fault=self.fault)
        write_whole(self._tiles / NEWEST, note, what="newest checkpoint", fault=self.fault)
        return opened(note, [signer.verifier()])

    def add_signatures(self, size: int, signatures: Sequence[Signature]) -> None:
        """Put witnesses' signatures under the checkpoint at a size."""
        note = joined(self.note(size), signatures)
        write_whole(self._note(size), note, what="cosigned checkpoint", fault=self.fault)
        if size == self.sizes()[-1]:
            write_whole(self._tiles / NEWEST, note, what="newest checkpoint", fault=self.fault)

    def read(self, level: int, index: int, width: int) -> Bytes:
        """The first hashes of a tile, from the tile itself or from one that is further grown.

        Raises
        ------
        RecordError
            It is missing or cut off.
        """
        whole = self._tiles / "tile" / str(level) / path_of(index)
        wider = (whole.with_name(f"{whole.name}.p") / str(each) for each in range(width, WIDTH))
        for path in chain((whole,), wider):
            content = read_whole(path)
            if content is not None and len(content) >= width * DIGEST_BYTES:
                return np.frombuffer(content, np.uint8).reshape(-1, DIGEST_BYTES)[:width]
        msg = (
            f"{whole}: tile {index} of level {level} is missing or cut off; `truceline record "
            "checkpoint MISSION` makes it anew from the entries"
        )
        raise RecordError(msg)

    def _edge(self, last: Checkpoint, size: int, leaves: Leaves) -> Edge:
        """The edge of the tree at the last checkpoint, from tiles, or else from the entries."""
        if last.size > size:
            msg = (
                f"{self.folder}: the log has {size:,} entries, and a checkpoint at {last.size:,} was "
                "signed: entries are gone, and nothing is signed. Bring the record back from a copy"
            )
            raise IntegrityError(msg)
        begin = last.size - last.size % WIDTH
        try:
            edge = edge_at(last.size, self.read)
            held = as_rows(list(islice(leaves(begin), last.size - begin)))
            if root_of(edge) == last.root and np.array_equal(held, _first(edge)):
                return edge
        except RecordError:
            pass  # tiles are a copy of what the entries say
        return self.rebuild(last, leaves)

    def rebuild(self, last: Checkpoint, leaves: Leaves) -> Edge:
        """Make every tile of a checkpoint's tree anew from the entries; its edge.

        Raises
        ------
        IntegrityError
            The entries are not those of the checkpoint: no tile is touched.
        RecordError
            They cannot be written.
        """
        edge, tiles = EMPTY, []
        for chunk in chunked(islice(leaves(0), last.size)):
            edge, full = grown(edge, chunk)
            tiles += full
        if root_of(edge) != last.root:
            msg = (
                f"{self.folder}: the first {last.size:,} entries are not those whose checkpoint was "
                f"signed (root {root_of(edge).hex()[:16]}, signed {last.root.hex()[:16]}): an entry "
                "was edited, dropped, moved or added, and nothing is signed. Keep this copy as "
                "evidence, and bring the record back from another"
            )
            raise IntegrityError(msg)
        for tile in [*tiles, *open_tiles(edge)]:
            self._write(tile)
        return edge

    def _write(self, tile: Tile) -> None:
        """Write a tile; a full one takes the place of those that led to it."""
        width = tile.hashes.shape[0]
        path = self._tiles / "tile" / str(tile.level) / path_of(tile.index, width)
        # Not synchronised: a tile that a power cut takes is made anew from the entries.
        write_whole(
            path, tile.hashes.tobytes(), what="tile", fault=self.fault, is_synchronised=False
        )
        if width == WIDTH:
            before = path.with_name(f"{path.name}.p")
            for each in before.glob("*"):
                each.unlink()
            if before.is_dir():
                before.rmdir()

    @property
    def _tiles(self) -> Path:
        return self.folder / TILES

    def _note(self, size: int) -> Path:
        return self.folder / CHECKPOINTS / str(size)


def root_of(edge: Edge) -> bytes:
    """Root of the tree whose edge this is."""
    return Tree(edge.size, lambda level, _, width: edge.levels[level][:width]).root()


def _first(edge: Edge) -> Bytes:
    return edge.levels[0] if edge.levels else np.zeros((0, DIGEST_BYTES), np.uint8)


def _by(last: Opened, signer: Signer) -> bool:
    key = signer.verifier()
    return any((each.name, each.key_id) == (key.name, key.key_id) for each in last.note.signatures)
