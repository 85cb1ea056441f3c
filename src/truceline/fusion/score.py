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

from truceline.fusion.columns import (
    DIRECTIONS,
    KINDS,
    NO_TYPE,
    Floats,
    Record,
    Records,
    Reports,
)
from truceline.fusion.kernels import INLINE, LEAF
from truceline.fusion.likeness import confusion
from truceline.fusion.parameters import FusionParameters
from truceline.fusion.wording import Rarity, word_nats
from truceline.model.vocabulary import SourceKind

WORTH_READING = -3.0  # nats without words; what lies below, no wording joins
_LOG_2PI = math.log(2 * math.pi)

CONSTANTS = np.dtype(
    [
        ("log_rate_anywhere", "f8"),
        ("alone_nats", "f8", (len(KINDS),)),
        ("repeat_nats", "f8", (len(KINDS),)),
        ("type_ratio", "f8", (NO_TYPE + 1, NO_TYPE + 1)),
        ("direction_nats", "f8", (len(DIRECTIONS), len(DIRECTIONS))),
        ("place_freedom", "f8"),
        ("time_freedom", "f8"),
        ("time_constant", "f8"),
    ],
    align=True,
)


class Terms(NamedTuple):
    """Everything the kernels need beside the reports: constants, words, decisions of people."""

    constants: Records  # (1,)
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
    """Tables and constants of one run; every report's `log_rate` is written into its record.

    Parameters
    ----------
    intensity
        As `log_intensity` gives it.
    decided
        Sorted pair keys `low * n + high` that people linked, and those that they parted.
    """
    kinds = [parameters.kinds[SourceKind(word)] for word in KINDS]
    false = np.array([kind.false_share for kind in kinds])
    freedom = parameters.time_freedom
    joint, marginal = confusion(reports.rows["type"])
    constants = np.zeros(1, CONSTANTS)
    constants["log_rate_anywhere"] = intensity[1]
    constants["alone_nats"] = np.log(parameters.alone_miss + false / (1 - false))
    constants["repeat_nats"] = [kind.repeat_nats for kind in kinds]
    constants["type_ratio"] = 1.0
    constants["type_ratio"][0, :NO_TYPE, :NO_TYPE] = joint / np.outer(marginal, marginal)
    constants["direction_nats"] = _direction_table()
    constants["place_freedom"] = parameters.place_freedom
    constants["time_freedom"] = freedom
    constants["time_constant"] = (
        math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2) - math.log(freedom * math.pi) / 2
    )
    reports.rows["log_rate"] = intensity[0] + constants["alone_nats"][0][reports.rows["kind"]]
    return Terms(constants, *rarity, decided[0], decided[1])


@nb.njit(**INLINE)
def place_density(de: float, dn: float, ee: float, en: float, nn: float, freedom: float) -> float:
    """Log of a bivariate Student's t at a difference, per square metre."""
    determinant = ee * nn - en * en
    square = (nn * de * de - 2.0 * en * de * dn + ee * dn * dn) / determinant
    tail = (freedom / 2.0 + 1.0) * math.log(1.0 + square / freedom)
    return -_LOG_2PI - 0.5 * math.log(determinant) - tail


@nb.njit(**INLINE)
def time_density(difference_s: float, variance: float, constants: Record) -> float:
    """Log of Student's t at a time difference, per second."""
    freedom = constants.time_freedom
    tail = math.log(1.0 + difference_s * difference_s / (variance * freedom))
    return constants.time_constant - 0.5 * math.log(variance) - 0.5 * (freedom + 1.0) * tail


@nb.njit(**LEAF)
def _mixed_place(
    parts: Records, one: Record, other: Record, freedom: float
) -> tuple[float, int, int]:
    best_a, best_b = one.first, other.first
    scale_e = 0.5 * (one.east_m + other.east_m)
    scale_n = 0.5 * (one.north_m + other.north_m)
    best = -np.inf
    total = 0.0
    for at in range(one.first, one.first + one.parts):
        for to in range(other.first, other.first + other.parts):
            a, b = parts[at], parts[to]
            value = place_density(
                (b.lon - a.lon) * scale_e,
                (b.lat - a.lat) * scale_n,
                a.ee + b.ee,
                a.en + b.en,
                a.nn + b.nn,
                freedom,
            )
            value += a.log_weight + b.log_weight
            if value > best:
                total = 1.0 if best == -np.inf else total * math.exp(best - value) + 1.0
                best, best_a, best_b = value, at, to
            else:
                total += math.exp(value - best)
    return best + math.log(total), best_a, best_b


@nb.njit(**INLINE)
def pair_place(
    parts: Records, one: Record, other: Record, freedom: float
) -> tuple[float, int, int]:
    """Log density of the place difference of two reports, and their best pair of components."""
    if one.parts > 1 or other.parts > 1:
        return _mixed_place(parts, one, other, freedom)
    value = place_density(
        (other.lon - one.lon) * 0.5 * (one.east_m + other.east_m),
        (other.lat - one.lat) * 0.5 * (one.north_m + other.north_m),
        one.ee + other.ee,
        one.en + other.en,
        one.nn + other.nn,
        freedom,
    )
    return value, one.first, other.first


@nb.njit(**INLINE)
def wording_of(
    words: npt.NDArray[np.uint32],
    shared_nats: npt.NDArray[np.float32],
    limits: Floats,
    one: Record,
    other: Record,
) -> float:
    """Evidence from the words of two reports; zero where one has no text."""
    if one.words == 0 or other.words == 0:
        return 0.0
    first, second = (one.word_first, one.words), (other.word_first, other.words)
    return word_nats(words, shared_nats, limits, first, second)


@nb.njit(**INLINE)
def type_ratio(constants: Record, one: Record, other: Record) -> float:
    """How much likelier the types of two reports are of one incident than of two."""
    sure = one.type_confidence * other.type_confidence
    return sure * constants.type_ratio[one.type, other.type] + 1.0 - sure


@nb.njit(**INLINE)
def nature_of(constants: Record, one: Record, other: Record) -> float:
    """Evidence from type and direction."""
    nats = math.log(type_ratio(constants, one, other))
    return nats + constants.direction_nats[one.direction, other.direction]


@nb.njit(**INLINE)
def repeat_of(constants: Record, one: Record, other: Record, words: float) -> float:
    """Evidence against one source telling one incident twice; none where the words are shared."""
    if one.source != other.source or words > 2.0:
        return 0.0
    return constants.repeat_nats[one.kind]


@nb.njit(**LEAF)
def _holds(keys: npt.NDArray[np.int64], key: int) -> bool:
    if keys.size == 0:
        return False
    at = np.searchsorted(keys, key)
    return bool(at < keys.size and keys[at] == key)


@nb.njit(**LEAF)
def decided(terms: Terms, rows: int, i: int, j: int) -> int:
    """1 where people linked two reports, -1 where they parted them, else 0."""
    if terms.linked.size == 0 and terms.parted.size == 0:
        return 0
    key = min(i, j) * rows + max(i, j)
    if _holds(terms.parted, key):
        return -1
    return 1 if _holds(terms.linked, key) else 0


@nb.njit(**INLINE)
def rate_of(constants: Record, one: Record, other: Record, both_placed: bool) -> float:
    """Log of what would be there by chance: per m2 and s, or per s where a place is unknown."""
    if both_placed:
        return 0.5 * (one.log_rate + other.log_rate)
    alone = constants.alone_nats[one.kind] + constants.alone_nats[other.kind]
    return constants.log_rate_anywhere + 0.5 * alone


@nb.njit(**INLINE)
def bare_nats(parts: Records, constants: Record, one: Record, other: Record) -> float:
    """What place, time, type and direction say of two reports; words and repeats not yet."""
    placed = one.parts > 0 and other.parts > 0
    nats = time_density(other.mid_s - one.mid_s, one.time_var_s2 + other.time_var_s2, constants)
    nats -= rate_of(constants, one, other, placed)
    nats += nature_of(constants, one, other)
    if placed:
        nats += pair_place(parts, one, other, constants.place_freedom)[0]
    return nats


@nb.njit(**INLINE)
def read_nats(
    words: npt.NDArray[np.uint32],
    terms: Terms,
    one: Record,
    other: Record,
    bare: float,
    least: float,
) -> float:
    """The whole evidence, given what place, time, type and direction say.

    Where they leave less than `least`, and less than `WORTH_READING`, the words are not read.
    """
    said = 0.0
    if one.words > 0 and other.words > 0:
        if bare < min(least, WORTH_READING):
            return bare
        said = wording_of(words, terms.shared_nats, terms.word_limits, one, other)
    return bare + said + repeat_of(terms.constants[0], one, other, said)


@nb.njit(**LEAF)
def pair_nats(reports: Reports, terms: Terms, i: int, j: int, least: float) -> float:
    """Log-likelihood ratio that two reports tell of one incident.

    Parameters
    ----------
    least
        As in `read_nats`.
    """
    one, other = reports.rows[i], reports.rows[j]
    bare = bare_nats(reports.parts, terms.constants[0], one, other)
    return read_nats(reports.words, terms, one, other, bare, least)
