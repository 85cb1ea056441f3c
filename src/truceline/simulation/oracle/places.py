"""Where and when a deed was, as the oracle has it: an ellipse and an interval, from its draws."""

from dataclasses import dataclass

import numpy as np

from truceline.simulation.columns import Floats, Ints

LEAST_M = 25.0  # draws on one spot are no nearer to each other than this
WITHIN = 0.9  # share of the guesses that the interval holds
_LEAST_REST = 0.1  # of one guess alone nothing can be told of the rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Ellipses and intervals, `(incidents,)` each; NaN where no guess knows anything of an incident.

    One Gaussian each, of the guesses' mean and covariance: they are too few to tell of more.
    """

    x_m: Floats
    y_m: Floats
    var_x_m2: Floats
    cov_m2: Floats
    var_y_m2: Floats
    from_s: Floats
    to_s: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Spots:
    """Guesses at where and when, `(guesses,)` each.

    Parameters
    ----------
    incident
        Number of the incident that each is of.
    weight
        Its share in one draw; a guess that several draws make stands once for each.
    x_m, y_m, began_s
        Where and when.
    """

    incident: Ints
    weight: Floats
    x_m: Floats
    y_m: Floats
    began_s: Floats


def placed(spots: Spots, count: int) -> Placed:
    """Ellipses and intervals of weighed guesses.

    A deed is one more draw from what the guesses were drawn from, and they are as few as share the weight
    (Kish 1965): their covariance is widened by what so few leave out, and by the error of their mean.

    Parameters
    ----------
    spots
        Guesses.
    count
        How many incidents there are.

    Examples
    --------
    >>> at = np.arange(101.0)
    >>> spots = Spots(
    ...     incident=np.zeros(101, dtype=int), weight=np.ones(101), x_m=at, y_m=-at, began_s=at
    ... )
    >>> found = placed(spots, 2)
    >>> found.x_m.round(6).tolist(), bool(found.from_s[0] < 6), bool(found.cov_m2[0] < 0)
    ([50.0, nan], True, True)
    """
    found = np.full((7, count), np.nan)
    order = np.argsort(spots.incident, kind="stable")
    ends = np.cumsum(np.bincount(spots.incident, minlength=count))
    for number, of in enumerate(np.split(order, ends[:-1])):
        if len(of) == 0:
            continue
        at = np.stack([spots.x_m[of], spots.y_m[of], spots.began_s[of]])
        same, back = np.unique(at, axis=1, return_inverse=True)
        share = np.bincount(back.ravel(), weights=spots.weight[of])
        share = share / share.sum()
        east, north = same[:2] @ share
        off_x, off_y = same[0] - east, same[1] - north
        rest = max(1.0 - float(share @ share), _LEAST_REST)
        wider = (2.0 - rest) / rest
        found[:, number] = (
            east,
            north,
            wider * (share @ off_x**2) + LEAST_M**2,
            wider * (share @ (off_x * off_y)),
            wider * (share @ off_y**2) + LEAST_M**2,
            *_between(same[2], share),
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


def _between(at_s: Floats, share: Floats) -> tuple[float, float]:
    """Instants between which guesses of a share lie."""
    order = np.argsort(at_s, kind="stable")
    up_to = np.cumsum(share[order])
    at = np.searchsorted(up_to, np.array([(1 - WITHIN) / 2, (1 + WITHIN) / 2]) * up_to[-1])
    low, high = at_s[order][np.minimum(at, len(order) - 1)]
    return float(low), float(high)
