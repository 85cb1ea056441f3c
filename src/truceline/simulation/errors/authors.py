"""Whom an observer names as the author, given who it was and whose word the observer carries.

Everything is said in terms of "own" and "other" side, so that exchanging the parties exchanges the
chances and changes nothing else.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Author, Deeds, Floats, Ground, Posts, Sightings
from truceline.simulation.errors.telling import Told, pick

SILENT, ASSERTS_A, ASSERTS_B, DENIES_A, DENIES_B, ADMITS_A, ADMITS_B = range(7)
"""Outcomes: nobody named; A or B named; and the same with a denial or an admission."""

CLAIMED = np.array([-1, Author.A, Author.B, Author.A, Author.B, Author.A, Author.B])
STANCE = np.array([0, 1, 1, 2, 2, 3, 3])
PARTIES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How one kind of observer names authors.

    Parameters
    ----------
    right, wrong
        Of an observer on nobody's side: P(names the author), P(names the other party). Where no
        party did it, each party is named with half of `wrong`.
    blames_right, blames_wrong
        Of an observer on a side: P(names the other side | it was they), P(the same | it was not).
    denies, admits
        Of an observer on a side, where its own side did it: P(denies), P(admits).
    """

    right: float
    wrong: float
    blames_right: float
    blames_wrong: float
    denies: float = 0.0
    admits: float = 0.0

    def table(self) -> Floats:
        """Chances `(authors, hosts, outcomes)`; the last host is nobody's side.

        Examples
        --------
        >>> table = Voice(right=0.3, wrong=0.02, blames_right=0.7, blames_wrong=0.3).table()
        >>> table.shape, round(float(table[Author.A, -1, ASSERTS_A]), 3)
        ((7, 3, 7), 0.3)
        >>> bool(table[Author.A, 1, ASSERTS_A] == table[Author.B, 0, ASSERTS_B] == 0.7)
        True
        """
        table = np.zeros((len(Author), PARTIES + 1, 7))
        for author in Author:
            if author in (Author.A, Author.B):
                table[author, -1, ASSERTS_A + author] = self.right
                table[author, -1, ASSERTS_A + 1 - author] = self.wrong
            else:
                table[author, -1, [ASSERTS_A, ASSERTS_B]] = self.wrong / 2
            for host in range(PARTIES):
                other = 1 - host
                joint = author == Author.JOINT
                is_right = author == other or joint
                table[author, host, ASSERTS_A + other] = (
                    self.blames_right if is_right else self.blames_wrong
                )
                if author == host:
                    table[author, host, DENIES_A + host] = self.denies
                    table[author, host, ADMITS_A + host] = self.admits
        table[:, :, SILENT] = 1 - table[:, :, 1:].sum(axis=2)
        return table


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The author that is told.

    Parameters
    ----------
    voice
        Chances; a false report speaks as of weather and daily work.
    is_party
        Whether the observer is a side itself: it is then the speaker of what it claims.
    """

    voice: Voice
    is_party: bool = False
    table: Floats = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", self.voice.table())

    def tell(self, told: Told, deeds: Deeds, posts: Posts, ground: Ground, rng: Generator) -> None:
        """An outcome by author and host."""
        self._fill(told, pick(self.table[deeds.author, posts.host], rng), posts)

    def log_density(self, said: Sightings, deeds: Deeds, posts: Posts, ground: Ground) -> Floats:
        """Nats of the outcome."""
        with np.errstate(divide="ignore"):
            return np.log(self.table[deeds.author, posts.host, outcome_of(said)])

    def invent(self, told: Told, posts: Posts, ground: Ground, rng: Generator) -> None:
        """An outcome as if nature had done it."""
        self._fill(told, pick(self.table[Author.NATURE, posts.host], rng), posts)

    def log_invented(self, said: Sightings, posts: Posts, ground: Ground) -> Floats:
        """Nats of the outcome."""
        with np.errstate(divide="ignore"):
            return np.log(self.table[Author.NATURE, posts.host, outcome_of(said)])

    def _fill(
        self, told: Told, outcome: "np.ndarray[tuple[int], np.dtype[np.int64]]", posts: Posts
    ) -> None:
        told["claimed"], told["stance"] = CLAIMED[outcome], STANCE[outcome]
        if self.is_party:
            told["speaker"] = np.where(outcome == SILENT, -1, posts.host)


def outcome_of(said: Sightings) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """The outcome that a sighting shows, row by row."""
    stance = np.maximum(said.stance, 1)
    return np.where(said.claimed < 0, SILENT, 2 * stance - 1 + said.claimed)
