"""Spot reports of patrols that were kept out, one row a report."""

import numpy as np
import pyarrow as pa

from truceline.simulation.columns import Sightings
from truceline.simulation.naming import key_of, unit
from truceline.simulation.writing import cells
from truceline.simulation.writing.contract import Lines, Names, Setting, Writer

COLUMNS = (
    "report_id", "patrol", "began", "ended", "lat", "lon", "radius_m", "obstructed_by", "status",
    "minutes_lost", "reason", "reported_at",
)  # fmt: skip
BLIND_M = 2_000.0  # beyond a barrier lies what the patrol would have seen; assumed
STATUSES = ("denied", "denied", "denied", "obstructed", "conditioned")  # assumed: mostly denied
REASONS = (
    "orders from superiors", "no reason given", "for the safety of the patrol", "mines on the road",
    "the road is closed", None,
)  # fmt: skip
"""As the SMM's spot reports quote them; which one says nothing of who it was."""


def render(said: Sightings, ids: Names, setting: Setting) -> Lines:
    """Rows of reports; why is quoted by chance."""
    rows = len(said)
    lat, lon = cells.point(setting.ground, said.x_m, said.y_m)
    columns = {
        "report_id": pa.array(ids, pa.string()),
        "patrol": cells.words(list(setting.posts.name), said.post),
        "began": cells.instants(said.seen_from_s),
        "ended": cells.instants(said.seen_to_s),
        "lat": cells.figures(lat, 5),
        "lon": cells.figures(lon, 5),
        "radius_m": cells.figures(np.full(rows, BLIND_M), 0),
        "obstructed_by": cells.words(setting.parties, said.claimed),
        "status": cells.words(STATUSES, _chosen(ids, "status", len(STATUSES))),
        "minutes_lost": cells.figures((said.seen_to_s - said.seen_from_s) / 60.0, 0),
        "reason": cells.words(REASONS, _chosen(ids, "reason", len(REASONS))),
        "reported_at": cells.instants(said.reported_s),
    }
    return cells.csv_lines(columns, rows)


def _chosen(ids: Names, what: str, among: int) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """One of so many for each id, whose digits are mixed already and say nothing."""
    digits = np.array([int(one[-15:], 16) for one in ids], dtype=np.int64)
    return np.floor(among * unit(key_of(0, what), digits)).astype(np.int64)


def recorded(said: Sightings, ids: Names, setting: Setting) -> Names:
    """The feed tells of the act under the report's id with a word after it."""
    return np.array([f"{one}/act" for one in ids], np.object_)


WRITER = Writer(
    feed="access_obstructions",
    suffix=".csv",
    head=cells.head_of(COLUMNS),
    render=render,
    recorded=recorded,
)
