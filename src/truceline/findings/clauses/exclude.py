"""What may not be in an area at all: weapons, or acts, in or near settlements and the like."""

from truceline.findings import terms
from truceline.findings.contract import Asked, Breach, ClauseKind, Stock, Where


def breach(asked: Asked) -> Breach:
    """A weapon seen or firing in the area, or an act that takes place there.

    Where weapons are named the place meant is the weapon's own; where only acts are named it is
    the act's.
    """
    weapons = asked.terms.get("weapons")
    return Breach(
        types=terms.types(asked, terms.FIRE if weapons else None),
        where=_where(asked),
        weapons=weapons,
        at_weapon=bool(weapons),
    )


def stock(asked: Asked) -> Stock | None:
    """A holding of such weapons in the area."""
    weapons = asked.terms.get("weapons")
    return Stock(weapons=weapons, where=_where(asked)) if weapons else None


def _where(asked: Asked) -> tuple[Where, ...]:
    return (Where(zone=asked.terms["zone"], to_m=asked.terms.get("distance_m", 0.0)),)


CLAUSE = ClauseKind(
    name="exclude",
    summary="Weapons or acts stay out of an area",
    terms=terms.schema(
        {
            "weapons": terms.SELECTOR,
            "acts": terms.ACTS,
            "zone": {"type": "string"},
            "distance_m": terms.DISTANCE,
        },
        required=("zone",),
    ),
    example={
        "weapons": {"classes": ["mortar", "howitzer", "mlrs"]},
        "zone": "settlements",
        "distance_m": 0,
    },
    breach=breach,
    stock=stock,
)
