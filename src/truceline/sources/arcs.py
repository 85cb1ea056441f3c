"""A bearing and a range from an observer become a mixture of eight Gaussians along the arc."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from truceline.geometry.ellipse import axes
from truceline.geometry.plane import EQUATOR_RADIUS_M, FLATTENING
from truceline.model.place import COMPONENTS, SIGMAS_95
from truceline.tables.schemas import COMPONENT

BEARING_ERROR_DEG = 10.0  # one standard deviation where none is stated; general knowledge, assumed
RANGE_SIGMA_SHARE = 0.2  # of a stated range, where no error is stated; assumed
HEARD_FROM_M, HEARD_TO_M = 500.0, 15_000.0  # where no range is stated; assumed

Floats = npt.NDArray[np.float64]
_STANDARD = NormalDist()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arcs:
    """Places along arcs: single Gaussian of the same moments, and the mixture itself."""

    lat: Floats
    lon: Floats
    error_major_m: Floats
    error_minor_m: Floats
    error_azimuth_deg: Floats
    components: pa.Array  # (n,) lists of COMPONENT


def arcs(
    lat: Floats,
    lon: Floats,
    bearing_deg: Floats,
    bearing_error_deg: Floats,
    range_m: Floats,
    error_m: Floats,
) -> Arcs:
    """Places of what observers reported by bearing and range.

    A stated range is a Gaussian across the arc, cut into eight slices of equal weight along it; an
    unstated one is uniform over `HEARD_FROM_M` to `HEARD_TO_M`, cut into eight slices of range.

    Parameters
    ----------
    lat, lon
        `(n,)` where the observers stood, degrees.
    bearing_deg, bearing_error_deg
        `(n,)` degrees from north, and one standard deviation; NaN: `BEARING_ERROR_DEG`.
    range_m, error_m
        `(n,)` metres, and the 95 % error of the range; NaN: as the constants say.

    Examples
    --------
    >>> one = np.ones(1)
    >>> found = arcs(48.0 * one, 37.8 * one, 90.0 * one, 5.0 * one, 4000.0 * one, 1000.0 * one)
    >>> bool(found.lon[0] > 37.8), len(found.components[0])
    (True, 8)
    """
    sigma_deg = np.where(np.isnan(bearing_error_deg), BEARING_ERROR_DEG, bearing_error_deg)
    turn, slice_share = _slices()
    stated = ~np.isnan(range_m)[:, None]
    middle = np.linspace(HEARD_FROM_M, HEARD_TO_M, COMPONENTS + 1)
    middle = (middle[1:] + middle[:-1]) / 2
    distance = np.where(stated, range_m[:, None], middle[None, :])
    along = np.where(np.isnan(error_m), RANGE_SIGMA_SHARE * range_m, error_m / SIGMAS_95)[:, None]
    width = (HEARD_TO_M - HEARD_FROM_M) / COMPONENTS / np.sqrt(12.0)
    along = np.where(stated, along, width) * np.ones_like(distance)
    sigma = np.deg2rad(sigma_deg)[:, None]
    angle = np.deg2rad(bearing_deg)[:, None] + np.where(stated, turn[None, :] * sigma, 0.0)
    across = distance * sigma * np.where(stated, slice_share, 1.0)
    return _mixed(lat, lon, angle, distance, along, np.maximum(across, 1.0))


def _slices() -> tuple[Floats, float]:
    """Means of eight equal slices of a standard Gaussian, and the deviation within a slice."""
    edges = [_STANDARD.inv_cdf(k / COMPONENTS) for k in range(1, COMPONENTS)]
    density = [0.0, *(_STANDARD.pdf(edge) for edge in edges), 0.0]
    means = np.array([COMPONENTS * (density[k] - density[k + 1]) for k in range(COMPONENTS)])
    return means, float(np.sqrt(1.0 - np.mean(means**2)))


def _mixed(
    lat: Floats, lon: Floats, angle: Floats, distance: Floats, along: Floats, across: Floats
) -> Arcs:
    sine, cosine = np.sin(angle), np.cos(angle)
    east, north = distance * sine, distance * cosine
    var_east = along**2 * sine**2 + across**2 * cosine**2
    var_north = along**2 * cosine**2 + across**2 * sine**2
    cov = (along**2 - across**2) * sine * cosine
    mean_east, mean_north = east.mean(axis=1), north.mean(axis=1)
    off_east, off_north = east - mean_east[:, None], north - mean_north[:, None]
    total = axes(
        (var_east + off_east**2).mean(axis=1),
        (cov + off_east * off_north).mean(axis=1),
        (var_north + off_north**2).mean(axis=1),
    )
    major, minor, azimuth = axes(var_east, cov, var_north)
    at = _degrees(lat[:, None], lon[:, None], east, north)
    middle = _degrees(lat, lon, mean_east, mean_north)
    flat = [np.full(east.shape, 1.0 / COMPONENTS), *at, major, minor, azimuth]
    struct = pa.StructArray.from_arrays(
        [pa.array(values.ravel()) for values in flat], fields=list(COMPONENT)
    )
    offsets = pa.array(np.arange(0, east.size + 1, COMPONENTS, dtype=np.int32))
    return Arcs(
        lat=middle[0],
        lon=middle[1],
        error_major_m=total[0],
        error_minor_m=total[1],
        error_azimuth_deg=total[2],
        components=pa.ListArray.from_arrays(offsets, struct).cast(pa.list_(COMPONENT)),
    )


def _degrees(lat: Floats, lon: Floats, east: Floats, north: Floats) -> tuple[Floats, Floats]:
    """As geometry.plane.to_degrees, with a reference point for every row."""
    e2 = FLATTENING * (2 - FLATTENING)
    w2 = 1 - e2 * np.sin(np.deg2rad(lat)) ** 2
    north_scale = np.pi / 180 * EQUATOR_RADIUS_M * (1 - e2) / w2**1.5
    to_lat = np.clip(lat + north / north_scale, -89.999, 89.999)
    east_scale = np.pi / 180 * EQUATOR_RADIUS_M / np.sqrt(w2)
    to_lon = lon + east / (east_scale * np.cos(np.deg2rad((to_lat + lat) / 2)))
    return to_lat, (to_lon + 180.0) % 360.0 - 180.0
