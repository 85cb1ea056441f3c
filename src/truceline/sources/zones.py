"""The areas about which tracks are read: positions are kept only where something enters one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from truceline.geometry.ellipse import axes
from truceline.geometry.mixture import from_polygons, moment_match
from truceline.geometry.plane import to_plane
from truceline.model.errors import SourceError
from truceline.sources.contract import ReadContext

OPTION = (
    "area id to corners [[lat, lon], ...]: what enters them is told, and nothing else; the "
    "mission's area where absent"
)

Floats = npt.NDArray[np.float64]
Ring = list[tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """One area: its id, none for the mission's own box, and its ring of (lon, lat), closed."""

    area_id: str | None
    ring: Ring

    def middle(self) -> tuple[float, float]:
        """Latitude and longitude about which its edges are measured."""
        point = shapely.Polygon(self.ring).centroid
        return point.y, point.x

    def edges_m(self) -> Floats:
        """`(edges, 4)` east and north metres from the middle, of both ends of each edge."""
        lat, lon = np.array([y for _, y in self.ring]), np.array([x for x, _ in self.ring])
        east, north = to_plane(lat, lon, *self.middle())
        return np.column_stack([east[:-1], north[:-1], east[1:], north[1:]])

    def somewhere(self) -> tuple[float, float, float, float, float]:
        """Latitude, longitude, and the 95 % ellipse of a place that is anywhere in it, evenly."""
        one = moment_match(from_polygons([[self.ring]]))
        shape = axes(one.var_east_m2[:, 0], one.cov_en_m2[:, 0], one.var_north_m2[:, 0])
        return (
            float(one.lat[0, 0]),
            float(one.lon[0, 0]),
            *(float(column[0]) for column in shape),
        )  # type: ignore[return-value]


def zones_of(context: ReadContext, feed: str) -> list[Zone]:
    """The zones of option `zones`, by id; else the mission's area.

    Raises
    ------
    SourceError
        There is neither, or a zone is no ring of three corners or more on the ground.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> context = ReadContext(zone="UTC", received_at=datetime(2026, 3, 1, tzinfo=UTC))
    >>> zones_of(context, "ais")
    Traceback (most recent call last):
    truceline.model.errors.SourceError: feed ais: no area is known in which to look; give option `zones`, or a `theatre` in mission.yaml
    """
    given = context.options.get("zones")
    if given is None and context.area is not None:
        box = context.area
        west, south, east, north = box.west, box.south, box.east, box.north
        corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        return [Zone(area_id=None, ring=corners)]
    if given is None:
        msg = (
            f"feed {feed}: no area is known in which to look; give option `zones`, or a `theatre` in "
            "mission.yaml"
        )
        raise SourceError(msg)
    if not isinstance(given, Mapping) or not given:
        msg = f"feed {feed}: option `zones` is {given!r}; give area ids, each with its corners"
        raise SourceError(msg)
    return [Zone(area_id=str(name), ring=_ring(name, given[name], feed)) for name in sorted(given)]


def _ring(name: Any, corners: Any, feed: str) -> Ring:
    try:
        ring = [(float(lon), float(lat)) for lat, lon in corners]
        closed = ring if ring[0] == ring[-1] else [*ring, ring[0]]
        sound = shapely.Polygon(closed).is_valid and len(set(closed)) > 2
    except (TypeError, ValueError, IndexError, OverflowError):
        closed, sound = [], False
    if not sound or not all(abs(lat) <= 90 and abs(lon) <= 180 for lon, lat in closed):
        msg = (
            f"feed {feed}: zone {name!r} of option `zones` is no ring on the ground; give three corners "
            "or more as [lat, lon], in order around it"
        )
        raise SourceError(msg)
    return closed
