"""The posterior over partitions of a few sightings, exactly: every block of every partition is summed.

A partition's weight is the product over its blocks; a sighting may also be of nothing. Sums go over
subsets (the block of the lowest sighting that is left is chosen first), so eight sightings need 256
blocks and some thousands of sums in place of 21,147 partitions.
"""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Floats, Ints

Score = Callable[[tuple[int, ...]], float]
"""Nats of a block of sightings as one deed; members in order, minus infinity where it cannot be."""


def draws(score: Score, log_false: Floats, count: int, rng: Generator) -> Ints:
    """Partitions drawn from the posterior, `(count, n)`: number of the block; -1: of nothing.

    Parameters
    ----------
    score
        Of sightings by their numbers from 0.
    log_false
        `(n,)` nats of each as a false alarm.
    count
        How many.
    rng
        A generator.

    Examples
    --------
    >>> from numpy.random import PCG64
    >>> together = lambda block: 5.0 if len(block) == 2 else -5.0
    >>> draws(together, np.full(2, -5.0), 2, Generator(PCG64(1))).tolist()
    [[0, 0], [0, 0]]
    """
    tables = _tables(score, log_false)
    found = np.full((count, len(log_false)), -1, dtype=np.int64)
    for row in range(count):
        left, number = (1 << len(log_false)) - 1, 0
        while left:
            options, weights = tables[left]
            block = options[min(int(np.searchsorted(weights, rng.random())), len(options) - 1)]
            if block > 0:
                members = [i for i in range(len(log_false)) if block >> i & 1]
                found[row, members] = number
                number += 1
            left &= ~abs(block)
    return found


def log_evidence(score: Score, log_false: Floats) -> float:
    """Nats of everything together: the sum over all partitions.

    Examples
    --------
    >>> round(log_evidence(lambda block: 0.0, np.zeros(1)), 6) == round(float(np.log(2)), 6)
    True
    """
    return _sums(score, log_false)[0][-1]


def _sums(score: Score, log_false: Floats) -> tuple[list[float], list[list[tuple[int, float]]]]:
    """Log sums by subset, and for each subset the choices for its lowest member with their nats.

    A choice is the bits of a block; below zero: its only member is of nothing.
    """
    n = len(log_false)
    of_block = [-np.inf] * (1 << n)
    for block in range(1, 1 << n):
        of_block[block] = score(tuple(i for i in range(n) if block >> i & 1))
    total, choices = [0.0], [[]]  # type: ignore[var-annotated]
    for left in range(1, 1 << n):
        low = left & -left
        rest = left ^ low
        found = [(-low, float(log_false[low.bit_length() - 1]) + total[rest])]
        some = rest
        while True:
            block = some | low
            if np.isfinite(of_block[block]):
                found.append((block, of_block[block] + total[left ^ block]))
            if some == 0:
                break
            some = (some - 1) & rest
        nats = np.array([nat for _, nat in found])
        top = nats.max()
        total.append(float(top + np.log(np.exp(nats - top).sum())) if np.isfinite(top) else -np.inf)
        choices.append(found)
    return total, choices


def _tables(score: Score, log_false: Floats) -> list[tuple[list[int], Floats]]:
    total, choices = _sums(score, log_false)
    tables: list[tuple[list[int], Floats]] = [([], np.zeros(0))]
    for left in range(1, len(total)):
        nats = np.array([nat for _, nat in choices[left]])
        share = np.exp(nats - total[left]) if np.isfinite(total[left]) else np.ones(len(nats))
        tables.append(([block for block, _ in choices[left]], np.cumsum(share / share.sum())))
    return tables
