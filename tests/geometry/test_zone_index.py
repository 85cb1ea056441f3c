"""Point in zone agrees with shapely, on the edges too."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.geometry.zone_index import first, index_zones, inside, pairs
from truceline.model.errors import InputError

SQUARE = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0)]
HOLE = [(1.0, 1.0), (3.0, 1.0), (3.0, 3.0), (1.0, 3.0), (1.0, 1.0)]


def star(seed: int, corners: int, rough: float, lon: float, lat: float) -> list:
    rng = np.random.default_rng(seed)
    angle = np.sort(rng.uniform(0, 2 * np.pi, corners))
    radius = 1 + rough * rng.uniform(-0.9, 0.9, corners)
    ring = [(lon + r * np.cos(a), lat + r * np.sin(a)) for a, r in zip(angle, radius, strict=True)]
    return [*ring, ring[0]]


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    corners=st.integers(3, 60),
    rough=st.floats(0.0, 1.0),
    zones=st.integers(1, 5),
)
def test_overlapping_zones_with_holes_agree_with_shapely(
    seed: int, corners: int, rough: float, zones: int
) -> None:
    rng = np.random.default_rng(seed)
    made, shapes = [], []
    while len(made) < zones:
        lon, lat = rng.uniform(-0.7, 0.7, 2)
        outer = star(int(rng.integers(1 << 30)), corners, rough, lon, lat)
        shape = shapely.Polygon(outer)
        if not shape.is_valid:
            outer = star(int(rng.integers(1 << 30)), 12, 0.0, lon, lat)
            shape = shapely.Polygon(outer)
        hole = shape.buffer(-0.2)
        rings = [outer]
        if hole.geom_type == "Polygon" and not hole.is_empty:
            rings.append(list(hole.exterior.coords))
            shape = shapely.Polygon(rings[0], rings[1:])
        if not shape.is_valid:
            continue
        made.append([rings])
        shapes.append(shape)
    vertices = np.concatenate([shapely.get_coordinates(shape) for shape in shapes])
    points = np.concatenate(
        [rng.uniform(-2, 2, (400, 2)), vertices, (vertices[1:] + vertices[:-1]) / 2]
    )
    index = index_zones(made)
    point, zone = pairs(index, points[:, 0], points[:, 1])
    got = set(zip(point.tolist(), zone.tolist(), strict=True))
    wanted = {
        (int(i), number)
        for number, shape in enumerate(shapes)
        for i in np.flatnonzero(shapely.intersects_xy(shape, points[:, 0], points[:, 1]))
    }
    assert got == wanted


def test_points_on_corners_and_edges_are_in_the_zone_and_a_hole_is_not() -> None:
    index = index_zones([[[SQUARE, HOLE]]])
    lon = np.array([0.0, 4.0, 2.0, 0.0, 1.0, 2.0, 2.0, 0.5, 4.5, -1e-300, 4.0])
    lat = np.array([0.0, 4.0, 0.0, 2.0, 1.0, 1.0, 2.0, 0.5, 2.0, 2.0, 5.0])
    assert first(index, lon, lat).tolist() == [0, 0, 0, 0, 0, 0, -1, 0, -1, -1, -1]


def test_points_within_rounding_of_a_slanted_edge_are_settled_exactly() -> None:
    ring = [(0.1, 0.1), (0.7, 0.5), (0.2, 0.9), (0.1, 0.1)]
    shape = shapely.Polygon(ring)
    t = np.linspace(0.01, 0.99, 400)
    lon, lat = 0.1 + t * 0.6, 0.1 + t * 0.4
    lon = np.concatenate([lon, np.nextafter(lon, 9), np.nextafter(lon, -9)])
    lat = np.tile(lat, 3)
    index = index_zones([[[ring]]])
    assert inside(index, lon, lat, 0).tolist() == shapely.intersects_xy(shape, lon, lat).tolist()


def test_pieces_of_one_zone_that_overlap_do_not_cancel() -> None:
    moved = [(x + 2.0, y) for x, y in SQUARE]
    index = index_zones([[[SQUARE], [moved]]])
    assert inside(index, np.array([3.0, 5.0, 7.0]), np.array([2.0] * 3), 0).tolist() == [
        True,
        True,
        False,
    ]


def test_zones_that_share_an_edge_both_hold_it() -> None:
    east = [(x + 4.0, y) for x, y in SQUARE]
    point, zone = pairs(
        index_zones([[[SQUARE]], [[east]]]), np.array([4.0, 5.0]), np.array([2.0, 2.0])
    )
    assert list(zip(point.tolist(), zone.tolist(), strict=True)) == [(0, 0), (0, 1), (1, 1)]


def test_a_ring_of_two_points_is_refused() -> None:
    with pytest.raises(InputError, match="three different points"):
        index_zones([[[[(0.0, 0.0), (1.0, 1.0), (0.0, 0.0), (0.0, 0.0)]]]])


def test_no_zone_is_refused() -> None:
    with pytest.raises(InputError, match="no zone"):
        index_zones([])


def test_not_a_number_is_in_no_zone() -> None:
    assert first(index_zones([[[SQUARE]]]), np.array([np.nan]), np.array([2.0])).tolist() == [-1]
