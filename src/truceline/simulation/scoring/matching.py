"""Which computed thing stands for which true one: one to one, by the sightings that they share."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def match(true: Ints, home: Ints, trues: int, may_match: Flags) -> Ints:
    """The computed incident that stands for each true one; -1: none.

    A computed incident may stand for a true one if it holds more than half of its sightings; there is
    then at most one such for each true one, and each takes, of those that it may stand for, the one
    with most shared sightings (the lowest number of equals). That is the assignment of greatest
    weight, as no true one has a second candidate.

    Parameters
    ----------
    true, home
        `(n,)` number of the true and of the computed incident of each observation; -1: none.
    trues
        How many true incidents there are.
    may_match
        `(computed,)` which computed ones take part.

    Examples
    --------
    >>> match(np.array([0, 0, 0, 1, 1]), np.array([0, 0, 1, 0, 0]), 2, np.array([True, True])).tolist()
    [0, -1]
    """
    width = max(may_match.size, 1)
    at = np.flatnonzero((true >= 0) & (home >= 0))
    at = at[may_match[home[at]]] if may_match.size else at[:0]
    key, shared = np.unique(true[at] * width + home[at], return_counts=True)
    of, by = key // width, key % width
    seen = np.bincount(true[true >= 0], minlength=trues)
    most = 2 * shared > seen[of]
    of, by, shared = of[most], by[most], shared[most]
    order = np.lexsort((of, -shared, by))
    first = order[np.diff(by[order], prepend=-1) != 0]
    found = np.full(trues, -1, np.int64)
    found[of[first]] = by[first]
    return found


def pair_off(one: Ints, other: Ints, rank: Floats) -> Ints:
    """Rows of a one-to-one choice among candidate pairs, best first.

    A pair is taken where each is the best left of the other, again and again until no pair is left:
    the stable matching of a common ranking.

    Parameters
    ----------
    one, other
        `(m,)` the two sides of each candidate.
    rank
        `(m,)` the greater the better; equals go to the lower row.

    Examples
    --------
    >>> pair_off(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([2.0, 1.0, 3.0])).tolist()
    [1, 2]
    """
    left = np.lexsort((np.arange(rank.size), -rank))
    taken: list[Ints] = []
    while left.size:
        best = np.intersect1d(_first(one, left), _first(other, left))
        taken.append(best)
        free = ~np.isin(one[left], one[best]) & ~np.isin(other[left], other[best])
        left = left[free]
    return np.sort(np.concatenate(taken)) if taken else np.empty(0, np.int64)


def _first(side: Ints, order: Ints) -> Ints:
    """Of each value of a side, its best row."""
    return order[np.unique(side[order], return_index=True)[1]]
