"""Digests by the million: SHA-256 of strings, and a 64-bit fold that orders and compares them."""

import numba as nb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

UInts = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]


def _primes(count: int) -> list[int]:
    found: list[int] = []
    candidate = 2
    while len(found) < count:
        if all(candidate % prime for prime in found):
            found.append(candidate)
        candidate += 1
    return found


def _root_bits(prime: int, power: int) -> int:
    """First 32 bits of the fraction of a square or cube root, by integers alone (FIPS 180-4)."""
    scaled = prime << (32 * power)
    low, high = 0, 1 << 40
    while low < high:
        middle = (low + high + 1) // 2
        if middle**power <= scaled:
            low = middle
        else:
            high = middle - 1
    return low & 0xFFFFFFFF


_ROUND = np.array([_root_bits(p, 3) for p in _primes(64)], dtype=np.uint32)
_START = np.array([_root_bits(p, 2) for p in _primes(8)], dtype=np.uint32)


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


@nb.njit(cache=True, parallel=True)
def fold(offsets: Ints, content: Bytes) -> UInts:
    """64-bit fold of each string (multiply, rotate, finish as MurmurHash3 does).

    Not cryptographic: it orders rows and compares words. Equal folds of different identifiers are
    looked for by the caller.
    """
    rows = offsets.size - 1
    out = np.empty(rows, np.uint64)
    for row in nb.prange(rows):
        value = np.uint64(0x9E3779B97F4A7C15)
        for at in range(offsets[row], offsets[row + 1]):
            value = (value ^ np.uint64(content[at])) * np.uint64(0x00000100000001B3)
        value ^= value >> np.uint64(33)
        value *= np.uint64(0xFF51AFD7ED558CCD)
        value ^= value >> np.uint64(33)
        value *= np.uint64(0xC4CEB9FE1A85EC53)
        out[row] = value ^ (value >> np.uint64(33))
    return out


@nb.njit(cache=True)
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
    order = np.argsort(keys).astype(np.int64)
    _settle_ties(keys, digests, order)
    return order


@nb.njit(cache=True)
def _turn(value: np.uint32, by: int) -> np.uint32:
    return np.uint32((value >> np.uint32(by)) | (value << np.uint32(32 - by)))


@nb.njit(cache=True)
def _schedule(block: Bytes, words: npt.NDArray[np.uint32]) -> None:
    for i in range(16):
        words[i] = (
            (np.uint32(block[4 * i]) << np.uint32(24))
            | (np.uint32(block[4 * i + 1]) << np.uint32(16))
            | (np.uint32(block[4 * i + 2]) << np.uint32(8))
            | np.uint32(block[4 * i + 3])
        )
    for i in range(16, 64):
        a, b = words[i - 15], words[i - 2]
        s0 = _turn(a, 7) ^ _turn(a, 18) ^ (a >> np.uint32(3))
        s1 = _turn(b, 17) ^ _turn(b, 19) ^ (b >> np.uint32(10))
        words[i] = words[i - 16] + s0 + words[i - 7] + s1


@nb.njit(cache=True)
def _compress(state: npt.NDArray[np.uint32], block: Bytes, words: npt.NDArray[np.uint32]) -> None:
    _schedule(block, words)
    a, b, c, d = state[0], state[1], state[2], state[3]
    e, f, g, h = state[4], state[5], state[6], state[7]
    for i in range(64):
        s1 = _turn(e, 6) ^ _turn(e, 11) ^ _turn(e, 25)
        t1 = np.uint32(h + s1 + ((e & f) ^ (~e & g)) + _ROUND[i] + words[i])
        s0 = _turn(a, 2) ^ _turn(a, 13) ^ _turn(a, 22)
        t2 = np.uint32(s0 + ((a & b) ^ (a & c) ^ (b & c)))
        h, g, f, e = g, f, e, np.uint32(d + t1)
        d, c, b, a = c, b, a, np.uint32(t1 + t2)
    state[0] += a
    state[1] += b
    state[2] += c
    state[3] += d
    state[4] += e
    state[5] += f
    state[6] += g
    state[7] += h


@nb.njit(cache=True)
def _finish(
    state: npt.NDArray[np.uint32],
    block: Bytes,
    words: npt.NDArray[np.uint32],
    used: int,
    total: int,
) -> None:
    block[used] = 0x80
    block[used + 1 :] = 0
    if used > 55:
        _compress(state, block, words)
        block[:] = 0
    bits = np.uint64(total * 8)
    for i in range(8):
        block[63 - i] = np.uint8((bits >> np.uint64(8 * i)) & np.uint64(255))
    _compress(state, block, words)


@nb.njit(cache=True)
def _precedes(offsets: Ints, content: Bytes, a: int, b: int) -> bool:
    length_a, length_b = offsets[a + 1] - offsets[a], offsets[b + 1] - offsets[b]
    for i in range(min(length_a, length_b)):
        x, y = content[offsets[a] + i], content[offsets[b] + i]
        if x != y:
            return bool(x < y)
    return bool(length_a < length_b)


@nb.njit(cache=True)
def _sort_rows(offsets: Ints, content: Bytes, rows: Ints) -> None:
    for i in range(1, rows.size):
        row = rows[i]
        j = i - 1
        while j >= 0 and _precedes(offsets, content, row, rows[j]):
            rows[j + 1] = rows[j]
            j -= 1
        rows[j + 1] = row


@nb.njit(cache=True)
def _digest_group(
    offsets: Ints, content: Bytes, rows: Ints, block: Bytes, words: npt.NDArray[np.uint32]
) -> np.uint64:
    state = _START.copy()
    used = 0
    total = 0
    for k in range(rows.size):
        start, stop = offsets[rows[k]], offsets[rows[k] + 1]
        for at in range(start - (1 if k else 0), stop):
            block[used] = content[at] if at >= start else 10  # members are joined by newlines
            used += 1
            total += 1
            if used == 64:
                _compress(state, block, words)
                used = 0
    _finish(state, block, words, used, total)
    return (np.uint64(state[0]) << np.uint64(32)) | np.uint64(state[1])


@nb.njit(cache=True, parallel=True)
def group_digests(offsets: Ints, content: Bytes, starts: Ints, rows: Ints) -> UInts:
    """First eight bytes of SHA-256 over each group's strings, sorted and joined by newlines.

    Parameters
    ----------
    offsets, content
        `(n + 1,)` and `(bytes,)` of the strings, as `string_buffers` gives them.
    starts, rows
        `(groups + 1,)` and the row numbers of each group's members, in any order.
    """
    groups = starts.size - 1
    out = np.empty(groups, np.uint64)
    chunks = min(groups, 64)
    for chunk in nb.prange(chunks):
        block = np.zeros(64, np.uint8)
        words = np.empty(64, np.uint32)
        for group in range(chunk * groups // chunks, (chunk + 1) * groups // chunks):
            members = rows[starts[group] : starts[group + 1]].copy()
            _sort_rows(offsets, content, members)
            out[group] = _digest_group(offsets, content, members, block, words)
    return out


@nb.njit(cache=True)
def _write_hex(digests: UInts, prefix: Bytes, suffix: Bytes) -> Bytes:
    width = prefix.size + 16 + suffix.size
    out = np.empty(digests.size * width, np.uint8)
    for row in range(digests.size):
        at = row * width
        for i in range(prefix.size):
            out[at + i] = prefix[i]
        for i in range(16):
            digit = (digests[row] >> np.uint64(60 - 4 * i)) & np.uint64(15)
            out[at + prefix.size + i] = np.uint8(
                48 + digit if digit < np.uint64(10) else 87 + digit
            )
        for i in range(suffix.size):
            out[at + prefix.size + 16 + i] = suffix[i]
    return out


def hex_ids(digests: UInts, prefix: str = "i-", suffix: str = "") -> pa.Array:
    """Digests as identifiers of 16 hexadecimal digits.

    Examples
    --------
    >>> hex_ids(np.array([255], np.uint64)).to_pylist()
    ['i-00000000000000ff']
    """
    before = np.frombuffer(prefix.encode(), np.uint8)
    after = np.frombuffer(suffix.encode(), np.uint8)
    content = _write_hex(digests, before, after)
    width = before.size + 16 + after.size
    offsets = np.arange(digests.size + 1, dtype=np.int32) * np.int32(width)
    return pa.StringArray.from_buffers(digests.size, pa.py_buffer(offsets), pa.py_buffer(content))
