"""Ellipses and covariances: two ways to write one Gaussian on the ground."""

import numpy as np
import numpy.typing as npt

from truceline.model.place import SIGMAS_95

Floats = npt.NDArray[np.float64]


def covariance(
    error_major_m: Floats, error_minor_m: Floats, error_azimuth_deg: Floats
) -> tuple[Floats, Floats, Floats]:
    """Covariance in metres squared from 95 % semi-axes.

    Parameters
    ----------
    error_major_m, error_minor_m
        `(n,)` 95 % semi-axes, metres.
    error_azimuth_deg
        `(n,)` direction of the major axis, clockwise from north.

    Returns
    -------
    var_east_m2, cov_en_m2, var_north_m2
        `(n,)` each.

    Examples
    --------
    >>> east, _, north = covariance(np.array([200.0]), np.array([100.0]), np.array([90.0]))
    >>> bool(east[0] > north[0])
    True
    """
    azimuth = np.deg2rad(error_azimuth_deg)
    major = (error_major_m / SIGMAS_95) ** 2
    minor = (error_minor_m / SIGMAS_95) ** 2
    sine, cosine = np.sin(azimuth), np.cos(azimuth)
    var_east = major * sine**2 + minor * cosine**2
    var_north = major * cosine**2 + minor * sine**2
    return var_east, (major - minor) * sine * cosine, var_north


def axes(
    var_east_m2: Floats, cov_en_m2: Floats, var_north_m2: Floats
) -> tuple[Floats, Floats, Floats]:
    """95 % semi-axes and azimuth from a covariance; the inverse of `covariance`.

    Examples
    --------
    >>> e, c, n = covariance(np.array([200.0]), np.array([100.0]), np.array([30.0]))
    >>> [round(float(x[0]), 6) for x in axes(e, c, n)]
    [200.0, 100.0, 30.0]
    """
    mean = (var_east_m2 + var_north_m2) / 2
    half = np.hypot((var_east_m2 - var_north_m2) / 2, cov_en_m2)
    major = SIGMAS_95 * np.sqrt(np.maximum(mean + half, 0.0))
    minor = SIGMAS_95 * np.sqrt(np.maximum(mean - half, 0.0))
    azimuth = np.rad2deg(0.5 * np.arctan2(2 * cov_en_m2, var_north_m2 - var_east_m2)) % 180.0
    return major, minor, azimuth
