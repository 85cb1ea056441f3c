"""HDBSCAN on scaled place and time."""

import numpy as np
from sklearn.cluster import HDBSCAN

from benchmarks.rivals.contract import Given, Ints, Rival
from benchmarks.rivals.coordinates import points, spread


def run(given: Given, *, speed_ms: float, method: str) -> Ints:
    """Labels; `speed_ms` turns seconds into metres."""
    at = points(given.observations)
    if at.rows.size < 2:
        return spread(np.full(at.rows.size, -1), at.rows, given.observations.num_rows)
    scaled = np.column_stack([at.east_m, at.north_m, at.middle_s * speed_ms])
    model = HDBSCAN(min_cluster_size=2, cluster_selection_method=method, copy=True)
    return spread(model.fit_predict(scaled), at.rows, given.observations.num_rows)


RIVAL = Rival(
    name="HDBSCAN",
    task="association",
    idea="Campello et al. 2013; scikit-learn",
    run=run,
    grid={"speed_ms": (0.1, 0.3, 0.6, 1.0, 3.0, 10.0), "method": ("eom", "leaf")},
    most_rows=30_000,  # 1,800 observations a second at 95,000 rows, and worse than linear
)
