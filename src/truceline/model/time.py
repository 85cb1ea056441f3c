"""Time: UTC intervals, and the legal calendar that says which day it is.

Instants in tables are whole microseconds of UTC since 1970 (`int64` or Arrow `timestamp[us, UTC]`).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from truceline.model.errors import InputError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_microseconds(at: datetime) -> int:
    """Whole microseconds of UTC since 1970.

    Examples
    --------
    >>> to_microseconds(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000
    >>> to_microseconds(datetime(1970, 1, 1))
    Traceback (most recent call last):
    truceline.model.errors.InputError: 1970-01-01T00:00:00 has no time zone; write one, such as +03:00 or Z
    """
    if at.tzinfo is None:
        msg = f"{at.isoformat()} has no time zone; write one, such as +03:00 or Z"
        raise InputError(msg)
    return (at - _EPOCH) // _MICROSECOND


def from_microseconds(at_us: int) -> datetime:
    """The instant, in UTC.

    Examples
    --------
    >>> from_microseconds(1_000_000).isoformat()
    '1970-01-01T00:00:01+00:00'
    """
    return _EPOCH + timedelta(microseconds=at_us)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A stretch of UTC time, `began` included, `ended` excluded unless both are equal.

    Parameters
    ----------
    began, ended
        Instants with a time zone; `ended` may be None for a stretch that has no known end.
    """

    began: datetime
    ended: datetime | None = None

    def __post_init__(self) -> None:
        for at in (self.began, self.ended):
            if at is not None and at.tzinfo is None:
                msg = f"{at.isoformat()} has no time zone; write one, such as +03:00 or Z"
                raise InputError(msg)
        if self.ended is not None and self.ended < self.began:
            msg = (
                f"interval ends {self.ended.isoformat()} before it begins {self.began.isoformat()}"
            )
            raise InputError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalCalendar:
    """Which legal day an instant belongs to, in one zone, with the hour at which days close.

    Parameters
    ----------
    zone
        IANA name, such as `Europe/Kyiv`.
    cutoff
        Local time at which a reporting day closes; 00:00 is the civil day. A day that closes at
        19:30 on the 7th is the reporting day of the 7th.

    Examples
    --------
    >>> kyiv = LegalCalendar(zone="Europe/Kyiv")
    >>> kyiv.day(datetime(2026, 1, 31, 22, 30, tzinfo=UTC)).isoformat()   # 00:30 in Kyiv
    '2026-02-01'
    >>> LegalCalendar(zone="Europe/Moscow").day(datetime(2026, 1, 31, 20, 59, 59, tzinfo=UTC)).isoformat()
    '2026-01-31'
    >>> smm = LegalCalendar(zone="Europe/Kyiv", cutoff=time(19, 30))
    >>> smm.day(datetime(2026, 1, 31, 17, 30, tzinfo=UTC)).isoformat()    # 19:30 opens the next day
    '2026-02-01'
    """

    zone: str
    cutoff: time = time(0, 0)

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError) as exc:
            msg = f"time zone {self.zone!r} is not known; use an IANA name such as Europe/Kyiv"
            raise InputError(msg) from exc

    def day(self, at: datetime) -> date:
        """The legal day that holds the instant."""
        if at.tzinfo is None:
            msg = f"{at.isoformat()} has no time zone; write one, such as +03:00 or Z"
            raise InputError(msg)
        local = at.astimezone(ZoneInfo(self.zone))
        if self.cutoff != time(0, 0) and local.time() >= self.cutoff:
            return local.date() + timedelta(days=1)
        return local.date()

    def bounds(self, day: date) -> Interval:
        """The UTC interval of a legal day; 23 or 25 hours long where clocks change."""
        zone = ZoneInfo(self.zone)
        start = day if self.cutoff == time(0, 0) else day - timedelta(days=1)
        began = datetime.combine(start, self.cutoff, zone).astimezone(UTC)
        ended = datetime.combine(start + timedelta(days=1), self.cutoff, zone).astimezone(UTC)
        return Interval(began=began, ended=ended)
