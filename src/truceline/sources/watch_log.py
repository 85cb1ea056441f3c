"""Logs of cameras and drones: when they watched, when they were out, when they were interfered with."""

import bisect
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.vocabulary import IncidentType
from truceline.sources.assembly import Part, assemble
from truceline.sources.contract import RawFile, ReadContext, Reading
from truceline.sources.delimited import Sheet
from truceline.sources.faults import Faults, gather, where
from truceline.sources.figures import to_float64
from truceline.sources.identity import with_content_ids
from truceline.sources.several import joined, of_taken
from truceline.sources.spans import Spans, spans
from truceline.sources.template import template_sheets, times, within
from truceline.sources.words import closed, free, required

STATES = ("watch", "outage", "jammed")
SHARED = (
    "log_id", "state", "began", "ended", "lat", "lon", "p_detect", "reason", "area_id", "group",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """What was wholly in view, as `lat`, `lon`, `radius_m`, and where the sensor itself was."""

    lat: pa.Array
    lon: pa.Array
    radius_m: pa.Array
    own_lat: pa.Array
    own_lon: pa.Array
    faults: Faults
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """A kind of log: its feed, the column that names the sensor, its own columns, its view."""

    feed: str
    sensor: str
    kind: str  # source kind and means alike
    columns: tuple[str, ...]
    circle: Callable[[Sheet], Circle]


def read_log(files: Sequence[RawFile], context: ReadContext, log: Log) -> Reading:
    """Exposures from a log, and an observation of each interference.

    A watch that overlaps an outage of the same sensor is refused: it cannot have seen then, and its
    silence would speak for hours in which nobody looked.
    """
    sheets, whole = template_sheets(
        files,
        context,
        feed=log.feed,
        required=(log.sensor, "state", "began", "ended"),
        known=(*SHARED, log.sensor, *log.columns),
    )
    read = [_read_sheet(sheet, context, log) for sheet in sheets]
    blind = _overlaps(read)
    parts = [_exposures(one, bad, log) for one, bad in zip(read, blind, strict=True)]
    hours = assemble("exposures", parts, files=files, context=context, refused=whole)
    jammed = [of_taken(_interference(one, log), hours.tables["exposures"]) for one in read]
    return joined((hours, assemble("observations", jammed, files=files)), files)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    sheet: Sheet
    identifier: pa.Array
    sensor: pa.Array
    state: pa.Array
    when: Spans
    circle: Circle
    p_detect: pa.Array
    faults: Faults
    notes: tuple[str, ...]


def _read_sheet(sheet: Sheet, context: ReadContext, log: Log) -> _Rows:
    read_times = times(sheet, context, ("began", "ended"))
    when = spans(read_times["began"], read_times["ended"], name=sheet.file.name)
    sensor, nameless = required(sheet, log.sensor, f"write which {log.sensor} it was")
    state, said = closed(sheet, "state", STATES, None)
    circle = log.circle(sheet)
    p_detect, improbable = within(sheet, "p_detect", 1.0)
    faults: Faults = {}
    unstated = state.is_null().to_numpy(zero_copy_only=False)
    gather(faults, where(unstated, "state is not stored", f"write one of {', '.join(STATES)}"))
    endless = ~read_times["ended"].is_known & ~when.is_date_only
    gather(faults, where(endless, "ended is empty", "write until when it was so"))
    gather(faults, nameless, when.faults, circle.faults, improbable)
    return _Rows(
        sheet=sheet,
        identifier=with_content_ids(sheet, free(sheet, "log_id"), log.feed),
        sensor=sensor,
        state=pc.fill_null(state, ""),
        when=when,
        circle=circle,
        p_detect=p_detect,
        faults=faults,
        notes=(*when.notes, *said, *circle.notes),
    )


def _overlaps(read: Sequence[_Rows]) -> list[Faults]:
    """Faults of watches that overlap an outage of the same sensor, in whichever file."""
    out: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for one in read:
        for row, (name, state) in enumerate(_names(one)):
            if state in {"outage", "jammed"} and row not in one.faults:
                place = f"line {one.sheet.lines[row]} of {one.sheet.file.name}"
                out[name].append((*_span(one, row), place))
    found: list[Faults] = [{} for _ in read]
    for hours in out.values():
        hours.sort()
    latest = {name: np.maximum.accumulate([h[1] for h in hours]) for name, hours in out.items()}
    for bad, one in zip(found, read, strict=True):
        for row, (name, state) in enumerate(_names(one)):
            if state != "watch" or name not in out or row in one.faults:
                continue
            began, ended = _span(one, row)
            before = bisect.bisect_left(out[name], (ended,))
            if before and latest[name][before - 1] > began:
                place = next(h[2] for h in out[name][:before] if h[1] > began)
                reason = f"it says that it watched during its own outage ({place})"
                bad[row] = (
                    reason,
                    "end the watch where the outage begins, and begin it anew after",
                )
    return found


def _names(one: _Rows) -> list[tuple[str, str]]:
    names = pc.utf8_lower(one.sensor).to_pylist()
    return list(zip(names, one.state.to_pylist(), strict=True))


def _span(one: _Rows, row: int) -> tuple[int, int]:
    return int(one.when.began_us[row]), int(one.when.ended_us[row])


def _exposures(one: _Rows, blind: Faults, log: Log) -> Part:
    faults = dict(one.faults)
    gather(faults, blind)
    is_watch = pc.equal(one.state, "watch")
    nothing = pa.scalar(None, pa.float64())
    columns: dict[str, Any] = {
        "exposure_id": one.identifier,
        "source": one.sensor,
        "kind": pc.if_else(is_watch, "watch", "outage"),
        **one.when.columns(),
        "lat": one.circle.lat,
        "lon": one.circle.lon,
        "radius_m": one.circle.radius_m,
        "area_id": free(one.sheet, "area_id"),
        "p_detect": pc.if_else(is_watch, one.p_detect, nothing),
        "reason": free(one.sheet, "reason"),
    }
    return Part(sheet=one.sheet, columns=columns, faults=faults, notes=one.notes)


def _interference(one: _Rows, log: Log) -> Part:
    """The jammed rows as observations, placed where the sensor was; the others say nothing here."""
    quiet = ~np.asarray(pc.equal(one.state, "jammed"))
    has_place = one.circle.own_lat.is_valid()
    error_m = pc.if_else(has_place, one.circle.radius_m, pa.scalar(None, pa.float64()))
    azimuth = to_float64(np.where(np.asarray(error_m.is_valid()), 0.0, np.nan))
    columns: dict[str, Any] = {
        "observation_id": pc.binary_join_element_wise(one.identifier, "interference", ":"),
        "feed": log.feed,
        "source": one.sensor,
        "source_kind": log.kind,
        "root": pc.coalesce(free(one.sheet, "group"), one.sensor),
        **one.when.columns(),
        "is_date_only": one.when.is_date_only,
        "lat": one.circle.own_lat,
        "lon": one.circle.own_lon,
        "error_major_m": error_m,
        "error_minor_m": error_m,
        "error_azimuth_deg": azimuth,
        "place_kind": pc.if_else(has_place, "ellipse", pa.scalar(None, pa.string())),
        "area_id": free(one.sheet, "area_id"),
        "type": IncidentType.SENSOR_INTERFERENCE.value,
        "type_confidence": _INTERFERED,
        "direction": "undetermined",
        "means": log.kind,
        "stance": "none",
        "text": free(one.sheet, "reason"),
    }
    nothing = where(quiet, "no interference", "nothing")
    return Part(sheet=one.sheet, columns=columns, faults=nothing)


# A link may also fail by itself: assumed, as the mission of 2020 wrote "probable jamming".
_INTERFERED = 0.8
