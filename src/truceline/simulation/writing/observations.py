"""The plain observation template, one row a sighting."""

import numpy as np
import pyarrow as pa

from truceline.simulation.columns import DIRECTIONS, LANGUAGES, STANCES, Sightings
from truceline.simulation.text.telling import texts_of
from truceline.simulation.writing import cells
from truceline.simulation.writing.contract import Lines, Names, Setting, Writer, keeps_ids
from truceline.tables.posterior import TYPES

COLUMNS = (
    "observation_id", "source", "source_kind", "reported_at", "began", "ended", "lat", "lon",
    "error_m", "type", "direction", "claimed_actor", "bearing_deg", "bearing_error_deg", "range_m",
    "text", "count_best", "count_unit", "means", "observer_position", "language", "stance",
    "speaker",
)  # fmt: skip

MEANS = {
    "camera": "camera", "uav": "uav", "acoustic": "acoustic", "seismic": "seismic",
    "satellite": "satellite", "media": "media", "social": "media", "party": "party_report",
    "person": "interview",
}  # fmt: skip
BURSTS = ("small_arms_fire", "sniper_fire")
"""Told in bursts; the other types are told in explosions."""


def render(said: Sightings, ids: Names, setting: Setting) -> Lines:
    """Rows of the template; what is told in words alone has no column of its own filled."""
    return cells.csv_lines(columns_of(said, ids, setting), len(said))


def columns_of(said: Sightings, ids: Names, setting: Setting) -> dict[str, pa.Array]:
    """The template's columns, in their order."""
    rows = len(said)
    is_text = setting.source_kind in {"media", "social"}
    lat, lon = cells.point(setting.ground, said.x_m, said.y_m)
    bare = cells.is_bare_day(said.seen_from_s, said.seen_to_s)
    began = cells.instants(said.seen_from_s)
    began = pa.compute.if_else(bare, cells.days(said.seen_from_s, setting.offset_s), began)
    nothing = np.full(rows, -1, dtype=np.int64)
    return {
        "observation_id": pa.array(ids, pa.string()),
        "source": source_names(said, setting),
        "source_kind": cells.words((setting.source_kind,), np.zeros(rows, dtype=np.int64)),
        "reported_at": cells.instants(said.reported_s),
        "began": began,
        "ended": cells.instants(np.where(bare, np.nan, said.seen_to_s)),
        "lat": cells.figures(lat, 5),
        "lon": cells.figures(lon, 5),
        "error_m": cells.figures(said.error_m, 0),
        "type": cells.words(TYPES, nothing if is_text else said.type),
        "direction": cells.words(DIRECTIONS, said.direction),
        "claimed_actor": cells.words(setting.parties, nothing if is_text else said.claimed),
        "bearing_deg": cells.figures(said.bearing_deg, 1),
        "bearing_error_deg": cells.figures(said.bearing_error_deg, 1),
        "range_m": cells.figures(said.range_m, 0),
        "text": texts_of(said, setting),
        "count_best": cells.wholes(said.rounds),
        "count_unit": _units(said),
        "means": _means(said, setting),
        "observer_position": _positions(said, setting),
        "language": cells.words(LANGUAGES, said.language),
        "stance": cells.words((None, *STANCES[1:]), 0 * nothing if is_text else said.stance),
        "speaker": cells.words(setting.parties, said.speaker),
    }


def source_names(said: Sightings, setting: Setting) -> pa.Array:
    """Who says so; a party is its own source."""
    if setting.source_kind == "party":
        return cells.words(setting.parties, setting.posts.host[said.post])
    return cells.words(list(setting.posts.name), said.post)


def _units(said: Sightings) -> pa.Array:
    burst = np.isin(said.type, [TYPES.index(name) for name in BURSTS])
    return cells.words(("explosion", "burst"), np.where(said.rounds < 0, -1, burst.astype(int)))


def _means(said: Sightings, setting: Setting) -> pa.Array:
    rows = len(said)
    if setting.source_kind == "patrol":
        return cells.words(("seen", "heard"), np.isnan(said.x_m).astype(np.int64))
    name = MEANS.get(setting.source_kind)
    return cells.words((name,), np.zeros(rows, dtype=np.int64))


def _positions(said: Sightings, setting: Setting) -> pa.Array:
    """Where the observer stood, for those who tell a bearing and no place."""
    needed = np.isnan(said.x_m) & ~np.isnan(said.bearing_deg)
    posts = setting.posts
    lat, lon = cells.point(setting.ground, posts.x_m, posts.y_m)
    place = [f"{a:.5f} {b:.5f}" for a, b in zip(lat.tolist(), lon.tolist(), strict=True)]
    return cells.words(place, np.where(needed, said.post, -1))


WRITER = Writer(
    feed="observations",
    suffix=".csv",
    head=cells.head_of(COLUMNS),
    render=render,
    recorded=keeps_ids,
)
