"""Scores of incidents against hand examples, brute force and closed forms."""

import itertools
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import PCG64, Generator

from truceline.pipeline import scoring
from truceline.pipeline.matter import Labelled, are_outgoing, true_incidents
from truceline.pipeline.sealed import Sealed
from truceline.simulation.scoring.acts import true_act_of
from truceline.simulation.scoring.bulletin import Bulletin, compare, overlap
from truceline.simulation.scoring.incidents import ToldIncidents, TrueIncidents, score_incidents
from truceline.simulation.scoring.matching import match, pair_off
from truceline.simulation.scoring.partition import Shares, agreement, labelled
from truceline.simulation.scoring.regions import Places, regions
from truceline.tables.posterior import POSTERIOR, TYPES
from truceline.tables.schemas import from_columns


def rng(seed=1):
    return Generator(PCG64(seed))


def scores(true, shares):
    true = np.asarray(true)
    return agreement(true, shares, np.arange(true.size), rng())


def test_b_cubed_of_the_textbook_example():
    """Bagga and Baldwin 1998: seven things, clusters (1..5), (6, 7), (8..12); two merged wrongly."""
    true = np.repeat([0, 1, 2], [5, 2, 5])
    first = np.repeat([0, 1, 1], [5, 2, 5])
    second = np.repeat([0, 1, 0], [5, 2, 5])
    assert scores(true, labelled(first)).bcubed_precision.value == pytest.approx(0.7619, abs=1e-4)
    assert scores(true, labelled(second)).bcubed_precision.value == pytest.approx(0.5833, abs=1e-4)
    assert scores(true, labelled(first)).bcubed_recall.value == 1.0


@given(st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 4)), min_size=2, max_size=25))
@settings(max_examples=80, deadline=None)
def test_scores_are_those_of_counting_every_pair(rows):
    true, label = (np.array(side) for side in zip(*rows, strict=True))
    alike = [
        (true[i] == true[j] >= 0, label[i] == label[j] >= 0)
        for i, j in itertools.combinations(range(true.size), 2)
    ]
    right = sum(t and c for t, c in alike)
    made, there = sum(c for _, c in alike), sum(t for t, _ in alike)
    found = scores(true, labelled(label))
    if made + there:
        assert found.pair_f1.value == pytest.approx(2 * right / (made + there))

    def cluster(side, i):
        return {i} if side[i] < 0 else set(np.flatnonzero(side == side[i]).tolist())

    parts = [(cluster(true, i), cluster(label, i)) for i in range(true.size)]
    precision = np.mean([len(t & c) / len(c) for t, c in parts])
    assert found.bcubed_precision.value == pytest.approx(precision)
    assert found.bcubed_recall.value == pytest.approx(
        np.mean([len(t & c) / len(t) for t, c in parts])
    )


def test_a_soft_report_counts_as_the_mean_of_its_two_worlds():
    """One report is in the incident with probability 0.7: pairs are those of both worlds, weighed."""
    true = np.array([0, 0, 0])
    soft = Shares(
        rows=3, row=np.arange(3), incident=np.zeros(3, int), probability=np.array([1.0, 1.0, 0.7])
    )
    found = scores(true, soft)
    assert found.pair_recall.value == pytest.approx((0.7 * 3 + 0.3 * 1) / 3)
    assert found.pair_precision.value == 1.0
    assert found.bcubed_recall.value == pytest.approx(0.7 * 1 + 0.3 * (2 / 3 + 2 / 3 + 1 / 3) / 3)


def test_a_report_that_is_likelier_alone_has_no_home():
    soft = Shares(
        rows=1, row=np.zeros(2, int), incident=np.arange(2), probability=np.array([0.3, 0.2])
    )
    assert soft.homes().tolist() == [-1]


@given(st.lists(st.tuples(st.integers(-1, 5), st.integers(-1, 5)), min_size=1, max_size=40))
@settings(max_examples=80, deadline=None)
def test_the_match_is_the_assignment_of_greatest_weight(rows):
    from scipy.optimize import linear_sum_assignment

    true, home = (np.array(side) for side in zip(*rows, strict=True))
    shared = np.array([[np.sum((true == t) & (home == h)) for h in range(6)] for t in range(6)])
    size = np.array([np.sum(true == t) for t in range(6)])
    weight = np.where(2 * shared > size[:, None], shared, 0)
    best = weight[linear_sum_assignment(-weight)].sum()
    found = match(true, home, 6, np.ones(6, bool))
    pairs = [(t, h) for t, h in enumerate(found) if h >= 0]
    assert len({h for _, h in pairs}) == len(pairs)
    assert sum(weight[t, h] for t, h in pairs) == best


def test_what_may_not_match_stands_for_nothing():
    true = np.array([0, 0])
    assert match(true, true, 1, np.array([False])).tolist() == [-1]


def test_pairs_are_taken_best_first_and_once():
    one, other = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    assert pair_off(one, other, np.array([5.0, 4.0, 4.5, 1.0])).tolist() == [0, 3]


def test_two_acts_of_one_incident_go_to_the_true_acts_of_their_types():
    acts = pa.table({"incident_id": ["i", "i", "j"], "type": ["mortar", "uav_attack", "mortar"]})
    types = pa.array(["uav_attack", "mortar", "mlrs"])
    home = np.array([0, 0, 0, 0, 1, -1])
    true = np.array([0, 0, 1, 1, 1, 2])
    # The mortar of `i` and that of `j` are one true act: it goes to who holds more of its sightings.
    assert true_act_of(home, true, acts, pa.array(["i", "j"]), types).tolist() == [1, 0, -1]


def gaussians(east, weight=None, spread=1000.0):
    count = len(east)
    return Places(
        incident=np.zeros(count, int),
        weight=np.full(count, 1 / count) if weight is None else np.array(weight),
        east_m=np.array(east, float),
        north_m=np.zeros(count),
        var_east_m2=np.full(count, spread**2),
        cov_m2=np.full(count, 0.3 * spread**2),
        var_north_m2=np.full(count, spread**2),
    )


def test_a_mixture_of_one_gaussian_with_itself_is_that_gaussian():
    one, two = regions(gaussians([2000]), 1), regions(gaussians([2000, 2000]), 1)
    assert two.mass[0] == pytest.approx(one.mass[0], abs=0.02)
    assert two.area_km2[0] == pytest.approx(one.area_km2[0], rel=0.05)


def test_two_far_apart_need_twice_the_ground():
    one, two = regions(gaussians([0]), 1), regions(gaussians([0, 90_000]), 1)
    assert two.area_km2[0] == pytest.approx(2 * one.area_km2[0], rel=0.05)


def test_the_level_at_the_truth_is_uniform_when_the_posterior_is_right():
    """Truth drawn from the stated mixture lies in the 50 % region half the time, in the 90 % in 90."""
    chance = rng(2)
    count = 2000
    middle = chance.normal(0, 4000, (count, 2, 2))
    pick = chance.random(count) < 0.3
    truth = np.where(pick[:, None], middle[:, 0], middle[:, 1]) + chance.normal(0, 1000, (count, 2))
    offset = (middle - truth[:, None]).reshape(-1, 2)
    flat = np.full(2 * count, 1e6)
    told = Places(
        incident=np.repeat(np.arange(count), 2), weight=np.tile([0.3, 0.7], count),
        east_m=offset[:, 0], north_m=offset[:, 1],
        var_east_m2=flat, cov_m2=0 * flat, var_north_m2=flat,
    )  # fmt: skip
    mass = regions(told, count).mass
    for level in (0.5, 0.9, 0.99):
        assert np.mean(mass <= level) == pytest.approx(level, abs=0.03)


@pytest.mark.parametrize(("distance", "touches"), [(2999.0, True), (3001.0, False)])
def test_two_ellipses_touch_where_their_edges_meet(distance, touches):
    """Long axes of 2 km and of 1 km on one line meet at 3 km."""
    one = np.array([[2000.0**2, 0.0, 500.0**2]])
    other = np.array([[1000.0**2, 0.0, 700.0**2]])
    assert bool(overlap(one, other, np.array([[distance, 0.0]]))[0]) is touches


def test_bulletins_are_compared_event_by_event():
    places = {
        "lat": [48.0, 48.0, 49.0], "lon": [37.0, 37.5, 37.0],
        "error_major_m": [2000.0] * 3, "error_minor_m": [2000.0] * 3, "error_azimuth_deg": [0.0] * 3,
    }  # fmt: skip
    moved = {**places, "lat": [48.01, 48.5, 49.0]}
    own = Bulletin(
        home=np.array([0, 0, 1, 1, 2]), stated=np.ones(3, bool), incidents=pa.table(places)
    )
    reference = Bulletin(
        home=np.array([0, 0, 1, 1, -1]),
        stated=np.array([True, True, False]),
        incidents=pa.table(moved),
    )
    found = compare(own, reference)
    assert (found.reference, found.stated, found.matched, found.false) == (2, 3, 2, 1)
    assert (found.overlapping, found.placed) == (1, 2)  # 1 km apart, and 55 km apart


@pytest.mark.parametrize(("own_out", "other_out", "placed"), [
    (None, None, 2), ([True, False], None, 1), ([True, False], [True, False], 2), ([False, False], None, 2),
])  # fmt: skip
def test_ellipses_of_two_ends_of_one_fire_are_not_held_against_each_other(
    own_out, other_out, placed
):
    """The guns and what they hit lie apart, and neither bulletin errs; one end told by both is compared."""
    places = pa.table({
        "lat": [48.0, 48.0], "lon": [37.0, 37.5],
        "error_major_m": [2000.0] * 2, "error_minor_m": [2000.0] * 2, "error_azimuth_deg": [0.0] * 2,
    })  # fmt: skip

    def bulletin(is_outgoing):
        flags = None if is_outgoing is None else np.array(is_outgoing)
        home = np.array([0, 0, 1, 1])
        return Bulletin(home=home, stated=np.ones(2, bool), incidents=places, is_outgoing=flags)

    found = compare(bulletin(own_out), bulletin(other_out))
    assert (found.matched, found.placed, found.overlapping) == (2, placed, placed)


def truth(of, campaign=None, is_incident=None):
    of = np.array(of)
    count = int(of.max()) + 1
    return TrueIncidents(
        of=of,
        is_copy=np.zeros(of.size, bool),
        campaign=np.arange(count) if campaign is None else np.array(campaign),
        is_incident=np.ones(count, bool) if is_incident is None else np.array(is_incident),
        lat=np.full(count, 48.0),
        lon=np.full(count, 37.0),
        began_s=np.zeros(count),
        ended_s=np.zeros(count),
    )


def test_false_events_are_told_by_what_they_are():
    true = truth([0, 0, 1, 1, 2, 2, -1, -1], is_incident=[True, True, False])
    told = labelled(np.array([0, 0, 1, 2, 3, 3, 4, 4]))
    found = score_incidents(true, ToldIncidents(shares=told, p_real=np.full(5, 0.9)), rng()).found
    assert found.rate.value == 0.5  # the second is in halves, and nobody holds most of it
    assert (found.of_nothing, found.fragments, found.others) == (1, 2, 1)
    assert found.false_per_true.value == 4 / 2
    assert found.sighted == 2


def test_below_one_half_an_incident_is_neither_found_nor_false():
    true = truth([0, 0, -1])
    told = ToldIncidents(shares=labelled(np.array([0, 0, 1])), p_real=np.array([0.4, 0.4]))
    found = score_incidents(true, told, rng()).found
    assert (found.rate.value, found.false_per_true.value, found.stated) == (0.0, 0.0, 0)


def test_copies_alone_are_no_second_sighting():
    true = truth([0, 0, 1, 1])
    true = TrueIncidents(
        **{
            name: getattr(true, name)
            for name in TrueIncidents.__dataclass_fields__
            if name != "is_copy"
        },
        is_copy=np.array([False, True, False, False]),
    )
    told = ToldIncidents(shares=labelled(np.array([0, 1, 2, 2])), p_real=np.ones(3))
    found = score_incidents(true, told, rng()).found
    assert (found.rate.value, found.rate_two.value) == (0.5, 1.0)


def stated_at(ids, lat, lon=37.0, var_m2=1e10):
    """One round Gaussian for each incident, in the schema of posteriors."""
    count = len(ids)
    columns = {
        "incident_id": ids, "component": 0, "weight": 1.0, "lat": np.broadcast_to(lat, count), "lon": lon,
        "var_east_m2": var_m2, "cov_en_m2": 0.0, "var_north_m2": var_m2,
        "began": pa.array([0] * count, pa.timestamp("us", "UTC")),
        "ended": pa.array([60_000_000] * count, pa.timestamp("us", "UTC")),
        "type_log_p": pa.array([[-np.log(len(TYPES))] * len(TYPES)] * count, pa.list_(pa.float32(), len(TYPES))),
        "pruned_mass": 0.0,
    }  # fmt: skip
    return from_columns(POSTERIOR, columns, count)


def test_coverage_and_area_come_with_each_other():
    """A place stated a hundred times too wide covers, and its area says so."""
    ids = pa.array(["i"])
    told = ToldIncidents(
        shares=labelled(np.array([0, 0])),
        p_real=np.array([0.9]),
        ids=ids,
        posterior=stated_at(ids, 48.001),
    )
    placed = score_incidents(truth([0, 0]), told, rng()).placed
    assert placed.coverage[0.5].value == 1.0
    assert placed.area_km2[0.9] == pytest.approx(np.pi * 1e4 * 2 * np.log(10), rel=1e-6)
    assert placed.miss_m == pytest.approx(111.19, abs=0.1)
    assert (placed.within_s.value, placed.interval_s, placed.late_s) == (1.0, 60.0, 0.0)


def ends(**changes):
    """Two happenings at 48 degrees that were fired from 48.1, each seen twice, and their labelling."""
    true = replace(truth([0, 0, 1, 1]), fired_lat=np.full(2, 48.1), fired_lon=np.full(2, 37.0))
    ids = pa.array(["i", "j"])
    told = ToldIncidents(
        shares=labelled(np.array([0, 0, 1, 1])),
        p_real=np.ones(2),
        ids=ids,
        posterior=stated_at(ids, changes.pop("lat"), var_m2=1e4),
        is_outgoing=np.array([True, False]),
    )
    return replace(true, **changes), told


def test_a_place_told_as_outgoing_is_held_against_the_guns_and_any_other_against_the_impact():
    true, told = ends(lat=[48.1, 48.0])
    placed = score_incidents(true, told, rng()).placed
    assert (placed.miss_m, placed.coverage[0.5].value, placed.placed) == (0.0, 1.0, 2)
    true, told = ends(lat=[48.0, 48.1])  # each at the wrong end, 11 km off
    placed = score_incidents(true, told, rng()).placed
    assert placed.miss_m == pytest.approx(11_119, abs=20)
    assert placed.coverage[0.99].value == 0.0


def test_who_states_no_direction_is_held_against_the_impact():
    true, told = ends(lat=[48.0, 48.0])
    assert score_incidents(true, replace(told, is_outgoing=None), rng()).placed.miss_m == 0.0


@pytest.mark.parametrize("unknown", [None, np.full(2, np.nan)])
def test_guns_that_the_truth_does_not_know_are_not_scored(unknown):
    true, told = ends(lat=[48.1, 48.0], fired_lat=unknown, fired_lon=unknown)
    placed = score_incidents(true, told, rng()).placed
    assert (placed.miss_m, placed.placed) == (0.0, 1)


def test_an_incident_is_told_by_its_guns_where_all_its_acts_are_outgoing():
    acts = pa.table({
        "incident_id": ["i", "j", "j", "k", "l", "x"],
        "direction": ["outgoing", "outgoing", "transit", "incoming", None, "outgoing"],
    })  # fmt: skip
    ids = pa.array(["m", "l", "k", "j", "i"])
    assert are_outgoing(acts, ids).tolist() == [False, False, False, False, True]
    assert are_outgoing(acts.drop_columns("direction"), ids) is None
    assert are_outgoing(None, ids) is None


def texts(**columns):
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})


BEGAN = "2025-04-19T19:00:00Z"
SEALED = Sealed(
    incidents=texts(
        incident_id=["i", "j", "k"], began=[BEGAN] * 3, ended=[BEGAN] * 3, lat=["48.0", "48.5", "49.0"],
        lon=["37.0"] * 3, campaign=[""] * 3, is_incident=["true"] * 3,
    ),
    acts=texts(
        act_id=["c", "a", "b", "o", "f"], incident_id=["i", "i", "i", "", "k"],
        began=["2025-04-19T18:59:00Z", BEGAN, BEGAN, BEGAN, BEGAN],
        lat=["48.0", "48.1", "48.0", "48.0", "49.0"], lon=["37.0"] * 5,
        type=["mortar", "mortar", "artillery", "mortar", "uav_overflight"],
        origin_lat=["48.7", "48.8", "48.2", "48.9", "48.4"], origin_lon=["36.7", "36.8", "36.2", "36.9", "36.4"],
    ),
    members=texts(
        observation_id=["1", "2"], incident_id=["i", "i"], act_id=["b", "a"], copied_from=["", ""],
    ),
    responsibility=texts(act_id=[]), verdicts=texts(act_id=[]), duties=texts(act_id=[]),
)  # fmt: skip
"""Act `b` leads incident `i`, as it is when and where the incident is; nothing is known of `j`; `k` flies."""
SIGHTED = Labelled(
    observation_id=pa.array(["1", "2"]), member=np.arange(2), not_taken=0, of_other_kind=0, unlabelled=0
)  # fmt: skip


def test_the_guns_of_an_incident_are_those_of_the_act_that_leads_it():
    found = true_incidents(SEALED, SIGHTED)
    assert found.fired_lat == pytest.approx([48.2, np.nan, 49.0], nan_ok=True)
    assert found.fired_lon == pytest.approx([36.2, np.nan, 37.0], nan_ok=True)


def test_guns_stay_known_where_nobody_asked_saw_the_act_that_leads():
    whole = scoring.Case(
        title="", agreement=None, sealed=SEALED, tables={}, labelled=SIGHTED,
        true=true_incidents(SEALED, SIGHTED),
    )  # fmt: skip
    part = scoring.narrowed(whole, pa.array(["2"]))
    assert part.sealed.acts["act_id"].to_pylist() == ["a"]
    assert (part.true.of.tolist(), part.true.fired_lat[0]) == ([0], 48.2)


def test_the_acts_of_a_run_say_which_of_its_incidents_go_out():
    case = SimpleNamespace(labelled=SIGHTED)
    tables = {
        "incidents": pa.table({"incident_id": ["p", "q"], "p_real": [1.0, 1.0]}),
        "members": pa.table({"observation_id": ["1"], "incident_id": ["p"], "probability": [1.0]}),
        "acts": pa.table({"incident_id": ["q", "p"], "direction": ["outgoing", "impact"]}),
    }
    assert scoring.told_incidents(case, tables).is_outgoing.tolist() == [False, True]


def test_a_million_observations_are_scored_in_one_go():
    """Not a timing: it must not fall over, and a perfect labelling must be perfect."""
    of = np.repeat(np.arange(300_000), 3)
    told = ToldIncidents(shares=labelled(of), p_real=np.full(300_000, 0.99))
    found = score_incidents(truth(of, campaign=np.arange(300_000) // 30), told, rng())
    assert found.hard.pair_f1.value == found.soft.bcubed.value == found.found.rate.value == 1.0
