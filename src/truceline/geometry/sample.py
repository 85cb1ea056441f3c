"""Points that stand for a normal distribution: few, the same each time, and symmetric.

A Fibonacci spiral in one quadrant, mirrored into the other three. Mirroring a place (east for west,
or north for south) mirrors its points exactly, so no side of a line is favoured by the sampling.
"""

import math
from functools import cache

import numba
import numpy as np
import numpy.typing as npt

from truceline.model.errors import InputError

Floats = npt.NDArray[np.float64]

GOLDEN_TURN = (5**0.5 - 1) / 2  # fractional part of the golden ratio: the most even rotation
SAMPLES = 256
"""Enough to show what a covariance looks like; who needs a probability says how many."""


@cache
def standard_normal(points: int = SAMPLES) -> Floats:
    """Points of the standard normal distribution in two dimensions.

    Parameters
    ----------
    points
        How many; a multiple of four.

    Returns
    -------
    array
        `(points, 2)`, read-only; mean zero, and symmetric in each axis.

    Raises
    ------
    InputError
        `points` is not a positive multiple of four.

    References
    ----------
    Equal-probability radii with golden-ratio angles: Swinbank and Purser, "Fibonacci grids",
    Quarterly Journal of the Royal Meteorological Society 132 (2006).

    Examples
    --------
    >>> z = standard_normal(256)
    >>> [round(float(v), 2) + 0.0 for v in z.mean(axis=0)], z.shape
    ([0.0, 0.0], (256, 2))
    >>> standard_normal(255)
    Traceback (most recent call last):
    truceline.model.errors.InputError: 255 points cannot lie evenly in four quadrants; ...
    """
    if points <= 0 or points % 4:
        msg = f"{points} points cannot lie evenly in four quadrants; ask for a multiple of four"
        raise InputError(msg)
    quarter = points // 4
    step = np.arange(quarter)
    # The inverse of the Rayleigh distribution: equal probability between neighbouring radii.
    radius = np.sqrt(-2.0 * np.log1p(-(step + 0.5) / quarter))
    angle = (step * GOLDEN_TURN) % 1.0 * (np.pi / 2)
    first = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    signs = [(1.0, 1.0), (-1.0, 1.0), (1.0, -1.0), (-1.0, -1.0)]
    drawn = np.concatenate([first * np.array(sign) for sign in signs])
    drawn.setflags(write=False)
    return drawn


def factor(
    var_east_m2: Floats, cov_en_m2: Floats, var_north_m2: Floats
) -> tuple[Floats, Floats, Floats]:
    """What turns standard points into points of a covariance (its lower Cholesky factor).

    Returns
    -------
    east, north_on_east, north
        `(n,)` each: `e = east * z0`, `n = north_on_east * z0 + north * z1`, metres.

    Examples
    --------
    >>> [float(v[0]) for v in factor(np.array([4.0]), np.array([2.0]), np.array([10.0]))]
    [2.0, 1.0, 3.0]
    """
    east = np.sqrt(np.maximum(var_east_m2, 0.0))
    across = np.divide(cov_en_m2, east, out=np.zeros_like(east), where=east > 0)
    return east, across, np.sqrt(np.maximum(var_north_m2 - across**2, 0.0))


@numba.vectorize([numba.float64(numba.float64)], cache=True)  # type: ignore[no-untyped-call]
def _normal_cdf(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


def normal_cdf(z: Floats) -> Floats:
    """Probability that a standard normal variable is below each value.

    Examples
    --------
    >>> normal_cdf(np.array([0.0, 1.6448536269514722])).round(6).tolist()
    [0.5, 0.95]
    """
    return np.asarray(_normal_cdf(z))
