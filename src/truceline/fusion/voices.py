"""Who speaks: a 64-bit fold of each name of a source or root; names that look alike are one voice.

Most names are plain ASCII. What `tables.roots` makes of such a name is folded as it is read, with
no text in between; all other names go through `tables.roots` itself.
"""

import numba as nb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from truceline.fusion.identity import FOLD_START, finish_fold, fold, fold_byte, string_buffers
from truceline.fusion.kernels import PLAIN_LEAF
from truceline.tables.chunks import flat
from truceline.tables.roots import voice_codes

UInts = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

_NOTHING = string_buffers(pa.array([""]))
_BLANK = np.uint8(32)


def voices(column: pa.ChunkedArray | pa.Array) -> UInts:
    """64-bit fold of each name of a source or root.

    Examples
    --------
    >>> one, other, third = voices(pa.array(["patrol 1", " P\u0430TROL-1", "patrol 2"])).tolist()
    >>> one == other, one == third
    (True, False)
    """
    names = flat(column)
    out, is_other = np.empty(len(names), np.uint64), np.zeros(len(names), np.bool_)
    _fold_plain(*string_buffers(names), out, is_other)
    rows = np.flatnonzero(is_other)
    if rows.size:
        words, code = voice_codes(names.take(pa.array(rows)))
        out[rows] = np.append(fold(*string_buffers(words)), fold(*_NOTHING))[code]
    return out


@nb.njit(**PLAIN_LEAF)
def _spoken(byte: np.uint8) -> np.uint8:
    """A letter in lower case or a digit; a blank for all else."""
    if 65 <= byte <= 90:
        return np.uint8(byte + 32)
    return byte if 97 <= byte <= 122 or 48 <= byte <= 57 else _BLANK


@nb.njit(cache=True, nogil=True)
def _fold_plain(offsets: Ints, content: Bytes, out: UInts, is_other: Flags) -> None:
    """Fold the words of each plain name, one blank between two; mark the names that are not plain."""
    for row in range(out.size):
        value, spoken, gap = FOLD_START, False, False
        for at in range(offsets[row], offsets[row + 1]):
            if not 32 <= content[at] <= 126:
                is_other[row] = True
                break
            byte = _spoken(content[at])
            if byte == _BLANK:
                gap = spoken
                continue
            if gap:
                value = fold_byte(value, _BLANK)
            value, spoken, gap = fold_byte(value, byte), True, False
        if not spoken:  # a name of points alone is still not every other such name
            for at in range(offsets[row], offsets[row + 1]):
                value = fold_byte(value, content[at])
        out[row] = finish_fold(value)
