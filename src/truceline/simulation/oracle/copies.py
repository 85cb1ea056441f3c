"""Which texts repeat which: the likeliest source of each, or none.

Equal or near-equal words tell it, and where a copier writes in words of its own an equal instant does.
The words are drawn from two thousand million, so this is all but certain and is settled beforehand.
"""

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
    order = rows[np.lexsort((rows, said.reported_s[rows]))]
    numbers = watch.numbers
    for key in np.unique(np.stack([said.place[order], said.rounds[order]]), axis=1).T:
        of = order[(said.place[order] == key[0]) & (said.rounds[order] == key[1])]
        if len(of) < 2:
            continue
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


def _log_words(evidence: Evidence, number: int, copy: Ints, origin: Ints) -> Floats:
    """Nats of a copy's words given its source's, against words of its own."""
    watch, wording = evidence.watches[number], evidence.told.wording
    if copying.FAMILIES[int(watch.numbers["copying"])] == "translated":
        return np.zeros(len(copy))
    verbatim = float(watch.numbers["copy_verbatim"])
    same: Bools = wording[copy] == wording[origin]
    ended = (wording[copy] - wording[origin]) / ENDING
    other = (ended >= 1) & (ended <= _ENDINGS) & (ended == np.floor(ended))
    with np.errstate(divide="ignore"):
        found = np.where(same, np.log(verbatim), np.log((1 - verbatim) / _ENDINGS))
    return np.where(same | other, found + np.log(_WORDINGS), -np.inf)
