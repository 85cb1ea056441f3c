"""What the cap on components cut is held together again, group against group.

The cap keeps the search within a component short; it must not make three incidents of a hundred
reports of one. Groups on the two sides of a cut pair are compared as the search would compare them,
each by its sharpest reports, and become one where that gains: the strongest cut pair first, until
none gains any more.
"""

from typing import NamedTuple

import numba as nb
import numpy as np

from truceline.fusion.block import Edges
from truceline.fusion.columns import Ints, Reports
from truceline.fusion.group import group_nats, members_of
from truceline.fusion.score import Terms

SPEAKERS = 24  # reports that stand for a group: the sharpest say where and when it was


class Joined(NamedTuple):
    """For each row of a cut pair's groups: the group it ends in, and what joining gained."""

    rows: Ints
    group: Ints
    gain_nats: dict[int, float]  # by the group that two became


@nb.njit(cache=True)
def _odds(reports: Reports, terms: Terms, one: Ints, other: Ints) -> float:
    """Evidence that two groups tell of one incident, by the given reports of each."""
    rows = np.sort(np.concatenate((one, other)))
    members = members_of(reports, terms, rows)
    labels = np.empty(rows.size, np.int64)
    for k in range(rows.size):
        labels[k] = 0 if np.any(one == members.rows[k]) else 1
    parts, constants = reports.parts, terms.constants[0]
    both = group_nats(parts, constants, members, labels, (0, 1, -1, -1))
    alone = group_nats(parts, constants, members, labels, (0, -2, -1, -1))
    return both - alone - group_nats(parts, constants, members, labels, (1, -2, -1, -1))


def _sharpest(reports: Reports, rows: Ints) -> Ints:
    """The few best placed of a group, ties by row."""
    held = reports.rows[rows]
    order = np.lexsort((rows, held["time_var_s2"], held["place_sd_m"]))
    return np.sort(rows[order[:SPEAKERS]])


def mend(reports: Reports, terms: Terms, group: Ints, cut: Edges) -> Joined:
    """Join groups that only the cap kept apart.

    Parameters
    ----------
    group
        `(n,)` lowest row of each row's group.
    cut
        Pairs that the cap cut, the strongest first.
    """
    sides = np.unique(group[np.concatenate([cut.one, cut.other])])
    rows = np.flatnonzero(np.isin(group, sides))
    by_group = np.argsort(group[rows], kind="stable")
    bounds = np.flatnonzero(np.diff(group[rows[by_group]], prepend=-1))[1:]
    held = dict(zip(sides.tolist(), np.split(rows[by_group], bounds), strict=True))
    home = {name: name for name in held}
    gain: dict[int, float] = {}
    pairs = list(
        dict.fromkeys(zip(group[cut.one].tolist(), group[cut.other].tolist(), strict=True))
    )
    changed = True
    while changed:
        changed = False
        refused: set[tuple[int, int]] = set()
        for a, b in pairs:
            low, high = sorted((home[a], home[b]))
            if low == high or (low, high) in refused:
                continue
            speakers = (_sharpest(reports, held[low]), _sharpest(reports, held[high]))
            odds = float(_odds(reports, terms, *speakers))
            if odds <= 0.0:
                refused.add((low, high))
                continue
            changed = True
            held[low] = np.sort(np.concatenate([held[low], held.pop(high)]))
            gain[low] = gain.get(low, 0.0) + gain.pop(high, 0.0) + odds
            home = {name: low if at == high else at for name, at in home.items()}
    label = np.concatenate([np.full(each.size, name) for name, each in held.items()])
    return Joined(np.concatenate(list(held.values())), label.astype(np.int64), gain)
