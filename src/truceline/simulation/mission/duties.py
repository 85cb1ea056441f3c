"""What is true of what is no act: caps on what was really held, and inspections that a side stood off.

Written on its own, from the agreement's words: nothing of `findings` is used.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from truceline.simulation.contract import Streams
from truceline.simulation.judge import COMPLIANT, VIOLATION
from truceline.simulation.mission.stocks import Visit, visits
from truceline.simulation.mission.terms import figures
from truceline.simulation.parties import PARTY_IDS
from truceline.simulation.world.ground import inside
from truceline.simulation.world.holdings import Stay
from truceline.simulation.world.truce import Truce

CAPPED = "tank 125 mm"
_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """A verdict that is of no act.

    Parameters
    ----------
    subject_kind
        `holding` or `omission`, as findings have them.
    party
        0 or 1.
    clause_id
        Of the agreement.
    site
        Where it was due; empty: over all sites.
    verdict
        Index into `judge.VERDICTS`.
    from_s, to_s
        While it was so; an omission's end is the date on which it was due.
    """

    subject_kind: str
    party: int
    clause_id: str
    site: str
    verdict: int
    from_s: float
    to_s: float


def others(truce: Truce, streams: Streams) -> list[Other]:
    """Every such verdict of a truce, in the order of clauses, parties, sites and time."""
    asked = figures(truce.scenario)
    found: list[Other] = []
    if "tanks" in asked:
        for party in (0, 1):
            found += _capped(truce, party, int(asked["tanks"]["maximum"]))
    if "inspections" in asked:
        every_s = _DAY_S * float(asked["inspections"]["every_days"])
        came = visits(truce, streams)
        for party in (0, 1):
            found += _inspected(truce, party, came, every_s)
    return found


def _capped(truce: Truce, party: int, maximum: int) -> Iterator[Other]:
    """Stretches in which a party held no more, or more, than a cap in the truce area."""
    own = [
        stay
        for stay in truce.stocks.stays
        if stay.weapon == CAPPED and truce.side_of_site(stay.site) == party
    ]
    ring = truce.ground.zones_m["truce-area"]
    own = [
        stay
        for stay in own
        if inside(ring, np.array([stay.site.x_m]), np.array([stay.site.y_m]))[0]
    ]
    scenario = truce.scenario
    cuts = sorted(
        {scenario.from_s, scenario.to_s, *(s.from_s for s in own), *(s.to_s for s in own)}
    )
    began_s = cuts[0]
    for number, (from_s, to_s) in enumerate(pairwise(cuts)):
        verdict = _held(own, from_s, maximum)
        following = _held(own, to_s, maximum) if number + 2 < len(cuts) else None
        if following != verdict:
            yield Other(
                subject_kind="holding", party=party, clause_id="tanks", site="", verdict=verdict,
                from_s=began_s, to_s=to_s,
            )  # fmt: skip
            began_s = to_s


def _held(own: list[Stay], at_s: float, maximum: int) -> int:
    held = sum(len(stay.serials) for stay in own if stay.from_s <= at_s < stay.to_s)
    return VIOLATION if held > maximum else COMPLIANT


def _inspected(truce: Truce, party: int, came: list[Visit], every_s: float) -> Iterator[Other]:
    """Dates by which the mission had to have seen a site: a breach where it came and was turned away.

    The time runs from the last visit that was let in; after a date that was missed, from that date.
    Where nobody came the party has broken nothing.
    """
    for site in truce.stocks.sites:
        if truce.side_of_site(site) != party:
            continue
        own = [visit for visit in came if visit.site is site]
        after_s = truce.scenario.from_s
        while after_s + every_s <= truce.scenario.to_s:
            due_s = after_s + every_s
            inside_ = [v for v in own if after_s < v.to_s <= due_s]
            seen = [visit.to_s for visit in inside_ if not visit.is_denied]
            is_broken = not seen and any(visit.is_denied for visit in inside_)
            yield Other(
                subject_kind="omission", party=party, clause_id=f"inspections-{PARTY_IDS[party].lower()}",
                site=site.name, verdict=VIOLATION if is_broken else COMPLIANT,
                from_s=after_s, to_s=due_s,
            )  # fmt: skip
            after_s = seen[-1] if seen else due_s
