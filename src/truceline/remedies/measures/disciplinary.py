"""Disciplinary action: the party deals with its own, and says so."""

from truceline.remedies.contract import ACCUSED, Certainty, Measure, fits_any

MEASURE = Measure(
    name="disciplinary",
    summary="The party deals with its own people, and reports that it has",
    asks="that the party looks into its own orders and conduct and reports the outcome, without names",
    needs=Certainty.ATTRIBUTED,
    is_coercive=True,
    addressees=(ACCUSED,),
    limitation="The party judges its own; no name is asked for or kept.",
    misfit=fits_any,
)
