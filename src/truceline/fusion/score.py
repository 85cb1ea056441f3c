"""Log-likelihood ratio that two reports, or a report and a group, tell of one incident.

    same:       N(place difference; summed covariances) x N(time difference) x P(words shared)
    otherwise:  local intensity of incidents, x how often one is seen alone, x P(types by chance)

Student's t stands for the normal, so that one gross error does not settle a question; a place that
is a mixture is summed over its components.
"""

import math
from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

from truceline.fusion.columns import DIRECTIONS, KINDS, NO_TYPE, Floats, Reports
from truceline.fusion.likeness import confusion
from truceline.fusion.parameters import FusionParameters
from truceline.fusion.wording import Rarity, word_nats
from truceline.model.vocabulary import SourceKind

WORTH_READING = -3.0  # nats without words; what lies below, no wording joins
_LOG_2PI = math.log(2 * math.pi)


class Terms(NamedTuple):
    """Everything the kernels need beside the reports: tables, constants, local intensities."""

    log_rate: Floats  # (n,) incidents per m2 and s, alone share included; nan: no place
    log_rate_anywhere: float
    alone_nats: Floats  # (n,)
    type_ratio: Floats  # (types + 1, types + 1)
    direction_nats: Floats  # (5, 5)
    repeat_nats: Floats  # (kinds,)
    place_freedom: float
    time_freedom: float
    time_constant: float
    shared_nats: npt.NDArray[np.float32]  # of each bucket of words
    holders: npt.NDArray[np.int32]
    word_limits: Floats
    linked: npt.NDArray[np.int64]  # sorted keys low * n + high: people say these are one
    parted: npt.NDArray[np.int64]  # sorted keys: people say these are not


def _direction_table() -> Floats:
    """Assumed: the same word twice is mild support; fire going out is seldom heard coming in."""
    table = np.zeros((len(DIRECTIONS), len(DIRECTIONS)))
    np.fill_diagonal(table, 0.3)
    undetermined = DIRECTIONS.index("undetermined")
    table[undetermined, :] = 0.0
    table[:, undetermined] = 0.0
    for one, other, nats in (
        ("outgoing", "incoming", -0.7),
        ("outgoing", "impact", -0.3),
        ("incoming", "impact", 0.2),
    ):
        a, b = DIRECTIONS.index(one), DIRECTIONS.index(other)
        table[a, b] = table[b, a] = nats
    return table


def terms(
    reports: Reports,
    intensity: tuple[Floats, float],
    rarity: Rarity,
    parameters: FusionParameters,
    decided: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]],
) -> Terms:
    """Tables and constants of one run.

    Parameters
    ----------
    intensity
        As `log_intensity` gives it.
    decided
        Sorted pair keys `low * n + high` that people linked, and those that they parted.
    """
    kinds = [parameters.kinds[SourceKind(word)] for word in KINDS]
    false = np.array([kind.false_share for kind in kinds])
    alone = np.log(parameters.alone_miss + false / (1 - false))
    alone_nats = alone[reports.kind]
    freedom = parameters.time_freedom
    constant = (
        math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2) - math.log(freedom * math.pi) / 2
    )
    joint, marginal = confusion(reports.type)
    ratio = joint / np.outer(marginal, marginal)
    full = np.ones((NO_TYPE + 1, NO_TYPE + 1))
    full[:NO_TYPE, :NO_TYPE] = ratio
    return Terms(
        intensity[0] + alone_nats,
        intensity[1],
        alone_nats,
        full,
        _direction_table(),
        np.array([kind.repeat_nats for kind in kinds]),
        parameters.place_freedom,
        freedom,
        constant,
        *rarity,
        decided[0],
        decided[1],
    )


@nb.njit(cache=True, inline="always")
def place_density(de: float, dn: float, ee: float, en: float, nn: float, freedom: float) -> float:
    """Log of a bivariate Student's t at a difference, per square metre."""
    determinant = ee * nn - en * en
    square = (nn * de * de - 2.0 * en * de * dn + ee * dn * dn) / determinant
    tail = (freedom / 2.0 + 1.0) * math.log1p(square / freedom)
    return -_LOG_2PI - 0.5 * math.log(determinant) - tail


@nb.njit(cache=True, inline="always")
def time_density(difference_s: float, variance: float, terms: Terms) -> float:
    """Log of Student's t at a time difference, per second."""
    tail = math.log1p(difference_s * difference_s / (variance * terms.time_freedom))
    return terms.time_constant - 0.5 * math.log(variance) - 0.5 * (terms.time_freedom + 1) * tail


@nb.njit(cache=True)
def pair_place(reports: Reports, i: int, j: int, freedom: float) -> tuple[float, int, int]:
    """Log density of the place difference of two reports, and their best pair of components."""
    best_a, best_b = reports.first[i], reports.first[j]
    scale_e = 0.5 * (reports.east_m[i] + reports.east_m[j])
    scale_n = 0.5 * (reports.north_m[i] + reports.north_m[j])
    if reports.first[i + 1] == best_a + 1 and reports.first[j + 1] == best_b + 1:
        value = place_density(
            (reports.part_lon[best_b] - reports.part_lon[best_a]) * scale_e,
            (reports.part_lat[best_b] - reports.part_lat[best_a]) * scale_n,
            reports.part_ee[best_a] + reports.part_ee[best_b],
            reports.part_en[best_a] + reports.part_en[best_b],
            reports.part_nn[best_a] + reports.part_nn[best_b],
            freedom,
        )
        return value, best_a, best_b
    best = -np.inf
    total = 0.0
    for a in range(reports.first[i], reports.first[i + 1]):
        for b in range(reports.first[j], reports.first[j + 1]):
            value = place_density(
                (reports.part_lon[b] - reports.part_lon[a]) * scale_e,
                (reports.part_lat[b] - reports.part_lat[a]) * scale_n,
                reports.part_ee[a] + reports.part_ee[b],
                reports.part_en[a] + reports.part_en[b],
                reports.part_nn[a] + reports.part_nn[b],
                freedom,
            )
            value += reports.part_log_weight[a] + reports.part_log_weight[b]
            if value > best:
                total = 1.0 if best == -np.inf else total * math.exp(best - value) + 1.0
                best, best_a, best_b = value, a, b
            else:
                total += math.exp(value - best)
    return best + math.log(total), best_a, best_b


@nb.njit(cache=True, inline="always")
def has_words(reports: Reports, i: int) -> bool:
    """Whether a report has a text."""
    return reports.word_first[i + 1] > reports.word_first[i]


@nb.njit(cache=True, inline="always")
def wording_of(reports: Reports, terms: Terms, i: int, j: int) -> float:
    """Evidence from the words of two reports."""
    return word_nats(reports.word_first, reports.words, terms.shared_nats, terms.word_limits, i, j)


@nb.njit(cache=True, inline="always")
def nature_of(reports: Reports, terms: Terms, i: int, j: int) -> float:
    """Evidence from type and direction."""
    sure = reports.type_confidence[i] * reports.type_confidence[j]
    ratio = terms.type_ratio[reports.type[i], reports.type[j]]
    nats = math.log(sure * ratio + 1.0 - sure)
    return nats + terms.direction_nats[reports.direction[i], reports.direction[j]]


@nb.njit(cache=True, inline="always")
def repeat_of(reports: Reports, terms: Terms, i: int, j: int, words: float) -> float:
    """Evidence against one source telling one incident twice; none where the words are shared."""
    if reports.source[i] != reports.source[j] or words > 2.0:
        return 0.0
    return terms.repeat_nats[reports.kind[i]]


@nb.njit(cache=True)
def _holds(keys: npt.NDArray[np.int64], key: int) -> bool:
    if keys.size == 0:
        return False
    at = np.searchsorted(keys, key)
    return bool(at < keys.size and keys[at] == key)


@nb.njit(cache=True, inline="always")
def decided(terms: Terms, rows: int, i: int, j: int) -> int:
    """1 where people linked two reports, -1 where they parted them, else 0."""
    if terms.linked.size == 0 and terms.parted.size == 0:
        return 0
    key = min(i, j) * rows + max(i, j)
    if _holds(terms.parted, key):
        return -1
    return 1 if _holds(terms.linked, key) else 0


@nb.njit(cache=True, inline="always")
def rate_of(reports: Reports, terms: Terms, i: int, j: int, both_placed: int) -> float:
    """Log of what would be there by chance: per m2 and s, or per s where a place is unknown."""
    if both_placed:
        return 0.5 * (terms.log_rate[i] + terms.log_rate[j])
    return terms.log_rate_anywhere + 0.5 * (terms.alone_nats[i] + terms.alone_nats[j])


@nb.njit(cache=True)
def pair_nats(reports: Reports, terms: Terms, i: int, j: int, least: float) -> float:
    """Log-likelihood ratio that two reports tell of one incident.

    Parameters
    ----------
    least
        Where place, time and type leave less than this, and less than `WORTH_READING`, the words
        are not read.
    """
    placed = reports.first[i + 1] > reports.first[i] and reports.first[j + 1] > reports.first[j]
    nats = time_density(
        reports.mid_s[j] - reports.mid_s[i], reports.time_var_s2[i] + reports.time_var_s2[j], terms
    )
    nats -= rate_of(reports, terms, i, j, int(placed))
    nats += nature_of(reports, terms, i, j)
    if placed:
        nats += pair_place(reports, i, j, terms.place_freedom)[0]
    words = 0.0
    if has_words(reports, i) and has_words(reports, j):
        if nats < min(least, WORTH_READING):
            return nats
        words = wording_of(reports, terms, i, j)
    return nats + words + repeat_of(reports, terms, i, j, words)
