"""Which reports tell of one incident: components of linked pairs, each partitioned on its own.

Components are global: nothing depends on how the evidence was cut into shards. One that would grow
past the cap is cut at its weakest pairs. Up to `EXACT` reports every partition is compared; above,
the best merge is taken until none is left, then single reports move while that gains.
"""

from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

from truceline.fusion.block import Edges
from truceline.fusion.columns import Floats, Ints, Reports
from truceline.fusion.exact import FIXED_POINT, best_partition, score_subsets
from truceline.fusion.group import (
    Labels,
    Members,
    group_nats,
    may_join,
    may_meet,
    members_of,
)
from truceline.fusion.score import Terms

EXACT = 8
_NEVER = -(1 << 60)
_ROUNDS = 3


class Partition(NamedTuple):
    """For each row, its group and the runner-up decisions; -1 and -inf where there is none.

    `group` is the lowest row of the group. `leave` is the log odds that the row stands alone,
    `move` that it belongs to the group `move_to`; `merge` (at the group's own row) that the whole
    group is one with `merge_with`. `nats` (there too) is the group's score against separation.
    """

    group: Ints
    leave: Floats
    move: Floats
    move_to: Ints
    merge: Floats
    merge_with: Ints
    nats: Floats


class Components(NamedTuple):
    """Connected rows, and how many pairs the cap cut."""

    start: Ints
    rows: Ints
    cut: int


@nb.njit(cache=True, inline="always")
def _find(parent: Ints, row: int) -> int:
    while parent[row] != row:
        parent[row] = parent[parent[row]]
        row = parent[row]
    return row


@nb.njit(cache=True)
def _union(parent: Ints, size: Ints, one: Ints, other: Ints, cap: int) -> int:
    cut = 0
    for k in range(one.size):
        a, b = _find(parent, one[k]), _find(parent, other[k])
        if a == b:
            continue
        if size[a] + size[b] > cap:
            cut += 1
            continue
        low, high = min(a, b), max(a, b)
        parent[high] = low
        size[low] += size[high]
    for row in range(parent.size):
        parent[row] = _find(parent, row)
    return cut


def components(rows: int, edges: Edges, cap: int) -> Components:
    """Rows that pairs above zero connect, the strongest pairs first, none larger than `cap`.

    A pair whose union would be larger is cut: the rule needs no order of arrival, for pairs of
    equal evidence (in fixed point) follow their rows.
    """
    strong = np.flatnonzero(edges.nats > 0)
    whole = np.rint(edges.nats[strong] * FIXED_POINT).astype(np.int64)
    order = strong[np.argsort(-whole, kind="stable")]
    parent = np.arange(rows, dtype=np.int64)
    size = np.ones(rows, np.int64)
    one = edges.one[order].astype(np.int64)
    other = edges.other[order].astype(np.int64)
    cut = _union(parent, size, one, other, cap)
    linked = np.flatnonzero(size[parent] > 1)
    members = linked[np.argsort(parent[linked], kind="stable")]
    fresh = np.flatnonzero(np.diff(parent[members], prepend=-1))
    return Components(np.append(fresh, members.size).astype(np.int64), members, int(cut))


@nb.njit(cache=True, inline="always")
def _fixed(nats: float) -> int:
    return int(np.rint(nats * FIXED_POINT))


@nb.njit(cache=True)
def _best_gain(gain: npt.NDArray[np.int64], alive: npt.NDArray[np.bool_]) -> tuple[int, int]:
    best_a, best_b, best = -1, -1, 0
    for a in range(alive.size):
        if not alive[a]:
            continue
        for b in range(a + 1, alive.size):
            if alive[b] and gain[a, b] > best:
                best_a, best_b, best = a, b, gain[a, b]
    return best_a, best_b


@nb.njit(cache=True)
def _merge_gains(
    reports: Reports,
    terms: Terms,
    members: Members,
    labels: Labels,
    scores: npt.NDArray[np.int64],
    gain: npt.NDArray[np.int64],
) -> None:
    """Gain of merging any two groups, named by their first position."""
    size = labels.size
    gain[:] = _NEVER
    for a in range(size):
        if labels[a] != a:
            continue
        for b in range(a + 1, size):
            if labels[b] == b and may_meet(members, labels, a, b):
                both = _fixed(group_nats(reports, terms, members, labels, (a, b, -1, -1)))
                gain[a, b] = both - scores[a] - scores[b]
                gain[b, a] = gain[a, b]


@nb.njit(cache=True)
def _greedy(
    reports: Reports,
    terms: Terms,
    members: Members,
    labels: Labels,
    scores: npt.NDArray[np.int64],
    gain: npt.NDArray[np.int64],
) -> None:
    """Take the best merge of two groups until none gains."""
    size = labels.size
    alive = labels == np.arange(size)
    _merge_gains(reports, terms, members, labels, scores, gain)
    while True:
        a, b = _best_gain(gain, alive)
        if a < 0:
            return
        scores[a] += scores[b] + gain[a, b]
        alive[b] = False
        for k in range(size):
            if labels[k] == b:
                labels[k] = a
        for c in range(size):
            gain[a, c] = gain[c, a] = _NEVER
            if alive[c] and c != a and may_meet(members, labels, a, c):
                both = _fixed(group_nats(reports, terms, members, labels, (a, c, -1, -1)))
                gain[a, c] = both - scores[a] - scores[c]
                gain[c, a] = gain[a, c]


@nb.njit(cache=True)
def _rename(labels: Labels, scores: npt.NDArray[np.int64], old: int) -> None:
    """A group is named by its first position; after a move that may be another one."""
    for k in range(labels.size):
        if labels[k] == old:
            if k != old:
                scores[k] = scores[old]
                for m in range(k, labels.size):
                    if labels[m] == old:
                        labels[m] = k
            return


@nb.njit(cache=True)
def _move_one(
    reports: Reports,
    terms: Terms,
    members: Members,
    labels: Labels,
    scores: npt.NDArray[np.int64],
    k: int,
) -> bool:
    """Put one report where it fits best; whether it moved."""
    here = labels[k]
    rest = _fixed(group_nats(reports, terms, members, labels, (here, -2, -1, k)))
    lost = scores[here] - rest
    best, target, target_score = np.int64(-lost), k, np.int64(0)
    for other in range(labels.size):
        if labels[other] == other and other != here and may_join(members, labels, other, k):
            both = _fixed(group_nats(reports, terms, members, labels, (other, -2, k, -1)))
            if both - scores[other] - lost > best:
                best, target, target_score = (
                    np.int64(both - scores[other] - lost),
                    other,
                    np.int64(both),
                )
    if best <= 0:
        return False
    scores[here] = rest
    labels[k] = -1
    _rename(labels, scores, here)
    if target == k:
        labels[k] = k
        scores[k] = 0
    else:
        scores[target] = target_score
        labels[k] = target
        if k < target:
            for m in range(labels.size):
                if labels[m] == target:
                    labels[m] = k
            scores[k] = target_score
    return True


@nb.njit(cache=True)
def _search(reports: Reports, terms: Terms, members: Members, labels: Labels) -> None:
    """Greedy merges, then moves of single reports, a few rounds or until nothing gains."""
    size = labels.size
    scores = np.zeros(size, np.int64)
    gain = np.zeros((size, size), np.int64)
    for _ in range(_ROUNDS):
        _greedy(reports, terms, members, labels, scores, gain)
        moved = False
        for k in range(size):
            moved |= _move_one(reports, terms, members, labels, scores, k)
        if not moved:
            return


@nb.njit(cache=True, inline="always")
def _keep(best: Floats, partner: Ints, at: int, odds: float, other: int) -> None:
    if odds > best[at] or (odds == best[at] and other < partner[at]):
        best[at] = odds
        partner[at] = other


@nb.njit(cache=True)
def _merge_odds(
    reports: Reports, terms: Terms, members: Members, labels: Labels, out: Partition
) -> None:
    size = labels.size
    for a in range(size):
        if labels[a] == a:
            score = group_nats(reports, terms, members, labels, (a, -2, -1, -1))
            out.nats[out.group[members.rows[a]]] = score
    for a in range(size):
        for b in range(a + 1, size):
            if labels[a] != a or labels[b] != b or not may_meet(members, labels, a, b):
                continue
            one, other = out.group[members.rows[a]], out.group[members.rows[b]]
            odds = group_nats(reports, terms, members, labels, (a, b, -1, -1))
            odds -= out.nats[one] + out.nats[other]
            _keep(out.merge, out.merge_with, one, odds, other)
            _keep(out.merge, out.merge_with, other, odds, one)


@nb.njit(cache=True)
def _move_odds(
    reports: Reports, terms: Terms, members: Members, labels: Labels, out: Partition
) -> None:
    size = labels.size
    for k in range(size):
        here = labels[k]
        row = members.rows[k]
        group = out.group[row]
        rest = group_nats(reports, terms, members, labels, (here, -2, -1, k))
        lost = out.nats[group] - rest
        if lost != 0.0 or np.sum(labels == here) > 1:
            out.leave[row] = -lost
        for other in range(size):
            if labels[other] != other or other == here:
                continue
            if not may_join(members, labels, other, k):
                continue
            target = out.group[members.rows[other]]
            odds = group_nats(reports, terms, members, labels, (other, -2, k, -1))
            odds -= out.nats[target] + lost
            _keep(out.move, out.move_to, row, odds, target)


@nb.njit(cache=True)
def _odds_by_table(
    members: Members, labels: Labels, score: npt.NDArray[np.int64], out: Partition
) -> None:
    """The same odds where every subset has been scored already."""
    size = labels.size
    mask = np.zeros(size, np.int64)
    for k in range(size):
        mask[labels[k]] |= 1 << k
    for a in range(size):
        if labels[a] == a:
            out.nats[out.group[members.rows[a]]] = score[mask[a]] / FIXED_POINT
    for k in range(size):
        here = mask[labels[k]]
        row = members.rows[k]
        lost = score[here] - score[here ^ (1 << k)]
        if here != 1 << k:
            out.leave[row] = -lost / FIXED_POINT
        for b in range(size):
            if labels[b] != b or b == labels[k]:
                continue
            target = out.group[members.rows[b]]
            odds = (score[mask[b] | (1 << k)] - score[mask[b]] - lost) / FIXED_POINT
            _keep(out.move, out.move_to, row, odds, target)
            if labels[k] == k:
                own = out.group[row]
                odds = (score[mask[b] | here] - score[mask[b]] - score[here]) / FIXED_POINT
                _keep(out.merge, out.merge_with, own, odds, target)


@nb.njit(cache=True)
def _settle_component(reports: Reports, terms: Terms, rows: Ints, out: Partition) -> None:
    members = members_of(reports, terms, rows)
    labels = np.arange(rows.size)
    score = np.zeros(1 << rows.size if rows.size <= EXACT else 1, np.int64)
    if rows.size <= EXACT:
        score_subsets(reports, terms, members, score)
        best_partition(score, labels)
    else:
        _search(reports, terms, members, labels)
    lowest = np.full(rows.size, np.int64(1 << 62))
    for k in range(rows.size):
        lowest[labels[k]] = min(lowest[labels[k]], members.rows[k])
    for k in range(rows.size):
        out.group[members.rows[k]] = lowest[labels[k]]
    if rows.size <= EXACT:
        _odds_by_table(members, labels, score, out)
    else:
        _merge_odds(reports, terms, members, labels, out)
        _move_odds(reports, terms, members, labels, out)


@nb.njit(cache=True, parallel=True)
def _settle_all(reports: Reports, terms: Terms, start: Ints, rows: Ints, out: Partition) -> None:
    for c in nb.prange(start.size - 1):
        _settle_component(reports, terms, rows[start[c] : start[c + 1]], out)


def unlinked(rows: int) -> Partition:
    """Every row alone, nothing else considered."""
    none = np.full(rows, -1, np.int64)
    return Partition(
        np.arange(rows, dtype=np.int64),
        np.full(rows, -np.inf),
        np.full(rows, -np.inf),
        none,
        np.full(rows, -np.inf),
        none.copy(),
        np.zeros(rows),
    )


def partition(
    reports: Reports, terms: Terms, edges: Edges, cap: int
) -> tuple[Partition, Components]:
    """The best partition, with the runner-up decisions of every report and group."""
    out = unlinked(reports.mid_s.size)
    found = components(reports.mid_s.size, edges, cap)
    if found.start.size > 1:
        _settle_all(reports, terms, found.start, found.rows, out)
    _pairs_across(out, edges.one.astype(np.int64), edges.other.astype(np.int64), edges.nats)
    return out, found


@nb.njit(cache=True)
def _pairs_across(out: Partition, one: Ints, other: Ints, nats: Floats) -> None:
    """Weak pairs of lone reports in different components are runner-up merges too."""
    for k in range(one.size):
        a, b = out.group[one[k]], out.group[other[k]]
        if a == b:
            continue
        for x, y in ((a, b), (b, a)):
            if out.merge_with[x] < 0 or (out.merge[x] < nats[k] and nats[k] <= 0.0):
                out.merge[x] = nats[k]
                out.merge_with[x] = y
