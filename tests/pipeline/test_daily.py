"""The report of one legal day: its bounds, what was known at its close, and days that cannot be told."""

import csv
import io
import shutil
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from truceline.model.errors import InputError
from truceline.model.time import LegalCalendar
from truceline.pipeline import mission as missions
from truceline.pipeline.daily import of_day, told_at
from truceline.pipeline.reporting import release

FRIDAY = date(2025, 2, 7)


@pytest.fixture(scope="module")
def desk(tmp_path_factory, project_root):
    folder = tmp_path_factory.mktemp("daily") / "m"
    left_out = shutil.ignore_patterns("out", "record", "release")
    shutil.copytree(project_root / "examples" / "full-desk", folder, ignore=left_out)
    return folder


def counts(path):
    """Of the whole area, by day, rule `smm` and party."""
    with zipfile.ZipFile(path) as packed:
        name = next(name for name in packed.namelist() if name.endswith("counts.csv"))
        rows = list(csv.DictReader(io.StringIO(packed.read(name).decode())))
    wanted = [row for row in rows if (row["area"], row["rule"]) == ("all", "smm")]
    return {(row["legal_day"], row["party"]): int(row["as_now_known"]) for row in wanted}


def test_a_day_is_told_beside_the_day_before_as_it_stood_at_its_cut_off(desk):
    (made,) = release(desk, view="commission", formats=("tables",), day=date(2025, 2, 3))
    assert made == desk / "release" / "commission" / "2025-02-03" / "report.zip"
    early = counts(made)
    assert {day for day, _ in early} == {"2025-02-03"}  # nothing was counted the day before
    later = datetime(2025, 2, 9, tzinfo=UTC)
    (made,) = release(
        desk, view="commission", formats=("tables",), day=date(2025, 2, 3), as_of=later
    )
    # One patrol's form said that it saw nothing until it was mended the next morning.
    assert counts(made)["2025-02-03", "unknown"] == early["2025-02-03", "unknown"] + 12


def test_a_day_closes_at_its_cut_off_on_either_side_of_a_change_of_clocks(desk):
    kyiv = LegalCalendar(zone="Europe/Kyiv", cutoff=time(19, 30))
    told = replace(missions.load(desk), calendar=kyiv)
    closes = [told_at(told, date(2025, 3, day), 0, None) for day in (29, 30)]
    assert closes == [
        datetime(2025, 3, 29, 17, 30, tzinfo=UTC),
        datetime(2025, 3, 30, 16, 30, tzinfo=UTC),
    ]


def test_a_release_of_a_day_is_told_when_the_delay_has_passed_since_its_close(desk):
    told = missions.load(desk)
    at = told_at(told, FRIDAY, 72, None)
    assert at == datetime(2025, 2, 10, 20, 30, tzinfo=UTC)
    assert told_at(told, FRIDAY, 72, at) == at
    with pytest.raises(InputError, match=r"made at 2025-02-10T20:30:00\+00:00, 72 hours after"):
        told_at(told, FRIDAY, 72, datetime(2025, 2, 10, 20, 29, tzinfo=UTC))


def test_a_day_that_is_not_over_says_when_it_will_be(desk):
    with pytest.raises(InputError, match=r"2025-02-07T20:30:00\+00:00, which has not come; wait"):
        told_at(missions.load(desk), FRIDAY, 0, datetime(2025, 2, 7, 20, tzinfo=UTC))


def test_a_day_of_which_nothing_was_known_gives_no_empty_report(desk):
    with pytest.raises(InputError, match=r"--day 2019-02-01: .* knew nothing by 2019-02-01T20:30"):
        release(desk, view="commission", formats=("html",), day=date(2019, 2, 1))


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
def test_a_year_that_is_a_slip_of_the_pen_is_refused(desk, day):
    with pytest.raises(InputError, match="no mission reports of that year"):
        of_day(missions.load(desk), day)
