"""Which reports a release joins tells of their cells and of nothing nearer."""

import csv
import json
import shutil
from datetime import datetime

import numpy as np
import pytest

from truceline.pipeline.reporting import release
from truceline.reports.coarsen import cell_steps, cells

CELL_M = 5_000.0
AS_OF = datetime.fromisoformat("2031-06-30T00:00:00+00:00")
COLUMNS = (
    "observation_id", "source", "source_kind", "reported_at", "began", "ended", "lat", "lon",
    "error_m", "type", "direction",
)  # fmt: skip


def report(number, kind, lat, lon, error_m):
    told = "2031-05-10T12:05:00Z"
    began, ended = "2031-05-10T12:00:00Z", "2031-05-10T12:01:00Z"
    values = (
        f"x-{number}", f"source {number}", kind, told, began, ended, f"{lat:.6f}", f"{lon:.6f}",
        error_m, "mortar", "impact",
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


SPOTS = {  # parts of the cell's side from its middle, of two reports: beside one another, or not
    "one spot": ((0.1, 0.1), (0.1, 0.1)),
    "neighbours": ((0.1, 0.1), (0.12, 0.1)),
    "opposite corners": ((-0.49, -0.49), (0.49, 0.49)),
}


def places(spots):
    """Two places in one cell."""
    lat, lon = (float(each[0]) for each in cells(np.array([30.4]), np.array([-40.4]), CELL_M))
    height, width = (float(np.ravel(each)[0]) for each in cell_steps(np.array([lat]), CELL_M))
    return [(lat + height * north, lon + width * east) for north, east in spots]


def told(folder, source, spots, error_m):
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("out", "record", "release"))
    kinds = ("patrol", "party")
    with (folder / "raw" / "observations.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for n, (place, kind) in enumerate(zip(places(spots), kinds, strict=True)):
            writer.writerow(report(n, kind, *place, error_m))
    paths = {path.suffix: path for path in release(folder, view="public", as_of=AS_OF)}
    features = json.loads(paths[".geojson"].read_text(encoding="utf-8"))["features"]
    unnamed = [
        {k: v for k, v in feature["properties"].items() if not k.endswith("_id")}
        | {"at": feature["geometry"]}
        for feature in features
    ]
    return sorted(json.dumps(each, sort_keys=True) for each in unnamed)


@pytest.mark.parametrize("error_m", [50, 600])
def test_reports_that_move_within_their_cells_join_as_they_did(project_root, tmp_path, error_m):
    source = project_root / "examples" / "known-answers"
    found = [
        told(tmp_path / str(n), source, spots, error_m) for n, spots in enumerate(SPOTS.values())
    ]
    assert found[0]
    assert found[1] == found[0]
    assert found[2] == found[0]
