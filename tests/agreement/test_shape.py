"""Zones and lines as ground: drawn, made from a line, or missing."""

import math

import numpy as np
import pytest
import shapely

from truceline.agreement.load import load
from truceline.agreement.shape import line_paths, zone_polygon
from truceline.geometry.plane import metres_per_degree
from truceline.model.errors import AgreementError


def test_a_drawn_zone_is_its_polygon(sample):
    square = zone_polygon(load(sample.path), "square")
    assert square.equals(shapely.box(37.0, 48.0, 38.0, 49.0))


def test_a_line_is_its_paths(sample):
    (path,) = line_paths(load(sample.path), "line")
    assert path.tolist() == [[37.5, 47.5], [37.5, 49.5]]


@pytest.mark.parametrize(("metres", "is_in"), [(14_999.5, True), (15_000.5, False)])
@pytest.mark.parametrize("lat", [47.6, 48.5, 49.4])
@pytest.mark.parametrize("side", [-1, 1])
def test_a_strip_is_as_wide_on_the_ground_as_the_text_says(sample, metres, is_in, lat, side):
    strip = zone_polygon(load(sample.path), "strip")
    east_m, _ = metres_per_degree(lat)
    assert strip.is_valid
    assert strip.contains(shapely.Point(37.5 + side * metres / east_m, lat)) is is_in


def test_a_strip_has_rounded_ends(sample):
    strip = zone_polygon(load(sample.path), "strip")
    east_m, north_m = metres_per_degree(49.5)
    reach_m = np.array([14_990, 15_010]) / math.sqrt(2)
    corner = [shapely.Point(37.5 + m / east_m, 49.5 + m / north_m) for m in reach_m]
    assert [strip.contains(point) for point in corner] == [True, False]


def test_a_side_is_the_declared_partys_alone(sample):
    made = load(sample.path)
    side = zone_polygon(made, "a-side")
    east_m, _ = metres_per_degree(48.5)
    west, east = (shapely.Point(37.5 + sign * 5_000 / east_m, 48.5) for sign in (-1, 1))
    assert side.is_valid
    assert side.contains(west)  # A is on the left of a line drawn northwards
    assert not side.contains(east)
    zone = next(each for each in made.zones if each.zone_id == "a-side")
    assert zone.polygons is not None


def test_mirroring_the_sides_mirrors_the_zone(sample):
    before = zone_polygon(load(sample.path), "a-side")
    sample.put("    left: A\n    right: B", "    left: B\n    right: A")
    after = zone_polygon(load(sample.path), "a-side")
    mirrored = shapely.transform(before, lambda xy: np.column_stack([75.0 - xy[:, 0], xy[:, 1]]))
    assert mirrored.symmetric_difference(after).area < 1e-9


def test_a_side_of_a_line_that_does_not_say_whose_is_refused(sample):
    sample.put("    left: A\n    right: B\n", "")
    with pytest.raises(AgreementError, match="left:"):
        load(sample.path)


def test_what_has_no_public_coordinates_has_no_shape():
    minsk = load("minsk-2")
    for zone in minsk.zones:
        assert zone_polygon(minsk, zone.zone_id) is None
        assert zone.missing
    for line in minsk.lines:
        assert line_paths(minsk, line.line_id) is None
        assert line.missing


def test_a_zone_along_a_line_without_coordinates_has_no_shape(sample):
    sample.put("    file: map.geojson\n    left", "    missing: Not public\n    left")
    made = load(sample.path)
    assert zone_polygon(made, "strip") is None
    assert zone_polygon(made, "a-side") is None


def test_an_unknown_zone_or_line_is_refused(sample):
    made = load(sample.path)
    with pytest.raises(AgreementError, match="has no zone 'x'; it has square"):
        zone_polygon(made, "x")
    with pytest.raises(AgreementError, match="has no line 'x'; it has line"):
        line_paths(made, "x")


def test_a_line_without_length_is_refused(sample):
    text = sample.map.read_text(encoding="utf-8")
    sample.map.write_text(text.replace("49.5", "47.5"), encoding="utf-8")
    with pytest.raises(AgreementError, match="line has no length"):
        load(sample.path)
