"""Fusion against its peers: observations per second, pair F1 and B-cubed, on made-up truces.

    python benchmarks/fusion.py [--observations 1000000] [--quick]

Ratios travel between machines, seconds do not. Peers see place and time only, as they do in
practice, and DBSCAN is shown at its best of several radii on the same set.
"""

import argparse
import resource
import time

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from generate import Truth, generate, pair_scores
from rivals.clusterers import DBSCANS, Rival, hdbscan

from truceline.fusion.fuse import Fusion, fuse
from truceline.pipeline.memory import keep
from truceline.tables.schemas import EXPOSURES, empty


def homes(fusion: Fusion, observations: pa.Table) -> np.ndarray:
    """Likeliest incident of each observation, as a number."""
    members = fusion.members
    rows = np.asarray(
        pc.index_in(members["observation_id"], observations["observation_id"].combine_chunks())
    )
    incident = np.asarray(members["incident_id"].combine_chunks().dictionary_encode().indices)
    order = np.lexsort((incident, -np.asarray(members["probability"]), rows))
    first = order[np.diff(rows[order], prepend=-1) != 0]
    return incident[first]


def timed_fusion(truth: Truth, repeats: int) -> tuple[Fusion, float]:
    nothing = empty(EXPOSURES)
    took = []
    for _ in range(repeats):
        start = time.perf_counter()
        fusion = fuse(truth.observations, nothing)
        took.append(time.perf_counter() - start)
    return fusion, min(took)


def line(name: str, count: int, took_s: float, scores: tuple[float, float]) -> None:
    print(
        f"  {name:<22}{count / took_s:>12,.0f} obs/s   pair F1 {scores[0]:.3f}   B-cubed {scores[1]:.3f}"
    )


def rival(name: str, run: Rival, truth: Truth) -> tuple[str, float, tuple[float, float]]:
    start = time.perf_counter()
    labels = run(truth.observations)
    return name, time.perf_counter() - start, pair_scores(truth.incident, labels)


def compare(count: int, per_day: float, *, hdbscan_rows: int) -> None:
    truth = generate(count, per_day=per_day)
    print(f"{count:,} observations, {per_day:g} incidents a day")
    fusion, took = timed_fusion(truth, 2)
    line("truceline", count, took, pair_scores(truth.incident, homes(fusion, truth.observations)))
    tried = [rival(name, run, truth) for name, run in DBSCANS.items()]
    name, took, scores = max(tried, key=lambda each: each[2][0])
    line(f"{name} (best)", count, took, scores)
    sizes = dict(fusion.sizes)
    large = sum(size * n for size, n in sizes.items() if size > 8)
    print(
        f"  components: largest {max(sizes)}, {large / count:.1%} of observations in more than 8, {fusion.cut} pairs cut"
    )
    small = generate(hdbscan_rows, per_day=per_day)
    _, took, scores = rival("HDBSCAN", hdbscan, small)
    line(f"HDBSCAN on {hdbscan_rows:,}", hdbscan_rows, took, scores)
    fusion, took = timed_fusion(small, 1)
    line(
        "truceline on the same",
        hdbscan_rows,
        took,
        pair_scores(small.incident, homes(fusion, small.observations)),
    )


def growth(count: int) -> None:
    """Ten times the days at one density, and ten times the density on one set of days."""
    few = generate(count, per_day=400)
    many = generate(10 * count, per_day=400)
    dense = generate(10 * count, per_day=4000)
    times = [timed_fusion(truth, 2)[1] for truth in (few, many, dense)]
    print(
        f"ten times the days: {times[1] / times[0]:.1f}x the time; ten times the density: {times[2] / times[0]:.1f}x"
    )


def main() -> None:
    keep()  # as a run does; peers run under the same
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--observations", type=int, default=1_000_000)
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    options = parser.parse_args()
    share = 10 if options.quick else 1
    timed_fusion(generate(5000, per_day=100), 1)  # compile or load the kernels
    compare(options.observations // share, 400, hdbscan_rows=50_000 // share)
    compare(options.observations // share, 40, hdbscan_rows=50_000 // share)
    growth(100_000 // share)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"peak memory, generator and peers included: {peak:.2f} GB")


if __name__ == "__main__":
    main()
