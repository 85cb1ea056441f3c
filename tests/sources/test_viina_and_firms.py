from datetime import UTC, datetime

import pytest

from truceline.model.errors import SourceError
from truceline.sources.contract import ReadContext, raw_file
from truceline.sources.feeds import firms, viina

NEWS = viina.FEED.sample["viina_incidents.csv"].decode("utf-8-sig")
INFO = viina.FEED.sample["event_info.csv"].decode()
HOT = firms.FEED.sample["viirs.csv"].decode()
MODIS = firms.FEED.sample["modis.csv"].decode()


def rows(reading) -> list[dict]:
    return reading.tables["observations"].to_pylist()


def test_midnight_is_a_bare_date_in_kyiv_whatever_the_mission_s_zone(take) -> None:
    one, two, _ = rows(take("viina", NEWS, zone="Europe/Moscow"))
    assert one["is_date_only"]
    assert one["began"] == datetime(2025, 1, 6, 22, tzinfo=UTC)
    assert one["reported_at"] == one["ended"] == datetime(2025, 1, 7, 22, tzinfo=UTC)
    assert not two["is_date_only"]
    assert two["began"] == two["reported_at"] == datetime(2025, 1, 7, 12, 5, tzinfo=UTC)


def test_event_type_is_believed_only_while_it_was_sound(take) -> None:
    reading = take("viina", NEWS)
    assert [row["type"] for row in rows(reading)] == ["artillery", "uav_attack", None]
    assert any("event_type of 1 rows is ignored: it is scrambled" in n for n in reading.notes)


@pytest.mark.parametrize(
    ("stamp", "kind"), [("2025-02-24 23:59:00", "uav_attack"), ("2025-02-25 00:01:00", None)]
)
def test_the_scrambling_begins_at_midnight_in_kyiv(take, stamp, kind) -> None:
    assert rows(take("viina", NEWS.replace("2025-01-07 14:05:00", stamp)))[1]["type"] == kind


def test_one_headline_is_one_root_wherever_it_is_placed(take) -> None:
    lines = NEWS.splitlines()
    again = lines[1].replace("37.5", "37.9").replace("Shelling of", "SHELLING  of")
    found = rows(take("viina", "\n".join((*lines, again)) + "\n"))
    assert len(found) == 4
    assert found[0]["root"] == found[3]["root"]
    assert found[0]["root"].startswith("viina:h")
    assert len(found[0]["root"]) == len("viina:h") + 12
    assert len({row["root"] for row in found}) == 3


def test_a_row_that_stands_twice_is_refused_with_the_line_of_the_first(take) -> None:
    reading = take("viina", NEWS + NEWS.splitlines()[2] + "\n")
    assert [(r.line, r.reason) for r in reading.refused] == [(5, "exact duplicate of line 3")]


def test_the_layout_of_viina_2_is_read_too(take) -> None:
    one, two = rows(take("viina", INFO))
    assert (one["observation_id"], one["source"], one["language"]) == (
        "viina:UA1", "viina/outlet", "uk",
    )  # fmt: skip
    assert one["text"] == "Shelling of Exampleville"
    assert (one["is_date_only"], two["is_date_only"]) == (False, True)
    assert (one["error_major_m"], two["error_major_m"]) == (5_000, 100_000)


def test_the_table_that_merges_a_day_s_reports_is_no_evidence(take) -> None:
    with pytest.raises(SourceError, match="take event_info instead"):
        take("viina", "viina_version,event_id_1pd,date,n_reports\n2,1,20250107,4\n")


def test_the_feed_is_screened_as_most_rows_are_not_about_violence() -> None:
    assert viina.FEED.is_screened


def test_a_hot_pixel_has_no_incident_type(take) -> None:
    for row in rows(take("firms", {"viirs.csv": HOT, "modis.csv": MODIS})):
        assert (row["type"], row["means"], row["direction"]) == (None, "thermal", "undetermined")
        assert row["text"] is None


@pytest.mark.parametrize("spelling", ["00:45:00", "0045", "45", "00:45"])
def test_every_spelling_of_the_hour_is_read(take, spelling) -> None:
    (found, _) = rows(take("firms", HOT.replace("00:45:00", spelling)))
    assert found["began"] == datetime(2026, 3, 7, 0, 45, tzinfo=UTC)


def test_a_pixel_s_footprint_is_its_error(take) -> None:
    one, two = rows(take("firms", HOT))
    assert one["error_major_m"] == pytest.approx(670 / 12**0.5 * 2.447746830680816)
    assert one["error_minor_m"] == pytest.approx(530 / 12**0.5 * 2.447746830680816)
    assert (one["error_azimuth_deg"], two["error_azimuth_deg"]) == (0, 90)


@pytest.mark.parametrize(
    ("content", "word", "least", "taken"),
    [
        (HOT, "nominal", "nominal", 2),
        (HOT, "l", "nominal", 1),
        (HOT, "low", "low", 2),
        (MODIS, "29", "nominal", 0),
        (MODIS, "30", "nominal", 1),
        (MODIS, "79", "high", 0),
        (MODIS, "80", "high", 1),
    ],
)
def test_confidence_in_words_letters_and_figures(take, content, word, least, taken) -> None:
    content = content.replace("nominal", word).replace(",65,", f",{word},")
    assert take("firms", content, least_confidence=least).taken == taken


@pytest.mark.parametrize("word", ["sure", "101", "-1"])
def test_confidence_that_is_none_of_these_is_refused(take, word) -> None:
    reading = take("firms", MODIS.replace(",65,", f",{word},"))
    assert "is neither a word, a letter nor 0 to 100" in reading.refused[0].reason


@pytest.mark.parametrize(("kind", "words"), [(1, "volcano"), (2, "static"), (3, "offshore")])
def test_volcanoes_plants_and_platforms_are_refused_with_their_reason(take, kind, words) -> None:
    content = MODIS.replace(",N,0", f",N,{kind}")
    assert words in take("firms", content).refused[0].reason
    assert take("firms", content, types=[0, kind]).taken == 1


def test_an_archive_row_replaces_its_near_real_time_row(take) -> None:
    archive = HOT.replace("2.0NRT", "2").replace("48.1,", "48.1004,").replace("48.2,", "48.5,")
    reading = take("firms", {"nrt.csv": HOT, "archive.csv": archive})
    assert [(r.file, r.line) for r in reading.refused] == [("nrt.csv", 2)]
    assert "near-real-time row of the detection in line 2 of archive.csv" in (
        reading.refused[0].reason
    )
    assert reading.taken == 3


def test_the_satellite_is_the_root_in_whichever_spelling(take) -> None:
    found = rows(take("firms", {"a.csv": HOT, "b.csv": MODIS.replace("Aqua", "A")}))
    assert [row["root"] for row in found] == ["VIIRS NOAA-20", "VIIRS Suomi NPP", "MODIS Aqua"]


def test_an_impossible_hour_is_refused(take) -> None:
    reading = take("firms", HOT.replace("00:45:00", "2561"))
    assert reading.refused[0].reason == "acq_time '2561' is no time of day"


@pytest.mark.parametrize(
    "options", [{"types": [[0]]}, {"types": 0}, {"types": [7]}, {"least_confidence": ["low"]}]
)
def test_a_wrong_option_of_firms_stops(take, options) -> None:
    with pytest.raises(SourceError, match="option"):
        take("firms", HOT, **options)


@pytest.mark.parametrize(
    "options",
    [{"encoding": 5}, {"delimiter": 5}, {"error_m": [1]}, {"error_m": {"CITY": "x"}}],
)
def test_a_wrong_option_of_viina_stops(take, options) -> None:
    with pytest.raises(SourceError):
        take("viina", NEWS, **options)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", 5, "../etc"])
def test_a_wrong_zone_of_viina_stops(zone) -> None:
    context = ReadContext(
        zone="UTC", received_at=datetime(2026, 3, 9, tzinfo=UTC), options={"zone": zone}
    )
    with pytest.raises(SourceError, match="time zone"):
        viina.FEED.read([raw_file("a.csv", NEWS.encode())], context)
