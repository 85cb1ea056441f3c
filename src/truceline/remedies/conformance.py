"""What every measure keeps; called by our tests and by other people's."""

import itertools
import re
from dataclasses import replace
from datetime import date

from truceline.agreement.terms import Clause
from truceline.model.vocabulary import NEVER_PROPOSED, IncidentType, RemedyType, Severity
from truceline.remedies.contract import ACCUSED, ADDRESSEES, Certainty, Measure, Occasion

_FORCE = re.compile(
    r"\b(force\b(?!s)|strike|attack|fire at|shoot|sanction|arms? suppl|retaliat)", re.I
)


def check(measure: Measure) -> list[str]:
    """Faults of a measure, in words; empty when it keeps the contract."""
    faults = [
        f"{field} is empty"
        for field in ("name", "summary", "asks", "limitation")
        if not getattr(measure, field).strip()
    ]
    if measure.name not in {each.value for each in RemedyType}:
        faults.append(f"name {measure.name!r} is no stored word of remedies")
    if measure.name in {each.value for each in NEVER_PROPOSED}:
        faults.append(f"{measure.name} is never proposed; its evidence is a list of limbs")
    if found := _FORCE.search(measure.asks):
        faults.append(f"asks for what is never proposed: {found.group()!r}")
    if not measure.addressees or set(measure.addressees) - set(ADDRESSEES):
        faults.append(f"addressees {measure.addressees} are not among {ADDRESSEES}")
    if set(measure.addressees) == {ACCUSED} and measure.needs == Certainty.OPEN:
        faults.append("charges an author whom nobody need know")
    if measure.is_coercive and measure.needs != Certainty.ATTRIBUTED:
        faults.append("costs its addressee something and does not need an attributed author")
    return faults + _even_handed(measure)


def sample_occasions() -> list[Occasion]:
    """Occasions of every severity and certainty, isolated and repeated, for each of two parties."""
    clause = Clause(
        clause_id="1", article="1", kind="prohibit", title="", text="", periods=(), terms={}
    )
    grid = itertools.product(Severity, Certainty, (1, 3), IncidentType)
    return [
        Occasion(
            party="A",
            clause=clause,
            day=date(2031, 3, 4),
            severity=severity,
            types=frozenset({kind.value}),
            certainty=certainty,
            outcome="attributed",
            is_confirmed=True,
            is_disputed=False,
            count=times,
            repetition=times,
        )
        for severity, certainty, times, kind in grid
    ]


def _even_handed(measure: Measure) -> list[str]:
    faults = set()
    for occasion in sample_occasions():
        reason = measure.misfit(occasion)
        if measure.misfit(replace(occasion, party="B")) != reason:
            faults.add("fits one party and not the other")
        if measure.misfit(occasion) != reason:
            faults.add("does not answer the same question the same way twice")
    return sorted(faults)
