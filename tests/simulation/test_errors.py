"""Errors of observers: every density integrates to one, and every table of chances sums to one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.simulation.columns import Author, Posts, Sightings
from truceline.simulation.conformance import FROM_S, Plain, sample_deeds, sample_ground
from truceline.simulation.contract import Span
from truceline.simulation.errors import bearings, directions, hours, spot
from truceline.simulation.errors.authors import Claim, Voice
from truceline.simulation.errors.directions import Direction
from truceline.simulation.errors.gazetteer import Named
from truceline.simulation.errors.telling import DAY_S, blank
from truceline.simulation.looking import look
from truceline.simulation.observers import (
    acoustic,
    cameras,
    copying,
    party_claims,
    patrols,
    standing,
    uavs,
)
from truceline.simulation.observers.physics import VEHICLES
from truceline.simulation.world.deeds import Counter, make
from truceline.tables.posterior import TYPES

GROUND = sample_ground()
NOON_S = FROM_S + DAY_S / 2
FLOWN_M = 4_000.0
BY_END = [each.OBSERVER for each in (patrols, acoustic, cameras)]
BY_EFFECT = [(uavs.OBSERVER, 0.05), (party_claims.OBSERVER, 0.15)]
"""With the share of directions that each tells wrongly."""
TURNS = st.floats(0.0, 2 * np.pi)


def deed(rows: int):
    return sample_deeds(lambda _: np.random.default_rng(1)).take(np.zeros(rows, dtype=np.int64))


def post(rows: int, *, reach_m: float = 5_000.0, host: int = -1) -> Posts:
    return Posts(
        post=np.arange(rows),
        name=np.array(["post"] * rows, dtype=object),
        x_m=np.zeros(rows),
        y_m=np.zeros(rows),
        reach_m=np.full(rows, reach_m),
        host=np.full(rows, host),
        skill=np.ones(rows),
    )


def fire(rows: int, turn: float, *, kind="mortar", flown_m=FLOWN_M):
    """Deeds at noon that take effect so far from the guns, which are where the axes meet."""
    return make(
        Counter(), began_s=np.full(rows, NOON_S), x_m=flown_m * np.sin(turn),
        y_m=flown_m * np.cos(turn), origin_x_m=0.0, origin_y_m=0.0, type=TYPES.index(kind),
        energy_kg=5.0,
    )  # fmt: skip


def at(x_m, y_m, rows: int, **columns) -> Posts:
    """Posts at a place, or at places."""
    every = {f: getattr(post(rows, **columns), f) for f in Posts.__dataclass_fields__}
    return Posts(**{**every, "x_m": np.zeros(rows) + x_m, "y_m": np.zeros(rows) + y_m})


def told_of(observer, deeds, posts) -> Sightings:
    rng = np.random.default_rng(4)
    return observer.sees(dict(observer.numbers), deeds, posts, Plain(), GROUND, rng)


def told_place(told: Sightings, posts: Posts):
    """The spot, or where bearing and range lead from the post."""
    turn = np.deg2rad(told.bearing_deg)
    by_ear = np.isnan(told.x_m)
    return (
        np.where(by_ear, posts.x_m + told.range_m * np.sin(turn), told.x_m),
        np.where(by_ear, posts.y_m + told.range_m * np.cos(turn), told.y_m),
    )


def said(rows: int, **columns) -> Sightings:
    return Sightings(**{**blank(rows), **columns})


@pytest.mark.parametrize("family", spot.FAMILIES)
def test_a_spots_density_integrates_to_one(family):
    telling = spot.Spot(sigma_m=100.0, family=family)
    # Rings: most mass is near, and a few per cent lie far out in the wide families.
    edges = np.concatenate([[0.0], np.geomspace(1.0, 50_000.0, 4_000)])
    middle, area = (edges[1:] + edges[:-1]) / 2, np.pi * np.diff(edges**2)
    one = deed(len(middle))
    told = said(len(middle), x_m=one.x_m + middle, y_m=one.y_m)
    nats = telling.log_density(told, one, post(len(middle)), GROUND)
    assert np.sum(np.exp(nats) * area) == pytest.approx(1.0, abs=2e-3)


def test_an_invented_spot_lies_evenly_within_reach():
    rng = np.random.default_rng(1)
    telling = spot.Spot(sigma_m=100.0)
    told = blank(20_000)
    telling.invent(told, post(20_000), GROUND, rng)
    away = np.hypot(told["x_m"], told["y_m"])
    assert np.mean(away < 2_500.0) == pytest.approx(0.25, abs=0.02)
    nats = telling.log_invented(Sightings(**told), post(20_000), GROUND)
    assert np.exp(nats) == pytest.approx(1 / (np.pi * 5_000.0**2))


@pytest.mark.parametrize("family", hours.LATE_FAMILIES)
def test_a_delays_density_integrates_to_its_share(family):
    late = hours.Late(median_s=600.0, spread=0.8, family=family)
    edges = np.geomspace(0.01, 1e7, 20_000)
    middle = (edges[1:] + edges[:-1]) / 2
    mass = np.exp(late.log_density(middle)) * np.diff(edges)
    assert mass.sum() == pytest.approx(1.0, abs=1e-3)
    short = middle < 3_600.0
    assert mass[short].sum() == pytest.approx(
        float(late.share_until(np.array([3_600.0]))[0]), abs=2e-3
    )


def test_a_bare_date_has_the_chance_that_the_days_have():
    telling = hours.Published(
        late=hours.Late(median_s=3_600.0, spread=0.5), day_share=0.4, slip_share=0.3, sigma_s=600.0
    )
    one = deed(3)
    day = np.floor(one.began_s / DAY_S) * DAY_S + DAY_S * np.array([-1, 0, 1])
    late_s = np.full(3, one.began_s[0] + 90_000.0)  # the text appears the day after
    told = said(3, seen_from_s=day, seen_to_s=day + DAY_S, reported_s=late_s)
    nats = telling.log_density(told, one, post(3), GROUND)
    chance = np.exp(nats - telling.late.log_density(late_s - one.began_s))
    assert chance == pytest.approx([0.0, 0.4 * 0.7, 0.4 * 0.3])


def test_every_name_together_has_a_chance_of_one():
    places = len(GROUND.settlements)
    telling = Named(reach_m=5_000.0, slip_share=0.1)
    told = said(places, place=np.arange(places))
    assert np.exp(telling.log_density(told, deed(places), post(places), GROUND)).sum() == (
        pytest.approx(1.0)
    )
    assert np.exp(telling.log_invented(told, post(places), GROUND)).sum() == pytest.approx(1.0)


def test_every_outcome_together_has_a_chance_of_one_for_every_author_and_host():
    voice = Voice(right=0.3, wrong=0.05, blames_right=0.8, blames_wrong=0.3, denies=0.4, admits=0.1)
    table = Claim(voice=voice).table
    assert table.min() >= 0
    assert table.sum(axis=2) == pytest.approx(np.ones((len(Author), 3)))


def test_directions_together_have_a_chance_of_one():
    table = Direction(told_share=0.7, wrong_share=0.1)._table()
    assert table.sum(axis=1) == pytest.approx(np.ones(5))


def test_a_bearing_wound_round_the_circle_has_all_its_mass_on_it():
    turn = np.arange(0.0, 360.0, 0.05)
    assert np.exp(bearings.log_wrapped(turn - 350.0, 25.0)).sum() * 0.05 == pytest.approx(1.0)


@pytest.mark.parametrize("family", copying.FAMILIES)
def test_copies_match_their_density(family):
    """Two possible sources, each copied as often: P(the first | the copy) is what densities say."""
    rng = np.random.default_rng(3)
    numbers = {**copying.NUMBERS, "copying": float(copying.FAMILIES.index(family))}
    posts = post(6)
    posts = Posts(**{**{f: getattr(posts, f) for f in Posts.__dataclass_fields__},
                     "host": np.array([0, 1, -1, 0, 1, -1])})  # fmt: skip
    rows = 8_000
    first, other = (
        said(rows, post=np.full(rows, 2), type=np.full(rows, TYPES.index(kind)),
             claimed=np.full(rows, claimed), stance=np.full(rows, int(claimed >= 0)),
             seen_from_s=np.full(rows, FROM_S), seen_to_s=np.full(rows, FROM_S),
             reported_s=np.full(rows, FROM_S + late_s), language=np.zeros(rows, dtype=np.int64))
        for kind, claimed, late_s in (("artillery", 0, 900.0), ("mortar", -1, 2_700.0))
    )  # fmt: skip
    off = []
    for source, truth in ((first, 1.0), (other, 0.0)):
        copies = copying._copied(numbers, source, np.arange(rows), posts, rng)
        nats = [copying.log_density(numbers, copies, each, posts) for each in (first, other)]
        with np.errstate(over="ignore"):
            off.append(truth - 1 / (1 + np.exp(nats[1] - nats[0])))
    assert np.isfinite(off).all()
    mean, error = np.mean(off), np.std(off) / np.sqrt(2 * rows)
    assert abs(mean) <= 5 * error + 1e-9


def test_copies_name_the_row_that_they_repeat_and_come_after_it():
    rng = np.random.default_rng(5)
    first = said(300, post=np.zeros(300, dtype=np.int64), deed=np.arange(300),
                 reported_s=FROM_S + np.arange(300.0), seen_from_s=np.full(300, FROM_S),
                 seen_to_s=np.full(300, FROM_S), language=np.zeros(300, dtype=np.int64))  # fmt: skip
    every = copying.with_copies({**copying.NUMBERS, "copy_mean": 1.0}, first, post(4), rng)
    copies = np.flatnonzero(every.copied_from >= 0)
    assert len(every) > 500
    assert set(copies) == set(range(300, len(every)))
    source = every.copied_from[copies]
    assert np.any(source >= 300), "no copy of a copy"
    assert np.all(every.reported_s[copies] > every.reported_s[source])
    assert np.array_equal(every.deed[copies], every.deed[source])
    assert np.all(every.post[copies] != every.post[source])


def test_a_stated_error_follows_from_the_told_place_alone():
    telling = spot.Spot(sigma_m=50.0, per_m=0.02, stated=0.7)
    told = blank(500)
    telling.tell(told, deed(500), post(500), GROUND, np.random.default_rng(2))
    away = np.hypot(told["x_m"], told["y_m"])
    assert told["error_m"] == pytest.approx(0.7 * spot.SIGMAS_95 * (50.0 + 0.02 * away))


def test_a_tilt_takes_sight_from_one_side_and_its_mirror_from_the_other():
    host = np.array([0, 1, -1])
    left, right = (standing.skill_by_side({"tilt": tilt}, host) for tilt in (0.6, -0.6))
    assert left == pytest.approx([0.4, 1.0, 1.0])
    assert right == pytest.approx(left[[1, 0, 2]])


def test_a_drone_flies_by_day_and_where_it_says_that_it_is():
    numbers, posts = uavs.NUMBERS, post(2, reach_m=25_000.0)
    which, began_s, x_m, y_m = uavs.legs(numbers, posts, Plain(), FROM_S, FROM_S + 2 * DAY_S)
    assert set(which) == {0, 1}
    assert np.all(np.abs(began_s % DAY_S - DAY_S / 2) <= DAY_S / 4)
    at_x, at_y = uavs.above(numbers, posts.take(which), began_s + uavs.LEG_S / 2)
    assert np.array_equal(x_m, at_x)
    assert np.array_equal(y_m, at_y)
    assert len(uavs.legs(numbers, posts, Plain(out=True), FROM_S, FROM_S + DAY_S)[0]) == 0


@pytest.mark.parametrize("observer", BY_END, ids=lambda each: each.name)
@pytest.mark.parametrize("is_by_guns", [True, False])
@given(TURNS, TURNS, st.floats(0.0, 500.0))
@settings(max_examples=15, deadline=None)
def test_who_stands_by_one_end_of_fire_tells_of_that_end(observer, is_by_guns, turn, aside, off_m):
    rows = 400
    deeds = fire(rows, turn)
    ends = [(deeds.origin_x_m, deeds.origin_y_m), (deeds.x_m, deeds.y_m)]
    own, other = ends if is_by_guns else ends[::-1]
    posts = at(own[0] + off_m * np.sin(aside), own[1] + off_m * np.cos(aside), rows)
    told = told_of(observer, deeds, posts)
    x_m, y_m = told_place(told, posts)
    off_own, off_other = (np.hypot(x_m - end[0], y_m - end[1]) for end in (own, other))
    assert np.mean(off_own < off_other) > 0.95
    assert np.median(off_own) < 500.0
    way = told.direction[told.direction != directions.UNDETERMINED]
    assert len(way) > 100
    assert np.mean(way == (directions.OUTGOING if is_by_guns else directions.IMPACT)) > 0.75


@pytest.mark.parametrize(("observer", "wrong"), BY_EFFECT, ids=["uavs", "party_claims"])
@given(TURNS, st.floats(0.0, 1.0))
@settings(max_examples=15, deadline=None)
def test_who_looks_down_on_the_impact_calls_it_outgoing_by_error_alone(
    observer, wrong, turn, along
):
    """A drone's team may stand anywhere between both ends; a party stands nowhere."""
    rows = 2_000
    deeds = fire(rows, turn)
    stand = np.nan if observer is party_claims.OBSERVER else along
    posts = at(stand * deeds.x_m, stand * deeds.y_m, rows, reach_m=np.inf, host=0)
    told = told_of(observer, deeds, posts)
    way = told.direction[told.direction != directions.UNDETERMINED]
    assert set(way.tolist()) <= {directions.OUTGOING, directions.IMPACT}
    assert np.mean(way == directions.OUTGOING) == pytest.approx(wrong, abs=0.05)
    x_m, y_m = told_place(told, posts)
    assert np.mean(np.hypot(x_m - deeds.x_m, y_m - deeds.y_m)) < FLOWN_M / 2


@given(TURNS, st.floats(-6_000.0, 6_000.0), st.floats(-6_000.0, 6_000.0))
@settings(max_examples=60, deadline=None)
def test_what_drives_has_no_direction_of_fire_and_what_flies_by_is_in_transit(turn, x_m, y_m):
    """Whoever stands where; and both are told of where they were, not of where they set out."""
    way = Direction(told_share=1.0, wrong_share=0.0)
    flights = ("uav_overflight", "aircraft_overflight")
    for kind in (*VEHICLES, "maritime", *flights):
        deeds, posts = fire(1, turn, kind=kind), at(x_m, y_m, 1)
        wanted = directions.TRANSIT if kind in flights else directions.UNDETERMINED
        assert directions.true_direction(deeds, posts).tolist() == [wanted], kind
        told = blank(1)
        way.tell(told, deeds, posts, GROUND, np.random.default_rng(1))
        assert told["direction"].tolist() == [wanted], kind
        assert np.array_equal(directions.noticed_end(deeds, posts), (deeds.x_m, deeds.y_m)), kind


@pytest.mark.parametrize("observer", [*BY_END, uavs.OBSERVER], ids=lambda each: each.name)
@given(TURNS, TURNS, st.floats(200.0, 2_000.0), st.floats(3_000.0, 8_000.0), st.floats(1.5, 4.0))
@settings(max_examples=15, deadline=None)
def test_guns_within_reach_are_noticed_though_the_impact_is_beyond_it(
    observer, turn, aside, guns_m, reach_m, times
):
    """But not by a drone, which sees nothing of fire but where it strikes."""
    rows = 300
    posts = at(guns_m * np.sin(aside), guns_m * np.cos(aside), 1, reach_m=reach_m)
    deeds = fire(rows, turn, flown_m=guns_m + times * reach_m)
    assert np.all(np.hypot(deeds.x_m - posts.x_m, deeds.y_m - posts.y_m) > reach_m)
    numbers = {**observer.numbers, "false_per_day": 0.0}
    chance = observer.detects(numbers, deeds, posts.take(np.zeros(rows, int)), Plain())
    span = Span(number=0, from_s=FROM_S, to_s=FROM_S + DAY_S)
    seen = look(
        observer, numbers, deeds, posts, Plain(), GROUND, span, lambda _: np.random.default_rng(6)
    )
    assert np.all(chance > 0) == observer.by_end
    assert (len(seen) > 0) == observer.by_end
