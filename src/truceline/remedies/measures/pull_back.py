"""Pull back: forces or weapons return to where the agreement has them."""

from truceline.remedies.contract import ACCUSED, Certainty, Measure, Occasion
from truceline.remedies.severity import MOVED


def misfit(occasion: Occasion) -> str:
    """There must be forces or weapons where they may not be."""
    if not occasion.types & MOVED:
        return "no forces or weapons stand where they may not"
    return ""


MEASURE = Measure(
    name="pull_back",
    summary="Forces or weapons return to where the agreement has them",
    asks="that the forces or weapons return to where the agreement has them, under the eyes of monitors",
    needs=Certainty.ATTRIBUTED,
    is_coercive=False,
    addressees=(ACCUSED,),
    limitation="Says where to, never where from: no position of anybody is released.",
    misfit=misfit,
)
