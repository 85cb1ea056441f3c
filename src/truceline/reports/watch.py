"""Where anybody could have seen: hours of watch by district and day, and what got in the way."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.time import LegalCalendar
from truceline.model.vocabulary import AccessStatus
from truceline.reports.columns import COVERAGE, OBSTRUCTIONS
from truceline.reports.contract import (
    Dossier,
    Period,
)
from truceline.reports.districts import block
from truceline.reports.rows import area_name, finer_areas
from truceline.reports.rules import PublicationRules
from truceline.tables import schemas

STATUSES = frozenset(s.value for s in AccessStatus)
_WATCHED = frozenset({"watch", "zero_report"})
_READ = [
    "exposure_id",
    "source",
    "kind",
    "began",
    "ended",
    "area_id",
    "obstructed_by",
    "controller",
    "status",
    "minutes_lost",
    "reason",
    "exhibit",
    "file",
    "line",
]
OTHER_ACTOR = "somebody who is not a party"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A district by name, with its bounds where it has any."""

    name: str
    bounds: tuple[float, float, float, float] | None = None


def coverage(dossier: Dossier, rules: PublicationRules, period: Period) -> pa.Table:
    """Hours by district and legal day, to whole hours: no sensor's own hours or place remain."""
    hours: dict[tuple[str, date], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    bounds: dict[str, tuple[float, float, float, float] | None] = {}
    for row, place in placed(dossier, rules, period):
        bounds[place.name] = place.bounds
        for day, spent in _split(row, dossier.agreement.calendar, period):
            hours[place.name, day][row["kind"]] += spent
    keys = sorted(hours, key=lambda key: (key[1], key[0]))
    sides = [bounds[name] or (None,) * 4 for name, _ in keys]
    columns: dict[str, list[Any]] = {
        "district": [name for name, _ in keys],
        "legal_day": [day for _, day in keys],
        "hours_watched": [
            _whole(sum(hours[key][kind] for kind in sorted(_WATCHED))) for key in keys
        ],
        "hours_out": [_whole(hours[key]["outage"]) for key in keys],
        "hours_denied": [_whole(hours[key]["access_denial"]) for key in keys],
    }
    for number, name in enumerate(("west", "south", "east", "north")):
        columns[name] = [side[number] for side in sides]
    return schemas.from_columns(COVERAGE, columns, len(keys))


def obstructions(
    dossier: Dossier,
    rules: PublicationRules,
    period: Period,
    *,
    is_release: bool,
) -> pa.Table:
    """Denials and outages, like ones of a day and district added up; quoted reasons stay inside."""
    names = party_names(dossier)
    tally: dict[tuple[Any, ...], list[float | None]] = defaultdict(list)
    for row, place in placed(dossier, rules, period):
        if row["kind"] not in {"access_denial", "outage"}:
            continue
        by, controller, status = row["obstructed_by"], row["controller"], row["status"]
        if is_release:
            by, controller = (actor(word, names) for word in (by, controller))
            status = status if status in STATUSES else None
        reason = None if is_release else row["reason"]
        day = max(dossier.agreement.calendar.day(row["began"]), period.first_day)
        tally[day, place.name, row["kind"], by, controller, status, reason].append(
            row["minutes_lost"]
        )
    keys = sorted(tally, key=lambda key: tuple("" if word is None else str(word) for word in key))
    columns: dict[str, list[Any]] = {
        name: [key[number] for key in keys]
        for number, name in enumerate(
            ("legal_day", "district", "kind", "obstructed_by", "controller", "status", "reason")
        )
    }
    columns["times"] = [len(tally[key]) for key in keys]
    columns["minutes_lost"] = [_sum(tally[key]) for key in keys]
    return schemas.from_columns(OBSTRUCTIONS, columns, len(keys))


def placed(
    dossier: Dossier, rules: PublicationRules, period: Period
) -> Iterator[tuple[dict[str, Any], Place]]:
    """Exposures that touch a period, each with its district; never with its coordinates.

    Nor, in a release, with the name of an area that is finer than a cell: its block is named.
    """
    calendar = dossier.agreement.calendar
    began = calendar.bounds(period.first_day).began
    ended = calendar.bounds(period.last_day).ended
    exposures = dossier.exposures.filter(
        pc.and_(
            pc.less(dossier.exposures["began"], pa.scalar(ended, schemas.INSTANT)),
            pc.greater(dossier.exposures["ended"], pa.scalar(began, schemas.INSTANT)),
        )
    ).sort_by("exposure_id")
    lat = pc.cast(exposures["lat"], pa.float64()).to_numpy()
    lon = pc.cast(exposures["lon"], pa.float64()).to_numpy()
    finer = finer_areas(dossier)
    for n, row in enumerate(exposures.select(_READ).to_pylist()):
        named = None if row["area_id"] in finer else area_name(dossier, row["area_id"])
        if named:
            yield row, Place(name=named)
        elif not np.isnan(lat[n]) and not np.isnan(lon[n]):
            sides = block(float(lat[n]), float(lon[n]), rules.block_deg)
            yield row, Place(name=_block_name(sides), bounds=sides)
        else:
            yield row, Place(name="place not stated")


def _block_name(sides: tuple[float, float, float, float]) -> str:
    west, south, east, north = sides
    lat, lon = sorted((abs(south), abs(north))), sorted((abs(west), abs(east)))
    rows = f"{lat[0]:g}–{lat[1]:g}°\u00a0{'N' if north > 0 else 'S'}"
    return f"block {rows}, {lon[0]:g}–{lon[1]:g}°\u00a0{'E' if east > 0 else 'W'}"


def _split(
    row: dict[str, Any], calendar: LegalCalendar, period: Period
) -> Iterator[tuple[date, float]]:
    day = max(calendar.day(row["began"]), period.first_day)
    while day <= period.last_day:
        bounds = calendar.bounds(day)
        began, ended = max(row["began"], bounds.began), min(row["ended"], bounds.ended)
        if began >= ended and bounds.began >= row["ended"]:
            return
        yield day, max((ended - began).total_seconds(), 0.0) / 3600
        day += timedelta(days=1)


def party_names(dossier: Dossier) -> dict[str, str]:
    """Party ids by every name of theirs, in small letters."""
    return {
        name.casefold(): party.party_id
        for party in dossier.agreement.parties
        for name in (party.party_id, *party.names.values(), *party.aliases)
    }


def actor(word: str | None, names: dict[str, str]) -> str | None:
    """A party's id; nobody else is named."""
    return None if word is None else names.get(word.casefold(), OTHER_ACTOR)


def _whole(hours: float) -> float:
    return float(int(hours + 0.5))


def _sum(minutes: list[float | None]) -> float | None:
    known = [each for each in minutes if each is not None]
    return float(round(sum(known))) if known else None
