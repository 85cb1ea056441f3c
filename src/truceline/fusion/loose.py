"""Pairs for reports that nobody placed, or only in a wide area: proposed by rare words and by time.

A word (or a stretch of time) proposes pairs only where few reports hold it: what everybody says on
a busy day joins nothing.
"""

import math
from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

from truceline.fusion.block import Edges, Rows, Scores, keep_best, lower_bound, merge_edges
from truceline.fusion.columns import Flags, Floats, Ints, Reports
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


@nb.njit(cache=True)
def _held(first: Ints, words: Words, order: Ints, wanted: Flags, start: Ints, out: Rows) -> None:
    for row in order:
        for at in range(first[row], first[row + 1]):
            word = words[at]
            if wanted[word]:
                out[start[word]] = row
                start[word] += 1


def holders(reports: Reports, terms: Terms, loose: Ints, few: int) -> Holders:
    """Inverted index of the words that loose reports hold."""
    counts = terms.holders
    wanted = np.zeros(counts.size, np.bool_)
    for row in range(0, loose.size, 65_536):
        part = loose[row : row + 65_536]
        spans = [np.arange(reports.word_first[r], reports.word_first[r + 1]) for r in part]
        if spans:
            wanted[reports.words[np.concatenate(spans)]] = True
    texts = int(np.count_nonzero(np.diff(reports.word_first)))
    wanted &= (counts >= 2) & (counts <= max(few, texts // 20))
    start = np.zeros(counts.size + 1, np.int64)
    np.cumsum(np.where(wanted, counts, 0), out=start[1:])
    rows = np.empty(start[-1], np.int32)
    order = np.argsort(reports.mid_s, kind="stable").astype(np.int64)
    _held(reports.word_first, reports.words, order, wanted, start[:-1].copy(), rows)
    return Holders(start, rows, reports.mid_s[rows], order, reports.mid_s[order], few)


@nb.njit(cache=True)
def _put(rows: Ints, count: int, row: int) -> int:
    for k in range(count):
        if rows[k] == row:
            return count
    if count < rows.size:
        rows[count] = row
        return count + 1
    return count


@nb.njit(cache=True)
def candidates(reports: Reports, held: Holders, i: int, gate: float, out: Ints) -> int:
    """Rows that share a rare word, or a quiet stretch of time, with row i; how many."""
    reach_s = gate * math.sqrt(reports.time_var_s2[i]) + 0.75 * DAY_S
    low_s, high_s = reports.mid_s[i] - reach_s, reports.mid_s[i] + reach_s
    count = 0
    for at in range(reports.word_first[i], reports.word_first[i + 1]):
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
    kept: tuple[Rows, Scores],
) -> None:
    for k in nb.prange(loose.size):
        i = loose[k]
        found = np.empty(256, np.int64)
        count = candidates(reports, held, i, limits[0], found)
        for c in range(count):
            j = found[c]
            if allowed[j]:
                score = pair_nats(reports, terms, i, j, limits[1])
                if score > limits[1]:
                    keep_best(kept[0][k], kept[1][k], j, np.float32(score))


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
    _ask_words(reports, terms, held, loose, allowed, limits, (rows, scores))
    at, slot = np.nonzero(rows >= 0)
    one = loose[at].astype(np.int32)
    return merge_edges([Edges(one, rows[at, slot], scores[at, slot].astype(np.float64))])
