"""Where things fall by the laws of the world: along the line of contact, about storms, in towns."""

from dataclasses import dataclass
from math import erf, sqrt

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Floats, Ground, Ints
from truceline.simulation.world.ground import line_y
from truceline.simulation.world.intensity import HotSpots
from truceline.simulation.world.surroundings import STORM_M, TOWN_M

HOT, ALONG, SPOT, STORM, TOWN = range(5)
"""Where a kind of deed falls: about hot spots, anywhere along the line, where it always does, about
storms, which hang anywhere along the line and reach beyond its ends, or in any town."""
GRID_M = 50.0  # fine against the least spread of a hot spot
BEYOND, BEYOND_M = 0.2, 1_000.0  # how much seldomer beyond an end than by it, and how far; assumed
_FAR = 8.0  # deviations of a storm beyond the line's ends: nothing is so far off
_LEAST = 1e-30  # of a density's share, so that its logarithm is a number


@dataclass(frozen=True, slots=True, kw_only=True)
class Along:
    """The laws on one ground.

    Parameters
    ----------
    ground
        The ground.
    spots
        Where fire breaks out.
    hot, stormed
        Metres east, and nats a metre of fire and of strokes there.
    """

    ground: Ground
    spots: HotSpots
    hot: tuple[Floats, Floats]
    stormed: tuple[Floats, Floats]

    def line_y(self, x_m: Floats) -> Floats:
        """Metres north of the line of contact there."""
        return line_y(self.ground, x_m)

    def draw(self, law: Ints, rng: Generator) -> Floats:
        """Metres east of what falls along the line, by its law."""
        count = len(law)
        even = rng.uniform(*_ends(self.ground), count)
        stormed = even + STORM_M * rng.standard_normal(count)
        return np.where(
            law == HOT, self.spots.draw(count, rng), np.where(law == STORM, stormed, even)
        )

    def log_density(self, law: Ints, x_m: Floats) -> Floats:
        """Nats a metre of those draws."""
        found = np.where(law == HOT, self.log_hot(x_m), self.log_even(x_m))
        return np.where(law == STORM, self.log_stormed(x_m), found)

    def log_hot(self, x_m: Floats) -> Floats:
        """Nats a metre of fire along the line; a burst near an end of it may go a little beyond.

        Draws never go there, and nearly nothing does: under one in a hundred.
        """
        west, east = _ends(self.ground)
        beyond_m = np.maximum(np.maximum(west - x_m, x_m - east), 0.0)
        seldom = np.where(beyond_m > 0, np.log(BEYOND) - beyond_m / BEYOND_M, 0.0)
        return np.interp(x_m, *self.hot) + seldom

    def log_even(self, x_m: Floats) -> Floats:
        """Nats a metre of what falls anywhere along the line."""
        west, east = _ends(self.ground)
        return np.where((x_m >= west) & (x_m <= east), -np.log(east - west), -np.inf)

    def log_stormed(self, x_m: Floats) -> Floats:
        """Nats a metre of a stroke of a storm that hangs anywhere along the line."""
        return np.interp(x_m, *self.stormed)

    def draw_in_towns(self, count: int, rng: Generator) -> tuple[Floats, Floats]:
        """Places in any town."""
        towns = self.ground.settlements
        some = rng.integers(0, len(towns), count)
        off_x, off_y = TOWN_M * rng.standard_normal((2, count))
        return towns.x_m[some] + off_x, towns.y_m[some] + off_y

    def log_in_towns(self, x_m: Floats, y_m: Floats) -> Floats:
        """Nats a square metre of those draws."""
        towns = self.ground.settlements
        away2 = (x_m[:, None] - towns.x_m) ** 2 + (y_m[:, None] - towns.y_m) ** 2
        share = np.exp(-0.5 * away2 / TOWN_M**2).sum(axis=1) / max(len(towns), 1)
        return np.log(np.maximum(share, _LEAST)) - np.log(2 * np.pi * TOWN_M**2)


def along_of(ground: Ground, spots: HotSpots) -> Along:
    """The laws on a ground.

    Examples
    --------
    >>> from truceline.simulation.world.ground import plain
    >>> one = np.ones(1)
    >>> spots = HotSpots(x_m=0 * one, weight=one, spread_m=900 * one, ends_m=_ends(plain()))
    >>> along = along_of(plain(), spots)
    >>> west, east = _ends(plain())
    >>> x_m = np.arange(west - 60_000.0, east + 60_000.0, 100.0)
    >>> [round(float(np.exp(log(x_m)).sum() * 100), 2) for log in (along.log_hot, along.log_stormed)]
    [1.0, 1.0]
    """
    west, east = _ends(ground)
    x_m = np.linspace(west, east, 2 + int((east - west) / GRID_M))
    with np.errstate(divide="ignore"):
        hot = np.log(spots.density(x_m))
    far = np.linspace(west - _FAR * STORM_M, east + _FAR * STORM_M, 2_000)
    wide_m = STORM_M * sqrt(2.0)
    share = [(erf((x - west) / wide_m) - erf((x - east) / wide_m)) / 2 for x in far.tolist()]
    stormed = np.log(np.maximum(share, _LEAST) / (east - west))
    return Along(ground=ground, spots=spots, hot=(x_m, hot), stormed=(far, stormed))


def _ends(ground: Ground) -> tuple[float, float]:
    return float(ground.line_m[:, 0].min()), float(ground.line_m[:, 0].max())
