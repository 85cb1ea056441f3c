"""The posterior over everything told: who belongs with whom, what is nothing, and what happened."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Floats, Ints
from truceline.simulation.oracle import exact, gibbs
from truceline.simulation.oracle.blocks import Blocks
from truceline.simulation.oracle.company import Company
from truceline.simulation.oracle.crowd import Crowd
from truceline.simulation.oracle.effort import Effort
from truceline.simulation.oracle.evidence import Evidence
from truceline.simulation.oracle.gate import components
from truceline.simulation.oracle.templates import Templates
from truceline.simulation.oracle.together import Likely, drawn_together, likely

NOTHING = -1
REDRAWS = 10  # partitions of a small component drawn for each that is kept of all


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Draws of partitions by guesses of their own.

    Parameters
    ----------
    blocks
        Likelihoods, of accounts by their numbers.
    drawn
        `(draws, accounts)` number of the deed of each account; -1: of nothing.
    """

    blocks: Blocks
    drawn: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """Draws of partitions of the accounts, and where each sighting has its account.

    Parameters
    ----------
    runs
        Each with guesses of its own: what those of one miss, another finds, and all count alike.
    account
        `(n,)` number of the account of each sighting: its own, or of the one that it repeats.
    """

    runs: tuple[Run, ...]
    account: Ints

    @property
    def drawn(self) -> Ints:
        """All draws, `(draws, accounts)`."""
        return np.concatenate([run.drawn for run in self.runs])

    @property
    def evidence(self) -> Evidence:
        """Accounts of their own."""
        return self.runs[0].blocks.evidence

    @property
    def pairs(self) -> Ints:
        """Every pair that any run looked at, `(pairs, 2)`."""
        return np.unique(np.concatenate([run.blocks.pairs for run in self.runs]), axis=0)


def posterior(
    evidence: Evidence,
    account: Ints,
    templates: Templates,
    company: Company,
    effort: Effort,
    rng: Generator,
) -> Posterior:
    """Draws from the posterior over partitions.

    Parameters
    ----------
    evidence
        Accounts of their own (`copies.roots`): a text is a rumour at least, and a copy is of its root.
    account
        `(n,)` number of the account of each sighting that is one or repeats one.
    templates, company
        The world, and what deeds bring on in it.
    effort
        How hard to try.
    rng
        A generator.
    """
    # Drawn one after the other: what a run draws depends on nothing but the evidence and the runs before.
    runs = tuple(_run(evidence, (templates, company), effort, rng) for _ in range(effort.runs))
    return Posterior(runs=runs, account=account)


def _run(
    evidence: Evidence, world: tuple[Templates, Company], effort: Effort, rng: Generator
) -> Run:
    templates, company = world
    blocks = Blocks(evidence=evidence, templates=templates, company=company, effort=effort, rng=rng)
    part = components(blocks.pairs, len(evidence))
    order = np.argsort(part, kind="stable")
    found = [
        _likely(blocks, members, effort, rng)
        for members in np.split(order, np.cumsum(np.bincount(part))[:-1])
    ]
    crowd = Crowd(blocks=blocks, members=range(len(evidence)))
    sizes = (effort.partitions, effort.sweeps)
    return Run(blocks=blocks, drawn=drawn_together(found, crowd, len(evidence), sizes, rng))


def _likely(blocks: Blocks, members: Ints, effort: Effort, rng: Generator) -> Likely:
    """Likely partitions of a component; of one account both, however unlikely alone."""
    if len(members) > 1:
        return likely(members, _drawn(blocks, members, effort, rng))
    log_false = _never_both(blocks.log_false[members], blocks.log_single[members])
    nats = np.append(log_false, blocks.log_single[members])
    known = np.isfinite(nats)
    return Likely(members=members, rows=np.array([[NOTHING], [0]])[known], nats=nats[known])


def _drawn(blocks: Blocks, members: Ints, effort: Effort, rng: Generator) -> Ints:
    numbers = members.tolist()

    def score(block: tuple[int, ...]) -> float:
        return blocks.score(tuple(numbers[one] for one in block))

    crowd = Crowd(blocks=blocks, members=numbers)
    log_false = _never_both(blocks.log_false[members], blocks.log_single[members])
    if len(numbers) <= effort.exact:
        many = exact.draws(score, log_false, effort.partitions * REDRAWS, rng)
        return crowd.redrawn(many, len(many), rng)
    at = {one: place for place, one in enumerate(numbers)}
    partners = [[at[other] for other in blocks.partners[one]] for one in numbers]
    chain = gibbs.Chain(
        score=score,
        log_false=log_false,
        partners=partners,
        rng=rng,
        crowd=crowd,
        rivals=_rivals(blocks, numbers),
    )
    return chain.draws(effort.partitions, burn=effort.burn, thin=effort.thin)


def _rivals(blocks: Blocks, numbers: list[int]) -> list[list[int]]:
    """By sighting the others of the same post that share a partner with it."""
    post = [blocks.evidence.source(one) for one in numbers]
    near = [set(blocks.partners[one]) for one in numbers]
    count = range(len(numbers))
    return [
        [b for b in count if a != b and post[a] == post[b] and near[a] & near[b]] for a in count
    ]


def _never_both(log_false: Floats, log_single: Floats) -> Floats:
    """Where a sighting can be neither of a deed alone nor of nothing, of nothing after all."""
    lost = ~np.isfinite(log_false) & ~np.isfinite(log_single)
    return np.where(lost, -200.0, log_false)
