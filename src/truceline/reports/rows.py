"""The annexed table: acts of a stretch of legal days, one row each, as fine as the view may see."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from truceline.agreement.terms import Agreement
from truceline.agreement.weapon import parse as parse_weapon
from truceline.model.time import LegalCalendar, from_microseconds, to_microseconds
from truceline.model.vocabulary import Direction, IncidentType, Means
from truceline.reports.coarsen import cell_steps, cells, hours, reach_m, speakable, widen
from truceline.reports.contract import ROWS, Dossier, Period, View
from truceline.reports.districts import Districts, small_zones
from truceline.reports.rules import PublicationRules
from truceline.tables import schemas

Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

EPOCH = date(1970, 1, 1)
TYPES = frozenset(t.value for t in IncidentType)
DIRECTIONS = frozenset(d.value for d in Direction)
MEANS = frozenset(m.value for m in Means)


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """What stands behind each incident: withheld observations, means and positions.

    Parameters
    ----------
    sealed, members
        `(incidents,)` how many observations.
    means, positions, places
        `(incidents,)` words, joined; where it was as the reports name it, for the commission alone.
    """

    sealed: Integers
    members: Integers
    means: list[str | None]
    positions: list[str | None]
    places: list[str | None]


def legal_days(at_us: Integers, calendar: LegalCalendar) -> Integers:
    """Legal day of each instant, as whole days since 1970."""
    if not len(at_us):
        return np.zeros(0, np.int64)
    first = calendar.day(from_microseconds(int(at_us.min())))
    last = calendar.day(from_microseconds(int(at_us.max())))
    opens = [calendar.bounds(first + timedelta(days=n)) for n in range((last - first).days + 1)]
    at = np.array([to_microseconds(each.began) for each in opens])
    return np.searchsorted(at, at_us, side="right") - 1 + (first - EPOCH).days


def microseconds(column: pa.ChunkedArray) -> Integers:
    """Instants as whole microseconds of UTC since 1970."""
    return np.asarray(pc.cast(column, pa.int64()), dtype=np.int64)


def incident_days(dossier: Dossier) -> Integers:
    """Legal day of the middle of each incident; counts use the same."""
    began = microseconds(dossier.incidents["began"])
    ended = microseconds(dossier.incidents["ended"])
    return legal_days(began + (ended - began) // 2, dossier.agreement.calendar)


def within(day: Integers, period: Period) -> Mask:
    """Which legal days lie in a period."""
    first, last = (period.first_day - EPOCH).days, (period.last_day - EPOCH).days
    return np.asarray((day >= first) & (day <= last))


def behind(dossier: Dossier, is_sealed: Mask, *, is_release: bool) -> Behind:
    """What stands behind each incident of the dossier; names of places only for the commission."""
    incident = pc.index_in(
        dossier.members["incident_id"],
        value_set=dossier.incidents["incident_id"].combine_chunks(),
    )
    observation = pc.index_in(
        dossier.members["observation_id"],
        value_set=dossier.observations["observation_id"].combine_chunks(),
    )
    known = np.asarray(pc.and_(incident.is_valid(), observation.is_valid()))
    owner = np.asarray(incident.fill_null(0), dtype=np.int64)[known]
    row = np.asarray(observation.fill_null(0), dtype=np.int64)[known]
    count = dossier.incidents.num_rows
    means = dossier.observations["means"].take(pa.array(row))
    if is_release:  # a sealed member's own means would tell who it is
        means = pc.if_else(pa.array(~is_sealed[row]), means, None)
    positions, places = (
        dossier.observations[name].take(pa.array(row))
        for name in ("observer_position", "place_name")
    )
    return Behind(
        sealed=np.bincount(owner, weights=is_sealed[row], minlength=count).astype(np.int64),
        members=np.bincount(owner, minlength=count).astype(np.int64),
        means=_joined(owner, means, count, MEANS if is_release else None),
        positions=_joined(owner, positions, count, None),
        places=[None] * count if is_release else _joined(owner, places, count, None),
    )


def rows(
    dossier: Dossier,
    view: View,
    rules: PublicationRules,
    grounds: Districts,
    known: Behind,
    is_shown: Mask,
) -> pa.Table:
    """Acts of the shown incidents in the columns of `contract.ROWS`, by day, time and id.

    Parameters
    ----------
    is_shown
        `(incidents,)` which incidents to list.
    """
    owner = pc.index_in(
        dossier.acts["incident_id"], value_set=dossier.incidents["incident_id"].combine_chunks()
    )
    at = np.asarray(owner.fill_null(-1), dtype=np.int64)
    kept = np.flatnonzero((at >= 0) & is_shown[at])
    acts = dossier.acts.take(pa.array(kept))
    at = at[kept]
    incidents = dossier.incidents.take(pa.array(at))
    columns = {
        **{name: acts[name] for name in ("act_id", "incident_id")},
        **{name: acts[name] for name in ("count_low", "count_best", "count_high")},
        **{name: incidents[name] for name in ("observations", "independent_roots", "is_date_only")},
        "legal_day": pa.array(incident_days(dossier)[at].astype(np.int32)).cast(pa.date32()),
        "sealed": pa.array(known.sealed[at].astype(np.int32)),
        "means": [known.means[n] for n in at],
        "positions": [known.positions[n] for n in at],
        "is_counted": pc.greater_equal(incidents["p_real"], dossier.agreement.thresholds.p_real),
        "p_real": incidents["p_real"],
        "outcome": _outcomes(dossier, acts),
        **_words(acts, is_release=view.is_release),
        **_times(incidents, rules, is_release=view.is_release),
        **_places(dossier, incidents, rules, grounds, is_release=view.is_release),
    }
    # An area by its name; inside the mission, where there is none, the place as the reports name it.
    named = pa.array([known.places[n] for n in at], pa.string())
    columns["place"] = pc.coalesce(pa.array(columns["place"], pa.string()), named)
    table = schemas.from_columns(ROWS, columns, len(kept))
    order = [(name, "ascending") for name in ("legal_day", "began", "ended", "act_id")]
    return table.sort_by(order)


def _outcomes(dossier: Dossier, acts: pa.Table) -> pa.ChunkedArray:
    row = pc.index_in(acts["act_id"], value_set=dossier.attributions["act_id"].combine_chunks())
    return pc.fill_null(dossier.attributions["outcome"].take(row), "undetermined")


def _words(acts: pa.Table, *, is_release: bool) -> dict[str, list[str | None]]:
    weapons, units = acts["weapon"].to_pylist(), acts["count_unit"].to_pylist()
    if not is_release:
        return {
            "type": acts["type"].to_pylist(),
            "direction": acts["direction"].to_pylist(),
            "weapon": weapons,
            "count_unit": units,
        }
    return {
        "type": [_listed(word, TYPES, "other") for word in acts["type"].to_pylist()],
        "direction": [
            _listed(word, DIRECTIONS, "undetermined") for word in acts["direction"].to_pylist()
        ],
        "weapon": [None if text is None else weapon_class(text) for text in weapons],
        "count_unit": [unit_word(text) for text in units],
    }


def weapon_class(text: str) -> str:
    """Class and calibre of a weapon, never the words as given.

    Examples
    --------
    >>> weapon_class("120 mm mortar of the unit at the mill")
    'mortar 120 mm'
    """
    weapon = parse_weapon(text)
    name = weapon.weapon_class.replace("_", " ")
    return name if weapon.calibre_mm is None else f"{name} {weapon.calibre_mm:g} mm"


def unit_word(text: str | None) -> str | None:
    """A unit of counting, of letters alone; anything else becomes `items`."""
    if text is None:
        return None
    plain = text.replace("_", " ").strip()
    is_word = plain.replace(" ", "").isalpha() and len(plain) <= 30
    return plain if is_word and speakable(plain) else "items"


def _listed(word: str | None, allowed: frozenset[str], other: str) -> str | None:
    return word if word is None or word in allowed else other


def _times(
    incidents: pa.Table, rules: PublicationRules, *, is_release: bool
) -> dict[str, pa.Array]:
    began, ended = microseconds(incidents["began"]), microseconds(incidents["ended"])
    if is_release:
        began, ended = hours(began, ended, rules.time_step_min)
    return {
        "began": pa.array(began).cast(schemas.INSTANT),
        "ended": pa.array(ended).cast(schemas.INSTANT),
    }


def _places(
    dossier: Dossier,
    incidents: pa.Table,
    rules: PublicationRules,
    grounds: Districts,
    *,
    is_release: bool,
) -> dict[str, object]:
    names = ("lat", "lon", "error_major_m", "error_minor_m", "error_azimuth_deg")
    lat, lon, major, minor, azimuth = (
        pc.cast(incidents[name], pa.float64()).to_numpy() for name in names
    )
    has_place = ~np.isnan(lat) & ~np.isnan(lon)
    area = area_labels(dossier, incidents)
    if not is_release:
        shown = [np.where(has_place, value, np.nan) for value in (lat, lon, major, minor, azimuth)]
        return {"place": area, **dict(zip(names, shown, strict=True))}
    lat, lon = cells(lat, lon, rules.cell_m)
    zone = np.full(len(lat), -1, np.int64)
    boxes = _boxes(lat[has_place], lon[has_place], rules.cell_m)
    zone[has_place] = grounds.touching(boxes, rules.cell_m)
    is_zone = zone >= 0
    reach = np.nan_to_num(reach_m(lat, rules.cell_m))
    is_wide = np.nan_to_num(major) > reach
    lat[is_zone], lon[is_zone] = cells(
        grounds.lat[zone[is_zone]], grounds.lon[zone[is_zone]], rules.cell_m
    )
    reach[is_zone] = 2 * reach[is_zone] + grounds.reach_m[zone[is_zone]]
    sizes = widen(np.nan_to_num(major), np.nan_to_num(minor), np.nan_to_num(azimuth), reach)
    # An area's edge through a cell would place more finely than the cell: it is named only where
    # the place is as vague as an area.
    place = [
        f"in or near {grounds.names[zone[n]]}"
        if is_zone[n]
        else (area[n] if is_wide[n] or not has_place[n] else None)
        for n in range(len(lat))
    ]
    shown = [np.where(has_place, value, np.nan) for value in (lat, lon, *sizes)]
    return {"place": place, **dict(zip(names, shown, strict=True))}


def _boxes(
    lat: npt.NDArray[np.float64], lon: npt.NDArray[np.float64], cell_m: float
) -> npt.NDArray[np.object_]:
    """The cells about these middles, as polygons of (lon, lat)."""
    height, width = cell_steps(lat, cell_m)
    made: npt.NDArray[np.object_] = shapely.box(
        lon - width / 2, lat - height / 2, lon + width / 2, lat + height / 2
    )
    return made


def area_labels(dossier: Dossier, incidents: pa.Table) -> list[str | None]:
    """Name of the area that the heaviest place of each incident is known by, if it may be said."""
    heaviest = dossier.posterior.filter(pc.equal(dossier.posterior["component"], 0))
    row = pc.index_in(incidents["incident_id"], value_set=heaviest["incident_id"].combine_chunks())
    finer = finer_areas(dossier)
    areas = heaviest["area_id"].take(row).to_pylist()
    return [None if area in finer else area_name(dossier, area) for area in areas]


def finer_areas(dossier: Dossier) -> frozenset[str]:
    """Areas that no release may name, for they are finer than its cells; none inside the mission."""
    cell_m = dossier.judged_cell_m
    if cell_m is None:
        return frozenset()
    small = small_zones(dossier.agreement, cell_m)
    zones = (zone for zone in dossier.agreement.zones if zone.zone_id in small)
    return frozenset(area for zone in zones for area in (zone.zone_id, *zone.area_ids))


def area_name(dossier: Dossier, area_id: str | None) -> str | None:
    """The name of an area, from the dossier or from a zone that lists its id."""
    if area_id is None:
        return None
    named = dossier.area_names.get(area_id)
    return named or zone_of_area(dossier.agreement, area_id)


def zone_of_area(agreement: Agreement, area_id: str) -> str | None:
    """The zone that an area's id belongs to, by name."""
    for zone in agreement.zones:
        if area_id in (*zone.area_ids, zone.zone_id):
            return zone.name or zone.zone_id
    return None


def _joined(
    owner: Integers, words: pa.ChunkedArray, count: int, allowed: frozenset[str] | None
) -> list[str | None]:
    table = pa.table({"owner": owner, "word": words}).filter(pc.is_valid(words))
    pairs = table.group_by(["owner", "word"]).aggregate([])
    found: list[list[str]] = [[] for _ in range(count)]
    for at, word in zip(pairs["owner"].to_pylist(), pairs["word"].to_pylist(), strict=True):
        found[at].append(word if allowed is None or word in allowed else "other")
    return [", ".join(sorted(set(each))) or None for each in found]
