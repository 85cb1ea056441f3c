"""Notification: the party gives the notice that it should have given."""

from truceline.model.vocabulary import IncidentType
from truceline.remedies.contract import ACCUSED, Certainty, Measure, Occasion

ANNOUNCED = frozenset({IncidentType.UNNOTIFIED_ACTIVITY, IncidentType.EXERCISE_LIVE_FIRE})
"""Types that are in order once announced."""


def misfit(occasion: Occasion) -> str:
    """There must have been something to announce."""
    if occasion.clause.kind != "notify" and not occasion.types & ANNOUNCED:
        return "nothing in it had to be announced"
    return ""


MEASURE = Measure(
    name="notification",
    summary="The party gives the notice that was due",
    asks="that the party gives the notice that was due and names who answers for the next one",
    needs=Certainty.PROBABLE,
    is_coercive=False,
    addressees=(ACCUSED,),
    limitation="Mends what was not announced; it undoes no harm.",
    misfit=misfit,
)
