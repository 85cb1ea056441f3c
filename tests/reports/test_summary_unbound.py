"""What happened before any clause was in force is compared, and never called a violation."""

from dataclasses import replace
from datetime import timedelta

from truceline.model.time import Interval
from truceline.reports.compose import compose
from truceline.reports.contract import View
from truceline.reports.publication import publish
from truceline.reports.sample import sample


def lead(dossier):
    document = compose(publish(dossier, View.parse("commission")))
    (summary,) = [s for s in document.sections if s.anchor == "summary"]
    return " ".join(block.text for block in summary.blocks[:3])


def test_a_previous_period_before_the_agreement_holds_no_violation():
    dossier = sample()
    began = dossier.agreement.calendar.bounds(dossier.period.first_day).began
    bound = tuple(
        replace(
            clause,
            periods=tuple(
                replace(p, when=Interval(began=began, ended=began + timedelta(days=400)))
                for p in clause.periods
            ),
        )
        for clause in dossier.agreement.clauses
    )
    late = replace(dossier, agreement=replace(dossier.agreement, clauses=bound))
    assert "none of them was a violation" in lead(late)
    assert "none of them was a violation" not in lead(dossier)
