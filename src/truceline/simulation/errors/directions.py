"""Which way fire went, as the observer stood: told rightly, wrongly or not at all.

Fire has two ends. Who stands by the guns notices the muzzle and calls it outgoing, and who stands by
the impact notices that; each tells the place of the end that it noticed (`noticed_end`).
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from truceline.model.vocabulary import IncidentType
from truceline.simulation.columns import (
    DIRECTIONS,
    Bools,
    Deeds,
    Floats,
    Ground,
    Ints,
    Posts,
    Sightings,
)
from truceline.simulation.errors.telling import Told, distance_m, pick
from truceline.tables.posterior import TYPES

UNDETERMINED, OUTGOING, INCOMING, IMPACT, TRANSIT = range(len(DIRECTIONS))
FLOWN_M = 100.0  # what came from nearer has no direction of fire; assumed
BESIDE_M = 2_000.0  # within which an impact is seen as one and not only heard coming; assumed
_T = IncidentType
FIRED = (
    _T.SMALL_ARMS_FIRE, _T.SNIPER_FIRE, _T.MORTAR, _T.TANK_FIRE, _T.ARTILLERY, _T.MLRS, _T.MISSILE,
    _T.EXERCISE_LIVE_FIRE, _T.EXPLOSION_UNIDENTIFIED, _T.ATTACK_ON_MONITOR,
)  # fmt: skip
"""What goes out with a bang that can be noticed where it does."""
FLOWN_IN = (_T.UAV_ATTACK, _T.AIR_STRIKE)
"""What is noticed only where it strikes."""
FLYING = (_T.UAV_OVERFLIGHT, _T.AIRCRAFT_OVERFLIGHT)
_IS_FIRED, _IS_FLOWN_IN, _IS_FLYING = (
    np.isin(TYPES, [kind.value for kind in kinds]) for kinds in (FIRED, FLOWN_IN, FLYING)
)


def flown_m(deeds: Deeds) -> Floats:
    """Metres between both ends, row by row."""
    return np.hypot(deeds.origin_x_m - deeds.x_m, deeds.origin_y_m - deeds.y_m)


def is_fired_off(deeds: Deeds) -> Bools:
    """Whether it was fired from elsewhere, with a bang there."""
    found: Bools = _IS_FIRED[deeds.type] & (flown_m(deeds) >= FLOWN_M)
    return found


def is_by_the_guns(deeds: Deeds, posts: Posts) -> Bools:
    """Whether the post is nearer to the guns than to the impact; a post that stands nowhere is not."""
    to_origin = np.hypot(deeds.origin_x_m - posts.x_m, deeds.origin_y_m - posts.y_m)
    to_effect = np.hypot(deeds.x_m - posts.x_m, deeds.y_m - posts.y_m)
    return is_fired_off(deeds) & (to_origin < to_effect)


def noticed_end(deeds: Deeds, posts: Posts) -> tuple[Floats, Floats]:
    """Where that end of a deed is of which a post beside it tells: `(x_m, y_m)`, row by row."""
    here = is_by_the_guns(deeds, posts)
    return np.where(here, deeds.origin_x_m, deeds.x_m), np.where(here, deeds.origin_y_m, deeds.y_m)


def true_direction(deeds: Deeds, posts: Posts) -> Ints:
    """The direction that a flawless observer at the post would tell, row by row."""
    to_effect = distance_m(posts, deeds.x_m, deeds.y_m)
    here = np.where(to_effect <= BESIDE_M, IMPACT, INCOMING)
    found = np.where(is_by_the_guns(deeds, posts), OUTGOING, here)
    found = np.where(_IS_FLYING[deeds.type], TRANSIT, found)
    known = (_IS_FIRED | _IS_FLOWN_IN | _IS_FLYING)[deeds.type] & (flown_m(deeds) >= FLOWN_M)
    return np.where(known, found, UNDETERMINED).astype(np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """The direction that is told.

    Parameters
    ----------
    told_share
        How often it is told at all; of these `wrong_share` take outgoing for incoming or back.
    wrong_share
        See above.
    by_effect
        Whether the observer looks down on where it struck, wherever it stands itself.
    """

    told_share: float
    wrong_share: float
    by_effect: bool = False

    def tell(self, told: Told, deeds: Deeds, posts: Posts, ground: Ground, rng: Generator) -> None:
        """A direction by the true one."""
        told["direction"] = pick(self._table()[self._true(deeds, posts)], rng)

    def log_density(self, said: Sightings, deeds: Deeds, posts: Posts, ground: Ground) -> Floats:
        """Nats of the told direction."""
        with np.errstate(divide="ignore"):
            return np.log(self._table()[self._true(deeds, posts), said.direction])

    def invent(self, told: Told, posts: Posts, ground: Ground, rng: Generator) -> None:
        """Outgoing or incoming alike, where one is told."""
        told["direction"] = pick(
            np.broadcast_to(self._nothing(), (len(posts), len(DIRECTIONS))), rng
        )

    def log_invented(self, said: Sightings, posts: Posts, ground: Ground) -> Floats:
        """Nats of the told direction."""
        with np.errstate(divide="ignore"):
            return np.log(self._nothing()[said.direction])

    def _true(self, deeds: Deeds, posts: Posts) -> Ints:
        found = true_direction(deeds, posts)
        from_afar = (found == OUTGOING) | (found == INCOMING)
        return np.where(self.by_effect & from_afar, IMPACT, found)

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
