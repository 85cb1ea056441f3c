"""DBSCAN on place and time divided by one length and one duration."""

import numpy as np
from sklearn.cluster import DBSCAN

from benchmarks.rivals.contract import Given, Ints, Rival
from benchmarks.rivals.coordinates import points, spread


def run(given: Given, *, space_m: float, time_s: float) -> Ints:
    """Labels; two reports make a cluster."""
    at = points(given.observations)
    if not at.rows.size:
        return spread(np.empty(0, int), at.rows, given.observations.num_rows)
    scaled = np.column_stack([at.east_m / space_m, at.north_m / space_m, at.middle_s / time_s])
    labels = DBSCAN(eps=1.0, min_samples=2).fit_predict(scaled)
    return spread(labels, at.rows, given.observations.num_rows)


RIVAL = Rival(
    name="scaled DBSCAN",
    task="association",
    idea="Ester et al. 1996, three scaled axes; scikit-learn",
    run=run,
    grid={"space_m": (1500.0, 3000.0, 6000.0, 12_000.0), "time_s": (900.0, 3600.0, 10_800.0)},
)
