"""How far and how well a kind of post notices the usual fire, measured on its own physics.

The chance and the radius that a watch states are the mean over a disc and over the usual mix of arms,
by day and by night. Kinds whose silence says little (a mean chance under a quarter even near by) have
no sight to state.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Deeds, Posts
from truceline.simulation.contract import Observer
from truceline.simulation.world import arms
from truceline.simulation.world.deeds import Counter, make
from truceline.simulation.world.truce import Truce

LEAST = 0.25  # assumed: a watch that sees less states nothing
_RADII_M = np.array([500.0, 1e3, 2e3, 3e3, 5e3, 8e3, 12e3, 20e3, 30e3, 50e3, 80e3])
_TRIES = 400  # deeds a radius
_DAY_S = 86_400.0
_HALF_DAY_S = _DAY_S / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """One kind of post: who they are, and the physics of what they notice."""

    observer: Observer
    numbers: Mapping[str, float]
    posts: Posts


def sight(
    kind: Watching, truce: Truce, is_night: bool, rng: Generator, least: float = LEAST
) -> tuple[float, float] | None:
    """Radius and mean chance of the largest disc over which a post notices a quarter of what falls.

    Parameters
    ----------
    kind, truce
        Who watches, and in which truce; the best post of the kind stands for all.
    is_night
        By night or by day.
    rng
        Draws what falls.
    least
        A smaller mean chance is no sight; 0: the nearest disc then counts as it is.
    """
    best = int(np.argmax(kind.posts.skill))
    at_s = _clear_hour(kind, truce, best, is_night)
    chances = []
    for radius_m in _RADII_M:
        deeds = _usual(kind.posts, best, radius_m, at_s, truce, rng)
        posts = kind.posts.take(np.full(len(deeds), best))
        chances.append(
            float(kind.observer.detects(kind.numbers, deeds, posts, truce.conditions).mean())
        )
    enough = np.flatnonzero(np.array(chances) >= LEAST)
    if not len(enough):
        return None if least > 0 else (float(_RADII_M[0]), round(chances[0], 2))
    return float(_RADII_M[enough[-1]]), round(chances[enough[-1]], 2)


def _clear_hour(kind: Watching, truce: Truce, post: int, is_night: bool) -> float:
    """An instant by day or by night at which the post is not out."""
    day_s = np.floor(truce.scenario.from_s / _DAY_S) * _DAY_S
    # Late in the forenoon by the sun at the longitudes of which the gazetteer has names.
    light_s = day_s + (0.9166 - truce.ground.origin_lon / 360.0) * _HALF_DAY_S
    days = np.arange(max(1, int((truce.scenario.to_s - truce.scenario.from_s) / _DAY_S)))
    tries = np.asarray(
        light_s + _DAY_S * days + (_HALF_DAY_S if is_night else 0.0), dtype=np.float64
    )
    out = truce.conditions.is_out(kind.observer.name, np.full(len(tries), post), tries)
    return float(tries[int(np.argmin(out))])


def _usual(
    posts: Posts, post: int, radius_m: float, at_s: float, truce: Truce, rng: Generator
) -> Deeds:
    """The usual mix of fire, even over a disc about a post."""
    arm = rng.choice(len(arms.ARMS), size=_TRIES, p=arms.column("share"))
    angle, off_m = rng.uniform(0.0, 2 * np.pi, _TRIES), radius_m * np.sqrt(rng.random(_TRIES))
    x_m = posts.x_m[post] + off_m * np.cos(angle)
    y_m = posts.y_m[post] + off_m * np.sin(angle)
    back_m = arms.column("behind_m")[arm] + arms.column("into_m")[arm]
    return make(
        Counter(),
        began_s=np.full(_TRIES, at_s),
        lasted_s=30.0,
        x_m=x_m,
        y_m=y_m,
        origin_x_m=x_m,
        origin_y_m=y_m + back_m * rng.choice([-1.0, 1.0], _TRIES),
        type=arms.TYPE_OF_ARM[arm],
        weapon=arm,
        author=rng.integers(0, 2, _TRIES),
        rounds=np.maximum(1, arms.column("rounds")[arm]),
        energy_kg=arms.column("kg_tnt")[arm],
        salience=arms.column("salience")[arm],
    )
