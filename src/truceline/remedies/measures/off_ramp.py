"""Off-ramp: a way back that costs the party no face."""

from truceline.remedies.contract import ACCUSED, BOTH, Certainty, Measure, fits_any

MEASURE = Measure(
    name="off_ramp",
    summary="A way back to compliance that costs no face",
    asks="that the party acknowledges it and returns to compliance, upon which the matter is closed",
    needs=Certainty.PROBABLE,
    is_coercive=False,
    addressees=(
        ACCUSED,
        BOTH,
    ),
    limitation="Works only if it is open on the same terms to either side.",
    misfit=fits_any,
)
