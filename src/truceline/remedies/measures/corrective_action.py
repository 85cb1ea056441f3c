"""Corrective action: the party undoes what still stands, or does what it still owes."""

from truceline.remedies.contract import ACCUSED, Certainty, Measure, Occasion
from truceline.remedies.severity import LASTING


def misfit(occasion: Occasion) -> str:
    """There must be something that still stands, or is still owed."""
    if occasion.subject == "omission":
        return "" if occasion.is_outstanding else "what was owed has been done since"
    if not occasion.types & LASTING:
        return "nothing that lasts is left to undo"
    return ""


MEASURE = Measure(
    name="corrective_action",
    summary="The party undoes what still stands",
    asks="that the party undoes what still stands, or does what it still owes, and lets monitors see that it has",
    needs=Certainty.ATTRIBUTED,
    is_coercive=False,
    addressees=(ACCUSED,),
    limitation="Only for what lasts; fire cannot be undone.",
    misfit=misfit,
)
