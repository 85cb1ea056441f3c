"""Rounds of patrols: where each was by day, less the hours in which it was kept out.

Every round is reported, whether anything was seen in it or not: that is what makes silence count. A
round states how far and how well it could see, measured on the patrol's own physics.
"""

from dataclasses import dataclass, field

import numpy as np

from truceline.simulation.columns import Columns, Floats, Ints
from truceline.simulation.contract import Streams
from truceline.simulation.mission.exposures import stretches
from truceline.simulation.mission.halves import HALF_DAY_S, is_night
from truceline.simulation.mission.sight import Watching, sight
from truceline.simulation.naming import key_of, unit
from truceline.simulation.world.truce import Truce

MARGIN_S = 1_800.0  # clocks in notebooks are off by less, and no report is sent sooner; assumed
REPORT_S, REPORT_SPREAD = (
    5_400.0,
    0.5,
)  # median of the time after, and its logarithm's deviation; assumed


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked(Columns):
    """Rounds that ended, one row each, in the order of their ends.

    Parameters
    ----------
    number
        Names a round: post and hour.
    post
        Row of the patrols' `Posts`.
    from_s, to_s
        Its hours.
    reported_s
        When its report comes in at the soonest.
    """

    number: Ints
    post: Ints
    from_s: Floats
    to_s: Floats
    reported_s: Floats


@dataclass(slots=True, kw_only=True)
class Rounds:
    """The rounds of the patrols of a truce.

    Parameters
    ----------
    kind, truce
        Who, and when.
    radius_m, p_detect
        How far and how well a patrol sees by day; 500 m where it sees little.
    """

    kind: Watching
    truce: Truce
    radius_m: float = field(init=False)
    p_detect: float = field(init=False)
    streams: Streams

    def __post_init__(self) -> None:
        rng = self.streams(f"mission/exposures/{self.kind.observer.name}")
        self.radius_m, self.p_detect = sight(self.kind, self.truce, False, rng, least=0.0) or (
            500.0,
            0.0,
        )

    def ended(self, after_s: float, until_s: float) -> Walked:
        """Rounds that ended after one instant and up to another; cut where the truce begins and ends."""
        scenario = self.truce.scenario
        from_s = max(scenario.from_s, after_s - 3 * HALF_DAY_S)
        to_s = min(scenario.to_s, until_s + 3 * HALF_DAY_S)
        if not np.isfinite(from_s) or from_s >= to_s:
            from_s = to_s = scenario.from_s
        post, begin_s, end_s = stretches(self.kind, self.truce, from_s, to_s)
        is_now = (end_s > after_s) & (end_s <= until_s) & ~is_night(self.truce.ground, begin_s)
        post, begin_s, end_s = post[is_now], begin_s[is_now], end_s[is_now]
        order = np.lexsort((post, end_s))
        post, begin_s, end_s = post[order], begin_s[order], end_s[order]
        number = post * 1_000_003 + np.floor(begin_s / 60.0).astype(np.int64)
        return Walked(
            number=number,
            post=post,
            from_s=begin_s,
            to_s=end_s,
            reported_s=end_s + MARGIN_S + self._delay_s(number),
        )

    def _delay_s(self, number: Ints) -> Floats:
        """A log-normal delay by the round's number (Box and Muller 1958)."""
        seed = self.truce.conditions.seed
        one, two = (unit(key_of(seed, f"round/{what}"), number) for what in "ab")
        normal = np.sqrt(-2 * np.log1p(-one)) * np.cos(2 * np.pi * two)
        delay_s: Floats = REPORT_S * np.exp(REPORT_SPREAD * normal)
        return delay_s
