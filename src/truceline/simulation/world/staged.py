"""False flags: a side blows something up on its own ground, so that the other is blamed.

Which side does it is even unless a scenario tilts it; a campaign of them is stress for attribution.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Author, Deeds, Intent, Nature
from truceline.simulation.contract import Span
from truceline.simulation.world import arms
from truceline.simulation.world.deeds import make
from truceline.simulation.world.ground import line_y
from truceline.simulation.world.making import Making, along, at_hours, instants

NUMBERS: Mapping[str, Any] = {
    "per_day": 0.15,  # assumed: rare in a quiet truce
    "share_a": 0.5,  # share on side A's ground
    "salience": 4.0,  # assumed: they are made to be seen
    "from_day": 0.0,  # first day of the campaign
    "to_day": 1e9,  # and the day after its last; far off: as long as the truce
}

_USUAL = np.array(
    [arms.WEAPONS.index(name) for name in ("mortar 120 mm", "howitzer 122 mm", "UAV")]
)


def drawn(numbers: Mapping[str, Any], making: Making, span: Span, rng: Generator) -> Deeds:
    """Staged incidents of a span: the shells come from behind those who are hit, or from nowhere."""
    began_s = instants(span, float(numbers["per_day"]) * making.scale, rng)
    day = making.day(began_s)
    began_s = began_s[(day >= float(numbers["from_day"])) & (day < float(numbers["to_day"]))]
    began_s = at_hours(making, began_s, (5.0, 21.0), rng)
    count = len(began_s)
    own = np.where(rng.random(count) < float(numbers["share_a"]), 1.0, -1.0)  # A in the north
    x_m = along(making, count, rng)
    y_m = line_y(making.ground, x_m) + own * rng.uniform(800.0, 6_000.0, count)
    arm = rng.choice(_USUAL, count)
    is_fired = rng.random(count) < 0.5  # the others are charges laid by hand
    back_m = np.where(is_fired, rng.uniform(1_000.0, 3_500.0, count), 0.0)
    return make(
        making.counter,
        began_s=began_s,
        lasted_s=rng.uniform(1.0, 60.0, count),
        x_m=x_m,
        y_m=y_m,
        origin_x_m=x_m + rng.normal(0.0, 0.2, count) * back_m,
        origin_y_m=y_m + own * back_m,
        type=arms.TYPE_OF_ARM[arm],
        weapon=np.where(is_fired, arm, -1),
        author=int(Author.STAGED),
        nature=int(Nature.STAGED),
        intent=int(Intent.DELIBERATE),
        rounds=rng.integers(1, 6, count),
        energy_kg=arms.column("kg_tnt")[arm],
        damage=rng.uniform(0.0, 0.3, count),
        salience=float(numbers["salience"]) * rng.lognormal(0.0, 0.4, count),
    )
