"""Bearings: towards what was heard, or back along the fire from where it struck."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Deeds, Floats, Ground, Posts, Sightings
from truceline.simulation.errors.directions import FLOWN_M, IMPACT, flown_m, noticed_end
from truceline.simulation.errors.hours import log_normal
from truceline.simulation.errors.spot import GROSS_SHARE, GROSS_TIMES
from truceline.simulation.errors.telling import Told, distance_m

LEAST_M = 50.0  # nobody tells a range below this; assumed


def bearing_of(from_x_m: Floats, from_y_m: Floats, to_x_m: Floats, to_y_m: Floats) -> Floats:
    """Degrees clockwise from north.

    Examples
    --------
    >>> zero, one = np.zeros(1), np.ones(1)
    >>> bearing_of(zero, zero, one, zero).tolist(), bearing_of(zero, zero, -one, zero).tolist()
    ([90.0], [270.0])
    """
    return np.rad2deg(np.arctan2(to_x_m - from_x_m, to_y_m - from_y_m)) % 360.0


def log_wrapped(off_deg: Floats, sigma_deg: float) -> Floats:
    """Nats a degree of a Gaussian wound round the circle; deviations to 60 degrees."""
    off = (off_deg + 180.0) % 360.0 - 180.0
    turns = [log_normal(off + 360.0 * turn, sigma_deg) for turn in (-1, 0, 1)]
    with np.errstate(invalid="ignore"):
        return np.logaddexp(np.logaddexp(turns[0], turns[1]), turns[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A bearing from the post and a guessed range, in place of coordinates.

    Parameters
    ----------
    sigma_deg
        Deviation of the bearing; it is stated, times `stated`.
    spread
        Deviation of the logarithm of the range.
    stated
        Stated error over true error.
    family
        `normal`, or `gross_mixture`: a share of bearings is off by many times the usual error.
    """

    sigma_deg: float
    spread: float
    stated: float = 1.0
    family: str = "normal"

    def tell(self, told: Told, deeds: Deeds, posts: Posts, ground: Ground, rng: Generator) -> None:
        """A bearing and a range to where it took effect, or of fire to the nearer end."""
        rows = len(deeds)
        x_m, y_m = noticed_end(deeds, posts)
        true_deg = bearing_of(posts.x_m, posts.y_m, x_m, y_m)
        off = self.sigma_deg * rng.standard_normal(rows)
        if self.family == "gross_mixture":
            off *= np.where(rng.random(rows) < GROSS_SHARE, GROSS_TIMES, 1.0)
        told["bearing_deg"] = (true_deg + off) % 360.0
        range_m = np.maximum(distance_m(posts, x_m, y_m), LEAST_M)
        told["range_m"] = range_m * np.exp(self.spread * rng.standard_normal(rows))
        self._state(told)

    def log_density(self, said: Sightings, deeds: Deeds, posts: Posts, ground: Ground) -> Floats:
        """Nats a degree and a metre."""
        x_m, y_m = noticed_end(deeds, posts)
        true_deg = bearing_of(posts.x_m, posts.y_m, x_m, y_m)
        with np.errstate(divide="ignore", invalid="ignore"):
            off = np.log(said.range_m) - np.log(np.maximum(distance_m(posts, x_m, y_m), LEAST_M))
            found = log_normal(off, self.spread) - np.log(said.range_m)
            found = found + self._log_off(said.bearing_deg - true_deg)
        return np.where(np.isnan(said.bearing_deg), 0.0, found)

    def invent(self, told: Told, posts: Posts, ground: Ground, rng: Generator) -> None:
        """Any bearing, and a range as if anywhere within reach."""
        rows = len(posts)
        told["bearing_deg"] = 360.0 * rng.random(rows)
        told["range_m"] = posts.reach_m * np.sqrt(rng.random(rows))
        self._state(told)

    def log_invented(self, said: Sightings, posts: Posts, ground: Ground) -> Floats:
        """Nats a degree and a metre."""
        with np.errstate(divide="ignore", invalid="ignore"):
            log_range = np.log(2 * said.range_m / posts.reach_m**2)
            found = np.where(said.range_m <= posts.reach_m, log_range, -np.inf) - np.log(360.0)
        return np.where(np.isnan(said.bearing_deg), 0.0, found)

    def _log_off(self, off_deg: Floats) -> Floats:
        usual = log_wrapped(off_deg, self.sigma_deg)
        if self.family != "gross_mixture":
            return usual
        gross = log_wrapped(off_deg, GROSS_TIMES * self.sigma_deg)
        return np.logaddexp(np.log1p(-GROSS_SHARE) + usual, np.log(GROSS_SHARE) + gross)

    def _state(self, told: Told) -> None:
        told["bearing_error_deg"] = np.full(len(told["range_m"]), self.stated * self.sigma_deg)
        # 95 % of a log-normal range, to the far side.
        told["error_m"] = told["range_m"] * (np.exp(1.96 * self.stated * self.spread) - 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crater:
    """A bearing back along the fire from the told place, where a strike was seen from near.

    Parameters
    ----------
    sigma_deg
        Deviation; crater analysis states about so much (assumed; domain.md names no figure).
    share
        Of those told as impacts, how many are measured.
    stated
        Stated error over true error.
    """

    sigma_deg: float
    share: float
    stated: float = 1.0

    def tell(self, told: Told, deeds: Deeds, posts: Posts, ground: Ground, rng: Generator) -> None:
        """A bearing from where it struck to where it came from; comes after the direction."""
        rows = len(deeds)
        flown = _came(deeds)
        may = (told["direction"] == IMPACT) & ~np.isnan(told["x_m"]) & flown
        measured = may & (rng.random(rows) < self.share)
        back = bearing_of(deeds.x_m, deeds.y_m, deeds.origin_x_m, deeds.origin_y_m)
        back = (back + self.sigma_deg * rng.standard_normal(rows)) % 360.0
        told["bearing_deg"] = np.where(measured, back, told["bearing_deg"])
        error = self.stated * self.sigma_deg
        told["bearing_error_deg"] = np.where(measured, error, told["bearing_error_deg"])
        told["is_to_origin"] = measured

    def log_density(self, said: Sightings, deeds: Deeds, posts: Posts, ground: Ground) -> Floats:
        """Nats a degree where it is measured, and the chance of measuring or not."""
        may = (said.direction == IMPACT) & ~np.isnan(said.x_m) & _came(deeds)
        back = bearing_of(deeds.x_m, deeds.y_m, deeds.origin_x_m, deeds.origin_y_m)
        with np.errstate(divide="ignore"):
            turned = np.log(self.share) + log_wrapped(said.bearing_deg - back, self.sigma_deg)
            left_out = np.where(may, np.log1p(-self.share), 0.0)
            return np.where(said.is_to_origin, np.where(may, turned, -np.inf), left_out)

    def invent(self, told: Told, posts: Posts, ground: Ground, rng: Generator) -> None:
        """Nobody measures a crater that is not there."""

    def log_invented(self, said: Sightings, posts: Posts, ground: Ground) -> Floats:
        """Minus infinity for a measured crater."""
        return np.where(said.is_to_origin, -np.inf, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A track's course: the bearing back along the way that led to the told place.

    Parameters
    ----------
    sigma_deg
        Deviation: who moves does not come quite straight.
    """

    sigma_deg: float

    def tell(self, told: Told, deeds: Deeds, posts: Posts, ground: Ground, rng: Generator) -> None:
        """A bearing from where it went to where it came from; none of what stayed where it was."""
        back = bearing_of(deeds.x_m, deeds.y_m, deeds.origin_x_m, deeds.origin_y_m)
        back = (back + self.sigma_deg * rng.standard_normal(len(deeds))) % 360.0
        came = _came(deeds)
        told["bearing_deg"] = np.where(came, back, np.nan)
        told["bearing_error_deg"] = np.where(came, self.sigma_deg, np.nan)
        told["is_to_origin"] = came

    def log_density(self, said: Sightings, deeds: Deeds, posts: Posts, ground: Ground) -> Floats:
        """Nats a degree of the course."""
        back = bearing_of(deeds.x_m, deeds.y_m, deeds.origin_x_m, deeds.origin_y_m)
        came = _came(deeds)
        found = np.where(came, log_wrapped(said.bearing_deg - back, self.sigma_deg), -np.inf)
        return np.where(said.is_to_origin, found, np.where(came, -np.inf, 0.0))

    def invent(self, told: Told, posts: Posts, ground: Ground, rng: Generator) -> None:
        """From anywhere."""
        rows = len(posts)
        told["bearing_deg"] = 360.0 * rng.random(rows)
        told["bearing_error_deg"] = np.full(rows, self.sigma_deg)
        told["is_to_origin"] = np.ones(rows, dtype=np.bool_)

    def log_invented(self, said: Sightings, posts: Posts, ground: Ground) -> Floats:
        """Nats a degree, the same for all."""
        return np.where(said.is_to_origin, -np.log(360.0), -np.inf)


def _came(deeds: Deeds) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Whether deeds came from somewhere else."""
    return flown_m(deeds) >= FLOWN_M
