"""From degrees to the paper of a map, and back: an equirectangular frame about its own middle."""

import math
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from truceline.geometry.plane import metres_per_degree

WIDTH = 900.0
LEAST_HEIGHT, MOST_HEIGHT = 380.0, 820.0
MARGIN_DEG = 0.15
_FARTHEST_M = 60_000.0  # a shape wider than this may run off the paper; its middle never does


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A window of the ground, `WIDTH` units wide on paper."""

    west: float
    south: float
    east: float
    north: float
    height: float

    @property
    def per_lon(self) -> float:
        """Units of paper a degree of longitude."""
        return WIDTH / (self.east - self.west)

    @property
    def per_lat(self) -> float:
        """Units of paper a degree of latitude."""
        return self.height / (self.north - self.south)

    @property
    def metre(self) -> float:
        """Units of paper a metre, at the middle."""
        return self.per_lat / metres_per_degree((self.south + self.north) / 2)[1]

    def x(self, lon: float) -> float:
        """Units from the left edge."""
        return round((lon - self.west) * self.per_lon, 1)

    def y(self, lat: float) -> float:
        """Units from the upper edge."""
        return round((self.north - lat) * self.per_lat, 1)

    def ground(self, x: float, y: float) -> tuple[float, float]:
        """Latitude and longitude of a point of the paper.

        Examples
        --------
        >>> frame = Frame(west=37.0, south=47.0, east=39.0, north=48.0, height=600.0)
        >>> frame.ground(frame.x(37.5), frame.y(47.5))
        (47.5, 37.5)
        """
        return self.north - y / self.per_lat, self.west + x / self.per_lon

    def path(self, points: tuple[tuple[float, float], ...], *, is_ring: bool = False) -> str:
        """Path data through (lon, lat) points."""
        steps = [f"{self.x(lon):g} {self.y(lat):g}" for lon, lat in points]
        return "M" + "L".join(steps) + ("Z" if is_ring else "")


def frame_of(rows: pa.Table) -> Frame | None:
    """The window that holds every place of the rows; None where none is known."""
    lat, lon, major = (
        rows[name].to_numpy(zero_copy_only=False) for name in ("lat", "lon", "error_major_m")
    )
    known = ~np.isnan(lat)
    if not np.any(known):
        return None
    middle = float(lat[known].mean())
    east_m, north_m = metres_per_degree(middle)
    reach = np.minimum(major[known], _FARTHEST_M)
    south = float((lat[known] - reach / north_m).min()) - MARGIN_DEG
    north = float((lat[known] + reach / north_m).max()) + MARGIN_DEG
    west = float((lon[known] - reach / east_m).min()) - MARGIN_DEG * 1.5
    east = float((lon[known] + reach / east_m).max()) + MARGIN_DEG * 1.5
    return _fitted(west, max(south, -90.0), east, min(north, 90.0), east_m / north_m)


def _fitted(west: float, south: float, east: float, north: float, squeeze: float) -> Frame:
    """Widened to a paper that is neither a ribbon nor a tower, on whole twentieths of a degree."""
    height = WIDTH * (north - south) / ((east - west) * squeeze)
    if height > MOST_HEIGHT:
        grow = (east - west) * (height / MOST_HEIGHT - 1) / 2
        west, east = west - grow, east + grow
    elif height < LEAST_HEIGHT:
        grow = (north - south) * (LEAST_HEIGHT / height - 1) / 2
        south, north = max(south - grow, -90.0), min(north + grow, 90.0)
    west, south = (math.floor(side * 20) / 20 for side in (west, south))
    east, north = (math.ceil(side * 20) / 20 for side in (east, north))
    height = round(WIDTH * (north - south) / ((east - west) * squeeze), 1)
    return Frame(west=west, south=south, east=east, north=north, height=height)


def round_step(span: float) -> float:
    """A step of 1, 2 or 5 times a power of ten that cuts a span into about five."""
    raw = span / 5
    power = 10.0 ** math.floor(math.log10(raw))
    return next(power * each for each in (1, 2, 5, 10) if power * each >= raw * 0.999)
