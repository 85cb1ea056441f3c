"""Inventories that a party hands over: by a date, or again every so many days."""

from truceline.agreement.instant import instant
from truceline.findings import phases, terms
from truceline.findings.contract import Asked, ClauseKind, Duty


def duty(asked: Asked) -> Duty:
    """A declaration of the party's own holdings, known by the day; nobody else can make it."""
    given = asked.terms
    since, due = given.get("since"), phases.due_at(asked)
    is_dated = due is not None or given.get("every_days") is not None
    return Duty(
        shown_by="declarations",
        every_days=given.get("every_days"),
        due=() if due is None else (due,),
        since=None if since is None else instant(since),
        weapons=given.get("weapons"),
        missing=() if is_dated else ("the text gives no date for the inventory",),
    )


CLAUSE = ClauseKind(
    name="declare",
    summary="A party hands over inventories of its weapons, by a date or every so many days",
    terms=terms.schema(
        {
            "weapons": terms.SELECTOR,
            "finish_by": terms.INSTANT,
            "eif": terms.INSTANT,
            "after_days": {"type": ["integer", "null"], "minimum": 0},
            "counted": {"enum": ["days", "hours"]},
            "every_days": {"type": ["number", "null"], "exclusiveMinimum": 0},
            "since": terms.INSTANT,
        },
        required=(),
    ),
    example={
        "weapons": {"classes": ["tank", "mortar"]},
        "eif": "2026-01-01T00:00Z",
        "after_days": 5,
    },
    duty=duty,
)
