"""What is permitted in spite of other clauses, and on what condition."""

from typing import Any

from truceline.findings import terms
from truceline.findings.contract import Asked, ClauseKind, Relief


def relief(asked: Asked) -> Relief:
    """Acts of the types, in the zone, with the notice: taken out of the clauses that are named.

    A condition that stands in words alone is one that no evidence records. Where the rest fits, what
    it would permit is then left open.
    """
    given = asked.terms
    when: dict[str, Any] = {}
    if given.get("acts"):
        when["types"] = list(given["acts"])
    for key in ("zone", "weapons", "lead_time_h"):
        if given.get(key):
            when[key] = given[key]
    if given.get("notify"):
        when["notice"] = True
    condition = given.get("condition")
    return terms.relief(asked, when, () if condition is None else (condition,))


CLAUSE = ClauseKind(
    name="permit",
    summary="Acts are permitted in spite of other clauses, on a condition",
    terms=terms.schema(
        {
            "acts": terms.ACTS,
            "zone": terms.NAME,
            "weapons": terms.CLASSES,
            "notify": {"type": ["boolean", "null"]},
            "lead_time_h": terms.DISTANCE,
            "condition": terms.NAME,
            "clauses": terms.NAMES,
        },
        required=("acts",),
    ),
    example={"acts": ["aircraft_overflight"], "notify": True, "lead_time_h": 24},
    relief=relief,
)
