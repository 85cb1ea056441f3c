"""Notice: the party is told what is held to have happened and may reply."""

from truceline.remedies.contract import ACCUSED, Certainty, Measure, fits_any

MEASURE = Measure(
    name="notice",
    summary="Tell the party what is held to have happened; it may reply",
    asks="that the party is given notice of it and replies",
    needs=Certainty.PROBABLE,
    is_coercive=False,
    addressees=(ACCUSED,),
    limitation="Opens a reply; it is no finding, and silence is never admission.",
    misfit=fits_any,
)
