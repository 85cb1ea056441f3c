"""How long an agreement runs, how it goes on, and whether it still does on a date."""

import calendar
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from truceline.agreement.instant import instant
from truceline.findings import terms
from truceline.findings.contract import Asked, ClauseKind, Known, Standing, State

_MOST_RENEWALS = 1_000  # assumed: a guard against a length so short that it never arrives


def state(asked: Asked, known: Known) -> State:
    """In force, lapsed, not yet begun, or unknown: what the text leaves unset is not filled in."""
    given = asked.terms
    ended = given.get("ended")
    if ended and instant(ended["at"]) <= known.at:
        how = f"it ended on {_day(asked, instant(ended['at']))}: {ended['how']}"
        return State(standing=Standing.LAPSED, because=(how,))
    if given.get("began") is None:
        return State(standing=Standing.UNKNOWN, because=("the text gives no start",))
    began = instant(given["began"])
    if known.at < began:
        because = (f"it begins on {_day(asked, began)}",)
        return State(standing=Standing.NOT_YET, because=because, until=began)
    if given.get("is_open_ended"):
        return State(standing=Standing.IN_FORCE, because=("the text sets no end",))
    if not given.get("length"):
        return State(standing=Standing.UNKNOWN, because=("the text gives no length",))
    return _running(asked, known.at, _later(asked, began, given["length"]))


def _running(asked: Asked, at: datetime, expires: datetime) -> State:
    """Renewal after renewal until the instant is reached, or nothing says that it went on."""
    given = asked.terms
    recorded = sorted(instant(each["until"]) for each in given.get("renewals") or ())
    for _ in range(_MOST_RENEWALS):
        if at < expires:
            because = f"it runs until {_day(asked, expires)}"
            return State(standing=Standing.IN_FORCE, because=(because,), until=expires)
        later = next((until for until in recorded if until > expires), None)
        if later is not None:
            expires = later
            continue
        stopped = _stopped(asked, expires)
        if stopped is not None:
            return stopped
        expires = _later(asked, expires, given.get("renewal_length") or given["length"])
    return State(standing=Standing.UNKNOWN, because=("its length is too short to be counted",))


def _stopped(asked: Asked, expires: datetime) -> State | None:
    """Why it does not go on after a day by itself; None: it does."""
    day, renewal = _day(asked, expires), asked.terms.get("renewal")
    if renewal == "none":
        return State(standing=Standing.LAPSED, because=(f"it ran out on {day}",))
    if renewal == "by_consent":
        because = f"it ran until {day}, and whether both agreed to go on is not recorded"
        return State(standing=Standing.UNKNOWN, because=(because,))
    if renewal != "automatic":
        because = f"it ran until {day}, and the text does not say how it goes on"
        return State(standing=Standing.UNKNOWN, because=(because,))
    objected = [
        each for each in asked.terms.get("objections") or () if instant(each["at"]) < expires
    ]
    if objected and not asked.terms.get("notice"):
        because = f"{objected[0]['party']} objected before {day}; the text gives no notice to keep"
        return State(standing=Standing.UNKNOWN, because=(because,))
    if objected:
        last = _later(asked, expires, asked.terms["notice"], sign=-1)
        for each in objected:
            if instant(each["at"]) <= last:
                because = f"it ran out on {day}: {each['party']} objected in time"
                return State(standing=Standing.LAPSED, because=(because,))
    return None


def _later(asked: Asked, at: datetime, length: Mapping[str, Any], sign: int = 1) -> datetime:
    """The same local hour so many years, months and days on; the last day of a shorter month."""
    local = at.astimezone(ZoneInfo(asked.agreement.calendar.zone))
    months = sign * (12 * int(length.get("years") or 0) + int(length.get("months") or 0))
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    day = min(local.day, calendar.monthrange(year, month + 1)[1])
    moved = local.replace(year=year, month=month + 1, day=day)
    return (moved + timedelta(days=sign * int(length.get("days") or 0))).astimezone(UTC)


def _day(asked: Asked, at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(asked.agreement.calendar.zone)):%d %B %Y}"


CLAUSE = ClauseKind(
    name="term",
    summary="How long it runs, how it is renewed, and with what notice it ends",
    terms=terms.schema(
        {
            "began": terms.INSTANT,
            "length": terms.PERIOD,
            "is_open_ended": {"type": ["boolean", "null"]},
            "renewal": {"enum": ["automatic", "by_consent", "none", None]},
            "renewal_length": terms.PERIOD,
            "notice": terms.PERIOD,
            "renewals": terms.records(until=terms.INSTANT),
            "objections": terms.records(party={"type": "string"}, at=terms.INSTANT),
            "ended": terms.record(at=terms.INSTANT, how={"type": "string"}),
        },
        required=("length", "renewal"),
    ),
    example={"began": "2026-01-01T00:00Z", "length": {"months": 6}, "renewal": "by_consent"},
    state=state,
)
