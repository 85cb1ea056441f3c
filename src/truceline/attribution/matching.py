"""Of every root one item, of every group one root: which items of an act count.

A root that gives several kinds of evidence is still one, and many roots that give the same are one
ground. So roots are matched to groups, for each hypothesis and for and against it apart, such that
what is counted is most: first of what observers found, then of what is firm otherwise, then of what
is asserted. More evidence never counts for less, and no order of arrival decides.
"""

from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

ASSERTED, FIRM, PHYSICAL = range(3)
# A thousandth of a nat found outranks any nat that is only firm; caps keep all below seven.
_RANK = np.array([1.0e-6, 1.0e-3, 1.0])  # by class

COUNTS, WEAKER, SPENT, TWICE = range(4)
"""Why an item counts or not: it does; another of its group is stronger; its root counts by another
group; it falls without a root that counts by itself."""


class Edges(NamedTuple):
    """Items of one act each with its group, its root (numbers that sort as their words) and its class."""

    start: Integers  # of each act's items, one more at the end
    group: Integers
    root: Integers
    rank: Integers
    nats: Floats


@nb.njit(cache=True)
def match(edges: Edges, state: npt.NDArray[np.int8]) -> None:
    """Say of every item and hypothesis whether it counts; `state` is `(items, hypotheses)`."""
    for act in range(edges.start.size - 1):
        begin, end = edges.start[act], edges.start[act + 1]
        roots, root = _numbered(edges.root[begin:end])
        slots, slot = _slots(edges.group[begin:end], root)
        for hypothesis in range(edges.nats.shape[1]):
            for sign in (1.0, -1.0):
                value = edges.nats[begin:end, hypothesis] * sign
                if value.max() <= 0.0:
                    continue
                worth = np.where(value > 0.0, value * _RANK[edges.rank[begin:end]], 0.0)
                chosen = _chosen(worth, root, slot, (roots, slots))
                for k in np.flatnonzero(worth):
                    by = chosen[root[k]]
                    if by == k:
                        state[begin + k, hypothesis] = COUNTS
                    elif by >= 0 and edges.group[begin + by] != edges.group[begin + k]:
                        state[begin + k, hypothesis] = SPENT
                    else:
                        state[begin + k, hypothesis] = WEAKER


@nb.njit(cache=True)
def _numbered(values: Integers) -> tuple[int, Integers]:
    distinct = np.unique(values)
    return distinct.size, np.searchsorted(distinct, values)


@nb.njit(cache=True)
def _slots(group: Integers, root: Integers) -> tuple[int, Integers]:
    """Number each item's group among those that several roots give; -1: its root's own."""
    groups, number = _numbered(group)
    giver = np.full(groups, -1, np.int64)
    slot = np.full(groups, -1, np.int64)
    slots = 0
    for k in range(number.size):
        g = number[k]
        if giver[g] < 0:
            giver[g] = root[k]
        elif giver[g] != root[k] and slot[g] < 0:
            slot[g] = slots
            slots += 1
    return slots, slot[number]


@nb.njit(cache=True)
def _chosen(worth: Floats, root: Integers, slot: Integers, sizes: tuple[int, int]) -> Integers:
    """The item by which each root counts, -1 for none.

    A root falls back on the best of what it alone gives. Groups that several roots give go to
    those that gain most by them.
    """
    roots, slots = sizes
    own = np.zeros(roots)
    chosen = np.full(roots, -1, np.int64)
    best = np.full((slots, roots), -1, np.int64)
    most = np.zeros((slots, roots))
    for k in range(worth.size):
        r, g = root[k], slot[k]
        if g < 0 and worth[k] > own[r]:
            own[r], chosen[r] = worth[k], k
        elif g >= 0 and worth[k] > most[g, r]:
            most[g, r], best[g, r] = worth[k], k
    if slots:
        gain = np.zeros((slots, roots + slots))  # the last: nobody takes the group
        gain[:, :roots] = np.where(most > 0.0, most - own, -1.0)
        taken = _assigned(gain)
        for g in range(slots):
            if taken[g] < roots and gain[g, taken[g]] > 0.0:
                chosen[taken[g]] = best[g, taken[g]]
    return chosen


@nb.njit(cache=True)
def _assigned(gain: Floats) -> Integers:
    """A column for each row such that the sum of gains is most (the Hungarian method, Kuhn 1955)."""
    rows, columns = gain.shape
    of_row, of_column = np.zeros(rows + 1), np.zeros(columns + 1)
    holder = np.zeros(columns + 1, np.int64)
    way = np.zeros(columns + 1, np.int64)
    for row in range(1, rows + 1):
        holder[0] = row
        least = np.full(columns + 1, np.inf)
        used = np.zeros(columns + 1, np.bool_)
        at = 0
        while True:
            used[at] = True
            step, after = _nearest(gain, (of_row, of_column), (holder[at], at), used, least, way)
            for column in range(columns + 1):
                if used[column]:
                    of_row[holder[column]] += step
                    of_column[column] -= step
                else:
                    least[column] -= step
            at = after
            if holder[at] == 0:
                break
        while at:
            holder[at] = holder[way[at]]
            at = way[at]
    taken = np.empty(rows, np.int64)
    for column in range(1, columns + 1):
        if holder[column]:
            taken[holder[column] - 1] = column - 1
    return taken


@nb.njit(cache=True)
def _nearest(
    gain: Floats,
    potential: tuple[Floats, Floats],
    here: tuple[int, int],
    used: Mask,
    least: Floats,
    way: Integers,
) -> tuple[float, int]:
    """The next column that an augmenting path reaches, and how much dearer it is."""
    of_row, of_column = potential
    row, at = here
    step, after = np.inf, 0
    for column in range(1, used.size):
        if not used[column]:
            cost = -gain[row - 1, column - 1] - of_row[row] - of_column[column]
            if cost < least[column]:
                least[column], way[column] = cost, at
            if least[column] < step:
                step, after = least[column], column
    return step, after
