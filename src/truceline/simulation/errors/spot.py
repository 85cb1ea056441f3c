"""Where it was, told by coordinates: four families of error about the true spot.

`normal` is the usual one. `student` has four degrees of freedom (robust location uses the same,
algorithms.md 1). In `gross_mixture` a share of spots is off by many times the usual error (15 %
gross errors in the robust-location benchmark, algorithms.md 1). In `common_bias` all spots of one
post are off together for a day, as an array with a wrong velocity model is (algorithms.md 1).
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Deeds, Floats, Ground, Posts, Sightings
from truceline.simulation.errors.directions import noticed_end
from truceline.simulation.errors.telling import DAY_S, Told, distance_m

FAMILIES = ("normal", "student", "gross_mixture", "common_bias")
FREEDOM = 4.0  # of the Student errors; algorithms.md 1, recipe 3
GROSS_SHARE = 0.15  # algorithms.md 1, robust location
GROSS_TIMES = 8.0  # assumed
BIAS_TIMES = 1.5  # a day's common error against a single one; 2 % of 100 km to 1.2 km is 1.6
SIGMAS_95 = 2.4477  # radius of a Gaussian on a plane that holds 95 %, in deviations


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A spot told by coordinates.

    Parameters
    ----------
    sigma_m, per_m
        Deviation near the post, and what each metre of distance adds to it; the stated error follows
        from the told distance.
    family
        One of `FAMILIES`.
    stated
        Stated error over true error; below 1 an observer is too sure of itself.
    by_end
        Whether of fire it is the end nearer to the post; else always where it took effect.
    """

    sigma_m: float
    per_m: float = 0.0
    family: str = "normal"
    stated: float = 1.0
    by_end: bool = False

    def tell(self, told: Told, deeds: Deeds, posts: Posts, ground: Ground, rng: Generator) -> None:
        """A spot about the place of effect, or the end that was noticed."""
        x_m, y_m = self._true(deeds, posts)
        sigma_m = self._sigma_m(distance_m(posts, x_m, y_m))
        off = rng.standard_normal((2, len(deeds)))
        if self.family == "student":
            off /= np.sqrt(rng.chisquare(FREEDOM, len(deeds)) / FREEDOM)
        elif self.family == "gross_mixture":
            off *= np.where(rng.random(len(deeds)) < GROSS_SHARE, GROSS_TIMES, 1.0)
        elif self.family == "common_bias":
            off += BIAS_TIMES * _bias_of_day(posts, deeds.began_s, rng)
        told["x_m"], told["y_m"] = x_m + sigma_m * off[0], y_m + sigma_m * off[1]
        self._state(told, posts)

    def log_density(self, said: Sightings, deeds: Deeds, posts: Posts, ground: Ground) -> Floats:
        """Nats a square metre; a day's common error is integrated out, sighting by sighting."""
        x_m, y_m = self._true(deeds, posts)
        sigma_m = self._sigma_m(distance_m(posts, x_m, y_m))
        square = ((said.x_m - x_m) ** 2 + (said.y_m - y_m) ** 2) / sigma_m**2
        return np.where(np.isnan(square), 0.0, _log_of(self.family, square) - 2 * np.log(sigma_m))

    def invent(self, told: Told, posts: Posts, ground: Ground, rng: Generator) -> None:
        """A spot anywhere within reach of the post, or over the whole ground."""
        rows = len(posts)
        radius_m = np.sqrt(rng.random(rows)) * np.where(np.isinf(posts.reach_m), 0.0, posts.reach_m)
        turn = 2 * np.pi * rng.random(rows)
        west, south, east, north = bounds(ground)
        x_m, y_m = (
            west + (east - west) * rng.random(rows),
            south + (north - south) * rng.random(rows),
        )
        near = has_reach(posts)
        told["x_m"] = np.where(near, posts.x_m + radius_m * np.sin(turn), x_m)
        told["y_m"] = np.where(near, posts.y_m + radius_m * np.cos(turn), y_m)
        self._state(told, posts)

    def log_invented(self, said: Sightings, posts: Posts, ground: Ground) -> Floats:
        """Nats a square metre."""
        west, south, east, north = bounds(ground)
        near = has_reach(posts)
        reach_m = np.where(near, posts.reach_m, 1.0)
        off_m = np.hypot(said.x_m - posts.x_m, said.y_m - posts.y_m)
        inside = (said.x_m >= west) & (said.x_m <= east) & (said.y_m >= south) & (said.y_m <= north)
        all_over = np.where(inside, -np.log((east - west) * (north - south)), -np.inf)
        disc = np.where(off_m <= reach_m * (1 + 1e-9), -np.log(np.pi * reach_m**2), -np.inf)
        return np.where(np.isnan(said.x_m), 0.0, np.where(near, disc, all_over))

    def _true(self, deeds: Deeds, posts: Posts) -> tuple[Floats, Floats]:
        return noticed_end(deeds, posts) if self.by_end else (deeds.x_m, deeds.y_m)

    def _state(self, told: Told, posts: Posts) -> None:
        # From the told spot, not the true one: a stated error must not betray the truth.
        away_m = distance_m(posts, told["x_m"], told["y_m"])
        told["error_m"] = SIGMAS_95 * self.stated * self._sigma_m(away_m)

    def _sigma_m(self, away_m: Floats) -> Floats:
        return self.sigma_m + self.per_m * away_m


def has_reach(posts: Posts) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Whether a post stands somewhere and sees no farther than its reach."""
    return np.isfinite(posts.reach_m) & ~np.isnan(posts.x_m)


def bounds(ground: Ground) -> tuple[float, float, float, float]:
    """West, south, east and north ends of the ground about the truce, metres."""
    ring = np.concatenate([ground.line_m, *ground.zones_m.values()])
    low, high = ring.min(axis=0), ring.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _log_of(family: str, square: Floats) -> Floats:
    """Log density on the plane at a squared distance in deviations, of deviation one."""
    if family == "student":
        return -np.log(2 * np.pi) - (FREEDOM + 2) / 2 * np.log1p(square / FREEDOM)
    if family == "gross_mixture":
        wide = 2 * np.log(GROSS_TIMES)
        usual = np.log1p(-GROSS_SHARE) - square / 2
        gross = np.log(GROSS_SHARE) - wide - square / (2 * GROSS_TIMES**2)
        with np.errstate(invalid="ignore"):  # what is not told is NaN
            return -np.log(2 * np.pi) + np.logaddexp(usual, gross)
    wider = 1 + BIAS_TIMES**2 if family == "common_bias" else 1.0
    return -np.log(2 * np.pi * wider) - square / (2 * wider)


def _bias_of_day(posts: Posts, at_s: Floats, rng: Generator) -> Floats:
    """Two standard normal numbers for each post and day, `(2, n)`; alike within both."""
    key = np.stack([posts.post, np.floor(at_s / DAY_S).astype(np.int64)])
    days, which = np.unique(key, axis=1, return_inverse=True)
    return rng.standard_normal((2, days.shape[1]))[:, which.ravel()]
