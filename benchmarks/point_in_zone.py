"""Points a second over 480 fractal polygons, against shapely's tree and bbox with `contains_xy`.

    python benchmarks/point_in_zone.py [points]

Agreement is of the whole set of (point, zone) pairs with shapely's `intersects`.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import shapely

from truceline.geometry.zone_index import index_zones, pairs

SEED = 20140919
COLUMNS, ROWS = 24, 20
PIECES, DEPTH = 3, 5  # each side is three pieces, halved five times: 384 edges a polygon
WEST, SOUTH, STEP = 22.0, 44.0, 0.75


def fractal(rng: np.random.Generator, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """A side broken by moving midpoints: the coast of a district."""
    points = start + (end - start) * np.linspace(0, 1, PIECES + 1)[:, None]
    for _ in range(DEPTH):
        middle = (points[:-1] + points[1:]) / 2
        step = points[1:] - points[:-1]
        across = np.column_stack([-step[:, 1], step[:, 0]])
        middle += across * rng.uniform(-0.12, 0.12, (len(middle), 1))
        mixed = np.empty((len(points) + len(middle), 2))
        mixed[0::2], mixed[1::2] = points, middle
        points = mixed
    return points


def coverage() -> list[np.ndarray]:
    """480 neighbouring polygons that share their sides."""
    rng = np.random.default_rng(SEED)
    x, y = np.meshgrid(np.arange(COLUMNS + 1), np.arange(ROWS + 1))
    corners = np.stack([x, y], axis=-1) + rng.uniform(-0.15, 0.15, (ROWS + 1, COLUMNS + 1, 2))
    corners = corners * STEP + [WEST, SOUTH]
    level = {
        (r, c): fractal(rng, corners[r, c], corners[r, c + 1])
        for r in range(ROWS + 1)
        for c in range(COLUMNS)
    }
    upright = {
        (r, c): fractal(rng, corners[r, c], corners[r + 1, c])
        for r in range(ROWS)
        for c in range(COLUMNS + 1)
    }
    rings = []
    for r in range(ROWS):
        for c in range(COLUMNS):
            sides = [level[r, c], upright[r, c + 1], level[r + 1, c][::-1], upright[r, c][::-1]]
            rings.append(np.concatenate([*(side[:-1] for side in sides), sides[0][:1]]))
    return rings


def timed(run: Callable[[], Any], times: int) -> tuple[float, Any]:
    best, result = np.inf, None
    for _ in range(times):
        began = time.perf_counter()
        result = run()
        best = min(best, time.perf_counter() - began)
    return best, result


def by_box(shapes: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> list[np.ndarray]:
    """The strongest peer measured: a box for each polygon, then `contains_xy` on what is in it."""
    held = []
    for shape in shapes:
        west, south, east, north = shape.bounds
        near = np.flatnonzero((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
        held.append(near[shapely.contains_xy(shape, lon[near], lat[near])])
    return held


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rings = coverage()
    shapes = np.array([shapely.Polygon(ring) for ring in rings])
    rng = np.random.default_rng(SEED + 1)
    lon = rng.uniform(WEST - 0.5, WEST + COLUMNS * STEP + 0.5, count)
    lat = rng.uniform(SOUTH - 0.5, SOUTH + ROWS * STEP + 0.5, count)
    build_s, index = timed(lambda: index_zones([[[ring]] for ring in rings]), 2)
    pairs(index, lon[:1000], lat[:1000])
    ours_s, (point, zone) = timed(lambda: pairs(index, lon, lat), 9)
    plain_s, _ = timed(lambda: by_box(shapes, lon, lat), 1)
    shapely.prepare(shapes)
    box_s, _ = timed(lambda: by_box(shapes, lon, lat), 3)
    tree = shapely.STRtree(shapes)
    points = shapely.points(lon, lat)
    tree_s, (at, which) = timed(lambda: tree.query(points, predicate="intersects"), 1)
    order = np.lexsort((which, at))
    same = len(at) == len(point) and bool(
        np.all(at[order] == point) and np.all(which[order] == zone)
    )
    vertices = sum(len(ring) - 1 for ring in rings)
    valid = bool(shapely.is_valid(shapes).all())
    print(f"{count:,} points, {len(rings)} polygons (valid: {valid}), {vertices:,} vertices")
    print(f"agreement with shapely on every pair: {'100 %' if same else 'NO'} ({len(at):,} pairs)")
    print(f"build                  {build_s:8.2f} s, once")
    for name, seconds in (
        ("cell index", ours_s),
        ("bbox + contains_xy", plain_s),
        ("the same, prepared", box_s),
        ("STRtree.query", tree_s),
    ):
        ratio = seconds / ours_s
        print(f"{name:<22} {seconds:8.3f} s  {count / seconds / 1e6:8.2f} Mpt/s  {ratio:6.1f}x")


if __name__ == "__main__":
    main()
