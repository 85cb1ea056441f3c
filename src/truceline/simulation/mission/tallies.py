"""What each party says it counted: violations of the other in a day, in all and by kind.

A party counts what falls on it and counts high; it publishes the total and its parts next morning.
Some mornings the parts do not add up to the total. Both parties follow the same rules.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Author, Deeds, Ints, Nature
from truceline.simulation.contract import Scenario, Streams
from truceline.simulation.mission.instants import iso
from truceline.simulation.naming import named
from truceline.simulation.parties import PARTY_IDS
from truceline.simulation.rows import rows
from truceline.simulation.world.truce import Truce
from truceline.tables.posterior import TYPES

KINDS = ("shellings", "small-arms fire", "drone strikes", "other violations")
COUNTED_SHARE = 1.3  # told over true on average: each side counts the other high; assumed
SPREAD = 0.15  # of the logarithm of that share, from day to day; assumed
MISPRINTS = 0.08  # mornings on which a total is not the sum of its parts; assumed
PUBLISHED_S = 9 * 3_600.0  # after the end of the day; assumed, as in the feed's own example

_DAY_S = 86_400.0
_KIND = np.full(len(TYPES), 3)
_KIND[[TYPES.index(t) for t in ("mortar", "artillery", "mlrs", "tank_fire")]] = 0
_KIND[[TYPES.index(t) for t in ("small_arms_fire", "sniper_fire")]] = 1
_KIND[TYPES.index("uav_attack")] = 2
_FIRE = (int(Nature.HOSTILE), int(Nature.RESPONSE), int(Nature.UNIT_ERROR))


@dataclass(slots=True, kw_only=True)
class Counted:
    """True acts of fire, `(days, 2 authors, kinds)`; as large as the truce has days."""

    scenario: Scenario
    acts: Ints = field(init=False)

    def __post_init__(self) -> None:
        days = int(np.ceil((self.scenario.to_s - self.scenario.from_s) / _DAY_S))
        self.acts = np.zeros((days, 2, len(KINDS)), dtype=np.int64)

    def add(self, deeds: Deeds) -> None:
        """Count the acts of a span; what both did at once counts for each."""
        fired = deeds.take(np.isin(deeds.nature, _FIRE) & (deeds.author <= int(Author.JOINT)))
        day = ((fired.began_s - self.scenario.from_s) // _DAY_S).astype(np.int64)
        for side in (0, 1):
            own = (fired.author == side) | (fired.author == int(Author.JOINT))
            np.add.at(self.acts, (day[own], side, _KIND[fired.type[own]]), 1)


def tallies(truce: Truce, acts: Ints, streams: Streams) -> bytes:
    """The file of what parties say they counted.

    Parameters
    ----------
    truce
        Whose parties they are.
    acts
        `Counted.acts`.
    streams
        A generator for each name.
    """
    parts = []
    for claimant in (0, 1):
        drawn = 1 - claimant if truce.is_mirrored else claimant  # chance goes with the ground
        rng = streams(f"mission/tallies/{drawn}")
        parts.append(_told_by(truce, claimant, acts[:, 1 - claimant], rng))
    return rows({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})


def _told_by(truce: Truce, claimant: int, acts: Ints, rng: Generator) -> dict[str, np.ndarray]:
    days, lines = len(acts), 1 + len(KINDS)
    share = COUNTED_SHARE * np.exp(SPREAD * rng.standard_normal(days))
    told = np.rint(acts * share[:, None]).astype(np.int64)
    off = np.where(rng.random(days) < MISPRINTS, rng.integers(1, 4, days), 0)
    figures = np.column_stack([told.sum(axis=1) + off, told])
    from_s = np.repeat(truce.scenario.from_s + _DAY_S * np.arange(days), lines)
    number = np.arange(days * lines) + claimant * days * lines
    ids = named(truce.conditions.seed, "claim", number).reshape(days, lines)
    total = np.repeat(ids[:, :1], lines, axis=1)
    total[:, 0] = ""
    count = days * lines
    return {
        "claim_id": ids.ravel(),
        "claimant": np.full(count, PARTY_IDS[claimant], dtype=np.object_),
        "accused": np.full(count, PARTY_IDS[1 - claimant], dtype=np.object_),
        "began": iso(from_s),
        "ended": iso(from_s + _DAY_S),
        "scope": np.full(count, "whole_front", dtype=np.object_),
        "what": np.tile(np.array(["violations", *KINDS], dtype=np.object_), days),
        "count_best": figures.ravel(),
        "count_unit": np.full(count, "violation", dtype=np.object_),
        "part_of": total.ravel(),
        "published_at": iso(from_s + _DAY_S + PUBLISHED_S),
    }
