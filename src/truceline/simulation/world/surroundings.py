"""What goes on whether or not there is a truce: quarries, farm fires, thunder, fireworks.

None of it is an incident, and each looks like one to somebody: quarries and thunder to microphones and
seismometers, fires to satellites, fireworks to everybody.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.random import Generator

from truceline.model.vocabulary import IncidentType
from truceline.simulation.columns import Author, Deeds, Floats, Nature
from truceline.simulation.contract import Span
from truceline.simulation.world.arms import type_index
from truceline.simulation.world.deeds import joined, make
from truceline.simulation.world.ground import line_y
from truceline.simulation.world.making import DAY_S, Making, along, at_hours, instants

NUMBERS: Mapping[str, Any] = {
    "quarries": 6,  # assumed: open pits within 60 km of 120 km of line
    "blasts_per_day": 3.0,  # assumed, all quarries together, on workdays
    "blast_kg": 800.0,  # assumed: median charge; quarry shots are delayed and look smaller
    "fires_per_day": 8.0,  # assumed, at the height of the season
    "fire_season": [80.0, 300.0],  # day of the year: stubble and grass burn from spring to autumn
    "fire_mw": 12.0,  # assumed median; FIRMS rows of farmland are mostly under 20 MW
    "storms_per_day": 0.25,  # assumed: days with thunder are some 25 to 30 a year
    "strokes": 40,  # assumed: mean of those that are near enough to be heard
    "fireworks_per_day": 0.4,  # assumed: evenings with fireworks in some town
    "holidays": [],  # days of the truce with fireworks everywhere
}

TOWN_M = 300.0  # deviation of fireworks about the middle of a town; assumed
STORM_M = 12_000.0  # deviation of strokes along the line about the storm's middle; assumed

_EXPLOSION = type_index(IncidentType.EXPLOSION_UNIDENTIFIED)
_OTHER = type_index(IncidentType.OTHER)


def drawn(numbers: Mapping[str, Any], making: Making, span: Span, rng: Generator) -> Deeds:
    """Everything of nature and daily work that begins in a span."""
    return joined(
        [
            _quarries(numbers, making, span, rng),
            _fires(numbers, making, span, rng),
            _thunder(numbers, making, span, rng),
            _fireworks(numbers, making, span, rng),
        ]
    )


def quarries_m(numbers: Mapping[str, Any], making: Making) -> tuple[Floats, Floats]:
    """Where the quarries lie: evenly along both sides, 12 km and 26 km off the line."""
    count = int(numbers["quarries"])
    line = making.ground.line_m[:, 0]
    x_m = np.linspace(line.min(), line.max(), count + 2)[1:-1]
    off_m = np.where(np.arange(count) % 2 == 0, 12_000.0, -26_000.0)
    return x_m, line_y(making.ground, x_m) + np.where(np.arange(count) % 4 < 2, 1.0, -1.0) * off_m


def _quarries(numbers: Mapping[str, Any], making: Making, span: Span, rng: Generator) -> Deeds:
    began_s = instants(span, float(numbers["blasts_per_day"]) * making.scale, rng)
    # The first of January 1970 was a Thursday: day 0 is weekday 3 from Monday.
    workday = ((began_s // DAY_S + 3) % 7) < 5
    began_s = at_hours(making, began_s[workday], (9.0, 16.0), rng)
    x_m, y_m = quarries_m(numbers, making)
    where = rng.integers(0, max(1, len(x_m)), len(began_s))
    return make(
        making.counter,
        began_s=began_s,
        lasted_s=rng.uniform(0.2, 1.5, len(began_s)),
        x_m=x_m[where] + rng.normal(0.0, 150.0, len(began_s)),
        y_m=y_m[where] + rng.normal(0.0, 150.0, len(began_s)),
        type=_EXPLOSION,
        author=int(Author.NATURE),
        nature=int(Nature.QUARRY_BLAST),
        energy_kg=float(numbers["blast_kg"]) * rng.lognormal(0.0, 0.6, len(began_s)),
        salience=0.05,
    )


def _fires(numbers: Mapping[str, Any], making: Making, span: Span, rng: Generator) -> Deeds:
    first, last = numbers["fire_season"]
    day_of_year = (span.from_s / DAY_S) % 365.2425
    middle, half = (first + last) / 2, (last - first) / 2
    season = max(0.05, 1.0 - ((day_of_year - middle) / half) ** 2)
    began_s = instants(span, float(numbers["fires_per_day"]) * season * making.scale, rng)
    began_s = at_hours(making, began_s, (10.0, 19.0), rng)
    count = len(began_s)
    x_m = along(making, count, rng)
    return make(
        making.counter,
        began_s=began_s,
        lasted_s=0.0,
        x_m=x_m,
        y_m=line_y(making.ground, x_m) + rng.uniform(-40_000.0, 40_000.0, count),
        type=_OTHER,
        author=int(Author.NATURE),
        nature=int(Nature.FARM_FIRE),
        fire_mw=float(numbers["fire_mw"]) * rng.lognormal(0.0, 0.9, count),
        burns_s=rng.lognormal(np.log(7_200.0), 0.7, count),
        salience=0.05,
    )


def _thunder(numbers: Mapping[str, Any], making: Making, span: Span, rng: Generator) -> Deeds:
    storms_s = instants(span, float(numbers["storms_per_day"]), rng)
    strokes = rng.poisson(float(numbers["strokes"]) * making.scale, len(storms_s))
    storm = np.repeat(np.arange(len(storms_s)), strokes)
    count = len(storm)
    centre_m = along(making, len(storms_s), rng)[storm]
    began_s = storms_s[storm] + rng.uniform(0.0, 7_200.0, count)
    x_m = centre_m + rng.normal(0.0, STORM_M, count)
    return make(
        making.counter,
        began_s=began_s,
        lasted_s=rng.uniform(0.5, 6.0, count),
        x_m=x_m,
        y_m=line_y(making.ground, x_m) + rng.normal(0.0, 15_000.0, count),
        type=_OTHER,
        author=int(Author.NATURE),
        nature=int(Nature.THUNDER),
        energy_kg=rng.lognormal(np.log(20.0), 0.8, count),  # assumed: what an ear takes it for
        salience=0.0,
    )


def _fireworks(numbers: Mapping[str, Any], making: Making, span: Span, rng: Generator) -> Deeds:
    day = int(making.day(np.array([span.from_s]))[0])
    is_holiday = day in numbers["holidays"]
    per_day = float(numbers["fireworks_per_day"]) * (30.0 if is_holiday else 1.0) * making.scale
    began_s = at_hours(making, instants(span, per_day, rng), (20.0, 23.5), rng)
    count = len(began_s)
    places = making.ground.settlements
    if len(places) == 0 or count == 0:
        began_s, count = began_s[:0], 0
    where = rng.integers(0, max(1, len(places)), count)
    return make(
        making.counter,
        began_s=began_s,
        lasted_s=rng.uniform(60.0, 900.0, count),
        x_m=places.x_m[where] + rng.normal(0.0, TOWN_M, count),
        y_m=places.y_m[where] + rng.normal(0.0, TOWN_M, count),
        type=_EXPLOSION,
        author=int(Author.NATURE),
        nature=int(Nature.FIREWORKS),
        rounds=rng.integers(5, 40, count),
        energy_kg=0.3,
        salience=0.3,
    )
