"""Maps as claims: who holds a point, for which time a map speaks, and what standing there says."""

import numpy as np
import shapely

from truceline.attribution.ground import around, covering, drawn, holders, sheets, standing
from truceline.attribution.testimony import matter_of
from truceline.geometry.offset import moved


def matter(case):
    if not case.acts:
        case.act()
    return matter_of(case.agreement(), case.evidence())


def test_points_about_a_place_are_where_the_exact_ones_are_to_a_metre():
    lat, lon = np.array([-60.0, 0.0, 48.0, 70.0]), np.zeros(4)
    turn = np.linspace(0, 2 * np.pi, 13)
    east, north = (np.tile(50_000.0 * f(turn), (4, 1)) for f in (np.sin, np.cos))
    near = around(lat, lon, east, north)
    exact = moved(lat[:, None], lon[:, None], east, north)
    metres = np.hypot(
        (near[0] - exact[0]) * 111_000,
        (near[1] - exact[1]) * 111_000 * np.cos(np.deg2rad(lat))[:, None],
    )
    assert metres[1:3].max() < 1.0
    assert metres.max() < 5.0  # towards the poles degrees of longitude shrink faster


def test_ground_that_two_sides_are_given_is_nobodys(case):
    case.maps("Atlas", edge=20.5)
    case.maps("Atlas", edge=20.4)
    of = matter(case)
    (sheet,) = sheets(of)["Atlas"]
    found = holders(drawn(of, sheet), np.array([20.2, 20.45, 20.8, 25.0]), np.full(4, 10.5))
    assert found.tolist() == [0, -1, 1, -1]


def test_a_map_that_encloses_nothing_says_nothing(case):
    act = case.act(direction="outgoing", lon=20.2)
    case.saw(act, direction="outgoing")
    empty = shapely.Polygon([(20, 10), (21, 10), (20, 10)])
    case.maps("Atlas", geometry_wkb=shapely.to_wkb(empty))
    assert case.attribute()[1].num_rows == 0


def test_the_latest_sheet_that_covers_the_whole_time_speaks(case):
    case.maps("Atlas", version="1")
    begun = case.controls[0]["began"]
    case.maps("Atlas", version="2")
    of = sheets(matter(case))["Atlas"]
    at = int(begun.timestamp() * 1e6)
    hour = 3_600_000_000
    began = np.array([at - hour, at, at + hour, at + 47 * hour])
    ended = began + np.array([0, hour, hour, 2 * hour])
    assert covering(of, began, ended).tolist() == [-1, 1, 1, -1]
    assert [sheet.version for sheet in of] == ["1", "2"]


def test_an_edge_error_that_nobody_states_is_assumed_and_not_zero(case):
    case.maps("Atlas", error_m=None)
    (sheet,) = sheets(matter(case))["Atlas"]
    assert sheet.edge_sigma_m > 100.0


def test_standing_says_nothing_where_ground_is_shared_and_is_bounded_where_it_is_not(case):
    of = matter(case)
    mass = np.array([[0.5, 0.5], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    nats = standing(of, mass, "Atlas")
    assert nats[0].tolist() == [0.0] * 7
    assert nats[3].tolist() == [0.0] * 7
    assert nats[1, 0] == nats[2, 1] > 0.0 > nats[1, 1] == nats[2, 0]
    assert np.exp(nats).max() <= 10.0
    assert not nats[:, 2:].any()
