"""How many weapons a party may have in a zone or a band along a line."""

from truceline.findings import terms
from truceline.findings.contract import Asked, ClauseKind, Stock, Where


def stock(asked: Asked) -> Stock:
    """More of the weapons than the maximum at one time, over all sites of the party in the area."""
    band = asked.terms.get("band")
    zone = asked.terms.get("zone")
    if band:
        where: tuple[Where, ...] = (
            Where(line=band["line"], from_m=band.get("from_m"), to_m=band.get("to_m")),
        )
    else:
        where = (Where(zone=zone),) if zone else ()
    return Stock(
        weapons=asked.terms.get("weapons"),
        where=where,
        maximum=asked.terms.get("maximum"),
        missing=terms.lacks(asked, "maximum"),
    )


CLAUSE = ClauseKind(
    name="cap",
    summary="No more than so many weapons of a kind in an area, for each party",
    terms=terms.schema(
        {
            "weapons": terms.SELECTOR,
            "maximum": {"type": ["integer", "null"], "minimum": 0},
            "zone": terms.NAME,
            "band": {
                "type": ["object", "null"],
                "properties": {
                    "line": {"type": "string"},
                    "from_m": dict(terms.DISTANCE),
                    "to_m": dict(terms.DISTANCE),
                },
                "required": ["line", "from_m", "to_m"],
                "additionalProperties": False,
            },
            "per": {"enum": ["party"]},
        },
        required=("weapons", "maximum"),
    ),
    example={
        "weapons": {"classes": ["tank"]},
        "maximum": 75,
        "band": {"line": "contact-line", "from_m": 0, "to_m": 10_000},
        "per": "party",
    },
    stock=stock,
)
