"""How probable an incident is: voices, copies, silence, and what is never certain."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from truceline.fusion.estimate import _gross
from truceline.fusion.parameters import FusionParameters
from truceline.model.place import SIGMAS_95

NOON = datetime(2025, 4, 19, 12, 0, tzinfo=UTC)
ONE = {"lat": 48.0, "lon": 37.8, "error_m": 1500, "type": "artillery"}


def _p_real(fusion):
    return fusion.incidents["p_real"][0].as_py()


def test_p_real_is_never_zero_or_one(campaign, fused):
    table, _, _, _ = campaign(11)
    p_real = np.asarray(fused(table).incidents["p_real"])
    low, high = FusionParameters().p_bounds
    assert p_real.min() >= low > 0
    assert p_real.max() <= high < 1
    assert np.unique(p_real.round(6)).size > 10


def test_p_real_of_a_lone_report_is_doubted_more_than_that_of_two_voices(observe, fused):
    alone = _p_real(fused(observe([ONE])))
    both = _p_real(fused(observe([ONE, {**ONE, "source_kind": "seismic"}])))
    assert alone < both
    assert alone < 0.97


def test_copies_add_no_support(observe, fused):
    said = {
        **ONE,
        "source_kind": "media",
        "text": "Shelling of the Zhovtneve grain elevator",
        "root": "wire",
    }
    once = _p_real(fused(observe([said])))
    often = fused(observe([{**said, "at": NOON + timedelta(minutes=k)} for k in range(5)]))
    assert often.incidents.num_rows == 1
    assert _p_real(often) == pytest.approx(once, abs=1e-9)


def test_silence_of_a_watching_source_lowers_p_real(observe, fused, watch):
    seen = watch([{"lat": 48.0, "lon": 37.8, "radius_m": 15_000.0}])
    assert _p_real(fused(observe([ONE]), seen)) < _p_real(fused(observe([ONE]))) - 0.05


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"lat": 49.0, "lon": 37.8, "radius_m": 15_000.0},
        {"lat": 48.0, "lon": 37.8, "radius_m": 15_000.0, "ended": NOON - timedelta(hours=1)},
        {"lat": 48.0, "lon": 37.8, "radius_m": 15_000.0, "kind": "outage"},
        {"lat": 48.0, "lon": 37.8, "radius_m": 15_000.0, "source": "source-0"},
        {"radius_m": 15_000.0},
    ],
)
def test_silence_outside_an_exposure_says_nothing(observe, fused, watch, elsewhere):
    assert _p_real(fused(observe([ONE]), watch([elsewhere]))) == pytest.approx(
        _p_real(fused(observe([ONE]))), abs=1e-6
    )


def test_an_outage_takes_its_hours_out_of_the_watch(observe, fused, watch):
    place = {"lat": 48.0, "lon": 37.8, "radius_m": 15_000.0}
    dark = {
        "kind": "outage",
        "began": NOON - timedelta(hours=1),
        "ended": NOON + timedelta(hours=1),
    }
    assert _p_real(fused(observe([ONE]), watch([place, dark]))) == _p_real(fused(observe([ONE])))


def test_p_real_is_calibrated_where_some_reports_stand_for_nothing(campaign, fused, homes):
    claimed, true = [], []
    for seed in range(6):
        table, owner, _, _ = campaign(100 + seed, incidents=150, false=40)
        fusion = fused(table)
        real = dict.fromkeys(fusion.incidents["incident_id"].to_pylist(), False)
        ids = table["observation_id"].to_pylist()
        for name, incident in homes(fusion).items():
            real[incident] |= bool(owner[ids.index(name)] >= 0)
        claimed += fusion.incidents["p_real"].to_pylist()
        true += [real[name] for name in fusion.incidents["incident_id"].to_pylist()]
    p, y = np.array(claimed), np.array(true, float)
    assert abs(p.mean() - y.mean()) < 0.08
    order = np.argsort(p, kind="stable")
    for part in np.array_split(order, 4):
        assert abs(p[part].mean() - y[part].mean()) < 0.15
    base = np.full(y.size, y.mean())
    assert np.mean((p - y) ** 2) < np.mean((base - y) ** 2)


def test_stated_ellipses_hold_the_truth_about_as_often_as_they_say(campaign, fused, homes):
    inside, total = 0, 0
    for seed in range(4):
        table, owner, lat, lon = campaign(200 + seed)
        fusion = fused(table)
        ids = table["observation_id"].to_pylist()
        first: dict[str, int] = {}
        for name, incident in homes(fusion).items():
            k = int(owner[ids.index(name)])
            if k >= 0:
                first.setdefault(incident, k)
        for row in fusion.incidents.to_pylist():
            k = first.get(row["incident_id"])
            if k is None or row["lat"] is None:
                continue
            de = (lon[k] - row["lon"]) * 111_320 * np.cos(np.deg2rad(48.0))
            dn = (lat[k] - row["lat"]) * 111_200
            azimuth = np.deg2rad(row["error_azimuth_deg"])
            along = de * np.sin(azimuth) + dn * np.cos(azimuth)
            across = de * np.cos(azimuth) - dn * np.sin(azimuth)
            square = (along / row["error_major_m"]) ** 2 + (across / row["error_minor_m"]) ** 2
            inside += square <= 1.0
            total += 1
    assert total > 300
    assert 0.88 <= inside / total <= 0.99


def test_two_voices_that_contradict_one_another_leave_two_places(observe, fused):
    from truceline.fusion.decisions import Decisions

    far = {**ONE, "lat": 48.2, "source_kind": "camera"}
    fusion = fused(observe([ONE, far]), decisions=Decisions(linked=(("o00000", "o00001"),)))
    lats = fusion.posterior["lat"].to_pylist()
    assert fusion.incidents.num_rows == 1
    assert any(abs(lat - 48.0) < 0.02 for lat in lats)
    assert any(abs(lat - 48.2) < 0.02 for lat in lats)


def test_an_incident_seen_twice_is_placed_better_than_either_report(observe, fused):
    both = fused(observe([ONE, {**ONE, "source_kind": "camera", "lat": ONE["lat"] + 0.0001}]))
    error = both.posterior.slice(0, 1)["var_east_m2"][0].as_py()
    assert error < (1500 / SIGMAS_95) ** 2


def test_who_names_the_same_village_errs_alike_and_places_no_better(observe, fused):
    said = [
        {**ONE, "source_kind": "media", "error_m": 7000, "root": f"paper {k}"} for k in range(3)
    ]
    one = fused(observe(said[:1])).posterior
    many = fused(observe(said))
    assert many.incidents["independent_roots"].to_pylist() == [3]
    assert many.posterior["var_east_m2"].to_pylist() == one["var_east_m2"].to_pylist()


def test_a_report_counts_less_for_a_place_the_likelier_it_is_of_another_incident():
    assert [round(_gross(0.05, belongs), 4) for belongs in (1.0, 0.5, 0.0)] == [0.05, 0.525, 1.0]


def test_a_lone_report_is_doubted_less_on_a_busy_day_than_on_a_quiet_one(observe, fused):
    """Noise comes every day alike; what happens comes in bursts, and some of it is seen once."""

    def heard(day: int, at: int, kind: str = "seismic") -> dict[str, object]:
        place = {"lat": 47.0 + 0.1 * at, "lon": 36.0 + 0.05 * day}
        when = NOON + timedelta(days=day, minutes=20 * at)
        return {**ONE, **place, "at": when, "source": f"{kind} {day} {at}", "source_kind": kind}

    quiet = [heard(day, 0) for day in range(12)]
    busy = [heard(20, at, kind) for at in range(20) for kind in ("seismic", "patrol")]
    lone = [heard(20, at) for at in range(22, 30)]
    fusion = fused(observe([*quiet, *busy, *lone]))
    alone = [row for row in fusion.incidents.to_pylist() if row["observations"] == 1]
    assert len(alone) == len(quiet) + len(lone)
    then = NOON + timedelta(days=19)
    on_quiet = [row["p_real"] for row in alone if row["began"] < then]
    on_busy = [row["p_real"] for row in alone if row["began"] > then]
    assert max(on_quiet) < min(on_busy) - 0.1
