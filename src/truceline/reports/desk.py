"""What a view may read of casualties, weapons held, and calls: sums over the period, never places.

A release holds no row of a single site, patrol or person: only sums over the whole period, of what
had ended when the delay began. So a casualty can belong to no one who could be recognised, and a
site cannot be found by watching a sum from day to day within a district.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.vocabulary import AccessStatus
from truceline.reports.coarsen import speakable
from truceline.reports.contract import Dossier
from truceline.tables import schemas

CASUALTIES = pa.schema(
    [
        pa.field("status", pa.string(), nullable=False),  # corroborated | reported
        pa.field("harm", pa.string(), nullable=False),
        pa.field("cause", pa.string()),
        pa.field("age_band", pa.string()),
        pa.field("sex", pa.string()),
        pa.field("low", pa.int64(), nullable=False),
        pa.field("best", pa.int64()),  # null: no best number for one of them
        pa.field("high", pa.int64()),
    ]
)
WEAPONS = pa.schema(
    [
        pa.field("party", pa.string(), nullable=False),
        pa.field("status", pa.string()),
        pa.field("basis", pa.string()),
        pa.field("sites", pa.int64(), nullable=False),
        pa.field("weapons", pa.int64()),  # null: not counted at one of the sites
    ]
)
VISITS = pa.schema(
    [
        pa.field("party", pa.string(), nullable=False),
        pa.field("visits", pa.int64(), nullable=False),
        pa.field("granted", pa.int64(), nullable=False),
        pa.field("serials_matched", pa.int64(), nullable=False),
        pa.field("serials_refused", pa.int64(), nullable=False),
        pa.field("serials_absent", pa.int64(), nullable=False),
    ]
)
CALLS = pa.schema(
    [
        pa.field("caller", pa.string(), nullable=False),
        pa.field("calls", pa.int64(), nullable=False),
        pa.field("issues", pa.int64(), nullable=False),
        pa.field("answered", pa.int64(), nullable=False),
        pa.field("median_minutes", pa.float64()),
    ]
)
WINDOWS = pa.schema(
    [
        pa.field("legal_day", pa.date32(), nullable=False),
        pa.field("hours", pa.int64(), nullable=False),  # that every guarantee covered, whole ones
        pa.field("purpose", pa.string()),
        pa.field("written_by", pa.string(), nullable=False),  # party ids joined by `;`
        pa.field("spoken_by", pa.string(), nullable=False),
        pa.field("not_by", pa.string(), nullable=False),
        pa.field("state", pa.string(), nullable=False),  # kept | broken | not_judged | near_edge
    ]
)
TABLES: Mapping[str, pa.Schema] = {
    "casualties": CASUALTIES,
    "weapons": WEAPONS,
    "visits": VISITS,
    "calls": CALLS,
    "windows": WINDOWS,
}


def desk(dossier: Dossier, through: datetime) -> dict[str, pa.Table]:
    """Sums over the period of what had ended by an instant, by the names of `TABLES`."""
    kept = {name: _within(dossier, table, through) for name, table in dossier.desk.items()}
    held = _within(dossier, dossier.holdings, through)
    rows = {
        "casualties": _casualties(kept.get("casualties", [])),
        "weapons": _weapons(held),
        "visits": _visits(kept.get("inspections", [])),
        "calls": _calls(kept.get("activations", []), set(dossier.agreement.party_ids())),
        "windows": _windows(dossier, through),
    }
    return {
        name: schemas.from_columns(
            schema, {column: [row[column] for row in rows[name]] for column in schema.names},
            len(rows[name]),
        )
        for name, schema in TABLES.items()
    }  # fmt: skip


def _within(dossier: Dossier, table: pa.Table, through: datetime) -> list[dict[str, Any]]:
    """Rows that touch the period and had begun, and become known, by an instant."""
    calendar, period = dossier.agreement.calendar, dossier.period
    opens, closes = calendar.bounds(period.first_day).began, calendar.bounds(period.last_day).ended
    at = pa.scalar(through, schemas.INSTANT)
    kept = pc.and_(
        pc.less(table["began"], pa.scalar(closes, schemas.INSTANT)),
        pc.greater_equal(table["ended"], pa.scalar(opens, schemas.INSTANT)),
    )
    kept = pc.and_(kept, pc.less_equal(table["began"], at))
    known = pc.fill_null(pc.less_equal(table["known_at"], at), True)
    found: list[dict[str, Any]] = table.filter(pc.and_(kept, known)).to_pylist()
    return found


def _casualties(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = ("status", "harm", "cause", "age_band", "sex")
    grouped: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        grouped[tuple(row[name] for name in names)].append(row)
    return [
        dict(zip(names, key, strict=True)) | _summed(grouped[key])
        for key in sorted(grouped, key=lambda key: tuple(word or "~" for word in key))
    ]


def _summed(rows: list[dict[str, Any]]) -> dict[str, int | None]:
    """Low, best and high of several: unknown stays unknown, but one casualty is at least one."""
    low = sum(_first(row["count_low"], row["count_best"], 1) for row in rows)
    best = [_first(row["count_best"], row["count_low"], None) for row in rows]
    high = [_first(row["count_high"], row["count_best"], None) for row in rows]
    return {"low": low, "best": _sum(best), "high": _sum(high)}


def _first(*values: int | None) -> Any:
    return next((value for value in values if value is not None), None)


def _sum(values: list[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def _weapons(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of each site and weapon what was last said: repeated sightings never add up."""
    last: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (row["began"], row["ended"], row["holding_id"])):
        last[row["party"], row["site"], row["weapon"]] = row
    grouped: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in last.values():
        grouped[row["party"], row["status"], row["basis"]].append(row)
    return [
        {
            "party": party,
            "status": status,
            "basis": basis,
            "sites": len({row["site"] for row in grouped[party, status, basis]}),
            "weapons": _sum([row["count_best"] for row in grouped[party, status, basis]]),
        }
        for party, status, basis in sorted(grouped, key=lambda key: tuple(w or "~" for w in key))
    ]


def _visits(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Visits by whose site it was; serial numbers as the last visit of each site found them."""
    by_party: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row["began"], row["inspection_id"])):
        by_party[row["party"]].append(row)
    found = []
    for party, visits in sorted(by_party.items()):
        last = {(row["site"], row["weapon"]): row for row in visits}
        serials = {
            name: sum(row[name] or 0 for row in last.values())
            for name in ("serials_matched", "serials_refused", "serials_absent")
        }
        times = {(row["site"], row["began"]): row["access"] for row in visits}
        granted = Counter(times.values())[AccessStatus.GRANTED.value]
        found.append({"party": party, "visits": len(times), "granted": granted} | serials)
    return found


_UNANSWERED = (None, "no_answer", "pending")  # stored words of `activations.answer`


def _calls(rows: list[dict[str, Any]], parties: set[str]) -> list[dict[str, Any]]:
    """Calls by caller; who is no party is `other`: a caller is not named."""
    by_caller: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_caller[row["caller"] if row["caller"] in parties else "other"].append(row)
    return [
        {
            "caller": caller,
            "calls": len(calls),
            "issues": len({row["issue_id"] for row in calls}),
            "answered": sum(row["answer"] not in _UNANSWERED for row in calls),
            "median_minutes": _median([row["minutes"] for row in calls]),
        }
        for caller, calls in sorted(by_caller.items())
    ]


def _windows(dossier: Dossier, through: datetime) -> list[dict[str, Any]]:
    """Windows of the period that had ended; neither where they were nor what broke them."""
    calendar, period = dossier.agreement.calendar, dossier.period
    found = []
    for row in dossier.windows.to_pylist():
        if row["began"] is None or row["ended"] > through:
            continue
        day = calendar.day(row["began"])
        if period.first_day <= day <= period.last_day:
            hours = math.ceil((row["ended"] - row["began"]) / timedelta(hours=1))
            told = {name: row[name] for name in ("written_by", "spoken_by", "not_by", "state")}
            purpose = speakable(row["purpose"])
            found.append({"legal_day": day, "hours": hours, "purpose": purpose, **told})
    return sorted(found, key=lambda row: tuple(str(value) for value in row.values()))


def _median(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(median(known)) if known else None
