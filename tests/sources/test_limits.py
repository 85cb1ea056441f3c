"""Every number has a bound that nature or plausibility gives; beyond it a row is refused."""

import pytest

HEADER = (
    "observation_id,source,began,ended,lat,lon,error_m,bearing_deg,bearing_error_deg,range_m,"
    "count_low,count_best,count_high,weapon\n"
)
SOUND = {
    "observation_id": "o", "source": "patrol", "began": "2026-03-07T10:00:00Z", "lat": "48.1",
    "lon": "37.8", "error_m": "200",
}  # fmt: skip


def table(**cells):
    names = HEADER.strip().split(",")
    return HEADER + ",".join({**SOUND, **cells}.get(name, "") for name in names) + "\n"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"error_m": "1e300"}, "error_m is above 20,037,508 m"),
        ({"error_m": "20037509"}, "error_m is above 20,037,508 m"),
        ({"error_m": "1e-300"}, "error_m is below 0.01 m"),
        ({"error_m": "inf"}, "error_m 'inf' is not a number"),
        ({"range_m": "1e300"}, "range_m is above 20,037,508 m"),
        ({"bearing_deg": "1e300"}, "bearing_deg is outside [0, 360]"),
        ({"bearing_error_deg": "1e-300"}, "bearing_error_deg is outside [0.01, 180]"),
        ({"bearing_error_deg": "181"}, "bearing_error_deg is outside [0.01, 180]"),
        ({"count_best": "10000001"}, "count_best '10000001' is above 10,000,000"),
        ({"count_best": "9" * 400}, "count_best"),
        ({"began": "0001-01-01T00:00:00Z"}, "began: the year of '0001-01-01T00:00:00Z' is outside"),
        ({"began": "9999-12-31"}, "began: the year of '9999-12-31' is outside 1900 to 2099"),
        ({"weapon": "howitzer 1520 mm"}, "weapon states a calibre of '1520' mm"),
        ({"weapon": "міномет 1e300 мм"}, "weapon states a calibre of '1e300' mm"),
    ],
)
def test_a_figure_beyond_its_bound_is_refused_with_file_line_and_field(take, cells, reason):
    (refusal,) = take("observations", table(**cells)).refused
    assert (refusal.file, refusal.line) == ("report.csv", 2)
    assert refusal.reason.startswith(reason)
    assert refusal.advice


@pytest.mark.parametrize(
    "cells",
    [
        {"error_m": "20037508"}, {"error_m": "0.01"}, {"bearing_error_deg": "180"},
        {"count_best": "10000000"}, {"began": "1900-01-01"}, {"began": "2099-12-31"},
        {"weapon": "howitzer 203 mm"}, {"weapon": "rifle 5.45 mm"},
    ],
    ids=str,
)  # fmt: skip
def test_a_figure_at_its_bound_is_taken(take, cells):
    assert take("observations", table(**cells)).taken == 1


@pytest.mark.parametrize(
    ("feed", "old", "new", "reason"),
    [
        ("exposures", "48.1,37.8,5000", "48.1,37.8,1e300", "radius_m is above 20,037,508 m"),
        ("exposures", ",denied,90,", ",denied,1e300,", "minutes_lost is outside [0, 527,040]"),
        ("exposures", ",0.8,", ",1.8,", "p_detect is outside [0, 1]"),
        ("holdings", ",6,6,6,", ",6,6,10000001,", "count_high '10000001' is above 10,000,000"),
        ("holdings", "37.5,100,declared", "37.5,1e300,declared", "error_m is above 20,037,508 m"),
        ("holdings", "howitzer 152 mm,6", "howitzer 9999 mm,6", "weapon states a calibre"),
        ("notices", ",5000,40,", ",1e300,40,", "radius_m is above 20,037,508 m"),
        ("notices", ",5000,40,", ",5000,1e9,", "scale '1e9' is above 10,000,000"),
        ("party_claims", ",,10,,", ",,1000000001,,", "count_best '1000000001' is above"),
        ("firms", ",0.53,0.67,", ",1e-300,0.67,", "scan is no width of a pixel in km"),
    ],
)
def test_figures_of_every_feed_of_ours_are_bound(take, feed, old, new, reason):
    from importlib import import_module

    sample = import_module(f"truceline.sources.feeds.{feed}").SAMPLE.decode()
    assert old in sample
    reading = take(feed, sample.replace(old, new, 1))
    assert [refusal.reason[: len(reason)] for refusal in reading.refused] == [reason]


@pytest.mark.parametrize("error_m", [1e300, 0, 1e-300, float("nan"), float("inf"), True, "far"])
def test_an_option_is_held_to_the_same_bounds(take, error_m):
    from truceline.model.errors import SourceError

    with pytest.raises(SourceError, match="error_m"):
        take("observations", table(), error_m=error_m)
