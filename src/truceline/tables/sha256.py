"""SHA-256 of many short messages at once: sixteen go through each round side by side.

A call of `hashlib` costs more than the digest of a short message; here a million rows need no
Python object each. The rounds are plain loops over sixteen lanes, which the compiler turns into
vector instructions where the machine has them; the digests are the same where it has none.

References
----------
FIPS 180-4, Secure Hash Standard, 2015.
"""

from typing import Any

import numba as nb
import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint32]
Messages = tuple[Bytes, Offsets, Offsets, Bytes]  # content, begin, end, prefix
Plan = tuple[Offsets, Offsets]  # blocks of each message, and the order that groups like lengths

DIGEST_BYTES = 32
_LANES = 16
_BLOCK_BYTES = 64


def _primes(count: int) -> list[int]:
    found: list[int] = []
    candidate = 2
    while len(found) < count:
        if all(candidate % prime for prime in found):
            found.append(candidate)
        candidate += 1
    return found


def _root_bits(prime: int, power: int) -> int:
    """First 32 bits of the fraction of a square or cube root, found with whole numbers alone."""
    scaled = prime << (32 * power)
    low, high = 0, 1 << 40
    while low < high:
        middle = (low + high + 1) // 2
        if middle**power <= scaled:
            low = middle
        else:
            high = middle - 1
    return low & 0xFFFFFFFF


_ROUND = np.array([_root_bits(prime, 3) for prime in _primes(64)], dtype=np.uint32)  # FIPS 4.2.2
_START = np.array([_root_bits(prime, 2) for prime in _primes(8)], dtype=np.uint32)  # FIPS 5.3.3


def sha256_slices(
    content: Bytes, begin: Offsets, end: Offsets, prefix: Bytes | None = None
) -> Bytes:
    """SHA-256 of each slice of a buffer, each behind its own prefix.

    Parameters
    ----------
    content
        `(bytes,)`, the buffer.
    begin, end
        `(n,)`, where in the buffer each message begins and ends.
    prefix
        `(n, width)`, bytes that stand before each slice; `width` is a multiple of four.

    Returns
    -------
    array
        `(n, 32)`.

    Examples
    --------
    >>> abc = np.frombuffer(b"abc", np.uint8)
    >>> sha256_slices(abc, np.array([0, 3]), np.array([3, 3]))[:, :4].tobytes().hex()
    'ba7816bfe3b0c442'
    """
    count = begin.size
    before = np.zeros((count, 0), np.uint8) if prefix is None else np.ascontiguousarray(prefix)
    if before.shape[0] != count or before.shape[1] % 4:
        msg = f"prefix has shape {before.shape}; give {count} rows of a multiple of four bytes"
        raise ValueError(msg)
    first = np.ascontiguousarray(begin, dtype=np.int64)
    last = np.ascontiguousarray(end, dtype=np.int64)
    blocks = (last - first + before.shape[1] + 9 + _BLOCK_BYTES - 1) // _BLOCK_BYTES
    # Lanes run until the longest of their sixteen is done: neighbours should be of one length.
    order = np.argsort(blocks.astype(np.uint16), kind="stable") if count > _LANES else None
    if order is None or blocks.max(initial=0) > np.iinfo(np.uint16).max:
        order = np.argsort(blocks, kind="stable")
    out = np.empty((count, DIGEST_BYTES), np.uint8)
    messages = (sealed(content), sealed(first), sealed(last), sealed(before))
    plan = (sealed(blocks), sealed(order.astype(np.int64)))
    _digest(messages, plan, out)
    return out


def sealed(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """A view that cannot be written: a kernel is compiled once, and not again for each mixture of
    arrays that are ours to write and buffers of Arrow's that are not."""
    view = np.ascontiguousarray(array).view()
    view.flags.writeable = False
    return view


def sha256_rows(messages: Bytes) -> Bytes:
    """SHA-256 of each row of a table of messages that are all of one length.

    Parameters
    ----------
    messages
        `(n, width)` bytes.

    Returns
    -------
    array
        `(n, 32)`.

    Examples
    --------
    >>> sha256_rows(np.zeros((2, 0), np.uint8))[1, :4].tobytes().hex()
    'e3b0c442'
    """
    count, width = messages.shape
    begin = np.arange(count, dtype=np.int64) * width
    return sha256_slices(np.ascontiguousarray(messages).reshape(-1), begin, begin + width)


@nb.njit(cache=True, nogil=True)
def _digest(messages: Messages, plan: Plan, out: Bytes) -> None:
    content, begin, end, prefix = messages
    blocks, order = plan
    state = np.empty(8 * _LANES, np.uint32)
    work = np.empty(8 * _LANES, np.uint32)
    words = np.zeros(64 * _LANES, np.uint32)
    for first in range(0, out.shape[0], _LANES):
        lanes = min(_LANES, out.shape[0] - first)
        for i in range(8 * _LANES):
            state[i] = _START[i // _LANES]
        for block in range(blocks[order[first + lanes - 1]]):
            for lane in range(lanes):
                row = order[first + lane]
                if block < blocks[row]:
                    _load(content, begin[row], end[row], prefix[row], block, words[lane:])
            _compress(state, work, words)
            for lane in range(lanes):
                row = order[first + lane]
                if block == blocks[row] - 1:
                    _store(state[lane:], out[row])


@nb.njit(cache=True)
def _load(content: Bytes, begin: int, end: int, prefix: Bytes, block: int, words: Words) -> None:
    """Sixteen words of a padded message, `_LANES` apart."""
    size = prefix.size + end - begin
    if block * 64 >= prefix.size and block * 64 + 64 <= size:  # most blocks: nothing to pad
        inside = np.uint64(begin + block * 64 - prefix.size)
        for i in range(16):
            words[i * _LANES] = _word(content, inside + np.uint64(4 * i))
        return
    for i in range(16):
        at = block * 64 + 4 * i
        if at + 4 <= prefix.size:
            words[i * _LANES] = _word(prefix, np.uint64(at))
            continue
        word = np.uint32(0)
        for k in range(at, at + 4):
            word = word << np.uint32(8)
            if k < size:
                word |= np.uint32(content[begin + k - prefix.size])
            elif k == size:
                word |= np.uint32(0x80)
        words[i * _LANES] = word
    if block == (size + 8) // 64:  # the last block closes with the length in bits
        words[14 * _LANES] = np.uint32((size * 8) >> 32)
        words[15 * _LANES] = np.uint32((size * 8) & 0xFFFFFFFF)


@nb.njit(cache=True, inline="always")
def _word(content: Bytes, at: np.uint64) -> np.uint32:
    return (
        (np.uint32(content[at]) << np.uint32(24))
        | (np.uint32(content[at + np.uint64(1)]) << np.uint32(16))
        | (np.uint32(content[at + np.uint64(2)]) << np.uint32(8))
        | np.uint32(content[at + np.uint64(3)])
    )


@nb.njit(cache=True)
def _store(state: Words, out: Bytes) -> None:
    for i in range(8):
        word = state[i * _LANES]
        for k in range(4):
            out[4 * i + k] = np.uint8((word >> np.uint32(24 - 8 * k)) & np.uint32(255))


@nb.njit(cache=True, inline="always")
def _turn(value: np.uint32, by: int) -> np.uint32:
    return (value >> np.uint32(by)) | (value << np.uint32(32 - by))


@nb.njit(cache=True, inline="always")
def _round(work: Words, words: Words, i: int, shift: int) -> None:
    """One round over all lanes; instead of moving the eight words on, their names move."""
    a = ((8 - shift) & 7) * _LANES
    b = ((9 - shift) & 7) * _LANES
    c = ((10 - shift) & 7) * _LANES
    d = ((11 - shift) & 7) * _LANES
    e = ((12 - shift) & 7) * _LANES
    f = ((13 - shift) & 7) * _LANES
    g = ((14 - shift) & 7) * _LANES
    h = ((15 - shift) & 7) * _LANES
    constant = _ROUND[i + shift]
    at = (i + shift) * _LANES
    for k in range(_LANES):
        x = work[e + k]
        y = work[a + k]
        mixed = _turn(x, 6) ^ _turn(x, 11) ^ _turn(x, 25)
        chosen = work[g + k] ^ (x & (work[f + k] ^ work[g + k]))
        first = work[h + k] + mixed + chosen + constant + words[at + k]
        second = _turn(y, 2) ^ _turn(y, 13) ^ _turn(y, 22)
        majority = (y & work[b + k]) | (work[c + k] & (y | work[b + k]))
        work[d + k] = work[d + k] + first
        work[h + k] = first + second + majority


@nb.njit(cache=True)
def _compress(state: Words, work: Words, words: Words) -> None:
    for i in range(8 * _LANES):
        work[i] = state[i]
    for i in range(16 * _LANES, 64 * _LANES, _LANES):
        for k in range(_LANES):
            x = words[i - 15 * _LANES + k]
            y = words[i - 2 * _LANES + k]
            near = _turn(x, 7) ^ _turn(x, 18) ^ (x >> np.uint32(3))
            far = _turn(y, 17) ^ _turn(y, 19) ^ (y >> np.uint32(10))
            words[i + k] = words[i - 16 * _LANES + k] + near + words[i - 7 * _LANES + k] + far
    for i in range(0, 64, 8):
        _round(work, words, i, 0)
        _round(work, words, i, 1)
        _round(work, words, i, 2)
        _round(work, words, i, 3)
        _round(work, words, i, 4)
        _round(work, words, i, 5)
        _round(work, words, i, 6)
        _round(work, words, i, 7)
    for i in range(8 * _LANES):
        state[i] += work[i]
