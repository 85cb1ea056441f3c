"""Inspections at least every so many days: whether they took place, and who stood in the way."""

from truceline.agreement.instant import instant
from truceline.findings import terms
from truceline.findings.contract import Asked, ClauseKind, Duty, Where


def duty(asked: Asked) -> Duty:
    """The body comes at least so often, and the party lets it in.

    The party breaks the clause where it turned the body away and nothing was seen in time. Where
    nobody came, that is the body's own omission and never the party's.
    """
    given = asked.terms
    zone, since, sites = given.get("zone"), given.get("since"), given.get("sites")
    return Duty(
        shown_by="inspections",
        by=given.get("by"),
        every_days=given.get("every_days"),
        since=None if since is None else instant(since),
        sites=None if sites is None else tuple(sites),
        weapons=given.get("weapons"),
        where=(Where(zone=zone),) if zone else (),
        missing=terms.lacks(asked, "every_days", "by"),
    )


CLAUSE = ClauseKind(
    name="inspect",
    summary="A body inspects at least every so many days, and the party lets it",
    terms=terms.schema(
        {
            "every_days": {"type": ["number", "null"], "exclusiveMinimum": 0},
            "by": terms.NAME,
            "sites": terms.NAMES,
            "zone": terms.NAME,
            "weapons": terms.SELECTOR,
            "since": terms.INSTANT,
        },
        required=("every_days", "by"),
    ),
    example={"every_days": 15, "by": "mission", "weapons": {"classes": ["tank"]}},
    duty=duty,
)
