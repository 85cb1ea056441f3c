"""One written time to UTC: which of three orders a date is in, and which zone a clock shows."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from truceline.model.errors import SourceError
from truceline.model.time import to_microseconds
from truceline.sources.limits import FIRST_YEAR, LAST_YEAR

ORDERS = ("dmy", "mdy")
_TIME = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s?(?P<offset>Z|z|UTC|[+-]\d{2}(?::?\d{2})?)?"
)
_TAIL = rf"(?:(?:T|\s+|,\s*){_TIME})?"
_YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}})([-./])(?P<month>\d{{1,2}})\2(?P<day>\d{{1,2}}){_TAIL}"
)
_YEAR_LAST = re.compile(rf"(?P<one>\d{{1,2}})([-./])(?P<two>\d{{1,2}})\2(?P<year>\d{{4}}){_TAIL}")
_COMPACT = re.compile(rf"(?P<year>\d{{4}})(?P<month>\d{{2}})(?P<day>\d{{2}}){_TAIL}")
_NAMED = re.compile(
    rf"(?P<day>\d{{1,2}})[ -](?P<name>[A-Za-z]{{3,9}})\.?[ -](?P<year>\d{{4}}){_TAIL}"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAMES = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A written time as the UTC interval that it may stand for, and what had to be assumed.

    `began_us` and `ended_us` are equal for an instant, a local day apart (23 to 25 hours) for a bare
    date, and up to two hours apart for a clock time that occurs twice or never as clocks change.
    """

    began_us: int
    ended_us: int
    is_date_only: bool = False
    is_naive: bool = False
    is_clock_change: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """Why a written time cannot be read, and what to do."""

    reason: str
    advice: str


def zone_of(name: str) -> ZoneInfo:
    """The time zone of a name.

    Raises
    ------
    SourceError
        No such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError) as exc:
        msg = f"time zone {name!r} is not known; use an IANA name such as Europe/Kyiv"
        raise SourceError(msg) from exc


def order_hint(text: str) -> str | None:
    """Which order a date that ends in its year shows by itself: dmy, mdy, or None.

    Examples
    --------
    >>> order_hint("19/04/2025"), order_hint("04/19/2025"), order_hint("04/05/2025")
    ('dmy', 'mdy', None)
    """
    found = _YEAR_LAST.fullmatch(text.strip())
    if found is None:
        return None
    one, two = int(found["one"]), int(found["two"])
    if one > 12 >= two:
        return "dmy"
    return "mdy" if two > 12 >= one else None


def moment(text: str, zone: ZoneInfo, order: str | None = None) -> Moment | Unread:
    """The UTC interval of a written time.

    Parameters
    ----------
    text
        The cell.
    zone
        Zone of clock times and dates without an offset.
    order
        `dmy` or `mdy` for dates such as 04/05/2025; None where that is not known. With dots the
        day comes first unless `order` says otherwise.

    Examples
    --------
    >>> moment("2025-04-19 18:00", ZoneInfo("Europe/Moscow")).began_us
    1745074800000000
    >>> moment("04/05/2025", ZoneInfo("UTC")).reason
    "date '04/05/2025' may be day/month or month/day"
    """
    text = text.strip()
    day, found = _day(text, order)
    if isinstance(day, Unread):
        return day
    if found["hour"] is None:
        return _whole_day(day, zone)
    return _clock(text, day, found, zone)


def _day(text: str, order: str | None) -> tuple[date | Unread, re.Match[str]]:
    for pattern in (_YEAR_FIRST, _YEAR_LAST, _COMPACT, _NAMED):
        found = pattern.fullmatch(text)
        if found is not None:
            break
    else:
        return _unread(text), re.match("", text)  # type: ignore[return-value]
    numbers = _day_numbers(text, found, order)
    if isinstance(numbers, Unread):
        return numbers, found
    year, month, day = numbers
    try:
        # Outside these years a date is a slip of the pen, and Arrow and Python differ on it.
        if not FIRST_YEAR <= year <= LAST_YEAR:
            reason = f"the year of '{text[:40]}' is outside {FIRST_YEAR} to {LAST_YEAR}"
            return Unread(reason=reason, advice="check the year"), found
        return date(year, month, day), found
    except ValueError:
        return Unread(reason=f"there is no date '{text[:40]}'", advice="check day and month"), found


def _day_numbers(
    text: str, found: re.Match[str], order: str | None
) -> tuple[int, int, int] | Unread:
    year = int(found["year"])
    if found.re is _NAMED:
        name = found["name"].casefold()
        if name[:3] not in _MONTHS or not _MONTH_NAMES[_MONTHS.index(name[:3])].startswith(name):
            return _unread(text)
        return year, _MONTHS.index(name[:3]) + 1, int(found["day"])
    if found.re is not _YEAR_LAST:
        return year, int(found["month"]), int(found["day"])
    one, two = int(found["one"]), int(found["two"])
    order = order_hint(text) or order or ("dmy" if found[2] == "." else None)
    if order is None and one != two:
        return Unread(
            reason=f"date '{text[:40]}' may be day/month or month/day",
            advice="no date in this column settles it; set option `dates` to dmy or mdy",
        )
    return (year, one, two) if order == "mdy" else (year, two, one)


def _whole_day(day: date, zone: ZoneInfo) -> Moment:
    began = datetime.combine(day, time(0), zone)
    ended = datetime.combine(day + timedelta(days=1), time(0), zone)
    return Moment(
        began_us=to_microseconds(began.astimezone(UTC)),
        ended_us=to_microseconds(ended.astimezone(UTC)),
        is_date_only=True,
    )


def _clock(text: str, day: date, found: re.Match[str], zone: ZoneInfo) -> Moment | Unread:
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    microsecond = int((found["fraction"] or "0")[:6].ljust(6, "0"))
    if hour == 24 and not (minute or second or microsecond):
        day, hour = day + timedelta(days=1), 0  # ISO 8601: the end of the day
    try:
        naive = datetime.combine(day, time(hour, minute, second, microsecond))
    except ValueError:
        return Unread(reason=f"there is no time '{text[:40]}'", advice="check hour and minute")
    if found["offset"] is None:
        return _local(naive, zone)
    offset = _offset(found["offset"])
    if offset is None:
        return Unread(
            reason=f"there is no offset like that in '{text[:40]}'", advice="write +03:00"
        )
    at_us = to_microseconds(naive.replace(tzinfo=timezone(offset)))
    return Moment(began_us=at_us, ended_us=at_us)


def _offset(text: str) -> timedelta | None:
    if text in {"Z", "z", "UTC"}:
        return timedelta(0)
    digits = text[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 14 or minutes > 59:
        return None
    return timedelta(hours=hours, minutes=minutes) * (-1 if text[0] == "-" else 1)


def _local(naive: datetime, zone: ZoneInfo) -> Moment:
    first = to_microseconds(naive.replace(tzinfo=zone, fold=0).astimezone(UTC))
    second = to_microseconds(naive.replace(tzinfo=zone, fold=1).astimezone(UTC))
    # The folds differ exactly where a clock time occurs twice, or (in the gap) never.
    return Moment(
        began_us=min(first, second),
        ended_us=max(first, second),
        is_naive=True,
        is_clock_change=first != second,
    )


def _unread(text: str) -> Unread:
    return Unread(
        reason=f"time '{text[:40]}' is not in a form that is known",
        advice="write 2025-04-19T18:00:00+03:00, or a bare date such as 2025-04-19",
    )
