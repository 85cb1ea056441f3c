"""The hotline: a side calls about what it thinks the other did to it, within minutes."""

import numpy as np

from truceline.simulation.columns import Deeds, Floats, Ground, Posts
from truceline.simulation.contract import Conditions, Streams
from truceline.simulation.errors.authors import Claim, Voice
from truceline.simulation.errors.kinds import UNTOLD, Kind, table_of
from truceline.simulation.errors.spot import FAMILIES
from truceline.simulation.errors.telling import Telling
from truceline.simulation.observers.account import Account, Numbers, made
from truceline.simulation.observers.standing import of_parties
from truceline.simulation.observers.tellings import clock, spot

NUMBERS: Numbers = {
    "posts": 2,  # the two parties' duty officers
    "calls": 0.12,  # of what the other side did, how much leads to a call; assumed
    "spot_m": 900.0,  # assumed
    "clock_s": 300.0,  # assumed
    "report_s": 1_500.0,  # from the deed to the end of the call; assumed
    "report_spread": 0.5,  # assumed
    "false_per_day": 0.1,  # calls about nothing, of each side; assumed
}


def posts(numbers: Numbers, ground: Ground, streams: Streams) -> Posts:
    """Duty officers of A and B."""
    return of_parties("duty officer", numbers)


def notices(numbers: Numbers, deeds: Deeds, posts: Posts, conditions: Conditions) -> Floats:
    """What the other side did, the graver the more."""
    other = deeds.author == 1 - posts.host
    return np.where(other, 1 - np.exp(-numbers["calls"] * deeds.salience), 0.0)


def tellings(numbers: Numbers, family: str) -> tuple[Telling, ...]:
    """Place and time of what the call is about, and that it is put to the other side."""
    return (
        spot(numbers, family),
        clock(numbers, lasts_s=600.0),
        Kind(table=table_of({UNTOLD: 1.0}), invented={UNTOLD: 1.0}),
        Claim(voice=Voice(right=0.0, wrong=0.0, blames_right=1.0, blames_wrong=1.0), is_party=True),
    )


OBSERVER = made(
    Account(
        name="hotline",
        source_kind="party",
        feed="hotline",
        numbers=NUMBERS,
        families=FAMILIES,
        posts=posts,
        notices=notices,
        tellings=tellings,
    )
)
