"""A file that comes again corrects what it said before; two files never overwrite each other."""

from datetime import UTC, datetime

import pytest

from truceline.model.errors import SourceError
from truceline.pipeline.making import make_mission
from truceline.pipeline.run import run

HEADER = (
    "observation_id,source,source_kind,reported_at,began,ended,lat,lon,error_m,type,direction\n"
)


def row(name, lat=48.0, hour=19):
    at = f"2025-04-19T{hour}:00:00Z"
    return f"{name},patrol-1,patrol,{at},{at},{at},{lat},37.8,500,artillery,impact\n"


@pytest.fixture
def mission(tmp_path):
    folder = tmp_path / "m"
    make_mission(folder, agreement="easter-2025", zone="Europe/Kyiv")
    text = (folder / "mission.yaml").read_text(encoding="utf-8")
    text = text.replace("[raw/observations.csv]", "[raw/observations.csv]\n    archive: true")
    (folder / "mission.yaml").write_text(text, encoding="utf-8")
    return folder


def write(mission, *rows, name="observations.csv"):
    (mission / "raw" / name).write_text(HEADER + "".join(rows), encoding="utf-8")


def test_a_grown_file_adds_its_new_rows_and_repeats_none(mission):
    write(mission, row("a"))
    assert run(mission).summary["incidents"] == 1
    write(mission, row("a"), row("b", lat=49.0))
    assert run(mission).summary["incidents"] == 2


def test_a_corrected_row_stands_and_the_first_is_still_there_for_its_time(mission, tmp_path):
    write(mission, row("a", lat=48.0))
    run(mission)
    write(mission, row("a", lat=47.0, hour=20))
    now = run(mission)
    assert '"lat":47' in (now.out / "incidents.geojson").read_text()
    then = datetime(2025, 4, 19, 19, 30, tzinfo=UTC)
    run(mission, out=tmp_path / "then", as_of=then)
    assert '"lat":48' in (tmp_path / "then" / "incidents.geojson").read_text()


def test_a_row_that_a_later_version_leaves_out_is_not_lost(mission):
    write(mission, row("a"), row("b", lat=49.0))
    run(mission)
    write(mission, row("b", lat=49.0))
    assert run(mission).summary["incidents"] == 2


def test_a_list_of_files_that_grew_counts_its_refusals_once(mission):
    text = (mission / "mission.yaml").read_text(encoding="utf-8")
    text = text.replace("[raw/observations.csv]", '["raw/observations*.csv"]')
    (mission / "mission.yaml").write_text(text, encoding="utf-8")
    write(mission, row("a"), row("b", lat=148.0))
    assert run(mission).summary["observations"]["refused"] == 1
    write(mission, row("c"), name="observations-2.csv")
    told = run(mission).summary["observations"]
    assert (told["upstream"], told["taken"], told["refused"]) == (3, 2, 1)


def test_two_files_that_share_an_identifier_are_named_with_their_lines(mission):
    write(mission, row("a"))
    write(mission, row("x", lat=47.5), row("a", lat=49.0), name="other.csv")
    text = (mission / "mission.yaml").read_text(encoding="utf-8")
    more = "  - feed: observations\n    files: [raw/other.csv]\n    archive: true\nlimits:"
    (mission / "mission.yaml").write_text(text.replace("limits:", more), encoding="utf-8")
    with pytest.raises(SourceError, match=r"other\.csv:3: observation_id 'a'.*observations\.csv:2"):
        run(mission)
