"""The oracle asked of small worlds whose truth is at hand: is its doubt right?

A world is drawn and seen as `truceline simulate` does it, but nothing is written. What the oracle then
says of each account, of each pair and of each incident stands beside what is true. Under the very
density that the worlds were drawn from, of all that is said with 70 in 100 seventy in 100 must be true.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from truceline.pipeline import plugins
from truceline.pipeline.desks import desks_of, world_of
from truceline.pipeline.oracle import Part, posterior_of
from truceline.simulation.columns import Author, Bools, Deeds, Floats, Ints, Nature, Sightings
from truceline.simulation.contract import Scenario
from truceline.simulation.judge import VERDICTS, Judge
from truceline.simulation.looking import look
from truceline.simulation.mission import terms
from truceline.simulation.oracle.effort import Effort
from truceline.simulation.oracle.posterior import Run
from truceline.simulation.oracle.telling import Told, told_of, unseen_of
from truceline.simulation.scoring.regions import Places, regions
from truceline.simulation.world.deeds import joined
from truceline.simulation.world.truce import spans


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was said and what is true, question by question; all of one world.

    Parameters
    ----------
    said, true
        By question: `pair` (two accounts are of one deed), `real` (an account is of something that
        happened), `author` (the leading author of an account's deed, or nobody, is right), `violation`
        (of an incident of somebody, for each party and clause). Chances, and whether it was so.
    looked_at
        Share of the true pairs that the gate let through; NaN where there is none.
    within
        By incident, the level of the smallest region that holds the true place.
    """

    said: Mapping[str, Floats]
    true: Mapping[str, Bools]
    looked_at: float
    within: Floats


def answers(scenario: Scenario, *, seed: int, scale: float, effort: Effort) -> Answers:
    """Ask the oracle of one world.

    Parameters
    ----------
    scenario, seed, scale
        The world; small enough to be asked about whole.
    effort
        How hard to try.
    """
    deeds, told = _lived(scenario, seed=seed, scale=scale)
    asked = posterior_of(scenario, told, seed=seed, scale=scale, effort=effort)
    part = asked.parts[0]
    judge = Judge(ground=asked.truce.ground, figures=terms.figures(scenario))
    rng = asked.streams("oracle/telling/0")
    unseen = unseen_of(part.found, asked.ghosts, rng)
    says = told_of(part.found, replace(judge), unseen, rng)
    truth = part.found.evidence.told.deed
    said, true = _of_pairs(part, truth)
    author = _authors(part)
    right = _true_authors(deeds, truth) == author.argmax(axis=1)
    of_incident = _deed_of(says, truth, deeds)
    broken, was_broken = _violations(says, of_incident, deeds, judge)
    there = truth >= 0
    return Answers(
        said={
            "pair": said,
            "real": 1.0 - author[:, -1],
            "author": author.max(axis=1),
            "violation": broken,
        },
        true={"pair": true, "real": there, "author": right, "violation": was_broken},
        looked_at=_looked_at(part, truth),
        within=_within(says, of_incident, deeds),
    )


def _lived(scenario: Scenario, *, seed: int, scale: float) -> tuple[Deeds, dict[str, Sightings]]:
    """All deeds of a world, and by observer what was told, with the truth in it."""
    truce, streams = world_of(scenario, seed=seed, scale=scale)
    desks = desks_of(truce, streams, tuple(plugins.load("observers")), scale)
    deeds: list[Deeds] = []
    told: dict[str, list[Sightings]] = {desk.observer.name: [] for desk in desks}
    for span in spans(scenario):
        deeds.append(truce.deeds(span))
        for desk in desks:
            said = look(
                desk.observer, desk.numbers, deeds[-1], desk.posts, truce.conditions, truce.ground,
                span, streams,
            )  # fmt: skip
            told[desk.observer.name].append(said)
    return joined(deeds), {name: Sightings.concat(parts) for name, parts in told.items()}


def _of_pairs(part: Part, truth: Ints) -> tuple[Floats, Bools]:
    drawn = part.found.drawn
    same = ((drawn[:, :, None] == drawn[:, None, :]) & (drawn[:, :, None] >= 0)).mean(axis=0)
    one, other = np.triu_indices(len(truth), 1)
    return same[one, other], (truth[one] == truth[other]) & (truth[one] >= 0)


def _looked_at(part: Part, truth: Ints) -> float:
    one, other = np.triu_indices(len(truth), 1)
    is_pair = (truth[one] == truth[other]) & (truth[one] >= 0)
    if not is_pair.any():
        return float("nan")
    known = set(map(tuple, part.found.pairs.tolist()))
    return float(
        np.mean([pair in known for pair in zip(one[is_pair], other[is_pair], strict=True)])
    )


def _authors(part: Part) -> Floats:
    """`(accounts, authors + 1)` chances; the last is that nothing happened."""
    drawn = part.found.drawn
    found = np.zeros((drawn.shape[1], len(Author) + 1))
    for run in part.found.runs:
        found += _authors_by(run)
    found /= len(drawn)
    found[:, -1] = np.maximum(1.0 - found[:, :-1].sum(axis=1), 0.0)
    return found


def _authors_by(run: Run) -> Floats:
    """The same, added up over the draws of a run, and nothing for nobody."""
    blocks = run.blocks
    found = np.zeros((run.drawn.shape[1], len(Author) + 1))
    known: dict[tuple[int, ...], Floats] = {}
    for row in run.drawn:
        for number in range(int(row.max(initial=-1)) + 1):
            block = tuple(np.flatnonzero(row == number).tolist())
            if not block:
                continue
            if block not in known:
                anchor, nats = blocks.weights(block)
                weight = np.exp(nats - nats.max())
                share = np.zeros(len(Author) + 1)
                np.add.at(share, blocks.authors(anchor), weight / weight.sum())
                known[block] = share
            found[list(block)] += known[block]
    return found


def _true_authors(deeds: Deeds, truth: Ints) -> Ints:
    row = _rows(deeds, truth)
    return np.where(row >= 0, deeds.author[row], len(Author))


def _rows(deeds: Deeds, truth: Ints) -> Ints:
    """Rows of deeds by number; -1: none."""
    order = np.argsort(deeds.deed)
    at = np.minimum(np.searchsorted(deeds.deed[order], truth), len(order) - 1)
    found: Ints = np.where(deeds.deed[order][at] == truth, order[at], -1)
    return found


def _deed_of(says: Told, truth: Ints, deeds: Deeds) -> Ints:
    """Row of the deed that most accounts of each incident are of; -1: of none."""
    found = np.full(len(says.p_real), -1)
    for incident in range(len(found)):
        of = truth[says.home == incident]
        numbers, count = np.unique(of[of >= 0], return_counts=True)
        if len(numbers) and 2 * count.max() > len(of):
            found[incident] = _rows(deeds, numbers[[count.argmax()]])[0]
    return found


def _violations(says: Told, of: Ints, deeds: Deeds, judge: Judge) -> tuple[Floats, Bools]:
    """Of incidents of somebody: what is said of each party and clause, and what the judge says."""
    judged = judge.judge(deeds)
    broken = judged.verdict == VERDICTS.index("violation")
    keys = set(
        zip(
            judged.deed[broken].tolist(),
            judged.party[broken].tolist(),
            judged.clause[broken].tolist(),
            strict=True,
        )
    )
    somebody = np.flatnonzero((of >= 0) & (says.authors.sum(axis=1) > 0))
    somebody = somebody[deeds.nature[of[somebody]] < int(Nature.QUARRY_BLAST)]
    said, true = [], []
    for (party, clause), p in says.verdicts.items():
        said.append(p[somebody, VERDICTS.index("violation")])
        number = judge.clauses.index(clause)
        true.append([(deed, party, number) in keys for deed in deeds.deed[of[somebody]].tolist()])
    return np.concatenate(said), np.concatenate(true).astype(np.bool_)


def _within(says: Told, of: Ints, deeds: Deeds) -> Floats:
    """Level of the region that still holds the true place, of incidents that are of a deed."""
    at = says.placed
    known = np.flatnonzero((of >= 0) & np.isfinite(at.x_m))
    row = of[known]
    where = Places(
        incident=np.arange(len(known)),
        weight=np.ones(len(known)),
        east_m=at.x_m[known] - deeds.x_m[row],
        north_m=at.y_m[known] - deeds.y_m[row],
        var_east_m2=at.var_x_m2[known],
        cov_m2=at.cov_m2[known],
        var_north_m2=at.var_y_m2[known],
    )
    return regions(where, len(known)).mass
