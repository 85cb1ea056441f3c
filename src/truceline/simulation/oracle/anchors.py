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
    quiet
        What of it is of that silence.
    """

    which: Ints
    x_m: Floats
    y_m: Floats
    began_s: Floats
    nats: Floats
    quiet: Floats

    def deeds(self, templates: Templates) -> Deeds:
        """All of them, row after row."""
        return templates.moved(
            self.which.ravel(), self.x_m.ravel(), self.y_m.ravel(), self.began_s.ravel()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Guesses for each anchor: drawn, and kept."""

    draws: int
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
    # By the root of the weight, and before anybody is asked who was silent: what is likely alone must
    # leave room for what is likely with others, and loud guesses for quiet ones.
    kept = _thinned(drawn, 0.5, sizes.kept, rng)
    fell = np.zeros_like(shares)
    np.add.at(fell, (np.arange(len(place))[:, None], kept.which), _shares(kept.nats))
    kept.quiet[:] = evidence.log_silence(kept.deeds(templates)).reshape(kept.nats.shape)
    kept.nats[:] += kept.quiet
    return kept, fell


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
        quiet=np.zeros(which.shape),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharper:
    """How guesses at a whole block are drawn about the likeliest of its anchor's.

    Parameters
    ----------
    width_m, width_s
        Of the sightings that lead; divided by the root of how many tell of it.
    """

    width_m: float
    width_s: float


def even_share(nats: Floats) -> float:
    """How many guesses share the weight: the effective sample size (Kish 1965).

    Examples
    --------
    >>> even_share(np.array([0.0, 0.0, -50.0])), even_share(np.full(2, -np.inf))
    (2.0, 0.0)
    """
    if not np.isfinite(nats.max(initial=-np.inf)):
        return 0.0
    weight = np.exp(nats - nats.max())
    return float(round(weight.sum() ** 2 / (weight**2).sum(), 9))


def sharpened(
    world: tuple[Evidence, Proposals, Templates],
    block: Ints,
    old: Guesses,
    nats: Floats,
    sharper: Sharper,
    rng: Generator,
) -> Guesses:
    """Guesses at the deed of a whole block, drawn about those that its anchor had.

    One step of population Monte Carlo (Cappé et al. 2004): each new guess is an old one, chosen by the
    root of its weight for the block and moved a little; it is weighed by the density of all such moves.

    Parameters
    ----------
    world
        As `guess` takes it.
    block
        `(members,)` sightings.
    old, nats
        The anchor's guesses, one row, and `(kept,)` what they weigh for the block.
    sharper
        How far they are moved.
    rng
        A generator.
    """
    evidence, _, templates = world
    share = _shares(0.5 * nats[None, :])[0]
    chosen = _even(share, nats.size, rng)
    which, x_m, y_m, at_s = (getattr(old, name)[0] for name in ("which", "x_m", "y_m", "began_s"))
    full = _shares(nats[None, :])[0]
    root = np.sqrt(block.size)
    step_m = max(_spread(x_m, full), _spread(y_m, full), _known(sharper.width_m) / root)
    step_s = max(_spread(at_s, full), _known(sharper.width_s) / root)
    off = rng.standard_normal((3, nats.size))
    new = which[chosen]
    to_x, to_y = x_m[chosen] + step_m * off[0], y_m[chosen] + step_m * off[1]
    to_s = at_s[chosen] + step_s * off[2]
    square = ((to_x[:, None] - x_m) ** 2 + (to_y[:, None] - y_m) ** 2) / step_m**2
    square += (to_s[:, None] - at_s) ** 2 / step_s**2
    moves = np.where(new[:, None] == which, np.exp(-0.5 * square), 0.0) @ share
    with np.errstate(divide="ignore"):
        moved = np.log(moves)
    drawn = moved - 1.5 * np.log(2 * np.pi) - 2 * np.log(step_m) - np.log(step_s)
    found = np.log(templates.often[new]) + templates.log_place(new, to_x, to_y)
    found += templates.log_time(new, to_s) - drawn - np.log(nats.size)
    live = np.flatnonzero(np.isfinite(found))
    deeds = templates.moved(new[live], to_x[live], to_y[live], to_s[live])
    quiet = np.zeros(nats.size)
    quiet[live] = evidence.log_silence(deeds)
    found += quiet
    for one in block.tolist():
        found[live] += evidence.log_seen(np.full(live.size, one), deeds)
    return Guesses(
        which=new[None, :],
        x_m=to_x[None, :],
        y_m=to_y[None, :],
        began_s=to_s[None, :],
        nats=found[None, :],
        quiet=quiet[None, :],
    )


def _known(width: float) -> float:
    return width if np.isfinite(width) else 1.0


def _spread(values: Floats, share: Floats) -> float:
    middle = float(values @ share)
    return float(np.sqrt(share @ (values - middle) ** 2))


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
        quiet=np.zeros(nats.shape),
    )


def _even(share: Floats, count: int, rng: Generator) -> Ints:
    """Systematic resampling: each row as often as its share says, up to one."""
    up_to = np.cumsum(share)
    at = (np.arange(count) + rng.random()) / count * up_to[-1]
    return np.minimum(np.searchsorted(up_to, at, side="right"), len(share) - 1).astype(np.int64)
