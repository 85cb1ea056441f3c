"""Clarify: ask both sides, or the one concerned, what they know of it."""

from truceline.remedies.contract import ACCUSED, BOTH, Certainty, Measure, fits_any

MEASURE = Measure(
    name="clarify",
    summary="Ask what is known, without a charge",
    asks="that those addressed say what they know of it",
    needs=Certainty.OPEN,
    is_coercive=False,
    addressees=(
        BOTH,
        ACCUSED,
    ),
    limitation="An answer is a claim like any other; silence is never admission.",
    misfit=fits_any,
)
