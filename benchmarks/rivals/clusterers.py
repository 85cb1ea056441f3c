"""Peers behind one interface: a partition of observations from place and time, scaled.

Both see what they can use: longitude and latitude in metres and the middle of the stated time,
divided by one length and one duration. Reports without a place stand alone, noise points too.
"""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from sklearn.cluster import DBSCAN, HDBSCAN

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Rival = Callable[[pa.Table], Ints]

SPACE_M = 5000.0
TIME_S = 7200.0


def scaled(observations: pa.Table) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Three scaled coordinates of each placed observation, and which are placed."""
    lat = np.asarray(observations["lat"].fill_null(np.nan), float)
    lon = np.asarray(observations["lon"].fill_null(np.nan), float)
    began = np.asarray(observations["began"].cast(pa.int64()))
    ended = np.asarray(observations["ended"].cast(pa.int64()))
    middle_s = (began - began.min()) / 1e6 + (ended - began) / 2e6
    placed = ~np.isnan(lat)
    east = lon * 111_320 * np.cos(np.deg2rad(lat))
    columns = np.column_stack([east / SPACE_M, lat * 111_200 / SPACE_M, middle_s / TIME_S])
    return columns[placed], placed


def _spread(labels: Ints, placed: npt.NDArray[np.bool_]) -> Ints:
    """Noise and unplaced observations each get a label of their own."""
    out = -1 - np.arange(placed.size)
    rows = np.flatnonzero(placed)
    out[rows[labels >= 0]] = labels[labels >= 0]
    return out


def dbscan(eps: float) -> Rival:
    """DBSCAN at one radius of the scaled space."""

    def run(observations: pa.Table) -> Ints:
        points, placed = scaled(observations)
        return _spread(DBSCAN(eps=eps, min_samples=2, n_jobs=2).fit_predict(points), placed)

    return run


def hdbscan(observations: pa.Table) -> Ints:
    """HDBSCAN with the smallest clusters allowed."""
    points, placed = scaled(observations)
    model = HDBSCAN(min_cluster_size=2, n_jobs=2, copy=True)
    return _spread(model.fit_predict(points), placed)


DBSCANS: Mapping[str, Rival] = {f"DBSCAN eps {eps}": dbscan(eps) for eps in (0.15, 0.3, 0.6, 1.0)}
