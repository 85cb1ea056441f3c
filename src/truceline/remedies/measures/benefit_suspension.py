"""Suspension of a benefit: the agreement holds something back until the party complies."""

from truceline.model.vocabulary import Severity
from truceline.remedies.contract import COMMISSION, SEVERITIES, Certainty, Measure, Occasion


def misfit(occasion: Occasion) -> str:
    """It answers a pattern of serious harm and nothing less."""
    if occasion.gravity < SEVERITIES.index(Severity.SERIOUS) or occasion.repetition < 2:
        return "it is not repeated serious harm"
    return ""


MEASURE = Measure(
    name="benefit_suspension",
    summary="Something that the agreement grants is held back until the party complies",
    asks="that the commission considers holding back a benefit that the agreement itself names, until the party complies",
    needs=Certainty.ATTRIBUTED,
    is_coercive=True,
    addressees=(COMMISSION,),
    limitation="Only what the agreement names, only for a time, never by itself; it is no sanction of anybody else's.",
    misfit=misfit,
)
