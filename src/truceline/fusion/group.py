"""Score of a group of reports as one incident: sharpest first, each next one joins what stands.

The score is a sum of predictive log-likelihood ratios, so it needs no double counting of pairs:
the k-th report is compared with the product of the k - 1 Gaussians before it.
"""

import math
from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

from truceline.fusion.columns import Floats, Ints, Record, Records, Reports
from truceline.fusion.kernels import FAST, INLINE, LEAF
from truceline.fusion.score import (
    Terms,
    bare_nats,
    decided,
    nature_of,
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
COUNT, HAS_PLACE, LAT, LON, EE, EN, NN, TIME, TIME_VAR, FIRST, RATE = range(11)
STATE = 11

Labels = npt.NDArray[np.int64]


class Members(NamedTuple):
    """One component: its rows, sharpest first, and what each pair says beside place and time."""

    rows: Ints
    held: Records  # their records, side by side
    nature: Floats  # (n, n) type and direction: averaged over a group
    words: Floats  # (n, n) words, and what people linked: the best of a group counts
    against: Floats  # (n, n) repeats, and what people parted: added up
    near: npt.NDArray[np.bool_]  # (n, n) pairs that are not hopeless
    rest: Floats  # (n,) score of each one's group without it, as last weighed
    put: Floats  # (n, n) score of another group, by its first, with each put in; likewise
    state: Floats  # (STATE,) work space
    chosen: Ints  # (n,) work space


@nb.njit(**LEAF)
def compare(
    reports: Reports, terms: Terms, i: int, j: int, weigh_near: bool
) -> tuple[float, float, bool]:
    """What two rows say of one another beside place, time and nature: words, and what is against.

    With them, where asked, whether the pair is worth trying in a larger component.
    """
    constants = terms.constants[0]
    one, other = reports.rows[i], reports.rows[j]
    said = wording_of(reports.words, terms.shared_nats, terms.word_limits, one, other)
    against = repeat_of(constants, one, other, said)
    verdict = decided(terms, reports.rows.size, i, j)
    near = True
    if weigh_near:
        bare = bare_nats(reports.parts, constants, one, other)
        near = verdict > 0 or bare + said + against > _HOPELESS
    if verdict > 0:
        said += DECIDED_NATS
    elif verdict < 0:
        against -= DECIDED_NATS
    return said, against, near


@nb.njit(**INLINE)
def looseness(row: Record) -> float:
    """How vaguely a report says when and where; the sharpest comes first."""
    loose = row.place_sd_m if row.parts > 0 else 1.0e7
    return row.time_var_s2 + (loose / 3.0) ** 2


@nb.njit(**FAST)
def members_of(reports: Reports, terms: Terms, rows: Ints) -> Members:
    """Compare every pair of a component once; `rows` ascending."""
    size = rows.size
    loose = np.empty(size)
    for k in range(size):
        loose[k] = looseness(reports.rows[rows[k]])
    sharp = rows.copy()
    for k in range(1, size):  # an insertion: components are small, and ties keep their order
        row, value, at = sharp[k], loose[k], k
        while at > 0 and loose[at - 1] > value:
            sharp[at], loose[at] = sharp[at - 1], loose[at - 1]
            at -= 1
        sharp[at], loose[at] = row, value
    table = np.zeros((4, size, size))
    near = np.ones((size, size), np.bool_)
    members = Members(
        sharp, reports.rows[sharp], table[0], table[1], table[2], near,
        np.empty(size), table[3], np.empty(STATE), np.empty(size, np.int64),
    )  # fmt: skip
    for a in range(size):
        for b in range(a + 1, size):
            said, against, is_near = compare(reports, terms, sharp[a], sharp[b], size > _SMALL)
            nature = nature_of(terms.constants[0], members.held[a], members.held[b])
            members.nature[a, b] = members.nature[b, a] = nature
            members.words[a, b] = members.words[b, a] = said
            members.against[a, b] = members.against[b, a] = against
            near[a, b] = near[b, a] = is_near
    return members


@nb.njit(**INLINE)
def begin(held: Records, at: int, state: Floats) -> None:
    """A group of one report."""
    row = held[at]
    state[COUNT] = 1.0
    state[TIME] = row.mid_s
    state[TIME_VAR] = row.time_var_s2
    state[FIRST] = at
    state[RATE] = row.log_rate
    state[HAS_PLACE] = 1.0 if row.parts > 0 else 0.0
    _settle(row, state)


@nb.njit(**INLINE)
def _settle(place: Record, state: Floats) -> None:
    state[LAT], state[LON] = place.lat, place.lon
    state[EE], state[EN], state[NN] = place.ee, place.en, place.nn


@nb.njit(**INLINE)
def _absorb(row: Record, place: Record, state: Floats) -> None:
    """Product of the state's Gaussian and one component of a report."""
    de = (place.lon - state[LON]) * row.east_m
    dn = (place.lat - state[LAT]) * row.north_m
    ee, en, nn = state[EE], state[EN], state[NN]
    s_ee, s_en, s_nn = ee + place.ee, en + place.en, nn + place.nn
    inverse = 1.0 / (s_ee * s_nn - s_en * s_en)
    # Gain = state covariance x inverse of the summed covariance.
    k_ee = (ee * s_nn - en * s_en) * inverse
    k_en = (en * s_ee - ee * s_en) * inverse
    k_ne = (en * s_nn - nn * s_en) * inverse
    k_nn = (nn * s_ee - en * s_en) * inverse
    state[LON] += (k_ee * de + k_en * dn) / row.east_m
    state[LAT] += (k_ne * de + k_nn * dn) / row.north_m
    state[EE] = ee - (k_ee * ee + k_en * en)
    state[EN] = en - (k_ee * en + k_en * nn)
    state[NN] = nn - (k_ne * en + k_nn * nn)


@nb.njit(**INLINE)
def _about(row: Record, place: Record, state: Floats, freedom: float) -> float:
    return place_density(
        (place.lon - state[LON]) * row.east_m,
        (place.lat - state[LAT]) * row.north_m,
        state[EE] + place.ee,
        state[EN] + place.en,
        state[NN] + place.nn,
        freedom,
    )


@nb.njit(**INLINE)
def place_of_state(parts: Records, state: Floats, row: Record, freedom: float) -> tuple[float, int]:
    """Log density of a report's place about the state, and its best component."""
    if row.parts == 1:
        return _about(row, row, state, freedom), row.first
    best = -np.inf
    total = 0.0
    best_part = row.first
    for part in range(row.first, row.first + row.parts):
        value = parts[part].log_weight + _about(row, parts[part], state, freedom)
        if value > best:
            total = 1.0 if best == -np.inf else total * math.exp(best - value) + 1.0
            best, best_part = value, part
        else:
            total += math.exp(value - best)
    return best + math.log(total), best_part


@nb.njit(**INLINE)
def join(held: Records, parts: Records, constants: Record, state: Floats, at: int) -> float:
    """Evidence of place and time that a report belongs to a group; the state takes it in."""
    row = held[at]
    first = held[int(state[FIRST])]
    variance = state[TIME_VAR] + row.time_var_s2
    difference_s = row.mid_s - state[TIME]
    nats = time_density(difference_s, variance, constants)
    both = row.parts > 0 and state[HAS_PLACE] > 0.5
    nats -= rate_of(constants, first, row, both)
    gain = state[TIME_VAR] / variance
    state[TIME] += gain * difference_s
    state[TIME_VAR] *= 1.0 - gain
    if both:
        if state[COUNT] < 1.5:
            value, part_a, part_b = pair_place(parts, first, row, constants.place_freedom)
            _settle(parts[part_a], state)
        else:
            value, part_b = place_of_state(parts, state, row, constants.place_freedom)
        nats += value
        _absorb(row, parts[part_b], state)
    elif row.parts > 0:
        _settle(row, state)
        state[FIRST] = at
        state[HAS_PLACE] = 1.0
    state[COUNT] += 1.0
    return nats


@nb.njit(**LEAF)
def group_nats(
    parts: Records, constants: Record, members: Members, labels: Labels,
    wanted: tuple[int, int, int, int],
) -> float:  # fmt: skip
    """Score of the members labelled `wanted[0]` or `wanted[1]`, with one put in, one left out.

    Parameters
    ----------
    wanted
        Two labels, then the position put in, then the position left out; -1 for none.
    """
    one, other, put_in, left_out = wanted
    nats = 0.0
    count = 0
    for k in range(labels.size):
        belongs = labels[k] == one or labels[k] == other or k == put_in
        if not belongs or k == left_out:
            continue
        if count == 0:
            begin(members.held, k, members.state)
        else:
            nature, words, against = 0.0, -np.inf, 0.0
            for at in range(count):
                m = members.chosen[at]
                nature += members.nature[m, k]
                words = max(words, members.words[m, k])
                against += members.against[m, k]
            nats += join(members.held, parts, constants, members.state, k)
            nats += nature / count + words + against
        members.chosen[count] = k
        count += 1
    return nats
