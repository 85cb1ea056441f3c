"""Inner hashes of a tree, kept so that no proof needs all leaves again: tiles of height eight.

tile/0/x001/x234/067         256 leaf hashes each
tile/1/...                   the roots of full tiles below, 256 each, and so on upwards
tile/0/x001/x234/068.p/112   the tile that is still open, as it was at a size of the tree
tile/entries/...             what the leaves are over, in bundles (`bundles.py`)
checkpoint                   the signed note that says which size these are of

Everything here follows from the entries: it can be thrown away and made again.

References
----------
C2SP tlog-tiles v1.0.0 (c2sp.org).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from truceline.record import merkle
from truceline.tables.sha256 import DIGEST_BYTES, sha256_rows

Bytes = npt.NDArray[np.uint8]
Read = Callable[[int, int, int], Bytes]
"""Level, index and width of a tile to its first `width` hashes, `(width, 32)`."""

HEIGHT = 8
WIDTH = 1 << HEIGHT
CACHED = 64  # tiles kept while proofs are made: 512 KiB


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """Consecutive hashes of one level, `(1 to 256, 32)`; open where they are fewer than 256."""

    level: int
    index: int
    hashes: Bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """The open tile of each level at a size of the tree: all that growing it needs.

    Parameters
    ----------
    size
        How many leaves.
    levels
        For each level, leaves first, `(0 to 255, 32)` hashes.
    """

    size: int
    levels: tuple[Bytes, ...]


EMPTY = Edge(size=0, levels=())


def grown(edge: Edge, leaves: Bytes) -> tuple[Edge, list[Tile]]:
    """The edge after further leaves, and every tile that they filled.

    Parameters
    ----------
    edge
        As it stands.
    leaves
        `(leaves, 32)`, leaf hashes that come next.

    Examples
    --------
    >>> edge, full = grown(EMPTY, np.zeros((600, 32), np.uint8))
    >>> [(tile.level, tile.index) for tile in full], [level.shape[0] for level in edge.levels]
    ([(0, 0), (0, 1)], [88, 2])
    """
    levels, full = [], []
    rising = leaves
    level = 0
    while level < len(edge.levels) or rising.shape[0]:
        held = edge.levels[level] if level < len(edge.levels) else rising[:0]
        first = (edge.size >> (HEIGHT * level)) // WIDTH  # index of the open tile
        hashes = np.concatenate([held, rising])
        count = hashes.shape[0] // WIDTH
        for number in range(count):
            part = hashes[number * WIDTH : (number + 1) * WIDTH]
            full.append(Tile(level=level, index=first + number, hashes=part))
        levels.append(hashes[count * WIDTH :].copy())
        rising = _roots(hashes[: count * WIDTH])
        level += 1
    return Edge(size=edge.size + leaves.shape[0], levels=tuple(levels)), full


def open_tiles(edge: Edge) -> list[Tile]:
    """The tiles at the edge that hold something."""
    return [
        Tile(level=level, index=(edge.size >> (HEIGHT * level)) // WIDTH, hashes=hashes)
        for level, hashes in enumerate(edge.levels)
        if hashes.shape[0]
    ]


def edge_at(size: int, read: Read) -> Edge:
    """The edge of a tree of that size, from its tiles."""
    levels = []
    level = 0
    while count := size >> (HEIGHT * level):
        width = count % WIDTH
        index = count // WIDTH
        levels.append(read(level, index, width) if width else np.zeros((0, DIGEST_BYTES), np.uint8))
        level += 1
    return Edge(size=size, levels=tuple(levels))


class Tree:
    """A tree that is read from tiles; its proofs are RFC 9162's, hash for hash.

    Parameters
    ----------
    size
        How many leaves the tiles are of; proofs for any size up to it can be made.
    read
        Gives the tiles.

    Examples
    --------
    >>> leaves = merkle.leaf_hashes(np.arange(600, dtype=np.uint16).view(np.uint8).reshape(600, 2))
    >>> edge, full = grown(EMPTY, leaves)
    >>> held = {(t.level, t.index): t.hashes for t in [*full, *open_tiles(edge)]}
    >>> tree = Tree(600, lambda level, index, width: held[level, index][:width])
    >>> tree.root() == merkle.root(leaves)
    True
    >>> tree.inclusion(123, 600) == merkle.inclusion_proof(leaves, 123)
    True
    """

    def __init__(self, size: int, read: Read) -> None:
        self.size = size
        self._tile = lru_cache(CACHED)(read)

    def root(self, size: int | None = None) -> bytes:
        """Root of the tree, or of its first leaves."""
        whole = self.size if size is None else size
        return self._over(0, whole) if whole else merkle.EMPTY_ROOT

    def leaf(self, index: int) -> bytes:
        """Hash of a leaf."""
        return self._node(0, index)

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Proof that a leaf is in the tree of that size, from the leaf upwards.

        Raises
        ------
        InputError
            The tree has no such leaf.
        """
        return [self._over(*each) for each in merkle.inclusion_ranges(index, size)]

    def consistency(self, old_size: int, new_size: int) -> list[bytes]:
        """Proof that the tree of one size is the beginning of that of another.

        Raises
        ------
        InputError
            The older tree is the larger one.
        """
        return [self._over(*each) for each in merkle.consistency_ranges(old_size, new_size)]

    def _over(self, first: int, last: int) -> bytes:
        """Root over a range whose first leaf begins a subtree as large as the range or larger."""
        parts = []
        while first < last:
            height = (last - first).bit_length() - 1
            parts.append(self._node(height, first >> height))
            first += 1 << height
        value = parts.pop()
        while parts:
            value = merkle.node_hash(parts.pop(), value)
        return value

    def _node(self, height: int, index: int) -> bytes:
        """Root of a whole subtree of `2 ** height` leaves."""
        level, within = divmod(height, HEIGHT)
        first = index << within
        tile, begin = divmod(first, WIDTH)
        width = min(WIDTH, (self.size >> (HEIGHT * level)) - tile * WIDTH)
        part = self._tile(level, tile, width)[begin : begin + (1 << within)]
        hashes = [each.tobytes() for each in part]
        while len(hashes) > 1:
            pairs = zip(hashes[::2], hashes[1::2], strict=True)
            hashes = [merkle.node_hash(left, right) for left, right in pairs]
        return hashes[0]


def path_of(index: int, width: int = WIDTH) -> str:
    """Where within its level a tile or bundle lies; open ones under their width.

    Examples
    --------
    >>> path_of(1_234_067), path_of(5, 112)
    ('x001/x234/067', '005.p/112')
    """
    parts = [f"{index % 1000:03}"]
    while index >= 1000:
        index //= 1000
        parts.append(f"x{index % 1000:03}")
    whole = "/".join(reversed(parts))
    return whole if width == WIDTH else f"{whole}.p/{width}"


def chunked(leaves: Iterator[bytes], chunk: int = 1 << 16) -> Iterator[Bytes]:
    """Leaf hashes one by one as tables of at most `chunk` of them."""
    held: list[bytes] = []
    for each in leaves:
        held.append(each)
        if len(held) == chunk:
            yield as_rows(held)
            held = []
    if held:
        yield as_rows(held)


def as_rows(hashes: Sequence[bytes]) -> Bytes:
    """Hashes as a table, `(hashes, 32)`."""
    return np.frombuffer(b"".join(hashes), np.uint8).reshape(-1, DIGEST_BYTES)


def _roots(hashes: Bytes) -> Bytes:
    """Root of each full tile of consecutive hashes."""
    level = hashes
    for _ in range(HEIGHT):
        nodes = np.empty((level.shape[0] // 2, 1 + 2 * DIGEST_BYTES), np.uint8)
        nodes[:, 0] = merkle.NODE[0]
        nodes[:, 1:] = np.ascontiguousarray(level).reshape(-1, 2 * DIGEST_BYTES)
        level = sha256_rows(nodes)
    return level
