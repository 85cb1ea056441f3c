"""When a text says it happened, before it was published, in the local zone.

Hours of the parts of a day and the window of a text that names no time are assumptions (general
knowledge of how news is written), kept here in one place.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from truceline.detection.text.words import Sentence, Word

PARTS = {
    "night": (-3.0, 7.0),
    "morning": (5.0, 12.0),
    "daytime": (9.0, 18.0),
    "evening": (17.0, 24.0),
}
"""Local hours, from midnight of the day named; the night of a day begins the evening before."""
ASSUMED_WINDOW = timedelta(hours=12)
"""How long before publication, where the text names no time. Assumed."""
CLOCK_ERROR = timedelta(minutes=15)
"""Each way round a clock time that a text states. Assumed."""
MONTHS = {
    "січ": 1, "лют": 2, "бер": 3, "кві": 4, "тра": 5, "чер": 6, "лип": 7, "сер": 8, "вер": 9,
    "жов": 10, "лис": 11, "гру": 12, "янв": 1, "фев": 2, "мар": 3, "апр": 4, "мая": 5, "июн": 6,
    "июл": 7, "авг": 8, "сен": 9, "окт": 10, "ноя": 11, "дек": 12, "jan": 1, "feb": 2, "apr": 4,
    "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip

WEEKDAYS = {
    "поне": 0, "вівт": 1, "втор": 1, "сере": 2, "сред": 2, "четв": 3, "п'ят": 4, "пятн": 4,
    "субо": 5, "субб": 5, "неді": 6, "воск": 6, "mond": 0, "tues": 1, "wedn": 2, "thur": 3,
    "frid": 4, "satu": 5, "sund": 6,
}  # fmt: skip


class TextTime(NamedTuple):
    """A time expression: a day by offset or by date, a part of it, a clock time, or a stretch."""

    offset: int | None = None
    month: int = 0
    day: int = 0
    part: str = ""
    clock_minute: int = -1
    stretch: str = ""  # last_24h | since_midnight | until
    weekday: int = -1  # 0 is Monday


class Span(NamedTuple):
    """When it happened, and whether the text said so (`text`) or it is `assumed`."""

    began: datetime
    ended: datetime
    is_date_only: bool
    basis: str


NOTHING = TextTime()
_TAGS = frozenset(
    [
        "yesterday",
        "today",
        "night",
        "morning",
        "daytime",
        "evening",
        "month",
        "clock",
        "day_period",
        "weekday",
    ]
)


def time_of(sentence: Sentence) -> TextTime:
    """The time expression of a sentence.

    Examples
    --------
    >>> from truceline.detection.text.reading import read_text
    >>> time_of(read_text("Увечері 13 квітня обстріляли місто", None).sentence)
    TextTime(offset=None, month=4, day=13, part='evening', clock_minute=-1, stretch='', weekday=-1)
    """
    words, tokens, has = sentence.words, sentence.tokens, sentence.tags
    if not has & _TAGS:
        return NOTHING
    offset = -1 if "yesterday" in has else 0 if "today" in has else None
    part = next((p for p in ("night", "evening", "morning", "daytime") if p in has), "")
    month, day = _date(tokens, words)
    stretch = ""
    if "day_period" in has:
        stretch = "since_midnight" if "beginning" in has else "last_24h"
    minute, is_until = _clock(tokens, words)
    stretch = "until" if is_until else stretch
    return TextTime(offset, month, day, part, minute, stretch, _weekday(tokens, words))


def _date(tokens: tuple[str, ...], words: tuple[Word, ...]) -> tuple[int, int]:
    for at, word in enumerate(words):
        if "month" not in word.tags:
            continue
        for near in (at - 1, at + 1):
            if (
                0 <= near < len(tokens)
                and tokens[near].isdecimal()
                and 1 <= int(tokens[near]) <= 31
            ):
                return MONTHS.get(tokens[at].casefold()[:3], 0), int(tokens[near])
    return 0, 0


def _clock(tokens: tuple[str, ...], words: tuple[Word, ...]) -> tuple[int, bool]:
    """Minute of the day of a clock time, -1 without one, and whether it is only a latest time."""
    for at, (token, word) in enumerate(zip(tokens, words, strict=True)):
        if "clock" in word.tags:
            hours, minutes = (int(x) for x in token.split(":")[:2])
            if hours < 24 and minutes < 60:
                return hours * 60 + minutes, at > 0 and "before_word" in words[at - 1].tags
    return -1, False


def _weekday(tokens: tuple[str, ...], words: tuple[Word, ...]) -> int:
    for token, word in zip(tokens, words, strict=True):
        if "weekday" in word.tags:
            return WEEKDAYS.get(token.casefold()[:4], -1)
    return -1


@lru_cache(maxsize=65_536)
def span_of(
    said: TextTime, published: datetime, day: date, zone: str, *, is_date_only: bool
) -> Span:
    """When it happened, from what the text says and when it was published.

    Parameters
    ----------
    said
        The time expression.
    published
        When it was published at the latest: the instant, or the end of the local day.
    day
        The local day of publication.
    zone
        IANA name of the zone in which the text counts its days.
    is_date_only
        True where only the day of publication is known.

    Examples
    --------
    >>> at = datetime(2025, 4, 14, 6, 0, tzinfo=UTC)
    >>> span = span_of(TextTime(part="night"), at, date(2025, 4, 14), "Europe/Kyiv", is_date_only=False)
    >>> span.began.isoformat(), span.ended.isoformat(), span.basis
    ('2025-04-13T18:00:00+00:00', '2025-04-14T04:00:00+00:00', 'text')
    """
    named = _named_day(said, day)
    if said.stretch == "since_midnight":
        return _capped(_local(day, 0.0, zone), published, published, "text")
    if said.stretch == "last_24h" and named is None:
        began = _local(day, -24.0, zone) if is_date_only else published - timedelta(hours=24)
        return _capped(began, published, published, "text")
    if said.clock_minute >= 0:
        return _at_clock(said, named or day, published, zone)
    if said.part:
        return _in_part(said.part, named, day, published, zone, is_date_only=is_date_only)
    if named is not None:
        span = _capped(_local(named, 0.0, zone), _local(named, 24.0, zone), published, "text")
        return span._replace(is_date_only=True)
    if is_date_only:
        return Span(_local(day, 0.0, zone), published, True, "assumed")
    return Span(published - ASSUMED_WINDOW, published, False, "assumed")


def _named_day(said: TextTime, day: date) -> date | None:
    if said.month:
        for year in (day.year, day.year - 1):
            try:
                found = date(year, said.month, said.day)
            except ValueError:
                continue
            if found <= day:
                return found
    if said.offset is None and said.weekday >= 0:
        return day - timedelta(days=(day.weekday() - said.weekday) % 7)
    return None if said.offset is None else day + timedelta(days=said.offset)


def _local(day: date, hours: float, zone: str) -> datetime:
    """The instant so many local clock hours after midnight of a day, before it if negative."""
    days, left = divmod(hours, 24.0)
    clock = time(int(left), round(left % 1 * 60))
    return datetime.combine(day + timedelta(days=days), clock, ZoneInfo(zone)).astimezone(UTC)


def _capped(began: datetime, ended: datetime, published: datetime, basis: str) -> Span:
    """The span cut at publication; nothing is reported before it happened."""
    ended = min(ended, published)
    return Span(min(began, ended - timedelta(minutes=1)), ended, False, basis)


def _at_clock(said: TextTime, day: date, published: datetime, zone: str) -> Span:
    minute = said.clock_minute
    at = _local(day, minute / 60, zone)
    if at > published:
        at = _local(day, minute / 60 - 24.0, zone)
    if said.stretch == "until":
        return _capped(at - ASSUMED_WINDOW, at, published, "text")
    return _capped(at - CLOCK_ERROR, at + CLOCK_ERROR, published, "text")


def _in_part(
    part: str, named: date | None, day: date, published: datetime, zone: str, *, is_date_only: bool
) -> Span:
    low, high = PARTS[part]
    if named is not None:
        return _capped(_local(named, low, zone), _local(named, high, zone), published, "text")
    began, ended = _local(day, low, zone), _local(day, high, zone)
    if began >= published:  # an evening that is reported in the morning was yesterday's
        began, ended = _local(day, low - 24.0, zone), _local(day, high - 24.0, zone)
    elif part == "evening" and is_date_only:  # of that day or of the one before: both stay open
        began = _local(day, low - 24.0, zone)
    return _capped(began, ended, published, "text")
