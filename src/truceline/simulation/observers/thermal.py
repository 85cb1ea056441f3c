"""Thermal satellites: pixels that burn at an overpass, through gaps in the cloud; nobody's fire."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Deeds, Floats, Ground, Ints, Posts, Sightings
from truceline.simulation.contract import Conditions, Streams
from truceline.simulation.errors.hours import Late
from truceline.simulation.errors.kinds import UNTOLD, Kind, table_of
from truceline.simulation.errors.spot import SIGMAS_95, bounds
from truceline.simulation.errors.telling import Telling, Told
from truceline.simulation.observers.account import Account, Numbers, made
from truceline.simulation.observers.physics import logistic
from truceline.simulation.observers.standing import of_nobody
from truceline.simulation.observers.tellings import report

NUMBERS: Numbers = {
    "posts": 3,  # Suomi NPP, NOAA-20, NOAA-21 (formats.md 7.5)
    "floor_mw": 1.0,  # radiative power seen half the time at nadir by day; assumed
    "at_night": 0.4,  # the floor by night against by day; assumed (25x against 3x pixels, Schroeder)
    "sharpness": 0.4,  # nats of power over which the chance rises; assumed
    "report_s": 10_800.0,  # near-real-time rows come within three hours (FIRMS)
    "report_spread": 0.3,  # assumed
    "false_per_day": 0.6,  # of each satellite over the ground: flares and roofs; assumed
}

PASS_S = 43_200.0  # two passes a day (algorithms.md 2: revisit at most 12 h)
FIRST_S = (
    1.35 * 3600
)  # after midnight UTC: 01:30 local solar time at 32 degrees east, less two hours
APART_S = 3_000.0  # the three follow one another by some 50 minutes
SWAY_S = 2_700.0  # an orbit's track shifts from day to day, and the pass with it; assumed
CYCLE = 16  # days in which the tracks of these orbits come back
NADIR_M, EDGE_M = 375.0, 800.0  # width of a pixel (Schroeder 2014)


def passes_after(posts: Posts, at_s: Floats) -> tuple[Floats, Floats]:
    """The first overpass at or after each instant, and its scan angle as a share of the swath's edge.

    Examples
    --------
    >>> one = of_nobody("VIIRS", {"posts": 1, "tilt": 0.0})
    >>> at_s, scan = passes_after(one, np.array([1.77e9]))
    >>> bool(at_s[0] >= 1.77e9), bool(0 <= scan[0] <= 1)
    (True, True)
    """
    number = np.floor((at_s - FIRST_S - APART_S * posts.post + SWAY_S) / PASS_S) - 1
    found, _ = _pass(posts.post, number)
    for _ in range(3):
        early = found < at_s
        number = np.where(early, number + 1, number)
        found, _ = _pass(posts.post, number)
    return found, _pass(posts.post, number)[1]


def _pass(post: Ints, number: Floats) -> tuple[Floats, Floats]:
    sway = np.sin(2 * np.pi * (number / (2 * CYCLE) + 0.31 * post))
    at_s = FIRST_S + APART_S * post + PASS_S * number + SWAY_S * sway
    return np.floor(at_s / 60.0) * 60.0, np.abs(sway)


def width_m(scan: Floats) -> Floats:
    """Width of a pixel by its scan angle."""
    return NADIR_M + (EDGE_M - NADIR_M) * scan


@dataclass(frozen=True, slots=True, kw_only=True)
class Overpass:
    """The pixel of the first overpass while it burns: the fire lies anywhere in it.

    A satellite tells a fire once. Time has no density: the overpass is the one that it must be.
    """

    late: Late

    def tell(self, told: Told, deeds: Deeds, posts: Posts, ground: Ground, rng: Generator) -> None:
        """The pixel's middle, and the overpass."""
        self._at(told, deeds.began_s, posts, rng)
        width = width_m(passes_after(posts, deeds.began_s)[1])
        off = rng.random((2, len(deeds))) - 0.5
        told["x_m"], told["y_m"] = deeds.x_m + width * off[0], deeds.y_m + width * off[1]

    def log_density(self, said: Sightings, deeds: Deeds, posts: Posts, ground: Ground) -> Floats:
        """Nats a square metre within the pixel; minus infinity at another overpass."""
        at_s, scan = passes_after(posts, deeds.began_s)
        width = width_m(scan)
        off = np.maximum(np.abs(said.x_m - deeds.x_m), np.abs(said.y_m - deeds.y_m))
        # Places are NaN where they are integrated out.
        outside = off > width / 2 * (1 + 1e-9)
        burns = (deeds.began_s + deeds.burns_s >= at_s) & (at_s == said.seen_from_s)
        inside = np.where(np.isnan(off), 0.0, np.where(outside, -np.inf, -2 * np.log(width)))
        return np.where(burns, inside, -np.inf) + self._log_late(said)

    def invent(self, told: Told, posts: Posts, ground: Ground, rng: Generator) -> None:
        """A pixel anywhere at the next overpass."""
        rows = len(posts)
        self._at(told, told["seen_from_s"], posts, rng)
        west, south, east, north = bounds(ground)
        told["x_m"] = west + (east - west) * rng.random(rows)
        told["y_m"] = south + (north - south) * rng.random(rows)

    def log_invented(self, said: Sightings, posts: Posts, ground: Ground) -> Floats:
        """Nats a square metre, and the seconds since the overpass before gather in this one."""
        west, south, east, north = bounds(ground)
        inside = (said.x_m >= west) & (said.x_m <= east) & (said.y_m >= south) & (said.y_m <= north)
        area = np.where(inside, -np.log((east - west) * (north - south)), -np.inf)
        at_s, _ = passes_after(posts, said.seen_from_s)
        gap_s = said.seen_from_s - _before(posts, said.seen_from_s)
        place = np.where(np.isnan(said.x_m), 0.0, area)
        timed = np.where(at_s == said.seen_from_s, np.log(gap_s), -np.inf)
        return place + timed + self._log_late(said)

    def _at(self, told: Told, at_s: Floats, posts: Posts, rng: Generator) -> None:
        seen_s, scan = passes_after(posts, at_s)
        told["seen_from_s"], told["seen_to_s"] = seen_s, seen_s.copy()
        told["reported_s"] = seen_s + self.late.draw(len(seen_s), rng)
        # 95 % semi-axis of a square in which the fire lies evenly, as the feed has it.
        told["error_m"] = SIGMAS_95 * width_m(scan) / np.sqrt(12.0)

    def _log_late(self, said: Sightings) -> Floats:
        delay_s = said.reported_s - said.seen_to_s
        return np.where(np.isnan(delay_s), 0.0, self.late.log_density(delay_s))


def _before(posts: Posts, at_s: Floats) -> Floats:
    """The overpass before an instant that is an overpass itself."""
    found, _ = passes_after(posts, at_s - 1.5 * PASS_S)
    following, _ = passes_after(posts, found + 1.0)
    return np.where(following < at_s, following, found)


def posts(numbers: Numbers, ground: Ground, streams: Streams) -> Posts:
    """Satellites; they are nobody's."""
    return of_nobody("VIIRS", numbers)


def notices(numbers: Numbers, deeds: Deeds, posts: Posts, conditions: Conditions) -> Floats:
    """P(clear) x P(power above the floor of that scan angle) x burning at the overpass."""
    at_s, scan = passes_after(posts, deeds.began_s)
    burning = (deeds.fire_mw > 0) & (deeds.began_s + deeds.burns_s >= at_s)
    dark = conditions.is_dark(deeds.x_m, deeds.y_m, at_s)
    floor = numbers["floor_mw"] * (width_m(scan) / NADIR_M) ** 2
    floor = floor * np.where(dark, numbers["at_night"], 1.0)
    with np.errstate(divide="ignore"):
        above = np.where(burning, np.log(np.maximum(deeds.fire_mw, 1e-9)) - np.log(floor), -99.0)
    clear = 1 - conditions.cloud(deeds.x_m, deeds.y_m, at_s)
    return np.where(burning, clear * logistic(above / numbers["sharpness"]), 0.0)


def tellings(numbers: Numbers, family: str) -> tuple[Telling, ...]:
    """The pixel; what burned is not told."""
    return (
        Overpass(late=report(numbers)),
        Kind(table=table_of({UNTOLD: 1.0}), invented={UNTOLD: 1.0}),
    )


OBSERVER = made(
    Account(
        name="thermal",
        source_kind="satellite",
        feed="firms",
        numbers=NUMBERS,
        families=("pixel",),
        posts=posts,
        notices=notices,
        tellings=tellings,
    )
)
