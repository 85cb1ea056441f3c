"""Time in a text lies before publication, in the local zone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.detection.text.reading import read_text
from truceline.detection.text.times import PARTS, Span, TextTime, span_of, time_of

KYIV = "Europe/Kyiv"


def read_span(text: str, published: datetime, *, is_date_only: bool = False) -> Span:
    day = (published - timedelta(microseconds=1)).astimezone(UTC).date()
    return span_of(
        time_of(read_text(text, None).sentence), published, day, KYIV, is_date_only=is_date_only
    )


@pytest.mark.parametrize(
    ("text", "began", "ended"),
    [
        ("Вчора обстріляли село", "2025-04-14T21:00", "2025-04-15T21:00"),
        ("Уночі дрони атакували місто", "2025-04-15T18:00", "2025-04-16T04:00"),
        ("Вранці обстріляли місто", "2025-04-16T02:00", "2025-04-16T09:00"),
        ("Ввечері обстріляли місто", "2025-04-15T14:00", "2025-04-15T21:00"),
        ("О 14:30 пролунав вибух", "2025-04-15T11:15", "2025-04-15T11:45"),
        ("О 09:30 пролунав вибух", "2025-04-16T06:15", "2025-04-16T06:45"),
        ("До 06:00 обстрілювали село", "2025-04-15T15:00", "2025-04-16T03:00"),
        ("У ніч на 12 квітня обстріляли село", "2025-04-11T18:00", "2025-04-12T04:00"),
        ("13 апреля обстреляли посёлок", "2025-04-12T21:00", "2025-04-13T21:00"),
        ("Shelling on Sunday near the bridge", "2025-04-12T21:00", "2025-04-13T21:00"),
        ("За добу обстріляли село", "2025-04-15T10:00", "2025-04-16T10:00"),
        ("З початку доби обстріляли село", "2025-04-15T21:00", "2025-04-16T10:00"),
        ("Обстріляли село", "2025-04-15T22:00", "2025-04-16T10:00"),
    ],
)
def test_expressions_become_intervals_before_publication(text: str, began: str, ended: str) -> None:
    span = read_span(text, datetime(2025, 4, 16, 10, 0, tzinfo=UTC))
    assert span.began == datetime.fromisoformat(began).replace(tzinfo=UTC)
    assert span.ended == datetime.fromisoformat(ended).replace(tzinfo=UTC)


def test_a_date_without_words_stays_the_local_day_and_is_called_assumed() -> None:
    midnight = datetime(2025, 4, 16, 21, 0, tzinfo=UTC)  # 00:00 of the 17th in Kyiv
    span = span_of(TextTime(), midnight, date(2025, 4, 16), KYIV, is_date_only=True)
    assert span == Span(midnight - timedelta(days=1), midnight, True, "assumed")


def test_a_window_without_words_is_called_assumed_and_words_are_called_text() -> None:
    published = datetime(2025, 4, 16, 10, 0, tzinfo=UTC)
    assert read_span("Обстріляли село", published).basis == "assumed"
    assert read_span("Вчора обстріляли село", published).basis == "text"


def test_the_night_of_a_clock_change_is_cut_in_local_time() -> None:
    published = datetime(2025, 3, 30, 12, 0, tzinfo=UTC)
    span = span_of(TextTime(part="night"), published, date(2025, 3, 30), KYIV, is_date_only=False)
    assert span.began == datetime(2025, 3, 29, 19, 0, tzinfo=UTC)  # 21:00, still UTC+2
    assert span.ended == datetime(2025, 3, 30, 4, 0, tzinfo=UTC)  # 07:00, already UTC+3


@settings(max_examples=150, deadline=None)
@given(
    offset=st.sampled_from([None, 0, -1]),
    part=st.sampled_from(["", *PARTS]),
    minute=st.integers(-1, 1439),
    stretch=st.sampled_from(["", "last_24h", "since_midnight", "until"]),
    weekday=st.integers(-1, 6),
    hours=st.integers(0, 24 * 365),
    is_date_only=st.booleans(),
)
def test_nothing_is_reported_before_it_happened(
    offset: int | None,
    part: str,
    minute: int,
    stretch: str,
    weekday: int,
    hours: int,
    is_date_only: bool,
) -> None:
    published = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    day = published.date() - timedelta(days=1)
    said = TextTime(offset, 0, 0, part, minute, stretch, weekday)
    span = span_of(said, published, day, KYIV, is_date_only=is_date_only)
    assert span.began < span.ended <= published
