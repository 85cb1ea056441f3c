"""Aircraft as readsb's trace files, one a track."""

import json

import numpy as np

from truceline.simulation.columns import Sightings
from truceline.simulation.writing import cells
from truceline.simulation.writing.contract import Lines, Names, Setting, Writer, makes_ids
from truceline.simulation.writing.voyages import voyages

SPEED_MS, STEP_S, FIXES = 90.0, 10.0, 61  # some 175 knots, ten minutes
ALTITUDE_FT = 8_000
KNOTS = 1.94384
DETAILS = {"type": "adsb_icao", "rc": 186}  # the containment radius of nic 8 (DO-260B)


def render(said: Sightings, ids: Names, setting: Setting) -> Lines:
    """A file for each track; its rows stand on the second line, so that the feed records that one."""
    voyage = voyages(said, ids, SPEED_MS, STEP_S, FIXES, returns=True)
    lat, lon = cells.point(setting.ground, voyage.x_m, voyage.y_m)
    files, names = {}, []
    for row in range(len(said)):
        icao = f"{int(voyage.who[row]):06x}"
        name = f"trace_full_{icao}_{ids[row][-6:]}.json"
        first = float(voyage.at_s[row, 0])
        trace = [
            [at - first, round(y, 5), round(x, 5), ALTITUDE_FT, round(SPEED_MS * KNOTS, 1),
             round(course, 1), 0, 0, DETAILS if at == first else None]
            for at, y, x, course in zip(
                voyage.at_s[row].tolist(), lat[row].tolist(), lon[row].tolist(),
                voyage.course_deg[row].tolist(), strict=True,
            )
        ]  # fmt: skip
        head = f'{{"icao":"{icao}","timestamp":{first:.3f},\n'
        rows = json.dumps(trace, separators=(",", ":"))
        files[name] = f'{head}"trace":{rows}}}\n'.encode()
        names.append(name)
    return Lines(
        content=b"",
        count=0,
        line=np.ones(len(said), dtype=np.int64),
        files=files,
        file=np.array(names, dtype=np.object_),
    )


WRITER = Writer(
    feed="adsb",
    suffix=".json",
    head=b"",
    pattern="trace_full_*.json",
    zone="truce-area",
    render=render,
    recorded=makes_ids,
)
