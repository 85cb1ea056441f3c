"""The oracle asked of small worlds whose truth is at hand: is its doubt right?

A world is drawn and seen as `truceline simulate` does it, but nothing is written. What the oracle then
says of each account, of each pair and of each incident stands beside what is true. Under the very
density that the worlds were drawn from, of all that is said with 70 in 100 seventy in 100 must be true.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from truceline.pipeline import plugins
from truceline.pipeline.desks import desks_of, world_of
from truceline.pipeline.oracle import Asked, Part, posterior_of
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
        How many of the true pairs the gate let through.
    within
        By incident, the level of the smallest region that holds the true place.
    """

    said: Mapping[str, Floats]
    true: Mapping[str, Bools]
    looked_at: int
    within: Floats


QUESTIONS = ("pair", "real", "author", "violation")
EDGES = (0.0, 0.05, 0.5, 0.95, 1.0 + 1e-9)
"""Answers of one question are held together by how sure they are."""
RESOLVED = 0.02
"""Sixty draws of a partition tell no two chances apart that are nearer than this."""
LEAST = 20
"""Of fewer answers nothing is said."""
_BAND = (0.005, 0.995)
_AGAIN = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """How much oftener things are so than is said, of the answers to a question that are as sure.

    Parameters
    ----------
    low, high
        Between these lies what is said.
    count
        Of answers.
    mean, least, most
        The gap and its 99 % band, whole worlds drawn anew: what goes wrong in one burst goes wrong
        together.
    """

    question: str
    low: float
    high: float
    count: int
    mean: float
    least: float
    most: float

    @property
    def is_right(self) -> bool:
        """Whether the band reaches to within what the draws resolve."""
        return self.least <= RESOLVED and self.most >= -RESOLVED


def gaps(worlds: Sequence[Answers]) -> list[Gap]:
    """What was said beside what was true, over several worlds; nothing of fewer answers than `LEAST`."""
    draw = np.random.default_rng(7)
    rows = draw.integers(0, len(worlds), (_AGAIN, len(worlds)))
    found = []
    for question in QUESTIONS:
        for low, high in pairwise(EDGES):
            off, count = np.zeros(len(worlds)), np.zeros(len(worlds))
            for number, world in enumerate(worlds):
                said, true = world.said[question], world.true[question]
                of = (said >= low) & (said < high)
                off[number], count[number] = (true[of] - said[of]).sum(), of.sum()
            if count.sum() < LEAST:
                continue
            again = off[rows].sum(axis=1) / np.maximum(count[rows].sum(axis=1), 1)
            least, most = np.quantile(again, _BAND)
            mean = off.sum() / count.sum()
            found.append(
                Gap(
                    question=question, low=low, high=high, count=int(count.sum()),
                    mean=float(mean), least=float(least), most=float(most),
                )
            )  # fmt: skip
    return found


def answers(scenario: Scenario, *, seed: int, scale: float, effort: Effort) -> Answers:
    """Ask the oracle of one world: of all of it, or of the stretches that it takes of a large one.

    Parameters
    ----------
    scenario, seed, scale
        The world.
    effort
        How hard to try.
    """
    deeds, told = lived(scenario, seed=seed, scale=scale)
    asked = posterior_of(scenario, told, seed=seed, scale=scale, effort=effort)
    parts = [_of_part(asked, number, deeds) for number in range(len(asked.parts))]
    none = np.zeros(0)
    return Answers(
        said={q: np.concatenate([none, *(part.said[q] for part in parts)]) for q in QUESTIONS},
        true={
            q: np.concatenate([none.astype(np.bool_), *(part.true[q] for part in parts)])
            for q in QUESTIONS
        },
        looked_at=sum(part.looked_at for part in parts),
        within=np.concatenate([none, *(part.within for part in parts)]),
    )


def _of_part(asked: Asked, number: int, deeds: Deeds) -> Answers:
    """The answers on the accounts of one window that are asked about, and on incidents mostly of them."""
    part = asked.parts[number]
    judge = Judge(ground=asked.truce.ground, figures=terms.figures(asked.truce.scenario))
    rng = asked.streams(f"oracle/telling/{number}")
    unseen = unseen_of(part.found, asked.ghosts, rng)
    says = told_of(part.found, replace(judge), unseen, rng)
    truth = part.found.evidence.told.deed
    one, other = np.triu_indices(len(truth), 1)
    is_asked = part.asked[one] & part.asked[other]
    one, other = one[is_asked], other[is_asked]
    true = (truth[one] == truth[other]) & (truth[one] >= 0)
    author = _authors(part)
    right = _true_authors(deeds, truth) == author.argmax(axis=1)
    of_incident = np.where(_mostly(says, part.asked), _deed_of(says, truth, deeds), -1)
    broken, was_broken = _violations(says, of_incident, deeds, judge)
    ours = part.asked
    return Answers(
        said={
            "pair": _together(part, one, other),
            "real": 1.0 - author[ours, -1],
            "author": author.max(axis=1)[ours],
            "violation": broken,
        },
        true={
            "pair": true,
            "real": truth[ours] >= 0,
            "author": right[ours],
            "violation": was_broken,
        },
        looked_at=_looked_at(part, one[true], other[true]),
        within=_within(says, of_incident, deeds),
    )


def lived(scenario: Scenario, *, seed: int, scale: float) -> tuple[Deeds, dict[str, Sightings]]:
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


def _together(part: Part, one: Ints, other: Ints) -> Floats:
    drawn = part.found.drawn
    same = ((drawn[:, :, None] == drawn[:, None, :]) & (drawn[:, :, None] >= 0)).mean(axis=0)
    found: Floats = same[one, other]
    return found


def _looked_at(part: Part, one: Ints, other: Ints) -> int:
    known = set(map(tuple, part.found.pairs.tolist()))
    return sum(pair in known for pair in zip(one.tolist(), other.tolist(), strict=True))


def _mostly(says: Told, asked: Bools) -> Bools:
    """Incidents that are mostly of accounts that are asked about."""
    count = len(says.p_real)
    ours = np.bincount(says.home, weights=asked, minlength=count)
    found: Bools = 2 * ours > np.bincount(says.home, minlength=count)
    return found


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
    known = np.flatnonzero((of >= 0) & np.isfinite(at.from_s))
    row = of[known, None]
    where = Places(
        incident=np.repeat(np.arange(len(known)), at.weight.shape[1]),
        weight=at.weight[known].ravel(),
        east_m=(at.x_m[known] - deeds.x_m[row]).ravel(),
        north_m=(at.y_m[known] - deeds.y_m[row]).ravel(),
        var_east_m2=at.var_x_m2[known].ravel(),
        cov_m2=at.cov_m2[known].ravel(),
        var_north_m2=at.var_y_m2[known].ravel(),
    )
    return regions(where, len(known)).mass
