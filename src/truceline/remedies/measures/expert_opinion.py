"""Expert opinion: the disputed reading, or the technical question, is put to experts."""

from truceline.remedies.contract import COMMISSION, Certainty, Measure, Occasion


def misfit(occasion: Occasion) -> str:
    """There must be a question that experts can answer."""
    if not occasion.is_disputed:
        return "the clause is not read in different ways here"
    return ""


MEASURE = Measure(
    name="expert_opinion",
    summary="Put a disputed reading or a technical question to experts",
    asks="that the commission puts the disputed reading or the technical question to experts",
    needs=Certainty.OPEN,
    is_coercive=False,
    addressees=(COMMISSION,),
    limitation="An opinion binds nobody.",
    misfit=misfit,
)
