"""How likely a block of sightings is as what was told of one deed.

A block is led by the sighting that knows the place best and the one that knows the time best; their
guesses (`anchors`) stand for the deed, and every other member weighs them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Deeds, Floats, Ints
from truceline.simulation.oracle.anchors import (
    KEEP_PRIOR,
    Guesses,
    Sharper,
    Sizes,
    even_share,
    guess,
    sharpened,
)
from truceline.simulation.oracle.company import Company, pairs_of
from truceline.simulation.oracle.effort import Effort
from truceline.simulation.oracle.evidence import Evidence
from truceline.simulation.oracle.gate import candidates
from truceline.simulation.oracle.proposals import Proposals, middles, proposals_of
from truceline.simulation.oracle.templates import MOVED, Templates

_ANCHORS = 64  # at once
_PAIRS = 400  # anchors and members at once
SHARPER = 4.0  # by so much a width must be less for its sighting to be the one that knows
HOPELESS_NATS = 15.0  # one in three million; few guesses are seldom so far off
FEW = 12  # guesses of each deed by which it is told what it brings on
FAR_M = 60_000.0  # beyond this it brings on nothing


Lead = tuple[int, int]
"""The sighting that leads in place and the one that leads in time."""
Anchor = tuple[int, ...]
"""Whose guesses stand for a deed: a lead's, or after `OWN` those of a block of its own."""
OWN = -1


@dataclass(slots=True, kw_only=True)
class Blocks:
    """Likelihoods of blocks; what was reckoned once is kept.

    Parameters
    ----------
    evidence
        Accounts of their own, copies left out.
    templates, company, effort
        The world, what deeds bring on in it, and how hard to try.
    rng
        A generator; what it gives depends on nothing but the evidence.
    """

    evidence: Evidence
    templates: Templates
    company: Company
    effort: Effort
    rng: Generator
    proposals: Proposals = field(init=False)
    log_false: Floats = field(init=False)
    log_single: Floats = field(init=False)
    pairs: Ints = field(init=False)
    partners: list[list[int]] = field(init=False)
    _shares: Floats = field(init=False)
    _prior: Floats = field(init=False)
    _width: tuple[Floats, Floats] = field(init=False)
    _guesses: dict[Anchor, Guesses] = field(default_factory=dict)
    _weighed: dict[tuple[int, int, int], Floats] = field(default_factory=dict)
    _scores: dict[tuple[int, ...], float] = field(default_factory=dict)
    _likely: dict[tuple[int, int], Deeds] = field(default_factory=dict)
    _brought: dict[tuple[Lead, Lead], tuple[float, float]] = field(default_factory=dict)
    _leads: dict[tuple[int, ...], Lead] = field(default_factory=dict)
    _at_s: dict[Lead, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.proposals = proposals_of(self.evidence)
        self.log_false = self.evidence.log_false()
        _, _, width_m, _, width_s = middles(self.proposals)
        # What tells no place leads last.
        self._width = np.nan_to_num(width_m, nan=np.inf), width_s
        prior = np.sqrt(self.templates.often)
        self._prior = prior / prior.sum()
        count = len(self.evidence)
        self._shares = np.tile(self._prior, (count, 1))
        self._make([(one, one) for one in range(count)])
        self.log_single = np.array([self.score((one,)) for one in range(count)])
        self._pair_up()

    def score(self, block: tuple[int, ...]) -> float:
        """Nats of a block as one deed; minus infinity where it does not hang together."""
        found = self._scores.get(block)
        if found is None:
            found = self._scores[block] = self._reckoned(block)
        return found

    def weights(self, block: tuple[int, ...]) -> tuple[Anchor, Floats]:
        """Whose guesses stand for the deed of a block, and their log weights."""
        own = (OWN, *block)
        if own in self._guesses:
            return own, self._guesses[own].nats[0]
        lead = self.lead(block)
        self._make([lead])
        others = [one for one in block if one not in lead]
        self._weigh([(*lead, one) for one in others])
        nats = self._guesses[lead].nats[0].copy()
        for one in others:
            nats += self._weighed[(*lead, one)]
        if not 0 < even_share(nats) < self.effort.even or self._is_hopeless(block, nats):
            return lead, nats
        width_m, width_s = self._width[0][lead[0]], self._width[1][lead[1]]
        sharper = Sharper(width_m=float(width_m), width_s=float(width_s))
        world = (self.evidence, self.proposals, self.templates)
        made = sharpened(world, np.array(block), self._guesses[lead], nats, sharper, self.rng)
        if even_share(made.nats[0]) < even_share(nats):
            return lead, nats
        self._guesses[own] = made
        return own, made.nats[0]

    def _is_hopeless(self, block: tuple[int, ...], nats: Floats) -> bool:
        """Whether no better guesses could make up for what these lack against the members apart."""
        if len(block) == 1:
            return False
        apart = sum(max(self.log_single[one], self.log_false[one]) for one in block)
        return bool(_log_sum(nats[None, :])[0] < apart - HOPELESS_NATS)

    def deeds(self, lead: Sequence[Anchor], chosen: Ints) -> Deeds:
        """One guess of each anchor."""
        return self.drawn(lead, chosen)[1]

    def drawn(self, lead: Sequence[Anchor], chosen: Ints) -> tuple[Ints, Deeds]:
        """One guess of each anchor: of which templates, and the deeds."""
        of = [self._guesses[pair] for pair in lead]
        which, *at = (
            np.array([getattr(g, name)[0, c] for g, c in zip(of, chosen.tolist(), strict=True)])
            for name in ("which", *MOVED)
        )
        found = which.astype(np.int64)
        return found, self.templates.moved(found, at)

    def spots(self, lead: Anchor) -> tuple[Floats, Floats, Floats]:
        """Where and when each guess of an anchor is: metres east and north, and seconds."""
        of = self._guesses[lead]
        return of.x_m[0], of.y_m[0], of.began_s[0]

    def authors(self, lead: Anchor) -> Ints:
        """`Author` of each guess of an anchor."""
        found: Ints = self.templates.deeds.author[self._guesses[lead].which[0]]
        return found

    def lead(self, block: tuple[int, ...]) -> Lead:
        """Who leads a block."""
        found = self._leads.get(block)
        if found is None:
            width_m, width_s = self._width
            found = self._leads[block] = (
                min(block, key=lambda one: (width_m[one], one)),
                min(block, key=lambda one: (width_s[one], one)),
            )
        return found

    def at_s(self, lead: Lead) -> float:
        """About when the deed of a lead was."""
        found = self._at_s.get(lead)
        if found is None:
            found = self._at_s[lead] = float(self._some(lead).began_s.mean())
        return found

    def brought(self, later: Lead, earlier: Lead) -> tuple[float, float]:
        """What the deed of one lead brings on against the mean rate of the other's, as `Company` has it."""
        found = self._brought.get((later, earlier))
        if found is None:
            some, others = self._some(later), self._some(earlier)
            found = (0.0, 0.0)
            gap_m = abs(float(some.x_m.mean() - others.x_m.mean()))
            if gap_m < FAR_M:
                one, other = pairs_of(len(some))
                fire, of_one = self.company.brought(some.take(one), others.take(other))
                found = (float(fire.mean()), float(of_one.mean()))
            self._brought[later, earlier] = found
        return found

    def _some(self, lead: Lead) -> Deeds:
        """A few guesses of a lead, of even weight."""
        found = self._likely.get(lead)
        if found is None:
            self._make([lead])
            guesses = self._guesses[lead]
            top = guesses.nats[0].max()
            weight = (
                np.exp(guesses.nats[0] - top) if np.isfinite(top) else np.ones(len(guesses.nats[0]))
            )
            up_to = np.cumsum(weight)
            at = np.searchsorted(up_to, (np.arange(FEW) + 0.5) / FEW * up_to[-1])
            found = self.deeds([lead] * FEW, np.minimum(at, len(up_to) - 1))
            self._likely[lead] = found
        return found

    def _reckoned(self, block: tuple[int, ...]) -> float:
        if len(block) > 1 and not self._hangs(block):
            return -np.inf
        nats = self.weights(block)[1]
        top = nats.max()
        return float(top + np.log(np.exp(nats - top).sum())) if np.isfinite(top) else -np.inf

    def _hangs(self, block: tuple[int, ...]) -> bool:
        """Whether no post tells of it twice, and partners join all of it."""
        if len({self.evidence.source(one) for one in block}) < len(block):
            return False
        left, edge = set(block[1:]), [block[0]]
        while edge and left:
            near = left.intersection(self.partners[edge.pop()])
            left -= near
            edge.extend(near)
        return not left

    def _pair_up(self) -> None:
        """Pairs that are worth looking at: those of the gate that two deeds do not beat by far."""
        pairs = candidates(self.evidence, self.proposals)
        # Whoever was silent was so of both: a loud deed that two tell of is told of by more.
        single = [self._told_alone(one) for one in range(len(self.evidence))]
        alone = np.maximum(single, self.log_false)
        # What cannot be told alone has no odds against two deeds; its pairs are all kept.
        apart = np.where(np.isfinite(alone), alone, -1e6)
        nats = self._as_pairs(pairs)
        kept = nats - apart[pairs[:, 0]] - apart[pairs[:, 1]] > -self.effort.least_nats
        self._be_partners(pairs[kept & np.isfinite(nats)])

    def _told_alone(self, one: int) -> float:
        of = self._guesses[one, one]
        return float(_log_sum(of.nats - of.quiet)[0])

    def _as_pairs(self, pairs: Ints) -> Floats:
        """Nats of pairs as one deed, silence of others left out.

        By the better of the guesses of either alone; where one knows the place far better and the other
        the time, by guesses of both.
        """
        nats = np.full(len(pairs), -np.inf)
        for one, other in ((0, 1), (1, 0)):
            lead, by = pairs[:, one], pairs[:, other]
            for first in range(0, len(pairs), _PAIRS):
                some = slice(first, first + _PAIRS)
                of = [self._guesses[n, n] for n in lead[some].tolist()]
                rows = np.repeat(by[some], self.effort.kept)
                seen = self.evidence.log_seen(rows, self._moved(of)).reshape(len(of), -1)
                seen = seen + np.concatenate([g.nats - g.quiet for g in of])
                nats[some] = np.maximum(nats[some], _log_sum(seen))
        width_m, width_s = self._width
        place = np.argmin(width_m[pairs], axis=1)
        with np.errstate(invalid="ignore"):
            sharper = np.sort(width_m[pairs], axis=1), np.sort(width_s[pairs], axis=1)
            far = [SHARPER * low < high for low, high in (pair.T for pair in sharper)]
        crossed = np.flatnonzero(far[0] & far[1] & (place != np.argmin(width_s[pairs], axis=1)))
        blocks = [(int(one), int(other)) for one, other in pairs[crossed]]
        self._make([self.lead(block) for block in blocks])
        for place, block in zip(crossed.tolist(), blocks, strict=True):
            anchor, weighed = self.weights(block)
            nats[place] = _log_sum(weighed[None, :] - self._guesses[anchor].quiet)[0]
        return nats

    def _moved(self, of: Sequence[Guesses]) -> Deeds:
        at = [np.concatenate([getattr(g, name)[0] for g in of]) for name in MOVED]
        return self.templates.moved(np.concatenate([g.which[0] for g in of]), at)

    def _be_partners(self, pairs: Ints) -> None:
        self.pairs = pairs
        self.partners = [[] for _ in range(len(self.evidence))]
        for one, other in pairs.tolist():
            self.partners[one].append(other)
            self.partners[other].append(one)

    def _make(self, leads: Sequence[tuple[int, int]]) -> None:
        """Guesses of anchors that have none yet."""
        wanted = sorted({lead for lead in leads if lead not in self._guesses})
        for first in range(0, len(wanted), _ANCHORS):
            some = wanted[first : first + _ANCHORS]
            place, time = np.array(some).T
            shares = (1 - KEEP_PRIOR) * (self._shares[place] + self._shares[time]) / 2
            shares = shares + KEEP_PRIOR * self._prior
            world = (self.evidence, self.proposals, self.templates)
            sizes = Sizes(draws=self.effort.draws, kept=self.effort.kept)
            made, fell = guess(world, place, time, shares, sizes, self.rng)
            for row, lead in enumerate(some):
                self._guesses[lead] = Guesses(
                    **{
                        name: getattr(made, name)[row : row + 1]
                        for name in ("which", *MOVED, "nats", "quiet")
                    }
                )
                if lead[0] == lead[1]:
                    self._shares[lead[0]] = fell[row]

    def _weigh(self, wanted: Sequence[tuple[int, int, int]]) -> None:
        """How each member weighs the guesses of an anchor, where that is not known yet."""
        new = sorted({one for one in wanted if one not in self._weighed})
        for first in range(0, len(new), _PAIRS):
            some = new[first : first + _PAIRS]
            of = [self._guesses[one[:2]] for one in some]
            deeds = self._moved(of)
            rows = np.repeat(np.array([one[2] for one in some]), self.effort.kept)
            nats = self.evidence.log_seen(rows, deeds).reshape(len(some), -1)
            for one, row in zip(some, nats, strict=True):
                self._weighed[one] = row


def _log_sum(nats: Floats) -> Floats:
    """Log of the sum of each row."""
    top = nats.max(axis=1)
    safe = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        return np.log(np.exp(nats - safe[:, None]).sum(axis=1)) + safe
