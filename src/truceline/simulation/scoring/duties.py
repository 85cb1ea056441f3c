"""Scores of findings on what is no act: stocks under a cap, and things that were due by a date.

A stretch of time in which a party held no more, or more, than it may is one question; the line answers
it at every moment at which it judges a holding, and the answer that is surest of a breach counts: one
moment in breach is enough. A date by which something was due is one question too, and the line's row for
the same clause, party, site and second answers it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from numpy.random import Generator

from truceline.model.vocabulary import Verdict
from truceline.simulation.scoring.findings import NO_ROW
from truceline.simulation.scoring.forecasts import (
    Forecasts,
    ForecastScores,
    rates_of,
    score_forecasts,
    spread,
)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

HOLDING, OMISSION = "holding", "omission"
VERDICTS = (Verdict.VIOLATION.value, Verdict.COMPLIANT.value)
"""What may be true of a duty. A declaration that does not hold is a violation here."""
_SECOND_US = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueDuties:
    """What is true of each stretch or date, `(n,)` each.

    Parameters
    ----------
    kind
        `holding` or `omission`.
    party, clause, site
        Words; the site is empty where all sites count together.
    verdict
        A word of `VERDICTS`.
    from_us, to_us
        While it was so, microseconds since 1970; of an omission the end is when it was due.
    """

    kind: pa.Array
    party: pa.Array
    clause: pa.Array
    site: pa.Array
    verdict: pa.Array
    from_us: Ints
    to_us: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldDuties:
    """What the line says, `(n,)` each; only of the clause's own text.

    Parameters
    ----------
    kind, party, clause, site
        As in the truth.
    at_us
        The moment that is judged: when the holding began, or when it was due.
    p
        `(n, 2)` probabilities by `VERDICTS`; the rest is left open.
    verdict
        The verdict that the line states.
    """

    kind: pa.Array
    party: pa.Array
    clause: pa.Array
    site: pa.Array
    at_us: Ints
    p: Floats
    verdict: pa.Array


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyVerdict:
    """How one verdict fared.

    Parameters
    ----------
    true, stated, right
        Questions of which it is true, of which the line states it, and both.
    p
        Mean probability that the line gives it where it is true, what is left open not spread; NaN
        where it never is.
    """

    true: int
    stated: int
    right: int
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyScores:
    """Scores of one kind.

    Parameters
    ----------
    scores
        Over both verdicts, blocks by party, clause and site.
    verdicts
        Of each.
    without_row
        Questions on which the line says nothing; they count as compliant.
    left_open
        Mean probability left at insufficient evidence.
    beside
        Breaches that the line states under the same clauses where there is no question.
    """

    scores: ForecastScores
    verdicts: Mapping[str, DutyVerdict]
    without_row: int
    left_open: float
    beside: int


def score_duties(true: TrueDuties, told: ToldDuties, rng: Generator) -> dict[str, DutyScores]:
    """Scores by kind; nothing of a kind that the truth does not speak of.

    Parameters
    ----------
    true, told
        The questions, and the line's rows.
    rng
        For bands; seeded by the caller.
    """
    group, told_group = _groups(true, told)
    found = {}
    for kind in (HOLDING, OMISSION):
        rows = np.flatnonzero(np.asarray(pc.equal(true.kind, kind)))
        if rows.size:
            found[kind] = _scored(true, told, (group, told_group), rows, rng)
    return found


def _scored(
    true: TrueDuties, told: ToldDuties, groups: tuple[Ints, Ints], rows: Ints, rng: Generator
) -> DutyScores:
    group, told_group = groups
    answer, is_asked = _answers(true, told, groups, rows)
    silent = np.array([NO_ROW, 1.0 - NO_ROW])
    p = np.vstack([told.p, silent])[answer]
    truth = _classes(true.verdict)[rows]
    stated = np.append(_classes(told.verdict), VERDICTS.index(Verdict.COMPLIANT.value))[answer]
    said = Forecasts(
        question=rows,
        p=spread(p, rates_of(truth, len(VERDICTS))),
        truth=truth,
        block=np.unique(group[rows], return_inverse=True)[1].astype(np.int64),
    )
    beside = ~is_asked & np.isin(told_group, group[rows]) & (_classes(told.verdict) == 0)
    return DutyScores(
        scores=score_forecasts(said, rng),
        verdicts={
            verdict: _verdict(truth == number, stated == number, p[:, number])
            for number, verdict in enumerate(VERDICTS)
        },
        without_row=int(np.count_nonzero(answer == told.at_us.size)),
        left_open=float(np.mean(1.0 - p.sum(axis=1))),
        beside=int(np.count_nonzero(beside)),
    )


def _verdict(is_true: Bools, is_stated: Bools, p: Floats) -> DutyVerdict:
    return DutyVerdict(
        true=int(is_true.sum()),
        stated=int(is_stated.sum()),
        right=int((is_true & is_stated).sum()),
        p=float(p[is_true].mean()) if is_true.any() else float("nan"),
    )


def _answers(
    true: TrueDuties, told: ToldDuties, groups: tuple[Ints, Ints], rows: Ints
) -> tuple[Ints, Bools]:
    """Row of the line that answers each question, its number of rows where none does; and which answer."""
    group, told_group = groups
    answer = np.full(rows.size, told.at_us.size, dtype=np.int64)
    is_asked = np.zeros(told.at_us.size, dtype=np.bool_)
    is_omission = np.asarray(pc.equal(true.kind, OMISSION))
    for number, row in enumerate(rows.tolist()):
        from_us, to_us = true.from_us[row], true.to_us[row]
        is_then = (
            np.abs(told.at_us - to_us) < _SECOND_US
            if is_omission[row]
            else (told.at_us >= from_us) & (told.at_us < to_us)
        )
        own = np.flatnonzero(is_then & (told_group == group[row]))
        is_asked[own] = True
        if own.size:
            answer[number] = own[np.argmax(told.p[own, 0])]
    return answer, is_asked


def _groups(true: TrueDuties, told: ToldDuties) -> tuple[Ints, Ints]:
    """One number for each kind, party, clause and site, of the questions and of the line's rows."""
    columns = []
    for name in ("kind", "party", "clause", "site"):
        both = pa.concat_arrays([getattr(one, name).cast(pa.string()) for one in (true, told)])
        columns.append(np.asarray(both.dictionary_encode().indices).astype(np.int64))
    _, number = np.unique(np.stack(columns, axis=1), axis=0, return_inverse=True)
    number = number.ravel().astype(np.int64)
    return number[: len(true.kind)], number[len(true.kind) :]


def _classes(verdicts: pa.Array) -> Ints:
    words = pc.if_else(
        pc.equal(verdicts, Verdict.INCONSISTENT_WITH_DECLARATION.value), VERDICTS[0], verdicts
    )
    return np.asarray(pc.fill_null(pc.index_in(words, pa.array(VERDICTS)), -1)).astype(np.int64)
