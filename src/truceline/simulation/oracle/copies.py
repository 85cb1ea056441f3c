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
    for of in _alike(evidence, rows, number):
        later, earlier = np.tril_indices(len(of), -1)
        copy, origin = of[later], of[earlier]
        with np.errstate(divide="ignore", invalid="ignore"):
            nats = copying.log_density(numbers, said.take(copy), said.take(origin), watch.posts)
        nats = nats + np.log(numbers["copy_mean"]) + _log_words(evidence, number, copy, origin)
        nats = np.where(np.isnan(nats), -np.inf, nats)
        nats = nats - np.where(np.isfinite(log_alone), log_alone, -1e6)[copy]
        for one in of[1:]:
            its = np.flatnonzero(copy == one)
            best = its[int(np.argmax(nats[its]))]
            if nats[best] > 0:
                source[one] = origin[best]


def _alike(evidence: Evidence, rows: Ints, number: int) -> Iterator[Ints]:
    """Sightings among which some may repeat others, two or more, in the order of their reports.

    They are alike in what every copy leaves as it is, so that nobody need look at all pairs of a year.
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
    ends = np.cumsum(np.bincount(group))
    for of in np.split(order[np.argsort(group, kind="stable")], ends[:-1]):
        if len(of) > 1:
            yield of


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
