"""Places that are not ellipses, as at most eight Gaussians: a bearing with a range, an area.

Means and covariances of the pieces are the exact moments of what each piece stands for, so the
whole keeps the mean and the covariance of the place, however coarse the pieces are.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import shapely

from truceline.geometry.offset import between, moved
from truceline.model.errors import InputError
from truceline.model.place import COMPONENTS

Floats = npt.NDArray[np.float64]
Rings = Sequence[Sequence[tuple[float, float]]]

# Splits of a bearing (along the range, across the angle) and the angular standard deviation up to
# which each is used: near 10 degrees a piece is about as wide as it is deep when the range is open.
_SPLITS = ((10.0, 8, 1), (30.0, 4, 2), (90.0, 2, 4), (np.inf, 1, 8))
_QUANTILES = 32  # midpoints that carry the moments of one angular piece
_GRID = 64  # cells along the longer side of an area's box


@dataclass(frozen=True, slots=True, kw_only=True)
class Components:
    """Gaussians on the ground, `(n, k)`: one row a place; weights of a row sum to one."""

    weight: Floats
    lat: Floats
    lon: Floats
    var_east_m2: Floats
    cov_en_m2: Floats
    var_north_m2: Floats


_COLUMNS = ("weight", "lat", "lon", "var_east_m2", "cov_en_m2", "var_north_m2")


def from_bearing(
    observer_lat: Floats,
    observer_lon: Floats,
    bearing_deg: Floats,
    bearing_error_deg: Floats,
    range_low_m: Floats,
    range_high_m: Floats,
) -> Components:
    """Somewhere along a bearing: normal in angle, even in range.

    Parameters
    ----------
    observer_lat, observer_lon
        `(n,)` degrees.
    bearing_deg, bearing_error_deg
        `(n,)` clockwise from true north, and one standard deviation.
    range_low_m, range_high_m
        `(n,)` metres from the observer.

    Raises
    ------
    InputError
        A range is empty or negative.

    Examples
    --------
    >>> c = from_bearing(*(np.array([v]) for v in (48.0, 37.8, 90.0, 5.0, 1000.0, 3000.0)))
    >>> c.weight.shape, round(float(c.weight.sum()), 9)
    ((1, 8), 1.0)
    """
    columns = [observer_lat, observer_lon, bearing_deg, bearing_error_deg]
    columns += [range_low_m, range_high_m]
    lat0, lon0, bearing, error, low, high = (np.asarray(c, dtype=np.float64) for c in columns)
    if np.any(~((low >= 0) & (low < high))):
        at = int(np.flatnonzero(~((low >= 0) & (low < high)))[0])
        msg = f"range {low[at]} to {high[at]} m in row {at} is not a range; low must be below high"
        raise InputError(msg)
    out = [np.zeros((len(lat0), COMPONENTS)) for _ in range(6)]
    above = -np.inf
    for limit, along, across in _SPLITS:
        rows = np.flatnonzero((error > above) & (error <= limit))
        above = limit
        if len(rows):
            pieces = _arc(bearing[rows], error[rows], low[rows], high[rows], along, across)
            out[0][rows] = 1.0 / COMPONENTS
            place = moved(lat0[rows, None], lon0[rows, None], pieces[0], pieces[1])
            for column, value in zip(out[1:], (*place, *pieces[2:]), strict=True):
                column[rows] = value
    return Components(**dict(zip(_COLUMNS, out, strict=True)))


def _arc(
    bearing_deg: Floats, error_deg: Floats, low_m: Floats, high_m: Floats, along: int, across: int
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Moments `(n, along * across)` of each piece: mean east, mean north, and the covariance."""
    edge = low_m[:, None] + (high_m - low_m)[:, None] * np.arange(along + 1) / along
    near, far = edge[:, :-1], edge[:, 1:]
    mean_r = np.repeat((near + far) / 2, across, axis=1)
    mean_r2 = np.repeat((near**2 + near * far + far**2) / 3, across, axis=1)
    normal = NormalDist()
    steps = [(i + 0.5) / (across * _QUANTILES) for i in range(across * _QUANTILES)]
    z = np.array([normal.inv_cdf(step) for step in steps]).reshape(across, _QUANTILES)
    angle = np.deg2rad(bearing_deg)[:, None, None] + np.deg2rad(error_deg)[:, None, None] * z
    sine, cosine = np.sin(angle), np.cos(angle)
    tile = (1, along)
    east = mean_r * np.tile(sine.mean(axis=2), tile)
    north = mean_r * np.tile(cosine.mean(axis=2), tile)
    var_east = mean_r2 * np.tile((sine**2).mean(axis=2), tile) - east**2
    cov = mean_r2 * np.tile((sine * cosine).mean(axis=2), tile) - east * north
    var_north = mean_r2 * np.tile((cosine**2).mean(axis=2), tile) - north**2
    return east, north, var_east, cov, var_north


def from_polygons(polygons: Sequence[Rings]) -> Components:
    """Somewhere in an area, evenly: one row of at most eight Gaussians.

    Parameters
    ----------
    polygons
        Each an outer ring, then holes; points are (lon, lat).

    Raises
    ------
    InputError
        The polygons enclose no area.

    Examples
    --------
    >>> square = [[(37.0, 48.0), (38.0, 48.0), (38.0, 49.0), (37.0, 49.0), (37.0, 48.0)]]
    >>> c = from_polygons([square])
    >>> c.weight.shape, round(float((c.weight * c.lat).sum()), 2)
    ((1, 8), 48.5)
    """
    shape = shapely.union_all([shapely.Polygon(rings[0], rings[1:]) for rings in polygons])
    if shape.is_empty or shape.area <= 0:
        msg = "the area's polygons enclose nothing; check the ring's points"
        raise InputError(msg)
    lon, lat = _grid(shape)
    lat0, lon0 = lat.mean(), lon.mean()
    east, north = between(lat0, lon0, lat, lon)
    # A degree of longitude is shorter in the north: cells there stand for less ground.
    ground = np.cos(np.deg2rad(lat))
    parts = [np.arange(len(lon))]
    while len(parts) < min(COMPONENTS, len(lon)):
        parts.sort(key=lambda part: -_spread(east[part], north[part], ground[part]))
        if len(parts[0]) < 2:
            break
        parts[:1] = _halves(parts[0], east, north, ground)
    moments = np.array([_moments(east[part], north[part], ground[part]) for part in parts]).T
    place = moved(lat0, lon0, moments[1], moments[2])
    columns = [moments[0] / moments[0].sum(), *place, *moments[3:]]
    weight, lat, lon, var_east, cov, var_north = (column[None, :] for column in columns)
    return Components(
        weight=weight, lat=lat, lon=lon, var_east_m2=var_east, cov_en_m2=cov, var_north_m2=var_north
    )


def _grid(shape: shapely.Geometry) -> tuple[Floats, Floats]:
    west, south, east, north = shapely.bounds(shape)
    count = _GRID
    while True:
        step = max(east - west, north - south) / count
        columns, rows = (max(1, math.ceil(side / step)) for side in (east - west, north - south))
        lon, lat = np.meshgrid(
            west + (east - west) * (np.arange(columns) + 0.5) / columns,
            south + (north - south) * (np.arange(rows) + 0.5) / rows,
        )
        inside = shapely.contains_xy(shape, lon.ravel(), lat.ravel())
        if inside.sum() >= 64:
            return lon.ravel()[inside], lat.ravel()[inside]
        if count > 4096:  # a sliver thinner than any grid: its middle has to do
            point = shapely.point_on_surface(shape)
            return np.array([point.x]), np.array([point.y])
        count *= 4


def _spread(east: Floats, north: Floats, ground: Floats) -> float:
    total, _, _, var_east, _, var_north = _moments(east, north, ground)
    return float(total * (var_east + var_north))


def _moments(east: Floats, north: Floats, ground: Floats) -> tuple[float, ...]:
    total = ground.sum()
    mean_e, mean_n = (ground * east).sum() / total, (ground * north).sum() / total
    de, dn = east - mean_e, north - mean_n
    floor = 1.0  # m2: a single cell is still a place of about a metre
    var_east = (ground * de * de).sum() / total + floor
    var_north = (ground * dn * dn).sum() / total + floor
    return total, mean_e, mean_n, var_east, (ground * de * dn).sum() / total, var_north


def _halves(
    part: npt.NDArray[np.intp], east: Floats, north: Floats, ground: Floats
) -> list[npt.NDArray[np.intp]]:
    """Cut at the mean, across the longest axis."""
    _, mean_e, mean_n, var_e, cov, var_n = _moments(east[part], north[part], ground[part])
    azimuth = 0.5 * np.arctan2(2 * cov, var_n - var_e)
    along = (east[part] - mean_e) * np.sin(azimuth) + (north[part] - mean_n) * np.cos(azimuth)
    low = along < 0
    if not low.any() or low.all():
        low = np.arange(len(part)) < len(part) // 2
    return [part[low], part[~low]]


def moment_match(components: Components) -> Components:
    """The one Gaussian of the same mean and covariance, `(n, 1)`.

    Examples
    --------
    >>> c = from_bearing(*(np.array([v]) for v in (48.0, 37.8, 0.0, 1.0, 1000.0, 3000.0)))
    >>> one = moment_match(c)
    >>> one.weight.shape, round(float(one.var_north_m2[0, 0] ** 0.5))
    ((1, 1), 577)
    """
    share = components.weight / components.weight.sum(axis=1, keepdims=True)
    lat0 = (share * components.lat).sum(axis=1, keepdims=True)
    lon0 = (share * components.lon).sum(axis=1, keepdims=True)
    east, north = between(lat0, lon0, components.lat, components.lon)

    def mean(value: Floats) -> Floats:
        return np.asarray((share * value).sum(axis=1, keepdims=True))

    mean_e, mean_n = mean(east), mean(north)
    lat, lon = moved(lat0, lon0, mean_e, mean_n)
    return Components(
        weight=np.ones_like(lat),
        lat=lat,
        lon=lon,
        var_east_m2=mean(components.var_east_m2 + (east - mean_e) ** 2),
        cov_en_m2=mean(components.cov_en_m2 + (east - mean_e) * (north - mean_n)),
        var_north_m2=mean(components.var_north_m2 + (north - mean_n) ** 2),
    )
