"""Lines and zones from GeoJSON files beside an agreement: checked, never repaired, never invented."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import Polygon

from truceline.agreement.document import decode
from truceline.agreement.problem import Place, Problem, error
from truceline.agreement.terms import Ring
from truceline.model.errors import AgreementError

_WGS84 = ("CRS84", "EPSG::4326", "EPSG:4326")
_HOW = "write longitude, latitude in degrees of WGS 84"


@dataclass(slots=True, kw_only=True)
class Maps:
    """The GeoJSON files of one agreement folder, each read once."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)
    _features: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    _texts: dict[str, str] = field(default_factory=dict)

    def geometry(self, name: str, feature_id: str, asked_at: Place) -> dict[str, Any] | None:
        """The geometry of the feature with an id; None, with a problem noted, where there is none."""
        if name not in self._features:
            self._features[name] = self._read(name, asked_at)
        features = self._features[name]
        if features is None:
            return None
        if feature_id not in features:
            known = ", ".join(sorted(features)) or "none"
            self.problems.append(
                error(
                    asked_at,
                    f"no feature of {name} has the id `{feature_id}`",
                    f"give the feature that id; it has {known}",
                )
            )
            return None
        geometry = features[feature_id]
        return geometry if isinstance(geometry, dict) else {}

    def place(self, name: str, feature_id: str) -> Place:
        """Where in its file a feature stands, as near as its id shows."""
        text = self._texts.get(name, "")
        at = text.find(json.dumps(feature_id))
        return Place(str(self.folder / name), text.count("\n", 0, max(at, 0)) + 1)

    def _read(self, name: str, asked_at: Place) -> dict[str, Any] | None:
        path = self.folder / name
        if Path(name).is_absolute() or ".." in Path(name).parts:
            message = f"the map file {name} lies outside the agreement's folder"
            self.problems.append(error(asked_at, message, "put it beside the agreement"))
            return None
        try:
            data = path.read_bytes()
        except (OSError, ValueError) as exc:
            why = getattr(exc, "strerror", None) or str(exc)
            message = f"the map file {name} cannot be read: {why}"
            self.problems.append(error(asked_at, message, "put it beside the agreement"))
            return None
        text, problems = decode(data, Place(str(path), 1))
        self.problems += problems
        if text is None:
            return None
        self._texts[name] = text
        return self._parsed(text, Place(str(path), 1))

    def _parsed(self, text: str, start: Place) -> dict[str, Any] | None:
        try:
            value = json.loads(text)
        except json.JSONDecodeError as exc:
            place = Place(start.file, exc.lineno)
            self.problems.append(error(place, f"is not JSON: {exc.msg}", "mend this line"))
            return None
        except (RecursionError, ValueError) as exc:
            self.problems.append(error(start, f"is not JSON: {exc}", "export the map again"))
            return None
        features = value.get("features") if isinstance(value, dict) else None
        if not isinstance(features, list):
            self.problems.append(
                error(start, "is no GeoJSON FeatureCollection", "export it as a FeatureCollection")
            )
            return None
        crs = value.get("crs")
        if crs is not None and not any(name in json.dumps(crs) for name in _WGS84):
            self.problems.append(error(start, "is not in WGS 84", "reproject it to EPSG:4326"))
            return None
        return self._by_id(features, start)

    def _by_id(self, features: Iterable[Any], start: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for feature in features:
            if not isinstance(feature, dict):
                self.problems.append(error(start, "holds a feature that is none", "delete it"))
                continue
            properties = feature.get("properties")
            inner = properties.get("id") if isinstance(properties, dict) else None
            key = str(feature.get("id", inner))
            if key in found:
                self.problems.append(
                    error(start, f"has two features with the id `{key}`", "keep one of them")
                )
            found[key] = feature.get("geometry")
        return found


def paths(geometry: dict[str, Any]) -> tuple[Ring, ...]:
    """Polylines of a LineString or MultiLineString geometry.

    Parameters
    ----------
    geometry
        A GeoJSON geometry, degrees of WGS 84.

    Raises
    ------
    AgreementError
        Another type, too few points, or coordinates that are none.
    """
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind not in ("LineString", "MultiLineString"):
        msg = f"geometry is {kind!r}; a line needs LineString or MultiLineString"
        raise AgreementError(msg)
    parts = [coordinates] if kind == "LineString" else coordinates
    found = tuple(_ring(part, 2) for part in _list(parts))
    if any(len(set(path)) < 2 for path in found):
        msg = "line has no length; draw it from one point to another"
        raise AgreementError(msg)
    return found


def polygons(geometry: dict[str, Any]) -> tuple[tuple[Ring, ...], ...]:
    """Polygons, each an outer ring and its holes, of a Polygon or MultiPolygon geometry.

    Parameters
    ----------
    geometry
        A GeoJSON geometry, degrees of WGS 84.

    Raises
    ------
    AgreementError
        Another type, a ring that is open or too short, or one that crosses itself; the message
        says where.
    """
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon"):
        msg = f"geometry is {kind!r}; a zone needs Polygon or MultiPolygon"
        raise AgreementError(msg)
    parts = [coordinates] if kind == "Polygon" else coordinates
    shapes = tuple(tuple(_closed(ring) for ring in _list(part)) for part in _list(parts))
    made = [Polygon(rings[0], rings[1:]) for rings in shapes]
    whole = made[0] if len(made) == 1 else shapely.MultiPolygon(made)
    if not whole.is_valid:
        reason = shapely.is_valid_reason(whole)
        msg = f"shape is not sound: {_where(reason)}; redraw the ring there"
        raise AgreementError(msg)
    return shapes


def _where(reason: str) -> str:
    """Shapely's `Self-intersection[37.5 48.2]` as a sentence."""
    name, _, point = reason.partition("[")
    words = "it crosses itself" if "elf-intersection" in name else name[:1].lower() + name[1:]
    return f"{words} at longitude, latitude {point.rstrip(']').replace(' ', ', ')}"


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list) or not value:
        msg = f"coordinates are empty or no list; {_HOW}"
        raise AgreementError(msg)
    return value


def _ring(value: Any, least: int) -> Ring:
    points = tuple(_point(each) for each in _list(value))
    if len(points) < least:
        msg = f"has {len(points)} points where {least} are needed; draw it in full"
        raise AgreementError(msg)
    return points


def _closed(value: Any) -> Ring:
    ring = _ring(value, 4)
    if ring[0] != ring[-1]:
        msg = f"ring ends at {ring[-1]} and begins at {ring[0]}; repeat the first point at its end"
        raise AgreementError(msg)
    return ring


def _point(value: Any) -> tuple[float, float]:
    fits = isinstance(value, list) and len(value) >= 2
    if not fits or any(isinstance(n, bool) or not isinstance(n, int | float) for n in value[:2]):
        msg = f"{str(value)[:60]} is no point; {_HOW}"
        raise AgreementError(msg)
    lon, lat = float(value[0]), float(value[1])
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        msg = f"point {lon}, {lat} is off the globe; {_HOW}"
        raise AgreementError(msg)
    return lon, lat
