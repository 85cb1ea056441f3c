"""Splink: Fellegi-Sunter weights learned by expectation maximisation, clusters at a threshold.

It runs in an environment of its own (`.venv-bench`, from `benchmarks/requirements.lock`): a
database engine is no need of those who only test the project. Parquet goes in, scored pairs come out;
what is joined at a threshold is joined here, as Splink joins it: by connected components.
"""

import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmarks.rivals.contract import Given, Ints, Rival
from benchmarks.rivals.coordinates import points, spread

_HERE = Path(__file__).resolve().parent
_PYTHON = _HERE.parents[1] / ".venv-bench" / "bin" / "python"


def run(given: Given, *, threshold: float, window_h: int) -> Ints:
    """Labels; pairs further apart than `window_h` in time are not compared."""
    said = given.observations
    at = points(said)
    count = at.rows.size
    if count < 2:
        return spread(np.full(count, -1), at.rows, said.num_rows)
    rows = pa.table(
        {
            "unique_id": np.arange(count),
            "east_km": at.east_m / 1e3,
            "north_km": at.north_m / 1e3,
            "hours": at.middle_s / 3600,
            "kind": said["type"].take(pa.array(at.rows)),
            "words": said["text"].take(pa.array(at.rows)),
        }
    )
    sink = pa.BufferOutputStream()
    pq.write_table(rows, sink)
    pairs = _pairs(sink.getvalue().to_pybytes(), window_h)
    kept = pairs.filter(pc.greater_equal(pairs["match_probability"], threshold))
    ends = [np.asarray(kept[f"unique_id_{side}"]) for side in ("l", "r")]
    graph = coo_array((np.ones(kept.num_rows), ends), shape=(count, count))
    labels = connected_components(graph, directed=False)[1].astype(np.int64)
    return spread(labels, at.rows, said.num_rows)


@lru_cache(maxsize=2)
def _pairs(reports: bytes, window_h: int) -> pa.Table:
    """Scored pairs of a set of reports, kept while its thresholds are tried."""
    with tempfile.TemporaryDirectory(prefix="truceline-splink-") as scratch:
        given_file, made_file = (Path(scratch) / name for name in ("in.parquet", "out.parquet"))
        given_file.write_bytes(reports)
        worker = [_PYTHON, "-P", _HERE / "splink_worker.py", given_file, made_file, str(window_h)]
        done = subprocess.run(worker, capture_output=True, text=True, check=False)
        if done.returncode:
            msg = f"Splink failed at a window of {window_h} h: {done.stderr[-2000:]}"
            raise RuntimeError(msg)
        return pq.read_table(made_file)


RIVAL = Rival(
    name="Splink",
    task="association",
    idea="Linacre et al., Fellegi-Sunter by EM; Splink 5 on DuckDB",
    run=run,
    grid={"window_h": (6, 24), "threshold": (0.02, 0.05, 0.1, 0.2, 0.5, 0.9)},
    most_rows=200_000,
    is_ready=_PYTHON.exists,
)
