"""Acts in the 31 columns of ACLED, as far as a column can be known; the rest stays empty."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.time import to_microseconds
from truceline.reports.contract import Format, Release
from truceline.reports.formats.tables import csv

# Column order of an export in ACLED's API of 2024 to 2026.
COLUMNS = (
    "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type",
    "sub_event_type", "actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2",
    "interaction", "civilian_targeting", "iso", "region", "country", "admin1", "admin2", "admin3",
    "location", "latitude", "longitude", "geo_precision", "source", "source_scale", "notes",
    "fatalities", "tags", "timestamp",
)  # fmt: skip
KEPT = (  # our own columns after theirs, so that no figure is lost on the way
    "incident_id", "began", "ended", "is_date_only", "error_major_m", "error_minor_m",
    "error_azimuth_deg", "type", "direction", "weapon", "count_low", "count_best", "count_high",
    "count_unit", "independent_roots", "outcome",
)  # fmt: skip
# ACLED codebook: 1 the day is known, 2 the week, 3 the month; and 1 a named town, 2 a part of a
# region, 3 a larger region. The metres are those by which our reader takes each code (assumed).
WITHIN_DAYS = (1.0, 7.0, 31.0)
WITHIN_M = (3_000.0, 25_000.0, 100_000.0)
_SHELLING = ("Explosions/Remote violence", "Shelling/artillery/missile attack")
_FROM_AIR = ("Explosions/Remote violence", "Air/drone strike")
_MINE = ("Explosions/Remote violence", "Remote explosive/landmine/IED")
# Event and sub-event types of the codebook. What needs two actors, a victim or an intent to be coded
# (a clash, an attack on civilians) is left empty: an act alone does not say it.
TYPES = {
    "mortar": _SHELLING, "artillery": _SHELLING, "mlrs": _SHELLING, "tank_fire": _SHELLING,
    "missile": _SHELLING, "air_strike": _FROM_AIR, "uav_attack": _FROM_AIR, "mine_or_uxo": _MINE,
}  # fmt: skip

Floats = npt.NDArray[np.float64]


def render(release: Release) -> bytes:
    """One act a row. Neither actor, interaction nor deaths are known to an act: they stay empty."""
    rows = release.rows
    coded = [TYPES.get(kind or "") for kind in rows["type"].to_pylist()]
    day = rows["legal_day"]
    stated = {
        "event_id_cnty": rows["act_id"],
        "event_date": pc.strftime(day, format="%Y-%m-%d"),
        "year": pc.year(day),
        "time_precision": codes(days(rows), WITHIN_DAYS),
        "disorder_type": [None if pair is None else "Political violence" for pair in coded],
        "event_type": [None if pair is None else pair[0] for pair in coded],
        "sub_event_type": [None if pair is None else pair[1] for pair in coded],
        "location": rows["place"],
        "latitude": rows["lat"],
        "longitude": rows["lon"],
        "geo_precision": codes(metres(rows), WITHIN_M),
        "source": pa.repeat(release.mission_title, rows.num_rows),
        "notes": pa.repeat(said(release), rows.num_rows),
        "timestamp": pa.repeat(to_microseconds(release.as_of) // 1_000_000, rows.num_rows),
    }
    empty = pa.nulls(rows.num_rows, pa.string())
    columns = {name: stated.get(name, empty) for name in COLUMNS}
    kept = {f"truceline_{name}": rows[name] for name in KEPT}
    return csv(pa.table(columns | kept))


def codes(figures: Floats, most: tuple[float, ...]) -> pa.Array:
    """The finest code, from 1, whose figure is not exceeded; null where none holds, or none is stated.

    Examples
    --------
    >>> codes(np.array([900.0, 3000.0, 3000.1, 1e6, np.nan]), (3000.0, 25000.0)).to_pylist()
    [1, 1, 2, None, None]
    """
    at = np.searchsorted(np.array(most), figures, side="left")
    return pa.array(at + 1, pa.int64(), mask=np.isnan(figures) | (at == len(most)))


def days(rows: pa.Table) -> Floats:
    """Days from the begin to the end of each act; a local day of 25 hours is one."""
    length_us = pc.subtract(rows["ended"].cast(pa.int64()), rows["began"].cast(pa.int64()))
    hours: Floats = np.asarray(length_us, dtype=np.float64) / 3.6e9
    return np.where(hours <= 25.0, 1.0, hours / 24.0)


def metres(rows: pa.Table) -> Floats:
    """Longer 95 % semi-axis of each place; NaN where there is no place."""
    found: Floats = pc.cast(rows["error_major_m"], pa.float64()).to_numpy()
    return np.where(np.isnan(pc.cast(rows["lat"], pa.float64()).to_numpy()), np.nan, found)


def said(release: Release) -> str:
    """What every row must be read with."""
    kind = "a release" if release.view.is_release else "INTERNAL, may not leave the mission"
    truce = "; HYPOTHETICAL" if release.is_hypothetical else ""
    return (
        f"View {release.view}, {kind}{truce}. A crosswalk: what cannot be known is empty. Record "
        f"{release.record_head}; counted by {release.stated['counting_rules'] or 'no rule'}; "
        f"publication rules {release.rules.name}."
    )


FORMAT = Format(
    name="acled",
    summary="Acts in ACLED's columns, with precision codes from stated errors",
    suffix=".acled.csv",
    render=render,
)
