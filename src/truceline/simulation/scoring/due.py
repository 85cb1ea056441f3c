"""The truth in the tables of a run, so that the rules of remedies can be asked what is due by it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.vocabulary import Direction, Hypothesis, Responsibility
from truceline.simulation.scoring.findings import VERDICTS
from truceline.tables import schemas

Ints = npt.NDArray[np.int64]

OUTCOMES = {
    Hypothesis.JOINT.value: Responsibility.JOINT_OR_MULTIPLE,
    Hypothesis.NON_PARTY.value: Responsibility.NON_PARTY_ACTOR,
    Hypothesis.ACCIDENT.value: Responsibility.NOT_ATTRIBUTABLE,
    Hypothesis.STAGED.value: Responsibility.UNDETERMINED,
    Hypothesis.UNKNOWN.value: Responsibility.UNKNOWN,
}
"""What an attribution that knew all would say; of a party: attributed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """True acts with their authors and verdicts.

    Parameters
    ----------
    act_id, type, weapon
        `(acts,)` identifiers and stored words; an empty weapon is none.
    rounds
        `(acts,)`; -1: not known.
    began, ended
        `(acts,)` instants.
    author
        `(acts,)` `party:ID` or a stored hypothesis.
    verdict_act, party, clause, verdict
        `(n,)` number of the act, and stored words.
    """

    act_id: pa.Array
    type: pa.Array
    weapon: pa.Array
    rounds: Ints
    began: pa.Array
    ended: pa.Array
    author: pa.Array
    verdict_act: Ints
    party: pa.Array
    clause: pa.Array
    verdict: pa.Array


@dataclass(frozen=True, slots=True, kw_only=True)
class AsRun:
    """The truth as a run would write it if it knew all."""

    incidents: pa.Table
    acts: pa.Table
    findings: pa.Table
    attributions: pa.Table


def as_run(known: Known, parties: Sequence[str]) -> AsRun:
    """Incidents, acts, findings and attributions of the truth; each act is an incident of its own.

    Parameters
    ----------
    known
        The truth.
    parties
        Ids, in the agreement's order.
    """
    count = len(known.act_id)
    incidents = {
        "incident_id": known.act_id, "p_real": 1.0, "began": known.began, "ended": known.ended,
        "type": known.type, "p_type": 1.0, "direction": Direction.UNDETERMINED.value,
        "observations": 1, "independent_roots": 1, "is_date_only": False,
    }  # fmt: skip
    rounds = pa.array(known.rounds.astype(np.int32), mask=known.rounds < 0)
    acts = {
        "act_id": known.act_id, "incident_id": known.act_id, "type": known.type,
        "direction": Direction.UNDETERMINED.value,
        "weapon": pc.if_else(pc.equal(known.weapon, ""), None, known.weapon),
        "count_low": rounds, "count_best": rounds, "count_high": rounds,
    }  # fmt: skip
    return AsRun(
        incidents=schemas.from_columns(schemas.INCIDENTS, incidents, count),
        acts=schemas.from_columns(schemas.ACTS, acts, count),
        findings=_findings(known),
        attributions=_attributions(known, parties),
    )


def _findings(known: Known) -> pa.Table:
    count = len(known.verdict)
    act = known.act_id.take(pa.array(known.verdict_act))
    columns: dict[str, object] = {
        f"p_{verdict}": pc.cast(pc.equal(known.verdict, verdict), pa.float64())
        for verdict in VERDICTS
    }
    columns |= {
        "finding_id": pc.binary_join_element_wise(act, known.party, known.clause, "|"),
        "subject_kind": "act", "subject_id": act, "party": known.party, "clause_id": known.clause,
        "agreement_version": "truth", "p_insufficient": 0.0, "verdict": known.verdict,
        "threshold": 1.0, "trace": "truth",
    }  # fmt: skip
    return schemas.from_columns(schemas.FINDINGS, columns, count)


def _attributions(known: Known, parties: Sequence[str]) -> pa.Table:
    hypotheses = [*(f"party:{party}" for party in parties), *(h.value for h in Hypothesis)]
    width, count = len(hypotheses), len(known.act_id)
    owner = pa.array(np.repeat(np.arange(count), width))
    author = known.author.take(owner)
    words = pa.array(hypotheses).take(pa.array(np.tile(np.arange(width), count)))
    is_author = pc.cast(pc.equal(author, words), pa.float64())
    others = pa.array([outcome.value for outcome in OUTCOMES.values()])
    at = pc.index_in(author, value_set=pa.array(list(OUTCOMES)))
    outcome = pc.fill_null(others.take(at), Responsibility.ATTRIBUTED.value)
    columns = {
        "act_id": known.act_id.take(owner), "hypothesis": words, "p": is_author,
        "p_low": is_author, "p_high": is_author, "outcome": outcome,
    }  # fmt: skip
    return schemas.from_columns(schemas.ATTRIBUTIONS, columns, count * width)
