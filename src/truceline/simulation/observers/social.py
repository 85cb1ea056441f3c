"""Social posts: channels on a side or on none, fast, loud, and often wrong about the place."""

import numpy as np

from truceline.simulation.columns import Deeds, Floats, Ground, Posts
from truceline.simulation.contract import Conditions, Streams
from truceline.simulation.errors.authors import Claim
from truceline.simulation.errors.gazetteer import FAMILIES
from truceline.simulation.errors.kinds import AS_IT_IS, BLAST, Kind, table_of
from truceline.simulation.errors.telling import Telling
from truceline.simulation.errors.wording import Wording
from truceline.simulation.observers import copying
from truceline.simulation.observers.account import Account, Numbers, made
from truceline.simulation.observers.news import hosts, voice_of
from truceline.simulation.observers.standing import everywhere
from truceline.simulation.observers.tellings import named, published

NUMBERS: Numbers = {
    **copying.NUMBERS,
    "posts": 18,  # channels; assumed
    "attention": 0.08,  # mean number of posts of a channel on a deed of salience 1; assumed
    "reach_m": 1_500.0,  # how fast a name falls with distance: names are then 3 to 4 km off (algorithms.md 6)
    "slip_share": 0.05,  # names that are any name; assumed
    "late_s": 1_800.0,  # median from deed to post; assumed
    "late_spread": 1.0,  # assumed
    "late": 0.0,  # place in LATE_FAMILIES
    "day_share": 0.2,  # posts that tell a bare date; assumed
    "day_slip": 0.2,  # of these, how many give the day of the post; assumed
    "clock_s": 1_200.0,  # deviation of a clock time; assumed
    "offset_s": 0.0,  # local clocks ahead of UTC
    "right": 0.35,  # assumed
    "wrong": 0.06,  # assumed
    "slant": 1.0,  # as in news
    "blames_right": 0.85,  # assumed
    "blames_wrong": 0.5,  # assumed
    "partisan": 0.8,  # share of channels on a side; assumed
    "false_per_day": 0.1,  # of each channel: rumours; assumed
}


def posts(numbers: Numbers, ground: Ground, streams: Streams) -> Posts:
    """Channels; they stand nowhere."""
    return everywhere("channel", numbers, hosts(numbers))


def notices(numbers: Numbers, deeds: Deeds, posts: Posts, conditions: Conditions) -> Floats:
    """By how much the world talks of the deed, and more by day, when people are awake."""
    awake = np.where(conditions.is_dark(deeds.x_m, deeds.y_m, deeds.began_s), 0.7, 1.0)
    return 1 - np.exp(-numbers["attention"] * awake * deeds.salience)


def tellings(numbers: Numbers, family: str) -> tuple[Telling, ...]:
    """Place by name, day or clock, type, author, language and words."""
    return (
        named(numbers, family),
        published(numbers),
        Kind(table=TYPES_TOLD, invented={BLAST: 0.6, "artillery": 0.2, "uav_attack": 0.2}),
        Claim(voice=voice_of(numbers)),
        Wording(),
    )


TYPES_TOLD = table_of(
    {AS_IT_IS: 0.7, BLAST: 0.3},
    {
        "mortar": {AS_IT_IS: 0.3, "artillery": 0.4, BLAST: 0.3},
        "artillery": {AS_IT_IS: 0.6, "mlrs": 0.05, BLAST: 0.35},
        "mine_or_uxo": {AS_IT_IS: 0.2, BLAST: 0.5, "uav_attack": 0.15, "artillery": 0.15},
        "sniper_fire": {AS_IT_IS: 0.2, "small_arms_fire": 0.8},
        "exercise_live_fire": {"artillery": 0.3, "small_arms_fire": 0.4, BLAST: 0.3},
    },
)  # assumed

OBSERVER = made(
    Account(
        name="social",
        source_kind="social",
        feed="observations",
        numbers=NUMBERS,
        families=FAMILIES,
        posts=posts,
        notices=notices,
        tellings=tellings,
        copies=True,
    )
)
