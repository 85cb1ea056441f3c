"""Permitted responses: a second pass, in the order of time.

An act is a permitted response only as far as it answers an earlier breach by another party, soon
enough and near enough. The earlier act must itself still be a breach after its own answer is
weighed: who answers a permitted response has answered nothing, so who began stays in breach however
long the exchange goes on. Of two acts whose times cannot be told apart neither answers the other.

That there was an earlier act must be established by others than who responds, and by reports that do
not repeat it. What rests on its word alone permits nothing; it leaves open whether it would.

The earlier act that fits best decides (the greatest of the products, not their union): the reports
of one exchange are not independent of one another.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from truceline.agreement.terms import Agreement
from truceline.findings.author import author_weights
from truceline.findings.contract import Answer, Subjects
from truceline.findings.established import established
from truceline.findings.event import Event, Times, mask
from truceline.findings.question import Question
from truceline.findings.weigh import Weigher
from truceline.findings.what import p_types

Floats = npt.NDArray[np.float64]
Spot = tuple[float, float, float]  # degrees north and east, standard deviation in metres
Rule = tuple[str, Answer, Times, str]  # party, answer, times, name

_DAY_H = 24.0  # where the text sets no time, an answer comes within a day
_NEVER_H = -1.0
_ROUNDING = 1.0 + 1e-9  # a bound is not below what it bounds by the rounding of either
_LENGTHS_S = np.array([60.0, 600.0, 3_600.0, 14_400.0, 86_400.0])  # ends of classes of intervals


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """For each rule that lets a party respond, how surely each act answers a breach.

    `told` counts the responder's own word that there was one as well; it is never less.
    """

    rules: tuple[Rule, ...]
    answers: Floats  # (rules, acts)
    told: Floats  # (rules, acts)
    granted: tuple[bool, ...]  # False: the text sets a condition that nothing in evidence meets

    def answered(self, asked: Question, weigher: Weigher) -> Floats:
        """The part of the question's breach that is a permitted response, `(acts,)`."""
        return self._part(asked, weigher, self.answers)

    def claimed(self, asked: Question, weigher: Weigher) -> Floats:
        """The same, were the responder's word enough that there was an earlier breach, `(acts,)`."""
        return self._part(asked, weigher, self.told)

    def _part(self, asked: Question, weigher: Weigher, answers: Floats) -> Floats:
        best = np.zeros(weigher.acts.count)
        for number in _numbers(self.rules, asked):
            event = _event(asked, self.rules[number])
            share = weigher.probability(event) * answers[number]
            best = np.maximum(best, share * weigher.when(self.rules[number][2]))
        return best


def permissions(
    agreement: Agreement,
    evidence: Subjects,
    weigher: Weigher,
    groups: Sequence[Sequence[Question]],
) -> Permissions:
    """Settle every rule for every act, earlier acts first."""
    questions = [asked for group in groups for asked in group[:1]]
    rules: list[Rule] = []
    for group in groups:
        for asked in group:
            for r in asked.responses:
                rule = (asked.asked.party, r.answer, r.times, r.name)
                if rule not in rules:
                    rules.append(rule)
    granted = tuple(not rule[1].needs for rule in rules)
    if not any(granted) or not weigher.acts.count:
        empty = np.zeros((len(rules), weigher.acts.count))
        return Permissions(rules=tuple(rules), answers=empty, told=empty, granted=granted)
    answers, told = _settle(agreement, evidence, weigher, questions, rules, granted)
    return Permissions(rules=tuple(rules), answers=answers, told=told, granted=granted)


def _numbers(rules: Sequence[Rule], asked: Question) -> list[int]:
    own = [(asked.asked.party, r.answer, r.times, r.name) for r in asked.responses]
    return [number for number, rule in enumerate(rules) if rule in own]


def _event(asked: Question, rule: Rule) -> Event:
    return next(r.event for r in asked.responses if (r.answer, r.times, r.name) == rule[1:])


def _settle(
    agreement: Agreement,
    evidence: Subjects,
    weigher: Weigher,
    questions: Sequence[Question],
    rules: Sequence[Rule],
    granted: Sequence[bool],
) -> tuple[Floats, Floats]:
    acts = weigher.acts
    parties = agreement.party_ids()
    # Breaches of one party that the same rules relieve from stand and fall together.
    keys = [(q.asked.party, tuple(_numbers(rules, q))) for q in questions]
    names = sorted(set(keys), key=repr)
    breach = np.zeros((len(names), acts.count))
    relief = np.zeros((len(names), len(rules)), np.bool_)
    for key, asked in zip(keys, questions, strict=True):
        at = names.index(key)
        breach[at] = np.maximum(breach[at], weigher.probability(asked.violation))
        relief[at, list(key[1])] = True
    owner = np.array([parties.index(name[0]) for name in names], np.int64)
    middle = acts.began_us + (acts.ended_us - acts.began_us) // 2
    order = np.lexsort((np.arange(acts.count), middle))
    lat, lon, sigma_m = _places(weigher)
    answers, told = (np.zeros((len(rules), acts.count)) for _ in range(2))
    by_others, by_all = established(agreement, evidence, acts)
    columns = _Acts(middle, acts.began_us / 1e6, acts.ended_us / 1e6, lat, lon, sigma_m)
    terms = _Terms(
        breach=breach,
        relief=relief,
        owner=owner,
        party=np.array([parties.index(rule[0]) for rule in rules], np.int64),
        within_s=np.array([_hours(r, ok) * 3600 for r, ok in zip(rules, granted, strict=True)]),
        within_m=np.array([_metres(rule) for rule in rules]),
        in_force=np.array([weigher.when(rule[2]) for rule in rules]),
        suits=np.array([p_types(acts.deeds, mask(rule[1].only_if)) for rule in rules]),
        author=author_weights(agreement, evidence, acts),
        by_others=by_others,
        by_all=by_all,
    )
    _walk(order, columns, terms, answers, told)
    return answers, told


def _hours(rule: Rule, is_granted: bool) -> float:
    if not is_granted:
        return _NEVER_H
    return _DAY_H if rule[1].within_h is None else rule[1].within_h


def _metres(rule: Rule) -> float:
    return np.inf if rule[1].within_km is None else rule[1].within_km * 1000.0


def _places(weigher: Weigher) -> tuple[Floats, Floats, Floats]:
    """Mean of each act's heaviest component, and the standard deviation of its distance."""
    parts = weigher.acts.components
    order = np.lexsort((-parts.weight, parts.owner))
    owner = parts.owner[order]
    first = order[np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])] if len(order) else order
    lat, lon, sigma = (np.full(parts.subjects, np.nan) for _ in range(3))
    lat[parts.owner[first]] = parts.lat[first]
    lon[parts.owner[first]] = parts.lon[first]
    spread = np.sqrt((parts.var_east_m2 + parts.var_north_m2) / 2)
    sigma[parts.owner[first]] = spread[first]
    rows = weigher.acts.incident
    return lat[rows], lon[rows], sigma[rows]


@numba.njit(cache=True, inline="always")
def _ramp(value: float) -> float:
    return 0.5 * value * value if value > 0 else 0.0


@numba.njit(cache=True)
def _p_gap_below(gap: float, x0: float, x1: float, y0: float, y1: float) -> float:
    """Probability that Y - X is at most `gap`, X and Y even over their intervals (seconds)."""
    lx, ly = x1 - x0, y1 - y0
    if lx <= 0 and ly <= 0:
        return 1.0 if y0 - x0 <= gap else 0.0
    if lx <= 0:
        return min(1.0, max(0.0, (gap - (y0 - x0)) / ly))
    if ly <= 0:
        return min(1.0, max(0.0, (gap - (y0 - x1)) / lx))
    area = _ramp(gap - (y0 - x1)) - _ramp(gap - (y0 - x0))
    area += _ramp(gap - (y1 - x0)) - _ramp(gap - (y1 - x1))
    return min(1.0, max(0.0, area / (lx * ly)))


@numba.njit(cache=True, inline="always")
def _p_soon_at_most(within: float, longer: float) -> float:
    """Probability that two gaps differ by so little, at most: of two intervals the longer bounds it."""
    return min(1.0, _ROUNDING * within / longer) if longer > 0.0 else 1.0


class _Acts(NamedTuple):
    """Acts as the compiled walk takes them; seconds, degrees, metres."""

    middle_us: npt.NDArray[np.int64]
    began_s: Floats
    ended_s: Floats
    lat: Floats
    lon: Floats
    sigma_m: Floats


class _Terms(NamedTuple):
    """Rules and breaches as the compiled walk takes them.

    `breach`, `relief`, `owner`: probability of each kind of breach by act, which rules relieve
    from it, whose it is. `by_others`, `by_all`: how surely each act is real, by others than each
    party and by everybody. The others are of each rule: whose, within what, when, for which types.
    """

    breach: Floats
    relief: npt.NDArray[np.bool_]
    owner: npt.NDArray[np.int64]
    party: npt.NDArray[np.int64]
    within_s: Floats
    within_m: Floats
    in_force: Floats
    suits: Floats
    author: Floats
    by_others: Floats
    by_all: Floats


@numba.njit(cache=True)
def _p_near(one: Spot, other: Spot, within_m: float) -> float:
    """Probability that two acts lie within a distance, by the spread of the distance between."""
    if within_m == np.inf:
        return 1.0
    if np.isnan(one[0]) or np.isnan(other[0]):
        return 0.0
    north = (other[0] - one[0]) * 111_200.0  # mean metres of a degree, WGS 84 at 48 N
    sigma = math.hypot(one[2], other[2])
    if abs(north) > within_m + 5 * sigma + 1.0:
        return 0.0
    middle = math.radians((one[0] + other[0]) / 2)
    east = (other[1] - one[1]) * 111_320.0 * math.cos(middle)
    distance = math.hypot(east, north)
    if sigma <= 0:
        return 1.0 if distance <= within_m else 0.0
    return 0.5 * math.erfc((distance - within_m) / (sigma * math.sqrt(2.0)))


@numba.njit(cache=True)
def _guilt(terms: _Terms, left: Floats, k: int, x: int) -> float:
    """How surely an act is a breach that the rule may answer, by another party."""
    guilty = 0.0
    for q in range(len(left)):
        if q != terms.party[k]:
            guilty = max(guilty, left[q] * terms.author[terms.party[k], q, x])
    return guilty * terms.suits[k, x]


class _Earlier(NamedTuple):
    """Acts as one looks back over them, laid out so that a look goes straight through memory.

    Those whose intervals are of one class of length stand together: one act of some week must not
    make every later act look through all acts of that week. `start`, `end` and `longest` are of
    each class; the others of each act, or of each rule and act: how surely it is a breach that the
    rule may answer, and how surely it happened, by others than who answers and by everybody.
    """

    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    longest: Floats
    acts: _Acts
    guilt: Floats
    by_others: Floats
    by_all: Floats


@numba.njit(cache=True)
def _empty(acts: _Acts, rules: int) -> _Earlier:
    """Room for all acts, none of them in it."""
    count, classes = len(acts.began_s), len(_LENGTHS_S) + 1
    start = np.zeros(classes, np.int64)
    for own in np.searchsorted(_LENGTHS_S, acts.ended_s - acts.began_s):
        start[own + 1 :] += 1
    floats = np.empty((6, count))
    room = _Acts(np.empty(count, np.int64), floats[0], floats[1], floats[2], floats[3], floats[4])
    of_rules = np.empty((2, rules, count))
    return _Earlier(
        start, start.copy(), np.zeros(classes), room, of_rules[0], of_rules[1], floats[5]
    )


@numba.njit(cache=True)
def _put(seen: _Earlier, acts: _Acts, terms: _Terms, left: Floats, y: int) -> None:
    """Put an act among the earlier ones; `left` is what of it is still a breach, by whom."""
    length = acts.ended_s[y] - acts.began_s[y]
    own = np.searchsorted(_LENGTHS_S, length)
    at, to = seen.end[own], seen.acts
    seen.end[own] += 1
    seen.longest[own] = max(seen.longest[own], length)
    to.middle_us[at] = acts.middle_us[y]
    to.began_s[at], to.ended_s[at] = acts.began_s[y], acts.ended_s[y]
    to.lat[at], to.lon[at], to.sigma_m[at] = acts.lat[y], acts.lon[y], acts.sigma_m[y]
    seen.by_all[at] = terms.by_all[y]
    for k in range(len(terms.party)):
        seen.guilt[k, at] = _guilt(terms, left, k, y)
        seen.by_others[k, at] = terms.by_others[terms.party[k], y]


@numba.njit(cache=True)
def _spot(acts: _Acts, x: int) -> Spot:
    return acts.lat[x], acts.lon[x], acts.sigma_m[x]


@numba.njit(cache=True)
def _best(
    seen: _Earlier, own: int, acts: _Acts, terms: _Terms, k: int, y: int,
    found: tuple[float, float],
) -> tuple[float, float]:  # fmt: skip
    """How surely an act answers the earlier act that fits best: by others, and by everybody.

    Acts of one class of length are looked at; `found` is what those of other classes gave.
    """
    best, most = found
    past, within = seen.acts, terms.within_s[k]
    y0, y1, middle_us, here = acts.began_s[y], acts.ended_s[y], acts.middle_us[y], _spot(acts, y)
    reach = within + seen.longest[own] + (y1 - y0)
    for x in range(seen.end[own] - 1, seen.start[own] - 1, -1):
        if (middle_us - past.middle_us[x]) * 1e-6 > reach:
            break
        guilty, real, told = seen.guilt[k, x], seen.by_others[k, x], seen.by_all[x]
        x0, x1 = past.began_s[x], past.ended_s[x]
        likeliest = guilty * _p_soon_at_most(within, max(x1 - x0, y1 - y0))
        if likeliest * real <= best and likeliest * told <= most:
            continue
        if past.middle_us[x] == middle_us:
            continue
        near = _p_near(_spot(past, x), here, terms.within_m[k])
        if near <= 0.0:
            continue
        soon = _p_gap_below(within, x0, x1, y0, y1) - _p_gap_below(0.0, x0, x1, y0, y1)
        if soon > 0.0:
            fits = guilty * soon * near
            best, most = max(best, fits * real), max(most, fits * told)
    return best, most


@numba.njit(cache=True)
def _walk(
    order: npt.NDArray[np.int64], acts: _Acts, terms: _Terms, answers: Floats, told: Floats
) -> None:
    """Fill in how surely each act answers a breach by each rule; `order` is that of time."""
    rules = len(terms.within_s)
    seen = _empty(acts, rules)
    left = np.zeros(len(terms.author))
    for y in order:
        for k in range(rules):
            if terms.within_s[k] >= 0 and terms.in_force[k, y] > 0.0:
                found = (0.0, 0.0)
                for own in range(len(seen.start)):
                    found = _best(seen, own, acts, terms, k, y, found)
                answers[k, y], told[k, y] = found
        left[:] = 0.0
        for g in range(len(terms.owner)):
            best = 0.0
            for k in range(rules):
                if terms.relief[g, k]:
                    best = max(best, answers[k, y] * terms.in_force[k, y])
            q = terms.owner[g]
            left[q] = max(left[q], terms.breach[g, y] * (1.0 - best))
        _put(seen, acts, terms, left, y)
