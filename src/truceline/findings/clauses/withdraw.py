"""Weapons that must be withdrawn so far from a line; each party has its own line."""

from datetime import datetime

from truceline.agreement.instant import instant
from truceline.findings import terms
from truceline.findings.contract import Asked, Breach, ClauseKind, Stock, Where


def breach(asked: Asked) -> Breach:
    """A weapon of the kind, seen or firing nearer to the party's line than the distance.

    At the distance itself it is withdrawn. On the other party's side of the line it is not, however
    far: the side is not asked.
    """
    return Breach(
        types=terms.FIRE,
        where=_where(asked),
        weapons=asked.terms.get("weapons"),
        at_weapon=True,
        since=_since(asked),
        missing=_missing(asked),
    )


def stock(asked: Asked) -> Stock:
    """A holding of such weapons at a site nearer to the line than the distance."""
    return Stock(
        weapons=asked.terms.get("weapons"),
        where=_where(asked),
        since=_since(asked),
        missing=_missing(asked),
    )


def _where(asked: Asked) -> tuple[Where, ...]:
    line = terms.own_line(asked)
    return () if line is None else (Where(line=line, to_m=asked.terms.get("distance_m")),)


def _missing(asked: Asked) -> tuple[str, ...]:
    no_line = (f"no line for {asked.party}",) if terms.own_line(asked) is None else ()
    return (*terms.lacks(asked, "distance_m"), *no_line)


def _since(asked: Asked) -> datetime | None:
    finish_by = asked.terms.get("finish_by")
    return None if finish_by is None else instant(finish_by)


CLAUSE = ClauseKind(
    name="withdraw",
    summary="Weapons of a kind stay at least so far from a line, each party from its own",
    terms=terms.schema(
        {
            "weapons": terms.SELECTOR,
            "distance_m": terms.DISTANCE,
            "lines": terms.LINES,
            "finish_by": {},
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
