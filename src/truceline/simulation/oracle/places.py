"""Where and when a deed was, as the oracle has it: an ellipse and an interval, from its draws."""

from dataclasses import dataclass

import numpy as np

from truceline.simulation.columns import Floats, Ints

LEAST_M = 25.0  # draws on one spot are no nearer to each other than this
WITHIN = 0.9  # share of the draws that the interval holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Ellipses and intervals, `(incidents,)` each; NaN where no draw knows anything of an incident.

    One Gaussian each, of the draws' mean and covariance: they are too few to tell of more.
    """

    x_m: Floats
    y_m: Floats
    var_x_m2: Floats
    cov_m2: Floats
    var_y_m2: Floats
    from_s: Floats
    to_s: Floats


def placed(incident: Ints, x_m: Floats, y_m: Floats, began_s: Floats, count: int) -> Placed:
    """Ellipses and intervals of draws.

    Parameters
    ----------
    incident, x_m, y_m, began_s
        `(draws,)` of which incident each is, where, and when.
    count
        How many incidents there are.

    Examples
    --------
    >>> at = np.arange(101.0)
    >>> found = placed(np.zeros(101, dtype=int), at, -at, at, 2)
    >>> found.x_m.tolist(), found.from_s.round(6).tolist(), bool(found.cov_m2[0] < 0)
    ([50.0, nan], [5.0, nan], True)
    """
    found = np.full((7, count), np.nan)
    order = np.argsort(incident, kind="stable")
    ends = np.cumsum(np.bincount(incident, minlength=count))
    for number, of in enumerate(np.split(order, ends[:-1])):
        if len(of) == 0:
            continue
        east, north = x_m[of], y_m[of]
        off_x, off_y = east - east.mean(), north - north.mean()
        found[:, number] = (
            east.mean(),
            north.mean(),
            (off_x**2).mean() + LEAST_M**2,
            (off_x * off_y).mean(),
            (off_y**2).mean() + LEAST_M**2,
            *np.quantile(began_s[of], [(1 - WITHIN) / 2, (1 + WITHIN) / 2]),
        )
    return Placed(
        x_m=found[0],
        y_m=found[1],
        var_x_m2=found[2],
        cov_m2=found[3],
        var_y_m2=found[4],
        from_s=found[5],
        to_s=found[6],
    )
