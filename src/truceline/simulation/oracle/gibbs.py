"""The posterior over partitions of many sightings: long-run sampling, one sighting at a time.

Gibbs moves of single sightings (Neal 2000, algorithm 2, with the blocks' own sums in place of a
Dirichlet process) and, between sweeps, simple random splits and merges (Jain and Neal 2004).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Floats, Ints
from truceline.simulation.oracle.exact import Score

NOTHING = -1


class Company(Protocol):
    """What blocks bring on in one another: nats that a block adds to a partition by being there."""

    def gain(self, block: tuple[int, ...]) -> float:
        """Nats for a block that is not there yet."""
        ...

    def add(self, block: tuple[int, ...]) -> None:
        """It is there now."""
        ...

    def remove(self, block: tuple[int, ...]) -> None:
        """It is no longer there."""
        ...


class Alone:
    """Blocks that bring on nothing."""

    def gain(self, block: tuple[int, ...]) -> float:
        """Nothing."""
        return 0.0

    def add(self, block: tuple[int, ...]) -> None:
        """Nothing to know."""

    def remove(self, block: tuple[int, ...]) -> None:
        """Nothing to know."""


@dataclass(slots=True, kw_only=True)
class Chain:
    """A partition that walks.

    Parameters
    ----------
    score, log_false
        As `exact.draws` takes them.
    partners
        By sighting those that may be of the same deed; a block must hang together by them, or `score`
        has to be minus infinity.
    rng
        A generator.
    crowd
        What blocks bring on in one another.
    rivals
        By sighting those that cannot be of the same deed, but of another one in its place; it holds
        both ways. Empty: none.
    """

    score: Score
    log_false: Floats
    partners: Sequence[Sequence[int]]
    rng: Generator
    crowd: Company = field(default_factory=Alone)
    rivals: Sequence[Sequence[int]] = ()
    home: list[int] = field(init=False)
    blocks: dict[int, tuple[int, ...]] = field(default_factory=dict)
    following: int = 0

    def __post_init__(self) -> None:
        self.home = [NOTHING] * len(self.log_false)

    def sweep(self) -> None:
        """Each sighting once, in a random order, and as many tries to split or merge as fit."""
        for one in self.rng.permutation(len(self.home)).tolist():
            self._place(one)
        for _ in range(1 + len(self.home) // 4):
            self._split_or_merge()
        for _ in range(1 + len(self.home) // 2):
            self._exchange()

    def labels(self) -> Ints:
        """Number of the block of each sighting; -1: of nothing."""
        numbers = {block: number for number, block in enumerate(sorted(self.blocks))}
        return np.array([numbers.get(home, NOTHING) for home in self.home], dtype=np.int64)

    def draws(self, count: int, *, burn: int = 30, thin: int = 2) -> Ints:
        """Partitions drawn from the posterior, `(count, n)`, as `exact.draws` gives them.

        Parameters
        ----------
        count
            How many are kept.
        burn, thin
            Sweeps before the first that is kept, and from one to the next.
        """
        found = np.empty((count, len(self.home)), dtype=np.int64)
        for _ in range(burn):
            self.sweep()
        for row in range(count):
            for _ in range(thin):
                self.sweep()
            found[row] = self.labels()
        return found

    def _place(self, one: int) -> None:
        number = self.home[one]
        self._leave(one)
        if number in self.blocks and not np.isfinite(self.score(self.blocks[number])):
            self._join(one, number)  # without this one the others do not hang together
            return
        near = sorted({self.home[other] for other in self.partners[one]} - {NOTHING})
        nats = [float(self.log_false[one]), self.score((one,)) + self.crowd.gain((one,))]
        for number in near:
            block = self.blocks[number]
            joined = tuple(sorted((*block, one)))
            gain = self.score(joined) - self.score(block)
            if np.isfinite(gain):
                gain += self._change([block], [joined])
            nats.append(gain)
        choice = self._pick(np.array(nats))
        if choice == 0:
            return
        self._join(one, self._new() if choice == 1 else near[choice - 2])

    def _split_or_merge(self) -> None:
        one = int(self.rng.integers(len(self.home)))
        if not self.partners[one]:
            return
        other = self.partners[one][int(self.rng.integers(len(self.partners[one])))]
        first, second = self.home[one], self.home[other]
        if NOTHING in (first, second):
            return
        if first == second:
            self._split(one, other)
        else:
            self._merge(first, second)

    def _split(self, one: int, other: int) -> None:
        whole = self.blocks[self.home[one]]
        rest = [i for i in whole if i not in (one, other)]
        goes = self.rng.random(len(rest)) < 0.5
        left = tuple(sorted([one, *(i for i, go in zip(rest, goes, strict=True) if not go)]))
        right = tuple(sorted([other, *(i for i, go in zip(rest, goes, strict=True) if go)]))
        gain = self.score(left) + self.score(right) - self.score(whole) + len(rest) * np.log(2.0)
        if np.isfinite(gain):
            gain += self._change([whole], [left, right])
        if np.log(self.rng.random()) < gain:
            number = self._new()
            for i in right:
                self._leave(i)
                self._join(i, number)

    def _merge(self, first: int, second: int) -> None:
        left, right = self.blocks[first], self.blocks[second]
        whole = tuple(sorted((*left, *right)))
        gain = self.score(whole) - self.score(left) - self.score(right)
        gain -= (len(whole) - 2) * np.log(2.0)
        if np.isfinite(gain):
            gain += self._change([left, right], [whole])
        if np.log(self.rng.random()) < gain:
            for i in right:
                self._leave(i)
                self._join(i, first)

    def _exchange(self) -> None:
        """Two that cannot be of one deed change places: one by one neither could leave its own."""
        one = int(self.rng.integers(len(self.home)))
        if not self.rivals or not self.rivals[one]:
            return
        other = self.rivals[one][int(self.rng.integers(len(self.rivals[one])))]
        first, second = self.home[one], self.home[other]
        if first == second or NOTHING in (first, second):
            return
        old = [self.blocks[first], self.blocks[second]]
        new = [
            tuple(sorted(put if i == taken else i for i in block))
            for block, taken, put in zip(old, (one, other), (other, one), strict=True)
        ]
        gain = self.score(new[0]) + self.score(new[1]) - self.score(old[0]) - self.score(old[1])
        if np.isfinite(gain):
            gain += self._change(old, new)
        if np.log(self.rng.random()) < gain:
            self._leave(one)
            self._leave(other)
            self._join(one, second)
            self._join(other, first)

    def _change(self, old: list[tuple[int, ...]], new: list[tuple[int, ...]]) -> float:
        """Nats of company when some blocks make room for others; nothing has changed after."""
        found = 0.0
        for block in old:
            self.crowd.remove(block)
            found -= self.crowd.gain(block)
        for block in new:
            found += self.crowd.gain(block)
            self.crowd.add(block)
        for block in new:
            self.crowd.remove(block)
        for block in old:
            self.crowd.add(block)
        return found

    def _pick(self, nats: Floats) -> int:
        top = nats.max()
        if not np.isfinite(top):
            return 0
        up_to = np.cumsum(np.exp(nats - top))
        return int(np.searchsorted(up_to, self.rng.random() * up_to[-1], side="right"))

    def _leave(self, one: int) -> None:
        number = self.home[one]
        if number == NOTHING:
            return
        self.home[one] = NOTHING
        self.crowd.remove(self.blocks[number])
        rest = tuple(i for i in self.blocks[number] if i != one)
        if rest:
            self.blocks[number] = rest
            self.crowd.add(rest)
        else:
            del self.blocks[number]

    def _join(self, one: int, number: int) -> None:
        self.home[one] = number
        if number in self.blocks:
            self.crowd.remove(self.blocks[number])
        self.blocks[number] = tuple(sorted((*self.blocks.get(number, ()), one)))
        self.crowd.add(self.blocks[number])

    def _new(self) -> int:
        self.following += 1
        return self.following
