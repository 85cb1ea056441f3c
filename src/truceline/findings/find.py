"""Every clause, for every subject, for every party bound: the probability of each verdict.

A probability here is conditional: given that the subject is real and that this party is the actor.
Whether it is real stands beside it (`p_real` of the incident), who did it is another question
(attribution). An act whose author nobody knows is judged for each party.

A row is made where the clause could apply: the act may be of a type and with a weapon that the
clause speaks of, at a time when it binds the party, with a probability of at least
`judge.COULD_APPLY`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

import pyarrow as pa

from truceline.agreement.reading import readings
from truceline.agreement.terms import Agreement, Clause
from truceline.findings import holding, obstruction, omission, rows
from truceline.findings.act import acts_of
from truceline.findings.contract import Answer, ClauseKind, Subjects
from truceline.findings.event import Times
from truceline.findings.ground import ground_of, surfaces
from truceline.findings.judge import Bench, judge
from truceline.findings.notice import notices_of
from truceline.findings.permitted import permissions
from truceline.findings.question import Builder, Question, asked_of, kind_of, question
from truceline.findings.relief import reaching, reliefs
from truceline.findings.waiting import moments, needed, settled
from truceline.findings.weigh import Scales, Weigher, place_sets
from truceline.findings.where import locate
from truceline.findings.zones import Shares, as_sets, conditions
from truceline.tables import schemas

__all__ = ["Found", "Subjects", "find", "find_all"]

_GRANT = "find"


class Found(NamedTuple):
    """Findings, and on the way to them how surely each incident lies in each zone."""

    findings: pa.Table
    zones: Shares


def find(agreement: Agreement, evidence: Subjects, kinds: Mapping[str, ClauseKind]) -> pa.Table:
    """The findings of `find_all`."""
    return find_all(agreement, evidence, kinds).findings


def find_all(agreement: Agreement, evidence: Subjects, kinds: Mapping[str, ClauseKind]) -> Found:
    """Findings for all subjects, in the order of clauses, parties, readings and subjects.

    Parameters
    ----------
    agreement
        The version in force, what waits for another clause settled (`waiting.settled`), else
        whether anything that is waited for was met cannot be told; without the grant `find` there
        are no findings: what is not granted is not computed.
    evidence
        What there is to judge.
    kinds
        Clause kinds by name.

    Raises
    ------
    AgreementError
        A clause is of a kind that is not installed, or names a place that is not there.
    """
    if _GRANT not in agreement.grants:
        agreement = replace(agreement, clauses=())
    agreement = settled(agreement, kinds, None)
    ground = ground_of(agreement)
    notices, ground = notices_of(evidence.notices, agreement, ground)
    builder = Builder(ground=ground, notices=notices)
    groups = list(_groups(builder, agreement, kinds))
    acts = acts_of(evidence)
    wheres = conditions(agreement, ground)
    asked = set(place_sets(asked for group in groups for asked in group))
    sets = sorted(asked | set(as_sets(wheres)), key=repr)
    located = locate(acts.components, surfaces(ground, (w for s in sets for w in s)), sets)
    scales = Scales(
        most={n: row["scale"] for n, row in enumerate(notices.rows) if row["scale"] is not None}
    )
    weigher = Weigher(acts=acts, located=located, scales=scales)
    ids = acts.table["act_id"].combine_chunks()
    bench = Bench(
        agreement=agreement,
        weigher=weigher,
        permissions=permissions(agreement, evidence, weigher, groups),
        ids=ids,
        digests=rows.digest(ids),
        subject_kind="act",
        repeats=rows.Repeats(rows=len(ids)),
    )
    chunks = [chunk for group in groups for chunk in judge(bench, group)]
    chunks += obstruction.chunks(builder, agreement, evidence, groups)
    chunks += holding.chunks(builder, agreement, evidence, kinds)
    chunks += omission.chunks(builder, agreement, evidence, kinds)
    findings = pa.concat_tables(chunks) if chunks else schemas.empty(schemas.FINDINGS)
    zones = {name: located.probability[frozenset({where})] for name, where in wheres.items()}
    return Found(findings, zones)


def _groups(
    builder: Builder, agreement: Agreement, kinds: Mapping[str, ClauseKind]
) -> Iterator[list[Question]]:
    """For each clause and party bound, the questions of its own text and of each reading."""
    answers = {party: _answers(agreement, kinds, party) for party in agreement.party_ids()}
    relieved = {party: reliefs(agreement, kinds, party) for party in agreement.party_ids()}
    for clause in agreement.clauses:
        kind = kind_of(clause, kinds)
        for party in agreement.party_ids():
            group = []
            read = [(name, *asked_of(agreement, own, party)) for name, own in readings(clause)]
            if kind.breach is None or not any(times for _, _, times in read):
                continue  # the clause never binds this party, whichever way it is read
            for name, asked, times in read:
                relief = [a[:3] for a in answers[party] if _relieves(a[1], clause, a[3])]
                permits = reaching(relieved[party], clause)
                put = question(builder, asked, name, times, kind.breach, relief, permits)
                group += [] if put is None else [put]
            if group:
                yield group


def _answers(
    agreement: Agreement, kinds: Mapping[str, ClauseKind], party: str
) -> list[tuple[str, Answer, Times, str]]:
    found = []
    for clause in agreement.clauses:
        kind = kind_of(clause, kinds)
        for moment in moments(*asked_of(agreement, clause, party)):
            answer = kind.answer(moment.asked) if kind.answer and moment.times else None
            if answer is not None:
                answer = replace(answer, needs=needed(moment, answer.needs))
                found.append((clause.clause_id, answer, moment.times, clause.basis))
    return found


def _relieves(answer: Answer, clause: Clause, basis: str) -> bool:
    """A permission relieves from the clauses it names, or from all bans of the same basis."""
    if answer.clauses is not None:
        return clause.clause_id in answer.clauses
    return clause.basis == basis and clause.kind == "prohibit"
