"""From fixes to evidence: what entered an area, heard or silent, and what disturbed the hearing.

Positions stay here. What goes on to the record is that something was in an area from when to when, at
a place no finer than a cell of `GRAIN_DEG`: no address, no name, no track, and nothing outside.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from truceline.geometry.bridge import entry_probability
from truceline.geometry.offset import between
from truceline.geometry.plane import to_plane
from truceline.geometry.trails import leaps, silences, visits
from truceline.geometry.zone_index import index_zones, inside
from truceline.model.errors import SourceError
from truceline.model.place import SIGMAS_95
from truceline.sources.assembly import in_order
from truceline.sources.contract import RawFile, ReadContext, Reading, Refusal
from truceline.sources.faults import Mask
from truceline.sources.fixes import KINDS, Fixes, sound
from truceline.sources.instants import to_instants
from truceline.sources.reception import (
    BY_CHANCE,
    CELL_DEG,
    Reception,
    hearing,
    outages,
    p_heard,
    p_silent,
    reception,
)
from truceline.sources.zones import OPTION, Zone, zones_of
from truceline.tables import schemas

GRAIN_DEG = 0.05  # places are told on this grid: some 5 km, the red line of a release
GRAIN_M = 4_000.0  # half the diagonal of a cell of it, at the equator
LIKELY_P = (
    0.5  # an entry while silent is told from here on: an account of what is less likely than not
)
# would go into an incident as if somebody had seen it; assumed
NEAR_P = 0.05  # a silence matters to a zone where an entry was at least this likely; assumed
_MINUTE_US = 60_000_000
OPTIONS: Mapping[str, str] = {
    "zones": OPTION,
    "receiver": "name of the receiver or network, as the source; the feed's name where absent",
    "speed_m_s": "the most that anything heard can do: beyond it a leap is told as interference",
    "wander": "metres per root second by which something silent strays from the straight way",
    "entry_p": "least probability from which an entry while silent is told; 0.5 where absent",
    "silence_s": "seconds without a fix from which something counts as silent",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What a system's tracks are like, where an option does not say otherwise."""

    feed: str
    speed_m_s: float
    wander: float
    silence_s: float
    entry_p: float = LIKELY_P


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One row to come: rows of its first and last fix, its type, and how likely it is, if that is known."""

    first: int
    last: int
    type: str
    p: float | None = None
    is_anywhere: bool = False  # somewhere in the zone, nobody knows where
    stray_m: float = 0.0


def passages(
    fixes: Fixes,
    files: Sequence[RawFile],
    context: ReadContext,
    habits: Habits,
    *,
    refused: Iterable[Refusal] = (),
    notes: Iterable[str] = (),
) -> Reading:
    """Observations of what entered the zones, and exposures of the receiver.

    Parameters
    ----------
    fixes
        Of all files together, in any order.
    habits
        The system's own figures; options of the same names replace them.
    refused, notes
        Of reading the files.

    Raises
    ------
    SourceError
        No zone is known, or an option is no figure above 0.
    """
    zones, habits = zones_of(context, habits.feed), _habits(context, habits)
    kept, late, repeats = sound(fixes, files, context)
    is_leap = leaps(kept.track, kept.at_us, kept.lat, kept.lon, kept.error_m, habits.speed_m_s)
    heard = reception(kept, habits.silence_s)
    told = [(zone, row) for zone in zones for row in _zone(zone, kept, is_leap, heard, habits)]
    observations = _observations(told, kept, files, context, habits)
    exposures = _exposures(zones, heard, files, context, habits)
    every = [*refused, *late]
    rows = observations.num_rows + exposures.num_rows
    return Reading(
        tables={"observations": observations, "exposures": exposures},
        upstream=rows + len(every),
        taken=rows,
        refused=in_order(every, files),
        notes=(*notes, *_notes(kept, repeats, is_leap, habits)),
    )


def _habits(context: ReadContext, habits: Habits) -> Habits:
    chosen = {field.name: getattr(habits, field.name) for field in fields(habits)}
    for name in ("speed_m_s", "wander", "silence_s", "entry_p"):
        value = context.options.get(name, chosen[name])
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e6:
            msg = f"feed {habits.feed}: option `{name}` is {value!r}; give a figure above 0"
            raise SourceError(msg)
        chosen[name] = float(value)
    return Habits(**chosen)


def _zone(
    zone: Zone, fixes: Fixes, is_leap: Mask, heard: Reception, habits: Habits
) -> Iterator[Told]:
    """What one zone's record says: visits, entries while silent, silences that are no chance."""
    if not len(fixes.track):
        return
    is_in = inside(index_zones([[[zone.ring]]]), fixes.lon, fixes.lat, 0)
    after = np.append(is_leap[1:], False)
    for first, last in zip(*visits(fixes.track, is_in, is_leap), strict=True):
        doubtful = is_leap[first] or after[last]
        kind = "sensor_interference" if doubtful else KINDS[fixes.kind[first]]
        yield Told(first=int(first), last=int(last), type=kind)
    quiet = silences(fixes.track, fixes.at_us, is_leap, habits.silence_s)
    outside = quiet[~is_in[quiet] & ~is_in[quiet + 1]]
    p = dict(zip(outside.tolist(), _entered(zone, fixes, outside, habits).tolist(), strict=True))
    for row in quiet.tolist():
        chance = p.get(row)
        if chance is not None and chance < NEAR_P:
            continue
        if chance is not None and chance >= habits.entry_p:
            kind = KINDS[fixes.kind[row]]
            yield Told(first=row, last=row + 1, type=kind, p=chance, is_anywhere=True)
        if p_silent(heard, row) < BY_CHANCE:
            silent_s = (fixes.at_us[row + 1] - fixes.at_us[row]) / 1e6
            stray_m = SIGMAS_95 * habits.wander * np.sqrt(silent_s) / 2
            most_m = min(float(stray_m), habits.speed_m_s * silent_s / 2)
            yield Told(first=row, last=row + 1, type="sensor_interference", stray_m=most_m)


def _entered(zone: Zone, fixes: Fixes, rows: Any, habits: Habits) -> Any:
    lat0, lon0 = zone.middle()
    ends = [
        np.column_stack(to_plane(fixes.lat[at], fixes.lon[at], lat0, lon0))
        for at in (rows, rows + 1)
    ]
    silent_s = (fixes.at_us[rows + 1] - fixes.at_us[rows]) / 1e6
    return entry_probability(
        ends[0], ends[1], silent_s, zone.edges_m(), habits.wander, habits.speed_m_s
    )


def _observations(
    told: list[tuple[Zone, Told]],
    fixes: Fixes,
    files: Sequence[RawFile],
    context: ReadContext,
    habits: Habits,
) -> Any:
    receiver = str(context.options.get("receiver", habits.feed))
    made = [_row(zone, row, fixes, files) for zone, row in told]
    made.sort(
        key=lambda row: (row["began"], row["ended"], row["type"], row["area_id"] or "", row["key"])
    )
    names = _ids(made, habits.feed, receiver)
    columns = {name: [row[name] for row in made] for name in _ROW}
    for name in ("began", "ended"):
        columns[name] = to_instants(np.array(columns[name], np.int64))
    constant = {
        "feed": habits.feed,
        "source": receiver,
        "source_kind": "other",
        "root": receiver,  # what one receiver hears never corroborates itself
        "is_date_only": False,
        "direction": "transit",
        "stance": "none",
        "observation_id": names,
    }
    return schemas.from_columns(schemas.OBSERVATIONS, columns | constant, len(made))


_ROW = (
    "began", "ended", "lat", "lon", "error_major_m", "error_minor_m", "error_azimuth_deg",
    "place_kind", "area_id", "type", "type_confidence", "exhibit", "file", "line",
)  # fmt: skip


def _row(zone: Zone, told: Told, fixes: Fixes, files: Sequence[RawFile]) -> dict[str, Any]:
    first, last = told.first, told.last
    if told.is_anywhere:
        lat, lon, major, minor, azimuth = zone.somewhere()
    else:
        lat, lon = (_coarse((axis[first] + axis[last]) / 2) for axis in (fixes.lat, fixes.lon))
        ends = [axis[[first, last]] for axis in (fixes.lat, fixes.lon)]
        east, north = between(np.full(2, lat), np.full(2, lon), *ends)
        half_m = float(np.hypot(east, north).max())
        wide_m = max(half_m, GRAIN_M) + float(fixes.error_m[[first, last]].max()) + told.stray_m
        major, minor, azimuth = wide_m, wide_m, 0.0
    file = files[fixes.file[first]]
    return {
        "began": int(fixes.at_us[first] // _MINUTE_US) * _MINUTE_US,
        "ended": int(fixes.at_us[last] // _MINUTE_US + 1) * _MINUTE_US,
        "lat": lat,
        "lon": lon,
        "error_major_m": major,
        "error_minor_m": minor,
        "error_azimuth_deg": azimuth,
        "place_kind": "area" if told.is_anywhere else "ellipse",
        "area_id": zone.area_id,
        "type": told.type,
        "type_confidence": told.p,
        "exhibit": file.sha256,
        "file": file.name,
        "line": int(fixes.line[first]),
        "key": (lat, lon, int(fixes.track[first]), file.name, int(fixes.line[first])),
    }


def _coarse(degrees: float) -> float:
    """The middle of the cell of the grid."""
    return round((np.floor(degrees / GRAIN_DEG) + 0.5) * GRAIN_DEG, 6)


def _ids(rows: list[dict[str, Any]], feed: str, receiver: str) -> list[str]:
    """Digests of what is told; the same told twice is two things, numbered."""
    seen: dict[str, int] = {}
    names = []
    for row in rows:
        said = "\x1f".join(str(row[name]) for name in _ROW[:11])
        digest = hashlib.sha256(f"{receiver}\x1f{said}".encode()).hexdigest()[:16]
        seen[digest] = seen.get(digest, 0) + 1
        names.append(f"{feed}:{digest}" + (f":{seen[digest]}" if seen[digest] > 1 else ""))
    return names


def _exposures(
    zones: list[Zone],
    heard: Reception,
    files: Sequence[RawFile],
    context: ReadContext,
    habits: Habits,
) -> Any:
    """The receiver's watches and outages. None has a place: it hears transponders and no shot, so its
    silence must not speak about anything else that happens there."""
    receiver = str(context.options.get("receiver", habits.feed))
    rows: list[tuple[str, int, int, float | None, str]] = [
        ("outage", began, ended, None, "nobody at all was heard, for longer than chance allows")
        for began, ended in outages(heard.fixes)
    ]
    for zone in zones:
        cells = _cells(zone)
        said = f"transponders were heard in or about {zone.area_id or 'the area of the mission'}"
        p = p_heard(heard, cells)
        rows += [("watch", *span, p, said) for span in hearing(heard, cells)]
    fixes = heard.fixes
    at = [_first_after(fixes, row[1] if row[0] == "watch" else row[2]) for row in rows]
    ids = [  # of two logs that share ten minutes, each has its own
        hashlib.sha256(f"{receiver}{row!r}{int(fixes.at_us[n])}".encode()).hexdigest()[:16]
        for row, n in zip(rows, at, strict=True)
    ]
    columns = {
        "exposure_id": [f"{habits.feed}:{name}" for name in ids],
        "source": receiver,
        "kind": [row[0] for row in rows],
        "began": to_instants(np.array([row[1] for row in rows], np.int64)),
        "ended": to_instants(np.array([row[2] for row in rows], np.int64)),
        "p_detect": [row[3] for row in rows],
        "reason": [row[4] for row in rows],
        "exhibit": [files[fixes.file[n]].sha256 for n in at],
        "file": [files[fixes.file[n]].name for n in at],
        "line": [int(fixes.line[n]) for n in at],
    }
    return schemas.from_columns(schemas.EXPOSURES, columns, len(rows))


def _first_after(fixes: Fixes, at_us: int) -> int:
    """Row of the first fix from an instant on."""
    return int(np.argmin(np.where(fixes.at_us >= at_us, fixes.at_us, np.iinfo(np.int64).max)))


def _cells(zone: Zone) -> Any:
    lons, lats = zip(*zone.ring, strict=True)
    south, north = (int(np.floor(value / CELL_DEG)) for value in (min(lats), max(lats)))
    west, east = (int(np.floor(value / CELL_DEG)) for value in (min(lons), max(lons)))
    rows, columns = np.arange(south, north + 1), np.arange(west, east + 1)
    return (rows[:, None] * 10_000 + columns[None, :]).ravel()


def _notes(fixes: Fixes, repeats: int, is_leap: Mask, habits: Habits) -> Iterator[str]:
    tracks = len(np.unique(fixes.track))
    yield (
        f"{len(fixes.track)} fixes of {tracks} tracks were read, and {repeats} repeats of them; only "
        "what enters a zone is told, and no address is kept"
    )
    yield (
        f"assumed unless stated: at most {habits.speed_m_s:g} m/s, silent from {habits.silence_s:g} s, "
        f"straying {habits.wander:g} m per root second"
    )
    if is_leap.any():
        yield f"{int(is_leap.sum())} leaps beyond that speed: in a zone they are told as interference"
