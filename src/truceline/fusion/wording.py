"""Words of reports: what two texts share, weighed by how rare it is.

A word is a run of letters or digits, lower-cased and cut to its first letters, which takes most
inflection off Slavic and English words alike without a dictionary. Words are folded into buckets;
two words in one bucket count as one, which is rare and only ever weakens evidence.
"""

from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.fusion.identity import string_buffers
from truceline.fusion.kernels import PLAIN_LEAF
from truceline.fusion.parameters import FusionParameters
from truceline.tables.chunks import flat

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint32]
Bytes = npt.NDArray[np.uint8]

_BUCKETS = 1 << 22
_STEM = 6  # letters kept of a word
_LEAST = 3  # shorter words say little
_MOST = 48  # words of one report that are read


class Rarity(NamedTuple):
    """What each bucket of words is worth, and how texts are compared."""

    shared_nats: npt.NDArray[np.float32]
    holders: npt.NDArray[np.int32]
    limits: Floats  # by the positions below


MISSING, TEMPER, FLOOR, CAP, COPY_CAP, COPY_SIMILARITY = range(6)


@nb.njit(**PLAIN_LEAF)
def _is_letter(byte: np.uint8) -> bool:
    return bool((48 <= byte <= 57) or (97 <= byte <= 122) or byte >= 0xC3)


@nb.njit(**PLAIN_LEAF)
def _read_words(content: Bytes, start: int, stop: int, out: Words) -> int:
    """Sorted, distinct word buckets of one text; how many."""
    found = 0
    value = np.uint64(1469598103934665603)
    letters = 0
    at = start
    while at <= stop:
        byte = np.uint8(content[at] if at < stop else 32)
        # U+2000-U+206F (dashes, quotes) are three bytes that begin with E2 80 or E2 81.
        gap = not _is_letter(byte) or byte == 0xE2
        if not gap:
            size = 1 if byte < 0x80 else (2 if byte < 0xE0 else (3 if byte < 0xF0 else 4))
            if letters < _STEM:
                for k in range(min(size, stop - at)):
                    value = (value ^ np.uint64(content[at + k])) * np.uint64(1099511628211)
            letters += 1
            at += size
            continue
        if letters >= _LEAST and found < _MOST:
            mixed = value ^ (value >> np.uint64(29))
            bucket = np.uint32((mixed * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(42))
            place = found
            while place > 0 and out[place - 1] > bucket:
                place -= 1
            if place == 0 or out[place - 1] != bucket:
                for k in range(found, place, -1):
                    out[k] = out[k - 1]
                out[place] = bucket
                found += 1
        value = np.uint64(1469598103934665603)
        letters = 0
        at += 3 if byte == 0xE2 else 1
    return found


@nb.njit(cache=True, parallel=True)
def _read_all(
    offsets: Ints, content: Bytes, order: Ints, first: Ints, counts: Ints, words: Words
) -> None:
    chunks = min(order.size, 256)
    for chunk in nb.prange(chunks):
        for k in range(chunk * order.size // chunks, (chunk + 1) * order.size // chunks):
            begin, end = offsets[order[k]], offsets[order[k] + 1]
            if end > begin:
                counts[k] = _read_words(content, begin, end, words[first[k] : first[k + 1]])


def lowered(texts: pa.ChunkedArray) -> tuple[Ints, Bytes]:
    """Offsets and bytes of texts in lower case; a null is an empty text."""
    return string_buffers(pc.utf8_lower(flat(texts)))


def read_words(texts: tuple[Ints, Bytes], order: Ints) -> tuple[Ints, Ints, Words]:
    """First word, number of words, and word buckets of each text, in an order; none for a null.

    Parameters
    ----------
    texts
        As `lowered` gives them.
    order
        Rows of the texts.

    Examples
    --------
    >>> texts = pa.chunked_array([["Shelling near Pisky.", "shelling, Pisky", None]])
    >>> first, counts, words = read_words(lowered(texts), np.array([1, 0, 2]))
    >>> counts.tolist()
    [2, 3, 0]
    >>> bool(np.isin(words[:2], words[first[1] : first[1] + 3]).all())
    True
    """
    offsets, content = texts
    # A word takes at least its letters and a gap: room for as many as there could be.
    room = np.minimum((np.diff(offsets)[order] + 1) // (_LEAST + 1), _MOST)
    first = np.zeros(order.size + 1, np.int64)
    np.cumsum(room, out=first[1:])
    counts = np.zeros(order.size, np.int64)
    words = np.empty(int(first[-1]), np.uint32)
    _read_all(offsets, content, order, first, counts, words)
    return first[:-1].copy(), counts, words


@nb.njit(cache=True)
def _count_holders(first: Ints, counts: Ints, words: Words, holders: npt.NDArray[np.int32]) -> None:
    for row in range(first.size):
        for at in range(first[row], first[row] + counts[row]):
            holders[words[at]] += 1


@nb.njit(cache=True, parallel=True)
def _look_up(
    worth: npt.NDArray[np.float32], holders: npt.NDArray[np.int32], out: npt.NDArray[np.float32]
) -> None:
    for bucket in nb.prange(out.size):
        out[bucket] = worth[holders[bucket]]


def rarity(wording: tuple[Ints, Ints, Words], parameters: FusionParameters) -> Rarity:
    """How much each word is worth when two reports share it.

    A second report of one happening reuses a word with chance `reuse`, else it holds the word as
    often as any report does; the pair at hand is left out of that count.
    """
    holders = np.zeros(_BUCKETS, np.int32)
    _count_holders(*wording, holders)
    texts = int(np.count_nonzero(wording[1]))
    prior = parameters.common_words
    times = np.arange(int(holders.max(initial=0)) + 1)
    share = (np.maximum(times - 2, 0) + prior * parameters.common_share) / (texts + prior)
    worth = np.log(parameters.reuse / np.minimum(share, 1.0) + 1.0 - parameters.reuse)
    shared = np.empty(holders.size, np.float32)
    _look_up(worth.astype(np.float32), holders, shared)
    limits = (
        np.log1p(-parameters.reuse),
        parameters.word_temper,
        parameters.word_floor_nats,
        parameters.word_cap_nats,
        parameters.copy_cap_nats,
        parameters.copy_similarity,
    )
    return Rarity(shared, holders, np.array(limits))


@nb.njit(**PLAIN_LEAF)
def shared_words(words: Words, one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    """How many words two reports share, and how many they hold together.

    Parameters
    ----------
    one, other
        First word, and how many.
    """
    a, b = one[0], other[0]
    end_a, end_b = a + one[1], b + other[1]
    shared = 0
    while a < end_a and b < end_b:
        x, y = words[a], words[b]
        shared += x == y
        a += x <= y
        b += y <= x
    return shared, one[1] + other[1] - shared


@nb.njit(**PLAIN_LEAF)
def word_nats(
    words: Words,
    shared_nats: npt.NDArray[np.float32],
    limits: Floats,
    one: tuple[int, int],
    other: tuple[int, int],
) -> float:
    """Evidence from words that two reports, each with a text, tell of one happening."""
    a, b = one[0], other[0]
    end_a, end_b = a + one[1], b + other[1]
    shared = 0
    nats = 0.0
    while a < end_a and b < end_b:
        x, y = words[a], words[b]
        if x == y:
            nats += shared_nats[x]
            shared += 1
        # No branch on order: it would be mispredicted every other word.
        a += x <= y
        b += y <= x
    union = one[1] + other[1] - shared
    nats += (union - shared) * limits[MISSING]
    nats *= limits[TEMPER]
    if shared >= 3 and shared >= limits[COPY_SIMILARITY] * union:
        return min(max(nats, 0.0), limits[COPY_CAP])
    return min(max(nats, limits[FLOOR]), limits[CAP])
