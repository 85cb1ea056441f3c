"""Cameras and drones: hours of watching, outages, and interference."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.geometry.offset import between
from truceline.sources.views import within_sector

CAMERA = "log_id,camera,state,began,ended,lat,lon,range_m,bearing_deg,view_deg,p_detect,reason\n"
UAV = "log_id,uav,state,began,ended,lat,lon,radius_m,height_m,view_deg,p_detect\n"


def line(
    name: str, state: str, began: int, ended: int, rest: str = "48,37.8,3000,0,60,0.7,"
) -> str:
    hours = f"2026-03-07T{began:02}:00Z,2026-03-07T{ended:02}:00Z"
    return f"{name},camera 1,{state},{hours},{rest}\n"


def test_a_watch_speaks_for_the_circle_that_is_wholly_in_view(take) -> None:
    reading = take("camera_log", CAMERA + line("a", "watch", 8, 10))
    (row,) = reading.tables["exposures"].to_pylist()
    assert (row["kind"], row["p_detect"], round(row["radius_m"])) == ("watch", 0.7, 1000)
    east, north = between(np.array([48.0]), np.array([37.8]), row["lat"], row["lon"])
    assert (round(float(east[0])), round(float(north[0]))) == (0, 2000)
    assert reading.tables["observations"].num_rows == 0


def test_jamming_is_an_outage_and_an_observation_of_interference(take) -> None:
    reading = take("camera_log", CAMERA + line("a", "jammed", 8, 10, "48,37.8,3000,0,60,0.7,Noise"))
    (exposure,) = reading.tables["exposures"].to_pylist()
    (seen,) = reading.tables["observations"].to_pylist()
    assert (exposure["kind"], exposure["p_detect"]) == ("outage", None)
    assert (seen["type"], seen["source_kind"], seen["text"]) == (
        "sensor_interference",
        "camera",
        "Noise",
    )
    assert (seen["lat"], seen["lon"]) == (48, 37.8)  # where the camera stands, not where it looks
    assert seen["claimed_actor"] is None
    assert seen["began"] == datetime(2026, 3, 7, 8, tzinfo=UTC)
    assert (reading.upstream, reading.taken) == (2, 2)


def test_who_was_out_did_not_watch(take) -> None:
    log = (
        CAMERA
        + line("a", "watch", 8, 12)
        + line("b", "outage", 12, 14)
        + line("c", "watch", 13, 16)
    )
    reading = take("camera_log", log)
    (refusal,) = reading.refused
    assert refusal.reason == "it says that it watched during its own outage (line 3 of report.csv)"
    assert refusal.line == 4
    assert reading.taken == 2


def test_an_outage_in_another_file_ends_a_watch_too(take) -> None:
    files = {
        "a.csv": CAMERA + line("a", "watch", 8, 12),
        "b.csv": CAMERA + line("b", "jammed", 7, 9) + line("c", "outage", 2, 3),
    }
    reading = take("camera_log", files)
    assert [(r.file, r.line) for r in reading.refused] == [("a.csv", 2)]
    assert "line 2 of b.csv" in reading.refused[0].reason


def test_another_camera_s_outage_ends_no_watch(take) -> None:
    log = CAMERA + line("a", "watch", 8, 12) + line("b", "outage", 8, 12).replace("camera 1", "c 2")
    assert take("camera_log", log).taken == 2


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        ("48,37.8,3000,,60,0.7,", "view_deg is given and bearing_deg is not"),
        ("48,37.8,3000,90,,0.7,", "bearing_deg is given and view_deg is not"),
        ("48,37.8,3000,400,60,0.7,", "bearing_deg is outside [0, 360]"),
        ("48,37.8,3000,90,0,0.7,", "view_deg is not above 0 and up to 360"),
        ("48,37.8,3000,90,60,7,", "p_detect is outside [0, 1]"),
        ("48,37.8,-1,90,60,0.7,", "range_m is not above 0"),
        ("148,37.8,3000,90,60,0.7,", "lat 148.0 is outside [-90, 90]"),
    ],
)
def test_a_view_that_cannot_be_is_refused_with_its_line(take, rest, reason) -> None:
    log = CAMERA + line("a", "watch", 8, 12) + line("b", "watch", 13, 14, rest)
    (refusal,) = take("camera_log", log).refused
    assert (refusal.line, refusal.reason) == (3, reason)


def test_a_state_without_a_name_or_an_end_is_refused(take) -> None:
    log = CAMERA + line("a", "watch", 8, 12) + line("b", "asleep", 13, 14)
    log += "c,camera 1,watch,2026-03-07T15:00Z,,48,37.8,3000,,,,\n"
    reasons = [r.reason for r in take("camera_log", log).refused]
    assert reasons == ["state is not stored", "ended is empty"]


def test_a_footprint_follows_from_height_and_angle_where_it_is_not_stated(take) -> None:
    hours = "watch,2026-03-07T08:00Z,2026-03-07T08:10Z,48,37.8"
    log = UAV + f"a,u,{hours},400,300,90,\nb,u,{hours},,300,90,\nc,u,{hours},,,,\n"
    reading = take("uav_log", log)
    found = reading.tables["exposures"].to_pylist()
    assert [row["radius_m"] and round(row["radius_m"]) for row in found] == [400, 300, None]
    assert [row["p_detect"] for row in found] == [None, None, None]
    assert any("1 footprints are worked out" in note for note in reading.notes)


@given(bearing=st.floats(0, 360), view=st.floats(1, 179), share=st.floats(0, 6.28))
def test_no_point_of_the_circle_lies_outside_the_sector(bearing, view, share) -> None:
    lat0, lon0, reach = np.array([48.0]), np.array([37.8]), np.array([4000.0])
    lat, lon, radius = within_sector(lat0, lon0, reach, np.array([bearing]), np.array([view]))
    east, north = between(lat0, lon0, lat, lon)
    east, north = east + radius * np.sin(share), north + radius * np.cos(share)
    assert np.hypot(east, north)[0] <= 4000.0 + 1e-3
    turn = (np.rad2deg(np.arctan2(east, north)) - bearing + 180.0) % 360.0 - 180.0
    assert abs(turn[0]) <= view / 2 + 1e-3
