"""Zones that are left one after another, each by its day after the entry into force."""

from truceline.findings import phases, terms
from truceline.findings.contract import Asked, Breach, ClauseKind, Stock, Where

_PRESENCE = terms.FIRE | {"force_movement", "position_advance", "fortification"}


def breach(asked: Asked) -> Breach:
    """Forces or weapons that show themselves in a zone after its day."""
    return phases.breach_of([_breach(each) for each in phases.phases(asked)])


def stock(asked: Asked) -> Stock:
    """Weapons or troops that are held in a zone after its day."""
    return phases.stock_of([_stock(each) for each in phases.phases(asked)])


def _breach(asked: Asked) -> Breach:
    return Breach(
        name=phases.name(asked),
        types=terms.types(asked, _PRESENCE),
        where=(Where(zone=asked.terms["zone"]),),
        weapons=asked.terms.get("weapons"),
        at_weapon=True,
        since=phases.due_at(asked),
        missing=phases.unset(asked),
    )


def _stock(asked: Asked) -> Stock:
    return Stock(
        name=phases.name(asked),
        weapons=asked.terms.get("weapons"),
        where=(Where(zone=asked.terms["zone"]),),
        since=phases.due_at(asked),
        missing=phases.unset(asked),
    )


CLAUSE = ClauseKind(
    name="phase",
    summary="Zones are left one after another, each by its day after the entry into force",
    terms=terms.schema(
        {
            "eif": terms.INSTANT,
            "counted": {"enum": ["days", "hours"]},
            "weapons": terms.SELECTOR,
            "acts": terms.ACTS,
            "phases": phases.listed(zone={"type": "string"}, weapons=dict(terms.SELECTOR)),
        },
        required=("eif", "phases"),
    ),
    example={
        "eif": "1999-06-10T00:00Z",
        "phases": [
            {"name": "one", "after_days": 6, "zone": "zone-1"},
            {"name": "two", "after_days": 9, "zone": "zone-2"},
        ],
    },
    breach=breach,
    stock=stock,
)
