"""Radar satellites: buildings that fell between two passes; a place, and days in which it was."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Deeds, Floats, Ground, Ints, Posts, Sightings
from truceline.simulation.contract import Conditions, Streams
from truceline.simulation.errors.hours import Late
from truceline.simulation.errors.kinds import UNTOLD, Kind, table_of
from truceline.simulation.errors.spot import FAMILIES
from truceline.simulation.errors.telling import DAY_S, Telling, Told
from truceline.simulation.observers.account import Account, Numbers, made
from truceline.simulation.observers.physics import logistic
from truceline.simulation.observers.standing import of_nobody
from truceline.simulation.observers.tellings import report, spot

NUMBERS: Numbers = {
    "posts": 2,  # Sentinel-1: two satellites, 12 days each (algorithms.md 3: revisit 6 to 12 days)
    "seen_at": 0.3,  # share of the structures that must fall to be seen half the time; assumed
    "sharpness": 0.06,  # share over which the chance rises: AUC 0.88 (algorithms.md 3); assumed
    "spot_m": 25.0,  # deviation: pixels of 10 to 20 m, and the footprint of a building
    "report_s": 86_400.0,  # processed the day after; assumed
    "report_spread": 0.4,  # assumed
    "false_per_day": 0.1,  # of each satellite: harvest, snow, building sites; assumed
}

REVISIT_S = 12 * DAY_S  # algorithms.md 3
FIRST_S = 3.9 * 3600  # a dawn pass over eastern Europe; assumed


def passes(post: Ints, at_s: Floats) -> tuple[Floats, Floats]:
    """The pass before each instant and the one at or after it.

    Examples
    --------
    >>> before_s, after_s = passes(np.array([0]), np.array([1.77e9]))
    >>> bool(before_s[0] < 1.77e9 <= after_s[0]), float(after_s[0] - before_s[0]) / 86_400
    (True, 12.0)
    """
    first = FIRST_S + REVISIT_S / 2 * post
    number = np.ceil((at_s - first) / REVISIT_S)
    return first + REVISIT_S * (number - 1), first + REVISIT_S * number


@dataclass(frozen=True, slots=True, kw_only=True)
class BetweenPasses:
    """The interval between two passes; it has a chance of one for what fell in it, and no density."""

    late: Late

    def tell(self, told: Told, deeds: Deeds, posts: Posts, ground: Ground, rng: Generator) -> None:
        """The passes about the deed."""
        self._fill(told, deeds.began_s, posts, rng)

    def log_density(self, said: Sightings, deeds: Deeds, posts: Posts, ground: Ground) -> Floats:
        """0 within the interval, minus infinity outside; and the report's delay."""
        inside = (deeds.began_s > said.seen_from_s) & (deeds.began_s <= said.seen_to_s)
        return np.where(inside, 0.0, -np.inf) + self._log_late(said)

    def invent(self, told: Told, posts: Posts, ground: Ground, rng: Generator) -> None:
        """The passes about the instant."""
        self._fill(told, told["seen_from_s"], posts, rng)

    def log_invented(self, said: Sightings, posts: Posts, ground: Ground) -> Floats:
        """The seconds of the interval gather in it; and the report's delay."""
        return np.log(said.seen_to_s - said.seen_from_s) + self._log_late(said)

    def _fill(self, told: Told, at_s: Floats, posts: Posts, rng: Generator) -> None:
        told["seen_from_s"], told["seen_to_s"] = passes(posts.post, at_s)
        told["reported_s"] = told["seen_to_s"] + self.late.draw(len(at_s), rng)

    def _log_late(self, said: Sightings) -> Floats:
        return self.late.log_density(said.reported_s - said.seen_to_s)


def posts(numbers: Numbers, ground: Ground, streams: Streams) -> Posts:
    """Satellites; they are nobody's, and cloud is nothing to them."""
    return of_nobody("SAR satellite", numbers)


def notices(numbers: Numbers, deeds: Deeds, posts: Posts, conditions: Conditions) -> Floats:
    """By the share of structures that fell."""
    above = (deeds.damage - numbers["seen_at"]) / numbers["sharpness"]
    return np.where(deeds.damage > 0, logistic(above), 0.0)


def tellings(numbers: Numbers, family: str) -> tuple[Telling, ...]:
    """Place and interval; what felled it is not told."""
    return (
        spot(numbers, family),
        BetweenPasses(late=report(numbers)),
        Kind(table=table_of({UNTOLD: 1.0}), invented={UNTOLD: 1.0}),
    )


OBSERVER = made(
    Account(
        name="sar_damage",
        source_kind="satellite",
        feed="observations",
        numbers=NUMBERS,
        families=FAMILIES,
        posts=posts,
        notices=notices,
        tellings=tellings,
    )
)
