"""Places that are not ellipses keep their mean and spread as Gaussians."""

import numpy as np
import pytest

from truceline.geometry.mixture import Components, from_bearing, from_polygons, moment_match
from truceline.geometry.offset import between
from truceline.geometry.sample import factor, standard_normal
from truceline.model.errors import InputError


def one(*values: float) -> list[np.ndarray]:
    return [np.array([value]) for value in values]


@pytest.mark.parametrize("error_deg", [1.0, 8.0, 20.0, 60.0])
def test_a_bearing_keeps_the_mean_and_covariance_of_a_million_draws(error_deg: float) -> None:
    rng = np.random.default_rng(7)
    angle = np.deg2rad(rng.normal(75.0, error_deg, 1_000_000))
    radius = rng.uniform(1_000.0, 6_000.0, 1_000_000)
    drawn = np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])

    matched = moment_match(from_bearing(*one(48.0, 37.8, 75.0, error_deg, 1_000.0, 6_000.0)))

    east, north = between(48.0, 37.8, matched.lat[:, 0], matched.lon[:, 0])
    assert np.hypot(east - drawn[:, 0].mean(), north - drawn[:, 1].mean())[0] < 25.0
    cov = np.cov(drawn.T)
    got = [matched.var_east_m2, matched.cov_en_m2, matched.var_north_m2]
    wanted = [cov[0, 0], cov[0, 1], cov[1, 1]]
    scale = cov[0, 0] + cov[1, 1]
    assert np.allclose([g[0, 0] / scale for g in got], [w / scale for w in wanted], atol=0.006)


def test_a_mirrored_bearing_gives_mirrored_components() -> None:
    east = from_bearing(*one(48.0, 0.0, 40.0, 12.0, 1_000.0, 6_000.0))
    west = from_bearing(*one(48.0, 0.0, -40.0, 12.0, 1_000.0, 6_000.0))
    order_e, order_w = (
        np.lexsort((east.lon[0], east.lat[0])),
        np.lexsort((-west.lon[0], west.lat[0])),
    )
    assert np.allclose(east.lon[0][order_e], -west.lon[0][order_w], atol=1e-9)
    assert np.allclose(east.cov_en_m2[0][order_e], -west.cov_en_m2[0][order_w], atol=1e-3)


def test_an_area_keeps_its_middle_and_its_size() -> None:
    ring = [(37.0, 48.0), (37.9, 48.0), (37.9, 48.3), (37.0, 48.3), (37.0, 48.0)]
    matched = moment_match(from_polygons([[ring]]))
    width, height = between(48.0, 37.0, np.array([48.3]), np.array([37.9]))
    assert abs(matched.lat[0, 0] - 48.15) < 0.005
    assert abs(matched.lon[0, 0] - 37.45) < 0.005
    assert matched.var_east_m2[0, 0] == pytest.approx(width[0] ** 2 / 12, rel=0.02)
    assert matched.var_north_m2[0, 0] == pytest.approx(height[0] ** 2 / 12, rel=0.02)


def test_a_hole_holds_no_weight() -> None:
    outer = [(37.0, 48.0), (38.0, 48.0), (38.0, 49.0), (37.0, 49.0), (37.0, 48.0)]
    hole = [(37.1, 48.1), (37.9, 48.1), (37.9, 48.9), (37.1, 48.9), (37.1, 48.1)]
    solid, ring = from_polygons([[outer]]), from_polygons([[outer, hole]])
    assert moment_match(ring).var_east_m2 > 1.5 * moment_match(solid).var_east_m2


def test_a_polygon_of_no_area_is_refused() -> None:
    flat = [(37.0, 48.0), (38.0, 48.0), (37.0, 48.0), (37.0, 48.0)]
    with pytest.raises(InputError, match="enclose nothing"):
        from_polygons([[flat]])


def test_an_empty_range_is_refused_with_its_row() -> None:
    with pytest.raises(InputError, match="row 0"):
        from_bearing(*one(48.0, 37.8, 90.0, 5.0, 3_000.0, 3_000.0))


def test_points_of_a_covariance_have_that_covariance() -> None:
    east, across, north = (v[0] for v in factor(*one(4.0, 2.0, 10.0)))
    z = standard_normal(1024)
    points = np.column_stack([east * z[:, 0], across * z[:, 0] + north * z[:, 1]])
    assert np.allclose(points.T @ points / 1024, [[4.0, 2.0], [2.0, 10.0]], rtol=0.02, atol=0.05)


def test_points_mirror_exactly() -> None:
    z = standard_normal()
    there = {(round(x, 12), round(y, 12)) for x, y in z}
    assert all((round(-x, 12), round(y, 12)) in there for x, y in z)
    assert all((round(x, 12), round(-y, 12)) in there for x, y in z)


def test_components_are_frozen() -> None:
    field = np.zeros((1, 1))
    made = Components(
        weight=field, lat=field, lon=field, var_east_m2=field, cov_en_m2=field, var_north_m2=field
    )
    with pytest.raises(AttributeError):
        made.weight = field  # type: ignore[misc]
