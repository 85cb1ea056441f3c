"""How likely a block of sightings is as what was told of one deed.

A block is led by the sighting that knows the place best and the one that knows the time best; their
guesses (`anchors`) stand for the deed, and every other member weighs them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Deeds, Floats, Ints
from truceline.simulation.oracle.anchors import KEEP_PRIOR, Guesses, Sizes, guess
from truceline.simulation.oracle.company import Company, pairs_of
from truceline.simulation.oracle.evidence import Evidence
from truceline.simulation.oracle.gate import candidates
from truceline.simulation.oracle.proposals import Proposals, middles, proposals_of
from truceline.simulation.oracle.templates import Templates

_ANCHORS = 64  # at once
_PAIRS = 400  # anchors and members at once
FEW = 12  # guesses of each deed by which it is told what it brings on
FAR_M = 60_000.0  # beyond this it brings on nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How hard the oracle tries.

    Parameters
    ----------
    draws, heard, kept
        Guesses for each anchor, as `anchors.Sizes` has them.
    most
        Pairs looked at for each sighting.
    least_nats
        Pairs that are less likely than two deeds by so much are dropped.
    partitions
        Partitions drawn from the posterior.
    exact
        Components of so many sightings or fewer are enumerated.
    burn, thin
        Sweeps of longer components.
    ghosts, each
        Truces from which templates come, and how many are kept of each sort.
    """

    draws: int = 400
    heard: int = 96
    kept: int = 48
    most: int = 8
    least_nats: float = 4.0
    partitions: int = 40
    exact: int = 8
    burn: int = 15
    thin: int = 1
    ghosts: int = 24
    each: int = 12


Lead = tuple[int, int]
"""The sighting that leads in place and the one that leads in time."""


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
    _guesses: dict[tuple[int, int], Guesses] = field(default_factory=dict)
    _weighed: dict[tuple[int, int, int], Floats] = field(default_factory=dict)
    _scores: dict[tuple[int, ...], float] = field(default_factory=dict)
    _likely: dict[tuple[int, int], Deeds] = field(default_factory=dict)
    _brought: dict[tuple[Lead, Lead], float] = field(default_factory=dict)

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

    def weights(self, block: tuple[int, ...]) -> tuple[tuple[int, int], Floats]:
        """The anchor of a block, and the log weights of its guesses."""
        lead = self.lead(block)
        self._make([lead])
        others = [one for one in block if one not in lead]
        self._weigh([(*lead, one) for one in others])
        nats = self._guesses[lead].nats[0].copy()
        for one in others:
            nats += self._weighed[(*lead, one)]
        return lead, nats

    def deeds(self, lead: Sequence[tuple[int, int]], chosen: Ints) -> Deeds:
        """One guess of each anchor."""
        of = [self._guesses[pair] for pair in lead]
        picked = [
            np.array([getattr(g, name)[0, c] for g, c in zip(of, chosen.tolist(), strict=True)])
            for name in ("which", "x_m", "y_m", "began_s")
        ]
        return self.templates.moved(picked[0].astype(np.int64), *picked[1:])

    def authors(self, lead: tuple[int, int]) -> Ints:
        """`Author` of each guess of an anchor."""
        found: Ints = self.templates.deeds.author[self._guesses[lead].which[0]]
        return found

    def lead(self, block: tuple[int, ...]) -> Lead:
        """Who leads a block."""
        width_m, width_s = self._width
        return (
            min(block, key=lambda one: (width_m[one], one)),
            min(block, key=lambda one: (width_s[one], one)),
        )

    def at_s(self, lead: Lead) -> float:
        """About when the deed of a lead was."""
        return float(self._some(lead).began_s.mean())

    def brought(self, later: Lead, earlier: Lead) -> float:
        """What the deed of one lead brings on against the mean rate of the other's."""
        found = self._brought.get((later, earlier))
        if found is None:
            some, others = self._some(later), self._some(earlier)
            found = 0.0
            gap_m = abs(float(some.x_m.mean() - others.x_m.mean()))
            if gap_m < FAR_M:
                one, other = pairs_of(len(some))
                found = float(self.company.brought(some.take(one), others.take(other)).mean())
            self._brought[later, earlier] = found
        return found

    def _some(self, lead: Lead) -> Deeds:
        """A few guesses of a lead, of even weight."""
        found = self._likely.get(lead)
        if found is None:
            self._make([lead])
            guesses = self._guesses[lead]
            up_to = np.cumsum(np.exp(guesses.nats[0] - guesses.nats[0].max()))
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
        kind, post = self.evidence.kind, self.evidence.told.post
        if len({(int(kind[one]), int(post[one])) for one in block}) < len(block):
            return False
        left, edge = set(block[1:]), [block[0]]
        while edge and left:
            near = left.intersection(self.partners[edge.pop()])
            left -= near
            edge.extend(near)
        return not left

    def _pair_up(self) -> None:
        pairs = candidates(self.evidence, self.proposals, most=self.effort.most)
        self._be_partners(pairs)
        as_blocks = [(int(one), int(other)) for one, other in pairs]
        leads = [self.lead(block) for block in as_blocks]
        self._make(leads)
        self._weigh(
            [
                (*lead, one)
                for lead, block in zip(leads, as_blocks, strict=True)
                for one in block
                if one not in lead
            ]
        )
        gain = np.array([self.score(block) for block in as_blocks])
        alone = np.maximum(self.log_single, self.log_false)
        # What cannot be told alone has no odds against two deeds; its pairs are all kept.
        apart = np.where(np.isfinite(alone), alone, -1e6)
        kept = gain - apart[pairs[:, 0]] - apart[pairs[:, 1]] > -self.effort.least_nats
        self._be_partners(pairs[kept])
        self._scores = {block: nats for block, nats in self._scores.items() if len(block) == 1}

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
            sizes = Sizes(draws=self.effort.draws, heard=self.effort.heard, kept=self.effort.kept)
            made, fell = guess(world, place, time, shares, sizes, self.rng)
            for row, lead in enumerate(some):
                self._guesses[lead] = Guesses(
                    **{
                        name: getattr(made, name)[row : row + 1]
                        for name in ("which", "x_m", "y_m", "began_s", "nats")
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
            deeds = self.templates.moved(
                np.concatenate([g.which[0] for g in of]),
                np.concatenate([g.x_m[0] for g in of]),
                np.concatenate([g.y_m[0] for g in of]),
                np.concatenate([g.began_s[0] for g in of]),
            )
            rows = np.repeat(np.array([one[2] for one in some]), self.effort.kept)
            nats = self.evidence.log_seen(rows, deeds).reshape(len(some), -1)
            for one, row in zip(some, nats, strict=True):
                self._weighed[one] = row
