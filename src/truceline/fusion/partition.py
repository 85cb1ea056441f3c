"""Which reports tell of one incident: components of linked pairs, each partitioned on its own.

Components are global: nothing depends on how the evidence was cut into shards. One that would grow
past the cap is cut at its weakest pairs, and mended when its pieces are settled. Up to `EXACT` reports every partition is compared; above,
the best merge is taken until none is left, then single reports move while that gains.
"""

from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

from truceline.fusion.block import Edges, Rows
from truceline.fusion.columns import Floats, Ints, Record, Records, Reports
from truceline.fusion.exact import FIXED_POINT, best_partition, score_subsets
from truceline.fusion.group import (
    STATE,
    Labels,
    Members,
    begin,
    compare,
    group_nats,
    join,
    looseness,
    members_of,
)
from truceline.fusion.identity import order_by
from truceline.fusion.kernels import FAST, LEAF
from truceline.fusion.mend import Joined, mend
from truceline.fusion.score import Terms, nature_of
from truceline.fusion.search import reach, search, touching_groups

EXACT = 8


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
    """Connected rows, and the pairs that the cap cut, the strongest first."""

    start: Ints
    rows: Ints
    cut: Edges


@nb.njit(**LEAF)
def _find(parent: Ints, row: int) -> int:
    while parent[row] != row:
        parent[row] = parent[parent[row]]
        row = parent[row]
    return row


@nb.njit(**FAST)
def _union(parent: Ints, size: Ints, one: Ints, other: Ints, cap: int) -> Ints:
    """Join rows pair by pair; which pairs were cut."""
    cut = np.empty(one.size, np.int64)
    count = 0
    for k in range(one.size):
        a, b = _find(parent, one[k]), _find(parent, other[k])
        if a == b:
            continue
        if size[a] + size[b] > cap:
            cut[count] = k
            count += 1
            continue
        low, high = min(a, b), max(a, b)
        parent[high] = low
        size[low] += size[high]
    for row in range(parent.size):
        parent[row] = _find(parent, row)
    return cut[:count].copy()


def _cut_large(parent: Ints, size: Ints, pairs: tuple[Ints, Ints, Floats], cap: int) -> Ints:
    """Take what is larger than the cap apart and join it anew, the strongest pairs first.

    In all else the order of pairs does not matter: nothing there is cut. Returns which pairs were.
    """
    is_large = size[parent] > cap
    one, other, nats = pairs
    within = np.flatnonzero(is_large[one])
    whole = np.rint(nats[within] * FIXED_POINT).astype(np.int64)
    names = one[within] * parent.size + other[within]
    order = within[order_by(-whole, names.astype(np.uint64))]
    apart = np.flatnonzero(is_large)
    parent[apart], size[apart] = apart, 1
    return order[_union(parent, size, one[order], other[order], cap)]


def components(rows: int, edges: Edges, cap: int) -> Components:
    """Rows that pairs above zero connect, the strongest pairs first, none larger than `cap`.

    A pair whose union would be larger is cut: the rule needs no order of arrival, for pairs of
    equal evidence (in fixed point) follow their rows.
    """
    strong = np.flatnonzero(edges.nats > 0)
    one, other = edges.one[strong].astype(np.int64), edges.other[strong].astype(np.int64)
    parent = np.arange(rows, dtype=np.int64)
    size = np.ones(rows, np.int64)
    _union(parent, size, one, other, rows)
    cut = strong[_cut_large(parent, size, (one, other, edges.nats[strong]), cap)]
    pairs = Edges(edges.one[cut], edges.other[cut], edges.nats[cut])
    start, members = _listed(parent, size)
    return Components(start, members, pairs)


@nb.njit(**FAST)
def _listed(parent: Ints, size: Ints) -> tuple[Ints, Ints]:
    """Rows of each component of more than one, and where each begins; a parent is the lowest row."""
    start, cursor = np.zeros(parent.size + 1, np.int64), np.empty(parent.size, np.int64)
    count = 0
    for row in range(parent.size):
        if parent[row] == row and size[row] > 1:
            cursor[row] = start[count]
            count += 1
            start[count] = start[count - 1] + size[row]
    out = np.empty(start[count], np.int64)
    for row in range(parent.size):
        if size[parent[row]] > 1:
            out[cursor[parent[row]]] = row
            cursor[parent[row]] += 1
    return start[: count + 1].copy(), out


@nb.njit(**LEAF)
def _keep(best: Floats, partner: Ints, at: int, odds: float, other: int) -> None:
    if odds > best[at] or (odds == best[at] and other < partner[at]):
        best[at] = odds
        partner[at] = other


@nb.njit(**FAST)
def _merge_odds(
    parts: Records, constants: Record, members: Members, labels: Labels, out: Partition
) -> None:
    size = labels.size
    touching = touching_groups(members, labels)
    for a in range(size):
        if labels[a] == a:
            score = group_nats(parts, constants, members, labels, (a, -2, -1, -1))
            out.nats[out.group[members.rows[a]]] = score
    for a in range(size):
        for b in range(a + 1, size):
            if labels[a] != a or labels[b] != b or not touching[a, b]:
                continue
            one, other = out.group[members.rows[a]], out.group[members.rows[b]]
            odds = group_nats(parts, constants, members, labels, (a, b, -1, -1))
            odds -= out.nats[one] + out.nats[other]
            _keep(out.merge, out.merge_with, one, odds, other)
            _keep(out.merge, out.merge_with, other, odds, one)


@nb.njit(**FAST)
def _move_odds(
    parts: Records, constants: Record, members: Members, labels: Labels, weighed: bool,
    out: Partition,
) -> None:  # fmt: skip
    """Odds that each report stands alone or elsewhere; `weighed`: the search has just asked."""
    size = labels.size
    reached = np.zeros(size, np.bool_)
    for k in range(size):
        here = labels[k]
        row = members.rows[k]
        group = out.group[row]
        if not weighed:
            members.rest[k] = group_nats(parts, constants, members, labels, (here, -2, -1, k))
        rest = members.rest[k]
        lost = out.nats[group] - rest
        if lost != 0.0 or np.sum(labels == here) > 1:
            out.leave[row] = -lost
        reach(members, labels, k, reached)
        for other in range(size):
            if labels[other] != other or other == here or not reached[other]:
                continue
            target = out.group[members.rows[other]]
            if not weighed:
                wanted = (other, -2, k, -1)
                members.put[k, other] = group_nats(parts, constants, members, labels, wanted)
            odds = members.put[k, other] - (out.nats[target] + lost)
            _keep(out.move, out.move_to, row, odds, target)


@nb.njit(**FAST)
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


@nb.njit(**FAST)
def _settle_component(reports: Reports, terms: Terms, rows: Ints, out: Partition) -> None:
    parts, constants = reports.parts, terms.constants[0]
    members = members_of(reports, terms, rows)
    labels = np.arange(rows.size)
    score = np.zeros(1 << rows.size if rows.size <= EXACT else 1, np.int64)
    weighed = False
    if rows.size <= EXACT:
        score_subsets(parts, constants, members, score)
        best_partition(score, labels)
    else:
        weighed = search(parts, constants, members, labels)
    lowest = np.full(rows.size, np.int64(1 << 62))
    for k in range(rows.size):
        lowest[labels[k]] = min(lowest[labels[k]], members.rows[k])
    for k in range(rows.size):
        out.group[members.rows[k]] = lowest[labels[k]]
    if rows.size <= EXACT:
        _odds_by_table(members, labels, score, out)
    else:
        _merge_odds(parts, constants, members, labels, out)
        _move_odds(parts, constants, members, labels, weighed, out)


@nb.njit(**LEAF)
def _settle_pair(
    reports: Reports, terms: Terms, pair: tuple[int, int], state: Floats, out: Partition
) -> None:
    """The same as `_settle_component` for two rows, of which there are most."""
    low, high = pair
    held, constants = reports.rows, terms.constants[0]
    one, other = held[low], held[high]
    said, against, _ = compare(reports, terms, low, high, False)
    first, second = (low, high) if looseness(one) <= looseness(other) else (high, low)
    begin(held, first, state)
    nats = join(held, reports.parts, constants, state, second)
    score = np.int64(
        np.rint((nats + nature_of(constants, one, other) + said + against) * FIXED_POINT)
    )
    odds = score / FIXED_POINT
    if score > 0:
        out.group[high] = low
        out.nats[low] = odds
        out.leave[low] = out.leave[high] = -odds
        return
    for row, target in ((low, high), (high, low)):
        out.move[row] = out.merge[row] = odds
        out.move_to[row] = out.merge_with[row] = target


@nb.njit(parallel=True, **FAST)
def _settle_all(reports: Reports, terms: Terms, start: Ints, rows: Ints, out: Partition) -> None:
    number = start.size - 1
    chunks = min(number, 256)
    for chunk in nb.prange(chunks):
        state = np.empty(STATE)
        for c in range(chunk * number // chunks, (chunk + 1) * number // chunks):
            if start[c + 1] - start[c] == 2:
                _settle_pair(reports, terms, (rows[start[c]], rows[start[c] + 1]), state, out)
            else:
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
    """The best partition, with the runner-up decisions within every component."""
    out = unlinked(reports.rows.size)
    found = components(reports.rows.size, edges, cap)
    if found.start.size > 1:
        _settle_all(reports, terms, found.start, found.rows, out)
    if found.cut.one.size:
        _join_cut(out, mend(reports, terms, out.group, found.cut))
    return out, found


def _join_cut(out: Partition, joined: Joined) -> None:
    """Write what was joined; a runner-up merge that has happened is none any more."""
    before = out.group[joined.rows]
    for old in np.unique(before[before != joined.group]):
        new = joined.group[np.flatnonzero(before == old)[0]]
        out.nats[new] += out.nats[old]
    for group, nats in joined.gain_nats.items():
        out.nats[group] += nats
    out.group[joined.rows] = joined.group
    for partner, odds in ((out.merge_with, out.merge), (out.move_to, out.move)):
        named = np.flatnonzero(partner >= 0)
        partner[named] = out.group[partner[named]]
        within = named[partner[named] == out.group[named]]
        partner[within], odds[within] = -1, -np.inf


@nb.njit(nogil=True, **FAST)
def pairs_across(out: Partition, one: Rows, other: Rows, nats: Floats) -> None:
    """Weak pairs of lone reports in different components are runner-up merges too."""
    for k in range(one.size):
        a, b = out.group[one[k]], out.group[other[k]]
        if a == b:
            continue
        for x, y in ((a, b), (b, a)):
            if out.merge_with[x] < 0 or (out.merge[x] < nats[k] and nats[k] <= 0.0):
                out.merge[x] = nats[k]
                out.merge_with[x] = y
