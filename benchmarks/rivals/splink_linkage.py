"""Splink: Fellegi-Sunter weights learned by expectation maximisation, clusters at a threshold.

It runs in an environment of its own (`.venv-bench`, from `benchmarks/requirements.lock`): a
database engine is no need of those who only test the project. Parquet goes in and comes out.
"""

import subprocess
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.rivals.contract import Given, Ints, Rival
from benchmarks.rivals.coordinates import points, spread

_HERE = Path(__file__).resolve().parent
_PYTHON = _HERE.parents[1] / ".venv-bench" / "bin" / "python"


def run(given: Given, *, threshold: float, window_h: int) -> Ints:
    """Labels; pairs further apart than `window_h` in time are not compared."""
    said = given.observations
    at = points(said)
    if at.rows.size < 2:
        return spread(np.full(at.rows.size, -1), at.rows, said.num_rows)
    rows = pa.table(
        {
            "unique_id": np.arange(at.rows.size),
            "east_km": at.east_m / 1e3,
            "north_km": at.north_m / 1e3,
            "hours": at.middle_s / 3600,
            "kind": said["type"].take(pa.array(at.rows)),
            "words": said["text"].take(pa.array(at.rows)),
        }
    )
    with tempfile.TemporaryDirectory(prefix="truceline-splink-") as scratch:
        given_file, made_file = (Path(scratch) / name for name in ("in.parquet", "out.parquet"))
        pq.write_table(rows, given_file)
        worker = [_PYTHON, "-P", _HERE / "splink_worker.py", given_file, made_file]
        done = subprocess.run(
            [*worker, str(threshold), str(window_h)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            msg = f"Splink failed at threshold {threshold}, window {window_h} h: {done.stderr[-2000:]}"
            raise RuntimeError(msg)
        made = pq.read_table(made_file)
    labels = np.full(at.rows.size, -1, np.int64)
    labels[np.asarray(made["unique_id"])] = np.asarray(made["cluster"])
    return spread(labels, at.rows, said.num_rows)


RIVAL = Rival(
    name="Splink",
    task="association",
    idea="Linacre et al., Fellegi-Sunter by EM; Splink 5 on DuckDB",
    run=run,
    grid={"threshold": (0.1, 0.3, 0.5, 0.7, 0.9, 0.99), "window_h": (6, 24)},
    most_rows=200_000,
    is_ready=_PYTHON.exists,
)
