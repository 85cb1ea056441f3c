"""Swapped coordinates, point by point: against the mission's area, or against the other points."""

from datetime import UTC, datetime

import pytest

from truceline.sources.contract import Area, ReadContext, raw_file
from truceline.sources.feeds import control_map, exposures, firms, holdings, observations

AREA = Area(south=44, west=22, north=53, east=41, of="the theatre", if_right="widen it")
RECEIVED = datetime(2026, 3, 9, tzinfo=UTC)
HEADER = "observation_id,source,began,lat,lon,observer_position,bearing_deg\n"


def read(feed, content, area=AREA, **options):
    files = content if isinstance(content, dict) else {"a.csv": content}
    raw = [raw_file(name, text.encode()) for name, text in sorted(files.items())]
    context = ReadContext(zone="UTC", received_at=RECEIVED, options=options, area=area)
    return feed.FEED.read(raw, context)


def row(name, lat="", lon="", observer="", bearing=""):
    return f"{name},patrol,2026-03-07T10:00:00Z,{lat},{lon},{observer},{bearing}\n"


@pytest.mark.parametrize(
    "cells",
    [
        row("o", "37.8", "48.1"),
        row("o", observer="37.8 48.1"),
        row("o", observer="37.8 48.1", bearing="90"),
    ],
    ids=["point", "observer", "bearing"],
)
def test_one_swapped_point_alone_is_refused_with_the_reading_that_would_fit(cells):
    reading = read(observations, HEADER + cells)
    (refusal,) = reading.refused
    assert (reading.taken, refusal.file, refusal.line) == (0, "a.csv", 2)
    assert "lat and lon seem to be swapped: 37.8" in refusal.reason
    assert "lies outside the theatre, and 48.1" in refusal.reason
    assert refusal.advice == "swap them in this row; or widen it if the place is right"


def test_a_swapped_point_is_never_mended():
    reading = read(observations, HEADER + row("o", "37.8", "48.1") + row("p", "48.1", "37.8"))
    assert reading.tables["observations"]["lat"].to_pylist() == [48.1]


def test_a_far_place_whose_swap_is_no_better_is_taken():
    assert read(observations, HEADER + row("o", "55.7", "60.6")).taken == 1


def test_without_an_area_three_points_show_a_swapped_one_and_two_do_not():
    two = HEADER + row("o", "48.1", "37.8") + row("p", "37.9", "48.2")
    assert read(observations, two, area=None).taken == 2
    three = read(observations, two + row("q", "48.3", "37.7"), area=None)
    assert [refusal.line for refusal in three.refused] == [3]


def test_points_stand_out_among_those_of_every_file():
    """So that one and the same row is refused however the rows are split over files."""
    files = {
        "a.csv": HEADER + row("o", "48.1", "37.8") + row("p", "48.2", "37.9"),
        "b.csv": HEADER + row("q", "37.9", "48.2"),
    }
    found = read(observations, files, area=None)
    assert [(refusal.file, refusal.line) for refusal in found.refused] == [("b.csv", 2)]


@pytest.mark.parametrize("cells", [("0", "0"), ("0.0", "-0"), ("0.00001", "1e-6")])
def test_null_island_is_no_place_even_alone(cells):
    reading = read(observations, HEADER + row("o", *cells), area=None)
    assert [refusal.reason for refusal in reading.refused] == ["lat and lon are both 0"]


def test_every_feed_that_reads_points_refuses_a_swapped_one():
    swapped = [
        (firms, firms.SAMPLE.decode().replace("48.1,37.8", "37.8,48.1")),
        (exposures, exposures.SAMPLE.decode().replace("48.1,37.8", "37.8,48.1")),
        (holdings, holdings.SAMPLE.decode().replace("48.0,37.5", "37.5,48.0", 1)),
    ]
    for feed, content in swapped:
        (refusal,) = read(feed, content).refused
        assert "seem to be swapped" in refusal.reason, feed.FEED.name


def test_a_map_drawn_with_swapped_coordinates_is_refused():
    ring = [[48.0, 37.0], [48.0, 38.0], [49.0, 38.0], [48.0, 37.0]]
    content = (
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, '
        f'"geometry": {{"type": "Polygon", "coordinates": [{ring}]}}}}]}}'
    )
    options = {"author": "A", "controller": "X", "began": "2026-03-07"}
    assert read(control_map, {"m.geojson": content}, area=None, **options).taken == 1
    (refusal,) = read(control_map, {"m.geojson": content}, **options).refused
    assert "seem to be swapped" in refusal.reason
