"""Scores of findings: given the party that acted, was the probability of each verdict right?"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from numpy.random import Generator

from truceline.model.vocabulary import Verdict
from truceline.simulation.scoring.calibration import Reliability, reliability
from truceline.simulation.scoring.forecasts import (
    Forecasts,
    ForecastScores,
    rates_of,
    score_forecasts,
    spread,
)
from truceline.simulation.scoring.resample import blocks

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

VERDICTS = tuple(
    v.value
    for v in (Verdict.VIOLATION, Verdict.COMPLIANT, Verdict.PERMITTED_RESPONSE, Verdict.EXEMPT)
)
"""What a finding states a probability of, and what the truth may be. A declaration that does not hold
is a violation here; a clause that the text leaves ambiguous has no truth and is left out."""
_COLUMNS = tuple(f"p_{verdict}" for verdict in VERDICTS)
NO_ROW = 0.01
"""What a line that makes no row says of a violation: it makes one from this probability on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueVerdicts:
    """What is true of each act, party and clause, `(n,)` each; numbers of acts, words of the rest.

    `campaign` is by number of the act.
    """

    act: Ints
    party: pa.Array
    clause: pa.Array
    verdict: pa.Array
    campaign: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingScores:
    """Scores of findings.

    Parameters
    ----------
    scores
        Over all verdicts at once.
    verdicts
        Reliability of each verdict's own probability.
    answered
        Share of the acts with a question that were found at all; the others are not scored.
    without_row
        Of those, how many got no row and so count as compliant.
    left_open
        Mean probability that was left at insufficient evidence.
    """

    scores: ForecastScores
    verdicts: Mapping[str, Reliability]
    answered: float
    without_row: int
    left_open: float


def asked_by(true: TrueVerdicts, findings: pa.Table, act_of: Mapping[str, int]) -> TrueVerdicts:
    """The true questions, and after them those that only the line asks.

    Where the truth has no row the clause does not speak of the act, so it is compliant: a line that
    sees a violation there is wrong, and must be asked.

    Parameters
    ----------
    true, findings, act_of
        As `forecasts` takes them.
    """
    act = _true_acts(findings, act_of)
    keys, told = _keys(true, findings, act)
    _, first = np.unique(told, return_index=True)
    extra = first[(act[first] >= 0) & ~np.isin(told[first], keys)]
    more = pa.array(extra)
    words = [findings[name].combine_chunks().cast(pa.string()) for name in ("party", "clause_id")]
    compliant = pa.repeat(pa.scalar(Verdict.COMPLIANT.value, pa.string()), extra.size)
    return TrueVerdicts(
        act=np.concatenate([true.act, act[extra]]),
        party=pa.concat_arrays([true.party.cast(pa.string()), words[0].take(more)]),
        clause=pa.concat_arrays([true.clause.cast(pa.string()), words[1].take(more)]),
        verdict=pa.concat_arrays([true.verdict.cast(pa.string()), compliant]),
        campaign=true.campaign,
    )


def forecasts(true: TrueVerdicts, findings: pa.Table, act_of: Mapping[str, int]) -> Forecasts:
    """What findings say on each true question, open mass spread by the base rates.

    Parameters
    ----------
    true
        The questions.
    findings
        In the schema of findings; other readings than the clause's own text are left out.
    act_of
        Number of the true act of each computed one that has one.
    """
    return _joined(true, findings, act_of)[0]


def score_findings(
    true: TrueVerdicts,
    findings: pa.Table,
    act_of: Mapping[str, int],
    rng: Generator,
    oracle: Forecasts | None = None,
) -> FindingScores:
    """Scores of findings on the acts that were found.

    Parameters
    ----------
    true, findings, act_of
        As `forecasts` takes them.
    rng
        For bands; seeded by the caller.
    oracle
        The oracle's forecasts on the same questions.
    """
    said, answered, without, left = _joined(true, findings, act_of)
    return FindingScores(
        scores=score_forecasts(said, rng, oracle),
        verdicts={
            verdict: reliability(said.p[:, c], said.truth == c, said.block, rng)
            for c, verdict in enumerate(VERDICTS)
            if np.any(said.truth == c) or np.any(said.p[:, c] > NO_ROW)
        },
        answered=answered,
        without_row=without,
        left_open=left,
    )


def _joined(
    true: TrueVerdicts, findings: pa.Table, act_of: Mapping[str, int]
) -> tuple[Forecasts, float, int, float]:
    truth = _classes(true.verdict)
    found = np.unique(np.fromiter(act_of.values(), np.int64, len(act_of)))
    asked = np.flatnonzero((truth >= 0) & np.isin(true.act, found))
    rows = _rows(true, findings, act_of)[asked]
    columns = [np.asarray(findings[name], dtype=np.float64) for name in _COLUMNS]
    silent = np.array([1.0 if name == "p_compliant" else 0.0 for name in _COLUMNS])
    silent[_COLUMNS.index("p_violation")] = NO_ROW
    silent[_COLUMNS.index("p_compliant")] -= NO_ROW
    told = np.vstack([np.stack(columns, axis=1), silent])[rows]
    said = Forecasts(
        question=asked,
        p=spread(told, rates_of(truth[asked], len(VERDICTS))),
        truth=truth[asked],
        block=blocks(true.campaign[true.act[asked]]),
    )
    open_mass = float(np.mean(1 - told.sum(axis=1))) if asked.size else float("nan")
    acts = np.unique(true.act[truth >= 0])
    share = np.count_nonzero(np.isin(acts, found)) / max(acts.size, 1)
    return said, share, int(np.count_nonzero(rows == findings.num_rows)), open_mass


def _classes(verdicts: pa.Array) -> Ints:
    words = pc.if_else(
        pc.equal(verdicts, Verdict.INCONSISTENT_WITH_DECLARATION.value), VERDICTS[0], verdicts
    )
    return np.asarray(pc.fill_null(pc.index_in(words, pa.array(VERDICTS)), -1)).astype(np.int64)


def _rows(true: TrueVerdicts, findings: pa.Table, act_of: Mapping[str, int]) -> Ints:
    """Row of the findings on each true question; their number of rows where there is none."""
    asked, told = _keys(true, findings, _true_acts(findings, act_of))
    if not told.size:
        return np.zeros(asked.size, np.int64)
    order = np.argsort(told, kind="stable")
    at = np.minimum(np.searchsorted(told[order], asked), told.size - 1)
    return np.where(told[order][at] == asked, order[at], told.size)


def _true_acts(findings: pa.Table, act_of: Mapping[str, int]) -> Ints:
    """Number of the true act of each finding; -1: none, of no act, or under another reading."""
    computed = pa.array(list(act_of), pa.string())
    number = np.append(np.fromiter(act_of.values(), np.int64, len(act_of)), -1)
    of = np.asarray(pc.fill_null(pc.index_in(findings["subject_id"], computed), len(act_of)))
    own = np.asarray(findings["reading"].is_null()) & np.asarray(
        pc.equal(findings["subject_kind"], "act")
    )
    return np.where(own, number[of], -1)


def _keys(true: TrueVerdicts, findings: pa.Table, act: Ints) -> tuple[Ints, Ints]:
    """One number for each act, party and clause, of the questions and of the findings; -1: none."""
    party, told_party = _shared(true.party, findings["party"])
    clause, told_clause = _shared(true.clause, findings["clause_id"])
    parties = int(max(party.max(initial=0), told_party.max(initial=0))) + 1
    clauses = int(max(clause.max(initial=0), told_clause.max(initial=0))) + 1
    told = (act * parties + told_party) * clauses + told_clause
    return (true.act * parties + party) * clauses + clause, np.where(act >= 0, told, -1)


def _shared(one: pa.Array, other: pa.ChunkedArray) -> tuple[Ints, Ints]:
    """Numbers of the words of two columns, equal for equal words."""
    both = pa.concat_arrays([one.cast(pa.string()), other.combine_chunks().cast(pa.string())])
    codes = np.asarray(both.dictionary_encode().indices).astype(np.int64)
    return codes[: len(one)], codes[len(one) :]
