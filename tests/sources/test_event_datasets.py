"""UCDP GED and ACLED: precision codes become errors, and no actor is claimed."""

from datetime import UTC, datetime, timedelta

import pytest

from truceline.model.errors import SourceError
from truceline.sources.feeds import acled_csv, ucdp_ged

GED = ucdp_ged.FEED.sample["GEDEvent.csv"].decode()
ACLED = acled_csv.FEED.sample["acled.csv"].decode()


def rows(reading) -> list[dict]:
    return reading.tables["observations"].to_pylist()


def relational(**changes: str) -> dict[str, bytes]:
    files = {
        "Location.csv": (
            "id,unique_,where_prec,where_coordinates,adm_1,latitude,longitude\n"
            "NULL,x,NULL,#loc+name,#adm1+name,#geo+lat,#geo+lon\n"
            "1,1,1,Exampleville – east,One,48.1,37.8\n"
            "2,2,4,One region,One,48.0,37.5\n"
        ),
        "Time_new.csv": (
            "event_id,active_year,date_prec,time_unique_id,date_start,date_end\n"
            "1,1,1,1,7.03.2019,7.03.2019\n2,1,4,2,14.04.2019,30.04.2019"
        ),
        "Casualty.csv": (
            "casualty_id,event_id,deaths_a,deaths_b,deaths_civilians,death_unknown,best,high,low\n"
            "1,1,0,0,2,0,2,4,1\n"
        ),
        "Conflict.csv": (
            "event_id,conflict_unique_id,conflict_id,type_of_violence,dyad_id,sidea_id,sideb_id\n"
            "1,1,1,3,1,61,5840\n2,2,1,1,1,61,5840\n"
        ),
        "Source.csv": (
            "event_id,source_date,source_headline,source_id,source_office_id\n"
            '1,8.03.2019,"Two die",1,1\n1,8.03.2019,"Two die",1,2\n1,9.03.2019,"Two die",1,2\n'
        ),
        "Sides.csv": 'side_id,side_name\n61,"A"\n',
    }
    files |= changes
    return {name: content.encode("cp1251") for name, content in files.items()}


def test_the_official_csv_gives_one_observation_an_event(take) -> None:
    one, two = rows(take("ucdp_ged", GED))
    assert one["observation_id"] == "ucdp_ged:900001"
    assert (one["count_low"], one["count_best"], one["count_high"]) == (1, 1, 2)
    assert (one["count_unit"], one["error_major_m"]) == ("deaths", 25_000)
    assert (one["type"], two["type"]) == (None, "civilian_harm")
    assert one["is_date_only"]


@pytest.mark.parametrize("feed", [("ucdp_ged", GED), ("acled_csv", ACLED)])
def test_sides_and_actors_are_never_taken_for_authors(take, feed) -> None:
    for row in rows(take(*feed)):
        assert (row["claimed_actor"], row["speaker"], row["stance"]) == (None, None, "none")
        assert row["direction"] == "undetermined"


def test_the_relational_tables_join_into_the_same_columns(take) -> None:
    reading = take("ucdp_ged", relational())
    one, two = rows(reading)
    assert (reading.upstream, reading.taken) == (2, 2)
    assert (one["place_name"], one["file"], one["line"]) == (
        "Exampleville – east", "Location.csv", 3,
    )  # fmt: skip
    assert (one["count_low"], one["count_best"], one["count_high"]) == (1, 2, 4)
    assert (two["count_best"], two["count_unit"]) == (None, None)  # missing is not zero
    assert one["began"] == datetime(2019, 3, 6, 22, tzinfo=UTC)
    assert two["ended"] == datetime(2019, 4, 30, 21, tzinfo=UTC)
    assert (one["error_major_m"], two["error_major_m"]) == (3_000, 100_000)
    notes = "\n".join(reading.notes)
    assert "Location.csv:2: a row of HXL tags" in notes
    assert "Source.csv: 3 rows are 2 articles" in notes
    assert "Sides.csv: not needed, so not read" in notes


def test_a_date_of_low_precision_is_widened_where_the_coders_gave_one_day(take) -> None:
    files = relational(
        **{
            "Time_new.csv": (
                "event_id,date_prec,date_start,date_end\n"
                "1,4,7.03.2019,7.03.2019\n2,2,14.04.2019,16.04.2019\n"
            )
        }
    )
    one, two = rows(take("ucdp_ged", files))
    assert one["ended"] - one["began"] == timedelta(days=30)
    assert two["ended"] - two["began"] == timedelta(days=3)


def test_contradicting_deaths_become_their_widest_range_and_the_line_is_said(take) -> None:
    files = relational(
        **{"Casualty.csv": "event_id,deaths_civilians,best,high,low\n1,0,7,6,7\n2,0,1,1,1\n"}
    )
    reading = take("ucdp_ged", files)
    one, _ = rows(reading)
    assert (one["count_low"], one["count_best"], one["count_high"]) == (6, 7, 7)
    assert any("contradict one another in 1 rows (lines 3)" in note for note in reading.notes)


def test_rows_of_a_second_table_that_belong_to_no_event_are_refused(take) -> None:
    files = relational(
        **{
            "Time_new.csv": (
                "event_id,date_prec,date_start,date_end\n1,1,7.03.2019,7.03.2019\n"
                "2,1,8.03.2019,8.03.2019\n9,1,8.03.2019,8.03.2019\n2,1,9.03.2019,9.03.2019\n"
            )
        }
    )
    reading = take("ucdp_ged", files)
    assert [(r.file, r.line, r.reason) for r in reading.refused] == [
        ("Time_new.csv", 4, "event_id 9 is not among the events"),
        ("Time_new.csv", 5, "event_id 2 stands already in line 3"),
    ]


def test_an_event_without_its_time_is_refused(take) -> None:
    files = relational(
        **{"Time_new.csv": "event_id,date_prec,date_start,date_end\n1,1,7.03.2019,7.03.2019\n"}
    )
    assert [r.reason for r in take("ucdp_ged", files).refused] == ["no time is given"]


def test_a_relational_set_without_times_stops(take) -> None:
    files = relational()
    del files["Time_new.csv"]
    with pytest.raises(SourceError, match="a relational set with a time table"):
        take("ucdp_ged", files)


def test_an_unknown_precision_counts_as_the_coarsest_and_is_said(take) -> None:
    reading = take("ucdp_ged", GED.replace(",h,s,2,", ",h,s,9,"))
    assert rows(reading)[0]["error_major_m"] == 500_000
    assert any("1 rows with where_prec 9" in note for note in reading.notes)


def test_an_option_replaces_an_assumed_error(take) -> None:
    assert rows(take("ucdp_ged", GED, where_error_m={2: 10_000}))[0]["error_minor_m"] == 10_000
    with pytest.raises(SourceError, match="option `where_error_m`"):
        take("ucdp_ged", GED, where_error_m={9: 10_000})


def test_acled_dates_of_both_spellings_and_their_precision(take) -> None:
    one, two = rows(take("acled_csv", ACLED))
    assert one["began"] == datetime(2026, 3, 6, 22, tzinfo=UTC)
    assert two["ended"] - two["began"] == timedelta(days=7)
    assert (one["error_major_m"], two["error_major_m"]) == (3_000, 25_000)
    assert (one["type"], one["type_confidence"]) == ("artillery", 0.7)
    assert one["count_best"] == 0
    assert one["reported_at"] == datetime.fromtimestamp(1772990000, UTC)


def test_a_monadic_export_does_not_count_an_event_twice(take) -> None:
    head, one, two = ACLED.splitlines()
    swapped = one.replace("Forces of A", "X").replace("Forces of B", "Forces of A")
    reading = take("acled_csv", "\n".join((head, one, swapped, two)) + "\n")
    (refusal,) = reading.refused
    assert (reading.taken, refusal.line) == (2, 3)
    assert "once more, as monadic exports give a row to each actor" in refusal.reason


def test_of_two_versions_of_an_event_the_later_is_taken(take) -> None:
    head, one, _ = ACLED.splitlines()
    later = one.replace("1772990000", "1772999999").replace(",0,,", ",3,,")
    reading = take("acled_csv", {"a.csv": f"{head}\n{one}\n", "b.csv": f"{head}\n{later}\n"})
    assert [(r.file, r.reason) for r in reading.refused] == [
        ("a.csv", "older version of the event in line 2 of b.csv")
    ]
    assert rows(reading)[0]["count_best"] == 3


def test_old_exports_with_upper_case_names_and_a_mark_are_read(take) -> None:
    head, one, two = ACLED.splitlines()
    content = "\ufeff" + "\n".join((head.upper().replace("TIMESTAMP", "ISO3"), one, two)) + "\n"
    assert take("acled_csv", content).taken == 2


def test_milliseconds_in_a_timestamp_are_refused(take) -> None:
    reading = take("acled_csv", ACLED.replace("1772990000", "1772990000000"))
    assert {r.reason for r in reading.refused} == {"timestamp is no time in Unix seconds"}
