"""Patrols that were kept out tell of it themselves: who, where, for how long, by whom."""

import numpy as np

from truceline.simulation.columns import Deeds, Floats, Ground, Posts
from truceline.simulation.contract import Conditions, Streams
from truceline.simulation.errors.authors import Claim, Voice
from truceline.simulation.errors.hours import Hours, Late
from truceline.simulation.errors.kinds import AS_IT_IS, Kind, table_of
from truceline.simulation.errors.spot import FAMILIES
from truceline.simulation.errors.telling import Telling, distance_m
from truceline.simulation.observers.account import Account, Numbers, made
from truceline.simulation.observers.standing import along_line
from truceline.simulation.observers.tellings import report, spot

TYPE = "monitor_access_denied"
NUMBERS: Numbers = {
    "posts": 12,  # of the sample alone: in a truce they are the patrols
    "reach_m": 2_500.0,  # a barrier on a patrol's own way, and no farther; assumed
    "behind_m": 4_000.0,  # as of patrols; assumed
    "spot_m": 30.0,  # a phone's fix at the barrier; assumed
    "hours_share": 0.01,  # of the time, lost at each end; assumed
    "right": 0.85,  # names who turned it back; spot reports of the SMM mostly do; assumed
    "wrong": 0.01,  # assumed
    "report_s": 3_600.0,  # a spot report goes out at once (OSCE SMM spot reports); assumed
    "report_spread": 0.5,  # assumed
    "false_per_day": 0.0,  # nobody reports a barrier that was not there; assumed
}


def posts(numbers: Numbers, ground: Ground, streams: Streams) -> Posts:
    """As patrols stand; the mission's own people, and so nobody's guests."""
    return along_line("patrol", numbers, ground, streams, is_hosted=False)


def notices(numbers: Numbers, deeds: Deeds, posts: Posts, conditions: Conditions) -> Floats:
    """Who is stopped knows it, by whichever patrol's post it is."""
    near: Floats = (distance_m(posts, deeds.x_m, deeds.y_m) <= numbers["reach_m"]).astype(
        np.float64
    )
    return near


def hours(numbers: Numbers) -> Hours:
    """When it was: both ends, and the report; what is false lasts an hour or so."""
    return Hours(
        share=numbers["hours_share"],
        late=report(numbers),
        invented=Late(median_s=3_600.0, spread=0.5),
    )


def tellings(numbers: Numbers, family: str) -> tuple[Telling, ...]:
    """Place, hours, type, and who it was."""
    return (
        spot(numbers, family),
        hours(numbers),
        Kind(table=table_of({AS_IT_IS: 1.0}), invented={TYPE: 1.0}),
        Claim(
            voice=Voice(
                right=numbers["right"], wrong=numbers["wrong"], blames_right=0.0, blames_wrong=0.0
            )
        ),
    )


OBSERVER = made(
    Account(
        name="obstructions",
        source_kind="patrol",
        feed="access_obstructions",
        numbers=NUMBERS,
        families=FAMILIES,
        posts=posts,
        notices=notices,
        tellings=tellings,
        stands_with="patrols",
        own=TYPE,
    )
)
