"""What parties and the mission put on paper: notices of exercises."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pa_csv

from truceline.model.vocabulary import IncidentType
from truceline.simulation.contract import Streams
from truceline.simulation.mission.instants import iso
from truceline.simulation.naming import named
from truceline.simulation.parties import PARTY_IDS
from truceline.simulation.world.ground import degrees
from truceline.simulation.world.truce import Truce


def papers(truce: Truce, streams: Streams) -> dict[str, bytes]:
    """Files of papers by the name of the feed that reads each; those without a row are left out."""
    made = {"notices": notices(truce)}
    return {name: content for name, content in made.items() if content}


def notices(truce: Truce) -> bytes:
    """What was announced, whether it was in time or not."""
    told = truce.planned.take(np.flatnonzero(np.isfinite(truce.planned.given_s)))
    told = told.take(np.argsort(told.given_s, kind="stable"))
    lat, lon = degrees(truce.ground, told.x_m, told.y_m)
    party = np.array(PARTY_IDS, dtype=np.object_)[1 - told.side if truce.is_mirrored else told.side]
    return rows(
        {
            "notice_id": named(truce.conditions.seed, "notice", np.arange(len(told))),
            "party": party,
            "activity": np.full(len(told), IncidentType.EXERCISE_LIVE_FIRE.value, dtype=np.object_),
            "began": iso(told.from_s),
            "ended": iso(told.to_s),
            "lat": np.round(lat, 5),
            "lon": np.round(lon, 5),
            "radius_m": np.round(told.radius_m * 1.2),
            "given_at": iso(told.given_s),
        }
    )


def rows(columns: dict[str, npt.NDArray[np.generic]]) -> bytes:
    """A CSV file with its first line; nothing where there is no row."""
    if not len(next(iter(columns.values()))):
        return b""
    table = pa.table({name: _cells(column) for name, column in columns.items()})
    sink = pa.BufferOutputStream()
    sink.write((",".join(columns) + "\n").encode())
    options = pa_csv.WriteOptions(include_header=False, quoting_style="needed")
    pa_csv.write_csv(table, sink, options)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _cells(column: npt.NDArray[np.generic]) -> pa.Array:
    if column.dtype.kind in "OU":
        return pa.array(column, pa.string(), mask=column == "")
    return pa.array(column, mask=np.isnan(column) if column.dtype.kind == "f" else None)
