"""Omissions: what had to be done by a date, or so often, and was not.

Each date that has passed is a subject of its own, and gives a row for the party: compliant where
the thing was done in time; a violation where the party did not do it, or stood in the way of the
body that had to. Where nobody could look, where the body did not come, or where the record does not
speak of that time, the party has done nothing that anybody saw: `insufficient_evidence`. That a body
did not come although nothing kept it is the body's own omission, in a row under the body's name.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from truceline.agreement.reading import readings
from truceline.agreement.terms import Agreement
from truceline.findings import rows
from truceline.findings.contract import Asked, ClauseKind, Duty, Subjects
from truceline.findings.event import Times, overlap
from truceline.findings.question import Builder, asked_of, kind_of
from truceline.findings.rows import AMBIGUOUS, INCONSISTENT, INSUFFICIENT, Heading, Weighed
from truceline.findings.shown import Shown, known_until_us, shown
from truceline.findings.waiting import beginning, duties, traced
from truceline.findings.when import from_on
from truceline.model.time import from_microseconds, to_microseconds

_DAY_US = 86_400_000_000
_SECOND_US = 1_000_000
_COMPLIANT = rows.ORDER.index("compliant")
_LIKELY = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    """One date, since when the thing could be done for it, and at which site."""

    site: str | None
    after_us: int
    due_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """One date judged: probabilities (violation, compliant, insufficient) for party and body."""

    subject_id: str
    party: tuple[float, float, float]
    body: tuple[float, float, float]
    margin_s: float
    trace: str


def chunks(
    builder: Builder, agreement: Agreement, evidence: Subjects, kinds: Mapping[str, ClauseKind]
) -> list[pa.Table]:
    """Rows of FINDINGS for omissions, in the order of clauses, parties, bodies, readings and dates."""
    until_us = known_until_us(evidence)
    found: list[pa.Table] = []
    for clause in agreement.clauses:
        kind = kind_of(clause, kinds)
        if kind.duty is None:
            continue
        for party in agreement.party_ids():
            read: list[tuple[str | None, Asked, Duty, list[_Judged]]] = []
            for name, own in readings(clause):
                owed = duties(kind, *asked_of(agreement, own, party))
                judged: list[_Judged] = []
                for asked, times, duty in owed:
                    told = shown(builder, asked, duty, evidence)
                    judged += [
                        _judge(asked, duty, told, due) for due in _dues(duty, times, told, until_us)
                    ]
                if owed:
                    asked, _, duty = owed[-1]
                    read.append((name, asked, duty, judged))
            found += _tables(read)
    return found


def _dues(duty: Duty, times: Times, told: Shown, until_us: int) -> Iterator[_Due]:
    """Every date that has come, site by site."""
    if duty.since is not None:
        times = overlap(times, from_on(duty.since))
    for site in duty.sites or (None,):
        for first, last in times:
            end = min(last, until_us)
            for at in duty.due:
                at_us = to_microseconds(at)
                if first <= at_us <= end:
                    yield _Due(site=site, after_us=-(2**62), due_us=at_us)
            if duty.every_days is not None:
                yield from _cadence(duty, told, site, first, end)


def _cadence(duty: Duty, told: Shown, site: str | None, first: int, end: int) -> Iterator[_Due]:
    """The longest time after each time it was done; after one that was missed, the next."""
    done = told.done.at_site(site)
    at_us = done.at_us[done.perhaps >= _LIKELY]
    every_us = round(float(duty.every_days or 0.0) * _DAY_US)
    after = first
    while after + every_us <= end:
        due = after + every_us
        yield _Due(site=site, after_us=after, due_us=due)
        inside = at_us[(at_us > after) & (at_us <= due)]
        after = int(inside[-1]) if len(inside) else due


def _judge(asked: Asked, duty: Duty, told: Shown, due: _Due) -> _Judged:
    done, denied, hindered = (
        deeds.at_site(due.site).within(due.after_us, due.due_us)
        for deeds in (told.done, told.denied, told.hindered)
    )
    sure, perhaps = done.any()
    turned_away, may_be_turned_away = denied.any()
    began, ended = told.blind[:, 0], told.blind[:, 1]
    is_blind = (
        bool(np.any((began < due.due_us) & (ended > due.after_us))) or len(hindered.at_us) > 0
    )
    is_silent = not told.first_us <= due.due_us <= told.last_us
    has_gap = bool(duty.missing or asked.clause.missing)
    is_open = is_blind or is_silent or has_gap
    undone = 1.0 - perhaps
    if duty.shown_by == "declarations":
        broken = 0.0 if is_open else undone
    else:
        broken = 0.0 if has_gap else undone * turned_away
    kept = sure + undone * turned_away  # it came, and was turned away
    neglected = 0.0 if is_open else undone * (1.0 - may_be_turned_away)
    code = {
        "done": _word(sure, perhaps), "denied": _word(turned_away, may_be_turned_away),
        "blind": "yes" if is_blind else "no", "silent": "yes" if is_silent else "no",
        "gap": "yes" if has_gap else "no",
    }  # fmt: skip
    return _Judged(
        subject_id=_subject(asked, due),
        party=(broken, sure, max(1.0 - sure - broken, 0.0)),
        body=(neglected, min(kept, 1.0), max(1.0 - kept - neglected, 0.0)),
        margin_s=_margin_s(told, due),
        trace=_trace(asked, duty, due, code),
    )


def _word(sure: float, perhaps: float) -> str:
    if sure >= _LIKELY:
        return "yes"
    return "no" if perhaps < 1.0 - _LIKELY else "part"


def _subject(asked: Asked, due: _Due) -> str:
    """`o-` and 16 hex digits: clause, party, site and date."""
    words = (asked.clause.clause_id, asked.party, due.site or "", str(due.due_us))
    return f"o-{hashlib.sha256(chr(10).join(words).encode()).hexdigest()[:16]}"


def _margin_s(told: Shown, due: _Due) -> float:
    """Seconds by which it came too late, or (negative) by which it came in time."""
    at_us = told.done.at_site(due.site).at_us
    inside = at_us[(at_us > due.after_us) & (at_us <= due.due_us)]
    later = at_us[at_us > due.due_us]
    nearest = inside[-1:] if len(inside) else later[:1]
    return float(nearest[0] - due.due_us) / _SECOND_US if len(nearest) else float("nan")


def _trace(asked: Asked, duty: Duty, due: _Due, code: Mapping[str, str]) -> str:
    pieces = {"kind": asked.clause.kind, "due": from_microseconds(due.due_us).isoformat()}
    if due.site is not None:
        pieces["site"] = due.site.translate({ord(";"): ",", ord("="): ":"})
    if duty.by is not None:
        pieces["by"] = duty.by
    pieces |= traced(beginning(asked))
    pieces |= {name: word for name, word in code.items() if name == "done" or word != "no"}
    return ";".join(f"{name}={word}" for name, word in pieces.items())


def _tables(
    read: Sequence[tuple[str | None, Asked, Duty, list[_Judged]]],
) -> Iterator[pa.Table]:
    """Rows of one clause and party, and then of the body, its own text first."""
    for is_body in (False, True):
        decided = [
            _verdicts(judged, is_body, asked.agreement.thresholds.finding)
            for _, asked, _, judged in read
        ]
        for (name, asked, duty, judged), verdicts in zip(read, decided, strict=True):
            if not judged or (is_body and duty.by is None):
                continue
            if name is None and asked.clause.basis != "undertaking":
                verdicts = _disturbed(verdicts, decided[1:])
            who = duty.by if is_body and duty.by is not None else asked.party
            yield _table(name, asked, who, judged, verdicts, is_body=is_body)


def _verdicts(judged: Sequence[_Judged], is_body: bool, threshold: float) -> dict[str, int]:
    numbers = rows.decide(_weighed(judged, is_body=is_body), threshold)
    return {each.subject_id: int(n) for each, n in zip(judged, numbers, strict=True)}


def _disturbed(own: Mapping[str, int], others: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """Ambiguous where a reading says otherwise; a reading by which nothing was due finds no breach."""
    return {
        subject: AMBIGUOUS
        if verdict != INSUFFICIENT and any(o.get(subject, _COMPLIANT) != verdict for o in others)
        else verdict
        for subject, verdict in own.items()
    }


def _weighed(judged: Sequence[_Judged], *, is_body: bool) -> Weighed:
    told = [each.body if is_body else each.party for each in judged]
    violation, compliant, insufficient = np.array(told, np.float64).reshape(-1, 3).T
    none = np.zeros(len(told))
    return Weighed(
        violation=violation,
        compliant=compliant,
        permitted=none,
        exempt=none,
        insufficient=insufficient,
    )


def _table(
    name: str | None,
    asked: Asked,
    who: str,
    judged: Sequence[_Judged],
    verdicts: Mapping[str, int],
    *,
    is_body: bool,
) -> pa.Table:
    threshold = asked.agreement.thresholds.finding
    heading = Heading(
        subject_kind="omission",
        party=who,
        clause_id=asked.clause.clause_id,
        reading=name,
        version=asked.agreement.version,
        threshold=threshold,
    )
    ids = pa.array([each.subject_id for each in judged], pa.string())
    number = np.array([verdicts[each.subject_id] for each in judged], np.int8)
    if asked.clause.basis == "undertaking":
        number = np.where(number == 0, INCONSISTENT, number).astype(np.int8)
    margins = np.array([each.margin_s for each in judged])
    return rows.table(
        heading,
        ids,
        rows.digest(ids),
        _weighed(judged, is_body=is_body),
        number,
        (np.arange(len(judged), dtype=np.int32), [each.trace for each in judged]),
        (np.full(len(judged), np.nan), margins),
        rows.Repeats(rows=len(judged)),
    )
