"""When a party may respond: only to an earlier breach, in time, near, and on conditions."""

from truceline.findings import terms
from truceline.findings.contract import Answer, Asked, ClauseKind


def answer(asked: Asked) -> Answer:
    """What the response may answer and what it needs; the bans of the same basis yield to it."""
    only_if = (asked.terms.get("only_if") or {}).get("types")
    needs = tuple(key for key in ("after_attempt", "order_level", "notify") if asked.terms.get(key))
    clauses = asked.terms.get("clauses")
    return Answer(
        only_if=None if only_if is None else frozenset(only_if),
        within_h=asked.terms.get("within_h"),
        within_km=asked.terms.get("within_km"),
        needs=needs,
        clauses=None if clauses is None else frozenset(clauses),
    )


CLAUSE = ClauseKind(
    name="respond",
    summary="A response to an earlier breach is permitted, on conditions",
    terms=terms.schema(
        {
            "only_if": {
                "type": ["object", "null"],
                "properties": {"types": dict(terms.ACTS)},
                "additionalProperties": False,
            },
            "within_h": terms.DISTANCE,
            "within_km": terms.DISTANCE,
            "order_level": terms.NAME,
            "after_attempt": {"type": ["boolean", "null"]},
            "notify": {"type": ["boolean", "null"]},
            "clauses": {"type": ["array", "null"], "items": {"type": "string"}},
        },
        required=(),
    ),
    example={"only_if": {"types": ["position_advance"]}, "within_h": 6, "within_km": 10},
    answer=answer,
)
