"""Events coded by machine are tips: low confidence, no actor, one root, wide places."""

from datetime import UTC, datetime

import pytest

from truceline.model.errors import SourceError
from truceline.sources.feeds import gdelt, icews
from truceline.sources.gdelt_layout import COLUMNS


def row(**cells: str) -> str:
    basis = {
        "event": "1", "day": "20260307", "code": "194", "action_geo_type": "4", "added": "20260307141500",
        "action_geo_lat": "48.1", "action_geo_lon": "37.8", "url": "https://example.org/1",
    }  # fmt: skip
    return "\t".join((basis | cells).get(name, "") for name in COLUMNS) + "\n"


def test_a_row_of_gdelt_claims_little_and_names_nobody(take) -> None:
    reading = take(
        "gdelt", {"a.export.CSV": row(actor1_name="FORCES OF A", actor2_name="FORCES OF B")}
    )
    (found,) = reading.tables["observations"].to_pylist()
    assert (found["type"], found["type_confidence"]) == ("artillery", 0.235)
    assert (found["claimed_actor"], found["stance"]) == (None, "none")
    assert (found["source_kind"], found["is_date_only"], found["line"]) == ("dataset", True, 1)
    assert found["reported_at"] == datetime(2026, 3, 7, 14, 15, tzinfo=UTC)
    assert "FORCES" not in repr(found)


def test_a_point_that_stands_for_a_country_is_as_wide_as_a_country(take) -> None:
    content = row() + row(event="2", action_geo_type="1")
    town, country = (
        take("gdelt", {"a.CSV": content}).tables["observations"]["error_major_m"].to_pylist()
    )
    assert town == 15_000
    assert country == 300_000


def test_other_codes_than_force_are_refused_by_code_and_may_be_taken(take) -> None:
    content = (
        row() + row(event="2", code="042") + row(event="3", code="1952") + row(event="4", code="")
    )
    reading = take("gdelt", {"a.CSV": content})
    assert reading.tables["observations"]["type"].to_pylist() == ["artillery", "uav_attack"]
    assert [(r.line, r.reason) for r in reading.refused] == [
        (2, "CAMEO code '042' is not of the roots taken"), (4, "it has no CAMEO code"),
    ]  # fmt: skip
    assert take("gdelt", {"a.CSV": content}, roots=["04"]).taken == 1


def test_news_that_cite_one_another_are_one_root_and_so_are_all_rows_of_a_coder(take) -> None:
    content = row() + row(event="2", url="https://example.net/2")
    assert set(take("gdelt", {"a.CSV": content}).tables["observations"]["root"].to_pylist()) == {
        "gdelt"
    }


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("1\t2\t3\n", "its first line has 3 cells, not 61"),
        ("PK\x03\x04", "unpack it if it is zipped"),
        ("", "the file is empty"),
    ],
)
def test_another_file_than_an_export_is_refused_with_advice(take, content, words) -> None:
    with pytest.raises(SourceError, match=r"a\.CSV:1: ") as raised:
        take("gdelt", {"a.CSV": content})
    assert words in str(raised.value)


def test_damaged_rows_keep_the_line_that_they_stand_on(take) -> None:
    content = row() + "1\t2\n" + row(event="3", day="20261307") + row(event="4")
    reading = take("gdelt", {"a.CSV": content})
    assert [r.line for r in reading.refused] == [2, 3]
    assert reading.refused[0].excerpt == "1\t2"
    assert reading.tables["observations"]["line"].to_pylist() == [1, 4]


def test_icews_gives_an_event_of_an_id_and_day_and_reads_no_actor(take) -> None:
    head = "Event ID\tEvent Date\tSource Name\tCAMEO Code\tTarget Name\tCity\tProvince\tLatitude\tLongitude\n"
    cells = "7\t2026-03-{}\tA Person\t190\tB Person\t{}\tOne\t48.1\t37.8\n"
    reading = take("icews", {"events.tab": head + cells.format("07", "X") + cells.format("08", "")})
    found = reading.tables["observations"].to_pylist()
    assert [one["observation_id"] for one in found] == ["icews:7:2026-03-07", "icews:7:2026-03-08"]
    assert [one["error_major_m"] for one in found] == [15_000, 100_000]
    assert [(one["type"], one["type_confidence"]) for one in found] == [(None, None)] * 2
    assert "Person" not in repr(found)


def test_both_feeds_say_that_they_are_tips() -> None:
    assert gdelt.FEED.is_tip
    assert icews.FEED.is_tip
