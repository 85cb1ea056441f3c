"""Which way fire went, as the observer stood: told rightly, wrongly or not at all."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import DIRECTIONS, Deeds, Floats, Ground, Ints, Posts, Sightings
from truceline.simulation.errors.telling import Told, pick

UNDETERMINED, OUTGOING, INCOMING, IMPACT, TRANSIT = range(len(DIRECTIONS))
FLOWN_M = 100.0  # what came from nearer has no direction of fire; assumed
BESIDE_M = 2_000.0  # within which an impact is seen as one and not only heard coming; assumed


def true_direction(deeds: Deeds, posts: Posts) -> Ints:
    """The direction that a flawless observer at the post would tell, row by row."""
    x_m = np.where(np.isnan(posts.x_m), deeds.x_m, posts.x_m)
    y_m = np.where(np.isnan(posts.y_m), deeds.y_m, posts.y_m)
    to_origin = np.hypot(deeds.origin_x_m - x_m, deeds.origin_y_m - y_m)
    to_effect = np.hypot(deeds.x_m - x_m, deeds.y_m - y_m)
    flown = np.hypot(deeds.origin_x_m - deeds.x_m, deeds.origin_y_m - deeds.y_m)
    here = np.where(to_effect <= BESIDE_M, IMPACT, INCOMING)
    found = np.where(to_origin < to_effect, OUTGOING, here)
    return np.where(flown < FLOWN_M, UNDETERMINED, found).astype(np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """The direction that is told.

    Parameters
    ----------
    told_share
        How often it is told at all; of these `wrong_share` take outgoing for incoming or back.
    wrong_share
        See above.
    """

    told_share: float
    wrong_share: float

    def tell(self, told: Told, deeds: Deeds, posts: Posts, ground: Ground, rng: Generator) -> None:
        """A direction by the true one."""
        told["direction"] = pick(self._table()[true_direction(deeds, posts)], rng)

    def log_density(self, said: Sightings, deeds: Deeds, posts: Posts, ground: Ground) -> Floats:
        """Nats of the told direction."""
        with np.errstate(divide="ignore"):
            return np.log(self._table()[true_direction(deeds, posts), said.direction])

    def invent(self, told: Told, posts: Posts, ground: Ground, rng: Generator) -> None:
        """Outgoing or incoming alike, where one is told."""
        told["direction"] = pick(
            np.broadcast_to(self._nothing(), (len(posts), len(DIRECTIONS))), rng
        )

    def log_invented(self, said: Sightings, posts: Posts, ground: Ground) -> Floats:
        """Nats of the told direction."""
        with np.errstate(divide="ignore"):
            return np.log(self._nothing()[said.direction])

    def _table(self) -> Floats:
        right, wrong = self.told_share * (1 - self.wrong_share), self.told_share * self.wrong_share
        table = np.zeros((len(DIRECTIONS), len(DIRECTIONS)))
        table[:, UNDETERMINED] = 1 - self.told_share
        table[UNDETERMINED, UNDETERMINED] = 1.0 - wrong
        table[UNDETERMINED, [OUTGOING, INCOMING]] = wrong / 2
        table[OUTGOING, [OUTGOING, INCOMING]] = right, wrong
        table[INCOMING, [INCOMING, OUTGOING]] = right, wrong
        table[IMPACT, [IMPACT, OUTGOING]] = right, wrong
        table[TRANSIT, [TRANSIT, OUTGOING]] = right, wrong
        return table

    def _nothing(self) -> Floats:
        row = np.zeros(len(DIRECTIONS))
        row[UNDETERMINED] = 1 - self.told_share
        row[[OUTGOING, INCOMING]] = self.told_share / 2
        return row
