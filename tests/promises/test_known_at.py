"""When something was known: receipt; of an archive, when its source said so, a bare date at its end."""

from datetime import UTC, datetime, timedelta

import pyarrow.parquet as pq
import pytest

from truceline.pipeline.making import make_mission
from truceline.pipeline.run import run

HEADER = "observation_id,source,source_kind,reported_at,began,lat,lon,error_m,type,direction\n"
END_OF_DAY = datetime(2025, 4, 19, 21, 0, tzinfo=UTC)  # midnight of 20 April in Kyiv
SECOND = timedelta(seconds=1)


@pytest.fixture
def mission(tmp_path):
    """An archive of one report that names 19 April alone, written on the morning of that day."""
    folder = tmp_path / "m"
    make_mission(folder, agreement="easter-2025", zone="Europe/Kyiv")
    text = (folder / "mission.yaml").read_text(encoding="utf-8")
    text = text.replace("[raw/observations.csv]", "[raw/observations.csv]\n    archive: true")
    (folder / "mission.yaml").write_text(text, encoding="utf-8")
    row = "a,paper-1,media,2025-04-19T06:00:00Z,2025-04-19,48.0,37.8,500,artillery,impact\n"
    (folder / "raw" / "observations.csv").write_text(HEADER + row, encoding="utf-8")
    return folder


def taken(mission, out, at):
    return run(mission, out=out, as_of=at).summary["observations"]["taken"]


def test_an_archives_bare_date_is_known_at_the_end_of_its_day_and_not_before(mission, tmp_path):
    assert taken(mission, tmp_path / "before", END_OF_DAY - SECOND) == 0
    assert taken(mission, tmp_path / "then", END_OF_DAY) == 1


def test_what_is_no_archive_is_known_from_its_receipt_on(mission, tmp_path):
    path = mission / "mission.yaml"
    text = path.read_text(encoding="utf-8").replace("    archive: true\n", "")
    path.write_text(text, encoding="utf-8")
    received = datetime.now(UTC)
    assert taken(mission, tmp_path / "before", received - timedelta(days=1)) == 0
    assert taken(mission, tmp_path / "after", received + timedelta(days=1)) == 1


HOLDINGS = "holding_id,site,party,weapon,count_best,began,ended,lat,lon,error_m,basis\n"


@pytest.mark.parametrize(
    ("began", "ended", "known"),
    [
        ("2025-04-10", "2025-06-01", datetime(2025, 4, 10, 21, tzinfo=UTC)),  # a bare date, in Kyiv
        ("2025-04-10T09:00Z", "2025-06-01T00:00Z", datetime(2025, 4, 10, 9, tzinfo=UTC)),
        ("2025-04-10T09:00Z", "2025-04-10T10:30Z", datetime(2025, 4, 10, 10, 30, tzinfo=UTC)),
    ],
)
def test_an_archives_standing_stock_is_known_when_it_was_told_of_and_not_when_it_ends(
    mission, tmp_path, began, ended, known
):
    path = mission / "mission.yaml"
    text = path.read_text(encoding="utf-8")
    feed = "  - {feed: holdings, files: [raw/holdings.csv], archive: true}\nlimits:"
    path.write_text(text.replace("limits:", feed, 1), encoding="utf-8")
    row = f"h,depot,UA,tank,3,{began},{ended},48.0,37.8,50,declared\n"
    (mission / "raw" / "holdings.csv").write_text(HOLDINGS + row, encoding="utf-8")

    def held(at):
        out = run(mission, out=tmp_path / "out", as_of=at).out
        return pq.read_table(out / "holdings.parquet").num_rows

    assert [held(known - SECOND), held(known)] == [0, 1]
