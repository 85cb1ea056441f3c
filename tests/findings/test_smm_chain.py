"""The chain of an observer mission's daily reports, counted again from single happenings.

Each report states its own period and the one before. Placed anew as happenings, up to the very
edges of the reporting day (19:30, Kyiv), the counts of each legal day give both numbers.
"""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pytest
from truces import evidence, happening, truce, zone

from truceline.findings.count import count
from truceline.model.time import LegalCalendar, from_microseconds, to_microseconds
from truceline.pipeline import plugins
from truceline.tables import schemas

FACTS = Path(__file__).parents[3] / "shared" / "data" / "osce-smm-facts"
CALENDAR = LegalCalendar(zone="Europe/Kyiv", cutoff=time(19, 30))
REGIONS = {"Donetsk": ((37.0, 47.5), (38.0, 48.5)), "Luhansk": ((38.2, 48.0), (39.5, 49.0))}
NOBODY = schemas.empty(schemas.ATTRIBUTIONS)

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not FACTS.is_dir(), reason="../shared/data is not here"),
]


def published() -> list[dict[str, str]]:
    (file,) = FACTS.glob("*.csv")
    with file.open(encoding="utf-8", newline="") as rows:
        return [
            row
            for row in csv.DictReader(rows)
            if row["cfv_total"] and row["prev_cfv"].isdigit() and row["region"] in REGIONS
        ]


def closing(row: dict[str, str]) -> date:
    """The legal day that the report closes: its data are as of 19:30 of that day."""
    at = datetime.fromisoformat(row["data_as_of"])
    assert CALENDAR.bounds(at.date()).ended == at
    return at.date()


def days_of(row: dict[str, str]) -> int:
    return 2 if row["window"].startswith("2 days") else 1


def spread(total: int, first: date, last: date) -> Iterator[tuple[int, int]]:
    """A total as happenings of several, from the first instant of a period to its last."""
    began = to_microseconds(CALENDAR.bounds(first).began)
    ended = to_microseconds(CALENDAR.bounds(last).ended) - 1
    sizes = [part for part in (1, total // 3, total - 1 - total // 3) if part]
    return zip(np.linspace(began, ended, len(sizes)).astype(int).tolist(), sizes, strict=True)


def happenings(rows: list[dict[str, str]]) -> Iterator[dict]:
    told: dict[tuple[str, date, date], int] = {}
    for row in rows:
        last = closing(row)
        first = last - timedelta(days=days_of(row) - 1)
        told[row["region"], first, last] = int(row["cfv_total"])
        before = first - timedelta(days=1)
        told.setdefault((row["region"], before, before), int(row["prev_cfv"]))
    for (region, first, last), total in told.items():
        (west, south), (east, north) = REGIONS[region]
        for at_us, size in spread(total, first, last):
            yield happening(
                id=f"{region}-{last}-{at_us}",
                lat=(south + north) / 2,
                lon=(west + east) / 2,
                type="small_arms_fire",
                began=from_microseconds(at_us),
                count_best=size,
                count_unit="shots",
            )


def test_each_report_and_its_previous_period_come_out_again():
    rows = published()
    assert len(rows) >= 15
    zones = [
        zone(name, ((w, s), (e, s), (e, n), (w, n), (w, s)))
        for name, ((w, s), (e, n)) in REGIONS.items()
    ]
    agreement = replace(truce(zones=zones), calendar=CALENDAR)
    counts = count(agreement, evidence(happenings(rows)), NOBODY, plugins.load("counting"))
    by_day = {
        (row["area"], row["legal_day"]): row["as_now_known"]
        for row in counts.to_pylist()
        if row["rule"] == "smm" and row["party"] == "unknown"
    }
    for row in rows:
        last, length = closing(row), days_of(row)
        own = [last - timedelta(days=n) for n in range(length)]
        assert sum(by_day[row["region"], day] for day in own) == int(row["cfv_total"]), row
        before = last - timedelta(days=length)
        assert by_day[row["region"], before] == int(row["prev_cfv"]), row


def test_consecutive_reports_chain():
    """A report's previous-period value is the value of the report before it, wherever both stand."""
    rows = published()
    own = {(row["region"], closing(row)): int(row["cfv_total"]) for row in rows}
    chained = 0
    for row in rows:
        before = row["region"], closing(row) - timedelta(days=days_of(row))
        if before in own:
            assert own[before] == int(row["prev_cfv"])
            chained += 1
    assert chained >= 6
