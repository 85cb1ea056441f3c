"""In which language and words it is told."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import LANGUAGES, Deeds, Floats, Ground, Posts, Sightings
from truceline.simulation.errors.telling import Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """In which language and words it is told: no evidence of the deed, so it weighs nothing."""

    def tell(self, told: Told, deeds: Deeds, posts: Posts, ground: Ground, rng: Generator) -> None:
        """Each outlet has one language; words are drawn."""
        self.invent(told, posts, ground, rng)

    def log_density(self, said: Sightings, deeds: Deeds, posts: Posts, ground: Ground) -> Floats:
        """Nothing."""
        return np.zeros(len(said))

    def invent(self, told: Told, posts: Posts, ground: Ground, rng: Generator) -> None:
        """The same of nothing."""
        # Hosts go by threes, too: languages go by the next three so that no side owns one.
        told["language"] = (posts.post + posts.post // 3) % len(LANGUAGES)
        told["wording"] = rng.integers(0, 2**31, len(posts))

    def log_invented(self, said: Sightings, posts: Posts, ground: Ground) -> Floats:
        """Nothing."""
        return np.zeros(len(said))
