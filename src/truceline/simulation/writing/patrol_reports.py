"""Happenings of patrol reports as a table, one row an entry, as a duty desk types it from paper."""

import numpy as np
import pyarrow as pa

from truceline.simulation.columns import Sightings
from truceline.simulation.writing import cells, observations
from truceline.simulation.writing.contract import Lines, Names, Setting, Writer, keeps_ids
from truceline.simulation.writing.reported_rounds import reporting

TAKEN = (
    "reported_at", "began", "ended", "lat", "lon", "error_m", "type", "direction", "claimed_actor",
    "bearing_deg", "bearing_error_deg", "range_m", "count_best", "count_unit", "means",
    "observer_position", "stance",
)  # fmt: skip
"""Columns that a happening shares with the plain template."""

OF_ROUNDS = ("radius_m", "p_detect")
COLUMNS = ("entry_id", "patrol", "entry", *TAKEN, *OF_ROUNDS)


def render(said: Sightings, ids: Names, setting: Setting) -> Lines:
    """Rows of happenings; rows of rounds, whether anything was seen in them or not, come between them."""
    plain = observations.columns_of(said, ids, setting)
    columns = {
        "entry_id": plain["observation_id"],
        "patrol": plain["source"],
        "entry": cells.words(("happening",), np.zeros(len(said), dtype=np.int64)),
        **{name: plain[name] for name in TAKEN},
        **{name: pa.nulls(len(said), pa.string()) for name in OF_ROUNDS},
    }
    return cells.csv_lines(columns, len(said))


WRITER = Writer(
    feed="patrol_reports",
    suffix=".csv",
    head=cells.head_of(COLUMNS),
    render=render,
    recorded=keeps_ids,
    reports=reporting,
)
