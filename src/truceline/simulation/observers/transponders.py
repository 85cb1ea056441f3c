"""What ships and aircraft send of themselves, and receivers hear: tracks of those that send at all."""

import numpy as np

from truceline.simulation.columns import Deeds, Floats, Ground, Posts
from truceline.simulation.contract import Conditions, Streams
from truceline.simulation.errors.bearings import Course
from truceline.simulation.errors.kinds import AS_IT_IS, Kind, table_of
from truceline.simulation.errors.spot import FAMILIES
from truceline.simulation.errors.telling import Telling
from truceline.simulation.observers.account import Account, Numbers
from truceline.simulation.observers.physics import is_of
from truceline.simulation.observers.standing import of_nobody
from truceline.simulation.observers.tellings import clock, spot

SHARED: Numbers = {
    "posts": 1,  # receivers that hear the whole ground; assumed
    "sends": 0.5,  # of those that break a rule, how many keep their transponder on; assumed
    "spot_m": 60.0,  # the accuracy flag says within 10 m or not (ITU-R M.1371-5); assumed
    "course_deg": 4.0,  # deviation of the way in from the straight one; assumed
    "clock_s": 20.0,  # fixes are so far apart; assumed
    "report_s": 60.0,  # assumed
    "report_spread": 0.3,  # assumed
    "false_per_day": 0.0,  # spoofed tracks: only where a scenario asks for them
}


def account_of(name: str, called: str, feed: str, kind: str, numbers: Numbers) -> Account:
    """An account of tracks.

    Parameters
    ----------
    name, feed
        Of the observer and of its feed.
    called
        What its receivers are called.
    kind
        The type whose deeds are tracks.
    numbers
        Changes to `SHARED`.
    """

    def posts(given: Numbers, ground: Ground, streams: Streams) -> Posts:
        return of_nobody(called, given)

    def notices(given: Numbers, deeds: Deeds, posts: Posts, conditions: Conditions) -> Floats:
        return np.where(is_of(deeds, (kind,)), given["sends"], 0.0)

    def tellings(given: Numbers, family: str) -> tuple[Telling, ...]:
        return (
            spot(given, family),
            Course(sigma_deg=given["course_deg"]),
            clock(given),
            Kind(table=table_of({AS_IT_IS: 1.0}), invented={kind: 1.0}),
        )

    return Account(
        name=name,
        source_kind="other",
        feed=feed,
        numbers={**SHARED, **numbers},
        families=FAMILIES,
        posts=posts,
        notices=notices,
        tellings=tellings,
    )
