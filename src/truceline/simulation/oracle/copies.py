"""Which texts repeat which: the likeliest source of each, or none.

Equal or near-equal words tell it, and where a copier writes in words of its own an equal instant does.
The words are drawn from two thousand million, so this is all but certain and is settled beforehand.
"""

from collections.abc import Iterator

import numpy as np

from truceline.simulation.columns import Bools, Floats, Ints
from truceline.simulation.observers import copying
from truceline.simulation.oracle.evidence import Evidence
from truceline.simulation.text.telling import ENDING

_WORDINGS = 2.0**31
_ENDINGS = 11
_AT_ONCE = 1 << 19  # pairs that are weighed together


def roots(evidence: Evidence, log_alone: Floats) -> Ints:
    """`(n,)` the account at the root of each sighting; its own number where it is no copy.

    Parameters
    ----------
    evidence
        Everything told.
    log_alone
        `(n,)` nats of each as an account of its own, of a deed or of nothing.
    """
    source = np.arange(len(evidence))
    for number, watch in enumerate(evidence.watches):
        rows = np.flatnonzero(evidence.kind == number)
        if watch.observer.copies and len(rows) > 1 and len(watch.posts) > 1:
            _sources(evidence, rows, number, log_alone, source)
    while not np.array_equal(source, source[source]):
        source = source[source]
    return source


def _sources(evidence: Evidence, rows: Ints, number: int, log_alone: Floats, source: Ints) -> None:
    watch, said = evidence.watches[number], evidence.told
    numbers = watch.numbers
    for copy, origin in _pairs(*_alike(evidence, rows, number)):
        with np.errstate(divide="ignore", invalid="ignore"):
            nats = copying.log_density(numbers, said.take(copy), said.take(origin), watch.posts)
        nats = nats + np.log(numbers["copy_mean"]) + _log_words(evidence, number, copy, origin)
        nats = np.where(np.isnan(nats), -np.inf, nats)
        nats = nats - np.where(np.isfinite(log_alone), log_alone, -1e6)[copy]
        first = np.flatnonzero(np.diff(copy, prepend=-1))  # pairs of one copy stand together
        most = np.repeat(np.maximum.reduceat(nats, first), np.diff(first, append=len(copy)))
        best = np.flatnonzero((nats == most) & (nats > 0))
        _, at = np.unique(copy[best], return_index=True)  # of equals the earliest report
        source[copy[best[at]]] = origin[best[at]]


def _pairs(order: Ints, group: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Each sighting with each earlier one of its group, some sightings' pairs at once."""
    began = np.flatnonzero(np.diff(group, prepend=-1))
    place = np.arange(len(order))
    start = np.repeat(began, np.diff(began, append=len(order)))
    before = place - start  # how many of its group come before each
    up_to = np.cumsum(before)
    first = 0
    while first < len(order):
        done = up_to[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(up_to, done + _AT_ONCE, side="right")))
        count = before[first:last]
        copy = np.repeat(place[first:last], count)
        back = np.arange(len(copy)) - np.repeat(np.cumsum(count) - count, count)
        if len(copy):
            yield order[copy], order[start[copy] + back]
        first = last


def _alike(evidence: Evidence, rows: Ints, number: int) -> tuple[Ints, Ints]:
    """Sightings by groups, some of which may repeat others, each in the order of its reports.

    They are alike in what every copy leaves as it is, so that nobody need look at all pairs of a year.

    Returns
    -------
    rows, group
        Groups stand together.
    """
    said = evidence.told
    order = rows[np.lexsort((rows, said.reported_s[rows]))]
    is_translated = _is_translated(evidence, number)
    wording = said.wording[order].astype(np.float64)
    said_at = said.seen_from_s[order] if is_translated else wording
    words = np.zeros(len(order)) if is_translated else wording % ENDING
    apart = 0.0 if is_translated else float(ENDING * _ENDINGS)  # by the ending of a copy
    keys = np.stack([said.place[order], said.rounds[order], words])
    by = np.lexsort((said_at, *keys[::-1]))
    with np.errstate(invalid="ignore"):
        is_new = np.any(np.diff(keys[:, by]) != 0, axis=0) | (np.diff(said_at[by]) > apart)
    group = np.empty(len(order), np.int64)
    group[by] = np.cumsum(np.r_[False, is_new])
    together = np.argsort(group, kind="stable")
    return order[together], group[together]


def _is_translated(evidence: Evidence, number: int) -> bool:
    numbers = evidence.watches[number].numbers
    return copying.FAMILIES[int(numbers["copying"])] == "translated"


def _log_words(evidence: Evidence, number: int, copy: Ints, origin: Ints) -> Floats:
    """Nats of a copy's words given its source's, against words of its own."""
    watch, wording = evidence.watches[number], evidence.told.wording
    if _is_translated(evidence, number):
        return np.zeros(len(copy))
    verbatim = float(watch.numbers["copy_verbatim"])
    same: Bools = wording[copy] == wording[origin]
    ended = (wording[copy] - wording[origin]) / ENDING
    other = (ended >= 1) & (ended <= _ENDINGS) & (ended == np.floor(ended))
    with np.errstate(divide="ignore"):
        found = np.where(same, np.log(verbatim), np.log((1 - verbatim) / _ENDINGS))
    return np.where(same | other, found + np.log(_WORDINGS), -np.inf)
