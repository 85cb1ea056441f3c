"""Every clause, for every subject, for every party bound: the probability of each verdict.

A probability here is conditional: given that the subject is real and that this party is the actor.
Whether it is real stands beside it (`p_real` of the incident), who did it is another question
(attribution). An act whose author nobody knows is judged for each party.

A row is made where the clause could apply: the act may be of a type and with a weapon that the
clause speaks of, at a time when it binds the party, with a probability of at least `COULD_APPLY`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from truceline.agreement.reading import readings
from truceline.agreement.terms import Agreement, Clause
from truceline.findings import holding, rows
from truceline.findings.act import acts_of
from truceline.findings.contract import Answer, ClauseKind, Subjects
from truceline.findings.event import Event, Times
from truceline.findings.ground import ground_of, surfaces
from truceline.findings.notice import notices_of
from truceline.findings.permitted import Permissions, permissions
from truceline.findings.question import Builder, Question, asked_of, kind_of, question
from truceline.findings.rows import AMBIGUOUS, INCONSISTENT, Digests, Heading, Weighed
from truceline.findings.trace import codes, margins
from truceline.findings.weigh import Scales, Weigher, place_sets
from truceline.findings.where import locate
from truceline.tables import schemas

Verdicts = npt.NDArray[np.int8]

COULD_APPLY = 0.01
"""Below this a row would only say that a clause about tanks does not concern a rifle shot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """What all chunks of rows are made with."""

    agreement: Agreement
    weigher: Weigher
    permissions: Permissions
    ids: pa.Array
    digests: Digests


def find(
    agreement: Agreement, evidence: Subjects, kinds: Mapping[str, ClauseKind]
) -> pa.Table:
    """Findings for all subjects, in the order of clauses, parties, readings and subjects.

    Parameters
    ----------
    agreement
        The version in force.
    evidence
        What there is to judge.
    kinds
        Clause kinds by name.

    Raises
    ------
    AgreementError
        A clause is of a kind that is not installed, or names a place that is not there.
    """
    ground = ground_of(agreement)
    notices, ground = notices_of(evidence.notices, agreement, ground)
    builder = Builder(ground=ground, notices=notices)
    groups = list(_groups(builder, agreement, kinds))
    acts = acts_of(evidence)
    events = [event for group in groups for asked in group for event in _events(asked)]
    sets = place_sets(events)
    located = locate(acts.components, surfaces(ground, (w for s in sets for w in s)), sets)
    scales = Scales(
        most={n: row["scale"] for n, row in enumerate(notices.rows) if row["scale"] is not None}
    )
    weigher = Weigher(acts=acts, located=located, scales=scales)
    ids = acts.table["act_id"].combine_chunks()
    made = _Rows(
        agreement=agreement,
        weigher=weigher,
        permissions=permissions(agreement, evidence, weigher, groups),
        ids=ids,
        digests=rows.digest(ids),
    )
    chunks = [chunk for group in groups for chunk in _judge(made, group)]
    chunks += holding.chunks(builder, agreement, evidence, kinds)
    return pa.concat_tables(chunks) if chunks else schemas.empty(schemas.FINDINGS)


def _groups(
    builder: Builder, agreement: Agreement, kinds: Mapping[str, ClauseKind]
) -> Iterator[list[Question]]:
    """For each clause and party bound, the questions of its own text and of each reading."""
    answers = {party: _answers(agreement, kinds, party) for party in agreement.party_ids()}
    for clause in agreement.clauses:
        kind = kind_of(clause, kinds)
        for party in agreement.party_ids():
            group = []
            read = [(name, *asked_of(agreement, own, party)) for name, own in readings(clause)]
            if kind.breach is None or not any(times for _, _, times in read):
                continue  # the clause never binds this party, whichever way it is read
            for name, asked, times in read:
                breach = kind.breach(asked)
                if breach is not None:
                    relief = [a[:3] for a in answers[party] if _relieves(a[1], clause, a[3])]
                    group.append(question(builder, asked, name, times, breach, relief))
            if group:
                yield group


def _answers(
    agreement: Agreement, kinds: Mapping[str, ClauseKind], party: str
) -> list[tuple[str, Answer, Times, str]]:
    found = []
    for clause in agreement.clauses:
        kind = kind_of(clause, kinds)
        asked, times = asked_of(agreement, clause, party)
        answer = kind.answer(asked) if kind.answer and times else None
        if answer is not None:
            found.append((clause.clause_id, answer, times, clause.basis))
    return found


def _relieves(answer: Answer, clause: Clause, basis: str) -> bool:
    """A permission relieves from the clauses it names, or from all bans of the same basis."""
    if answer.clauses is not None:
        return clause.clause_id in answer.clauses
    return clause.basis == basis and clause.kind == "prohibit"


def _events(asked: Question) -> list[Event]:
    parts = [asked.could, asked.possible, asked.violation, asked.exempt, asked.permitted]
    return parts + [response.event for response in asked.responses]


def _judge(made: _Rows, group: list[Question]) -> Iterator[pa.Table]:
    """Rows of one clause and party: its own text, whose verdict the readings may disturb."""
    could = [made.weigher.probability(asked.could) for asked in group]
    keep = np.flatnonzero(np.max(could, axis=0) >= COULD_APPLY)
    if not len(keep):
        return
    threshold = made.agreement.thresholds.finding
    weighed = [weigh(made.weigher, made.permissions, asked) for asked in group]
    verdicts = [rows.decide(_taken(each, keep), threshold) for each in weighed]
    verdicts[0] = _disturbed(group, verdicts)
    for asked, all_acts, verdict in zip(group, weighed, verdicts, strict=True):
        if asked.asked.clause.basis == "undertaking":
            verdict = np.where(verdict == 0, INCONSISTENT, verdict).astype(np.int8)
        heading = Heading(
            subject_kind="omission" if asked.breach.is_omission else "act",
            party=asked.asked.party,
            clause_id=asked.asked.clause.clause_id,
            reading=asked.reading,
            version=made.agreement.version,
            threshold=threshold,
        )
        subjects = made.ids if len(keep) == len(made.ids) else made.ids.take(pa.array(keep))
        own = _taken(all_acts, keep)
        yield rows.table(
            heading,
            subjects,
            made.digests[keep],
            own,
            verdict,
            codes(made.weigher, asked, own, keep),
            margins(made.weigher, asked, keep),
        )


def weigh(weigher: Weigher, permissions: Permissions, asked: Question) -> Weighed:
    """Probabilities of the verdicts, for every act."""
    possible = weigher.probability(asked.possible)
    exempt = np.minimum(weigher.probability(asked.exempt), possible)
    permitted = np.minimum(weigher.probability(asked.permitted), possible - exempt)
    violation = np.minimum(weigher.probability(asked.violation), possible - exempt - permitted)
    answered = np.minimum(permissions.answered(asked, weigher), violation)
    return Weighed(
        violation=violation - answered,
        compliant=1.0 - possible,
        permitted=permitted + answered,
        exempt=exempt,
        insufficient=np.maximum(possible - exempt - permitted - violation, 0.0),
    )


def _taken(weighed: Weighed, keep: npt.NDArray[np.intp]) -> Weighed:
    if len(keep) == len(weighed.violation):
        return weighed
    violation, compliant, permitted, exempt, insufficient = (
        column[keep] for column in weighed.columns()
    )
    return Weighed(
        violation=violation,
        compliant=compliant,
        permitted=permitted,
        exempt=exempt,
        insufficient=insufficient,
    )


def _disturbed(group: list[Question], verdicts: list[Verdicts]) -> Verdicts:
    """The verdict of the clause's own text, or ambiguous where its readings differ.

    The text itself is one more reading of it unless it cannot be judged at all.
    """
    own = verdicts[0]
    if group[0].reading is not None or len(group) < 2:
        return own
    compared = verdicts[1:] if group[0].has_missing else verdicts
    differs = np.zeros(len(own), np.bool_)
    for other in compared[1:]:
        differs |= other != compared[0]
    return np.where(differs, AMBIGUOUS, own).astype(np.int8)
