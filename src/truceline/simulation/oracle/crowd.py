"""The blocks of a partition in the order of time, and what each brings on in those after it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log1p

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Ints
from truceline.simulation.oracle.blocks import Blocks, Lead
from truceline.simulation.oracle.company import NEAR_S


@dataclass(slots=True, kw_only=True)
class Crowd:
    """Blocks that are there, by their leads.

    Parameters
    ----------
    blocks
        Likelihoods.
    members
        Numbers of the accounts of a component; blocks here speak of them by place.
    """

    blocks: Blocks
    members: Sequence[int]
    _bins: dict[int, dict[Lead, float]] = field(default_factory=dict)

    def gain(self, block: tuple[int, ...]) -> float:
        """Nats that a block brings to those that are there: of its own coming, and of later ones."""
        lead, at_s = self._of(block)
        near = self._near(at_s)
        found = log1p(self._pull(lead, at_s))
        for other, when in near:
            if when > at_s and any(self.blocks.brought(other, lead)):
                found += log1p(self._pull(other, when, lead)) - log1p(self._pull(other, when))
        return found

    def add(self, block: tuple[int, ...]) -> None:
        """It is there now."""
        lead, at_s = self._of(block)
        self._bins.setdefault(int(at_s // NEAR_S), {})[lead] = at_s

    def remove(self, block: tuple[int, ...]) -> None:
        """It is no longer there."""
        lead, at_s = self._of(block)
        del self._bins[int(at_s // NEAR_S)][lead]

    def redrawn(self, drawn: Ints, count: int, rng: Generator) -> Ints:
        """Partitions drawn without company, drawn again by what company makes of each."""
        nats = np.array([self._whole(row) for row in drawn])
        up_to = np.cumsum(np.exp(nats - nats.max()))
        at = np.searchsorted(up_to, (np.arange(count) + rng.random()) / count * up_to[-1])
        found: Ints = drawn[np.minimum(at, len(drawn) - 1)]
        return rng.permutation(found)

    def _whole(self, row: Ints) -> float:
        made = [
            tuple(np.flatnonzero(row == n).tolist()) for n in range(int(row.max(initial=-1)) + 1)
        ]
        found = 0.0
        for block in made:
            found += self.gain(block)
            self.add(block)
        for block in made:
            self.remove(block)
        return found

    def _pull(self, lead: Lead, at_s: float, beside: Lead | None = None) -> float:
        """What all earlier blocks bring on in one, and another beside them that is not there yet."""
        earlier = [other for other, when in self._near(at_s) if when < at_s and other != lead]
        every = [self.blocks.brought(lead, other) for other in earlier]
        if beside is not None:
            every.append(self.blocks.brought(lead, beside))
        return sum(fire for fire, _ in every) + max((of_one for _, of_one in every), default=0.0)

    def _near(self, at_s: float) -> list[tuple[Lead, float]]:
        middle = int(at_s // NEAR_S)
        return [
            (lead, when)
            for number in (middle - 1, middle, middle + 1)
            for lead, when in self._bins.get(number, {}).items()
            if abs(when - at_s) < NEAR_S
        ]

    def _of(self, block: tuple[int, ...]) -> tuple[Lead, float]:
        lead = self.blocks.lead(tuple(self.members[one] for one in block))
        return lead, self.blocks.at_s(lead)
