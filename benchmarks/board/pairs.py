"""Two partitions of the same observations against each other, drawn together."""

import numpy as np

from benchmarks.rivals.contract import Floats, Ints
from truceline.simulation.scoring.resample import NOTHING, Banded, banded


def pair_parts(true: Ints, labels: Ints) -> Floats:
    """`(n, 2)` of each observation: pairs right, and pairs made plus pairs there are; halved.

    Parameters
    ----------
    true
        `(n,)` true incident; -1: clutter, which is alone.
    labels
        `(n,)` label; below zero: alone.
    """
    rows = np.arange(true.size)
    true, labels = (np.where(each < 0, -1 - rows, each) for each in (true, labels))
    beside = [_size(each) - 1 for each in (true, labels)]
    _, true_number = np.unique(true, return_inverse=True)
    _, number = np.unique(labels, return_inverse=True)
    both = _size(true_number.astype(np.int64) * (number.max(initial=0) + 1) + number) - 1
    return np.stack([both / 2, (beside[0] + beside[1]) / 2], axis=1)


def pair_f1(true: Ints, labels: Ints) -> float:
    """Harmonic mean of pair precision and recall.

    Examples
    --------
    >>> pair_f1(np.array([0, 0, 1, -1]), np.array([5, 5, 5, -1]))
    0.5
    """
    right, total = pair_parts(true, labels).sum(axis=0)
    return float(2 * right / total) if total else float("nan")


def f1_ratio(true: Ints, one: Ints, other: Ints, block: Ints, rng: np.random.Generator) -> Banded:
    """Pair F1 of one partition divided by that of the other, campaigns drawn for both at once."""
    if not true.size:
        return NOTHING
    columns = np.hstack([pair_parts(true, one), pair_parts(true, other)])
    return banded(block, columns, lambda s: s[:, 0] / s[:, 1] * s[:, 3] / s[:, 2], rng)


def _size(labels: Ints) -> Ints:
    _, number, count = np.unique(labels, return_inverse=True, return_counts=True)
    return count[number]
