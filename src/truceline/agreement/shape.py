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
from truceline.geometry.plane import to_degrees, to_plane
from truceline.model.errors import AgreementError

Points = npt.NDArray[np.float64]

_STEP_DEG = 0.05  # a straight piece of at most about 5.5 km: its bend on the globe is below 1 m
_PIECE = 8  # steps in one plane: at most about 45 km, where the plane errs by under 1 m in 15 km
_QUARTER = 64  # segments of a quarter circle: the cap of a 15 km width is short by under 1.2 m


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
    whole: Polygon | MultiPolygon = shapely.union_all(pieces)
    return whole


def _pieces(path: Points) -> Iterator[Points]:
    """Short stretches of a path, each sharing one step with the next so that no corner gapes."""
    dense = shapely.get_coordinates(shapely.segmentize(LineString(path), _STEP_DEG))
    for first in range(0, max(len(dense) - 1, 1), _PIECE - 1):
        piece = dense[first : first + _PIECE + 1]
        if len(piece) > 1:
            yield piece


def _widened(piece: Points, width_m: float, side: int) -> BaseGeometry:
    lon0, lat0 = piece.mean(axis=0)
    east_m, north_m = to_plane(piece[:, 1], piece[:, 0], float(lat0), float(lon0))
    plane = LineString(np.column_stack([east_m, north_m]))
    if side == 0:
        strip = shapely.buffer(plane, width_m, quad_segs=_QUARTER)
    else:
        strip = shapely.buffer(plane, side * width_m, quad_segs=_QUARTER, single_sided=True)

    def back(points: Points) -> Points:
        lat, lon = to_degrees(points[:, 0], points[:, 1], float(lat0), float(lon0))
        return np.column_stack([lon, lat])

    made: BaseGeometry = shapely.transform(strip, back)
    return made if made.is_valid else shapely.make_valid(made)
