"""Pairs for reports that nobody placed, or only in a wide area: proposed by rare words and by time.

A word (or a stretch of time) proposes pairs only where few reports hold it: what everybody says on
a busy day joins nothing.
"""

import math
from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

from truceline.fusion.block import Edges, Rows, Scores, flatten, keep_best, lower_bound
from truceline.fusion.columns import Flags, Floats, Ints, Records, Reports
from truceline.fusion.kernels import PLAIN_LEAF
from truceline.fusion.score import Terms, pair_nats
from truceline.fusion.wording import Words

DAY_S = 86_400.0
_KEPT = 8


class Holders(NamedTuple):
    """Which rows hold each word, in order of time; `all_rows` are all rows in that order."""

    start: Ints
    rows: npt.NDArray[np.int32]
    mid_s: Floats
    all_rows: Ints
    all_mid_s: Floats
    few: int


@nb.njit(cache=True, nogil=True)
def _held(
    reports: Records, words: Words, order: Ints, wanted: Flags, start: Ints, out: Rows
) -> None:
    for i in order:
        row = reports[i]
        for at in range(row.word_first, row.word_first + row.words):
            word = words[at]
            if wanted[word]:
                out[start[word]] = i
                start[word] += 1


@nb.njit(cache=True, nogil=True)
def _wanted(reports: Records, words: Words, loose: Ints, out: Flags) -> None:
    for i in loose:
        row = reports[i]
        for at in range(row.word_first, row.word_first + row.words):
            out[words[at]] = True


@nb.njit(cache=True, nogil=True)
def _begins(counts: Rows, wanted: Flags, out: Ints) -> int:
    """Where the rows of each wanted word begin; how many there are of all."""
    total = 0
    for word in range(counts.size):
        out[word] = total
        if wanted[word]:
            total += counts[word]
    return total


def holders(reports: Reports, terms: Terms, loose: Ints, few: int) -> Holders:
    """Inverted index of the words that loose reports hold."""
    counts = terms.holders
    wanted = np.zeros(counts.size, np.bool_)
    _wanted(reports.rows, reports.words, loose, wanted)
    texts = int(np.count_nonzero(reports.rows["words"]))
    wanted &= (counts >= 2) & (counts <= max(few, texts // 20))
    start = np.zeros(counts.size + 1, np.int64)
    rows = np.empty(_begins(counts, wanted, start[1:]), np.int32)
    mid_s = reports.rows["mid_s"]
    order = np.argsort(mid_s, kind="stable").astype(np.int64)
    # What begins as each word's beginning is moved on to its end, which is where the next begins.
    _held(reports.rows, reports.words, order, wanted, start[1:], rows)
    return Holders(start, rows, mid_s[rows], order, mid_s[order], few)


@nb.njit(**PLAIN_LEAF)
def _put(rows: Ints, count: int, row: int) -> int:
    for k in range(count):
        if rows[k] == row:
            return count
    if count < rows.size:
        rows[count] = row
        return count + 1
    return count


@nb.njit(**PLAIN_LEAF)
def candidates(reports: Reports, held: Holders, i: int, gate: float, out: Ints) -> int:
    """Rows that share a rare word, or a quiet stretch of time, with row i; how many."""
    row = reports.rows[i]
    reach_s = gate * math.sqrt(row.time_var_s2) + 0.75 * DAY_S
    low_s, high_s = row.mid_s - reach_s, row.mid_s + reach_s
    count = 0
    for at in range(row.word_first, row.word_first + row.words):
        word = reports.words[at]
        begin = lower_bound(held.mid_s, held.start[word], held.start[word + 1], low_s)
        stop = lower_bound(held.mid_s, begin, held.start[word + 1], high_s)
        if stop - begin <= held.few:
            for k in range(begin, stop):
                if held.rows[k] != i:
                    count = _put(out, count, held.rows[k])
    begin = lower_bound(held.all_mid_s, 0, held.all_mid_s.size, low_s)
    stop = lower_bound(held.all_mid_s, begin, held.all_mid_s.size, high_s)
    if stop - begin <= held.few:
        for k in range(begin, stop):
            if held.all_rows[k] != i:
                count = _put(out, count, held.all_rows[k])
    return count


@nb.njit(cache=True, parallel=True)
def _ask_words(
    reports: Reports,
    terms: Terms,
    held: Holders,
    loose: Ints,
    allowed: Flags,
    limits: tuple[float, float],
    kept: Rows,
    scores: Scores,
) -> None:
    chunks = min(loose.size, 64)
    for chunk in nb.prange(chunks):
        found = np.empty(256, np.int64)
        for k in range(chunk * loose.size // chunks, (chunk + 1) * loose.size // chunks):
            i = loose[k]
            count = candidates(reports, held, i, limits[0], found)
            for c in range(count):
                j = found[c]
                if allowed[j]:
                    score = pair_nats(reports, terms, i, j, limits[1])
                    if score > limits[1]:
                        keep_best(kept[k], scores[k], j, np.float32(score))


def propose_by_words(
    reports: Reports,
    terms: Terms,
    held: Holders,
    loose: Ints,
    allowed: Flags,
    limits: tuple[float, float],
) -> Edges:
    """Pairs of loose rows with the rows allowed, whose evidence exceeds the second limit.

    Parameters
    ----------
    limits
        Gate in standard deviations of time, and the least evidence kept, nats.
    """
    rows = np.full((loose.size, _KEPT), -1, np.int32)
    scores = np.empty((loose.size, _KEPT), np.float32)
    _ask_words(reports, terms, held, loose, allowed, limits, rows, scores)
    return flatten(loose, rows, scores)
