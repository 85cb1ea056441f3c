"""The scan finds a place however it is written."""

from dataclasses import replace

import numpy as np
import pytest

from truceline.reports.frame import frame_of
from truceline.reports.scan import geohash, scan

LAT, LON = 48.015883, 37.802850


@pytest.fixture(scope="module")
def secret(dossier, with_column):
    rows = dossier.incidents.num_rows
    return with_column(dossier, "incidents", {"lat": [LAT] * rows, "lon": [LON] * rows})


@pytest.mark.parametrize(
    "written",
    [
        "48.015883, 37.802850",
        "37.80285 48.01588",
        '"coordinates":[37.8028,48.0158]',
        "lat=48.02 lon=37.80",
        "48,0159; 37,8029",
        "4801588 3780285",
        "480158830,378028500",
        "48°00'57\" 37°48'10\"",
        "48:00.95 37:48.17",
        "4208142.6 6107250.0 metres",
        geohash(LAT, LON, 7),
    ],
)
def test_a_written_place_is_found(written, secret):
    if "metres" in written:
        east = np.deg2rad(LON) * 6_378_137
        north = np.log(np.tan(np.pi / 4 + np.deg2rad(LAT) / 2)) * 6_378_137
        written = f"{east:.1f} {north:.1f}"
    assert scan(f"It was at {written} that night".encode(), secret)


@pytest.mark.parametrize("kind", ["<f8", ">f8", "<f4", ">f4"])
def test_a_place_in_binary_is_found(kind, secret):
    content = b"WKB" + np.array([LON, LAT], kind).tobytes()
    assert scan(content, secret)


def test_a_place_in_a_drawing_is_found(secret, released):
    frame = frame_of(released("commission").rows)
    frame = replace(frame, west=37.0, east=38.6, south=47.6, north=48.4)
    stated = f"{frame.west} {frame.south} {frame.east} {frame.north} {frame.height}"
    drawing = f'<svg data-frame="{stated}"><ellipse cx="{frame.x(LON)}" cy="{frame.y(LAT)}" rx="9"/></svg>'
    assert [leak.how for leak in scan(drawing.encode(), secret)] == ["drawing"]


def test_the_beginning_of_an_id_is_no_place(secret):
    assert scan(b"closes at 48:01, Europe/Kyiv time; act a-37d48f3b9c", secret) == []


@pytest.mark.parametrize("coarse", ["48.0, 37.8", "about 48 N 38 E", "48.025 37.85", "2026-03-07"])
def test_a_coarse_place_is_no_leak(coarse, secret):
    assert scan(coarse.encode(), secret) == []
