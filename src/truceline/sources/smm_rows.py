"""Rows of a violation table in the plain columns, and the coordinates of the towns that they name."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.errors import SourceError
from truceline.sources import smm_words as words
from truceline.sources.contract import RawFile, ReadContext
from truceline.sources.degrees import points
from truceline.sources.delimited import Sheet, read_sheet
from truceline.sources.faults import Faults, gather, where
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

_TOLD = ("position", "event_location", "means", "observation", "description", "weapon")
_WHEN = ("date_time", "date", "time", "report_date")

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
    told = _coded(sheet, _TOLD, lambda cells: _row(cells, towns))
    when = _coded(sheet, _WHEN, lambda cells: (_times(cells, cut_off), None))
    many = _coded(sheet, ("number",), _number)
    columns = {name: column for coded in (told, when, many) for name, column in _columns(coded)}
    columns["observation_id"] = sheet.column("row_id")
    faults: Faults = {}
    advice = "write 4, 2-3 or at least 98, or N/K if it is not known"
    for code, (_, wrong) in enumerate(many.rows):
        if wrong is not None:
            reason = f"number '{wrong[:40]}' is not a count"
            gather(faults, where(many.codes == code, reason, advice))
    missing: dict[str, int] = {}
    often = np.bincount(told.codes, minlength=len(told.rows))
    for (_, town), count in zip(told.rows, often.tolist(), strict=True):
        if town:
            missing[town] = missing.get(town, 0) + count
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


class _Coded(NamedTuple):
    """What distinct cells say, each said once: and which of them each row holds."""

    rows: list[tuple[dict[str, str], str | None]]
    codes: npt.NDArray[np.int64]


def _coded(
    sheet: Sheet, names: Sequence[str], read: Callable[[Cells], tuple[dict[str, str], str | None]]
) -> _Coded:
    lists = [pc.fill_null(sheet.column(name), "").to_pylist() for name in names]
    seen: dict[tuple[str, ...], int] = {}
    codes = [seen.setdefault(cells, len(seen)) for cells in zip(*lists, strict=True)]
    said = ({name: cell.strip() for name, cell in zip(names, cells, strict=True)} for cells in seen)
    return _Coded([read(cells) for cells in said], np.array(codes, dtype=np.int64))


def _columns(coded: _Coded) -> Iterator[tuple[str, pa.Array]]:
    codes = pa.array(coded.codes)
    for name in sorted({name for row, _ in coded.rows for name in row}):
        cells = [row.get(name) or None for row, _ in coded.rows]
        yield name, pa.array(cells, pa.string()).take(codes)


def _number(cells: Cells) -> tuple[dict[str, str], str | None]:
    """Counts of a number as written, and the words where they are none."""
    number = cells["number"]
    if not number or number.casefold() in {"n/k", "several", "unknown"}:
        return {}, None
    counted = words.number_of(number)
    return ({}, number) if counted is None else (counted, None)


def _row(cells: Cells, towns: Towns) -> tuple[dict[str, str], str | None]:
    unit = words.unit_of(cells["observation"])
    told = [cells[name] for name in ("observation", "description", "weapon") if cells[name]]
    place, missing = words.place_of(cells["event_location"], cells["position"], towns)
    weapon = "" if cells["weapon"].casefold() in {"n/k", "unknown", "-"} else cells["weapon"]
    row = {
        "source": cells["position"],
        "source_kind": "camera" if "camera" in cells["position"].casefold() else "patrol",
        "means": words.means_of(cells["means"]) or "",
        "type": words.type_of(weapon, unit, cells["description"]) or "",
        "direction": words.direction_of(cells["description"], unit),
        "weapon": weapon,
        "count_unit": unit or "",
        "place_name": words.place_name_of(cells["event_location"], cells["position"]),
        "text": "; ".join(told),
        **place,
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
    times = {"began": f"{day} {began}"} | ({"ended": f"{last} {ended}"} if ended else {})
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
