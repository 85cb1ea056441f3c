"""Real maps of two authors as claims: they agree far from the line, and near it they do not."""

from datetime import UTC, datetime, timedelta

import pytest
import shapely

from truceline.pipeline import plugins
from truceline.sources.contract import ReadContext, raw_file

pytestmark = pytest.mark.shared

NOON = datetime(2025, 4, 10, 12, 0, tzinfo=UTC)
AUTHORS = {
    "one author": ("deepstate", "*20250410.geojson", {"controller": "W"}),
    "another author": (
        "control-nzz",
        "*.json",
        {"classes": {"nochange": "W", "gains": "W", "losses": "E"}, "until_next": True},
    ),
}


@pytest.fixture(scope="module")
def maps(shared_data):
    """Rows of CONTROLS by author."""
    found = {}
    for author, (folder, pattern, options) in AUTHORS.items():
        files = [
            raw_file(path.name, path.read_bytes())
            for path in sorted((shared_data / folder).glob(pattern))
        ]
        context = ReadContext(
            zone="Europe/Kyiv", received_at=NOON, options={"author": author, **options}
        )
        table = plugins.load("feeds")["control_map"].read(files, context).tables["controls"]
        found[author] = [row for row in table.to_pylist() if row["began"] <= NOON < row["ended"]]
    return found


def held(rows):
    """Ground that a map gives to the one side."""
    shapes = [shapely.from_wkb(r["geometry_wkb"]) for r in rows if r["controller"] == "W"]
    return shapely.union_all(shapes)


def fired_at(case, maps, point):
    act = case.act(direction="outgoing", lat=point.y, lon=point.x, error_m=500.0)
    when = {"began": NOON, "ended": NOON + timedelta(minutes=1)}
    for table in (case.incidents, case.posterior):
        table[-1] |= when
    case.saw(act, direction="outgoing", **when)
    case.controls.extend(row for rows in maps.values() for row in rows)
    return act


def test_both_authors_speak_for_ground_far_behind_the_line(case, maps):
    one, two = (held(maps[author]) for author in AUTHORS)
    deep = shapely.point_on_surface(one.buffer(-0.15).intersection(two.buffer(-0.15)))
    act = fired_at(case, maps, deep)
    items = [i for i in case.attribute()[1].to_pylist() if i["hypothesis"] == "party:W"]
    assert sorted(a for a in AUTHORS for i in items if a in i["summary"]) == sorted(AUTHORS)
    assert all(i["nats"] > 1.5 for i in items)
    answer = case.answer(act)
    assert answer["party:W"] > 0.7
    assert answer["outcome"] == "undetermined"  # ground alone names nobody


def test_where_only_one_map_reaches_the_other_keeps_silent(case, maps):
    """What a map does not show is nobody's: it is never read as the other side's."""
    one, two = (held(maps[author]) for author in AUTHORS)
    only = max(shapely.get_parts(one.difference(two)), key=lambda part: part.area)
    act = fired_at(case, maps, shapely.point_on_surface(only))
    items = case.attribute()[1].to_pylist()
    assert not any(i["hypothesis"] == "party:E" and i["nats"] > 0 for i in items)
    assert case.answer(act)["outcome"] == "undetermined"


def test_a_day_that_no_map_covers_has_no_ground(case, maps):
    one, two = (held(maps[author]) for author in AUTHORS)
    deep = shapely.point_on_surface(one.buffer(-0.15).intersection(two.buffer(-0.15)))
    fired_at(case, maps, deep)
    for table in (case.incidents, case.posterior):
        table[-1] |= {"began": NOON - timedelta(days=300), "ended": NOON - timedelta(days=300)}
    assert case.attribute()[1].num_rows == 0
