"""Who belongs with whom: pair precision, recall and F1, and B-cubed, hard or in expectation."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from truceline.simulation.scoring.resample import Banded, banded

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """In which incident each observation is, one row for each that is possible.

    Parameters
    ----------
    rows
        How many observations there are; those without a row are alone.
    row, incident, probability
        `(m,)` observation, number of the incident, and how surely; what is missing to one is that
        the observation is alone.
    """

    rows: int
    row: Ints
    incident: Ints
    probability: Floats

    def homes(self) -> Ints:
        """Likeliest incident of each observation, the lower number of equals; -1: likelier alone."""
        order = np.lexsort((self.incident, -self.probability, self.row))
        first = order[np.diff(self.row[order], prepend=-1) != 0]
        sure = self.probability[first] >= self.alone()[self.row[first]]
        home = np.full(self.rows, -1, np.int64)
        home[self.row[first[sure]]] = self.incident[first[sure]]
        return home

    def alone(self) -> Floats:
        """How surely each observation belongs to none of its incidents."""
        told = np.bincount(self.row, weights=self.probability, minlength=self.rows)
        return np.maximum(1.0 - told, 0.0)


def labelled(labels: Ints) -> Shares:
    """A hard labelling as shares; -1 stands alone.

    Examples
    --------
    >>> labelled(np.array([4, 4, -1])).homes().tolist()
    [4, 4, -1]
    """
    row = np.flatnonzero(labels >= 0)
    return Shares(
        rows=labels.size,
        row=row,
        incident=labels[row].astype(np.int64),
        probability=np.ones(row.size),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far a partition agrees with the true one; every number from 0 to 1."""

    pair_precision: Banded
    pair_recall: Banded
    pair_f1: Banded
    bcubed_precision: Banded
    bcubed_recall: Banded
    bcubed: Banded


def agreement(true: Ints, shares: Shares, block: Ints, rng: Generator) -> Agreement:
    """Pair and B-cubed scores of a partition, each observation's part summed and banded by blocks.

    Soft rows count in expectation, taking observations as independent given their shares: two
    reports of one true incident are joined with probability `sum over incidents of p * q`. B-cubed
    precision is then a ratio of expectations; all else is exact.

    Parameters
    ----------
    true
        `(n,)` number of the true incident; -1: clutter, which belongs with nothing.
    shares
        The partition to judge.
    block
        `(n,)` what is resampled together.

    References
    ----------
    Bagga and Baldwin 1998 (B-cubed); Amigó et al. 2009, Information Retrieval 12:461.

    Examples
    --------
    >>> from numpy.random import PCG64
    >>> judged = agreement(np.array([0, 0, 1]), labelled(np.array([5, 5, 5])), np.arange(3), Generator(PCG64(1)))
    >>> round(judged.pair_precision.value, 3), judged.pair_recall.value, round(judged.bcubed_precision.value, 3)
    (0.333, 1.0, 0.556)
    """
    columns = _parts(true, shares)

    def of(number: int, other: int) -> Banded:
        return banded(block, columns, lambda s: s[:, number] / s[:, other], rng)

    return Agreement(
        pair_precision=of(0, 1),
        pair_recall=of(0, 2),
        pair_f1=banded(block, columns, lambda s: 2 * s[:, 0] / (s[:, 1] + s[:, 2]), rng),
        bcubed_precision=of(3, 5),
        bcubed_recall=of(4, 5),
        bcubed=banded(block, columns, _harmonic, rng),
    )


def _harmonic(sums: Floats) -> Floats:
    precision, recall = sums[:, 3] / sums[:, 5], sums[:, 4] / sums[:, 5]
    return 2 * precision * recall / (precision + recall)


def _parts(true: Ints, shares: Shares) -> Floats:
    """Of each observation: pairs right, pairs made, pairs there are, B-cubed P and R, and one."""
    row, p = shares.row, shares.probability
    _, incident = np.unique(shares.incident, return_inverse=True)
    of_row = true[row]
    mass = np.bincount(incident, weights=p)
    _, cell = np.unique(
        np.where(of_row < 0, -1 - row, of_row) * max(mass.size, 1) + incident, return_inverse=True
    )
    shared = np.bincount(cell, weights=p)
    beside, together = mass[incident] - p, shared[cell] - p
    size = _sizes(true)
    alone = shares.alone()
    return np.stack(
        [
            _over(row, p * together, shares.rows) / 2,
            _over(row, p * beside, shares.rows) / 2,
            (size - 1) / 2,
            _over(row, p * (1 + together) / (1 + beside), shares.rows) + alone,
            (_over(row, p * (1 + together), shares.rows) + alone) / size,
            np.ones(shares.rows),
        ],
        axis=1,
    )


def _over(row: Ints, values: Floats, rows: int) -> Floats:
    return np.bincount(row, weights=values, minlength=rows).astype(np.float64)


def _sizes(true: Ints) -> Floats:
    """Observations in each one's true incident; clutter is alone."""
    _, number, count = np.unique(true, return_inverse=True, return_counts=True)
    size: Floats = np.where(true < 0, 1, count[number]).astype(np.float64)
    return size
