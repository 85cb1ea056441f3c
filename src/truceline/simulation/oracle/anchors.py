"""Guesses at the deed behind a sighting or two: places from one, instants from the other, weighed.

Self-normalised importance sampling. Guesses are drawn widely, weighed by the world's intensity times
the densities of the two sightings over the density of the draw, and thinned to a few of even weight,
which then stand for the deed in every block that the two sightings lead.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Deeds, Floats, Ints
from truceline.simulation.oracle.evidence import Evidence
from truceline.simulation.oracle.proposals import Proposals
from truceline.simulation.oracle.templates import Templates

KEEP_PRIOR = 0.25  # of a pair's draws, how many ask all templates again


@dataclass(frozen=True, slots=True, kw_only=True)
class Guesses:
    """Deeds that may be behind some sightings, `(anchors, kept)` with their weights.

    Parameters
    ----------
    which, x_m, y_m, began_s
        Template, place and instant.
    nats
        Log weight; the sum over a row is the likelihood of the anchor's sightings as a deed's, and of
        silence of all other posts.
    """

    which: Ints
    x_m: Floats
    y_m: Floats
    began_s: Floats
    nats: Floats

    def deeds(self, templates: Templates) -> Deeds:
        """All of them, row after row."""
        return templates.moved(
            self.which.ravel(), self.x_m.ravel(), self.y_m.ravel(), self.began_s.ravel()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Guesses for each anchor: drawn, kept for a look at who was silent, and kept at last."""

    draws: int
    heard: int
    kept: int


def guess(
    world: tuple[Evidence, Proposals, Templates],
    place: Ints,
    time: Ints,
    shares: Floats,
    sizes: Sizes,
    rng: Generator,
) -> tuple[Guesses, Floats]:
    """Guesses at the deeds behind pairs of sightings.

    Parameters
    ----------
    world
        What was told, what draws need of it, and the world's deeds.
    place, time
        `(anchors,)` sightings whose place and whose time lead; the same twice for one alone.
    shares
        `(anchors, templates)` chances with which templates are drawn; rows sum to one.
    sizes
        How many.
    rng
        A generator.

    Returns
    -------
    tuple
        The guesses, and `(anchors, templates)` how much of the weight fell on each template.
    """
    evidence, _, templates = world
    drawn = _drawn(world, place, time, shares, sizes.draws, rng)
    # By the root of the weight: a guess that is likely but loud must leave room for quiet ones.
    heard = _thinned(drawn, 0.5, sizes.heard, rng)
    heard.nats[:] += evidence.log_silence(heard.deeds(templates)).reshape(heard.nats.shape)
    fell = np.zeros_like(shares)
    np.add.at(fell, (np.arange(len(place))[:, None], heard.which), _shares(heard.nats))
    return _thinned(heard, 1.0, sizes.kept, rng), fell


def _drawn(
    world: tuple[Evidence, Proposals, Templates],
    place: Ints,
    time: Ints,
    shares: Floats,
    draws: int,
    rng: Generator,
) -> Guesses:
    """Guesses with their weights before anybody is asked who was silent."""
    evidence, proposals, templates = world
    which = np.stack([_even(row, draws, rng) for row in shares])
    flat = which.ravel()
    anchor = np.repeat(np.arange(len(place)), draws)
    of_place, of_time = place[anchor], time[anchor]
    x_m, y_m = proposals.places(of_place, flat, templates, rng)
    at_s = proposals.times(of_time, rng)
    law = templates.log_place(flat, x_m, y_m)
    nats = np.log(templates.often[flat]) + law + templates.log_time(flat, at_s)
    nats -= np.log(draws)
    nats -= np.log(shares[anchor, flat])
    nats -= proposals.log_place(of_place, flat, templates, x_m, y_m, law) + proposals.log_time(
        of_time, at_s
    )
    nats = np.where(np.isnan(nats), -np.inf, nats)
    live = np.flatnonzero(np.isfinite(nats))
    two = live[of_place[live] != of_time[live]]
    for rows, seen in ((live, of_place), (two, of_time)):
        deeds = templates.moved(flat[rows], x_m[rows], y_m[rows], at_s[rows])
        nats[rows] += evidence.log_seen(seen[rows], deeds)
    return Guesses(
        which=which,
        x_m=x_m.reshape(which.shape),
        y_m=y_m.reshape(which.shape),
        began_s=at_s.reshape(which.shape),
        nats=nats.reshape(which.shape),
    )


def _shares(nats: Floats) -> Floats:
    """Shares of each row's weight; even where all weigh nothing."""
    top = nats.max(axis=1, keepdims=True)
    weight = np.where(np.isfinite(top), np.exp(nats - np.where(np.isfinite(top), top, 0.0)), 1.0)
    return weight / weight.sum(axis=1, keepdims=True)


def _thinned(guesses: Guesses, power: float, kept: int, rng: Generator) -> Guesses:
    """Some of each row, drawn by a power of the weight, with the weight that is left to each."""
    share = _shares(power * guesses.nats)
    chosen = np.stack([_even(row, kept, rng) for row in share])
    row = np.arange(len(chosen))[:, None]
    nats = guesses.nats[row, chosen] - np.log(share[row, chosen]) - np.log(kept)
    return Guesses(
        which=guesses.which[row, chosen],
        x_m=guesses.x_m[row, chosen],
        y_m=guesses.y_m[row, chosen],
        began_s=guesses.began_s[row, chosen],
        nats=nats,
    )


def _even(share: Floats, count: int, rng: Generator) -> Ints:
    """Systematic resampling: each row as often as its share says, up to one."""
    up_to = np.cumsum(share)
    at = (np.arange(count) + rng.random()) / count * up_to[-1]
    return np.minimum(np.searchsorted(up_to, at, side="right"), len(share) - 1).astype(np.int64)
