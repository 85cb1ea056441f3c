"""The log as a folder of static files, which tools of others read: tiles, entries, checkpoint.

checkpoint                   the newest signed note
tile/0/000, tile/1/000, ...  hashes (`tiles.py`)
tile/entries/000             what 256 leaves are over, each behind its length in two bytes
tile/long-entries/000        the same where one of them is longer than two bytes can say: four bytes

An entry's leaf is over commitments, kind and times; nothing that was said stands in these files.

References
----------
C2SP tlog-tiles v1.0.0 (c2sp.org); it leaves entries beyond 65,535 bytes to a place of one's own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from truceline.model.errors import RecordError
from truceline.record.log import Log
from truceline.record.signing import NEWEST, TILES, Heads
from truceline.record.tiles import WIDTH, path_of
from truceline.record.whole import read_whole, write_whole

SHORT, LONG = "entries", "long-entries"
_SHORT_BYTES, _LONG_BYTES = 2, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What was written: of how many entries, how many bundles, and which of them hold long ones."""

    size: int
    bundles: int
    long_bundles: tuple[int, ...]


def write_layout(log: Log, heads: Heads, target: Path) -> Layout:
    """Write the log as it was last signed; what stands there already and cannot change is left.

    Raises
    ------
    RecordError
        Nothing was signed yet, or a file cannot be read or written.
    """
    newest = heads.newest()
    if newest is None:
        msg = f"{heads.folder}: nothing was signed yet; `truceline record checkpoint MISSION --new-key` begins"
        raise RecordError(msg)
    size = newest.checkpoint.size
    for path in _tiles(heads, size):
        _copy(heads.folder / TILES / path, target / path)
    done = _whole_bundles(target)
    leaves = (stored.leaf_input for stored in log.stored(from_sequence=done * WIDTH))
    long_bundles, index = [], done
    for bundle in bundles(islice(leaves, size - done * WIDTH)):
        is_long = max(map(len, bundle)) >= 1 << (8 * _SHORT_BYTES)
        length_bytes = _LONG_BYTES if is_long else _SHORT_BYTES
        content = b"".join(len(each).to_bytes(length_bytes) + each for each in bundle)
        where = target / "tile" / (LONG if is_long else SHORT) / path_of(index, len(bundle))
        write_whole(where, content, what="bundle", is_synchronised=False)
        long_bundles += [index] if is_long else []
        index += 1
    write_whole(target / NEWEST, heads.note(size), what="newest checkpoint")
    return Layout(size=size, bundles=index, long_bundles=tuple(long_bundles))


def bundles(leaves: Iterator[bytes]) -> Iterator[list[bytes]]:
    """What leaves are over, 256 at a time."""
    while bundle := list(islice(leaves, WIDTH)):
        yield bundle


def _tiles(heads: Heads, size: int) -> Iterator[str]:
    """Every tile of a tree of that size, by its path."""
    level = 0
    while count := size >> (8 * level):
        for index in range(count // WIDTH):
            yield f"tile/{level}/{path_of(index)}"
        if count % WIDTH:
            yield f"tile/{level}/{path_of(count // WIDTH, count % WIDTH)}"
        level += 1


def _copy(source: Path, target: Path) -> None:
    if target.is_file():
        return  # a tile never changes; one that is still open lies under its width
    content = read_whole(source)
    if content is None:
        msg = f"{source}: this tile is missing; `truceline record tiles MISSION --again` makes it anew"
        raise RecordError(msg)
    write_whole(target, content, what="tile", is_synchronised=False)


def _whole_bundles(target: Path) -> int:
    """How many full bundles stand there from the first on."""
    count = 0
    while any((target / "tile" / kind / path_of(count)).is_file() for kind in (SHORT, LONG)):
        count += 1
    return count
