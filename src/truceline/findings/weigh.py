"""Weighing events: the probability of each term for each act, every factor computed once."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from truceline.findings.act import Acts
from truceline.findings.event import ALWAYS, Event, Term, Times
from truceline.findings.placed import Places
from truceline.findings.question import Question
from truceline.findings.what import p_what
from truceline.findings.when import margin_s, share
from truceline.findings.where import Located

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scales:
    """For each numbered notice with a scale, how many of the activity it covers."""

    most: dict[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weigher:
    """Acts and where they were found to be; remembers factors that terms share."""

    acts: Acts
    located: Located
    scales: Scales
    _where: dict[tuple[Places, bool], Floats] = field(default_factory=dict)
    _when: dict[Times, Floats] = field(default_factory=dict)
    _margin: dict[Times, Floats] = field(default_factory=dict)
    _what: dict[Term, Floats] = field(default_factory=dict)
    _within_scale: dict[Term, Floats] = field(default_factory=dict)

    def probability(self, event: Event) -> Floats:
        """`(acts,)` from 0 to 1."""
        total = np.zeros(self.acts.count)
        for term, times in event:
            total += times * self._term(term)
        return np.clip(total, 0.0, 1.0)

    def place(self, places: Places, *, is_sure: bool) -> Floats:
        """How surely the place meets the conditions; an unknown place passes unless `is_sure`."""
        key = (places, is_sure)
        if key not in self._where:
            known = self.located.probability[places]
            whole = known if is_sure else known + self.located.unknown
            self._where[key] = whole[self.acts.incident]
        return self._where[key]

    def when(self, times: Times) -> Floats:
        """How much of each act's interval falls into the times."""
        if times not in self._when:
            part = share(self.acts.began_us, self.acts.ended_us, times)
            self._when[times] = (part > 0).astype(np.float64) if self.acts.is_lasting else part
        return self._when[times]

    def margin_s(self, times: Times) -> Floats:
        """Seconds from the middle of each act's interval to the nearest end of the times."""
        if times not in self._margin:
            self._margin[times] = margin_s(self.acts.began_us, self.acts.ended_us, times)
        return self._margin[times]

    def _term(self, term: Term) -> Floats:
        value = self._what_of(term)
        if term.times != ALWAYS:
            value = value * self.when(term.times)
        if term.where:
            value = value * self.place(term.where, is_sure=term.sure_where)
        if term.notices:
            value = value * self._scale(term)
        return value

    def _what_of(self, term: Term) -> Floats:
        key = replace(term, where=frozenset(), sure_where=False, times=ALWAYS, notices=frozenset())
        if key not in self._what:
            self._what[key] = p_what(self.acts.deeds, key)
        return self._what[key]

    def _scale(self, term: Term) -> Floats:
        """1 for acts within the scale of every notice of the term, 0 for those beyond.

        Acts that more likely than not fall under the notice are taken in the order of time, each
        with its best count (at least one): the scale covers the first and is then used up.
        """
        plain = replace(term, notices=frozenset())
        if term in self._within_scale:
            return self._within_scale[term]
        falls = np.flatnonzero(self._term(plain) >= _LIKELY)
        middle = self.acts.began_us + (self.acts.ended_us - self.acts.began_us) // 2
        falls = falls[np.argsort(middle[falls], kind="stable")]
        count = np.asarray(self.acts.table["count_best"].fill_null(1))[falls]
        used = np.cumsum(np.maximum(count, 1))
        value = np.ones(self.acts.count)
        for notice in term.notices:
            value[falls[used > self.scales.most[notice]]] = 0.0
        self._within_scale[term] = value
        return value


def place_sets(questions: Iterable[Question]) -> list[Places]:
    """Every set of conditions on places that the questions ask for, in a fixed order."""
    sets = {
        term.where
        for asked in questions
        for event in (
            asked.possible, asked.violation, asked.exempt, asked.permitted,
            asked.notified, asked.announced,
            *(response.event for response in asked.responses),
            *(part.possible for part in asked.parts),
        )
        for term, _ in event
        if term.where
    }  # fmt: skip
    return sorted(sets, key=lambda places: sorted(map(repr, places)))


_LIKELY = 0.5
