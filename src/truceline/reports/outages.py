"""Cameras, drones and sensors that were out, by name and hours: for those inside the mission alone.

A release gives hours out by district and day, after the period. A name would tell over the weeks
which sensor watches where, and an hour when nobody looks.
"""

from datetime import datetime
from typing import Any

import pyarrow as pa

from truceline.reports.columns import OUTAGES
from truceline.reports.contract import Dossier
from truceline.reports.rules import PublicationRules
from truceline.reports.watch import placed
from truceline.tables import schemas

_ORDER = ("source", "began", "ended", "district", "reason")
_HOUR_S = 3600.0


def outages(dossier: Dossier, rules: PublicationRules) -> pa.Table:
    """Rows of OUTAGES within the period; the rules of publication let none of them leave.

    Stretches of one source that touch, for one reason and in one district, are one: a log may close
    its rows at each cut-off.
    """
    calendar, period = dossier.agreement.calendar, dossier.period
    opens, closes = calendar.bounds(period.first_day).began, calendar.bounds(period.last_day).ended
    found = [
        {
            "source": row["source"],
            "district": place.name,
            "reason": row["reason"],
            "began": max(row["began"], opens),
            "ended": row["ended"] if closes is None else min(row["ended"], closes),
        }
        for row, place in placed(dossier, rules, period)
        if row["kind"] == "outage"
    ]
    rows = _joined(sorted(found, key=_key))
    columns = {name: [row[name] for row in rows] for name in ("source", "district", "reason")}
    columns |= {name: [row[name] for row in rows] for name in ("began", "ended")}
    columns["hours"] = [(row["ended"] - row["began"]).total_seconds() / _HOUR_S for row in rows]
    return schemas.from_columns(OUTAGES, columns, len(rows))


def _key(row: dict[str, Any]) -> tuple[str, str, str, datetime, datetime]:
    return row["source"], row["district"], row["reason"] or "", row["began"], row["ended"]


def _joined(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Stretches that touch as one, then in the order of the list."""
    joined: list[dict[str, Any]] = []
    for row in rows:
        last = joined[-1] if joined else None
        if last is not None and _key(last)[:3] == _key(row)[:3] and row["began"] <= last["ended"]:
            last["ended"] = max(last["ended"], row["ended"])
        else:
            joined.append(dict(row))
    return sorted(joined, key=lambda row: tuple(str(row[name]) for name in _ORDER))
