"""Who did it: naive Bayes on claims, ground, direction and type, each report on its own.

It learns from truth, which the line never sees, and takes every copy for another witness.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.rivals.contract import Floats, Given, Ints, Rival
from benchmarks.rivals.testimony import claims, holder
from truceline.tables.posterior import TYPES

_DIRECTIONS = ("undetermined", "outgoing", "incoming", "impact", "transit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """Logarithms of how often each author is, and of each feature given the author."""

    base: Floats
    of: tuple[Floats, ...]
    claim: Floats


def learn(given: Given, authors: Ints, *, smooth: float, by_type: bool, by_source: bool) -> Learned:
    """Counts with `smooth` added to each."""
    known = authors >= 0
    width = len(given.hypotheses)

    def shares(value: Ints, size: int) -> Floats:
        table = np.full((width, size), smooth)
        np.add.at(table, (authors[known], value[known]), 1.0)
        return np.log(table / table.sum(1, keepdims=True))

    base = np.bincount(authors[known], minlength=width) + smooth
    said = np.full((width, len(given.parties)), smooth)
    np.add.at(said, authors[known], claims(given, by_source=by_source)[known])
    return Learned(
        base=np.log(base / base.sum()),
        of=tuple(shares(value, size) for value, size in _features(given, by_type)),
        claim=np.log(said / said.sum(1, keepdims=True)),
    )


def run(given: Given, learned: Learned, *, smooth: float, by_type: bool, by_source: bool) -> Floats:
    """Probabilities."""
    del smooth
    nats = learned.base + claims(given, by_source=by_source) @ learned.claim.T
    for (value, _), table in zip(_features(given, by_type), learned.of, strict=True):
        nats = nats + table[:, value].T
    odds = np.exp(nats - nats.max(1, keepdims=True))
    return odds / odds.sum(1, keepdims=True)


def _features(given: Given, by_type: bool) -> list[tuple[Ints, int]]:
    """Number of the value of each feature, and how many there are; the last means not told."""
    party = holder(given)
    found = [
        (party % (len(given.parties) + 1), len(given.parties) + 1),
        (_index(given.acts["direction"], _DIRECTIONS), len(_DIRECTIONS) + 1),
    ]
    if by_type:
        found.append((_index(given.acts["type"], TYPES), len(TYPES) + 1))
    return found


def _index(column: pa.ChunkedArray, words: tuple[str, ...]) -> Ints:
    found = pc.index_in(column, value_set=pa.array(words)).fill_null(len(words))
    return np.asarray(found).astype(np.int64)


RIVAL = Rival(
    name="naive Bayes",
    task="attribution",
    idea="naive Bayes that takes copies for witnesses; own",
    run=run,
    learn=learn,
    grid={"smooth": (0.1, 1.0, 10.0), "by_type": (True, False), "by_source": (True, False)},
)
