"""What the parties themselves say of single events: the other did it, or: it was not us."""

import numpy as np

from truceline.simulation.columns import Author, Deeds, Floats, Ground, Posts
from truceline.simulation.contract import Conditions, Streams
from truceline.simulation.errors.authors import Claim, Voice
from truceline.simulation.errors.directions import Direction
from truceline.simulation.errors.kinds import AS_IT_IS, BLAST, Kind, Rounds, table_of
from truceline.simulation.errors.spot import FAMILIES
from truceline.simulation.errors.telling import Telling
from truceline.simulation.observers.account import Account, Numbers, made
from truceline.simulation.observers.standing import of_parties
from truceline.simulation.observers.tellings import clock, spot

NUMBERS: Numbers = {
    "posts": 2,  # the two parties
    "suffered": 0.55,  # of what the other side did, how much a party reports; assumed
    "own": 0.12,  # of what it did itself, when others speak of it already; assumed
    "others": 0.2,  # of what no party did; assumed
    "spot_m": 700.0,  # deviation; assumed
    "clock_s": 600.0,  # assumed
    "report_s": 28_800.0,  # morning and evening statements; assumed
    "report_spread": 0.5,  # assumed
    "blames_right": 0.97,  # assumed
    "blames_wrong": 0.4,  # of its own deeds and of accidents; assumed
    "denies": 0.5,  # of its own deeds; assumed
    "admits": 0.05,  # assumed; near to nobody admits (domain.md 1)
    "false_per_day": 0.8,  # statements about nothing, of each party; assumed
}


def posts(numbers: Numbers, ground: Ground, streams: Streams) -> Posts:
    """Party A and party B."""
    return of_parties("party", numbers)


def notices(numbers: Numbers, deeds: Deeds, posts: Posts, conditions: Conditions) -> Floats:
    """Mostly what was done to it."""
    own = deeds.author == posts.host
    other = deeds.author == 1 - posts.host
    share = np.where(own, numbers["own"], np.where(other, numbers["suffered"], numbers["others"]))
    share = np.where(deeds.author == int(Author.JOINT), numbers["suffered"], share)
    return 1 - (1 - share) ** np.minimum(deeds.salience, 3.0)


def tellings(numbers: Numbers, family: str) -> tuple[Telling, ...]:
    """Place, time, type, direction, and whom it accuses, or that it denies."""
    voice = Voice(
        right=0.0,
        wrong=0.0,
        blames_right=numbers["blames_right"],
        blames_wrong=numbers["blames_wrong"],
        denies=numbers["denies"],
        admits=numbers["admits"],
    )
    return (
        spot(numbers, family),
        clock(numbers, lasts_s=60.0),
        Kind(table=TYPES_TOLD, invented={BLAST: 0.3, "artillery": 0.3, "mortar": 0.4}),
        Direction(told_share=0.3, wrong_share=0.15, by_effect=True),
        Claim(voice=voice, is_party=True),
        Rounds(spread=0.4),
    )


# A mortar is forbidden almost everywhere, so parties hear one in most bangs; assumed.
TYPES_TOLD = table_of(
    {AS_IT_IS: 0.9, BLAST: 0.1},
    {
        BLAST: {AS_IT_IS: 0.4, "mortar": 0.3, "artillery": 0.3},
        "mortar": {AS_IT_IS: 0.8, "artillery": 0.2},
        "small_arms_fire": {AS_IT_IS: 0.85, "sniper_fire": 0.1, "mortar": 0.05},
        "mine_or_uxo": {AS_IT_IS: 0.5, "mortar": 0.2, BLAST: 0.3},
    },
)

OBSERVER = made(
    Account(
        name="party_claims",
        source_kind="party",
        feed="observations",
        numbers=NUMBERS,
        families=FAMILIES,
        posts=posts,
        notices=notices,
        tellings=tellings,
    )
)
