"""Phases of a clause: each with its own day, counted from the entry into force, and its own terms."""

from dataclasses import replace
from datetime import datetime, timedelta

from truceline.agreement.instant import instant
from truceline.agreement.reading import over
from truceline.findings.contract import Asked, Breach, Stock

_MOST = 8
"""Phases of one clause, assumed: the agreements read have four at most, and all are weighed together."""

_MOMENT = timedelta(microseconds=1)


def phases(asked: Asked) -> tuple[Asked, ...]:
    """The question once for each phase, with the phase's terms laid over the clause's; else itself."""
    given = asked.terms.get("phases") or ()
    return tuple(replace(asked, terms=over(asked.terms, each)) for each in given) or (asked,)


def name(asked: Asked) -> str:
    """The phase that the question is about; empty where the clause has none."""
    return str(asked.terms.get("name") or "")


def due_at(asked: Asked) -> datetime | None:
    """When what a clause asks for must be done: `finish_by`, or `after_days` from `eif` on.

    Days are legal days: EIF+11 closes with the eleventh legal day after that of the entry into force.
    Where the terms count hours it closes so many times 24 hours after the instant. Of a clause that
    waits, days count from the later of the entry into force and the day on which that was met, and
    nothing is due before. None: the text sets no date, or leaves it unset.

    Raises
    ------
    AgreementError
        An instant has no time zone, or does not occur.
    """
    if asked.terms.get("finish_by") is not None:
        return _latest(instant(asked.terms["finish_by"]), asked.after)
    eif, days = asked.terms.get("eif"), asked.terms.get("after_days")
    force = None if eif is None else instant(eif)
    began = _latest(force, asked.after)
    if began is None or days is None:
        return None
    if asked.terms.get("counted") == "hours":
        return began + timedelta(hours=24 * days)
    calendar = asked.agreement.calendar
    # What was waited for is met by the legal day that closes at that instant: days count from it.
    met = None if asked.after is None else asked.after - _MOMENT
    first = max(calendar.day(at) for at in (force, met) if at is not None)
    return calendar.bounds(first + timedelta(days=int(days))).ended


def unset(asked: Asked) -> tuple[str, ...]:
    """What the text leaves unset of a date that it counts from the entry into force."""
    if not asked.terms.get("phases") and "eif" not in asked.terms:
        return ()
    named = [key for key in ("eif", "after_days") if asked.terms.get(key) is None]
    if asked.after is not None or asked.clause.begins:
        named = [key for key in named if key != "eif"]  # it counts from what it waits for
    return tuple(f"the text gives no {key}" for key in named)


def _latest(*instants: datetime | None) -> datetime | None:
    return max((at for at in instants if at is not None), default=None)


def breach_of(parts: list[Breach]) -> Breach:
    """One breach: any of the parts breaks the clause."""
    return replace(parts[0], also=tuple(parts[1:]))


def stock_of(parts: list[Stock]) -> Stock:
    """One stock: any of the parts breaks the clause."""
    return replace(parts[0], also=tuple(parts[1:]))


def listed(**properties: object) -> dict[str, object]:
    """The schema of a clause's `phases`, each with a name, its day, and such terms of its own."""
    named = {"name": {"type": "string", "pattern": "^[^;=]+$"}}
    day = {"after_days": {"type": ["integer", "null"], "minimum": 0}}
    each = {
        "type": "object",
        "properties": named | day | properties,
        "required": ["name", "after_days"],
        "additionalProperties": False,
    }
    return {"type": ["array", "null"], "items": each, "minItems": 1, "maxItems": _MOST}
