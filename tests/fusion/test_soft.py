"""Reports that know only the day: shared out, never a bridge, never hardened."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa

NOON = datetime(2025, 4, 19, 12, 0, tzinfo=UTC)


def _day(**more):
    return {"is_date_only": True, "source_kind": "media", "error_m": 8000, **more}


def _two_incidents():
    return [
        {"lat": 48.0, "lon": 37.80, "error_m": 1500, "type": "artillery", "at": NOON},
        {"lat": 48.0, "lon": 37.80, "error_m": 1500, "type": "artillery", "at": NOON, "source_kind": "camera"},
        {"lat": 48.0, "lon": 37.88, "error_m": 1500, "type": "artillery", "at": NOON + timedelta(hours=5)},
    ]  # fmt: skip


def test_a_date_only_report_never_bridges_two_incidents(observe, fused, homes):
    timed = _two_incidents()
    without = homes(fused(observe(timed)))
    bridge = [_day(lat=48.0, lon=37.84, type="artillery", source=f"paper-{k}") for k in range(6)]
    with_them = homes(fused(observe([*timed, *bridge])))
    assert without["o00000"] == without["o00001"] != without["o00002"]
    assert with_them["o00000"] == with_them["o00001"] != with_them["o00002"]


def test_a_date_only_report_stands_in_no_component_of_timed_ones(observe, fused):
    timed = _two_incidents()
    papers = [_day(lat=48.0, lon=37.84, type="artillery", source=f"paper-{k}") for k in range(6)]
    apart = sum((Counter(fused(observe(rows)).sizes) for rows in (timed, papers)), Counter())
    assert Counter(fused(observe([*timed, *papers])).sizes) == apart


def test_a_date_only_report_is_shared_out_between_the_incidents_of_its_day(observe, fused):
    rows = observe([*_two_incidents(), _day(lat=48.0, lon=37.84, type="artillery")])
    fusion = fused(rows)
    shares = [
        row["probability"]
        for row in fusion.members.to_pylist()
        if row["observation_id"] == "o00003"
    ]
    assert len(shares) >= 2
    assert max(shares) < 0.95
    assert sum(shares) <= 1.0 + 1e-9


def test_a_date_is_not_hardened_into_a_certain_membership(campaign, fused):
    table, _, _, _ = campaign(9)
    fusion = fused(table)
    dated = set(table.filter(table["is_date_only"])["observation_id"].to_pylist())
    timed = set(
        table.filter(pa.compute.invert(table["is_date_only"]))["observation_id"].to_pylist()
    )
    holds = {}
    for row in fusion.members.to_pylist():
        holds.setdefault(row["incident_id"], []).append(row)
    attached = [
        row["probability"]
        for rows in holds.values()
        if any(row["observation_id"] in timed for row in rows)
        for row in rows
        if row["observation_id"] in dated
    ]
    assert len(attached) > 10
    assert max(attached) < 0.999
    assert np.mean(attached) < 0.9


def test_a_date_is_not_hardened_into_an_instant(observe, fused):
    row = fused(observe([_day(lat=48.0, lon=37.8)])).incidents.to_pylist()[0]
    assert row["is_date_only"]
    assert row["ended"] - row["began"] == timedelta(days=1)


def test_a_date_only_report_does_not_widen_or_move_a_timed_incident(observe, fused):
    timed = [_two_incidents()[0]]
    alone = fused(observe(timed)).incidents.to_pylist()[0]
    beside = fused(observe([*timed, _day(lat=48.01, lon=37.81, type="artillery")]))
    found = next(row for row in beside.incidents.to_pylist() if not row["is_date_only"])
    for name in ("began", "ended", "lat", "lon", "error_major_m"):
        assert found[name] == alone[name]


def test_a_date_only_report_of_a_quiet_place_founds_its_own_incident(observe, fused, homes):
    rows = observe([*_two_incidents(), _day(lat=49.5, lon=36.0, type="artillery")])
    told = homes(fused(rows))
    assert told["o00003"] not in {told["o00000"], told["o00002"]}


def test_two_papers_of_one_day_and_town_found_one_incident(observe, fused):
    text = "Drones struck the Zhovtneve sugar factory"
    rows = [
        _day(lat=48.0, lon=37.8, type="uav_attack", text=text),
        _day(
            lat=48.005,
            lon=37.8,
            type="uav_attack",
            text="Zhovtneve sugar factory struck by drones, fire out",
        ),
        _day(lat=48.9, lon=36.0, type="artillery", text="Shelling of a farm in Vesele"),
    ]
    assert fused(observe(rows)).incidents.num_rows == 2
