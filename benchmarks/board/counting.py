"""How many acts a scenario holds, and the scale at which so many of them can be scored."""

import math

from benchmarks.board import seeds
from truceline.pipeline.desks import world_of
from truceline.simulation.columns import Nature
from truceline.simulation.contract import Scenario
from truceline.simulation.world.truce import spans

FOUND = 0.25
"""Share of true acts that some computed act stands for, as the board has had it at least; assumed."""

_LEAST, _MOST = 0.001, 1000.0  # scales that a mission may have
_PILOT = 2_000  # acts counted before a scale is told from them


def acts_at(scenario: Scenario, *, seed: int, scale: float) -> int:
    """True acts of a scenario, without anybody who tells of them.

    Parameters
    ----------
    scenario
        Which truce.
    seed, scale
        As `simulate` has them.
    """
    truce, _ = world_of(scenario, seed=seed, scale=scale)
    return sum(
        int((truce.deeds(span).nature < int(Nature.QUARRY_BLAST)).sum()) for span in spans(scenario)
    )


def scale_for(name: str, scenario: Scenario, acts: int) -> float:
    """The scale at which a scenario holds enough true acts for so many to be found and scored.

    It is told from the tuning seed, so that nothing is known of the one that is scored.

    Parameters
    ----------
    name
        As the targets call it.
    scenario
        Which truce.
    acts
        How many are to be scored.
    """
    scale, seed = 0.01, seeds.tuning_seed(name)
    while (counted := acts_at(scenario, seed=seed, scale=scale)) < _PILOT and scale < 1.0:
        scale *= 4.0
    wanted = scale * acts / FOUND / max(counted, 1)
    digits = 2 - math.floor(math.log10(wanted)) - 1
    return min(max(math.ceil(wanted * 10**digits) / 10**digits, _LEAST), _MOST)
