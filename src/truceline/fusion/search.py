"""Larger components: the best merge of two groups is taken until none gains, then reports move."""

import numba as nb
import numpy as np
import numpy.typing as npt

from truceline.fusion.columns import Record, Records
from truceline.fusion.exact import FIXED_POINT
from truceline.fusion.group import Labels, Members, group_nats
from truceline.fusion.kernels import FAST, LEAF

_NEVER = -(1 << 60)
_ROUNDS = 3

Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]


@nb.njit(**LEAF)
def _fixed(nats: float) -> int:
    return int(np.rint(nats * FIXED_POINT))


@nb.njit(**LEAF)
def _best_gain(gain: Whole, alive: Flags) -> tuple[int, int]:
    best_a, best_b, best = -1, -1, 0
    for a in range(alive.size):
        if not alive[a]:
            continue
        for b in range(a + 1, alive.size):
            if alive[b] and gain[a, b] > best:
                best_a, best_b, best = a, b, gain[a, b]
    return best_a, best_b


@nb.njit(**FAST)
def touching_groups(members: Members, labels: Labels) -> Flags:
    """Which groups, named by label, hold members that are near one another."""
    size = labels.size
    out = np.zeros((size, size), np.bool_)
    for k in range(size):
        for m in range(size):
            if members.near[k, m]:
                out[labels[k], labels[m]] = True
    return out


@nb.njit(**LEAF)
def reach(members: Members, labels: Labels, k: int, out: Flags) -> None:
    """Which groups hold a member that is near one report: the others are not even tried."""
    out[:] = False
    for m in range(labels.size):
        if members.near[m, k]:
            out[labels[m]] = True


@nb.njit(**LEAF)
def _merge_gains(
    parts: Records,
    constants: Record,
    members: Members,
    labels: Labels,
    touching: Flags,
    scores: Whole,
    gain: Whole,
) -> None:
    """Gain of merging any two groups, named by their first position."""
    size = labels.size
    gain[:] = _NEVER
    for a in range(size):
        if labels[a] != a:
            continue
        for b in range(a + 1, size):
            if labels[b] == b and touching[a, b]:
                both = _fixed(group_nats(parts, constants, members, labels, (a, b, -1, -1)))
                gain[a, b] = both - scores[a] - scores[b]
                gain[b, a] = gain[a, b]


@nb.njit(**FAST)
def _greedy(
    parts: Records,
    constants: Record,
    members: Members,
    labels: Labels,
    scores: Whole,
    gain: Whole,
) -> None:
    """Take the best merge of two groups until none gains."""
    size = labels.size
    alive = labels == np.arange(size)
    touching = touching_groups(members, labels)
    _merge_gains(parts, constants, members, labels, touching, scores, gain)
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
            touching[a, c] = touching[c, a] = touching[a, c] or touching[b, c]
            gain[a, c] = gain[c, a] = _NEVER
            if alive[c] and c != a and touching[a, c]:
                both = _fixed(group_nats(parts, constants, members, labels, (a, c, -1, -1)))
                gain[a, c] = both - scores[a] - scores[c]
                gain[c, a] = gain[a, c]


@nb.njit(**LEAF)
def _rename(labels: Labels, scores: Whole, old: int) -> None:
    """A group is named by its first position; after a move that may be another one."""
    for k in range(labels.size):
        if labels[k] == old:
            if k != old:
                scores[k] = scores[old]
                for m in range(k, labels.size):
                    if labels[m] == old:
                        labels[m] = k
            return


@nb.njit(**LEAF)
def _place(labels: Labels, scores: Whole, k: int, target: int, score: np.int64) -> None:
    """Put a report that stands nowhere into a group, or alone where the target is itself."""
    labels[k] = target
    scores[target] = score
    if k < target:
        for m in range(labels.size):
            if labels[m] == target:
                labels[m] = k
        scores[k] = score


@nb.njit(**LEAF)
def _move_one(
    parts: Records,
    constants: Record,
    members: Members,
    labels: Labels,
    scores: Whole,
    reached: Flags,
    k: int,
) -> bool:
    """Put one report where it fits best; whether it moved."""
    here = labels[k]
    members.rest[k] = group_nats(parts, constants, members, labels, (here, -2, -1, k))
    rest = _fixed(members.rest[k])
    lost = scores[here] - rest
    best, target, score = np.int64(-lost), np.int64(k), np.int64(0)
    reach(members, labels, k, reached)
    for other in range(labels.size):
        if labels[other] == other and other != here and reached[other]:
            nats = group_nats(parts, constants, members, labels, (other, -2, k, -1))
            members.put[k, other] = nats
            both = _fixed(nats)
            if both - scores[other] - lost > best:
                best, target, score = (both - scores[other] - lost, np.int64(other), np.int64(both))
    if best <= 0:
        return False
    scores[here] = rest
    labels[k] = -1
    _rename(labels, scores, here)
    _place(labels, scores, k, int(target), score)
    return True


@nb.njit(**FAST)
def search(parts: Records, constants: Record, members: Members, labels: Labels) -> bool:
    """Greedy merges, then moves of single reports, a few rounds or until nothing gains.

    Returns whether nothing gained: then `members.rest` and `members.put` hold for these labels.
    """
    size = labels.size
    scores = np.zeros(size, np.int64)
    gain = np.zeros((size, size), np.int64)
    reached = np.zeros(size, np.bool_)
    for _ in range(_ROUNDS):
        _greedy(parts, constants, members, labels, scores, gain)
        moved = False
        for k in range(size):
            moved |= _move_one(parts, constants, members, labels, scores, reached, k)
        if not moved:
            return True
    return False
