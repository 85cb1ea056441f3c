"""The zones and lines of one agreement, ready to be asked about many places."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import shapely

from truceline.agreement.shape import zone_polygon
from truceline.agreement.terms import Agreement, Line, Zone
from truceline.findings.contract import Where
from truceline.findings.event import Times
from truceline.findings.when import stretch
from truceline.geometry.distance import LineIndex, Nearest, index_line, nearest
from truceline.geometry.zone_index import ZoneIndex, index_zones, inside
from truceline.model.errors import AgreementError

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

EDGE_M = 0.5
"""Ground is measured to half a metre: a place within it of a distance stands on that distance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """One line, or the edge and the inside of one zone.

    `is_one_path`: a line in one piece that does not cross itself, so that it parts left from right.
    """

    edge: LineIndex
    area: ZoneIndex | None = None
    is_one_path: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Many points as seen from one surface."""

    near: Nearest
    is_inside: Truths | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What an agreement says about places, by id; without coordinates there is no surface."""

    lines: dict[str, Line]
    zones: dict[str, Zone]
    agreement: Agreement

    def resolve(self, where: Where, at: str) -> tuple[Where | None, Times]:
        """A condition as one that can be measured, and when its geometry is valid.

        Returns None in place of the condition where coordinates or a figure are missing. A zone
        that is a width to both sides of a line becomes a band along that line, so that clauses
        measured from one line share its distances.

        Raises
        ------
        AgreementError
            The zone or line is not in the agreement.
        """
        if where.line is not None:
            line = self.lines.get(where.line)
            if line is None:
                msg = f"{at}: line {where.line!r} is not in the agreement; it has {sorted(self.lines)}"
                raise AgreementError(msg)
            is_known = line.paths is not None and None not in (where.from_m, where.to_m)
            return (where if is_known else None), stretch(line.valid)
        zone = self.zones.get(str(where.zone))
        if zone is None:
            msg = f"{at}: zone {where.zone!r} is not in the agreement; it has {sorted(self.zones)}"
            raise AgreementError(msg)
        return self._in_zone(where, zone), stretch(zone.valid)

    def _in_zone(self, where: Where, zone: Zone) -> Where | None:
        if where.to_m is None:
            return None
        if zone.polygons is not None:
            return replace(where, from_m=0.0, side=None)
        line = self.lines.get(zone.line_id or "")
        if line is None or line.paths is None or zone.width_m is None:
            return None
        if zone.side is None:
            return Where(line=line.line_id, to_m=zone.width_m + where.to_m)
        if zone.side not in (line.left, line.right):
            return None
        if not where.to_m:
            side = "left" if zone.side == line.left else "right"
            return Where(line=line.line_id, to_m=zone.width_m, side=side)
        return replace(where, from_m=0.0, side=None)


def ground_of(agreement: Agreement) -> Ground:
    """The places of an agreement; a zone or line of several versions is told apart by its id."""
    return Ground(
        lines={line.line_id: line for line in agreement.lines},
        zones={zone.zone_id: zone for zone in agreement.zones},
        agreement=agreement,
    )


def surfaces(ground: Ground, wheres: Iterable[Where]) -> dict[tuple[str, str], Surface]:
    """Indexes of every line and zone that the (resolved) conditions name, each built once."""
    made: dict[tuple[str, str], Surface] = {}
    for key in sorted({surface_key(where) for where in wheres}):
        kind, name = key
        if kind == "line":
            paths = ground.lines[name].paths or ()
            is_one_path = len(paths) == 1 and bool(shapely.LineString(paths[0]).is_simple)
            made[key] = Surface(edge=index_line(paths), is_one_path=is_one_path)
        else:
            polygons = _polygons(ground, name)
            rings = [ring for polygon in polygons for ring in polygon]
            made[key] = Surface(edge=index_line(rings), area=index_zones([polygons]))
    return made


def surface_key(where: Where) -> tuple[str, str]:
    """Which surface a condition is measured from."""
    return ("line", where.line) if where.line is not None else ("zone", str(where.zone))


def see(surface: Surface, lat: Floats, lon: Floats) -> Seen:
    """Distances of points from a surface, once for every condition that is measured from it."""
    is_inside = None if surface.area is None else inside(surface.area, lon, lat, 0)
    return Seen(near=nearest(surface.edge, lat, lon), is_inside=is_inside)


def margin_m(where: Where, seen: Seen) -> tuple[Floats, Floats]:
    """How far inside the condition each point is (negative: outside), and the slope's sign.

    Returns
    -------
    margin, slope
        `(n,)` metres, changing by at most a metre a metre; and +1 or -1 where moving away from
        the surface raises or lowers it.
    """
    to_m = np.inf if where.to_m is None else where.to_m
    if seen.is_inside is not None:
        away = np.where(seen.is_inside, -1.0, 1.0)
        return to_m - away * seen.near.distance_m, -away
    away = np.ones(len(seen.near.distance_m))
    if where.side is not None:
        away = seen.near.side * (1.0 if where.side == "left" else -1.0)
    along = away * seen.near.distance_m
    inner = along - (where.from_m or 0.0) + EDGE_M
    if not where.from_m and where.side is None:
        inner = np.full(len(along), np.inf)
    outer = to_m - EDGE_M - along
    return np.minimum(inner, outer), np.where(inner < outer, away, -away)


def needs_distance(where: Where) -> bool:
    """Whether a condition asks how far, and not only whether a place is in a zone."""
    return where.line is not None or bool(where.to_m)


def holds(where: Where, signed_m: Floats) -> Truths:
    """Whether points at these signed distances meet the condition.

    Parameters
    ----------
    signed_m
        Metres: positive outside a zone, or left of a line.
    """
    to_m = np.inf if where.to_m is None else where.to_m
    if where.zone is not None:
        return np.asarray(signed_m <= to_m)
    along = np.abs(signed_m)
    if where.side is not None:
        along = signed_m if where.side == "left" else -signed_m
    met = np.asarray(along <= to_m - EDGE_M)
    if where.from_m or where.side is not None:
        met &= along >= (where.from_m or 0.0) - EDGE_M
    return met


def _polygons(ground: Ground, zone_id: str) -> list[list[list[tuple[float, float]]]]:
    shape = zone_polygon(ground.agreement, zone_id)
    return [
        [[(x, y) for x, y in ring.coords] for ring in (part.exterior, *part.interiors)]
        for part in getattr(shape, "geoms", [shape])
        if part is not None
    ]
