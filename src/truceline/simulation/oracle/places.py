"""Where and when a deed was, as the oracle has it: Gaussians and an interval, from its draws."""

from dataclasses import dataclass

import numpy as np

from truceline.simulation.columns import Floats, Ints

PARTS = 2  # Gaussians of each place: the guesses' core, and where few of them lie
LEAST_M = 25.0  # draws on one spot are no nearer to each other than this
WITHIN = 0.9  # share of the guesses that the interval holds
_LEAST_REST = 0.1  # of one guess alone nothing can be told of the rest
_ROUNDS = (
    60  # of expectation and maximization; from there to 400 half of the places move by centimetres,
)
# one in ten by fifty metres or more, of the seven hundred that they are wide
_BEGIN = (0.5, 1.5)  # narrow and wide: the variance that each part begins with, of that of all
_PRIOR = 1.0  # so many guesses more, shared by the parts, lie as all do; a spread takes all of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Gaussians, `(incidents, PARTS)` each, and intervals, `(incidents,)`; NaN where no guess knows.

    Weights of an incident sum to one.
    """

    weight: Floats
    x_m: Floats
    y_m: Floats
    var_x_m2: Floats
    cov_m2: Floats
    var_y_m2: Floats
    from_s: Floats
    to_s: Floats

    def mean(self) -> tuple[Floats, Floats]:
        """Of all parts, `(incidents,)` metres."""
        return (self.weight * self.x_m).sum(axis=1), (self.weight * self.y_m).sum(axis=1)

    def covariance(self) -> tuple[Floats, Floats, Floats]:
        """East, east and north, north of all parts together, `(incidents,)` square metres."""
        x_m, y_m = self.mean()
        off_x, off_y = self.x_m - x_m[:, None], self.y_m - y_m[:, None]
        east = (self.weight * (self.var_x_m2 + off_x**2)).sum(axis=1)
        both = (self.weight * (self.cov_m2 + off_x * off_y)).sum(axis=1)
        north = (self.weight * (self.var_y_m2 + off_y**2)).sum(axis=1)
        return east, both, north


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
    """Gaussians and intervals of weighed guesses.

    A deed is one more draw from what the guesses were drawn from, and they are as few as share the weight
    (Kish 1965): their covariance is widened by what so few leave out, and by the error of their mean.
    Most of them often lie together and a few far off, which no single Gaussian says.

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
    >>> found.mean()[0].round(6).tolist(), bool(found.from_s[0] < 6)
    ([50.0, nan], True)
    >>> bool(found.covariance()[1][0] < 0)
    True
    """
    parts, ends = np.full((6, count, PARTS), np.nan), np.full((2, count), np.nan)
    order = np.argsort(spots.incident, kind="stable")
    last = np.cumsum(np.bincount(spots.incident, minlength=count))
    for number, of in enumerate(np.split(order, last[:-1])):
        if len(of) == 0:
            continue
        at = np.stack([spots.x_m[of], spots.y_m[of], spots.began_s[of]])
        same, back = np.unique(at, axis=1, return_inverse=True)
        share = np.bincount(back.ravel(), weights=spots.weight[of])
        share = share / share.sum()
        parts[:, number] = _parts(same[:2], share)
        ends[:, number] = _between(same[2], share)
    weight, x_m, y_m, var_x_m2, cov_m2, var_y_m2 = parts
    return Placed(
        weight=weight,
        x_m=x_m,
        y_m=y_m,
        var_x_m2=var_x_m2,
        cov_m2=cov_m2,
        var_y_m2=var_y_m2,
        from_s=ends[0],
        to_s=ends[1],
    )


def _parts(at: Floats, share: Floats) -> Floats:
    """`(6, PARTS)` weights, means and covariances of weighed spots, `(2, guesses)` metres.

    Expectation and maximization with a prior that keeps a part of few guesses from shrinking onto
    them (Fraley, Raftery, "Bayesian regularization for normal mixture estimation", Journal of
    Classification 2007), here about the mean and the covariance of all.
    """
    held = 1.0 / float(share @ share)
    rest = max(1.0 - 1.0 / held, _LEAST_REST)
    wider = (2.0 - rest) / rest
    spot = LEAST_M**2 * np.eye(2)
    middle = at @ share
    off = at - middle[:, None]
    whole = wider * (share * off) @ off.T + spot
    weight = np.full(PARTS, 1.0 / PARTS)
    mean = np.repeat(middle[None], PARTS, axis=0)
    spread = np.array([scale * whole for scale in _BEGIN])
    prior = _PRIOR / PARTS
    for _ in range(_ROUNDS):
        belongs = _belongs(at, weight, mean, spread) * share * held
        guesses = belongs.sum(axis=1)
        weight = (guesses + prior) / (held + _PRIOR)
        for part in range(PARTS):
            of = belongs[part]
            mean[part] = (at @ of + prior * middle) / (guesses[part] + prior)
            off = at - mean[part][:, None]
            summed = wider * (of * off) @ off.T + _PRIOR * whole
            spread[part] = summed / (guesses[part] + _PRIOR) + spot
    found: Floats = np.stack(
        [weight, *mean.T, spread[:, 0, 0], spread[:, 0, 1], spread[:, 1, 1]],
    )
    return found


def _belongs(at: Floats, weight: Floats, mean: Floats, spread: Floats) -> Floats:
    """`(PARTS, guesses)` how surely each guess is of each part."""
    nats = np.empty((PARTS, at.shape[1]))
    for part in range(PARTS):
        off = at - mean[part][:, None]
        far = (off * np.linalg.solve(spread[part], off)).sum(axis=0)
        nats[part] = np.log(weight[part]) - 0.5 * (np.log(np.linalg.det(spread[part])) + far)
    found = np.exp(nats - nats.max(axis=0))
    return np.asarray(found / found.sum(axis=0))


def _between(at_s: Floats, share: Floats) -> tuple[float, float]:
    """Instants between which guesses of a share lie."""
    order = np.argsort(at_s, kind="stable")
    up_to = np.cumsum(share[order])
    at = np.searchsorted(up_to, np.array([(1 - WITHIN) / 2, (1 + WITHIN) / 2]) * up_to[-1])
    low, high = at_s[order][np.minimum(at, len(order) - 1)]
    return float(low), float(high)
