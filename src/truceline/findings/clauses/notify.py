"""Activities that must be announced some time before."""

from truceline.findings import terms
from truceline.findings.contract import Asked, Breach, ClauseKind


def breach(asked: Asked) -> Breach:
    """An activity that no notice of the party covers, or that came too soon after it."""
    lead_time_h = asked.terms.get("lead_time_h")
    return Breach(
        types=terms.types(asked, None),
        unless_notified_h=0.0 if lead_time_h is None else float(lead_time_h),
        is_omission=True,
        missing=terms.lacks(asked, "lead_time_h"),
    )


CLAUSE = ClauseKind(
    name="notify",
    summary="Activities are announced so many hours before",
    terms=terms.schema(
        {"acts": terms.ACTS, "lead_time_h": terms.DISTANCE, "to": terms.NAME},
        required=("acts", "lead_time_h"),
    ),
    example={"acts": ["exercise_live_fire"], "lead_time_h": 48, "to": "commission"},
    breach=breach,
)
