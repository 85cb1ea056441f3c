"""Make `raw/oblasts.geojson`, the map's backdrop, from geoBoundaries UKR ADM1: coarse lines only.

    python examples/easter-truce-2025/make_outlines.py FILE > raw/oblasts.geojson

Outlines are simplified to about 3 km and carry no name. They are one publisher's drawing; no line
of them is a statement about sovereignty.
"""

import json
import sys
from pathlib import Path

import shapely
from shapely.geometry import shape

TOLERANCE_DEG = 0.03  # about 3 km: nothing on this map is finer than its cells of 5 km


def outlines(path: Path) -> dict:
    """One MultiLineString of all outlines, two decimals a coordinate."""
    areas = [shape(f["geometry"]) for f in json.loads(path.read_text(encoding="utf-8"))["features"]]
    edges = shapely.unary_union([shapely.coverage_simplify(areas, TOLERANCE_DEG)]).boundary
    inner = shapely.unary_union(
        [area.boundary for area in shapely.coverage_simplify(areas, TOLERANCE_DEG)]
    )
    merged = shapely.line_merge(shapely.unary_union([edges, inner]))
    lines = [
        [[round(x, 2), round(y, 2)] for x, y in line.coords]
        for line in sorted(shapely.get_parts(merged), key=lambda g: g.wkt)
        if line.length > 0.15
    ]
    geometry = {"type": "MultiLineString", "coordinates": lines}
    feature = {
        "type": "Feature",
        "properties": {"source": "geoBoundaries UKR ADM1"},
        "geometry": geometry,
    }
    return {"type": "FeatureCollection", "features": [feature]}


if __name__ == "__main__":
    made = outlines(Path(sys.argv[1]))
    sys.stdout.write(json.dumps(made, separators=(",", ":")) + "\n")
