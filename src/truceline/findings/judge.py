"""Rows of one clause for one party: weighed, sorted by the threshold, readings compared."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from truceline.agreement.terms import Agreement
from truceline.findings import rows
from truceline.findings.parts import traced
from truceline.findings.permitted import Permissions
from truceline.findings.question import Question
from truceline.findings.rows import (
    AMBIGUOUS,
    INCONSISTENT,
    INSUFFICIENT,
    Digests,
    Heading,
    Repeats,
    Weighed,
)
from truceline.findings.weigh import Weigher

Floats = npt.NDArray[np.float64]
Verdicts = npt.NDArray[np.int8]

COULD_APPLY = 0.01
"""Below this a row would only say that a clause about tanks does not concern a rifle shot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What all rows of one kind of subject are judged with.

    `exceeds` is for caps: how surely, and how possibly, a subject that counts goes over the
    number, given how surely and how possibly each subject counts.
    """

    agreement: Agreement
    weigher: Weigher
    permissions: Permissions
    ids: pa.Array
    digests: Digests
    subject_kind: str
    repeats: Repeats
    exceeds: Callable[[Question, Floats, Floats], tuple[Floats, Floats]] | None = None


def judge(made: Bench, group: Sequence[Question]) -> Iterator[pa.Table]:
    """Rows of one clause and party: its own text, whose verdict the readings may disturb."""
    could = [made.weigher.probability(asked.could) for asked in group]
    keep = np.flatnonzero(np.max(could, axis=0) >= COULD_APPLY)
    if not len(keep):
        return
    threshold = made.agreement.thresholds.finding
    weighed = [weigh(made, asked) for asked in group]
    verdicts = [rows.decide(each.take(keep), threshold) for each in weighed]
    verdicts[0] = _disturbed(group, verdicts)
    for asked, all_acts, verdict in zip(group, weighed, verdicts, strict=True):
        if asked.asked.clause.basis == "undertaking":
            verdict = np.where(verdict == 0, INCONSISTENT, verdict).astype(np.int8)
        heading = Heading(
            subject_kind="omission" if asked.breach.is_omission else made.subject_kind,
            party=asked.asked.party,
            clause_id=asked.asked.clause.clause_id,
            reading=asked.reading,
            version=made.agreement.version,
            threshold=threshold,
        )
        subjects = made.ids if len(keep) == len(made.ids) else made.ids.take(pa.array(keep))
        own = all_acts.take(keep)
        trace, margins = traced(made.weigher, asked, own, keep)
        yield rows.table(
            heading,
            subjects,
            made.digests[keep],
            own,
            verdict,
            trace,
            margins,
            made.repeats,
        )


def weigh(made: Bench, asked: Question) -> Weighed:
    """Probabilities of the verdicts, for every subject."""
    weigher = made.weigher
    possible = weigher.probability(asked.possible)
    exempt = np.minimum(weigher.probability(asked.exempt), possible)
    permitted = np.minimum(weigher.probability(asked.permitted), possible - exempt)
    violation = np.minimum(weigher.probability(asked.violation), possible - exempt - permitted)
    if made.exceeds is not None:
        sure, perhaps = made.exceeds(asked, violation, possible)
        violation, possible = violation * sure, np.minimum(possible, perhaps)
        possible = np.maximum(possible, violation + exempt + permitted)
    answered = np.minimum(made.permissions.answered(asked, weigher), violation)
    claimed = np.minimum(made.permissions.claimed(asked, weigher), violation)
    claimed = np.maximum(claimed - answered, 0.0)
    return Weighed(
        violation=violation - answered - claimed,
        compliant=1.0 - possible,
        permitted=permitted + answered,
        exempt=exempt,
        insufficient=np.maximum(possible - exempt - permitted - violation, 0.0) + claimed,
        claimed=claimed,
    )


def _disturbed(group: Sequence[Question], verdicts: Sequence[Verdicts]) -> Verdicts:
    """The verdict of the clause's own text, or ambiguous where its readings differ.

    The text itself is one more reading of it unless it cannot be judged at all. What the evidence
    does not settle by the text stays unsettled, whatever a reading says. An undertaking is held to
    its own words: each reading of it stands beside them in a row of its own.
    """
    own = verdicts[0]
    if group[0].reading is not None or len(group) < 2:
        return own
    if group[0].asked.clause.basis == "undertaking":
        return own
    compared = verdicts[1:] if group[0].has_missing else verdicts
    differs = np.zeros(len(own), np.bool_)
    for other in compared[1:]:
        differs |= other != compared[0]
    settled = np.ones(len(own), np.bool_) if group[0].has_missing else own != INSUFFICIENT
    return np.where(differs & settled, AMBIGUOUS, own).astype(np.int8)
