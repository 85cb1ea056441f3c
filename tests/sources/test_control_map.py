import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import shapely

from truceline.model.errors import SourceError
from truceline.sources.feeds import control_map

DATA = Path(__file__).resolve().parents[1] / "data" / "sources"
CROSSING = (DATA / "crossing.geojson").read_bytes()
OPTIONS = {"author": "Example author", "classes": {"held": "A", "contested": None}}


def square(lon: float = 37.0) -> dict:
    ring = [[lon, 48.0], [lon + 1, 48.0], [lon + 1, 49.0], [lon, 49.0], [lon, 48.0]]
    return {
        "type": "Feature",
        "properties": {"type": "held", "day": "2026-03-05"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def collection(*features: dict, **beside) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features} | beside)


def test_a_zone_that_crosses_itself_is_refused_with_the_place_and_the_rest_stays(take) -> None:
    reading = take("control_map", {"zones.geojson": CROSSING}, **OPTIONS)
    assert (reading.upstream, reading.taken) == (6, 2)
    first = reading.refused[0]
    assert (first.file, first.line) == ("zones.geojson", 6)
    assert "polygon 2 of feature 1: it crosses itself" in first.reason
    assert "Self-intersection[36.25 48.25]" in first.reason
    assert "mend the drawing there" in first.advice
    reasons = [r.reason for r in reading.refused[1:]]
    assert reasons[0].startswith("class 'unheard of' is not mapped")
    assert reasons[1] == "feature 3 is Point, not an area"
    assert reasons[2] == "polygon 1 of feature 4: position 48.0, 137.0 is not on earth"
    assert "the order is longitude, latitude" in reading.refused[3].advice


def test_each_polygon_is_a_row_with_author_version_and_day(take) -> None:
    reading = take("control_map", {"map_20260307.geojson": collection(square())}, **OPTIONS)
    (row,) = reading.tables["controls"].to_pylist()
    assert (row["author"], row["version"]) == ("Example author", "map_20260307.geojson")
    assert (row["controller"], row["error_m"]) == ("A", None)
    assert row["began"] == datetime(2026, 3, 6, 22, tzinfo=UTC)
    assert row["ended"] == datetime(2026, 3, 7, 22, tzinfo=UTC)
    assert shapely.from_wkb(row["geometry_wkb"]).bounds == (37, 48, 38, 49)


def test_a_contested_area_is_nobody_s(take) -> None:
    reading = take("control_map", {"zones.geojson": CROSSING}, **OPTIONS)
    assert reading.tables["controls"]["controller"].to_pylist() == ["A", None]
    assert any("1 polygons are contested" in note for note in reading.notes)


def test_a_map_may_speak_until_the_next(take) -> None:
    files = {f"2026-03-0{day}.json": collection(square()) for day in (1, 4)}
    reading = take("control_map", files, **OPTIONS, until_next=True)
    one, two = reading.tables["controls"].to_pylist()
    assert one["ended"] == two["began"]
    assert (two["ended"] - two["began"]).days == 1


def test_the_day_may_stand_in_a_property_or_an_option(take) -> None:
    content = collection(square())
    (row,) = (
        take("control_map", content, **OPTIONS, date_property="day").tables["controls"].to_pylist()
    )
    assert row["began"] == datetime(2026, 3, 4, 22, tzinfo=UTC)
    (row,) = (
        take("control_map", content, **OPTIONS, began="2026-03-01", ended="2026-04-01", zone="UTC")
        .tables["controls"]
        .to_pylist()
    )
    assert row["ended"] == datetime(2026, 4, 1, tzinfo=UTC)


def test_without_a_day_a_map_speaks_for_nothing(take) -> None:
    reading = take("control_map", collection(square()), **OPTIONS)
    assert reading.refused[0].reason == "no date tells what day the map speaks for"


def test_a_collection_inside_a_wrapper_is_found(take) -> None:
    wrapped = json.dumps({"value": json.loads(collection(square()))})
    assert take("control_map", {"2026-03-01.json": wrapped}, **OPTIONS).taken == 1


def test_one_party_may_hold_every_area(take) -> None:
    feature = square() | {"properties": {}}
    reading = take(
        "control_map", {"2026-03-01.json": collection(feature)}, author="x", controller="A"
    )
    assert reading.tables["controls"]["controller"].to_pylist() == ["A"]


@pytest.mark.parametrize(
    ("rings", "reason"),
    [
        ([], "it has no ring"),
        ([[[37, 48], [38, 48], [37, 48]]], "a ring has fewer than 4 positions"),
        ([[[37, 48], [38, 48], [38, 49], [37, 49]]], "a ring is not closed"),
        ([[[37, 48], [38, 48], [37, 48], [37, 48]]], "a ring has no area"),
        ([[[37, 48], [38, None], [38, 49], [37, 48]]], "[38, None] is no position"),
        ([[[37, 48], [38, True], [38, 49], [37, 48]]], "[38, True] is no position"),
        ([[[37, 48], [10**400, 48], [38, 49], [37, 48]]], "is no position"),
    ],
)
def test_a_drawing_that_is_no_area_is_refused(take, rings, reason) -> None:
    feature = square()
    feature["geometry"]["coordinates"] = rings
    files = {"2026-03-01.json": collection(feature, square(40.0))}
    reading = take("control_map", files, **OPTIONS)
    assert reason in reading.refused[0].reason
    assert reading.taken == 1


def test_a_half_written_map_stops_with_its_line(take) -> None:
    with pytest.raises(SourceError, match=r"zones\.geojson:\d+: "):
        take("control_map", {"zones.geojson": CROSSING[:-40]}, **OPTIONS)


def test_deep_nesting_stops_as_no_map(take) -> None:
    with pytest.raises(SourceError, match="not JSON that can be read"):
        take("control_map", {"zones.geojson": b"[" * 200_000}, **OPTIONS)


def test_metres_instead_of_degrees_stop(take) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    with pytest.raises(SourceError, match="convert it to WGS 84"):
        take("control_map", collection(square(), crs=crs), **OPTIONS)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"author": "x"},
        {"author": "x", "classes": ["held"]},
        {"author": "x", "controller": "A", "error_m": 0},
        {"author": "x", "controller": "A", "colour": "red"},
        {"author": "x", "controller": "A", "class_property": ["type"]},
        {"author": "x", "controller": "A", "date_property": {}},
        {"author": "x", "controller": "A", "until_next": "no"},
    ],
)
def test_a_missing_or_wrong_option_stops(take, options) -> None:
    with pytest.raises(SourceError, match="option"):
        take("control_map", collection(square()), **options)


def test_the_sample_names_its_contested_class() -> None:
    assert control_map.FEED.sample_options["classes"]["disputed"] is None
