"""Which reports are taken for one incident."""

from datetime import UTC, datetime, timedelta

import numba
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from truceline.fusion.decisions import Decisions
from truceline.fusion.fuse import fuse
from truceline.fusion.parameters import FusionParameters
from truceline.model.errors import InputError
from truceline.tables import posterior
from truceline.tables.schemas import EXPOSURES, empty

NOON = datetime(2025, 4, 19, 12, 0, tzinfo=UTC)
TABLES = ("incidents", "posterior", "members", "alternatives", "acts")


def test_a_patrol_and_a_seismometer_that_agree_tell_of_one_incident(observe, fused):
    one = observe(
        [
            {"lat": 48.0, "lon": 37.8, "error_m": 1000, "type": "artillery"},
            {
                "lat": 48.005,
                "lon": 37.805,
                "error_m": 4000,
                "source_kind": "seismic",
                "at": NOON + timedelta(seconds=40),
                "type": "explosion_unidentified",
            },
        ]
    )
    fusion = fused(one)
    assert fusion.incidents.num_rows == 1
    row = fusion.incidents.to_pylist()[0]
    assert row["observations"] == 2
    assert row["independent_roots"] == 2
    assert row["type"] == "artillery"


@pytest.mark.parametrize(("north", "hours"), [(0.5, 0), (0.0, 20)])
def test_reports_far_apart_in_place_or_time_are_two_incidents(observe, fused, north, hours):
    two = observe(
        [
            {"lat": 48.0, "lon": 37.8, "error_m": 1000},
            {
                "lat": 48.0 + north,
                "lon": 37.8,
                "error_m": 1000,
                "at": NOON - timedelta(hours=hours),
            },
        ]
    )
    assert fused(two).incidents.num_rows == 2


def test_one_seismometer_hears_two_shots_as_two_incidents(observe, fused):
    shot = {"lat": 48.0, "lon": 37.8, "error_m": 4000, "source_kind": "seismic", "source": "array"}
    shots = [{**shot, "at": NOON + timedelta(seconds=60 * k)} for k in range(3)]
    assert fused(observe(shots)).incidents.num_rows == 3


def test_every_observation_has_an_incident_and_shares_sum_to_at_most_one(campaign, fused, homes):
    table, _, _, _ = campaign(3)
    fusion = fused(table)
    assert len(homes(fusion)) == table.num_rows
    sums: dict[str, float] = {}
    for row in fusion.members.to_pylist():
        assert 0.0 < row["probability"] <= 1.0
        sums[row["observation_id"]] = sums.get(row["observation_id"], 0.0) + row["probability"]
    assert max(sums.values()) <= 1.0 + 1e-9
    counted = int(np.sum(np.asarray(fusion.incidents["observations"])))
    assert counted == table.num_rows
    assert posterior.check(fusion.posterior) == []


def test_sizes_count_every_observation_once(campaign, fused):
    table, _, _, _ = campaign(4)
    sizes = fused(table).sizes
    assert sum(size * count for size, count in sizes.items()) == table.num_rows


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**16))
def test_the_order_of_arrival_changes_no_byte(campaign, seed):
    table, _, _, _ = campaign(5, incidents=60, false=20)
    order = np.random.default_rng(seed).permutation(table.num_rows)
    one, other = (fuse(rows, empty(EXPOSURES)) for rows in (table, table.take(pa.array(order))))
    for name in TABLES:
        assert getattr(one, name).equals(getattr(other, name)), name
    assert one.sizes == other.sizes


def test_the_number_of_threads_changes_no_byte(campaign):
    table, _, _, _ = campaign(6)
    before = numba.get_num_threads()
    numba.set_num_threads(1)
    try:
        alone = fuse(table, empty(EXPOSURES))
    finally:
        numba.set_num_threads(before)
    several = fuse(table, empty(EXPOSURES))
    for name in TABLES:
        assert getattr(alone, name).equals(getattr(several, name)), name


def test_a_mirrored_map_gives_mirrored_incidents_and_the_same_probabilities(campaign, fused, homes):
    table, _, _, _ = campaign(7)
    at = table.schema.get_field_index("lon")
    mirrored = table.set_column(at, "lon", pa.array(75.0 - np.asarray(table["lon"])))
    one, other = fused(table), fused(mirrored)
    assert homes(one) == homes(other)
    for name in ("p_real", "lat", "error_major_m"):
        before, after = (np.asarray(f.incidents.sort_by("incident_id")[name]) for f in (one, other))
        np.testing.assert_allclose(before, after, rtol=0, atol=1e-6)
    shares = [np.asarray(f.members["probability"]) for f in (one, other)]
    np.testing.assert_allclose(np.sort(shares[0]), np.sort(shares[1]), rtol=0, atol=1e-6)


def test_people_can_link_and_part_and_undoing_it_leaves_no_scar(observe, fused, homes):
    rows = observe(
        [
            {"lat": 48.0, "lon": 37.8, "error_m": 1000},
            {"lat": 48.0, "lon": 37.8, "error_m": 1000, "source_kind": "camera"},
            {"lat": 48.3, "lon": 37.8, "error_m": 1000},
            {
                "lat": 48.0,
                "lon": 37.8,
                "error_m": 9000,
                "is_date_only": True,
                "source_kind": "media",
            },
        ]
    )
    before = fused(rows)
    assert homes(before)["o00000"] == homes(before)["o00001"] != homes(before)["o00002"]
    decided = fused(
        rows,
        decisions=Decisions(
            linked=(("o00000", "o00002"),), parted=(("o00000", "o00001"), ("o00001", "o00003"))
        ),
    )
    told = homes(decided)
    assert told["o00000"] == told["o00002"] != told["o00001"]
    assert told["o00003"] != told["o00001"]
    after = fused(rows, decisions=Decisions())
    for name in TABLES:
        assert getattr(before, name).equals(getattr(after, name)), name


def test_a_decision_about_nothing_says_what_to_do(observe, fused):
    rows = observe([{"lat": 48.0, "lon": 37.8}, {"lat": 48.0, "lon": 37.8}])
    with pytest.raises(InputError, match="not among those fused"):
        fused(rows, decisions=Decisions(linked=(("o00000", "elsewhere"),)))
    pair = (("o00000", "o00001"),)
    with pytest.raises(InputError, match="both link and part"):
        fused(rows, decisions=Decisions(linked=pair, parted=pair))


def test_an_identifier_in_two_rows_is_refused(observe, fused):
    rows = observe([{"observation_id": "same"}, {"observation_id": "same"}, {}])
    with pytest.raises(InputError, match="same stands in more than one row"):
        fused(rows)


def test_an_observation_that_ends_before_it_begins_is_refused(observe, fused):
    rows = observe([{"ended": NOON - timedelta(hours=1)}])
    with pytest.raises(InputError, match="ends before it begins"):
        fused(rows)


@pytest.mark.parametrize("reports", [100, 500])
def test_a_storm_of_one_report_is_one_incident_however_small_the_cap(observe, reports):
    storm = [{"lat": 48.0, "lon": 37.8, "error_m": 500, "type": "mortar"}] * reports
    elsewhere = [{"lat": 48.3, "lon": 37.8, "error_m": 500, "type": "mortar"}] * reports
    for cap in (10, 48):
        fusion = fuse(
            observe(storm + elsewhere), empty(EXPOSURES), FusionParameters(component_cap=cap)
        )
        assert max(fusion.sizes) <= cap
        assert fusion.incidents["observations"].to_pylist() == [reports, reports]


def test_a_component_never_grows_past_its_cap_and_cuts_are_counted(observe):
    barrage = [
        {
            "lat": 48.0 + 0.002 * (k % 5),
            "lon": 37.8,
            "error_m": 3000,
            "at": NOON + timedelta(minutes=k),
            "source_kind": "patrol",
        }
        for k in range(40)
    ]
    fusion = fuse(observe(barrage), empty(EXPOSURES), FusionParameters(component_cap=10))
    assert max(fusion.sizes) <= 10
    assert fusion.cut > 0
    again = fuse(observe(barrage[::-1]), empty(EXPOSURES), FusionParameters(component_cap=10))
    assert again.cut == fusion.cut


def test_runner_up_decisions_are_kept_with_their_odds(observe, fused):
    close = observe(
        [
            {"lat": 48.0, "lon": 37.8, "error_m": 3000},
            {"lat": 48.02, "lon": 37.82, "error_m": 3000, "at": NOON + timedelta(minutes=5)},
            {"lat": 48.05, "lon": 37.9, "error_m": 3000, "at": NOON + timedelta(minutes=9)},
        ]
    )
    fusion = fused(close)
    kept = fusion.alternatives.to_pylist()
    assert {row["change"] for row in kept} & {"leave", "merge", "join"}
    assert {row["incident_id"] for row in kept} <= set(fusion.incidents["incident_id"].to_pylist())
    for row in kept:
        assert np.isfinite(row["log_odds"])
        if row["change"] == "merge":
            assert row["other_incident_id"] not in (None, row["incident_id"])
        else:
            assert row["observation_id"] is not None


def test_runner_ups_of_the_best_partition_never_gain(campaign, fused):
    table, _, _, _ = campaign(8)
    kept = fused(table).alternatives.to_pylist()
    assert kept
    assert all(row["log_odds"] <= 1e-6 for row in kept if row["change"] in ("leave", "merge"))


def test_a_root_in_letters_of_another_alphabet_is_no_second_voice(observe, fused):
    said = {"lat": 48.0, "lon": 37.8, "error_m": 1000, "source_kind": "patrol"}
    for other, voices in (("p\u0430trol\u200b 1", 1), ("patrol 2", 2)):
        names = ("patrol 1", other)
        (row,) = fused(
            observe([{**said, "source": n, "root": n} for n in names])
        ).incidents.to_pylist()
        assert (row["observations"], row["independent_roots"]) == (2, voices)


def test_a_copied_text_joins_but_is_no_second_voice(observe, fused):
    text = "Shelling of the Zhovtneve grain elevator, three garages burnt"
    said = {"lat": 48.0, "lon": 37.8, "error_m": 8000, "source_kind": "media", "text": text}
    fusion = fused(observe([said, {**said, "at": NOON + timedelta(hours=2)}]))
    row = fusion.incidents.to_pylist()[0]
    assert fusion.incidents.num_rows == 1
    assert (row["observations"], row["independent_roots"]) == (2, 1)


def test_text_without_coordinates_joins_by_its_words(observe, fused, homes):
    told = "Mortar rounds hit the Zhovtneve grain elevator"
    rows = observe(
        [
            {"lat": 48.0, "lon": 37.8, "error_m": 5000, "source_kind": "media", "text": told},
            {
                "lat": 48.6,
                "lon": 38.4,
                "error_m": 5000,
                "source_kind": "media",
                "text": "Rifle fire by the Vesele pond",
            },
            {
                "source_kind": "social",
                "text": "Zhovtneve: the grain elevator was hit, mortar rounds",
                "at": NOON + timedelta(minutes=50),
            },
        ]
    )
    told_of = homes(fused(rows))
    assert told_of["o00002"] == told_of["o00000"] != told_of["o00001"]


def test_a_town_with_two_namesakes_joins_the_one_where_something_was_heard(observe, fused, homes):
    def town(weight, lat):
        return {
            "weight": weight,
            "lat": lat,
            "lon": 37.8,
            "error_major_m": 4000.0,
            "error_minor_m": 4000.0,
            "error_azimuth_deg": 0.0,
        }

    rows = observe(
        [
            {"lat": 48.9, "lon": 37.8, "error_m": 2000, "source_kind": "seismic"},
            {
                "lat": 48.45,
                "lon": 37.8,
                "error_m": 120_000,
                "place_kind": "mixture",
                "components": [town(0.6, 48.0), town(0.4, 48.9)],
                "source_kind": "person",
                "at": NOON + timedelta(minutes=3),
            },
        ]
    )
    fusion = fused(rows)
    assert len(set(homes(fusion).values())) == 1
    assert abs(fusion.incidents["lat"][0].as_py() - 48.9) < 0.03


def test_nobody_said_where_gives_a_posterior_without_a_place(observe, fused):
    fusion = fused(observe([{"text": "explosions were heard", "source_kind": "social"}]))
    row = fusion.posterior.to_pylist()[0]
    assert row["lat"] is None
    assert row["weight"] == 1.0
    assert fusion.incidents["lat"][0].as_py() is None
