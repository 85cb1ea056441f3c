"""Seismic arrays: the ground shook, where and how much; never who, seldom what."""

import numpy as np

from truceline.simulation.columns import Deeds, Floats, Ground, Posts
from truceline.simulation.contract import Conditions, Streams
from truceline.simulation.errors.kinds import BLAST, UNTOLD, Kind, table_of
from truceline.simulation.errors.spot import FAMILIES
from truceline.simulation.errors.telling import Telling, distance_m
from truceline.simulation.observers.account import Account, Numbers, made
from truceline.simulation.observers.physics import logistic
from truceline.simulation.observers.standing import along_line
from truceline.simulation.observers.tellings import clock, spot

NUMBERS: Numbers = {
    "posts": 2,  # arrays; AKASG is one of 24 sensors (algorithms.md 1)
    "reach_m": 150_000.0,  # Dando et al. 2023 use 40 to 200 km; assumed a bound
    "behind_m": 35_000.0,  # assumed
    "magnitude_floor": 0.2,  # local magnitude that is seen half the time at 30 km; assumed
    "floor_per_decade": 1.4,  # the floor rises so with a tenfold distance; assumed
    "floor_per_ms": 0.03,  # and with wind, a metre a second; assumed
    "coupling": 0.6,  # magnitudes lost by a burst at the surface against a buried one; assumed
    "sharpness": 0.15,  # magnitudes over which the chance rises; assumed
    "spot_m": 700.0,  # deviation near by: some 1.1 km at 30 km (algorithms.md 1, limit)
    "spot_per_m": 0.009,  # and more with distance: 2 % velocity error, half of it tangential
    "clock_s": 0.8,  # 0.2 s bias and picks (algorithms.md 1, measured)
    "report_s": 1_200.0,  # "final location can take more than 15 min" (algorithms.md 1)
    "report_spread": 0.4,  # assumed
    "typed": 0.85,  # typed as explosions; the others have no type; assumed
    "late": 0.0,  # place in LATE_FAMILIES
    "false_per_day": 0.4,  # side lobes and trains, of each array; assumed
}


def posts(numbers: Numbers, ground: Ground, streams: Streams) -> Posts:
    """Arrays well behind the line; what they hear depends on no side."""
    return along_line("seismic array", numbers, ground, streams, is_hosted=False)


def magnitude(energy_kg: Floats, coupling: float) -> Floats:
    """Local magnitude of a burst: 4.45 + 0.75 log10 of kilotons (Murphy 1981), less for a shallow one.

    Examples
    --------
    >>> magnitude(np.array([1000.0]), 0.6).round(2).tolist()
    [1.6]
    """
    with np.errstate(divide="ignore"):
        return 4.45 + 0.75 * (np.log10(energy_kg) - 6.0) - coupling


def notices(numbers: Numbers, deeds: Deeds, posts: Posts, conditions: Conditions) -> Floats:
    """A logistic rise about the magnitude floor of that distance and wind."""
    away_m = np.maximum(distance_m(posts, deeds.x_m, deeds.y_m), 1_000.0)
    east_ms, north_ms = conditions.wind_ms(posts.x_m, posts.y_m, deeds.began_s)
    floor = numbers["magnitude_floor"] + numbers["floor_per_decade"] * np.log10(away_m / 30_000.0)
    floor = floor + numbers["floor_per_ms"] * np.hypot(east_ms, north_ms)
    above = magnitude(deeds.energy_kg, numbers["coupling"]) - floor
    return np.where(deeds.energy_kg > 0, logistic(above / numbers["sharpness"]), 0.0)


def tellings(numbers: Numbers, family: str) -> tuple[Telling, ...]:
    """Place with a stated error, time, and that it was a blast or an event without a type."""
    return (
        spot(numbers, family),
        clock(numbers),
        Kind(
            table=table_of({BLAST: numbers["typed"], UNTOLD: 1 - numbers["typed"]}),
            invented={BLAST: 0.5, UNTOLD: 0.5},
        ),
    )


OBSERVER = made(
    Account(
        name="seismic",
        source_kind="seismic",
        feed="quakeml",
        numbers=NUMBERS,
        families=FAMILIES,
        posts=posts,
        notices=notices,
        tellings=tellings,
    )
)
