"""Drone teams tell of jamming: the link is lost by daylight, and nobody sees who did it."""

import numpy as np

from truceline.simulation.columns import Deeds, Floats, Ground, Posts
from truceline.simulation.contract import Conditions, Streams
from truceline.simulation.errors.hours import Hours, Late
from truceline.simulation.errors.kinds import AS_IT_IS, Kind, table_of
from truceline.simulation.errors.spot import FAMILIES
from truceline.simulation.errors.telling import Telling, distance_m
from truceline.simulation.observers.account import Account, Numbers, made
from truceline.simulation.observers.standing import along_line
from truceline.simulation.observers.tellings import report, spot

TYPE = "sensor_interference"
NUMBERS: Numbers = {
    "posts": 16,  # of the sample alone: in a truce they are the drone teams
    "reach_m": 2_500.0,  # jamming is told of one's own drone alone; assumed
    "behind_m": 3_000.0,  # as of drones; assumed
    "spot_m": 400.0,  # where the signal was lost is where the drone was, not the jammer; assumed
    "hours_share": 0.02,  # of the time, lost at each end; assumed
    "report_s": 7_200.0,  # with the log of the flight; assumed
    "report_spread": 0.5,  # assumed
    "false_per_day": 0.0,  # a link that fails by itself is logged as an outage; assumed
}


def posts(numbers: Numbers, ground: Ground, streams: Streams) -> Posts:
    """As drone teams stand."""
    return along_line("uav", numbers, ground, streams, is_hosted=False)


def notices(numbers: Numbers, deeds: Deeds, posts: Posts, conditions: Conditions) -> Floats:
    """Whose drone it is knows it."""
    near: Floats = (distance_m(posts, deeds.x_m, deeds.y_m) <= numbers["reach_m"]).astype(
        np.float64
    )
    return near


def tellings(numbers: Numbers, family: str) -> tuple[Telling, ...]:
    """Place, hours and type; never who."""
    return (
        spot(numbers, family),
        Hours(
            share=numbers["hours_share"],
            late=report(numbers),
            invented=Late(median_s=1_800.0, spread=0.5),
        ),
        Kind(table=table_of({AS_IT_IS: 1.0}), invented={TYPE: 1.0}),
    )


OBSERVER = made(
    Account(
        name="interference",
        source_kind="uav",
        feed="uav_log",
        numbers=NUMBERS,
        families=FAMILIES,
        posts=posts,
        notices=notices,
        tellings=tellings,
        stands_with="uavs",
        own=TYPE,
    )
)
