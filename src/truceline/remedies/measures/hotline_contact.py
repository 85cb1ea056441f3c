"""Hotline contact: the duty officers of both sides speak at once."""

from truceline.model.vocabulary import Severity
from truceline.remedies.contract import ACCUSED, BOTH, Certainty, Measure, Occasion


def misfit(occasion: Occasion) -> str:
    """A call answers what can go on or spread, not paperwork."""
    if occasion.severity is Severity.TECHNICAL:
        return "nothing is going on that a call could stop"
    return ""


MEASURE = Measure(
    name="hotline_contact",
    summary="Duty officers of both sides speak at once",
    asks="that the duty officers of both sides speak at once, so that it does not spread",
    needs=Certainty.OPEN,
    is_coercive=False,
    addressees=(
        BOTH,
        ACCUSED,
    ),
    limitation="Stops what goes on; finds nothing out.",
    misfit=misfit,
)
