"""Weapons that must be withdrawn so far from a line; each party has its own line."""

from truceline.findings import phases, terms
from truceline.findings.contract import Asked, Breach, ClauseKind, Stock, Where


def breach(asked: Asked) -> Breach:
    """A weapon of the kind, seen or firing nearer to the party's line than the distance.

    At the distance itself it is withdrawn. On the other party's side of the line it is not, however
    far: the side is not asked. Where the text sets phases, each judges its weapons from its own day.
    """
    return phases.breach_of([_breach(each) for each in phases.phases(asked)])


def stock(asked: Asked) -> Stock:
    """A holding of such weapons at a site nearer to the line than the distance."""
    return phases.stock_of([_stock(each) for each in phases.phases(asked)])


def _breach(asked: Asked) -> Breach:
    return Breach(
        name=phases.name(asked),
        types=terms.FIRE,
        where=_where(asked),
        weapons=asked.terms.get("weapons"),
        at_weapon=True,
        since=phases.due_at(asked),
        missing=_missing(asked),
    )


def _stock(asked: Asked) -> Stock:
    return Stock(
        name=phases.name(asked),
        weapons=asked.terms.get("weapons"),
        where=_where(asked),
        since=phases.due_at(asked),
        missing=_missing(asked),
    )


def _where(asked: Asked) -> tuple[Where, ...]:
    line = terms.own_line(asked)
    return () if line is None else (Where(line=line, to_m=asked.terms.get("distance_m")),)


def _missing(asked: Asked) -> tuple[str, ...]:
    no_line = (f"no line for {asked.party}",) if terms.own_line(asked) is None else ()
    return (*terms.lacks(asked, "distance_m"), *no_line, *phases.unset(asked))


CLAUSE = ClauseKind(
    name="withdraw",
    summary="Weapons of a kind stay at least so far from a line, each party from its own",
    terms=terms.schema(
        {
            "weapons": terms.SELECTOR,
            "distance_m": terms.DISTANCE,
            "lines": terms.LINES,
            "finish_by": {},
            "eif": terms.INSTANT,
            "after_days": {"type": ["integer", "null"], "minimum": 0},
            "counted": {"enum": ["days", "hours"]},
            "phases": phases.listed(weapons=dict(terms.SELECTOR), distance_m=dict(terms.DISTANCE)),
        },
        required=("weapons", "distance_m", "lines"),
    ),
    example={
        "weapons": {"classes": ["gun", "howitzer"], "calibre_min_mm": 100},
        "distance_m": 25_000,
        "lines": {"north": "contact-line", "south": "contact-line"},
        "finish_by": "2026-03-01T00:00:00+02:00",
    },
    breach=breach,
    stock=stock,
)
