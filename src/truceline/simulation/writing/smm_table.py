"""Recordings in the columns of the OSCE SMM's annex: who, how far and which way, how many, of what.

The table is coarser than what a camera knows: sixteen winds, whole kilometres, minutes.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.simulation.columns import Floats, Sightings
from truceline.simulation.writing import cells
from truceline.simulation.writing.contract import Lines, Names, Setting, Writer, keeps_ids
from truceline.simulation.writing.observations import BURSTS
from truceline.tables.posterior import TYPES

COLUMNS = (
    "row_id", "SMM position", "Event location", "Means", "No.", "Observation", "Description",
    "Weapon", "Date", "Time",
)  # fmt: skip
WINDS = (
    "N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW",
)  # fmt: skip
WEAPONS = {
    "small_arms_fire": "Small arms", "sniper_fire": "Sniper rifle", "mortar": "Mortar",
    "artillery": "Artillery", "mlrs": "MLRS", "tank_fire": "Tank", "missile": "Missile",
    "uav_attack": "UAV",
}  # fmt: skip
"""What the table calls the weapon of a type; others are not known."""
OBSERVED = ("Explosion", "Burst", "Muzzle flash", "Projectile")
DESCRIBED = ("Undetermined", "Outgoing", "Incoming", "Impact", "In flight")  # as `DIRECTIONS`


def render(said: Sightings, ids: Names, setting: Setting) -> Lines:
    """Rows of a violation table; local dates and times."""
    burst = np.isin(said.type, [TYPES.index(name) for name in BURSTS])
    flown = DESCRIBED.index("In flight")
    seen = np.where(said.type < 0, 2, np.where(said.direction == flown, 3, burst.astype(np.int64)))
    named = [WEAPONS.get(name, "N/K") for name in (*TYPES, "")]
    columns = {
        "row_id": pa.array(ids, pa.string()),
        "SMM position": cells.words(list(setting.posts.name), said.post),
        "Event location": _locations(said.range_m, said.bearing_deg),
        "Means": cells.words(("Recorded",), np.zeros(len(said), dtype=np.int64)),
        "No.": pc.fill_null(pc.cast(cells.wholes(said.rounds), pa.string()), "N/K"),
        "Observation": cells.words(OBSERVED, seen),
        "Description": cells.words(DESCRIBED, said.direction),
        "Weapon": cells.words(named, np.where(said.type < 0, len(TYPES), said.type)),
        "Date": cells.days(said.seen_from_s, setting.offset_s),
        "Time": cells.minutes(said.seen_from_s + setting.offset_s, ":"),
    }
    return cells.csv_lines(columns, len(said))


def _locations(range_m: Floats, bearing_deg: Floats) -> pa.Array:
    """So many kilometres that way, such as `2-3km NNE`."""
    low = np.floor(range_m / 1_000.0).astype(np.int64)
    wind = np.rint(bearing_deg / 22.5).astype(np.int64) % len(WINDS)
    told = [
        f"{km}-{km + 1}km {name}" for km in range(int(low.max(initial=0)) + 1) for name in WINDS
    ]
    return cells.words(told, low * len(WINDS) + wind)


def _towns(setting: Setting) -> Mapping[str, Any]:
    """Where the cameras stand, which the table itself does not say."""
    posts = setting.posts
    lat, lon = cells.point(setting.ground, posts.x_m, posts.y_m)
    rows = zip(posts.name.tolist(), lat.tolist(), lon.tolist(), strict=True)
    return {"towns": {name: [round(y, 5), round(x, 5)] for name, y, x in rows}}


WRITER = Writer(
    feed="smm_table",
    suffix="_smm.csv",
    head=cells.head_of(COLUMNS),
    render=render,
    recorded=keeps_ids,
    options_from=_towns,
)
