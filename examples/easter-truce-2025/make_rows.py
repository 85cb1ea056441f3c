"""Make `raw/viina-reports.csv` from VIINA 2.0's reports of 17 to 23 April 2025: facts, no headline.

    python examples/easter-truce-2025/make_rows.py VIINA_202504.csv > raw/viina-reports.csv

Dates and places are VIINA's (Zhukov and Ayers 2023, ODbL 1.0). Type, direction, claimed actor,
stance, weapon and number are read from the headline by Truceline's own reader, which also widens
time to before publication and place to the region that the headline names. Rows that report no
happening, and tallies, do not ship. `group` numbers the headlines: rows of one group are copies of one
headline and count as one root. What became of the rows is said on standard error.
"""

import csv
import hashlib
import io
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from truceline.detection.text.reader import read
from truceline.tables.schemas import OBSERVATIONS, from_columns

ZONE = ZoneInfo("Europe/Kyiv")  # VIINA states none; its times of publication fit Kyiv's
FIRST, LAST = "2025-04-17", "2025-04-23"
PARTIES = {"Russia": "RU", "Ukraine": "UA"}
POINT_ERROR_M = 5_000.0  # before the headline is read; assumed, as for a city
COLUMNS = [
    "observation_id",
    "source",
    "source_kind",
    "reported_at",
    "began",
    "ended",
    "lat",
    "lon",
    "error_m",
    "type",
    "direction",
    "claimed_actor",
    "bearing_deg",
    "bearing_error_deg",
    "range_m",
    "text",
    "count_low",
    "count_best",
    "count_high",
    "count_unit",
    "means",
    "weapon",
    "stance",
    "group",
]

Row = dict[str, str]


def upstream(path: Path) -> list[Row]:
    """VIINA's rows of the days, as they stand."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if FIRST <= row["datetime"][:10] <= LAST]


def distinct(rows: list[Row]) -> list[Row]:
    """Each row once, in an order that does not depend on the file's."""
    return [dict(items) for items in sorted({tuple(row.items()) for row in rows})]


def headline_key(row: Row) -> str:
    """SHA-256 of the headline, blanks and case aside: copies share one."""
    return hashlib.sha256(" ".join(row["headline"].casefold().split()).encode()).hexdigest()


def table(rows: list[Row]) -> Any:
    """VIINA's rows as observations: time is the time of publication, place its point."""
    at = [datetime.fromisoformat(row["datetime"]).replace(tzinfo=ZONE) for row in rows]
    days = [row["datetime"].endswith("00:00:00") for row in rows]
    columns = {
        "observation_id": [identity(row) for row in rows],
        "reported_at": [a + timedelta(days=1) if d else a for a, d in zip(at, days, strict=True)],
        "began": at,
        "ended": [a + timedelta(days=1) if d else a for a, d in zip(at, days, strict=True)],
        "is_date_only": days,
        "lat": [float(row["lat"]) for row in rows],
        "lon": [float(row["lon"]) for row in rows],
        "place_name": [row["place_name"] for row in rows],
        "text": [row["headline"] for row in rows],
        "root": [headline_key(row) for row in rows],
        "error_major_m": POINT_ERROR_M, "error_minor_m": POINT_ERROR_M, "error_azimuth_deg": 0.0,
        "place_kind": "ellipse", "feed": "viina", "source": "viina", "source_kind": "media",
        "direction": "undetermined", "stance": "none",
    }  # fmt: skip
    return from_columns(OBSERVATIONS, columns, len(rows))


def identity(row: Row) -> str:
    """The same report has the same id in every remake."""
    said = "|".join((headline_key(row), row["datetime"], row["lat"], row["lon"], row["place_name"]))
    return "viina-" + hashlib.sha256(said.encode()).hexdigest()[:16]


def shipped(row: Mapping[str, Any], groups: Mapping[str, str]) -> Row:
    """One observation in the columns of the plain template; the headline stays behind."""
    out = dict.fromkeys(COLUMNS, "")
    for name in (
        "observation_id",
        "source",
        "source_kind",
        "type",
        "direction",
        "weapon",
        "stance",
    ):
        out[name] = row[name] or ""
    for name in ("count_low", "count_best", "count_high", "count_unit"):
        out[name] = "" if row[name] is None else str(row[name])
    out["claimed_actor"] = "" if row["stance"] == "denies" else row["claimed_actor"] or ""
    out["lat"], out["lon"] = f"{row['lat']:.4f}", f"{row['lon']:.4f}"
    out["error_m"] = f"{row['error_major_m']:.0f}"
    out["means"], out["group"] = "media", groups[row["root"]]
    began, ended = row["began"].astimezone(ZONE), row["ended"].astimezone(ZONE)
    out["began"], out["ended"] = began.isoformat(), ended.isoformat()
    if row["is_date_only"]:
        out["began"] = out["ended"] = began.date().isoformat()
    reported = row["reported_at"].astimezone(ZONE)
    is_day = reported.hour == reported.minute == 0  # the end of a day: only the date was given
    day = (reported - timedelta(days=1)).date().isoformat()
    out["reported_at"] = day if is_day else reported.isoformat()
    return out


def reports(rows: list[Row]) -> tuple[list[Row], dict[str, int]]:
    """The rows that ship, by time and id, and what became of all rows."""
    alone = distinct(rows)
    reading = read(
        table(alone),
        party_aliases=PARTIES,
        screened_feeds=frozenset({"viina"}),
        calendar_zone="Europe/Kyiv",
    )
    kept = sorted(reading.observations.to_pylist(), key=lambda r: (r["began"], r["observation_id"]))
    once: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    for row in kept:  # two points of one headline that were widened to one area say one thing
        place = (round(row["lat"], 4), round(row["lon"], 4), row["error_major_m"])
        once.setdefault((row["root"], row["began"], row["ended"], *place), row)
    roots = list(dict.fromkeys(row["root"] for row in once.values()))
    groups = {root: f"viina-{number:04d}" for number, root in enumerate(roots, start=1)}
    made = [shipped(row, groups) for row in once.values()]
    tallies = [r for r in reading.set_aside["reason"].to_pylist() if r.startswith("tally")]
    counts = {
        "rows upstream": len(rows),
        "exact copies": len(rows) - len(alone),
        "tallies, which are claims": len(tallies),
        "rows that report no happening": reading.set_aside.num_rows - len(tallies),
        "rows that say what another row of their headline says": len(kept) - len(made),
        "rows shipped": len(made),
        "of these with a date only": sum(len(row["reported_at"]) == 10 for row in made),
        "of these whose time is a whole day": sum(len(row["began"]) == 10 for row in made),
        "groups": len(groups),
    }
    return made, counts


def render(made: list[Row]) -> bytes:
    """The file's bytes."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(made)
    return out.getvalue().encode("utf-8")


def main() -> None:
    """Write the rows to standard output and what became of all rows to standard error."""
    made, counts = reports(upstream(Path(sys.argv[1])))
    sys.stdout.buffer.write(render(made))
    for name, number in counts.items():
        sys.stderr.write(f"{name}: {number}\n")


if __name__ == "__main__":
    main()
