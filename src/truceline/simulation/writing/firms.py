"""Hot pixels in the columns of FIRMS, VIIRS near-real-time."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.simulation.columns import Sightings
from truceline.simulation.errors.spot import SIGMAS_95
from truceline.simulation.naming import unit
from truceline.simulation.writing import cells
from truceline.simulation.writing.contract import Lines, Names, Setting, Writer, makes_ids

COLUMNS = (
    "latitude", "longitude", "bright_ti4", "scan", "track", "acq_date", "acq_time", "satellite",
    "instrument", "confidence", "version", "bright_ti5", "frp", "daynight",
)  # fmt: skip
SATELLITES = ("N", "N20", "N21")  # formats.md 7.5
DAY_FROM_S, DAY_TO_S = 6 * 3600, 18 * 3600  # UTC at these longitudes, near enough for a flag


def render(said: Sightings, ids: Names, setting: Setting) -> Lines:
    """Rows of pixels; power and brightness tell nothing of who or what."""
    rows = len(said)
    lat, lon = cells.point(setting.ground, said.x_m, said.y_m)
    width_km = said.error_m * np.sqrt(12.0) / SIGMAS_95 / 1000.0
    # Noise from the pixel itself: a figure that the feed does not read needs no memory.
    noise = unit(1, np.floor(np.abs(said.x_m * 7 + said.y_m * 13)).astype(np.int64))
    second = said.seen_from_s % 86_400
    by_day = (second >= DAY_FROM_S) & (second < DAY_TO_S)
    columns = {
        "latitude": cells.figures(lat, 5),
        "longitude": cells.figures(lon, 5),
        "bright_ti4": cells.figures(305.0 + 40.0 * noise, 1),
        "scan": cells.figures(width_km, 2),
        "track": cells.figures(width_km, 2),
        "acq_date": cells.days(said.seen_from_s, 0.0),
        "acq_time": cells.minutes(said.seen_from_s, ""),
        "satellite": cells.words(SATELLITES, said.post % len(SATELLITES)),
        "instrument": cells.words(("VIIRS",), np.zeros(rows, dtype=np.int64)),
        "confidence": cells.words(("n", "h"), (noise > 0.85).astype(np.int64)),
        "version": cells.words(("2.0NRT",), np.zeros(rows, dtype=np.int64)),
        "bright_ti5": cells.figures(285.0 + 12.0 * noise, 1),
        "frp": cells.figures(0.4 + 12.0 * noise**3, 2),
        "daynight": pc.if_else(pa.array(by_day), "D", "N"),
    }
    return cells.csv_lines(columns, rows)


WRITER = Writer(
    feed="firms",
    suffix="_VIIRS.csv",
    head=cells.head_of(COLUMNS),
    render=render,
    recorded=makes_ids,
)
