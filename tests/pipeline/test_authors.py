"""Whose claim the same bytes are: two authors are two claims, one author again is nothing new."""

import pytest

from truceline.pipeline.line import known_at
from truceline.pipeline.making import make_mission
from truceline.pipeline.mission import load
from truceline.pipeline.run import open_record, take_in

MAP = """{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {},
 "geometry": {"type": "Polygon", "coordinates": [[[37, 48], [38, 48], [38, 49], [37, 48]]]}}]}"""


@pytest.fixture
def mission(tmp_path):
    folder = tmp_path / "m"
    make_mission(folder, agreement="easter-2025", zone="Europe/Kyiv")
    return folder


def lines(mission, *specs):
    """Write the mission with these maps: file name, author, more options."""
    path = mission / "mission.yaml"
    head = path.read_text(encoding="utf-8").partition("feeds:")[0]
    feeds = ""
    for name, author, more in specs:
        (mission / "raw" / name).write_text(MAP, encoding="utf-8")
        feeds += f"  - feed: control_map\n    files: [raw/{name}]\n    archive: true\n"
        feeds += f"    options: {{author: {author}, controller: RU{more}}}\n"
    path.write_text(f"{head}feeds:\n{feeds}", encoding="utf-8")


def controls(mission):
    said = load(mission)
    with open_record(said) as record:
        return known_at(said, record).tables["controls"]


def entries(mission):
    with open_record(load(mission)) as record:
        return sum(1 for _ in record.entries(kind="batch"))


ONE = ("one-2025-04-19.geojson", "One", "")
TWO = ("two-2025-04-19.geojson", "Two", "")


def test_the_same_bytes_of_two_authors_are_two_claims_with_one_exhibit(mission):
    lines(mission, ONE, TWO)
    assert [done.taken for done in take_in(mission)] == [1, 1]
    table = controls(mission)
    assert sorted(table["author"].to_pylist()) == ["One", "Two"]
    assert len(set(table["exhibit"].to_pylist())) == 1


def test_taking_in_again_is_nothing_new_however_many_authors_share_the_bytes(mission):
    lines(mission, ONE, TWO)
    take_in(mission)
    for _ in range(2):
        assert [done.is_new for done in take_in(mission)] == [False, False]
    assert entries(mission) == 2


def test_the_same_bytes_of_the_same_author_under_another_name_add_no_claim(mission):
    lines(mission, ONE, ("copy-2025-04-19.geojson", "One", ""))
    take_in(mission)
    assert controls(mission).num_rows == 1


def test_an_unchanged_map_of_the_next_day_is_a_claim_about_that_day(mission):
    lines(mission, ONE, ("one-2025-04-20.geojson", "One", ""))
    take_in(mission)
    assert len(set(controls(mission)["began"].to_pylist())) == 2


def test_a_mended_setting_corrects_the_earlier_reading_of_the_same_bytes(mission):
    lines(mission, ONE, TWO)
    take_in(mission)
    lines(mission, ("one-2025-04-19.geojson", "One", ", error_m: 300"), TWO)
    take_in(mission)
    found = {row["author"]: row["error_m"] for row in controls(mission).to_pylist()}
    assert found == {"One": 300.0, "Two": None}
    lines(mission, ONE, TWO)
    take_in(mission)
    found = {row["author"]: row["error_m"] for row in controls(mission).to_pylist()}
    assert found == {"One": None, "Two": None}


def test_options_that_yaml_reads_as_numbers_and_days_are_the_same_the_next_time(mission):
    path = mission / "mission.yaml"
    head = path.read_text(encoding="utf-8").partition("feeds:")[0]
    (mission / "raw" / "m.geojson").write_text(MAP, encoding="utf-8")
    options = "{author: One, controller: RU, began: 2025-04-19, classes: {1: RU}}"
    feed = f"feeds:\n  - feed: control_map\n    files: [raw/m.geojson]\n    options: {options}\n"
    path.write_text(head + feed, encoding="utf-8")
    assert [done.is_new for done in take_in(mission)] == [True]
    assert [done.is_new for done in take_in(mission)] == [False]
