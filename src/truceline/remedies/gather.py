"""From findings and attributions to occasions: like acts of one party, one clause, one legal day.

Routine is answered once a day and not once an act. An act whose author is not named makes one
occasion for both sides, however many parties it was held against; one that is no party's doing
makes none. What is no act (a holding, something owed by a date, monitors kept out) is answered for
as `answerable` says.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.agreement.terms import Agreement, Clause
from truceline.model.vocabulary import IncidentType, Responsibility, Verdict
from truceline.remedies.answerable import HOLDING, OMISSION, SUBJECTS, answerable, type_bits
from truceline.remedies.contract import SEVERITIES, Certainty, Occasion
from truceline.remedies.days import EPOCH, legal_days
from truceline.remedies.severity import severities
from truceline.tables import schemas

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
_Number = TypeVar("_Number", np.int64, np.float64)

_BREACH = (Verdict.VIOLATION.value, Verdict.INCONSISTENT_WITH_DECLARATION.value)
_ASKED = (*_BREACH, Verdict.AMBIGUOUS_CLAUSE.value)
_TOLD = [
    "finding_id",
    "subject_kind",
    "subject_id",
    "party",
    "clause_id",
    "verdict",
    "trace",
    "margin_s",
]
_NO_PARTYS = (Responsibility.NOT_ATTRIBUTABLE.value, Responsibility.NON_PARTY_ACTOR.value)
_OUTCOMES = tuple(each.value for each in Responsibility)
_TYPES = tuple(each.value for each in IncidentType)
_MOOT = [_OUTCOMES.index(word) for word in _NO_PARTYS]
_NO_DAY = -(10**6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Occasions, and the findings that each rests on, joined by `;`."""

    occasions: tuple[Occasion, ...]
    finding_ids: pa.Array


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """Findings that ask for something, `(n,)` each."""

    finding_id: pa.Array
    party: Integers  # -1: nobody named
    clause: Integers
    day: Integers
    name: Integers  # of what it speaks of
    certainty: Integers
    outcome: Integers
    disputed: Mask
    gravity: Integers
    types: Integers  # one bit a type
    sure: Mask
    subject: Integers  # place in SUBJECTS
    outstanding: Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Legal days on which a party had the like, as days since 1970, ascending.

    A barrage within one day is no pattern, and how fusion splits it must not make it one: what
    repeats is counted in days.
    """

    days: tuple[int, ...]

    def within(self, day: int, days: float) -> int:
        """On how many days, the day itself and the time before it included.

        Examples
        --------
        >>> History(days=(1, 5, 8)).within(8, 7)
        2
        """
        return bisect_right(self.days, day) - bisect_right(self.days, day - days)


def gather(
    agreement: Agreement,
    findings: pa.Table,
    attributions: pa.Table,
    acts: pa.Table,
    incidents: pa.Table,
    exposures: pa.Table | None = None,
) -> Gathered:
    """Occasions for measures, by party, clause and legal day.

    Parameters
    ----------
    agreement
        Clauses, calendar, and the threshold under which an incident is unconfirmed.
    findings, attributions, acts, incidents
        Tables of one run.
    exposures
        Rows of EXPOSURES: who is recorded as having kept monitors out. None: no obstruction asks
        for anything.
    """
    asked = pc.and_(
        pc.is_in(findings["verdict"], value_set=pa.array(_ASKED)), findings["reading"].is_null()
    )
    findings = findings.select(_TOLD).filter(asked)  # a copy: of no more than what is asked below
    noted = schemas.empty(schemas.EXPOSURES) if exposures is None else exposures
    rows = _rows(agreement, findings, attributions, acts, incidents, noted)
    keys = (rows.name, rows.outstanding, rows.subject, rows.disputed, rows.outcome, rows.certainty,
            rows.day, rows.clause, rows.party)  # fmt: skip
    order = np.lexsort(keys)
    start = _starts([key[order] for key in keys[1:]])
    occasions = _occasions(agreement, rows, order, start)
    ends = np.append(start, len(order)).astype(np.int32)
    lists = pa.ListArray.from_arrays(pa.array(ends), rows.finding_id.take(pa.array(order)))
    joined = pc.binary_join(lists, ";") if len(start) else pa.array([], pa.string())
    return Gathered(occasions=tuple(occasions), finding_ids=joined)


def histories(occasions: tuple[Occasion, ...]) -> dict[tuple[str | None, str, Certainty], History]:
    """For each party and clause, the days that count at each certainty or above."""
    days: dict[tuple[str | None, str, Certainty], set[int]] = {}
    for each in occasions:
        for certainty in Certainty:
            is_open = certainty == Certainty.OPEN
            if certainty <= each.certainty and (each.party is None) == is_open:
                of = days.setdefault((each.party, each.clause.clause_id, certainty), set())
                of.add(day_number(each))
    return {key: History(days=tuple(sorted(of))) for key, of in days.items()}


def day_number(occasion: Occasion) -> int:
    """Days since 1970 of an occasion; one without a day comes before all."""
    return _NO_DAY if occasion.day is None else (occasion.day - EPOCH).days


def _rows(
    agreement: Agreement,
    findings: pa.Table,
    attributions: pa.Table,
    acts: pa.Table,
    incidents: pa.Table,
    exposures: pa.Table,
) -> _Rows:
    act = _numbers(findings["subject_id"], acts["act_id"])
    act[np.asarray(pc.equal(findings["subject_kind"], HOLDING))] = -1
    beside = answerable(agreement, findings, act >= 0, exposures)
    incident = _of(_numbers(acts["incident_id"], incidents["incident_id"]), act)
    p_real = _picked(np.asarray(incidents["p_real"], dtype=np.float64), incident, 1.0)
    day = _picked(legal_days(incidents["began"], agreement.calendar), incident, _NO_DAY)
    author, outcome = _authors(agreement, attributions, acts)
    is_beside = beside.party >= 0
    named = np.where(is_beside, beside.party, _picked(author, act, -1))
    outcome = _picked(outcome, act, _OUTCOMES.index(Responsibility.UNDETERMINED.value))
    outcome[is_beside] = _OUTCOMES.index(Responsibility.ATTRIBUTED.value)
    is_dated = beside.subject >= SUBJECTS.index(OMISSION)
    day = np.where(is_dated, beside.day, day).astype(np.int64)
    disputed = np.asarray(pc.equal(findings["verdict"], Verdict.AMBIGUOUS_CLAUSE.value))
    certainty = _certainty(outcome)
    certainty[disputed] = Certainty.OPEN
    party = _numbers(findings["party"], pa.array(agreement.party_ids()))
    keep = (party >= 0) & ((act >= 0) | (beside.subject > 0))
    keep &= (p_real >= agreement.thresholds.p_real) & ~np.isin(outcome, _MOOT)
    keep &= (certainty == Certainty.OPEN) | (named == party)
    at = np.flatnonzero(keep)
    beside = beside.only(at)
    subjects = findings["subject_id"].combine_chunks().dictionary_encode().indices
    bits = np.append(np.int64(1) << np.arange(len(_TYPES), dtype=np.int64), 0)
    kinds = _picked(bits[_numbers(acts["type"], pa.array(_TYPES))], act, 0)[at]
    return _Rows(
        finding_id=findings["finding_id"].combine_chunks().take(pa.array(at)),
        party=np.where(certainty == Certainty.OPEN, -1, party)[at],
        clause=_numbers(findings["clause_id"], pa.array(_clause_ids(agreement)))[at],
        day=day[at],
        name=np.asarray(subjects).astype(np.int64)[at],
        certainty=certainty[at],
        outcome=outcome[at],
        disputed=disputed[at],
        gravity=np.maximum(_picked(severities(acts), act, 0)[at], beside.gravity),
        types=kinds | type_bits(_TYPES, beside.is_refused),
        sure=(p_real >= agreement.thresholds.finding)[at],
        subject=beside.subject,
        outstanding=beside.is_outstanding,
    )


def _occasions(
    agreement: Agreement, rows: _Rows, order: Integers, start: Integers
) -> list[Occasion]:
    if not len(start):
        return []
    clauses = {clause.clause_id: clause for clause in agreement.clauses}
    names = _clause_ids(agreement)
    parties = agreement.party_ids()
    name = rows.name[order]
    fresh = np.ones(len(order), np.int64)
    fresh[1:] = np.diff(name) != 0
    fresh[start] = 1
    count = np.add.reduceat(fresh, start)
    gravity = np.maximum.reduceat(rows.gravity[order], start)
    types = np.bitwise_or.reduceat(rows.types[order], start)
    sure = np.logical_and.reduceat(rows.sure[order], start)
    found = []
    for g, row in enumerate(order[start].tolist()):
        clause: Clause = clauses[names[rows.clause[row]]]
        day = int(rows.day[row])
        party = int(rows.party[row])
        found.append(
            Occasion(
                party=None if party < 0 else parties[party],
                clause=clause,
                day=None if day == _NO_DAY else EPOCH + timedelta(days=day),
                severity=SEVERITIES[gravity[g]],
                types=frozenset(t for b, t in enumerate(_TYPES) if int(types[g]) >> b & 1),
                certainty=Certainty(int(rows.certainty[row])),
                outcome=_OUTCOMES[rows.outcome[row]],
                is_confirmed=bool(sure[g]),
                is_disputed=bool(rows.disputed[row]),
                count=int(count[g]),
                repetition=int(count[g]),
                subject=SUBJECTS[rows.subject[row]],
                is_outstanding=bool(rows.outstanding[row]),
            )
        )
    return found


def _clause_ids(agreement: Agreement) -> list[str]:
    return [clause.clause_id for clause in agreement.clauses]


def _authors(
    agreement: Agreement, attributions: pa.Table, acts: pa.Table
) -> tuple[Integers, Integers]:
    """For each act the likeliest party (-1: no attribution), and the number of its outcome."""
    author = np.full(acts.num_rows, -1, np.int64)
    outcome = np.full(acts.num_rows, _OUTCOMES.index(Responsibility.UNDETERMINED.value), np.int64)
    best = np.full(acts.num_rows, -1.0)
    told = attributions.select(["act_id", "p", "outcome"])
    for number, party in enumerate(agreement.party_ids()):
        rows = told.filter(pc.equal(attributions["hypothesis"], f"party:{party}"))
        act = _numbers(rows["act_id"], acts["act_id"])
        known = act >= 0
        act, p = act[known], np.asarray(rows["p"], dtype=np.float64)[known]
        outcome[act] = _numbers(rows["outcome"], pa.array(_OUTCOMES))[known]
        more = p > best[act]
        author[act[more]] = number
        best[act[more]] = p[more]
    return author, outcome


def _certainty(outcome: Integers) -> Integers:
    certainty = np.full(len(outcome), int(Certainty.OPEN), np.int64)
    certainty[outcome == _OUTCOMES.index(Responsibility.PROBABLE.value)] = Certainty.PROBABLE
    certainty[outcome == _OUTCOMES.index(Responsibility.ATTRIBUTED.value)] = Certainty.ATTRIBUTED
    return certainty


def _numbers(column: pa.ChunkedArray, words: pa.Array | pa.ChunkedArray) -> Integers:
    values = words.combine_chunks() if isinstance(words, pa.ChunkedArray) else words
    found = pc.fill_null(pc.index_in(column, value_set=values), -1)
    return np.array(found, dtype=np.int64)


def _of(values: Integers, row: Integers) -> Integers:
    return _picked(values, row, -1)


def _picked(values: npt.NDArray[_Number], row: Integers, absent: float) -> npt.NDArray[_Number]:
    """Values at rows, `absent` where the row is -1."""
    return np.append(values, np.array([absent], dtype=values.dtype))[row]


def _starts(keys: list[npt.NDArray[np.generic]]) -> Integers:
    """Rows at which any of the sorted keys changes."""
    count = len(keys[0])
    if not count:
        return np.empty(0, np.int64)
    new = np.zeros(count, np.bool_)
    new[0] = True
    for key in keys:
        new[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(new)
