"""Maps of control follow the line late and lean; between the sides lies ground that nobody holds."""

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from made import SMALL, small, written
from numpy.random import default_rng
from shapely.geometry import Point, shape

from truceline.pipeline.desks import world_of
from truceline.simulation import scenario as scenarios
from truceline.simulation.columns import Author, Nature
from truceline.simulation.mission import maps
from truceline.simulation.world.deeds import joined
from truceline.simulation.world.ground import degrees, line_y, plain
from truceline.simulation.world.truce import spans

DAY_S = 86_400.0


def advance(at_day, is_north, depth_m=2_000.0):
    return maps.Advances(
        at_s=np.array([at_day * DAY_S]), x_m=np.zeros(1), is_north=np.array([is_north]),
        depth_m=np.array([depth_m]),
    )  # fmt: skip


def holder(author, advances, day, y_m):
    """Whose ground a spot at x = 0 is on an author's map of a day; None where it is contested."""
    ground = plain()
    sure = replace(author, error_m=1.0)
    drawn = maps.control(sure, ground, advances, day * DAY_S, lambda _: default_rng(3))
    lat, lon = degrees(ground, np.zeros(1), np.array([y_m]))
    spot = Point(float(lon[0]), float(lat[0]))
    [found] = [
        f["properties"]["class"] for f in drawn["features"] if shape(f["geometry"]).contains(spot)
    ]
    return None if found == "contested" else found


@pytest.mark.parametrize("author", maps.AUTHORS, ids=lambda one: one.file)
@pytest.mark.parametrize("is_north", [True, False])
def test_an_advance_is_shown_late_and_later_by_whom_it_does_not_please(author, is_north):
    taken = (
        -1_500.0 if is_north else 1_500.0
    )  # of the other side's ground, beyond all doubt of the edge
    before, after = ("BIRCH", "ALDER") if is_north else ("ALDER", "BIRCH")
    late = author.lag_days + author.slant_days * (is_north != (author.leans > 0))
    made = advance(10.0, is_north, depth_m=4_500.0)
    assert holder(author, made, 10.0 + late - 0.1, 2 * taken) == before
    assert holder(author, made, 10.0 + late + 0.1, taken) == after


def test_both_authors_lean_as_far_and_to_different_sides():
    assert sum(author.leans for author in maps.AUTHORS) == 0
    assert len({author.slant_days for author in maps.AUTHORS}) == 1


def test_maps_follow_one_another_and_the_last_ones_differ_from_the_first(tmp_path):
    scenario = small(movements="{advances_per_day: 6}")
    mission = written(tmp_path / "m", scenario=scenario)
    for author in maps.AUTHORS:
        assert len(list((mission / "raw").glob(f"{author.file}-*.geojson"))) == 1
    spoken = maps.editions(0.0, 30 * DAY_S)
    assert all(one[1] == other[0] for one, other in pairwise(spoken))
    truce, streams = world_of(scenario, seed=1, scale=1.0)
    deeds = joined([truce.deeds(span) for span in spans(scenario)])
    moved = deeds.take(np.isin(deeds.type, maps.ADVANCED))
    assert len(moved) > 4
    known = maps.advances(moved, truce.ground, is_mirrored=False)
    first, last = (
        json.dumps(maps.control(maps.AUTHORS[0], truce.ground, known, at_s, streams))
        for at_s in (scenario.from_s, scenario.to_s + 20 * DAY_S)
    )
    assert first != last


def test_nobody_fires_from_or_into_the_ground_between_the_sides():
    text = SMALL.replace(
        "length_km: 60}", "length_km: 60, width_m: 1000}\n  intensity: {first_per_day: 200}"
    )
    truce, _ = world_of(scenarios.read(text, file="wide.yaml"), seed=1, scale=1.0)
    deeds = joined([truce.deeds(span) for span in spans(truce.scenario)])
    fired = deeds.take((deeds.nature == int(Nature.HOSTILE)) & (deeds.author <= int(Author.B)))
    assert len(fired) > 300
    for x_m, y_m in ((fired.x_m, fired.y_m), (fired.origin_x_m, fired.origin_y_m)):
        assert np.abs(y_m - line_y(truce.ground, x_m)).min() >= 499.0


def test_the_ground_that_nobody_holds_is_grey_with_one_author():
    nothing = maps.advances(joined([]), plain(), is_mirrored=False)
    grey = [holder(author, nothing, 1.0, 0.0) for author in maps.AUTHORS]
    assert grey[1] is None
    assert grey[0] is not None
