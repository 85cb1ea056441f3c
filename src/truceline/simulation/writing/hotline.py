"""Calls on the hotline, one row a call; a call is about an issue and is no observation."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.simulation.columns import Sightings
from truceline.simulation.writing import cells
from truceline.simulation.writing.contract import Lines, Names, Setting, Writer, keeps_ids

COLUMNS = (
    "activation_id", "issue_id", "caller", "sides_reached", "request", "answer", "began", "ended",
    "minutes", "lat", "lon", "error_m",
)  # fmt: skip
ANSWERS = ("denied", "explained", "no_answer", "agreed")
REQUEST = "Explain and stop the fire"


def render(said: Sightings, ids: Names, setting: Setting) -> Lines:
    """A call begins a little after the deed and ends when it is logged."""
    rows = len(said)
    lat, lon = cells.point(setting.ground, said.x_m, said.y_m)
    host = setting.posts.host[said.post]
    began_s = np.maximum(said.seen_to_s, said.reported_s - 600.0)
    identifier = pa.array(ids, pa.string())
    columns = {
        "activation_id": identifier,
        "issue_id": pc.binary_join_element_wise("issue", identifier, "-"),
        "caller": cells.words(setting.parties, host),
        "sides_reached": cells.words(setting.parties, 1 - host),
        "request": cells.words((REQUEST,), np.zeros(rows, dtype=np.int64)),
        "answer": cells.words(ANSWERS, np.floor(said.reported_s).astype(np.int64) % len(ANSWERS)),
        "began": cells.instants(began_s),
        "ended": cells.instants(said.reported_s),
        "minutes": cells.figures(np.floor((said.reported_s - began_s) / 60.0), 0),
        "lat": cells.figures(lat, 5),
        "lon": cells.figures(lon, 5),
        "error_m": cells.figures(said.error_m, 0),
    }
    return cells.csv_lines(columns, rows)


WRITER = Writer(
    feed="hotline",
    suffix=".csv",
    head=cells.head_of(COLUMNS),
    render=render,
    recorded=keeps_ids,
)
