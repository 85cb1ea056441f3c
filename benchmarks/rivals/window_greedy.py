"""Greedy matching within a window of place and time and by type: the idea of MELTT, our own code.

Reports are taken in order of time. Each joins the open group whose type fits best and that lies
nearest among those within the window, unless the group already holds a report of the same source:
one source reports one happening once. Else it opens a group of its own.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit

from benchmarks.rivals.contract import Given, Ints, Rival
from benchmarks.rivals.coordinates import points, spread
from truceline.tables.posterior import TYPES

_FIRE = (
    "small_arms_fire", "sniper_fire", "mortar", "artillery", "mlrs", "tank_fire", "missile",
    "air_strike", "uav_attack", "explosion_unidentified", "mine_or_uxo", "infrastructure_attack",
    "civilian_harm",
)  # fmt: skip


def run(given: Given, *, space_m: float, time_s: float, by_type: bool) -> Ints:
    """Labels; with `by_type` only types of one family join."""
    said = given.observations
    at = points(said)
    order = np.argsort(at.middle_s, kind="stable")
    rows = at.rows[order]
    kind, family = _types(said)
    if not by_type:
        family = np.full(family.size, -1)
    source = np.asarray(said["source"].combine_chunks().dictionary_encode().indices, np.int64)
    labels = _match(
        at.east_m[order], at.north_m[order], at.middle_s[order], source[rows],
        kind[rows], family[rows], space_m, time_s,
    )  # fmt: skip
    return spread(labels, rows, said.num_rows)


def _types(said: pa.Table) -> tuple[Ints, Ints]:
    """Number and family of each type; -1: not told."""
    kind = pc.index_in(said["type"], value_set=pa.array(TYPES)).fill_null(-1)
    kind = np.asarray(kind).astype(np.int64)
    family = np.array([0 if name in _FIRE else 1 + n for n, name in enumerate(TYPES)] + [-1])
    return kind, family[kind]


@njit(cache=True)
def _match(east_m, north_m, at_s, source, kind, family, space_m, time_s):  # type: ignore[no-untyped-def]
    count = east_m.size
    label = np.empty(count, np.int64)
    last = np.full(count, -1, np.int64)  # newest report of a group
    before = np.full(count, -1, np.int64)  # the report of the same group before this one
    seed = np.empty(count, np.int64)
    groups = 0
    oldest = 0
    for row in range(count):
        while oldest < groups and at_s[row] - at_s[seed[oldest]] > time_s:
            oldest += 1
        best, best_score = -1, -1.0
        for group in range(oldest, groups):
            first = seed[group]
            apart = np.hypot(east_m[row] - east_m[first], north_m[row] - north_m[first])
            if apart > space_m:
                continue
            if family[row] >= 0 and family[first] >= 0 and family[row] != family[first]:
                continue
            score = (2.0 if kind[row] == kind[first] else 1.0) - apart / space_m
            if score <= best_score:
                continue
            member, is_new = last[group], True
            while member >= 0 and is_new:
                is_new = source[member] != source[row]
                member = before[member]
            if is_new:
                best, best_score = group, score
        if best < 0:
            best = groups
            seed[groups] = row
            groups += 1
        before[row] = last[best]
        last[best] = row
        label[row] = best
    return label


RIVAL = Rival(
    name="window and type",
    task="association",
    idea="Donnay et al. 2019 (MELTT), greedy, one report a source; own",
    run=run,
    grid={
        "space_m": (6000.0, 12_000.0, 24_000.0),
        "time_s": (10_800.0, 43_200.0),
        "by_type": (True, False),
    },
)
