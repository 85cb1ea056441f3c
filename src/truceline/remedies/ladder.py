"""Which rung fits an occasion, and why the next one does not.

A rung fits when all its conditions hold. Of those that hold, the ones written for the gravest harm
fit best, then the ones written for the most repetition (legal days with the like, within the rung's
time); of equals the lowest is taken. If none of a rung's measures may be proposed at this
certainty, the next best rung is asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from truceline.agreement.terms import Ladder, Rung
from truceline.model.errors import AgreementError
from truceline.model.vocabulary import NEVER_PROPOSED, Severity
from truceline.remedies.contract import ACCUSED, SEVERITIES, Certainty, Measure, Occasion
from truceline.remedies.gather import History, day_number

DEFAULT_WITHIN_DAYS = 30.0  # for rungs that count repetition and state no time; assumed


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is proposed on an occasion, on which rung, and why not the next."""

    rung: Rung
    measure: Measure
    addressee: str
    why_not_next: str
    repetition: int


def step(
    ladder: Ladder,
    occasion: Occasion,
    history: History,
    measures: Mapping[str, Measure],
) -> Step | None:
    """The rung and the measure that fit; None where nothing may be proposed.

    Parameters
    ----------
    ladder
        Of the agreement.
    occasion
        What is to be answered.
    history
        The like, by day, this occasion included.
    measures
        Measures by name; what the ladder names and nobody wrote is passed over, with the reason.
    """
    met = [
        rung for rung in ladder.rungs if not _unmet(ladder, rung, _seen(rung, occasion, history))
    ]
    met.sort(key=lambda rung: (-_gravity(rung), -_repetition(rung), rung.rung))
    for rung in met:
        seen = _seen(rung, occasion, history)
        for measure in _admissible(rung, seen, measures):
            return Step(
                rung=rung,
                measure=measure,
                addressee=_addressee(rung, measure, seen),
                why_not_next=_why_not_next(ladder, rung, occasion, history, measures),
                repetition=seen.repetition,
            )
    return None


def refuse_forbidden(ladder: Ladder) -> None:
    """Stop at a ladder that would have force, sanctions or a collective response proposed.

    Raises
    ------
    AgreementError
        A rung names a measure that is a list of limbs and never a proposal.
    """
    for rung in ladder.rungs:
        for name in rung.measures:
            if name in NEVER_PROPOSED:
                msg = (
                    f"ladder, rung {rung.rung}: {name.value} is never proposed; "
                    "move it to `limb_lists`, where its evidence is laid out"
                )
                raise AgreementError(msg)


def objection(measure: Measure | None, occasion: Occasion) -> str:
    """Why a measure may not be proposed on an occasion; empty where it may."""
    if measure is None:
        return "nobody has written what this measure is"
    if occasion.is_disputed and measure.needs > Certainty.OPEN:
        return "the readings of the clause differ, so nobody is charged"
    if measure.needs > occasion.certainty:
        return (
            f"it needs an author who is {measure.needs.name.lower()}, and the outcome is "
            f"{occasion.outcome}"
        )
    if measure.is_coercive and not occasion.is_confirmed:
        return "it costs its addressee something, and not every act is sure to have happened"
    return measure.misfit(occasion)


def _admissible(rung: Rung, occasion: Occasion, measures: Mapping[str, Measure]) -> list[Measure]:
    found = []
    for name in rung.measures:
        measure = measures.get(name.value)
        if measure is not None and not objection(measure, occasion):
            found.append(measure)
    return found


def _seen(rung: Rung, occasion: Occasion, history: History) -> Occasion:
    days = float(rung.when.get("within_days") or DEFAULT_WITHIN_DAYS)
    return replace(occasion, repetition=history.within(day_number(occasion), days))


def _unmet(ladder: Ladder, rung: Rung, occasion: Occasion) -> str:
    """Which condition of a rung does not hold; empty where all do."""
    if occasion.gravity < _gravity(rung):
        return f"it is written for harm that is {rung.when['min_severity']} at least"
    if occasion.repetition < _repetition(rung):
        days = float(rung.when.get("within_days") or DEFAULT_WITHIN_DAYS)
        found = "1 is" if occasion.repetition == 1 else f"{occasion.repetition} are"
        return (
            f"it is written for the like on {_repetition(rung)} days within {days:g}, and {found} "
            "counted"
        )
    outcomes = rung.when.get("outcomes")
    if outcomes and occasion.outcome not in outcomes:
        return f"it is written for an author who is {' or '.join(outcomes)}"
    cap = ladder.cap.get(occasion.severity.value)
    if cap is not None and rung.rung > cap:
        return f"the ladder's ceiling for harm that is {occasion.severity.value} is rung {cap}"
    return ""


def _why_not_next(
    ladder: Ladder,
    rung: Rung,
    occasion: Occasion,
    history: History,
    measures: Mapping[str, Measure],
) -> str:
    above = [each for each in ladder.rungs if each.rung > rung.rung]
    if not above:
        return "There is no higher rung."
    upper = min(above, key=lambda each: each.rung)
    seen = _seen(upper, occasion, history)
    reason = _unmet(ladder, upper, seen)
    if not reason:
        refused = [
            f"{name.value}: {why}"
            for name in upper.measures
            if (why := objection(measures.get(name.value), seen))
        ]
        reason = "; ".join(refused) or f"rung {rung.rung} is written for this harm and repetition"
    return f"Not rung {upper.rung}: {reason}."


def _addressee(rung: Rung, measure: Measure, occasion: Occasion) -> str:
    """The ladder's addressee where the measure may go there, else the measure's own first."""
    may = [a for a in measure.addressees if a != ACCUSED or occasion.certainty > Certainty.OPEN]
    chosen = rung.addressee if rung.addressee in may else may[0]
    return (occasion.party or chosen) if chosen == ACCUSED else chosen


def _gravity(rung: Rung) -> int:
    return SEVERITIES.index(Severity(rung.when.get("min_severity", Severity.TECHNICAL.value)))


def _repetition(rung: Rung) -> int:
    return int(rung.when.get("min_repetition", 1))
