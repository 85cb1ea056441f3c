"""Errors of observers: every density integrates to one, and every table of chances sums to one."""

import numpy as np
import pytest

from truceline.simulation.columns import Author, Posts, Sightings
from truceline.simulation.conformance import FROM_S, Plain, sample_deeds, sample_ground
from truceline.simulation.errors import bearings, hours, spot
from truceline.simulation.errors.authors import Claim, Voice
from truceline.simulation.errors.directions import Direction
from truceline.simulation.errors.gazetteer import Named
from truceline.simulation.errors.telling import DAY_S, blank
from truceline.simulation.observers import copying, standing, uavs
from truceline.tables.posterior import TYPES

GROUND = sample_ground()


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
