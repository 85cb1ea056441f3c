"""When it was, and when that was told: clocks that are off, reports that come late, bare dates."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Deeds, Floats, Ground, Posts, Sightings
from truceline.simulation.errors.telling import DAY_S, Told

LATE_FAMILIES = ("skewed", "two_speeds")
SLOW_SHARE, SLOW_TIMES = 0.2, 12.0  # of `two_speeds`: some reports lie on a desk; assumed


def log_normal(off: Floats, sigma: Floats | float) -> Floats:
    """Log density of a Gaussian about zero."""
    return -0.5 * (off / sigma) ** 2 - np.log(sigma * np.sqrt(2 * np.pi))


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """Seconds from one instant to a later one: a log-normal delay, or a mixture of two.

    Parameters
    ----------
    median_s
        Median.
    spread
        Deviation of its logarithm.
    family
        `skewed`, or `two_speeds`, in which a share comes many times later.
    """

    median_s: float
    spread: float
    family: str = "skewed"

    def draw(self, rows: int, rng: Generator) -> Floats:
        """Delays, `(rows,)` seconds."""
        delay = self.median_s * np.exp(self.spread * rng.standard_normal(rows))
        if self.family == "two_speeds":
            delay *= np.where(rng.random(rows) < SLOW_SHARE, SLOW_TIMES, 1.0)
        return delay

    def log_density(self, delay_s: Floats) -> Floats:
        """Nats a second; minus infinity for a delay that is none."""
        with np.errstate(divide="ignore", invalid="ignore"):
            log = np.log(delay_s)
            off = log - np.log(self.median_s)
            found = log_normal(off, self.spread)
            if self.family == "two_speeds":
                slow = log_normal(off - np.log(SLOW_TIMES), self.spread)
                found = np.logaddexp(np.log1p(-SLOW_SHARE) + found, np.log(SLOW_SHARE) + slow)
            return np.where(delay_s > 0, found - log, -np.inf)

    def share_until(self, delay_s: Floats) -> Floats:
        """The chance of a delay of so much or less.

        Examples
        --------
        >>> Late(median_s=60.0, spread=0.5).share_until(np.array([-1.0, 60.0])).round(6).tolist()
        [0.0, 0.5]
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            off = (np.log(delay_s) - np.log(self.median_s)) / self.spread
            found = 1.0 - np.exp(_log_upper_tail(off))
            if self.family == "two_speeds":
                slow = 1.0 - np.exp(_log_upper_tail(off - np.log(SLOW_TIMES) / self.spread))
                found = (1 - SLOW_SHARE) * found + SLOW_SHARE * slow
        return np.where(delay_s > 0, found, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """An instant from a clock that is off, and a report some time after it.

    Parameters
    ----------
    sigma_s
        Deviation of the told instant.
    lasts_s
        Width of the told interval; what an instrument states, nothing of the deed.
    late
        From the end of the told interval to the report.
    lag_s_per_m
        Seconds that the wave needs for a metre between deed and post, where nobody corrects for it.
    """

    sigma_s: float
    lasts_s: float
    late: Late
    lag_s_per_m: float = 0.0

    def tell(self, told: Told, deeds: Deeds, posts: Posts, ground: Ground, rng: Generator) -> None:
        """An instant about the true one, later by the wave's way."""
        told["seen_from_s"] = (
            deeds.began_s
            + self._way_s(deeds, posts)
            + self.sigma_s * rng.standard_normal(len(deeds))
        )
        self._report(told, rng)

    def log_density(self, said: Sightings, deeds: Deeds, posts: Posts, ground: Ground) -> Floats:
        """Nats a second, of the instant and of the delay of the report."""
        off = said.seen_from_s - deeds.began_s - self._way_s(deeds, posts)
        found = np.where(np.isnan(off), 0.0, log_normal(off, self.sigma_s))
        return found + self._log_late(said)

    def invent(self, told: Told, posts: Posts, ground: Ground, rng: Generator) -> None:
        """The instant stands already; its report follows."""
        self._report(told, rng)

    def log_invented(self, said: Sightings, posts: Posts, ground: Ground) -> Floats:
        """The delay alone: the rate of false reports is a rate a second already."""
        return self._log_late(said)

    def _way_s(self, deeds: Deeds, posts: Posts) -> Floats:
        if self.lag_s_per_m == 0.0:
            return np.zeros(len(deeds))
        return self.lag_s_per_m * np.hypot(deeds.x_m - posts.x_m, deeds.y_m - posts.y_m)

    def _report(self, told: Told, rng: Generator) -> None:
        told["seen_to_s"] = told["seen_from_s"] + self.lasts_s
        told["reported_s"] = told["seen_to_s"] + self.late.draw(len(told["seen_to_s"]), rng)

    def _log_late(self, said: Sightings) -> Floats:
        delay_s = said.reported_s - said.seen_to_s
        return np.where(np.isnan(delay_s), 0.0, self.late.log_density(delay_s))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """From when to when it was, each end told somewhat inside the true one, and the report after it.

    What is logged as lasting is what was sure to last: it is noticed late and given up early.

    Parameters
    ----------
    share
        Of the whole time, how much may be lost at each end; even up to it.
    late
        From the end to the report.
    invented
        How long false ones last.
    """

    share: float
    late: Late
    invented: Late

    def tell(self, told: Told, deeds: Deeds, posts: Posts, ground: Ground, rng: Generator) -> None:
        """Both ends, and the report."""
        most_s = self.share * deeds.lasted_s
        lost_s = most_s * rng.random((2, len(deeds)))
        told["seen_from_s"] = deeds.began_s + lost_s[0]
        told["seen_to_s"] = deeds.began_s + deeds.lasted_s - lost_s[1]
        told["reported_s"] = told["seen_to_s"] + self.late.draw(len(deeds), rng)

    def log_density(self, said: Sightings, deeds: Deeds, posts: Posts, ground: Ground) -> Floats:
        """Nats a second for each end, and for the delay."""
        most_s = self.share * deeds.lasted_s
        nats = np.zeros(len(said))
        for off_s in (
            said.seen_from_s - deeds.began_s,
            deeds.began_s + deeds.lasted_s - said.seen_to_s,
        ):
            # A thousandth of a second is what the numbers of instants resolve, and more.
            is_in = (off_s >= -1e-3) & (off_s <= most_s + 1e-3)
            nats += np.where(np.isnan(off_s), 0.0, np.where(is_in, -np.log(most_s), -np.inf))
        return nats + self._log_late(said)

    def invent(self, told: Told, posts: Posts, ground: Ground, rng: Generator) -> None:
        """Some length, and the report."""
        rows = len(posts)
        told["seen_to_s"] = told["seen_from_s"] + self.invented.draw(rows, rng)
        told["reported_s"] = told["seen_to_s"] + self.late.draw(rows, rng)

    def log_invented(self, said: Sightings, posts: Posts, ground: Ground) -> Floats:
        """Nats a second of the length, and of the delay."""
        lasted_s = said.seen_to_s - said.seen_from_s
        length = np.where(np.isnan(lasted_s), 0.0, self.invented.log_density(lasted_s))
        return length + self._log_late(said)

    def _log_late(self, said: Sightings) -> Floats:
        delay_s = said.reported_s - said.seen_to_s
        return np.where(np.isnan(delay_s), 0.0, self.late.log_density(delay_s))


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A text that appears some time after the deed, and says when it was, or which day, or neither.

    Parameters
    ----------
    late
        From the deed to the text.
    day_share
        How many texts tell a bare date; of these `slip_share` name the day of the text instead.
    slip_share
        See above.
    sigma_s
        Deviation of the instant in the others.
    offset_s
        Seconds by which local clocks are ahead of UTC: days are local days.
    """

    late: Late
    day_share: float
    slip_share: float
    sigma_s: float
    offset_s: float = 0.0

    def tell(self, told: Told, deeds: Deeds, posts: Posts, ground: Ground, rng: Generator) -> None:
        """The text's instant, and what it says of the deed's."""
        rows = len(deeds)
        reported_s = deeds.began_s + self.late.draw(rows, rng)
        is_day, slips = rng.random(rows) < self.day_share, rng.random(rows) < self.slip_share
        day_s = self._day_s(np.where(slips, reported_s, deeds.began_s))
        # Nobody tells the future: an instant after the text is the text's own.
        at_s = np.minimum(deeds.began_s + self.sigma_s * rng.standard_normal(rows), reported_s)
        told["reported_s"] = reported_s
        told["seen_from_s"] = np.where(is_day, day_s, at_s)
        told["seen_to_s"] = np.where(is_day, day_s + DAY_S, at_s)

    def log_density(self, said: Sightings, deeds: Deeds, posts: Posts, ground: Ground) -> Floats:
        """Nats a second for the text's instant, and for an instant told; a bare date has a chance."""
        is_day = said.seen_to_s - said.seen_from_s >= DAY_S
        right = self._day_s(deeds.began_s) == said.seen_from_s
        text_day = self._day_s(said.reported_s) == said.seen_from_s
        chance = (1 - self.slip_share) * right + self.slip_share * text_day
        with np.errstate(divide="ignore"):
            day = np.log(self.day_share) + np.log(chance)
        off = said.seen_from_s - deeds.began_s
        capped = said.seen_from_s >= said.reported_s
        beyond = _log_upper_tail((said.reported_s - deeds.began_s) / self.sigma_s)
        instant = np.log1p(-self.day_share) + np.where(
            capped, beyond, log_normal(off, self.sigma_s)
        )
        late = self.late.log_density(said.reported_s - deeds.began_s)
        return late + np.where(is_day, day, instant)

    def invent(self, told: Told, posts: Posts, ground: Ground, rng: Generator) -> None:
        """A text that appears, and an instant or a day before it."""
        rows = len(posts)
        at_s = told["seen_from_s"]
        told["reported_s"] = at_s + self.late.draw(rows, rng)
        is_day = rng.random(rows) < self.day_share
        day_s = self._day_s(at_s)
        told["seen_to_s"] = np.where(is_day, day_s + DAY_S, at_s)
        told["seen_from_s"] = np.where(is_day, day_s, at_s)

    def log_invented(self, said: Sightings, posts: Posts, ground: Ground) -> Floats:
        """Nats a second of the text's instant; a bare date gathers a whole day of the rate."""
        is_day = said.seen_to_s - said.seen_from_s >= DAY_S
        late = self.late.log_density(said.reported_s - said.seen_from_s)
        return np.where(
            is_day,
            np.log(self.day_share) + self._log_of_day(said),
            np.log1p(-self.day_share) + late,
        )

    def _log_of_day(self, said: Sightings) -> Floats:
        """Log of the delay's density integrated over the instants of the told day."""
        since_s = said.reported_s - said.seen_from_s
        seconds = self.late.share_until(since_s) - self.late.share_until(since_s - DAY_S)
        with np.errstate(divide="ignore"):
            return np.log(np.maximum(seconds, 0.0))

    def _day_s(self, at_s: Floats) -> Floats:
        return np.floor((at_s + self.offset_s) / DAY_S) * DAY_S - self.offset_s


def _log_upper_tail(z: Floats) -> Floats:
    """Log of the chance that a standard normal number is above `z`; Abramowitz and Stegun 26.2.17."""
    t = 1.0 / (1.0 + 0.2316419 * np.abs(z))
    poly = t * (
        0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429)))
    )
    tail = np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi) * poly
    with np.errstate(divide="ignore"):
        return np.log(np.where(z >= 0, tail, 1.0 - tail))
