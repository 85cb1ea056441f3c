"""Corrective action: the party undoes what still stands."""

from truceline.remedies.contract import ACCUSED, Certainty, Measure, Occasion
from truceline.remedies.severity import LASTING


def misfit(occasion: Occasion) -> str:
    """There must be something that still stands."""
    if not occasion.types & LASTING:
        return "nothing that lasts is left to undo"
    return ""


MEASURE = Measure(
    name="corrective_action",
    summary="The party undoes what still stands",
    asks="that the party undoes what still stands and lets monitors see that it has",
    needs=Certainty.ATTRIBUTED,
    is_coercive=False,
    addressees=(ACCUSED,),
    limitation="Only for what lasts; fire cannot be undone.",
    misfit=misfit,
)
