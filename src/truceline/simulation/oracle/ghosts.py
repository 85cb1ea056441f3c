"""Ghost worlds: truces of the same scenario on the same ground, drawn with other chance.

Of them the oracle learns what deeds are like and how often each kind comes (`templates`).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from truceline.simulation.columns import Deeds
from truceline.simulation.contract import Scenario, Streams
from truceline.simulation.observers.account import OBSTRUCTIONS
from truceline.simulation.world import exercises
from truceline.simulation.world.deeds import Counter, joined
from truceline.simulation.world.truce import Truce, numbers_of, spans
from truceline.tables.posterior import TYPES

RICH_DEEDS = 5_000.0  # in a rich ghost: of the rarest arm, one deed in two hundred, some 25
_OWN = [TYPES.index(name) for name in OBSTRUCTIONS]


def ghost(truce: Truce, streams: Streams, times: float = 1.0) -> Deeds:
    """All deeds of a truce like this one, on the same ground and with other chance.

    What is done to the mission itself is left out: it alone tells of that.

    Parameters
    ----------
    truce, streams
        Of which it is a ghost, and its own chance.
    times
        So many times as much happens in it.
    """
    scenario = _fuller(truce.scenario, times)
    making = replace(
        truce.making,
        scale=truce.making.scale * times,
        counter=Counter(),
        campaigns=Counter(following=1 << 40),
    )
    again = replace(
        truce,
        scenario=scenario,
        making=making,
        streams=streams,
        pending=joined([]),
        planned=exercises.plan(
            numbers_of(scenario, "exercises"), making, to_s=scenario.to_s, streams=streams
        ),
    )
    done = joined([again.deeds(span) for span in spans(scenario)])
    return done.take(~np.isin(done.type, _OWN))


def _fuller(scenario: Scenario, times: float) -> Scenario:
    """A scenario with so many times the exercises and storms, each as long and as full as it was.

    With the scale only their series of fire and their strokes grow: a few exercises, all of one side,
    would then stand for every range of both, and a day without a storm for a world without thunder.
    """
    held, sky = numbers_of(scenario, "exercises"), numbers_of(scenario, "surroundings")
    more = {
        "exercises": {
            **held,
            "per_week": float(held["per_week"]) * times,
            "deeds": float(held["deeds"]) / times,
        },
        "surroundings": {
            **sky,
            "storms_per_day": float(sky["storms_per_day"]) * times,
            "strokes": float(sky["strokes"]) / times,
        },
    }
    return replace(scenario, world={**scenario.world, **more})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ghosts:
    """Truces from which templates come.

    Parameters
    ----------
    usual
        As much happens in them as in the truce: they say what goes on that nobody notices.
    rich
        So `times` as much happens in these: they say how often each kind comes and what its deeds are
        like, the rare ones too.
    times
        See above.
    """

    usual: list[Deeds]
    rich: list[Deeds]
    times: float


def ghosts_of(truce: Truce, streams: Callable[[int], Streams], usual: int, rich: int) -> Ghosts:
    """Ghosts of a truce, each with a chance of its own.

    Parameters
    ----------
    truce
        Before its first span.
    streams
        Chance by number of the ghost.
    usual, rich
        How many of each.
    """
    found = [ghost(truce, streams(number)) for number in range(usual)]
    mean = max(1.0, sum(len(one) for one in found) / max(usual, 1))
    # A storm of fire that a scenario orders is as large however much else happens.
    ordered = numbers_of(truce.scenario, "intensity")["surge"] is not None
    times = 1.0 if ordered else max(1.0, RICH_DEEDS / mean)
    more = [ghost(truce, streams(usual + number), times) for number in range(rich)]
    return Ghosts(usual=found, rich=more, times=times)
