"""Acoustic nodes near the line: where a gun or a burst was, to a few hundred metres."""

import numpy as np

from truceline.simulation.columns import Deeds, Floats, Ground, Posts
from truceline.simulation.contract import Conditions, Streams
from truceline.simulation.errors.directions import noticed_end
from truceline.simulation.errors.kinds import AS_IT_IS, BLAST, UNTOLD, Kind, Rounds, table_of
from truceline.simulation.errors.spot import FAMILIES
from truceline.simulation.errors.telling import Telling, distance_m
from truceline.simulation.observers.account import Account, Numbers, made
from truceline.simulation.observers.physics import audible_m, fades
from truceline.simulation.observers.standing import along_line
from truceline.simulation.observers.tellings import clock, direction, spot

NUMBERS: Numbers = {
    "posts": 16,  # assumed
    "reach_m": 8_000.0,  # assumed
    "behind_m": 2_500.0,  # assumed
    "blast_m": 3_500.0,  # a kilogram; assumed
    "shot_m": 2_000.0,  # assumed
    "flight_m": 1_500.0,  # assumed
    "wind_cost": 0.05,  # share lost for each metre a second of wind at the node; assumed
    "spot_m": 80.0,  # clusters of microphones: TDOA near by; assumed
    "spot_per_m": 0.06,  # and with distance; assumed
    "clock_s": 1.5,  # temperature and wind along the path; assumed
    "report_s": 120.0,  # automatic; assumed
    "report_spread": 0.5,  # assumed
    "direction_share": 0.5,  # muzzle or burst told apart by the shape of the wave; assumed
    "direction_wrong": 0.12,  # assumed
    "false_per_day": 0.15,  # of each node: doors, thunder that was filtered badly; assumed
}


def posts(numbers: Numbers, ground: Ground, streams: Streams) -> Posts:
    """Nodes on either hand of the line, which the side on which they stand may switch off."""
    return along_line("acoustic node", numbers, ground, streams, is_hosted=True)


def notices(numbers: Numbers, deeds: Deeds, posts: Posts, conditions: Conditions) -> Floats:
    """Heard within the range of its energy, less in wind."""
    away_m = distance_m(posts, *noticed_end(deeds, posts))
    loud_m = audible_m(deeds, numbers["blast_m"], numbers["shot_m"], numbers["flight_m"])
    east_ms, north_ms = conditions.wind_ms(posts.x_m, posts.y_m, deeds.began_s)
    calm = np.maximum(1 - numbers["wind_cost"] * np.hypot(east_ms, north_ms), 0.1)
    return calm * fades(away_m, loud_m)


def tellings(numbers: Numbers, family: str) -> tuple[Telling, ...]:
    """Place with a stated error, time, type, direction, count."""
    return (
        spot(numbers, family, by_end=True),
        clock(numbers),
        Kind(table=TYPES_TOLD, invented={BLAST: 0.7, "small_arms_fire": 0.3}),
        direction(numbers),
        Rounds(spread=0.15),
    )


TYPES_TOLD = table_of(
    {BLAST: 0.9, UNTOLD: 0.1},
    {
        "small_arms_fire": {AS_IT_IS: 0.95, BLAST: 0.05},
        "sniper_fire": {"small_arms_fire": 0.9, UNTOLD: 0.1},
        "mortar": {AS_IT_IS: 0.3, BLAST: 0.7},
        "uav_overflight": {AS_IT_IS: 0.6, UNTOLD: 0.4},
        "aircraft_overflight": {AS_IT_IS: 0.7, UNTOLD: 0.3},
        "exercise_live_fire": {"small_arms_fire": 0.5, BLAST: 0.5},
    },
)  # assumed

OBSERVER = made(
    Account(
        name="acoustic",
        source_kind="acoustic",
        feed="observations",
        numbers=NUMBERS,
        families=FAMILIES,
        posts=posts,
        notices=notices,
        by_end=True,
        tellings=tellings,
    )
)
