"""No action: an isolated and slight matter is counted and let be."""

from truceline.model.vocabulary import Severity
from truceline.remedies.contract import COMMISSION, Certainty, Measure, Occasion
from truceline.remedies.severity import LASTING


def misfit(occasion: Occasion) -> str:
    """Only an isolated matter of low harm is forgiven."""
    if occasion.repetition > 1 or occasion.count > 1:
        return f"it is not isolated: {occasion.count} on the day, days with the like: {occasion.repetition}"
    if occasion.day is None or occasion.types & LASTING:
        return "it still stands"
    if occasion.is_outstanding:
        return "it is still owed"
    if occasion.severity not in (Severity.TECHNICAL, Severity.MINOR):
        return f"its harm is {occasion.severity.value}"
    return ""


MEASURE = Measure(
    name="no_action",
    summary="Count it and let it be",
    asks="that it is counted and otherwise let be",
    needs=Certainty.OPEN,
    is_coercive=False,
    addressees=(COMMISSION,),
    limitation="Forgives one isolated matter of low harm; the count stays, and so does the right to raise it.",
    misfit=misfit,
)
