"""Legal days fall on the right side of midnight, in every zone and across clock changes."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.model.errors import InputError
from truceline.model.time import Interval, LegalCalendar, from_microseconds, to_microseconds

ZONES = ["Europe/Kyiv", "Europe/Moscow", "UTC", "America/New_York", "Asia/Kathmandu"]


@pytest.mark.parametrize(
    ("zone", "midnight_utc"),
    [
        ("Europe/Kyiv", datetime(2026, 1, 31, 22, 0, tzinfo=UTC)),
        ("Europe/Moscow", datetime(2026, 1, 31, 21, 0, tzinfo=UTC)),
        ("UTC", datetime(2026, 2, 1, 0, 0, tzinfo=UTC)),
    ],
)
def test_a_winter_midnight_parts_two_days(zone, midnight_utc):
    calendar = LegalCalendar(zone=zone)
    assert calendar.day(midnight_utc - timedelta(seconds=1)) == date(2026, 1, 31)
    assert calendar.day(midnight_utc) == date(2026, 2, 1)


def test_kyiv_and_moscow_share_midnight_in_april():
    at = datetime(2025, 4, 20, 21, 0, tzinfo=UTC)
    days = {LegalCalendar(zone=zone).day(at) for zone in ("Europe/Kyiv", "Europe/Moscow")}
    assert days == {date(2025, 4, 21)}


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2025, 3, 30), 23), (date(2025, 10, 26), 25), (date(2025, 4, 19), 24)]
)
def test_a_day_on_which_clocks_change_is_23_or_25_hours_long(day, hours):
    bounds = LegalCalendar(zone="Europe/Kyiv").bounds(day)
    assert bounds.ended - bounds.began == timedelta(hours=hours)


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(ZONES),
    st.sampled_from([time(0, 0), time(19, 30), time(8, 0)]),
)
def test_every_instant_lies_within_the_bounds_of_its_day(at, zone, cutoff):
    calendar = LegalCalendar(zone=zone, cutoff=cutoff)
    bounds = calendar.bounds(calendar.day(at))
    assert bounds.began <= at < bounds.ended


@given(st.datetimes(datetime(1960, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)))
def test_microseconds_go_there_and_back(at):
    assert from_microseconds(to_microseconds(at)) == at


def test_an_interval_that_ends_before_it_begins_is_refused():
    at = datetime(2025, 4, 19, tzinfo=UTC)
    with pytest.raises(InputError, match="before it begins"):
        Interval(began=at, ended=at - timedelta(seconds=1))


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(InputError, match="no time zone"):
        Interval(began=datetime(2025, 4, 19))
