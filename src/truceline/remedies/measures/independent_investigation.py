"""Independent investigation: somebody who is neither side finds out what happened."""

from truceline.model.vocabulary import Severity
from truceline.remedies.contract import COMMISSION, Certainty, Measure, Occasion


def misfit(occasion: Occasion) -> str:
    """Worth its cost only where the harm is serious or the like recurs."""
    if occasion.severity in (Severity.TECHNICAL, Severity.MINOR) and occasion.repetition < 2:
        return "an isolated matter of low harm does not call for one"
    return ""


MEASURE = Measure(
    name="independent_investigation",
    summary="Somebody who is neither side finds out what happened",
    asks="that the commission has it investigated by somebody who is neither side",
    needs=Certainty.OPEN,
    is_coercive=False,
    addressees=(COMMISSION,),
    limitation="Takes days to weeks; its report is evidence, and the ruling stays with the commission.",
    misfit=misfit,
)
