"""The map: what is well known is seen, and a figure stands where its acts are."""

import math
import re
from collections import Counter
from dataclasses import replace

import pyarrow as pa
import pytest

from truceline.reports import map as maps
from truceline.reports import trend
from truceline.reports.contract import View
from truceline.reports.frame import frame_of
from truceline.reports.map import FAINT, draw, grouped
from truceline.reports.publication import publish
from truceline.reports.say import load

SAY = load("en", "Europe/Kyiv")
ELLIPSE = re.compile(r'<ellipse cx="[^"]+" cy="[^"]+" rx="[^"]+" ry="([^"]+)" transform[^>]*>')


@pytest.fixture(scope="module")
def spread(dossier):
    """The sample with two acts at each place, and every third place known to 100 km alone."""
    release = publish(dossier, View.parse("commission"))
    rows = release.rows.to_pylist()
    for n, row in enumerate(rows):
        first = rows[n - n % 2]
        row["lat"], row["lon"] = first["lat"], first["lon"]
        row["error_major_m"] = row["error_minor_m"] = 100_000.0 if n // 2 % 3 == 0 else 6_000.0
    return replace(release, rows=pa.Table.from_pylist(rows, schema=release.rows.schema))


def test_a_wide_shape_is_an_outline_alone_and_buries_no_small_one(spread):
    found = [(float(each[1]), each[0]) for each in ELLIPSE.finditer(draw(spread, SAY))]
    assert {radius >= FAINT for radius, _ in found} == {True, False}
    for radius, drawn in found:
        fill = float(re.search(r'fill-opacity="([^"]+)"', drawn)[1])
        assert (fill == 0) == (radius >= FAINT)


def test_a_figure_stands_on_the_place_whose_acts_it_counts(spread):
    frame, found = frame_of(spread.rows), grouped(spread)
    figures = maps._figures(found, frame)
    places = Counter()
    for each, number in found.items():
        places[each[:2]] += number
    assert len(figures) > 3
    assert sorted(n for _, _, n in figures) == sorted(n for n in places.values() if n > 1)
    for x, y, number in figures:
        off = [
            (math.dist((x, y), (frame.x(each[1]), frame.y(each[0]))), each[2] * frame.metre)
            for each in found
            if places[each[:2]] == number
        ]
        assert any(gap < 0.2 or (wide >= FAINT and abs(gap - wide) < 0.2) for gap, wide in off)


def test_figures_are_drawn_above_shapes_names_and_lines(spread):
    drawing = draw(spread, SAY)
    figure = drawing.index('font-weight="600"')
    assert drawing.rindex("<ellipse", 0, drawing.index("</g>")) < figure
    assert drawing.rindex("°", 0, drawing.index("</g>")) < figure
    assert figure < drawing.index("</g>")


def test_the_tallest_bar_alone_says_its_figure(released):
    svg = trend.draw(released("public"), SAY)
    bars = trend.bins(released("public"), trend.rule_of(released("public")), SAY)
    most = max(bar.counted for bar in bars)
    tallest = sum(bar.counted == most for bar in bars)
    raw = svg[: svg.index(SAY("trend.rate"))] if SAY("trend.rate") in svg else svg
    assert raw.count(f">{most}</text>") == tallest
