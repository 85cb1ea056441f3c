"""Components drawn in each other's company: what happened in one makes it likelier in another.

Sightings of two components are of no one deed, and yet one storm, one burst or one exercise may have
brought on both. Each component has its likely partitions with what they weigh alone; draw by draw they
are chosen anew, one component at a time, given all others (Gibbs sampling by blocks).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Floats, Ints
from truceline.simulation.oracle.gibbs import NOTHING, Company

Block = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Likely:
    """Likely partitions of a component.

    Parameters
    ----------
    members
        `(m,)` numbers of its accounts.
    rows
        `(k, m)` number of the block of each in each partition; -1: of nothing.
    nats
        `(k,)` log weight of each without the company of other components, but with its own.
    """

    members: Ints
    rows: Ints
    nats: Floats

    def blocks(self, row: int) -> list[Block]:
        """Blocks of one of its partitions, by numbers of accounts."""
        of = self.rows[row]
        return [
            tuple(self.members[of == number].tolist())
            for number in range(int(of.max(initial=-1)) + 1)
        ]


def likely(members: Ints, drawn: Ints) -> Likely:
    """Likely partitions as often as they were drawn.

    Parameters
    ----------
    members
        `(m,)` numbers of accounts.
    drawn
        `(draws, m)` partitions as `exact.draws` gives them.

    Examples
    --------
    >>> found = likely(np.array([4, 7]), np.array([[0, 0], [0, 0], [0, -1]]))
    >>> found.rows.tolist(), np.exp(found.nats).round(6).tolist(), found.blocks(1)
    ([[0, -1], [0, 0]], [1.0, 2.0], [(4, 7)])
    """
    rows, often = np.unique(drawn, axis=0, return_counts=True)
    return Likely(members=members, rows=rows, nats=np.log(often))


def drawn_together(
    components: Sequence[Likely],
    company: Company,
    accounts: int,
    sizes: tuple[int, int],
    rng: Generator,
) -> Ints:
    """Partitions of all accounts, `(draws, accounts)`, as `exact.draws` gives them.

    Parameters
    ----------
    components
        All of them; their blocks must be numbered from 0 without gaps.
    company
        Of all accounts, with nothing there.
    accounts
        How many there are.
    sizes
        How many draws, and sweeps over the components for each.
    rng
        A generator.
    """
    draws, sweeps = sizes
    own = [np.array([_gain(company, list(of)) for of in _each(one)]) for one in components]
    found = np.full((draws, accounts), NOTHING, dtype=np.int64)
    for draw in range(draws):
        chosen = [_pick(one.nats, rng) for one in components]
        for one, row in zip(components, chosen, strict=True):
            _add(company, one.blocks(row))
        for _ in range(sweeps):
            for place in rng.permutation(len(components)).tolist():
                one = components[place]
                if len(one.nats) == 1:
                    continue
                _remove(company, one.blocks(chosen[place]))
                near = np.array([_gain(company, list(of)) for of in _each(one)])
                chosen[place] = _pick(one.nats + near - own[place], rng)
                _add(company, one.blocks(chosen[place]))
        following = 0
        for one, row in zip(components, chosen, strict=True):
            _remove(company, one.blocks(row))
            of = one.rows[row]
            found[draw, one.members] = np.where(of >= 0, of + following, NOTHING)
            following += len(one.members)
    return found


def _each(one: Likely) -> Iterator[list[Block]]:
    return (one.blocks(row) for row in range(len(one.nats)))


def _gain(company: Company, blocks: list[Block]) -> float:
    """Nats of all of them beside what is there; nothing has changed after."""
    found = 0.0
    for block in blocks:
        found += company.gain(block)
        company.add(block)
    _remove(company, blocks)
    return found


def _add(company: Company, blocks: list[Block]) -> None:
    for block in blocks:
        company.add(block)


def _remove(company: Company, blocks: list[Block]) -> None:
    for block in blocks:
        company.remove(block)


def _pick(nats: Floats, rng: Generator) -> int:
    up_to = np.cumsum(np.exp(nats - nats.max()))
    at = int(np.searchsorted(up_to, rng.random() * up_to[-1], side="right"))
    return min(at, len(nats) - 1)
