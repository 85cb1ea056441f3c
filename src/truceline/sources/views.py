"""What a lens surely has in view: the greatest circle of ground wholly inside its sector or footprint."""

import numpy as np
import numpy.typing as npt

from truceline.geometry.offset import moved

Floats = npt.NDArray[np.float64]


def within_sector(
    lat: Floats, lon: Floats, range_m: Floats, bearing_deg: Floats, view_deg: Floats
) -> tuple[Floats, Floats, Floats]:
    """The greatest circle wholly inside a camera's sector: silence may speak for no more ground.

    In a sector of half-angle `a` up to a right angle it touches both edges and the arc: its radius
    is `R sin a / (1 + sin a)`. A wider one counts as half a circle; all round, as the whole circle.

    Parameters
    ----------
    lat, lon
        `(n,)` where the camera stands, degrees.
    range_m
        `(n,)` how far it sees, metres.
    bearing_deg, view_deg
        `(n,)` where it looks, from north, and how wide; NaN in both: all round.

    Returns
    -------
    lat, lon, radius_m
        `(n,)` degrees and metres.

    Examples
    --------
    >>> at = np.array([48.0]), np.array([37.8]), np.array([3000.0])
    >>> lat, lon, radius = within_sector(*at, np.array([0.0]), np.array([60.0]))
    >>> round(float(lat[0]), 3), round(float(lon[0]), 3), round(float(radius[0]))
    (48.018, 37.8, 1000)
    """
    is_round = np.isnan(view_deg) | (view_deg >= 360.0)
    sine = np.sin(np.deg2rad(np.minimum(np.where(is_round, 180.0, view_deg) / 2, 90.0)))
    radius = np.where(is_round, range_m, range_m * sine / (1 + sine))
    ahead = np.where(is_round, 0.0, range_m / (1 + sine))
    angle = np.deg2rad(np.where(is_round, 0.0, bearing_deg))
    known = ~np.isnan(ahead)
    ahead = np.where(known, ahead, 0.0)
    mid_lat, mid_lon = moved(lat, lon, ahead * np.sin(angle), ahead * np.cos(angle))
    return np.where(known, mid_lat, lat), np.where(known, mid_lon, lon), radius


def footprint_m(height_m: Floats, view_deg: Floats) -> Floats:
    """Radius of the ground below a lens that looks straight down, metres.

    Examples
    --------
    >>> round(float(footprint_m(np.array([200.0]), np.array([90.0]))[0]))
    200
    """
    radius: Floats = height_m * np.tan(np.deg2rad(view_deg) / 2)
    return radius
