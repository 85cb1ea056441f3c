"""Digests by the million: SHA-256 of strings, and a 64-bit fold that orders and compares them."""

import numba as nb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from truceline.fusion.kernels import PLAIN_LEAF
from truceline.tables.chunks import ROWS, in_order
from truceline.tables.sha256 import sha256_slices

UInts = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

_NEWLINE, _HYPHEN = 10, 45  # ASCII
_DIGIT_BITS = 11  # of a sort by digits: counters of one pass stay near the processor
_HEX = np.frombuffer(bytes(range(256)).hex().encode(), np.uint8).reshape(256, 2)


def string_buffers(column: pa.Array) -> tuple[Ints, Bytes]:
    """Offsets and bytes of a string column; a null is an empty string."""
    if column.null_count:
        column = column.fill_null("")
    if len(column) == 0:
        return np.zeros(1, np.int64), np.zeros(0, np.uint8)
    _, offsets, data = column.buffers()
    begin = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    content = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    return begin.astype(np.int64), content


FOLD_START = np.uint64(0x9E3779B97F4A7C15)


@nb.njit(**PLAIN_LEAF)
def fold_byte(value: np.uint64, byte: np.uint8) -> np.uint64:
    """One more byte of a string that is being folded."""
    return np.uint64((value ^ np.uint64(byte)) * np.uint64(0x00000100000001B3))


@nb.njit(**PLAIN_LEAF)
def finish_fold(value: np.uint64) -> np.uint64:
    """What all bytes make together: the last bits depend on the first bytes too."""
    value ^= value >> np.uint64(33)
    value *= np.uint64(0xFF51AFD7ED558CCD)
    value ^= value >> np.uint64(33)
    value *= np.uint64(0xC4CEB9FE1A85EC53)
    return np.uint64(value ^ (value >> np.uint64(33)))


@nb.njit(cache=True, nogil=True)
def fold(offsets: Ints, content: Bytes) -> UInts:
    """64-bit fold of each string (multiply, rotate, finish as MurmurHash3 does).

    Not cryptographic: it orders rows and compares words. Equal folds of different identifiers are
    looked for by the caller.
    """
    rows = offsets.size - 1
    out = np.empty(rows, np.uint64)
    for row in range(rows):
        value = FOLD_START
        for at in range(offsets[row], offsets[row + 1]):
            value = fold_byte(value, content[at])
        out[row] = finish_fold(value)
    return out


@nb.njit(cache=True, nogil=True)
def has_repeat(digests: UInts) -> bool:
    """Whether any digest stands twice (a table of them with room for twice as many)."""
    size = 16
    while size < 2 * digests.size:
        size *= 2
    seen = np.zeros(size, np.uint64)  # zero: an empty place, so a digest of zero is counted apart
    zeros = 0
    for digest in digests:
        if digest == 0:
            zeros += 1
            continue
        at = digest & np.uint64(size - 1)
        while seen[at] != 0:
            if seen[at] == digest:
                return True
            at = (at + np.uint64(1)) & np.uint64(size - 1)
        seen[at] = digest
    return zeros > 1


@nb.njit(cache=True, nogil=True)
def _positions(keys: Ints, low: int, bits: int) -> Ints:
    """Positions in order of keys, of which `low` is the least (radix sort, lowest digits first)."""
    held, order = np.empty(keys.size, np.uint64), np.empty(keys.size, np.int64)
    for at in range(keys.size):
        held[at], order[at] = np.uint64(keys[at]) - np.uint64(low), at
    moved, other = np.empty_like(held), np.empty_like(order)
    begin = np.empty(1 << _DIGIT_BITS, np.int64)
    for shift in range(0, bits, _DIGIT_BITS):
        begin[:] = 0
        for key in held:
            begin[(key >> np.uint64(shift)) & np.uint64(begin.size - 1)] += 1
        total = 0
        for digit in range(begin.size):
            begin[digit], total = total, total + begin[digit]
        for at in range(held.size):
            digit = (held[at] >> np.uint64(shift)) & np.uint64(begin.size - 1)
            moved[begin[digit]], other[begin[digit]] = held[at], order[at]
            begin[digit] += 1
        held, moved, order, other = moved, held, other, order
    return order


@nb.njit(cache=True, nogil=True)
def _settle_ties(keys: Ints, digests: UInts, order: Ints) -> None:
    start = 0
    for at in range(1, order.size + 1):
        if at < order.size and keys[order[at]] == keys[order[start]]:
            continue
        if at - start > 1:
            tied = order[start:at].copy()
            order[start:at] = tied[np.argsort(digests[tied])]
        start = at


def order_by(keys: Ints, digests: UInts) -> Ints:
    """Positions sorted by key, then by digest; digests are distinct.

    Examples
    --------
    >>> order_by(np.array([5, 3, 5]), np.array([9, 8, 7], np.uint64)).tolist()
    [1, 2, 0]
    """
    if keys.size == 0:
        return np.zeros(0, np.int64)
    low = int(keys.min())
    order = _positions(keys, low, (int(keys.max()) - low).bit_length())
    _settle_ties(keys, digests, order)
    return order


@nb.njit(**PLAIN_LEAF)
def _precedes(offsets: Ints, content: Bytes, a: int, b: int) -> bool:
    length_a, length_b = offsets[a + 1] - offsets[a], offsets[b + 1] - offsets[b]
    for i in range(min(length_a, length_b)):
        x, y = content[offsets[a] + i], content[offsets[b] + i]
        if x != y:
            return bool(x < y)
    return bool(length_a < length_b)


@nb.njit(**PLAIN_LEAF)
def _sort_rows(offsets: Ints, content: Bytes, rows: Ints, low: int, high: int) -> None:
    for i in range(low + 1, high):
        row = rows[i]
        j = i - 1
        while j >= low and _precedes(offsets, content, row, rows[j]):
            rows[j + 1] = rows[j]
            j -= 1
        rows[j + 1] = row


@nb.njit(cache=True, nogil=True)
def _lengths(offsets: Ints, starts: Ints, rows: Ints, begin: Ints) -> None:
    """Where each group's joined text begins: its strings, and a newline between two."""
    for group in range(starts.size - 1):
        length = max(starts[group + 1] - starts[group] - 1, 0)
        for k in range(starts[group], starts[group + 1]):
            length += offsets[rows[k] + 1] - offsets[rows[k]]
        begin[group + 1] = begin[group] + length


@nb.njit(cache=True, nogil=True)
def _join(offsets: Ints, content: Bytes, starts: Ints, rows: Ints, out: Bytes) -> None:
    """Write the strings of each group, sorted; `rows` are put in that order."""
    at = 0
    for group in range(starts.size - 1):
        low, high = starts[group], starts[group + 1]
        if high - low > 1:
            _sort_rows(offsets, content, rows, low, high)
        for k in range(low, high):
            if k > low:
                out[at] = _NEWLINE
                at += 1
            for source in range(offsets[rows[k]], offsets[rows[k] + 1]):
                out[at] = content[source]
                at += 1


def group_digests(offsets: Ints, content: Bytes, starts: Ints, rows: Ints) -> UInts:
    """First eight bytes of SHA-256 over each group's strings, sorted and joined by newlines.

    Parameters
    ----------
    offsets, content
        `(n + 1,)` and `(bytes,)` of the strings, as `string_buffers` gives them.
    starts, rows
        `(groups + 1,)` and the row numbers of each group's members, in any order.
    """

    def digest(first: int) -> Bytes:
        some = starts[first : first + ROWS + 1]
        begin = np.zeros(some.size, np.int64)
        members = rows[some[0] : some[-1]].copy()
        _lengths(offsets, some - some[0], members, begin)
        joined = np.empty(int(begin[-1]), np.uint8)
        _join(offsets, content, some - some[0], members, joined)
        return sha256_slices(joined, begin[:-1], begin[1:])[:, :8]

    groups = range(0, starts.size - 1, ROWS)
    digests = np.concatenate([np.zeros((0, 8), np.uint8), *in_order(groups, digest)])
    return digests.view(">u8").ravel().astype(np.uint64)


@nb.njit(cache=True, nogil=True)
def _write_hex(digests: UInts, prefix: Bytes, digits: Bytes, out: Bytes) -> None:
    head = prefix.size
    width = head + 16 + (2 if digits.size else 0)
    for row in range(digests.size):
        at = row * width
        for i in range(head):
            out[at + i] = prefix[i]
        for i in range(8):
            pair = (digests[row] >> np.uint64(56 - 8 * i)) & np.uint64(255)
            out[at + head + 2 * i] = _HEX[pair, 0]
            out[at + head + 2 * i + 1] = _HEX[pair, 1]
        if digits.size:
            out[at + head + 16] = _HYPHEN
            out[at + head + 17] = 48 + digits[row]


def hex_ids(
    digests: UInts, prefix: str = "i-", *, ordinal: Ints | None = None, absent: Flags | None = None
) -> pa.Array:
    """Digests as identifiers of 16 hexadecimal digits.

    Parameters
    ----------
    ordinal
        `(n,)` numbers of one digit that stand behind a hyphen; nothing where None.
    absent
        `(n,)` which identifiers are null; none where None.

    Examples
    --------
    >>> hex_ids(np.array([255], np.uint64)).to_pylist()
    ['i-00000000000000ff']
    >>> hex_ids(np.array([255], np.uint64), "a-", ordinal=np.array([2])).to_pylist()
    ['a-00000000000000ff-2']
    """
    before = np.frombuffer(prefix.encode(), np.uint8).copy()
    digits = np.zeros(0, np.uint8) if ordinal is None else ordinal.astype(np.uint8)
    width = before.size + 16 + (2 if ordinal is not None else 0)
    content = np.empty(digests.size * width, np.uint8)
    _write_hex(digests, before, digits, content)
    offsets = np.arange(digests.size + 1, dtype=np.int32) * np.int32(width)
    known = None if absent is None else pa.array(~absent).buffers()[1]
    return pa.StringArray.from_buffers(
        digests.size, pa.py_buffer(offsets), pa.py_buffer(content), known
    )
