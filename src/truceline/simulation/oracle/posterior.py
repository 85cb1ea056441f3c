"""The posterior over everything told: who belongs with whom, what is nothing, and what happened."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Floats, Ints
from truceline.simulation.oracle import exact, gibbs
from truceline.simulation.oracle.blocks import Blocks, Effort
from truceline.simulation.oracle.company import Company
from truceline.simulation.oracle.copies import roots
from truceline.simulation.oracle.crowd import Crowd
from truceline.simulation.oracle.evidence import Evidence
from truceline.simulation.oracle.gate import components
from truceline.simulation.oracle.templates import Templates

NOTHING = -1
REDRAWS = 10  # partitions drawn for each that is kept once company is weighed


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """Draws of partitions of the accounts, and where each sighting has its account.

    Parameters
    ----------
    blocks
        Likelihoods, of accounts by their numbers.
    account
        `(n,)` number of the account of each sighting: its own, or of the one that it repeats.
    drawn
        `(draws, accounts)` number of the deed of each account; -1: of nothing.
    """

    blocks: Blocks
    account: Ints
    drawn: Ints


def posterior(
    evidence: Evidence, templates: Templates, company: Company, effort: Effort, rng: Generator
) -> Posterior:
    """Draws from the posterior over partitions.

    Parameters
    ----------
    evidence, templates, company
        Everything told, the world, and what deeds bring on in it.
    effort
        How hard to try.
    rng
        A generator.
    """
    # As an account of its own a text is a rumour at least; a copy has a likelier source.
    root = roots(evidence, evidence.log_false())
    own = np.unique(root)
    blocks = Blocks(
        evidence=evidence.take(own), templates=templates, company=company, effort=effort, rng=rng
    )
    part = components(blocks.pairs, len(own))
    drawn = np.full((effort.partitions, len(own)), NOTHING, dtype=np.int64)
    following = 0
    order = np.argsort(part, kind="stable")
    for members in np.split(order, np.cumsum(np.bincount(part))[:-1]):
        found = _drawn(blocks, members, effort, rng)
        drawn[:, members] = np.where(found >= 0, found + following, NOTHING)
        following += len(members)
    return Posterior(blocks=blocks, account=np.searchsorted(own, root), drawn=drawn)


def _drawn(blocks: Blocks, members: Ints, effort: Effort, rng: Generator) -> Ints:
    numbers = members.tolist()

    def score(block: tuple[int, ...]) -> float:
        return blocks.score(tuple(numbers[one] for one in block))

    crowd = Crowd(blocks=blocks, members=numbers)
    log_false = _never_both(blocks.log_false[members], blocks.log_single[members])
    if len(numbers) <= effort.exact:
        many = exact.draws(score, log_false, effort.partitions * REDRAWS, rng)
        return crowd.redrawn(many, effort.partitions, rng)
    at = {one: place for place, one in enumerate(numbers)}
    partners = [[at[other] for other in blocks.partners[one]] for one in numbers]
    chain = gibbs.Chain(score=score, log_false=log_false, partners=partners, rng=rng, crowd=crowd)
    return chain.draws(effort.partitions, burn=effort.burn, thin=effort.thin)


def _never_both(log_false: Floats, log_single: Floats) -> Floats:
    """Where a sighting can be neither of a deed alone nor of nothing, of nothing after all."""
    lost = ~np.isfinite(log_false) & ~np.isfinite(log_single)
    return np.where(lost, -200.0, log_false)
