"""Score of a group of reports as one incident: sharpest first, each next one joins what stands.

The score is a sum of predictive log-likelihood ratios, so it needs no double counting of pairs:
the k-th report is compared with the product of the k - 1 Gaussians before it.
"""

import math
from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

from truceline.fusion.columns import Floats, Ints, Reports
from truceline.fusion.score import (
    Terms,
    decided,
    nature_of,
    pair_nats,
    pair_place,
    place_density,
    rate_of,
    repeat_of,
    time_density,
    wording_of,
)

_HOPELESS = -4.0  # nats; a pair below is not tried in larger components
_SMALL = 8
DECIDED_NATS = 1.0e4  # what people decided outweighs any evidence

# Positions in the state of a group.
COUNT, HAS_PLACE, LAT, LON, EE, EN, NN, TIME, TIME_VAR, RATE_ROW, FIRST = range(11)
STATE = 11

Labels = npt.NDArray[np.int64]


class Members(NamedTuple):
    """One component: its rows, sharpest first, and what each pair says beside place and time."""

    rows: Ints
    nature: Floats  # (n, n) type and direction: averaged over a group
    words: Floats  # (n, n) words, and what people linked: the best of a group counts
    against: Floats  # (n, n) repeats, and what people parted: added up
    near: npt.NDArray[np.bool_]  # (n, n) pairs that are not hopeless
    state: Floats  # (STATE,) work space


@nb.njit(cache=True)
def members_of(reports: Reports, terms: Terms, rows: Ints) -> Members:
    """Compare every pair of a component once; `rows` ascending."""
    size = rows.size
    looseness = np.empty(size)
    for k in range(size):
        row = rows[k]
        loose = reports.place_sd_m[row] if reports.first[row + 1] > reports.first[row] else 1.0e7
        looseness[k] = reports.time_var_s2[row] + (loose / 3.0) ** 2
    order = np.argsort(looseness, kind="mergesort")
    sharp = rows[order]
    nature = np.zeros((size, size))
    words = np.zeros((size, size))
    against = np.zeros((size, size))
    near = np.ones((size, size), np.bool_)
    total = reports.mid_s.size
    for a in range(size):
        for b in range(a + 1, size):
            i, j = sharp[a], sharp[b]
            said = wording_of(reports, terms, i, j)
            nature[a, b] = nature[b, a] = nature_of(reports, terms, i, j)
            against[a, b] = repeat_of(reports, terms, i, j, said)
            verdict = decided(terms, total, i, j)
            if verdict > 0:
                said += DECIDED_NATS
            elif verdict < 0:
                against[a, b] -= DECIDED_NATS
            words[a, b] = words[b, a] = said
            against[b, a] = against[a, b]
            if size > _SMALL:
                near[a, b] = near[b, a] = (
                    verdict > 0 or pair_nats(reports, terms, i, j, _HOPELESS) > _HOPELESS
                )
    return Members(sharp, nature, words, against, near, np.empty(STATE))


@nb.njit(cache=True)
def may_join(members: Members, labels: Labels, group: int, k: int) -> bool:
    """Whether a report is near any member of a group: else the group is not even tried."""
    found = False
    for m in range(labels.size):
        found = found or (labels[m] == group and members.near[m, k])
    return bool(found)


@nb.njit(cache=True)
def may_meet(members: Members, labels: Labels, one: int, other: int) -> bool:
    """Whether any two members of two groups are near."""
    found = False
    for k in range(labels.size):
        found = found or (labels[k] == one and may_join(members, labels, other, k))
    return found


@nb.njit(cache=True)
def begin(reports: Reports, row: int, state: Floats) -> None:
    """A group of one report."""
    state[COUNT] = 1.0
    state[TIME] = reports.mid_s[row]
    state[TIME_VAR] = reports.time_var_s2[row]
    state[RATE_ROW] = row
    state[FIRST] = row
    state[HAS_PLACE] = 1.0 if reports.first[row + 1] > reports.first[row] else 0.0
    if state[HAS_PLACE] > 0.5:
        _settle(reports, state, reports.first[row])


@nb.njit(cache=True)
def _settle(reports: Reports, state: Floats, part: int) -> None:
    state[LAT], state[LON] = reports.part_lat[part], reports.part_lon[part]
    state[EE], state[EN] = reports.part_ee[part], reports.part_en[part]
    state[NN] = reports.part_nn[part]


@nb.njit(cache=True)
def _absorb(reports: Reports, state: Floats, row: int, part: int) -> None:
    """Product of the state's Gaussian and one component of a report."""
    east_m, north_m = reports.east_m[row], reports.north_m[row]
    de = (reports.part_lon[part] - state[LON]) * east_m
    dn = (reports.part_lat[part] - state[LAT]) * north_m
    ee, en, nn = state[EE], state[EN], state[NN]
    s_ee = ee + reports.part_ee[part]
    s_en = en + reports.part_en[part]
    s_nn = nn + reports.part_nn[part]
    determinant = s_ee * s_nn - s_en * s_en
    # Gain = state covariance x inverse of the summed covariance.
    k_ee = (ee * s_nn - en * s_en) / determinant
    k_en = (en * s_ee - ee * s_en) / determinant
    k_ne = (en * s_nn - nn * s_en) / determinant
    k_nn = (nn * s_ee - en * s_en) / determinant
    state[LON] += (k_ee * de + k_en * dn) / east_m
    state[LAT] += (k_ne * de + k_nn * dn) / north_m
    state[EE] = ee - (k_ee * ee + k_en * en)
    state[EN] = en - (k_ee * en + k_en * nn)
    state[NN] = nn - (k_ne * en + k_nn * nn)


@nb.njit(cache=True)
def _place_of_state(reports: Reports, state: Floats, row: int, freedom: float) -> tuple[float, int]:
    """Log density of a report's place about the state, and its best component."""
    best = -np.inf
    total = 0.0
    best_part = reports.first[row]
    for part in range(reports.first[row], reports.first[row + 1]):
        value = reports.part_log_weight[part] + place_density(
            (reports.part_lon[part] - state[LON]) * reports.east_m[row],
            (reports.part_lat[part] - state[LAT]) * reports.north_m[row],
            state[EE] + reports.part_ee[part],
            state[EN] + reports.part_en[part],
            state[NN] + reports.part_nn[part],
            freedom,
        )
        if value > best:
            total = 1.0 if best == -np.inf else total * math.exp(best - value) + 1.0
            best, best_part = value, part
        else:
            total += math.exp(value - best)
    return best + math.log(total), best_part


@nb.njit(cache=True)
def join(reports: Reports, terms: Terms, state: Floats, row: int) -> float:
    """Evidence of place and time that a report belongs to a group; the state takes it in."""
    placed = reports.first[row + 1] > reports.first[row]
    variance = state[TIME_VAR] + reports.time_var_s2[row]
    difference_s = reports.mid_s[row] - state[TIME]
    nats = time_density(difference_s, variance, terms)
    both = placed and state[HAS_PLACE] > 0.5
    nats -= rate_of(reports, terms, int(state[RATE_ROW]), row, int(both))
    gain = state[TIME_VAR] / variance
    state[TIME] += gain * difference_s
    state[TIME_VAR] *= 1.0 - gain
    if both:
        if state[COUNT] < 1.5:
            first = int(state[FIRST])
            value, part_a, part_b = pair_place(reports, first, row, terms.place_freedom)
            _settle(reports, state, part_a)
        else:
            value, part_b = _place_of_state(reports, state, row, terms.place_freedom)
        nats += value
        _absorb(reports, state, row, part_b)
    elif placed:
        _settle(reports, state, reports.first[row])
        state[RATE_ROW] = row
        state[FIRST] = row
        state[HAS_PLACE] = 1.0
    state[COUNT] += 1.0
    return nats


@nb.njit(cache=True)
def group_nats(
    reports: Reports,
    terms: Terms,
    members: Members,
    labels: Labels,
    wanted: tuple[int, int, int, int],
) -> float:
    """Score of the members labelled `wanted[0]` or `wanted[1]`, with one put in, one left out.

    Parameters
    ----------
    wanted
        Two labels, then the position put in, then the position left out; -1 for none.
    """
    one, other, put_in, left_out = wanted
    nats = 0.0
    size = labels.size
    state = members.state
    count = 0
    for k in range(size):
        belongs = labels[k] == one or labels[k] == other
        if (not belongs and k != put_in) or k == left_out:
            continue
        row = members.rows[k]
        if count == 0:
            begin(reports, row, state)
            count = 1
            continue
        nature = 0.0
        words = -np.inf
        against = 0.0
        for m in range(k):
            held = labels[m] == one or labels[m] == other
            if (not held and m != put_in) or m == left_out:
                continue
            nature += members.nature[m, k]
            words = max(words, members.words[m, k])
            against += members.against[m, k]
        nats += join(reports, terms, state, row) + nature / count + words + against
        count += 1
    return nats
