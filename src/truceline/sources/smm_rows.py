"""Rows of a violation table in the plain columns, and the coordinates of the towns that they name."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pyarrow as pa

from truceline.model.errors import SourceError
from truceline.sources import smm_words as words
from truceline.sources.contract import RawFile, ReadContext
from truceline.sources.degrees import points
from truceline.sources.delimited import Sheet, read_sheet
from truceline.sources.faults import Faults
from truceline.sources.smm_words import Towns, plain_town

CUT_OFF = "19:30"  # local time at which the SMM's reporting period ended (its daily reports)
ALIASES: Mapping[str, str] = {
    "smm_position": "position", "no.": "number", "no": "number", "date,_time": "date_time",
    "date_and_time": "date_time", "location": "event_location",
}  # fmt: skip
KNOWN = (
    "position", "event_location", "means", "number", "observation", "description", "weapon",
    "date_time", "date", "time", "report_date", "row_id",
)  # fmt: skip
_NEEDED = ("position", "event_location", "number", "observation")

Cells = Mapping[str, str]


def named(file: RawFile, context: ReadContext) -> Sheet:
    """A file of the mission's columns, by any of their known headings.

    Raises
    ------
    SourceError
        It lacks a column.
    """
    sheet = read_sheet(file, required=(), options=context.options)
    columns = {ALIASES.get(name, name): column for name, column in sheet.columns.items()}
    missing = [name for name in _NEEDED if name not in columns]
    if missing:
        have = ", ".join(sheet.columns)[:300]
        msg = (
            f"{file.name}:1: columns {', '.join(missing)} are missing; it has {have}; give the "
            "table of violations with its headings, or a table of towns with town, lat and lon"
        )
        raise SourceError(msg)
    strange = sorted(set(columns) - set(KNOWN))
    said = (f"{file.name}: columns not read: {', '.join(strange)[:300]}",) if strange else ()
    return replace(sheet, columns=columns, notes=(*sheet.notes, *said))


def towns_of(file: RawFile, context: ReadContext) -> dict[str, tuple[float, float]] | None:
    """Coordinates by town of a side table; None where the file is something else.

    Raises
    ------
    SourceError
        A coordinate cannot be: a wrong town would misplace every event near it.
    """
    try:
        sheet = read_sheet(file, required=("town", "lat", "lon"), options=context.options)
    except SourceError:
        return None
    at = points(sheet, "lat", "lon")
    if at.faults or sheet.refused:
        row, (reason, advice) = min(at.faults.items(), default=(0, ("a row is damaged", "mend it")))
        line = int(sheet.lines[row]) if at.faults else sheet.refused[0].line
        msg = f"{file.name}:{line}: {reason}; {advice}: a town misplaced misplaces its events"
        raise SourceError(msg)
    names = sheet.columns["town"].to_pylist()
    rows = zip(names, at.lat.tolist(), at.lon.tolist(), strict=True)
    return {plain_town(name): (lat, lon) for name, lat, lon in rows if name and lat == lat}


def plain(sheet: Sheet, towns: Towns, cut_off: str) -> tuple[Sheet, Faults, list[str]]:
    """A table in the plain columns, faults of its numbers, and notes.

    Parameters
    ----------
    sheet
        With the columns `KNOWN`.
    towns
        Degrees by plain name.
    cut_off
        Local time at which a reporting period ends, such as `19:30`.
    """
    given = {name: sheet.column(name).to_pylist() for name in KNOWN}
    faults: Faults = {}
    missing: dict[str, int] = {}
    rows: list[dict[str, str]] = []
    for number in range(sheet.rows):
        cells = {name: (values[number] or "").strip() for name, values in given.items()}
        row, town = _row(cells, towns, cut_off)
        if town:
            missing[town] = missing.get(town, 0) + 1
        counted = words.number_of(cells["number"]) if cells["number"] else {}
        if counted is None and cells["number"].casefold() not in {"n/k", "several", "unknown"}:
            reason = f"number '{cells['number'][:40]}' is not a count"
            faults[number] = (reason, "write 4, 2-3 or at least 98, or N/K if it is not known")
        rows.append(row | (counted or {}))
    names = sorted({name for row in rows for name in row})
    columns = {
        name: pa.array([row.get(name) or None for row in rows], pa.string()) for name in names
    }
    notes = [
        f"{sheet.file.name}: rows are taken as reported when their period ended, {cut_off} local"
    ]
    if missing:
        shown = ", ".join(f"{town} ({count})" for town, count in sorted(missing.items())[:20])
        notes.append(
            f"{sheet.file.name}: places without coordinates, so not on the map: {shown}; "
            "give a table with town, lat and lon"
        )
    return replace(sheet, columns=columns), faults, notes


def _row(cells: Cells, towns: Towns, cut_off: str) -> tuple[dict[str, str], str | None]:
    unit = words.unit_of(cells["observation"])
    told = [cells[name] for name in ("observation", "description", "weapon") if cells[name]]
    place, missing = words.place_of(cells["event_location"], cells["position"], towns)
    weapon = "" if cells["weapon"].casefold() in {"n/k", "unknown", "-"} else cells["weapon"]
    row = {
        "observation_id": cells["row_id"],
        "source": cells["position"],
        "source_kind": "camera" if "camera" in cells["position"].casefold() else "patrol",
        "means": words.means_of(cells["means"]) or "",
        "type": words.type_of(weapon, unit, cells["description"]) or "",
        "direction": words.direction_of(cells["description"], unit),
        "weapon": weapon,
        "count_unit": unit or "",
        "place_name": cells["event_location"],
        "text": "; ".join(told),
        **place,
        **_times(cells, cut_off),
    }
    return row, missing


def _times(cells: Cells, cut_off: str) -> dict[str, str]:
    """Begin and end as written, and the cut-off of the period in which it ended.

    A row without any time of its own lies in the period that its report closes.
    """
    day = cells["date"] or words.without_clocks(cells["date_time"])
    clocks = words.clocks_of(cells["time"] or cells["date_time"])
    report = cells["report_date"]
    if not day:
        before = _day_after(report, -1)
        if before is None:
            return {"reported_at": report}
        return {"began": f"{before} {cut_off}", "ended": f"{report} {cut_off}",
                "reported_at": f"{report} {cut_off}"}  # fmt: skip
    if clocks is None:
        closed = _day_after(day, 1)  # the later of the two periods that share a day
        return {"began": day, "reported_at": f"{report or closed or day} {cut_off}"}
    began, ended = clocks
    last = day
    if ended is not None and _minutes(ended) < _minutes(began):
        last = _day_after(day, 1) or day
    at = ended or began
    closed = last if _minutes(at) <= _minutes(cut_off) else _day_after(last, 1)
    times = {"began": f"{day} {began}", "ended": f"{last} {at}"}
    return times | ({"reported_at": f"{report or closed} {cut_off}"} if report or closed else {})


def _day_after(day: str, days: int) -> str | None:
    try:
        return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
    except (ValueError, OverflowError):
        return None


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")[:2]
    return int(hour) * 60 + int(minute)


def towns_in(options: Mapping[str, object]) -> dict[str, tuple[float, float]]:
    """Coordinates of towns from the option `towns`.

    Raises
    ------
    SourceError
        One of them is no pair of degrees.
    """
    given = options.get("towns", {})
    found: dict[str, tuple[float, float]] = {}
    for name, at in given.items() if isinstance(given, Mapping) else [(str(given), None)]:
        pair: Sequence[object] = at if isinstance(at, list | tuple) else ()
        numbers = [
            one for one in pair if isinstance(one, int | float) and not isinstance(one, bool)
        ]
        if len(numbers) != 2 or len(pair) != 2 or abs(numbers[0]) > 90 or abs(numbers[1]) > 180:
            msg = f"option `towns`: {name!r} is {at!r}; write its name with [lat, lon] in degrees"
            raise SourceError(msg)
        found[plain_town(str(name))] = (float(numbers[0]), float(numbers[1]))
    return found
