"""What people decided, as rows that a report may be made from."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import pyarrow as pa

from truceline.cases.case import Case, Reply, Signed
from truceline.cases.contract import Rules
from truceline.cases.docket import Docket
from truceline.cases.hearing import last_hour, notices_of, replied
from truceline.cases.replay import replay
from truceline.pipeline.casework import moves_of, rules_of
from truceline.pipeline.line import agreement_of
from truceline.pipeline.mission import Mission
from truceline.record.store import Record
from truceline.reports.columns import CASES
from truceline.tables import schemas


def decided_at(mission: Mission, record: Record, at: datetime) -> pa.Table:
    """Rows of CASES as they stood at an instant, cases in the order of the docket."""
    rules = rules_of(mission, agreement_of(mission))
    return decided(replay(moves_of(record, at), rules), rules.at(at), at)


def decided(docket: Docket, rules: Rules, at: datetime) -> pa.Table:
    """Rows of CASES: a stage of a case a row, and one for a case of which nothing is laid down."""
    rows = [row for case in docket.cases.values() for row in _rows(case, rules, at)]
    columns = {name: [row.get(name) for row in rows] for name in CASES.names}
    return schemas.from_columns(CASES, columns, len(rows))


def _rows(case: Case, rules: Rules, at: datetime) -> Iterator[Mapping[str, Any]]:
    about = {"case_id": case.case_id, "why": case.why, "status": case.status.value, "dissents": 0}
    stages = [
        *((each, "signed") for each in case.stands),
        *((each, "deadlocked" if each.is_deadlocked else "waiting") for each in case.drafts),
        *((each, "past") for each in case.past),
    ]
    if not stages:
        yield about
    for stage, state in stages:
        yield about | {"state": state} | _stage(case, stage, rules, at)


def _stage(case: Case, stage: Signed, rules: Rules, at: datetime) -> dict[str, Any]:
    names = [each.name for each in case.published if each.of == stage.sequence]
    told = [party for party in rules.parties if notices_of(case, stage, party)]
    dissents = [each for each in case.dissents if each.stage is stage.stage]
    answers = [each for each in case.replies if each.party in told and _is_told(case, stage, each)]
    return {
        "stage": stage.stage.value,
        "word": stage.word,
        "party": stage.party or None,
        "standard": stage.standard or None,
        "clauses": ";".join(stage.clauses) or None,
        "signed_on": rules.calendar.day(stage.at),
        "release": names[-1] if names else None,
        "told_to": ";".join(told) or None,
        "replies": ";".join(f"{each.party} {each.stance}" for each in answers) or None,
        "silent": ";".join(party for party in told if _is_silent(case, stage, party, at)) or None,
        "dissents": len(dissents),
        "text": _line(stage.text),
        "dissent_text": "\n".join(filter(None, (_line(each.text) for each in dissents))) or None,
        "reply_text": "\n".join(f"{each.party}: {_line(each.text)}" for each in answers if each.text)
        or None,
    }  # fmt: skip


def _is_told(case: Case, stage: Signed, reply: Reply) -> bool:
    """Whether an answer goes with a stage: one that was cleared takes along none to what was not.

    A reply answers whatever its party had notice of by then. It left with the stage if it was attached
    to it; later it does once all of that was cleared.
    """
    mine = [each for each in case.published if each.of == stage.sequence]
    if not mine or any(reply.sequence in each.replies for each in mine):
        return True
    cleared = {each.of for each in case.published}
    heard = [n for n in case.notices if n.to == reply.party and n.sequence < reply.sequence]
    return all(cleared.issuperset(each.covers) for each in heard)


def _is_silent(case: Case, stage: Signed, party: str, at: datetime) -> bool:
    """Told, its time over, and no answer: which ends a wait and admits nothing."""
    notices = notices_of(case, stage, party)
    return bool(notices) and not replied(case, notices) and at >= last_hour(notices)


def _line(text: str) -> str | None:
    return " ".join(text.split()) or None
