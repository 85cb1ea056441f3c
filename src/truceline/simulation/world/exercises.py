"""Exercises with live fire on the training ranges, and the notices that go before them.

Some are announced in time, some too late, some not at all; and some fire on after the hour that was
announced. The plan of the whole truce is drawn at once: it is a few rows a week.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator

from truceline.model.vocabulary import IncidentType
from truceline.simulation.columns import Author, Bools, Columns, Deeds, Floats, Ints, Nature
from truceline.simulation.contract import Span, Streams
from truceline.simulation.world.arms import type_index
from truceline.simulation.world.deeds import make, none
from truceline.simulation.world.ground import local_hour
from truceline.simulation.world.making import DAY_S, Making

NUMBERS: Mapping[str, Any] = {
    "per_week": 1.5,  # exercises of each side; assumed
    "hours": 5.0,  # assumed: how long one lasts
    "deeds": 12,  # assumed: mean number of series of fire
    "p_in_time": 0.6,  # assumed: announced before the lead time of the agreement
    "p_late": 0.2,  # assumed: announced, and too late
    "lead_h": 48.0,  # of the made-up agreement's article on exercises
    "p_overrun": 0.1,  # assumed: fires on for two hours after the hour announced
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercises(Columns):
    """Exercises and their notices, one row each.

    Parameters
    ----------
    side
        0 or 1.
    from_s, to_s
        The hours announced.
    until_s
        When the last shot may fall.
    x_m, y_m, radius_m
        The range.
    given_s
        When it was announced; NaN: never.
    in_time
        Whether that was before the lead time.
    """

    side: Ints
    from_s: Floats
    to_s: Floats
    until_s: Floats
    x_m: Floats
    y_m: Floats
    radius_m: Floats
    given_s: Floats
    in_time: Bools


def plan(numbers: Mapping[str, Any], making: Making, *, to_s: float, streams: Streams) -> Exercises:
    """Every exercise of the truce, in the order of their beginning."""
    rng = streams("world/exercises/plan")
    zones = making.ground.zones_m
    ranges = [name for name in zones if name.startswith("range-")]
    weeks = (to_s - making.start_s) / (7 * DAY_S)
    count = 0 if not ranges else int(rng.poisson(2 * float(numbers["per_week"]) * weeks))
    side = rng.integers(0, 2, count)
    day_s = making.start_s + DAY_S * rng.integers(0, max(1, round(weeks * 7)), count)
    from_s = _daytime(making, day_s.astype(np.float64), rng)
    ended_s = from_s + 3600.0 * float(numbers["hours"])
    drawn = rng.random(count)
    in_time = drawn < float(numbers["p_in_time"])
    late = ~in_time & (drawn < float(numbers["p_in_time"]) + float(numbers["p_late"]))
    lead_s = 3600.0 * float(numbers["lead_h"])
    before_s = np.where(
        in_time, lead_s * rng.uniform(1.05, 3.0, count), lead_s * rng.uniform(0.05, 0.9, count)
    )
    overruns = rng.random(count) < float(numbers["p_overrun"])
    x_m, y_m, radius_m = _ranges(zones, side, rng)
    drawn_up = Exercises(
        side=side,
        from_s=from_s,
        to_s=ended_s,
        until_s=np.where(overruns, ended_s + 7_200.0, ended_s),
        x_m=x_m,
        y_m=y_m,
        radius_m=radius_m,
        given_s=np.where(in_time | late, from_s - before_s, np.nan),
        in_time=in_time,
    )
    return drawn_up.take(np.argsort(from_s, kind="stable"))


def _daytime(making: Making, day_s: Floats, rng: Generator) -> Floats:
    hour = rng.uniform(8.0, 12.0, len(day_s))
    return day_s + 3600.0 * ((hour - local_hour(making.ground, day_s)) % 24.0)


def _ranges(
    zones: Mapping[str, Floats], side: Ints, rng: Generator
) -> tuple[Floats, Floats, Floats]:
    """Middle and radius of a range of the right side for each exercise."""
    x_m, y_m, radius_m = (np.zeros(len(side)) for _ in range(3))
    for of, letter in enumerate("ab"):
        rings = [ring for name, ring in sorted(zones.items()) if name.startswith(f"range-{letter}")]
        rows = np.flatnonzero(side == of)
        if not rings or not len(rows):
            continue
        middles = np.array([ring.mean(axis=0) for ring in rings])
        chosen = rng.integers(0, len(rings), len(rows))
        x_m[rows], y_m[rows] = middles[chosen, 0], middles[chosen, 1]
        radius_m[rows] = float(np.ptp(rings[0][:, 0])) / 2
    return x_m, y_m, radius_m


def drawn(
    numbers: Mapping[str, Any], making: Making, planned: Exercises, span: Span, rng: Generator
) -> Deeds:
    """Series of fire of the exercises that begin in a span."""
    begin = (planned.from_s >= span.from_s) & (planned.from_s < span.to_s)
    held = planned.take(np.flatnonzero(begin))
    if len(held) == 0:
        return none()
    series = 1 + rng.poisson(float(numbers["deeds"]) * making.scale, len(held))
    row = np.repeat(np.arange(len(held)), series)
    of, count = held.take(row), len(row)
    began_s = rng.uniform(of.from_s, of.until_s)
    angle, off_m = (
        rng.uniform(0.0, 2 * np.pi, count),
        of.radius_m * 0.8 * np.sqrt(rng.random(count)),
    )
    campaign = making.campaigns.take(len(held))[row]
    return make(
        making.counter,
        campaign=campaign,
        began_s=began_s,
        lasted_s=rng.uniform(30.0, 600.0, count),
        x_m=of.x_m + off_m * np.cos(angle),
        y_m=of.y_m + off_m * np.sin(angle),
        type=type_index(IncidentType.EXERCISE_LIVE_FIRE),
        author=np.where(of.side == 0, int(Author.A), int(Author.B)),
        nature=int(Nature.EXERCISE),
        rounds=rng.integers(3, 30, count),
        energy_kg=rng.choice([0.5, 2.5, 4.0], count),
        salience=0.3,
        is_notified=of.in_time & (began_s < of.to_s),
    )
