"""ST-DBSCAN: neighbours within a distance on the ground and a time apart, two thresholds."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from sklearn.neighbors import BallTree

from benchmarks.rivals.contract import Given, Ints, Rival
from benchmarks.rivals.coordinates import Points, points, spread

_DAY_S = 86_400.0
_EARTH_RADIUS_M = 6_371_008.8  # mean radius R1, IUGG 1980 (Moritz 2000)


def run(given: Given, *, space_m: float, time_s: float, least: int) -> Ints:
    """Labels; `least` reports, itself among them, make a core."""
    at = points(given.observations)
    left, right = _neighbours(at, space_m, time_s)
    count = at.rows.size
    degree = np.bincount(left, minlength=count) + np.bincount(right, minlength=count) + 1
    core = degree >= least
    both = core[left] & core[right]
    graph = coo_array((np.ones(both.sum()), (left[both], right[both])), shape=(count, count))
    labels = connected_components(graph, directed=False)[1].astype(np.int64)
    labels[~core] = -1
    for edge, host in ((left, right), (right, left)):  # borders join a core that reaches them
        joins = ~core[edge] & core[host]
        labels[edge[joins]] = labels[host[joins]]
    return spread(labels, at.rows, given.observations.num_rows)


def _neighbours(at: Points, space_m: float, time_s: float) -> tuple[Ints, Ints]:
    """Pairs within both thresholds, slab of time by slab of time."""
    order = np.argsort(at.middle_s, kind="stable")
    time = at.middle_s[order]
    where = np.deg2rad(np.column_stack([at.lat, at.lon])[order])
    slab_s = max(time_s, _DAY_S / 4)
    found = [np.empty((2, 0), np.int64)]
    start = 0
    while start < time.size:
        stop = int(np.searchsorted(time, time[start] + slab_s, side="right"))
        reach = int(np.searchsorted(time, time[stop - 1] + time_s, side="right"))
        tree = BallTree(where[start:reach], metric="haversine")
        near = tree.query_radius(where[start:stop], space_m / _EARTH_RADIUS_M)
        mine = np.repeat(np.arange(start, stop), [n.size for n in near])
        other = np.concatenate(near).astype(np.int64) + start
        kept = (other > mine) & (time[other] - time[mine] <= time_s)
        found.append(np.stack([order[mine[kept]], order[other[kept]]]))
        start = stop
    return tuple(np.concatenate(found, axis=1))


RIVAL = Rival(
    name="ST-DBSCAN",
    task="association",
    idea="Birant and Kut 2007; own, on scikit-learn's haversine ball tree",
    run=run,
    grid={"space_m": (3000.0, 6000.0, 12_000.0), "time_s": (1800.0, 7200.0), "least": (2, 3)},
)
