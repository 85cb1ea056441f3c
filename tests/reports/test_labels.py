"""Names on the map: clear of shapes, figures and each other, and the same for whoever looks."""

import re
from dataclasses import replace

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.reports.columns import SETTLEMENTS
from truceline.reports.contract import View
from truceline.reports.frame import Frame
from truceline.reports.labels import KNOWN, Box, names
from truceline.reports.map import draw
from truceline.reports.publication import publish
from truceline.reports.say import load
from truceline.tables import schemas

FRAME = Frame(west=36.0, south=47.0, east=40.0, north=50.0, height=700.0)
SAY = load("en", "Europe/Kyiv")


def places(rng, number, most):
    columns = {
        "name": [f"Town {n}" for n in range(number)],
        "lat": rng.uniform(46.8, 50.2, number),
        "lon": rng.uniform(35.8, 40.2, number),
        "population": np.sort(rng.integers(30_000, most, number))[::-1],
    }
    return schemas.from_columns(SETTLEMENTS, {k: list(v) for k, v in columns.items()}, number)


def shapes(rng, number):
    return np.column_stack(
        [
            rng.uniform(0, 900, number), rng.uniform(0, 700, number), rng.uniform(3, 250, number),
            rng.uniform(3, 100, number), rng.uniform(0, 180, number),
        ]
    )  # fmt: skip


def depth(each, x, y):
    """Below one: within the outline."""
    turn = np.deg2rad(each[4])
    along = (x - each[0]) * np.sin(turn) - (y - each[1]) * np.cos(turn)
    across = (x - each[0]) * np.cos(turn) + (y - each[1]) * np.sin(turn)
    return (along / each[2]) ** 2 + (across / each[3]) ** 2


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_a_name_with_an_edge_of_paper_covers_no_outline_no_figure_and_no_other_name(seed):
    rng = np.random.default_rng(seed)
    drawn, taken = shapes(rng, 12), [Box(left=400, top=300, right=430, bottom=318)]
    found = names(places(rng, 60, KNOWN - 1), FRAME, drawn, taken)
    boxes = [each.box for each in found]
    for n, box in enumerate(boxes):
        assert not any(box.meets(other) for other in (*taken, *boxes[:n]))
        assert box.left >= 0
        assert box.right <= 900
        x, y = np.meshgrid(
            np.linspace(box.left, box.right, 25), np.linspace(box.top, box.bottom, 9)
        )
        for each in drawn:
            inside = depth(each, x, y) < 1
            # An outline is held against the box as twenty-four sides: its bow may reach in a little.
            assert inside.mean() < 0.06 or inside.mean() > 0.94


def test_a_city_without_room_is_set_in_bare_letters_and_a_town_is_left_out():
    crowd = np.array(
        [[x, y, 14.0, 14.0, 0.0] for x in range(0, 901, 16) for y in range(0, 701, 16)]
    )
    columns = {"name": ["Place"], "lat": [48.5], "lon": [38.0]}
    for population, expected in ((KNOWN, [True]), (KNOWN - 1, [])):
        one = schemas.from_columns(SETTLEMENTS, {**columns, "population": [population]}, 1)
        assert [each.is_bare for each in names(one, FRAME, crowd, [])] == expected


def test_the_map_names_places_and_says_whose_names_they_are(released):
    drawing = draw(released("public"), SAY)
    assert ">Ford<" in drawing
    assert "GeoNames (CC BY 4.0)" in drawing
    assert "no name on this map is a statement about sovereignty" in drawing


def test_names_come_from_no_report(dossier):
    bare = replace(dossier, settlements=SETTLEMENTS.empty_table())
    drawing = draw(publish(bare, View.parse("public")), SAY)
    assert "GeoNames" not in drawing
    assert not re.search(r">Ford<|>Old Mill<", drawing)


def test_the_order_of_the_list_moves_no_name(released):
    release = released("public")
    turned = release.settlements.take(pa.array(range(release.settlements.num_rows - 1, -1, -1)))
    assert draw(replace(release, settlements=turned), SAY) == draw(release, SAY)
