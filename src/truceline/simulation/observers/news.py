"""News: outlets in three languages, on nobody's side or on one, who write what they hear of."""

import numpy as np

from truceline.simulation.columns import Deeds, Floats, Ground, Posts
from truceline.simulation.contract import Conditions, Streams
from truceline.simulation.errors.authors import Claim, Voice
from truceline.simulation.errors.gazetteer import FAMILIES
from truceline.simulation.errors.kinds import AS_IT_IS, BLAST, Kind, Rounds, table_of
from truceline.simulation.errors.telling import Telling
from truceline.simulation.errors.wording import Wording
from truceline.simulation.observers import copying
from truceline.simulation.observers.account import Account, Numbers, made
from truceline.simulation.observers.standing import everywhere
from truceline.simulation.observers.tellings import named, published

NUMBERS: Numbers = {
    **copying.NUMBERS,
    "posts": 12,  # outlets; VIINA reads some twenty (formats.md 7.6)
    "attention": 0.12,  # mean number of texts of an outlet on a deed of salience 1; assumed
    "reach_m": 1_500.0,  # how fast a name falls with distance: names are then 3 to 4 km off (algorithms.md 6)
    "slip_share": 0.03,  # names that are any name: namesakes, a region for its town; assumed
    "late_s": 10_800.0,  # median from deed to text; algorithms.md 6 uses 3 to 6 h
    "late_spread": 0.8,  # assumed
    "late": 0.0,  # place in LATE_FAMILIES
    "day_share": 0.45,  # texts that tell a bare date: half of VIINA's rows are stamped 00:00
    "day_slip": 0.12,  # of these, how many give the day of the text; assumed
    "clock_s": 1_800.0,  # deviation of a clock time in a text; assumed
    "offset_s": 0.0,  # local clocks ahead of UTC
    "right": 0.3,  # an outlet on nobody's side names the author; assumed
    "wrong": 0.03,  # or the other party; assumed
    "slant": 1.0,  # 0: outlets on a side speak as those on nobody's; 1: as below; above: worse
    "blames_right": 0.75,  # an outlet on a side blames the other where it was they; assumed
    "blames_wrong": 0.35,  # and where it was not; assumed
    "partisan": 0.6667,  # share of outlets on a side, by turns; assumed
    "false_per_day": 0.02,  # of each outlet: rumours; assumed
}


def hosts(numbers: Numbers) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Sides of outlets: by turns A's, B's and nobody's, until the partisans are spent."""
    count = int(numbers["posts"])
    partisans = 2 * round(count * numbers["partisan"] / 2)
    host = np.full(count, -1, dtype=np.int64)
    turn = np.array([number for number in range(count) if number % 3 < 2][:partisans], dtype=int)
    host[turn] = turn % 3
    return host


def posts(numbers: Numbers, ground: Ground, streams: Streams) -> Posts:
    """Outlets; they stand nowhere."""
    return everywhere("outlet", numbers, hosts(numbers))


def notices(numbers: Numbers, deeds: Deeds, posts: Posts, conditions: Conditions) -> Floats:
    """One text or more of a Poisson number of them, by how much the world talks of the deed."""
    return 1 - np.exp(-numbers["attention"] * deeds.salience)


def voice_of(numbers: Numbers) -> Voice:
    """How outlets name authors; slant moves those on a side from the neutral voice."""
    slant, right, wrong = numbers["slant"], numbers["right"], numbers["wrong"]
    return Voice(
        right=right,
        wrong=wrong,
        blames_right=min(right + slant * (numbers["blames_right"] - right), 0.95),
        blames_wrong=min(wrong + slant * (numbers["blames_wrong"] - wrong), 0.9),
    )


def tellings(numbers: Numbers, family: str) -> tuple[Telling, ...]:
    """Place by name, day or clock, type, author, language and words."""
    return (
        named(numbers, family),
        published(numbers),
        Kind(table=TYPES_TOLD, invented={BLAST: 0.5, "artillery": 0.25, "uav_attack": 0.25}),
        Claim(voice=voice_of(numbers)),
        Rounds(spread=0.5, told_share=0.3),
        Wording(),
    )


# Writers say "shelling" for any fire with an arc, and "explosion" for what nobody saw; assumed.
TYPES_TOLD = table_of(
    {AS_IT_IS: 0.9, BLAST: 0.1},
    {
        "mortar": {AS_IT_IS: 0.5, "artillery": 0.4, BLAST: 0.1},
        "artillery": {AS_IT_IS: 0.8, "mortar": 0.05, BLAST: 0.15},
        "mlrs": {AS_IT_IS: 0.6, "artillery": 0.3, BLAST: 0.1},
        "tank_fire": {"artillery": 0.5, AS_IT_IS: 0.4, BLAST: 0.1},
        "missile": {AS_IT_IS: 0.7, BLAST: 0.2, "uav_attack": 0.1},
        "air_strike": {AS_IT_IS: 0.7, BLAST: 0.2, "missile": 0.1},
        "uav_attack": {AS_IT_IS: 0.8, BLAST: 0.15, "missile": 0.05},
        "sniper_fire": {AS_IT_IS: 0.3, "small_arms_fire": 0.7},
        "mine_or_uxo": {AS_IT_IS: 0.6, BLAST: 0.4},
        "exercise_live_fire": {"artillery": 0.2, "small_arms_fire": 0.4, BLAST: 0.4},
    },
)

OBSERVER = made(
    Account(
        name="news",
        source_kind="media",
        feed="viina",
        numbers=NUMBERS,
        families=FAMILIES,
        posts=posts,
        notices=notices,
        tellings=tellings,
        copies=True,
    )
)
