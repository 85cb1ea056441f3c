"""Protest: a formal objection, on the record."""

from truceline.remedies.contract import ACCUSED, Certainty, Measure, fits_any

MEASURE = Measure(
    name="protest",
    summary="A formal objection, on the record",
    asks="that a formal protest is sent and put on the record",
    needs=Certainty.ATTRIBUTED,
    is_coercive=False,
    addressees=(ACCUSED,),
    limitation="States a position; it needs an author who is attributed, not probable.",
    misfit=fits_any,
)
