"""What happens in a simulated truce is what its numbers say, and both sides follow the same rules."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from made import small

from truceline.pipeline.desks import desks_of, world_of
from truceline.simulation import scenario as scenarios
from truceline.simulation.columns import Author, Nature
from truceline.simulation.errors.gazetteer import nearest
from truceline.simulation.looking import is_near, look
from truceline.simulation.observers.standing import along_line
from truceline.simulation.world.deeds import joined
from truceline.simulation.world.ground import distance_to_line_m, inside, plain, signed_distance_m
from truceline.simulation.world.truce import spans
from truceline.tables.posterior import TYPES


def lived(scenario, *, seed=1, scale=1.0):
    truce, _ = world_of(scenario, seed=seed, scale=scale)
    return truce, joined([truce.deeds(span) for span in spans(scenario)])


@pytest.fixture(scope="module")
def fortnight():
    """Two busy weeks: enough deeds for rates."""
    busy = small(intensity="{first_per_day: 120, branching: 0.4}", commanders="{p_error: 0.2}")
    return lived(replace(busy, to_s=busy.from_s + 14 * 86_400))


def test_every_deed_has_a_number_of_its_own_and_spans_come_in_order(fortnight):
    _, deeds = fortnight
    assert len(np.unique(deeds.deed)) == len(deeds)
    assert np.isin(deeds.happening, deeds.deed).all()
    assert (np.diff(deeds.began_s) >= 0).all()


def test_an_answer_comes_later_from_the_other_side_and_lands_where_the_fire_came_from(fortnight):
    _, deeds = fortnight
    number = {int(d): row for row, d in enumerate(deeds.deed)}
    rows = [
        r
        for r in np.flatnonzero(deeds.nature == Nature.RESPONSE)
        if int(deeds.answers[r]) in number
    ]
    first = np.array([number[int(deeds.answers[r])] for r in rows])
    rows = np.array(rows)
    direct = deeds.nature[first] != Nature.RESPONSE
    assert direct.sum() > 200
    assert (deeds.began_s[rows] > deeds.began_s[first]).all()
    assert (deeds.author[rows] == 1 - deeds.author[first])[deeds.author[rows] < 2].mean() > 0.9
    off_m = np.hypot(
        deeds.x_m[rows] - deeds.origin_x_m[first], deeds.y_m[rows] - deeds.origin_y_m[first]
    )
    assert 500 < np.median(off_m) < 1_500


def test_both_sides_fire_as_often_and_across_the_line(fortnight):
    truce, deeds = fortnight
    fired = deeds.take((deeds.nature <= int(Nature.RESPONSE)) & (deeds.author <= int(Author.B)))
    share = (fired.author == int(Author.A)).mean()
    campaigns = len(np.unique(fired.campaign))
    assert abs(share - 0.5) < 4 * 0.5 / np.sqrt(
        campaigns
    )  # deeds of a campaign are not independent
    own = signed_distance_m(truce.ground, fired.origin_x_m, fired.origin_y_m)
    own = np.where(fired.author == int(Author.A), own, -own)
    assert (own > 0).mean() > 0.97  # bends of the line may cut a corner


def test_a_cluster_has_the_size_that_its_branching_gives(fortnight):
    """Without answers a cluster has 1 / (1 - branching) deeds on average (Hawkes and Oakes 1974)."""
    quiet = small(
        intensity="{first_per_day: 200, branching: 0.5}",
        commanders="{p_answer: 0, p_answer_an_answer: 0, p_error: 0, joint_share: 0}",
    )
    _, deeds = lived(replace(quiet, to_s=quiet.from_s + 14 * 86_400))
    fired = deeds.take((deeds.nature == int(Nature.HOSTILE)) & (deeds.author <= int(Author.B)))
    sizes = np.unique(fired.campaign, return_counts=True)[1]
    spread = np.sqrt(0.5 / 0.5**3 / len(sizes))  # Borel: variance b / (1 - b)^3
    assert len(sizes) > 2_000
    assert abs(sizes.mean() - 2.0) < 4 * spread + 0.02  # clusters end with the truce


def test_scale_multiplies_what_happens():
    counts = [
        len(lived(replace(small(), to_s=small().from_s + 7 * 86_400), scale=s)[1])
        for s in (1.0, 4.0)
    ]
    assert 3.2 < counts[1] / counts[0] < 4.9


def test_what_waits_for_its_span_stays_little(fortnight):
    busy = small(intensity="{first_per_day: 120}")
    scenario = replace(busy, to_s=busy.from_s + 28 * 86_400)
    truce, _ = world_of(scenario, seed=1, scale=1.0)
    waiting = []
    for span in spans(scenario):
        truce.deeds(span)
        waiting.append(len(truce.pending))
    assert max(waiting) < 100
    assert np.mean(waiting[14:]) < 3 * np.mean(waiting[:14]) + 5


def test_a_notice_covers_only_its_own_hours(fortnight):
    truce, deeds = fortnight
    held = deeds.take(deeds.nature == int(Nature.EXERCISE))
    assert 0 < held.is_notified.sum() < len(held)
    for one in held.take(held.is_notified).began_s:
        covers = truce.planned.in_time & (truce.planned.from_s <= one) & (one < truce.planned.to_s)
        assert covers.any()
    assert not deeds.is_notified[deeds.nature != int(Nature.EXERCISE)].any()


def test_in_the_blind_week_violence_does_not_fall_and_sight_does():
    blind = scenarios.load("blind-week")
    world = {key: value for key, value in blind.world.items() if key != "weather"}
    clear = replace(blind, world=world)
    _, deeds = lived(blind)
    _, same = lived(clear)
    against_the_mission = deeds.nature == int(Nature.OBSTRUCTION)
    assert against_the_mission.any()
    deeds = deeds.take(~against_the_mission)
    assert np.array_equal(deeds.began_s, same.began_s)
    assert np.array_equal(deeds.x_m, same.x_m)
    seen = []
    for scenario in (blind, clear):
        truce, streams = world_of(scenario, seed=1, scale=1.0)
        desk = desks_of(truce, streams, ("patrols",), 1.0)[0]
        by_span = [
            look(desk.observer, desk.numbers, truce.deeds(s), desk.posts, truce.conditions, truce.ground, s, streams)
            for s in spans(scenario)
        ]  # fmt: skip
        seen.append(np.array([len(said) for said in by_span]))
    second = slice(7, 14)
    share = seen[0][second].sum() / seen[1][second].sum()
    assert 0.3 < share < 0.75
    outside = (
        np.delete(seen[0], np.arange(7, 14)).sum() / np.delete(seen[1], np.arange(7, 14)).sum()
    )
    assert outside > 0.85


def test_the_line_passes_by_places_with_names(fortnight):
    truce, _ = fortnight
    line_m = truce.ground.line_m
    assert (np.diff(line_m[:, 0]) > 0).all()
    _, away_m = nearest(truce.ground.settlements, line_m[1:-1, 0], line_m[1:-1, 1])
    assert away_m[:, 0].max() < 1_600.0
    assert np.diff(line_m[:, 0]).mean() < 12_000.0


def test_most_fire_breaks_out_about_places_with_names_as_its_law_says(fortnight):
    truce, _ = fortnight
    spots, places = truce.spots, truce.ground.settlements
    hot_m = spots.x_m[spots.spread_m == spots.spread_m.min()]
    assert len(hot_m) == 8
    assert np.isin(hot_m, places.x_m).all()
    by_name = np.flatnonzero(np.isin(places.x_m, hot_m))
    away_m = distance_to_line_m(truce.ground.line_m, places.x_m[by_name], places.y_m[by_name])
    assert away_m.max() <= 8_000.0
    edges_m = np.linspace(*spots.ends_m, 31)
    drawn, _ = np.histogram(spots.draw(40_000, np.random.default_rng(2)), edges_m)
    fine_m = np.linspace(*spots.ends_m, 3_001)
    middle_m = (fine_m[1:] + fine_m[:-1]) / 2
    law = (spots.density(middle_m) * np.diff(fine_m)).reshape(30, 100).sum(axis=1)
    assert law.sum() == pytest.approx(1.0, abs=1e-3)
    assert np.abs(drawn / 40_000 - law).max() < 0.008  # four deviations of a share of 5 %


def test_names_are_near_to_what_happens(fortnight):
    truce, deeds = fortnight
    fired = deeds.take(np.isin(deeds.nature, [Nature.HOSTILE, Nature.RESPONSE]))
    _, away_m = nearest(truce.ground.settlements, fired.x_m, fired.y_m)
    assert np.median(away_m[:, 0]) < 3_500.0
    assert np.quantile(away_m[:, 0], 0.95) < 8_000.0


def test_stretches_without_sight_are_those_in_which_posts_are_out():
    truce, streams = world_of(scenarios.load("blind-week"), seed=1, scale=1.0)
    desks_of(truce, streams, ("patrols",), 1.0)
    scenario, rng = truce.scenario, np.random.default_rng(5)
    post, from_s, to_s = truce.conditions.outages("patrols", 12, scenario.from_s, scenario.to_s)
    assert len(post) > 20
    who, at_s = rng.integers(0, 12, 2_000), rng.uniform(scenario.from_s, scenario.to_s, 2_000)
    listed = np.array(
        [((post == w) & (from_s <= t) & (t < to_s)).any() for w, t in zip(who, at_s, strict=True)]
    )
    assert np.array_equal(truce.conditions.is_out("patrols", who, at_s), listed)


def test_one_sided_access_keeps_out_on_one_side_and_mirrors():
    one = scenarios.load("one-sided-access")
    truce, streams = world_of(one, seed=1, scale=1.0)
    desk = desks_of(truce, streams, ("patrols",), 1.0)[0]
    post, *_ = truce.conditions.outages("patrols", len(desk.posts), one.from_s, one.to_s)
    assert set(desk.posts.host[post].tolist()) == {1}
    _, deeds = lived(one)
    denied = deeds.take(deeds.type == TYPES.index("monitor_access_denied"))
    assert len(denied) > 50
    assert set(denied.author.tolist()) == {int(Author.B)}  # who holds the ground keeps them out


def test_the_collapse_has_the_numbers_that_it_names():
    """A year of 93,902 violations, a day of 515 explosions and 240 in 35 minutes, over 24 seeds."""
    scenario = scenarios.load("sudden-collapse")
    short = replace(scenario, to_s=scenario.from_s + 11 * 86_400)
    storm_s = scenario.from_s + 10 * 86_400 + 13 * 3_600
    small_arms = [TYPES.index("small_arms_fire"), TYPES.index("sniper_fire")]
    found = []
    for seed in range(24):
        _, deeds = lived(short, seed=seed)
        fired = deeds.take(
            np.isin(deeds.nature, [Nature.HOSTILE, Nature.RESPONSE, Nature.UNIT_ERROR])
        )
        is_blast = ~np.isin(fired.type, small_arms)
        day = (fired.began_s - scenario.from_s) // 86_400
        after_s = fired.began_s - storm_s
        found.append([
            fired.rounds[day < 10].sum() * 36.5,
            fired.rounds[is_blast & (day == 10)].sum(),
            fired.rounds[is_blast & (after_s >= 0) & (after_s < 35 * 60)].sum(),
        ])  # fmt: skip
    year, worst_day, storm = np.mean(found, axis=0)
    assert year == pytest.approx(93_902, rel=0.15)
    assert worst_day == pytest.approx(515, rel=0.15)
    assert storm == pytest.approx(240, rel=0.15)


def test_weapons_stand_at_one_site_at_a_time_and_none_is_lost():
    scenario = scenarios.load("slow-erosion")
    truce, _ = world_of(scenario, seed=4, scale=1.0)
    stays = truce.stocks.stays
    everybody = {serial for stay in stays for serial in stay.serials}
    assert len(everybody) == 2 * (44 + 18)
    assert len({(s.site.name, s.from_s) for s in stays}) > 20
    for serial in sorted(everybody):
        own = sorted((s.from_s, s.to_s) for s in stays if serial in s.serials)
        assert all(before[1] <= after[0] for before, after in pairwise(own))
        assert own[0][0] == scenario.from_s
        assert own[-1][1] == scenario.to_s


def test_zones_lie_where_they_are_said_to():
    truce, _ = world_of(scenarios.load("quiet-week"), seed=1, scale=1.0)
    ground = truce.ground
    for name, ring in ground.zones_m.items():
        middle = ring.mean(axis=0)
        off_m = float(signed_distance_m(ground, middle[:1], middle[1:])[0])
        if name.startswith("range-a"):
            assert off_m > 15_000
        if name.startswith("range-b"):
            assert off_m < -15_000
        if name.startswith("disengagement"):
            assert abs(off_m) < 1_000
            assert inside(ring, middle[:1], middle[1:])[0]


def test_the_nearest_leg_and_the_crossed_edges_are_those_of_all():
    rng = np.random.default_rng(9)
    line_m = np.cumsum(rng.uniform([0.0, -4_000.0], [5_000.0, 4_000.0], (30, 2)), axis=0)
    x_m, y_m = rng.uniform(-20_000.0, 100_000.0, (2, 400))
    first, along = line_m[:-1], np.diff(line_m, axis=0)
    off = np.stack([x_m, y_m], axis=1)[:, None] - first
    share = np.clip((off * along).sum(axis=2) / (along**2).sum(axis=1), 0.0, 1.0)
    away_m = np.linalg.norm(off - share[:, :, None] * along, axis=2).min(axis=1)
    for line in (line_m, line_m[::-1]):
        np.testing.assert_allclose(distance_to_line_m(line, x_m, y_m), away_m, rtol=1e-9)
    aside_m = np.array([0.0, 9_000.0])
    ring_m = np.concatenate([line_m - aside_m, line_m[::-1] + aside_m])
    found = inside(ring_m, x_m, y_m)
    assert 0 < found.sum() < len(found)
    alone = [inside(ring_m, x_m[row : row + 1], y_m[row : row + 1])[0] for row in range(len(x_m))]
    assert found.tolist() == alone
    within = (x_m > line_m[0, 0]) & (x_m < line_m[-1, 0])
    middle_m = np.interp(x_m, line_m[:, 0], line_m[:, 1])
    assert found.tolist() == (within & (np.abs(y_m - middle_m) < 9_000.0)).tolist()


def test_a_post_sees_to_its_reach_and_no_farther():
    rng = np.random.default_rng(10)
    x_m, y_m = rng.uniform(-3e4, 3e4, (2, 2_000))
    numbers = {"posts": 5, "reach_m": 1.0, "behind_m": 900.0, "tilt": 0.0}
    one = along_line("post", numbers, plain(60_000.0), lambda _: rng, is_hosted=False)
    off_m = np.hypot(x_m[:, None] - one.x_m, y_m[:, None] - one.y_m)
    for reach_m in off_m[
        :40, 2
    ].tolist():  # a reach of just so much, and of the next number below it
        for reach in (reach_m, np.nextafter(reach_m, 0.0)):
            posts = replace(one, reach_m=np.full(len(one), reach))
            assert is_near(x_m, y_m, posts).tolist() == (off_m <= reach).tolist()
    nowhere = replace(one, x_m=np.full(len(one), np.nan))
    assert is_near(x_m, y_m, nowhere).all()
