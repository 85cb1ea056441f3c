from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.model.errors import SourceError
from truceline.model.time import from_microseconds, to_microseconds
from truceline.sources.clock import Moment, Unread, moment
from truceline.sources.instants import instants, to_instants

KYIV = ZoneInfo("Europe/Kyiv")


def at(text: str, zone: str = "Europe/Kyiv", order: str | None = None) -> str:
    found = moment(text, ZoneInfo(zone), order)
    assert isinstance(found, Moment), found
    return from_microseconds(found.began_us).strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    "text",
    [
        "2025-04-19T18:00:00+03:00",
        "2025-04-19 15:00:00Z",
        "2025-04-19T15:00Z",
        "2025-04-19 18:00",
        "2025-04-19 18:00:00.000",
        "19.04.2025 18:00",
        "19/04/2025 18:00",
        "04/19/2025 18:00",
        "19-04-2025 18:00",
        "19 April 2025 18:00",
        "19-Apr-2025 18:00",
        "20250419 18:00",
        "2025/4/19 18:00",
        " 2025-04-19T18:00:00+0300 ",
    ],
)
def test_one_instant_is_written_in_many_ways(text: str) -> None:
    assert at(text) == "2025-04-19 15:00:00"


@pytest.mark.parametrize(
    ("zone", "began"),
    [
        ("Europe/Kyiv", "2026-01-31 22:00:00"),
        ("Europe/Moscow", "2026-01-31 21:00:00"),
        ("UTC", "2026-02-01 00:00:00"),
    ],
)
def test_a_bare_date_is_the_local_day(zone: str, began: str) -> None:
    found = moment("2026-02-01", ZoneInfo(zone))
    assert isinstance(found, Moment)
    assert found.is_date_only
    assert at("2026-02-01", zone) == began
    assert found.ended_us - found.began_us == 24 * 3_600_000_000


def test_the_day_on_which_clocks_go_back_has_25_hours() -> None:
    found = moment("2025-10-26", KYIV)
    assert isinstance(found, Moment)
    assert found.ended_us - found.began_us == 25 * 3_600_000_000


def test_a_clock_time_that_occurs_twice_is_both() -> None:
    found = moment("2025-10-26 03:30", KYIV)
    assert isinstance(found, Moment)
    assert found.is_clock_change
    assert from_microseconds(found.began_us) == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    assert from_microseconds(found.ended_us) == datetime(2025, 10, 26, 1, 30, tzinfo=UTC)


def test_a_clock_time_that_never_was_is_the_hour_about_the_gap() -> None:
    found = moment("2025-03-30 03:30", KYIV)
    assert isinstance(found, Moment)
    assert found.is_clock_change
    assert found.ended_us - found.began_us == 3_600_000_000


def test_24_00_is_the_end_of_the_day() -> None:
    assert at("2025-04-20 24:00") == at("2025-04-21 00:00")


def test_dots_put_the_day_first_and_slashes_do_not_tell() -> None:
    assert at("04.05.2025 00:00", "UTC") == "2025-05-04 00:00:00"
    found = moment("04/05/2025", KYIV)
    assert isinstance(found, Unread)
    assert "set option `dates` to dmy or mdy" in found.advice
    assert at("04/05/2025 00:00", "UTC", "mdy") == "2025-04-05 00:00:00"
    assert at("05/05/2025 00:00", "UTC") == "2025-05-05 00:00:00"


@pytest.mark.parametrize(
    "text",
    [
        "yesterday", "2025-02-30", "2025-13-01", "31.04.2025", "2025-04-19 25:00",
        "2025-04-19 12:60", "2025-04-19T12:00:00+19:00", "0025-04-19", "9999-12-31", "19.04.25",
        "1745071200", "19 Aprilis 2025", "", "T", "2025-04-19T12:00:60Z",
    ],
)  # fmt: skip
def test_what_is_no_time_is_unread_with_advice(text: str) -> None:
    found = moment(text, KYIV)
    assert isinstance(found, Unread)
    assert found.reason
    assert found.advice


def test_one_date_beyond_the_12th_settles_the_order_of_its_column() -> None:
    column = pa.array(["04/05/2025", "04/19/2025", None])
    found = instants(column, "began", zone="UTC")
    assert not found.faults
    assert from_microseconds(int(found.began_us[0])) == datetime(2025, 4, 5, tzinfo=UTC)
    assert found.is_known.tolist() == [True, True, False]


def test_a_column_of_two_orders_settles_nothing_and_says_so() -> None:
    column = pa.array(["04/05/2025", "04/19/2025", "19/04/2025"])
    found = instants(column, "began", zone="UTC")
    assert list(found.faults) == [0]
    assert "some dates show day/month and some month/day" in found.notes[0]


def test_naive_times_are_counted_with_their_zone() -> None:
    found = instants(pa.array(["2025-04-19 18:00"] * 3), "began", zone="Europe/Moscow")
    assert found.notes == ("began: 3 times without an offset, read in Europe/Moscow",)


def test_an_impossible_date_among_a_million_faults_its_own_row() -> None:
    column = pa.array(["2025-04-19T18:00:00Z"] * 70_000 + ["2025-02-30T18:00:00Z"])
    found = instants(column, "began", zone="UTC")
    assert list(found.faults) == [70_000]
    assert (found.began_us[:70_000] == found.began_us[0]).all()


@pytest.mark.parametrize(
    ("zone", "dates", "message"),
    [("Mars/Olympus", None, "time zone 'Mars/Olympus' is not known"), ("UTC", "ymd", "may be dmy")],
)
def test_a_wrong_zone_or_order_stops(zone, dates, message) -> None:
    with pytest.raises(SourceError, match=message):
        instants(pa.array(["2025-04-19"]), "began", zone=zone, dates=dates)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.none(),
            st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1)).map(str),
            st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1)).map(
                lambda t: t.isoformat() + "+03:00"
            ),
            st.dates().map(str),
            st.text(max_size=24),
        ),
        max_size=12,
    )
)
def test_the_fast_and_the_careful_way_read_the_same(cells: list[str | None]) -> None:
    column = pa.array(
        [c.encode("utf-8", "replace").decode() if c else c for c in cells], pa.string()
    )
    one = instants(column, "t", zone="Europe/Kyiv")
    two = instants(column, "t", zone="Europe/Kyiv", is_careful=True)
    sound = [row for row in range(len(column)) if row not in one.faults]
    assert one.faults == two.faults
    assert one.began_us[sound].tolist() == two.began_us[sound].tolist()
    assert one.ended_us[sound].tolist() == two.ended_us[sound].tolist()
    assert one.is_date_only.tolist() == two.is_date_only.tolist()
    assert one.notes == two.notes


@settings(max_examples=60, deadline=None)
@given(st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)))
def test_an_instant_survives_being_written_and_read(when: datetime) -> None:
    found = instants(pa.array([when.isoformat()]), "t", zone="UTC")
    assert found.began_us.tolist() == [to_microseconds(when)]
    assert to_instants(found.began_us)[0].as_py() == when
