"""The ground of zones and lines: polygons and paths in longitude and latitude, or None where missing.

A zone made from a line is a width measured on the ground: the line is cut into short pieces, each
is widened in the plane about its own middle, and the pieces are joined.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from truceline.agreement.terms import Agreement, Line, Ring, Zone
from truceline.geometry.plane import EQUATOR_RADIUS_M, FLATTENING, metres_per_degree
from truceline.model.errors import AgreementError

Points = npt.NDArray[np.float64]

_STEP_DEG = 0.05  # a straight piece of at most about 5.5 km: its bend on the globe is below 1 m
_PIECE = 8  # steps in one plane: at most about 45 km, where the plane errs by under 0.2 m in 15 km
_QUARTER = 64  # segments of a quarter circle: the cap of a 15 km width is short by under 1.2 m
_ROUNDS = 8  # each round takes the error of the last down by a factor of about 100


def line_paths(agreement: Agreement, line_id: str) -> tuple[Points, ...] | None:
    """Paths of a line, each `(n, 2)` longitude and latitude; None where it has no coordinates.

    Parameters
    ----------
    agreement
        The agreement in one version.
    line_id
        Id of one of its lines.

    Raises
    ------
    AgreementError
        The agreement has no such line.
    """
    line = _line(agreement, line_id)
    if line.paths is None:
        return None
    return tuple(np.array(path, dtype=np.float64) for path in line.paths)


def zone_polygon(agreement: Agreement, zone_id: str) -> Polygon | MultiPolygon | None:
    """The polygon of a zone in longitude and latitude; None where it has no coordinates.

    Parameters
    ----------
    agreement
        The agreement in one version.
    zone_id
        Id of one of its zones, drawn or made from a line with a width.

    Raises
    ------
    AgreementError
        The agreement has no such zone, or the zone lies on a party's side of a line that does not
        say which side is whose.
    """
    zone = next((each for each in agreement.zones if each.zone_id == zone_id), None)
    if zone is None:
        known = ", ".join(each.zone_id for each in agreement.zones) or "none"
        msg = f"agreement {agreement.agreement_id} has no zone {zone_id!r}; it has {known}"
        raise AgreementError(msg)
    if zone.polygons is not None:
        made = [Polygon(rings[0], rings[1:]) for rings in zone.polygons]
        return made[0] if len(made) == 1 else MultiPolygon(made)
    if zone.line_id is None or zone.width_m is None:
        return None
    line = _line(agreement, zone.line_id)
    if line.paths is None:
        return None
    return _along(line, zone.width_m, _side(zone, line))


def strip_rings(zone: Zone, line: Line) -> tuple[tuple[Ring, ...], ...] | None:
    """Polygons of a zone on one side of a line, as rings; None where a figure or the line is missing.

    Parameters
    ----------
    zone, line
        A zone with `width_m` and `side`, and the line that it follows.

    Raises
    ------
    AgreementError
        The line does not say which side is whose.
    """
    if zone.width_m is None or line.paths is None:
        return None
    shape = _along(line, zone.width_m, _side(zone, line))
    return tuple(
        tuple(tuple((float(x), float(y)) for x, y in ring.coords) for ring in rings)
        for part in getattr(shape, "geoms", [shape])
        for rings in [[part.exterior, *part.interiors]]
    )


def _line(agreement: Agreement, line_id: str) -> Line:
    for line in agreement.lines:
        if line.line_id == line_id:
            return line
    known = ", ".join(each.line_id for each in agreement.lines) or "none"
    msg = f"agreement {agreement.agreement_id} has no line {line_id!r}; it has {known}"
    raise AgreementError(msg)


def _side(zone: Zone, line: Line) -> int:
    """1 for the left of the line, -1 for the right, 0 for both."""
    if zone.side is None:
        return 0
    if zone.side in (line.left, line.right) and line.left != line.right:
        return 1 if zone.side == line.left else -1
    msg = (
        f"zone {zone.zone_id!r} lies on the side of {zone.side}, but line {line.line_id!r} does "
        f"not say which side that is; give the line `left:` and `right:`"
    )
    raise AgreementError(msg)


def _along(line: Line, width_m: float, side: int) -> Polygon | MultiPolygon:
    """The strip along a line: both sides with rounded ends, or one side of it."""
    pieces = [
        _widened(piece, width_m, side)
        for path in line.paths or ()
        for piece in _pieces(np.array(path, dtype=np.float64))
    ]
    whole = shapely.union_all(pieces)
    # Mending a piece may leave stray edges behind, which have no ground.
    parts = [part for part in shapely.get_parts(whole) if part.geom_type == "Polygon"]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _pieces(path: Points) -> Iterator[Points]:
    """Short stretches of a path, each sharing one step with the next so that no corner gapes."""
    dense = shapely.get_coordinates(shapely.segmentize(LineString(path), _STEP_DEG))
    for first in range(0, max(len(dense) - 1, 1), _PIECE - 1):
        piece = dense[first : first + _PIECE + 1]
        if len(piece) > 1:
            yield piece


def _widened(piece: Points, width_m: float, side: int) -> BaseGeometry:
    lon0, lat0 = (float(middle) for middle in piece.mean(axis=0))
    plane = LineString(_onto(piece, lat0, lon0))
    if side == 0:
        strip = shapely.buffer(plane, width_m, quad_segs=_QUARTER)
    else:
        strip = shapely.buffer(plane, side * width_m, quad_segs=_QUARTER, single_sided=True)
    made: BaseGeometry = shapely.transform(strip, lambda points: _back(points, lat0, lon0))
    return made if made.is_valid else shapely.make_valid(made)


def _onto(points: Points, lat0: float, lon0: float) -> Points:
    """East and north metres in the plane that touches the ellipsoid at a point.

    Seen from straight above, so that a length is short by the square of its distance from the
    point: by less than one part in 10,000 within 90 km.
    """
    x, y, z = (_centred(points) - _centred(np.array([[lon0, lat0]]))).T
    lat, lon = np.deg2rad(lat0), np.deg2rad(lon0)
    east = -np.sin(lon) * x + np.cos(lon) * y
    towards = np.cos(lon) * x + np.sin(lon) * y
    return np.column_stack([east, -np.sin(lat) * towards + np.cos(lat) * z])


def _back(metres: Points, lat0: float, lon0: float) -> Points:
    """Longitude and latitude of plane points, the inverse of `_onto`, to a millimetre."""
    east_scale, north_scale = metres_per_degree(lat0)
    scales = np.array([east_scale, north_scale])
    points = np.array([lon0, lat0]) + metres / scales
    for _ in range(_ROUNDS):
        points = points + (metres - _onto(points, lat0, lon0)) / scales
    return points


def _centred(points: Points) -> Points:
    """Metres from the centre of WGS 84 of points on its surface."""
    lon, lat = np.deg2rad(points).T
    squared = FLATTENING * (2 - FLATTENING)
    radius = EQUATOR_RADIUS_M / np.sqrt(1 - squared * np.sin(lat) ** 2)
    return np.column_stack(
        [
            radius * np.cos(lat) * np.cos(lon),
            radius * np.cos(lat) * np.sin(lon),
            radius * (1 - squared) * np.sin(lat),
        ]
    )
