"""What it was, as told: one table of chances for each kind of observer."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Deeds, Floats, Ground, Posts, Sightings
from truceline.simulation.errors.telling import Told, pick
from truceline.tables.posterior import TYPES

AS_IT_IS = "as_it_is"
UNTOLD = "untold"
BLAST = "explosion_unidentified"


def index_of(name: str) -> int:
    """Row of a type in the tables; -1 for `untold`."""
    return -1 if name == UNTOLD else TYPES.index(name)


def table_of(
    usual: Mapping[str, float], special: Mapping[str, Mapping[str, float]] | None = None
) -> Floats:
    """Chances of told types by true type, `(types, types + 1)`; the last column is `untold`.

    Parameters
    ----------
    usual
        Told type, `as_it_is` or `untold`, to its chance, for every type without a row of its own.
    special
        The same by true type.

    Examples
    --------
    >>> table = table_of({"as_it_is": 0.8, "untold": 0.2})
    >>> table.shape[1] - table.shape[0], float(table[2, 2]), float(table[2, -1])
    (1, 0.8, 0.2)
    """
    table = np.zeros((len(TYPES), len(TYPES) + 1))
    for row, name in enumerate(TYPES):
        chances = (special or {}).get(name, usual)
        for told, chance in chances.items():
            table[row, row if told == AS_IT_IS else index_of(told)] += chance
    return table / table.sum(axis=1, keepdims=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """The type that is told.

    Parameters
    ----------
    table
        As `table_of` makes it.
    invented
        Told type, or `untold`, to its chance where there was nothing.
    """

    table: Floats
    invented: Mapping[str, float]

    def tell(self, told: Told, deeds: Deeds, posts: Posts, ground: Ground, rng: Generator) -> None:
        """A type by the row of the true one."""
        found = pick(self.table[deeds.type], rng)
        told["type"] = np.where(found == len(TYPES), -1, found)

    def log_density(self, said: Sightings, deeds: Deeds, posts: Posts, ground: Ground) -> Floats:
        """Nats of the told type; what is not told is a choice, too."""
        with np.errstate(divide="ignore"):
            return np.log(self.table[deeds.type, said.type])

    def invent(self, told: Told, posts: Posts, ground: Ground, rng: Generator) -> None:
        """A type as false reports have it."""
        row = self._row()
        found = pick(np.broadcast_to(row, (len(posts), len(row))), rng)
        told["type"] = np.where(found == len(TYPES), -1, found)

    def log_invented(self, said: Sightings, posts: Posts, ground: Ground) -> Floats:
        """Nats of the told type."""
        with np.errstate(divide="ignore"):
            return np.log(self._row()[said.type])

    def _row(self) -> Floats:
        row = np.zeros(len(TYPES) + 1)
        for name, chance in self.invented.items():
            row[index_of(name)] += chance
        return row / row.sum()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounds:
    """How many, as told; a count is told in whole numbers and never below one.

    The density does not speak of it: place, time, type, direction and author are what it covers.
    """

    spread: float
    told_share: float = 1.0

    def tell(self, told: Told, deeds: Deeds, posts: Posts, ground: Ground, rng: Generator) -> None:
        """A count about the true one."""
        noise = np.exp(self.spread * rng.standard_normal(len(deeds)))
        count = np.maximum(np.rint(np.maximum(deeds.rounds, 1) * noise), 1).astype(np.int64)
        told["rounds"] = np.where(rng.random(len(deeds)) < self.told_share, count, -1)

    def log_density(self, said: Sightings, deeds: Deeds, posts: Posts, ground: Ground) -> Floats:
        """Nothing."""
        return np.zeros(len(said))

    def invent(self, told: Told, posts: Posts, ground: Ground, rng: Generator) -> None:
        """One or two."""
        told["rounds"] = 1 + (rng.random(len(posts)) < 0.3).astype(np.int64)

    def log_invented(self, said: Sightings, posts: Posts, ground: Ground) -> Floats:
        """Nothing."""
        return np.zeros(len(said))
