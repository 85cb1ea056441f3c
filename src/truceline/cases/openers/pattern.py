"""The same clause on several legal days within a week."""

from collections.abc import Iterator
from datetime import date, timedelta

import pyarrow.compute as pc

from truceline.cases.proposing import Matter, Opener, Proposal, held_by
from truceline.model.vocabulary import Verdict

LEAST_DAYS = 3  # assumed
WITHIN = timedelta(days=7)  # assumed


def _propose(matter: Matter) -> Iterator[Proposal]:
    """By clause and for nobody: whose acts they are is for the case to ask."""
    findings = matter.findings.filter(
        pc.and_(
            pc.equal(matter.findings["verdict"], Verdict.VIOLATION.value),
            pc.equal(matter.findings["subject_kind"], "act"),
        )
    )
    acts = dict(
        zip(matter.acts["act_id"].to_pylist(), matter.acts["incident_id"].to_pylist(), strict=True)
    )
    began = dict(
        zip(
            matter.incidents["incident_id"].to_pylist(),
            matter.incidents["began"].to_pylist(),
            strict=True,
        )
    )
    days: dict[str, dict[date, set[str]]] = {}
    for row in findings.select(["clause_id", "subject_id"]).to_pylist():
        incident = acts.get(row["subject_id"])
        if incident is not None and incident in began:
            day = matter.calendar.day(began[incident])
            days.setdefault(row["clause_id"], {}).setdefault(day, set()).add(incident)
    held = held_by(matter)
    for clause, by_day in days.items():
        for run in _runs(sorted(by_day)):
            incidents = sorted(set().union(*(by_day[day] for day in run)))
            names = tuple(sorted({n for incident in incidents for n in held.get(incident, ())}))
            why = f"clause {clause} on {len(run)} legal days, {run[0]} to {run[-1]}"
            yield Proposal(because=OPENER.name, observations=names, cites=(), why=why)


def _runs(days: list[date]) -> Iterator[list[date]]:
    """Days cut into weeks, each from its first day on; those with enough days."""
    at = 0
    while at < len(days):
        run = [day for day in days[at:] if day < days[at] + WITHIN]
        if len(run) >= LEAST_DAYS:
            yield run
            at += len(run)
        else:
            at += 1


OPENER = Opener(
    name="pattern",
    summary="A clause would be broken on three legal days within seven.",
    propose=_propose,
)
