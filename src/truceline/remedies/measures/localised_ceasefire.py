"""Localised ceasefire: a renewed halt about one place, agreed by both commanders."""

from truceline.remedies.contract import BOTH, Certainty, Measure, Occasion
from truceline.remedies.severity import FIRE


def misfit(occasion: Occasion) -> str:
    """It answers fire that recurs."""
    if not occasion.types & FIRE:
        return "it is not fire"
    if occasion.repetition < 2 and occasion.count < 2:
        return "the fire has not recurred"
    return ""


MEASURE = Measure(
    name="localised_ceasefire",
    summary="A renewed halt about one place",
    asks="that both commanders agree a renewed halt about the place",
    needs=Certainty.PROBABLE,
    is_coercive=False,
    addressees=(BOTH,),
    limitation="Binds those who agree to it, where they agree to it.",
    misfit=misfit,
)
