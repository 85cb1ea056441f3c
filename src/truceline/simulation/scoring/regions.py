"""Where the truth lies in a stated posterior of place: inside which region, and how large that is.

The region of level `a` is the smallest ground that holds the share `a` of the posterior. For one
Gaussian it is an ellipse and everything is exact; for a mixture it is measured on points laid out
evenly through each component, the same ones every time: nothing is drawn by chance.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.geometry.plane import metres_per_degree

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LEVELS = (0.5, 0.9, 0.99)
POINTS = 256  # of each mixture, shared by its components; an area is then right to about 3 in 100
MOST_MIXTURES = 20_000
"""Mixtures that are measured; of more, so many evenly spaced ones. A share of 20,000 is known to 0.7 %."""
LEAST_PLACED = 0.5  # an incident with less of its mass on the ground states no region
_AT_ONCE = 512  # incidents whose points are held at once
_GOLDEN = math.pi * (3 - math.sqrt(5))


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Placed components of some incidents, in metres east and north of each one's true place.

    `(components,)` each; `incident` rises, and `weight`s of one incident sum to one.
    """

    incident: Ints
    weight: Floats
    east_m: Floats
    north_m: Floats
    var_east_m2: Floats
    cov_m2: Floats
    var_north_m2: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Regions:
    """Of each asked incident: NaN where it states no region.

    `mass` is `(n,)`, the level of the smallest region that still reaches the truth; `area_km2` is
    `(n, levels)`; `miss_m` is `(n,)`, from the truth to the mean of the posterior.
    """

    mass: Floats
    area_km2: Floats
    miss_m: Floats


def places(posterior: pa.Table, incidents: pa.Array, lat: Floats, lon: Floats) -> Places:
    """Components of the posterior of some incidents, about the true place of each.

    Parameters
    ----------
    posterior
        In the schema of posteriors.
    incidents
        `(n,)` identifiers.
    lat, lon
        `(n,)` degrees, where each truly was.
    """
    columns = ["weight", "lat", "lon", "var_east_m2", "cov_en_m2", "var_north_m2"]
    at = _numbers(posterior["incident_id"], incidents)
    weight, p_lat, p_lon, east2, cov, north2 = (
        np.asarray(posterior[name].combine_chunks().to_numpy(zero_copy_only=False), float)
        for name in columns
    )
    kept = np.flatnonzero((at >= 0) & np.isfinite(p_lat) & (weight > 0))
    kept = kept[np.argsort(at[kept], kind="stable")]
    of = at[kept]
    mass = np.bincount(of, weights=weight[kept], minlength=lat.size)
    firm = mass[of] >= LEAST_PLACED
    kept, of = kept[firm], of[firm]
    east, north = _degrees(lat[of])
    return Places(
        incident=of,
        weight=weight[kept] / mass[of],
        east_m=(p_lon[kept] - lon[of]) * east,
        north_m=(p_lat[kept] - lat[of]) * north,
        var_east_m2=east2[kept],
        cov_m2=cov[kept],
        var_north_m2=north2[kept],
    )


def _numbers(column: pa.ChunkedArray, ids: pa.Array) -> Ints:
    return np.asarray(pc.fill_null(pc.index_in(column, value_set=ids), -1)).astype(np.int64)


def _degrees(lat: Floats) -> tuple[Floats, Floats]:
    """Metres of a degree east and north, to the tenth of a degree of latitude."""
    tenth, at = np.unique(np.round(lat, 1), return_inverse=True)
    scales = np.array([metres_per_degree(float(each)) for each in tenth]).reshape(-1, 2)
    # A degree east shortens by up to a thousandth within the tenth: far under any stated error.
    return scales[at, 0], scales[at, 1]


def regions(given: Places, count: int) -> Regions:
    """Level at the truth, areas and miss of `count` incidents.

    Parameters
    ----------
    given
        Their components; an incident without one states no region.
    count
        How many were asked for.

    References
    ----------
    Hyndman 1996, American Statistician 50:120 (highest-density regions by quantiles of the density).

    Examples
    --------
    >>> one = Places(incident=np.array([0]), weight=np.array([1.0]), east_m=np.array([2000.0]),
    ...     north_m=np.array([0.0]), var_east_m2=np.array([1e6]), cov_m2=np.array([0.0]), var_north_m2=np.array([1e6]))
    >>> found = regions(one, 1)
    >>> round(float(found.mass[0]), 4), found.area_km2[0].round(3).tolist(), found.miss_m.tolist()
    (0.8647, [4.355, 14.468, 28.935], [2000.0])
    """
    mass = np.full(count, np.nan)
    area = np.full((count, len(LEVELS)), np.nan)
    miss = np.full(count, np.nan)
    number, start, width = np.unique(given.incident, return_index=True, return_counts=True)
    if number.size:
        mean_e, mean_n = (
            np.add.reduceat(given.weight * side, start) for side in (given.east_m, given.north_m)
        )
        miss[number] = np.hypot(mean_e, mean_n)
    single = width == 1
    thin = max(1, math.ceil(np.count_nonzero(~single) / MOST_MIXTURES))
    mass[number[single]], area[number[single]] = _ellipses(given, start[single])
    for size in np.unique(width[~single]).tolist():
        rows = np.flatnonzero(width == size)[::thin]
        for chunk in np.array_split(rows, math.ceil(rows.size / _AT_ONCE)):
            at = start[chunk][:, None] + np.arange(size)
            mass[number[chunk]], area[number[chunk]] = _mixtures(given, at)
    return Regions(mass=mass, area_km2=area, miss_m=miss)


def _ellipses(given: Places, at: Ints) -> tuple[Floats, Floats]:
    square = _distance2(given, at, -given.east_m[at], -given.north_m[at])
    ring = -2 * np.log1p(-np.array(LEVELS)) * math.pi
    return -np.expm1(-square / 2), np.sqrt(_determinant(given, at))[:, None] * ring / 1e6


def _determinant(given: Places, at: Ints) -> Floats:
    product = given.var_east_m2[at] * given.var_north_m2[at]
    return np.maximum(product - given.cov_m2[at] ** 2, 1e-12 * product)


def _distance2(given: Places, at: Ints, east: Floats, north: Floats) -> Floats:
    """Squared Mahalanobis distance of an offset from a component's mean."""
    whole = given.var_north_m2[at] * east**2 - 2 * given.cov_m2[at] * east * north
    return (whole + given.var_east_m2[at] * north**2) / _determinant(given, at)


def _disc(points: int) -> tuple[Floats, Floats]:
    """Points laid out as a standard Gaussian in the plane (Vogel's spiral)."""
    step = np.arange(points)
    radius = np.sqrt(-2 * np.log1p(-(step + 0.5) / points))
    return radius * np.cos(step * _GOLDEN), radius * np.sin(step * _GOLDEN)


def _mixtures(given: Places, at: Ints) -> tuple[Floats, Floats]:
    """Level at the truth, and areas, of incidents with as many components each; `at` is `(n, c)`."""
    rows, size = at.shape
    points = POINTS // size
    u, v = _disc(points)
    sd = np.sqrt(given.var_east_m2[at])
    slope = given.cov_m2[at] / sd
    rest = np.sqrt(_determinant(given, at)) / sd
    east = (given.east_m[at][:, :, None] + sd[:, :, None] * u).reshape(rows, -1)
    north = (given.north_m[at][:, :, None] + slope[:, :, None] * u + rest[:, :, None] * v).reshape(
        rows, -1
    )
    density = _density(given, at, east, north)
    truth = _density(given, at, np.zeros((rows, 1)), np.zeros((rows, 1)))
    share = np.repeat(given.weight[at] / points, points, axis=1)
    mass = np.sum(share * (density > truth), axis=1)
    order = np.argsort(-density, axis=1, kind="stable")
    held = np.cumsum(np.take_along_axis(share, order, 1), axis=1)
    ground = np.take_along_axis(share / density, order, 1)
    inside = [np.sum(ground * (held <= level), axis=1) for level in LEVELS]
    return mass, np.stack(inside, axis=1) / 1e6


def _density(given: Places, at: Ints, east: Floats, north: Floats) -> Floats:
    """Density per square metre at `(n, p)` points."""
    total = np.zeros_like(east)
    for c in range(at.shape[1]):
        one = at[:, c : c + 1]
        square = _distance2(given, one, east - given.east_m[one], north - given.north_m[one])
        peak = given.weight[one] / (2 * math.pi * np.sqrt(_determinant(given, one)))
        total += peak * np.exp(-square / 2)
    return np.maximum(total, 1e-300)
