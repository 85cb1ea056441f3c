"""What `benchmarks.line` runs in a process of its own: make a mission, or run one and time its stages."""

import json
import math
import resource
import shutil
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

HERE = Path(__file__).parent
MISSION = """\
mission: bench
title: A made-up truce for measuring speed
agreement: agreement.yaml
zone: Europe/Kyiv
archive: true
hypothetical: true
feeds:
  - feed: observations
    files: [raw/observations.csv]
"""


def make(folder: Path, rows: int, per_day: float) -> None:
    """Write a mission of so many observations, in the plain template."""
    from benchmarks.generate import FRONT_KM, _front, generate
    from truceline.pipeline.files import write_csv

    observations = generate(rows, per_day=per_day, seed=20260101).observations
    (folder / "raw").mkdir(parents=True)
    (folder / "mission.yaml").write_text(MISSION, encoding="utf-8")
    shutil.copy(HERE / "mission" / "agreement.yaml", folder / "agreement.yaml")
    (folder / "front.geojson").write_text(json.dumps(front(FRONT_KM, _front)), encoding="utf-8")
    write_csv(folder / "raw" / "observations.csv", template(observations))


def front(_length_km, draw):  # type: ignore[no-untyped-def]
    """A polyline through the middle of where the incidents lie."""
    import numpy as np

    lat, lon = draw(np.random.default_rng(1), 20_000)
    cells = np.round(lon, 1)
    path = [[float(at), float(np.median(lat[cells == at]))] for at in np.unique(cells)]
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"id": "front"},
                "geometry": {"type": "LineString", "coordinates": path},
            }
        ],
    }


def template(observations: pa.Table) -> pa.Table:
    """The generated observations as the plain template writes them."""
    day = pc.strftime(
        pc.assume_timezone(
            pc.local_timestamp(observations["began"].cast(pa.timestamp("us", "Europe/Kyiv"))), "UTC"
        ),
        format="%Y-%m-%d",
    )
    columns = {
        name: observations[name]
        for name in ("observation_id", "source", "source_kind", "reported_at", "lat", "lon", "type",
                     "direction", "claimed_actor", "text", "means")
    }  # fmt: skip
    for name in ("began", "ended", "reported_at"):
        columns[name] = _instant(observations[name])
    for name in ("began", "ended"):
        columns[name] = pc.if_else(observations["is_date_only"], day, columns[name])
    columns["error_m"] = observations["error_major_m"]
    columns["group"] = observations["root"]
    empty = pa.nulls(observations.num_rows, pa.string())
    for name in ("bearing_deg", "bearing_error_deg", "range_m"):
        columns[name] = empty
    return pa.table(columns)


def _instant(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.strftime(column.cast(pa.timestamp("s", "UTC")), format="%Y-%m-%dT%H:%M:%SZ")


def run(folder: Path) -> dict[str, float]:
    """Seconds of each stage, of the whole, and peak memory."""
    from truceline.pipeline.run import run as run_mission

    marks: list[tuple[str, float]] = []
    began = time.perf_counter()
    run_mission(folder, announce=lambda stage: marks.append((stage, time.perf_counter())))
    ended = time.perf_counter()
    spans: dict[str, float] = {}
    for (stage, at), (_, until) in zip(marks, [*marks[1:], ("", ended)], strict=True):
        name = NAMES.get(stage, "ingest" if stage.startswith("observations") else stage)
        spans[name] = spans.get(name, 0.0) + until - at
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return spans | {"total": ended - began, "memory_gb": peak / math.pow(1024, 2)}


NAMES = {
    "reading the record": "record",
    "reading text": "text",
    "fusing reports into incidents": "fusion",
    "holding acts against clauses": "findings",
    "weighing who did it": "attribution",
    "counting, and proposing remedies": "remedies",
    "writing tables": "writing",
}


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
    else:
        print(json.dumps(run(Path(sys.argv[2]))))
