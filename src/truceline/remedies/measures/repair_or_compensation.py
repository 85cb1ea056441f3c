"""Repair or compensation: the party makes good the harm."""

from truceline.model.vocabulary import Severity
from truceline.remedies.contract import ACCUSED, SEVERITIES, Certainty, Measure, Occasion


def misfit(occasion: Occasion) -> str:
    """There must be harm to make good."""
    if occasion.gravity < SEVERITIES.index(Severity.SERIOUS):
        return f"no harm that can be made good is on record: it is {occasion.severity.value}"
    return ""


MEASURE = Measure(
    name="repair_or_compensation",
    summary="The party makes good the harm",
    asks="that the party makes good the harm, in a form that the commission settles",
    needs=Certainty.ATTRIBUTED,
    is_coercive=True,
    addressees=(ACCUSED,),
    limitation="Settles harm to people and things; no finding of guilt by itself.",
    misfit=misfit,
)
