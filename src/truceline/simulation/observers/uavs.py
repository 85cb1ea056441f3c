"""Drones of the mission: they see well what lies below them while they fly, unless jammed."""

import numpy as np

from truceline.simulation.columns import Bools, Deeds, Floats, Ground, Ints, Posts
from truceline.simulation.contract import Conditions, Streams
from truceline.simulation.errors.directions import Direction
from truceline.simulation.errors.kinds import AS_IT_IS, BLAST, Kind, Rounds, table_of
from truceline.simulation.errors.spot import FAMILIES
from truceline.simulation.errors.telling import Telling
from truceline.simulation.observers.account import Account, Numbers, made
from truceline.simulation.observers.standing import along_line
from truceline.simulation.observers.tellings import clock, spot

NUMBERS: Numbers = {
    "posts": 4,  # teams; assumed
    "reach_m": 25_000.0,  # assumed
    "behind_m": 3_000.0,  # assumed
    "swing_m": 9_000.0,  # how far a sortie goes along the line to each hand; assumed
    "sortie_s": 5_400.0,  # one way and back; assumed
    "footprint_m": 1_500.0,  # radius on the ground; 300 m up with 84 degrees gives 270 m, and it pans
    "in_view": 0.75,  # of what lies in the footprint; assumed
    "remains_s": 900.0,  # smoke and craters stay in view so long after; assumed
    "spot_m": 40.0,  # assumed
    "clock_s": 300.0,  # when a crater was made is guessed; assumed
    "report_s": 7_200.0,  # assumed
    "report_spread": 0.5,  # assumed
    "false_per_day": 0.02,  # of each team; assumed
}

LEG_S = 240.0  # of a log; the drone goes some 2 km in it; assumed
AT_ONCE = 2_000  # legs, so that a year takes no more room than some days
THICK = 0.9  # cloud under which nobody flies; assumed


def posts(numbers: Numbers, ground: Ground, streams: Streams) -> Posts:
    """Teams on either hand of the line, guests of the side on which they stand."""
    return along_line("uav", numbers, ground, streams, is_hosted=True)


def above(numbers: Numbers, posts: Posts, at_s: Floats) -> tuple[Floats, Floats]:
    """Where each team's drone is at an instant: to and fro, west and east of its team.

    Parameters
    ----------
    numbers, posts
        `swing_m` and `sortie_s`, and the teams, row by row.
    at_s
        `(n,)` instants.
    """
    phase = 2 * np.pi * (at_s / numbers["sortie_s"] + 0.37 * posts.post)
    return posts.x_m + numbers["swing_m"] * np.sin(phase), posts.y_m


def notices(numbers: Numbers, deeds: Deeds, posts: Posts, conditions: Conditions) -> Floats:
    """In the footprint then, or soon after while the trace is fresh; by day and under thin cloud."""
    seen = np.zeros(len(deeds))
    for share in (0.0, 0.5, 1.0):
        x_m, y_m = above(numbers, posts, deeds.began_s + share * numbers["remains_s"])
        off_m = np.hypot(deeds.x_m - x_m, deeds.y_m - y_m)
        seen = np.maximum(seen, (1 - 0.3 * share) * (off_m < numbers["footprint_m"]))
    flies = _flies(posts, conditions, deeds.began_s)
    return flies * numbers["in_view"] * seen


def legs(
    numbers: Numbers,
    posts: Posts,
    conditions: Conditions,
    from_s: float,
    to_s: float,
    *,
    first_s: float | None = None,
    last_s: float | None = None,
) -> tuple[Ints, Floats, Floats, Floats]:
    """Every leg that begins between two instants: `(post, began_s, x_m, y_m)`, the middle of its ground.

    Parameters
    ----------
    numbers, posts, conditions
        As in `notices`.
    from_s, to_s
        Instants; the latter is not among them.
    first_s, last_s
        When the first leg of all begins, and by when all end, each after `LEG_S`; where nothing is
        said, as the stretch begins and ends.
    """
    first_s, last_s = from_s if first_s is None else first_s, to_s if last_s is None else last_s
    number = np.arange(np.ceil((from_s - first_s) / LEG_S), np.ceil((to_s - first_s) / LEG_S))
    began_s: Floats = np.asarray(first_s + LEG_S * number, dtype=np.float64)
    began_s = began_s[began_s + LEG_S <= last_s + 1.0]
    parts = [
        _flown(numbers, posts, conditions, began_s[start : start + AT_ONCE])
        for start in range(0, max(len(began_s), 1), AT_ONCE)
    ]
    post, began, x_m, y_m = (np.concatenate(column) for column in zip(*parts, strict=True))
    return post, began, x_m, y_m


def _flown(
    numbers: Numbers, posts: Posts, conditions: Conditions, began_s: Floats
) -> tuple[Ints, Floats, Floats, Floats]:
    at, post = (a.ravel() for a in np.indices((len(began_s), len(posts))))
    every = posts.take(post)
    flown = np.ones(len(at), dtype=np.bool_)
    for share in (0.0, 0.5, 1.0):
        then_s = began_s[at] + share * (LEG_S - 1.0)
        flown &= _flies(every, conditions, then_s) & ~conditions.is_out("uavs", every.post, then_s)
    x_m, y_m = above(numbers, every, began_s[at] + LEG_S / 2)
    return post[flown], began_s[at][flown], x_m[flown], y_m[flown]


def _flies(posts: Posts, conditions: Conditions, at_s: Floats) -> Bools:
    """No flights in the dark or in low cloud."""
    dark = conditions.is_dark(posts.x_m, posts.y_m, at_s)
    return ~dark & (conditions.cloud(posts.x_m, posts.y_m, at_s) <= THICK)


def tellings(numbers: Numbers, family: str) -> tuple[Telling, ...]:
    """Place, time, type, direction, count."""
    return (
        spot(numbers, family),
        clock(numbers, lasts_s=60.0),
        Kind(table=TYPES_TOLD, invented={BLAST: 1.0}),
        Direction(told_share=0.5, wrong_share=0.05, by_effect=True),
        Rounds(spread=0.2),
    )


TYPES_TOLD = table_of(
    {AS_IT_IS: 0.9, BLAST: 0.1},
    {
        "mortar": {AS_IT_IS: 0.4, BLAST: 0.6},
        "artillery": {AS_IT_IS: 0.5, BLAST: 0.5},
        "missile": {AS_IT_IS: 0.4, BLAST: 0.6},
        "mine_or_uxo": {AS_IT_IS: 0.4, BLAST: 0.6},
    },
)  # assumed

OBSERVER = made(
    Account(
        name="uavs",
        source_kind="uav",
        feed="observations",
        numbers=NUMBERS,
        families=FAMILIES,
        posts=posts,
        notices=notices,
        tellings=tellings,
    )
)
