"""Mediation: the two sides talk with a third in the room."""

from truceline.remedies.contract import BOTH, Certainty, Measure, fits_any

MEASURE = Measure(
    name="mediation",
    summary="The two sides talk with a third in the room",
    asks="that the two sides meet with a mediator",
    needs=Certainty.PROBABLE,
    is_coercive=False,
    addressees=(BOTH,),
    limitation="Needs both sides; settles terms and not facts.",
    misfit=fits_any,
)
