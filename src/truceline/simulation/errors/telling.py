"""A telling: one thing that an observer says of what it noticed, and how likely it says so.

An observer is a handful of tellings. Each draws what is told, and gives the log density of what was
told, from the same numbers; so the density of a whole sighting is the sum over its tellings.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from truceline.simulation.columns import Deeds, Floats, Ground, Posts, Sightings

Told = dict[str, npt.NDArray[Any]]
"""Columns of sightings by name, filled in place."""

DAY_S = 86_400.0


class Telling(Protocol):
    """One thing that is told; rows of all arguments are pairs of a deed and a post."""

    def tell(self, told: Told, deeds: Deeds, posts: Posts, ground: Ground, rng: Generator) -> None:
        """Fill in what is told of deeds."""
        ...

    def log_density(self, said: Sightings, deeds: Deeds, posts: Posts, ground: Ground) -> Floats:
        """Nats of what was told, given deeds; 0 where it is not told and not telling says nothing."""
        ...

    def invent(self, told: Told, posts: Posts, ground: Ground, rng: Generator) -> None:
        """Fill in what is told of nothing; `seen_from_s` holds the instant already."""
        ...

    def log_invented(self, said: Sightings, posts: Posts, ground: Ground) -> Floats:
        """Nats of what was told, given that there was nothing."""
        ...


def blank(rows: int) -> Told:
    """Columns of sightings that tell nothing yet.

    Examples
    --------
    >>> told = blank(2)
    >>> told["type"].tolist(), told["x_m"].tolist(), told["is_to_origin"].tolist()
    ([-1, -1], [nan, nan], [False, False])
    """
    numbers = (
        "deed", "post", "copied_from", "place", "type", "rounds", "claimed", "speaker", "language",
    )  # fmt: skip
    figures = (
        "seen_from_s", "seen_to_s", "reported_s", "x_m", "y_m", "error_m", "bearing_deg",
        "bearing_error_deg", "range_m",
    )  # fmt: skip
    zeros = ("direction", "stance", "wording")
    return {
        **dict(zip(numbers, np.full((len(numbers), rows), -1, dtype=np.int64), strict=True)),
        **dict(zip(figures, np.full((len(figures), rows), np.nan), strict=True)),
        **dict(zip(zeros, np.zeros((len(zeros), rows), dtype=np.int64), strict=True)),
        "is_to_origin": np.zeros(rows, dtype=np.bool_),
    }


def tell_all(
    tellings: Sequence[Telling], deeds: Deeds, posts: Posts, ground: Ground, rng: Generator
) -> Sightings:
    """Sightings of deeds, row by row."""
    told = blank(len(deeds))
    told["deed"], told["post"] = deeds.deed.copy(), posts.post.copy()
    for telling in tellings:
        telling.tell(told, deeds, posts, ground, rng)
    return Sightings(**told)


def log_density_all(
    tellings: Sequence[Telling], said: Sightings, deeds: Deeds, posts: Posts, ground: Ground
) -> Floats:
    """Nats of sightings given deeds, row by row."""
    found = np.zeros(len(said))
    for telling in tellings:
        found += telling.log_density(said, deeds, posts, ground)
    return found


def invent_all(
    tellings: Sequence[Telling], at_s: Floats, posts: Posts, ground: Ground, rng: Generator
) -> Sightings:
    """Sightings of nothing at given instants, row by row."""
    told = blank(len(posts))
    told["post"] = posts.post.copy()
    told["seen_from_s"] = at_s.copy()
    for telling in tellings:
        telling.invent(told, posts, ground, rng)
    return Sightings(**told)


def log_invented_all(
    tellings: Sequence[Telling], said: Sightings, posts: Posts, ground: Ground
) -> Floats:
    """Nats of sightings given that there was nothing, row by row; the rate is not in it."""
    found = np.zeros(len(said))
    for telling in tellings:
        found += telling.log_invented(said, posts, ground)
    return found


def pick(chances: Floats, rng: Generator) -> npt.NDArray[np.int64]:
    """A column of each row of `(n, k)` chances that sum to one, `(n,)`.

    Examples
    --------
    >>> from numpy.random import default_rng
    >>> pick(np.array([[0.0, 1.0], [1.0, 0.0]]), default_rng(1)).tolist()
    [1, 0]
    """
    up_to = np.cumsum(chances, axis=1)
    drawn = rng.random(len(chances)) * up_to[:, -1]
    return np.minimum((drawn[:, None] >= up_to).sum(axis=1), chances.shape[1] - 1)


def distance_m(posts: Posts, x_m: Floats, y_m: Floats) -> Floats:
    """Metres from posts to spots; 0 for a post that stands nowhere."""
    return np.nan_to_num(np.hypot(x_m - posts.x_m, y_m - posts.y_m))
