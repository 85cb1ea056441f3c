"""Infrasound arrays: blasts far down the wind, with a wide place; never who."""

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
    "posts": 2,  # assumed
    "reach_m": 200_000.0,  # assumed a bound
    "behind_m": 50_000.0,  # assumed
    "pressure_pa": 0.1,  # floor that is seen half the time in still air; assumed
    # Pressure 59,457 Pa x (km / sqrt(2 x kilotons))^-1.4072, Whitaker et al. 2003, as recalled: a
    # kilogram gives 5.8 Pa at a kilometre.
    "at_1km_pa": 5.8,
    "fall": 1.4072,
    "along_wind": 0.018,  # log10 of pressure for each metre a second along the path; the same source
    "noise_per_ms": 0.05,  # log10 of the floor for each metre a second of wind; assumed
    "sharpness": 0.12,  # log10 of pressure over which the chance rises; assumed
    "spot_m": 1_500.0,  # assumed
    "spot_per_m": 0.03,  # bearings of 1.5 degrees and celerities of 5 %: algorithms.md 1, BISL
    "clock_s": 12.0,  # celerity unknown to a few per cent; assumed
    "report_s": 2_700.0,  # assumed
    "report_spread": 0.5,  # assumed
    "typed": 0.6,  # assumed
    "false_per_day": 1.0,  # of each array: surf, trucks, aircraft; assumed
}


def posts(numbers: Numbers, ground: Ground, streams: Streams) -> Posts:
    """Arrays far behind the line; what they hear depends on no side."""
    return along_line("infrasound array", numbers, ground, streams, is_hosted=False)


def notices(numbers: Numbers, deeds: Deeds, posts: Posts, conditions: Conditions) -> Floats:
    """Scaled pressure against the floor: more down the wind, less in a noisy wind at the array."""
    away_m = np.maximum(distance_m(posts, deeds.x_m, deeds.y_m), 1_000.0)
    east_ms, north_ms = conditions.wind_ms(posts.x_m, posts.y_m, deeds.began_s)
    towards = (
        east_ms * (posts.x_m - deeds.x_m) + north_ms * (posts.y_m - deeds.y_m)
    ) / away_m  # wind that carries the sound towards the array
    with np.errstate(divide="ignore"):
        scaled = np.log10(away_m / 1_000.0) - np.log10(deeds.energy_kg) / 2
        log_pa = np.log10(numbers["at_1km_pa"]) - numbers["fall"] * scaled
    log_pa = log_pa + numbers["along_wind"] * towards
    floor = np.log10(numbers["pressure_pa"])
    floor = floor + numbers["noise_per_ms"] * np.hypot(east_ms, north_ms)
    above = np.where(deeds.energy_kg > 0, log_pa - floor, -99.0)
    return np.where(deeds.energy_kg > 0, logistic(above / numbers["sharpness"]), 0.0)


def tellings(numbers: Numbers, family: str) -> tuple[Telling, ...]:
    """Place with a stated error, time, and that it was a blast or something loud."""
    return (
        spot(numbers, family),
        clock(numbers),
        Kind(
            table=table_of({BLAST: numbers["typed"], UNTOLD: 1 - numbers["typed"]}),
            invented={BLAST: 0.2, UNTOLD: 0.8},
        ),
    )


OBSERVER = made(
    Account(
        name="infrasound",
        source_kind="acoustic",
        feed="observations",
        numbers=NUMBERS,
        families=FAMILIES,
        posts=posts,
        notices=notices,
        tellings=tellings,
    )
)
