"""Censure: the commission says publicly that the party broke the agreement."""

from truceline.model.vocabulary import Severity
from truceline.remedies.contract import COMMISSION, Certainty, Measure, Occasion


def misfit(occasion: Occasion) -> str:
    """A single matter of low harm is no ground."""
    if occasion.severity in (Severity.TECHNICAL, Severity.MINOR):
        return f"its harm is {occasion.severity.value}"
    return ""


MEASURE = Measure(
    name="censure",
    summary="The commission says publicly that the party broke the agreement",
    asks="that the commission considers a public censure",
    needs=Certainty.ATTRIBUTED,
    is_coercive=True,
    addressees=(COMMISSION,),
    limitation="Only the commission can; it follows a signed ruling.",
    misfit=misfit,
)
