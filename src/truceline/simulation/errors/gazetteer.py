"""Where it was, told by the name of a place: the nearest one, a neighbour, or a namesake far away."""

from dataclasses import dataclass
from functools import lru_cache

import numba
import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Deeds, Floats, Ground, Ints, Posts, Settlements, Sightings
from truceline.simulation.errors.telling import Told, pick

NEAREST = 8  # places that a writer might name for a spot; assumed
FAMILIES = ("gazetteer_slip", "nearest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A place told by its name.

    Parameters
    ----------
    reach_m
        How fast the chance of a name falls with its distance from the spot.
    slip_share
        How often any name at all stands there: namesakes, regions for towns, slips of the pen.
    """

    reach_m: float
    slip_share: float

    def tell(self, told: Told, deeds: Deeds, posts: Posts, ground: Ground, rng: Generator) -> None:
        """A name by the distances of the nearest places."""
        rows = len(deeds)
        which, chance = self._near(ground, deeds.x_m, deeds.y_m)
        near = which[np.arange(rows), pick(chance, rng)]
        anywhere = pick_one(_weights(ground.settlements), rows, rng)
        told["place"] = np.where(rng.random(rows) < self.slip_share, anywhere, near)

    def log_density(self, said: Sightings, deeds: Deeds, posts: Posts, ground: Ground) -> Floats:
        """Nats of the name; 0 where none is told."""
        which, chance = self._near(ground, deeds.x_m, deeds.y_m)
        is_told = said.place >= 0
        near = np.where(which == said.place[:, None], chance, 0.0).sum(axis=1)
        anywhere = _weights(ground.settlements)[np.maximum(said.place, 0)]
        with np.errstate(divide="ignore"):
            found = np.log((1 - self.slip_share) * near + self.slip_share * anywhere)
        return np.where(is_told, found, 0.0)

    def invent(self, told: Told, posts: Posts, ground: Ground, rng: Generator) -> None:
        """Any name; larger places more often."""
        told["place"] = pick_one(_weights(ground.settlements), len(posts), rng)

    def log_invented(self, said: Sightings, posts: Posts, ground: Ground) -> Floats:
        """Nats of the name."""
        found = np.log(_weights(ground.settlements)[np.maximum(said.place, 0)])
        return np.where(said.place >= 0, found, 0.0)

    def _near(self, ground: Ground, x_m: Floats, y_m: Floats) -> tuple[Ints, Floats]:
        which, away_m = nearest(ground.settlements, x_m, y_m)
        # In nats from the nearest one, so that a spot far from all still has a name.
        chance = np.exp(-(away_m - away_m[:, :1]) / self.reach_m)
        return which, chance / chance.sum(axis=1, keepdims=True)


def nearest(places: Settlements, x_m: Floats, y_m: Floats) -> tuple[Ints, Floats]:
    """The nearest places of each spot and their distances, `(n, k)`, nearest first."""
    count = min(NEAREST, len(places))
    which = np.zeros((len(x_m), count), dtype=np.int64)
    away2 = np.full((len(x_m), count), np.inf)
    order = _west_to_east(places.x_m.tobytes())
    _keep_nearest(places.x_m[order], places.y_m[order], order, x_m, y_m, which, away2)
    return which, np.sqrt(away2)


@numba.njit(cache=True)
def _keep_nearest(
    place_x_m: Floats,
    place_y_m: Floats,
    number: Ints,
    x_m: Floats,
    y_m: Floats,
    which: Ints,
    away2: Floats,
) -> None:
    """Each place is let in where it is nearer than the last one kept; places go from west to east.

    From a spot the places are asked to the east and then to the west, until one is too far east or
    west to be let in, whatever its north.
    """
    count = which.shape[1]
    for row in range(len(x_m)):
        first = np.searchsorted(place_x_m, x_m[row])
        for way in (1, -1):
            place = first if way == 1 else first - 1
            while 0 <= place < len(place_x_m):
                east2 = (x_m[row] - place_x_m[place]) ** 2
                if east2 >= away2[row, count - 1]:
                    break
                off2 = east2 + (y_m[row] - place_y_m[place]) ** 2
                if off2 < away2[row, count - 1]:
                    at = count - 1
                    while at > 0 and away2[row, at - 1] > off2:
                        away2[row, at], which[row, at] = away2[row, at - 1], which[row, at - 1]
                        at -= 1
                    away2[row, at], which[row, at] = off2, number[place]
                place += way


@lru_cache(maxsize=8)
def _west_to_east(x_m: bytes) -> Ints:
    return np.argsort(np.frombuffer(x_m, dtype=np.float64), kind="stable").astype(np.int64)


def pick_one(weights: Floats, rows: int, rng: Generator) -> Ints:
    """Rows drawn by weights that sum to one, `(rows,)`."""
    up_to = np.cumsum(weights)
    found = np.searchsorted(up_to, rng.random(rows) * up_to[-1], side="right")
    return np.minimum(found, len(weights) - 1).astype(np.int64)


def _weights(places: Settlements) -> Floats:
    return _weights_of(places.people.tobytes())


@lru_cache(maxsize=8)
def _weights_of(people: bytes) -> Floats:
    # The square root of the people: towns are named more often, and villages are named, too; assumed.
    weight = np.sqrt(np.frombuffer(people, dtype=np.int64) + 10.0)
    return weight / weight.sum()
