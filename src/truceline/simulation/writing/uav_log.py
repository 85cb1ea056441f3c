"""Jamming in the columns of a drone log, one row a stretch of time; watches stand in a file of papers."""

import numpy as np
import pyarrow as pa

from truceline.simulation.columns import Sightings
from truceline.simulation.writing import cells
from truceline.simulation.writing.contract import Lines, Names, Setting, Writer

COLUMNS = ("log_id", "uav", "state", "began", "ended", "lat", "lon", "radius_m", "reason")
REASON = "satellite signal lost"


def render(said: Sightings, ids: Names, setting: Setting) -> Lines:
    """Rows of stretches; the circle is where the drone may have been as it lost its link."""
    rows = np.zeros(len(said), dtype=np.int64)
    lat, lon = cells.point(setting.ground, said.x_m, said.y_m)
    columns = {
        "log_id": pa.array(ids, pa.string()),
        "uav": cells.words(list(setting.posts.name), said.post),
        "state": cells.words(("jammed",), rows),
        "began": cells.instants(said.seen_from_s),
        "ended": cells.instants(said.seen_to_s),
        "lat": cells.figures(lat, 5),
        "lon": cells.figures(lon, 5),
        "radius_m": cells.figures(said.error_m, 0),
        "reason": cells.words((REASON,), rows),
    }
    return cells.csv_lines(columns, len(said))


def recorded(said: Sightings, ids: Names, setting: Setting) -> Names:
    """The feed tells of the interference under the row's id with a word after it."""
    return np.array([f"{one}:interference" for one in ids], np.object_)


WRITER = Writer(
    feed="uav_log",
    suffix="_jammed.csv",
    head=cells.head_of(COLUMNS),
    render=render,
    recorded=recorded,
)
