"""Enhanced monitoring: more eyes on the place for a time."""

from truceline.remedies.contract import MONITORS, Certainty, Measure, fits_any

MEASURE = Measure(
    name="enhanced_monitoring",
    summary="More eyes on the place for a time",
    asks="that monitors watch the area more closely for a time",
    needs=Certainty.OPEN,
    is_coercive=False,
    addressees=(MONITORS,),
    limitation="More eyes see more: counts after it are compared per hour of exposure only.",
    misfit=fits_any,
)
