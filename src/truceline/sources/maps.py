"""GeoJSON maps: features with the line they stand on, and polygons that are polygons."""

import bisect
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely import Polygon

from truceline.model.errors import SourceError
from truceline.sources.contract import RawFile
from truceline.sources.encodings import decode

_FEATURE = re.compile(r'"type"\s*:\s*"Feature"')
_KNOWN_CRS = re.compile(r"CRS84|EPSG::?4326$|EPSG:4326", re.IGNORECASE)
_SWAPPED = "the order is longitude, latitude: swap the numbers if they stand the other way round"

Fault = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One polygon of a feature, or the reason why it is none."""

    feature: int  # from 1
    polygon: int  # from 1
    line: int
    properties: Mapping[str, Any]
    shape: Polygon | None
    fault: Fault | None = None


def pieces(file: RawFile) -> tuple[list[Piece], dict[str, Any]]:
    """Every polygon of a GeoJSON file, sound or not, and what stands beside its features.

    Raises
    ------
    SourceError
        It is not JSON, not a collection of features, or in coordinates other than WGS 84.
    """
    decoded = decode(file.content, file.name)
    collection = _collection(file, decoded.text)
    features = collection.get("features")
    if not isinstance(features, list):
        msg = f"{file.name}:1: `features` is no list; give a GeoJSON FeatureCollection"
        raise SourceError(msg)
    crs = json.dumps(collection.get("crs"))
    if collection.get("crs") is not None and not _KNOWN_CRS.search(crs.replace('"', " ")):
        msg = f"{file.name}:1: its coordinates are of {crs[:120]}; convert it to WGS 84 (CRS84)"
        raise SourceError(msg)
    lines = _lines(decoded.text, len(features))
    found: list[Piece] = []
    for number, feature in enumerate(features, 1):
        found += _pieces_of(feature, number, lines[number - 1])
    beside = {name: value for name, value in collection.items() if name != "features"}
    return found, beside


def _collection(file: RawFile, text: str) -> dict[str, Any]:
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as exc:
        end = text.rstrip()
        what = "the file ends in the middle" if exc.pos >= len(end) - 1 else f"not JSON: {exc.msg}"
        msg = f"{file.name}:{exc.lineno}: {what}; fetch the file again"
        raise SourceError(msg) from exc
    except (RecursionError, ValueError) as exc:
        msg = f"{file.name}:1: not JSON that can be read: {type(exc).__name__}; fetch it again"
        raise SourceError(msg) from exc
    if isinstance(whole, dict):
        if whole.get("type") == "Feature":
            return {"features": [whole]}
        # Some publishers wrap the collection: {"value": {"type": "FeatureCollection", ...}}.
        for inner in (whole, *whole.values()):
            if isinstance(inner, dict) and inner.get("type") == "FeatureCollection":
                return inner
    msg = f"{file.name}:1: it holds no GeoJSON FeatureCollection; check the feed and the file"
    raise SourceError(msg)


def _lines(text: str, features: int) -> list[int]:
    """The line of each feature; line 1 for all where they cannot be told apart."""
    found = [match.start() for match in _FEATURE.finditer(text)]
    if len(found) != features:
        return [1] * features
    ends = [match.start() for match in re.finditer("\n", text)]
    return [bisect.bisect_left(ends, at) + 1 for at in found]


def _pieces_of(feature: Any, number: int, line: int) -> Iterator[Piece]:
    known = feature if isinstance(feature, dict) else {}
    properties = known.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    geometry = known.get("geometry")
    geometry = geometry if isinstance(geometry, dict) else {}
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "Polygon":
        polygons = [coordinates]
    elif kind == "MultiPolygon" and isinstance(coordinates, list) and coordinates:
        polygons = coordinates
    else:
        fault = (
            f"feature {number} is {str(kind)[:40] if kind else 'without geometry'}, not an area",
            "give polygons; points and lines say nothing about control",
        )
        yield Piece(
            feature=number, polygon=1, line=line, properties=properties, shape=None, fault=fault
        )
        return
    for place, rings in enumerate(polygons, 1):
        made = _polygon(rings)
        is_sound = isinstance(made, Polygon)
        yield Piece(
            feature=number,
            polygon=place,
            line=line,
            properties=properties,
            shape=made if isinstance(made, Polygon) else None,
            fault=None if is_sound else _placed(number, place, made),
        )


def _placed(feature: int, polygon: int, fault: Any) -> Fault:
    reason, advice = fault
    return f"polygon {polygon} of feature {feature}: {reason}", advice


def _polygon(rings: Any) -> Polygon | Fault:
    if not isinstance(rings, list) or not rings:
        return "it has no ring", "give at least an outer ring"
    read = []
    for ring in rings:
        points = _ring(ring)
        if isinstance(points, tuple):
            return points
        read.append(points)
    made = Polygon(read[0], read[1:])
    if not made.is_valid:
        where = shapely.is_valid_reason(made)
        return (
            f"it crosses itself or is no area: {where} (longitude latitude)",
            "mend the drawing there; it is not mended here, as that would change a claim",
        )
    if made.area == 0:
        return "it has no area", "take it out"
    return made


def _ring(ring: Any) -> list[tuple[float, float]] | Fault:
    if not isinstance(ring, list) or len(ring) < 4:
        return "a ring has fewer than 4 positions", "close it on its first position"
    points = []
    for position in ring:
        if not isinstance(position, list) or len(position) < 2:
            return f"{str(position)[:40]} is no position", "write [longitude, latitude]"
        lon, lat = position[0], position[1]
        if not (_is_figure(lon) and _is_figure(lat)):
            return f"{str(position)[:40]} is no position", "write [longitude, latitude]"
        if lon == 0 and lat == 0:
            return (
                "position 0, 0 is no place",
                "it stands for a place that is not known; take it out",
            )
        if abs(lon) > 180 or abs(lat) > 90:
            return f"position {lon}, {lat} is not on earth", _SWAPPED
        points.append((float(lon), float(lat)))
    if points[0] != points[-1]:
        return "a ring is not closed", "repeat its first position at its end"
    if len(set(points)) < 3:
        return "a ring has no area", "take it out"
    return points


def _is_figure(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    # A whole number of four hundred digits is JSON too, and no float.
    return -1e6 < value < 1e6 and not (isinstance(value, float) and math.isnan(value))
