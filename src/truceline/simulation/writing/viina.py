"""News in the columns of VIINA 2.0 `event_info`: a place, an instant of publication, a text."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.simulation.columns import Sightings
from truceline.simulation.text.telling import texts_of
from truceline.simulation.writing import cells
from truceline.simulation.writing.contract import Lines, Names, Setting, Writer

COLUMNS = (
    "viina_version", "event_id", "event_id_1pd", "date", "time", "geonameid", "asciiname",
    "longitude", "latitude", "GEO_PRECISION", "report_id", "source", "url", "text", "lang",
)  # fmt: skip
LANGUAGES = ("ua", "ru", "en")


def render(said: Sightings, ids: Names, setting: Setting) -> Lines:
    """Rows with the settlement named as the candidate place."""
    rows = len(said)
    places = setting.ground.settlements
    lat, lon = cells.point(setting.ground, places.x_m, places.y_m)
    name = cells.words(list(places.en), said.place)
    identifier, first = pa.array(ids, pa.string()), np.zeros(rows, dtype=np.int64)
    columns = {
        "viina_version": cells.words(("2.0",), first),
        "event_id": identifier,
        "event_id_1pd": identifier,
        "date": cells.compact_days(said.reported_s),
        "time": _clock(said),
        "geonameid": cells.wholes(said.place),
        "asciiname": name,
        "longitude": cells.figures(lon[said.place], 5),
        "latitude": cells.figures(lat[said.place], 5),
        "GEO_PRECISION": cells.words(("CITY",), first),
        "report_id": identifier,
        "source": cells.words(list(setting.posts.name), said.post),
        "url": pa.nulls(rows, pa.string()),
        "text": texts_of(said, setting),
        "lang": cells.words(LANGUAGES, said.language),
    }
    return cells.csv_lines(columns, rows)


def recorded(said: Sightings, ids: Names, setting: Setting) -> Names:
    """The feed puts its name before the id."""
    return np.asarray("viina:" + ids, np.object_)


def _clock(said: Sightings) -> pa.Array:
    """Hours and minutes of publication; a text of exactly midnight would read as a bare date."""
    clock = cells.minutes(said.reported_s, ":")
    return pc.if_else(pc.equal(clock, "00:00"), "00:01", clock)


WRITER = Writer(
    feed="viina",
    suffix=".csv",
    head=cells.head_of(COLUMNS),
    render=render,
    recorded=recorded,
    options={"zone": "UTC"},  # of `date` and `time`
)
