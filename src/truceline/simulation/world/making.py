"""What every maker of deeds is handed, and the number that keeps deeds apart."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Floats, Ground
from truceline.simulation.contract import Span
from truceline.simulation.world.deeds import Counter
from truceline.simulation.world.ground import local_hour

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """The ground, the counters, and how much of everything there is.

    Parameters
    ----------
    ground
        As drawn from west to east; side A in the north.
    start_s
        When the truce begins.
    scale
        Multiplies every rate.
    counter, campaigns
        Numbers of deeds and of campaigns.
    """

    ground: Ground
    start_s: float
    scale: float
    counter: Counter
    campaigns: Counter

    def day(self, at_s: Floats) -> Floats:
        """Days since the truce began."""
        return (at_s - self.start_s) / DAY_S


def instants(span: Span, per_day: float, rng: Generator) -> Floats:
    """Instants of a Poisson process in a span."""
    return np.sort(
        rng.uniform(
            span.from_s, span.to_s, rng.poisson(per_day * (span.to_s - span.from_s) / DAY_S)
        )
    )


def at_hours(making: Making, began_s: Floats, hours: tuple[float, float], rng: Generator) -> Floats:
    """Each instant moved to an hour by the sun between two hours of its own day.

    What is moved stays in its day by the sun, and so may leave its span by some hours at most.
    """
    wanted = rng.uniform(hours[0], hours[1], len(began_s))
    return began_s + 3600.0 * (wanted - local_hour(making.ground, began_s))


def along(making: Making, count: int, rng: Generator) -> Floats:
    """Places along the line, even over its length."""
    line = making.ground.line_m[:, 0]
    return rng.uniform(line.min(), line.max(), count)
