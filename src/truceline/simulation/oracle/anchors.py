"""Guesses at the deed behind a sighting or two: places from one, instants from the other, weighed.

Self-normalised importance sampling. Guesses are drawn widely, weighed by the world's intensity times
the densities of the two sightings over the density of the draw, and thinned to a few of even weight,
which then stand for the deed in every block that the two sightings lead.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Bools, Deeds, Floats, Ints
from truceline.simulation.oracle.evidence import Evidence
from truceline.simulation.oracle.proposals import Proposals
from truceline.simulation.oracle.templates import MOVED, Templates

OTHER = 0.5  # of the guesses at a whole block, how many are of another template than the old ones
KEEP_PRIOR = 0.25  # of a pair's draws, how many ask all templates again


@dataclass(frozen=True, slots=True, kw_only=True)
class Guesses:
    """Deeds that may be behind some sightings, `(anchors, kept)` with their weights.

    Parameters
    ----------
    which, x_m, y_m, origin_x_m, origin_y_m, began_s
        Template, place, origin and instant.
    nats
        Log weight; the sum over a row is the likelihood of the anchor's sightings as a deed's, and of
        silence of all other posts.
    quiet
        What of it is of that silence.
    """

    which: Ints
    x_m: Floats
    y_m: Floats
    origin_x_m: Floats
    origin_y_m: Floats
    began_s: Floats
    nats: Floats
    quiet: Floats

    def deeds(self, templates: Templates) -> Deeds:
        """All of them, row after row."""
        return templates.moved(self.which.ravel(), [getattr(self, name).ravel() for name in MOVED])


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
    at = (*proposals.places(of_place, flat, templates, rng), proposals.times(of_time, rng))
    law = (
        templates.log_place(flat, at[0], at[1]),
        templates.log_origin(flat, at[0], at[2], at[3]),
    )
    nats = np.log(templates.often[flat]) + law[0] + law[1] + templates.log_time(flat, at[4])
    nats -= np.log(draws)
    nats -= np.log(shares[anchor, flat])
    nats -= proposals.log_place(of_place, flat, templates, at[:4], law)
    nats -= proposals.log_time(of_time, at[4])
    nats = np.where(np.isnan(nats), -np.inf, nats)
    live = np.flatnonzero(np.isfinite(nats))
    two = live[of_place[live] != of_time[live]]
    for rows, seen in ((live, of_place), (two, of_time)):
        deeds = templates.moved(flat[rows], [column[rows] for column in at])
        nats[rows] += evidence.log_seen(seen[rows], deeds)
    nats = nats.reshape(which.shape)
    return _guesses(which, [column.reshape(which.shape) for column in at], nats)


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
    root of its weight for the block and moved a little, and half of them are of another template of the
    same sort, since old ones are of few; it is weighed by the density of all such moves.

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
    root = np.sqrt(block.size)
    full = _shares(nats[None, :])[0]
    steps = _steps(old, full, _known(sharper.width_m) / root, _known(sharper.width_s) / root)
    at = np.stack([getattr(old, name)[0] for name in MOVED])
    to = at[:, chosen] + steps[:, None] * rng.standard_normal((5, nats.size))
    which = old.which[0]
    is_other = rng.random(nats.size) < OTHER
    new = np.where(is_other, templates.alike(which[chosen], rng), which[chosen])
    kept = np.where(new[:, None] == which, 1.0 - OTHER, 0.0)
    alike = templates.sort[new][:, None] == templates.sort[which]
    became = kept + np.where(alike, OTHER * templates.within[new][:, None], 0.0)
    has_guns = templates.aside_m[new] > 0
    to[2:4] = np.where(has_guns, to[2:4], templates.origins(new, to[0], to[1], rng))
    found = np.log(templates.often[new]) + templates.log_place(new, to[0], to[1])
    found += templates.log_origin(new, to[0], to[2], to[3]) + templates.log_time(new, to[4])
    found -= _log_moves(to, at, steps, has_guns, became * share)
    found -= np.log(nats.size)
    live = np.flatnonzero(np.isfinite(found))
    deeds = templates.moved(new[live], list(to[:, live]))
    made = _guesses(new[None, :], list(to[:, None, :]), found[None, :])
    made.quiet[0, live] = evidence.log_silence(deeds)
    made.nats[:] += made.quiet
    for one in block.tolist():
        made.nats[0, live] += evidence.log_seen(np.full(live.size, one), deeds)
    return made


def _steps(old: Guesses, share: Floats, width_m: float, width_s: float) -> Floats:
    """How far guesses are moved: `(5,)` of place, origin and instant, as far as the likely ones lie apart."""
    apart = [_spread(getattr(old, name)[0], share) for name in MOVED]
    fell_m, fired_m = max(*apart[:2], width_m), max(*apart[2:4], width_m)
    return np.array([fell_m, fell_m, fired_m, fired_m, max(apart[4], width_s)])


def _log_moves(to: Floats, at: Floats, steps: Floats, has_guns: Bools, share: Floats) -> Floats:
    """Log density of all such moves: `(new,)` of `(5, new)` from `(5, old)`, by `(new, old)` shares."""
    moves = np.zeros(share.shape)
    log_size = np.zeros(len(has_guns))
    for column, (there, here, step) in enumerate(zip(to, at, steps.tolist(), strict=True)):
        # An origin that follows from the place is no move of its own.
        is_free = has_guns if column in (2, 3) else np.ones(len(has_guns), dtype=np.bool_)
        moves += np.where(is_free[:, None], ((there[:, None] - here) / step) ** 2, 0.0)
        log_size += np.where(is_free, 0.5 * np.log(2 * np.pi) + np.log(step), 0.0)
    with np.errstate(divide="ignore"):
        found: Floats = np.log((np.exp(-0.5 * moves) * share).sum(axis=1)) - log_size
    return found


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
    at = [getattr(guesses, name)[row, chosen] for name in MOVED]
    return _guesses(guesses.which[row, chosen], at, nats)


def _guesses(which: Ints, at: Sequence[Floats], nats: Floats) -> Guesses:
    """Guesses of columns `MOVED`, of which nobody was asked who was silent."""
    x_m, y_m, origin_x_m, origin_y_m, began_s = at
    return Guesses(
        which=which, x_m=x_m, y_m=y_m, origin_x_m=origin_x_m, origin_y_m=origin_y_m,
        began_s=began_s, nats=nats, quiet=np.zeros(nats.shape),
    )  # fmt: skip


def _even(share: Floats, count: int, rng: Generator) -> Ints:
    """Systematic resampling: each row as often as its share says, up to one."""
    up_to = np.cumsum(share)
    at = (np.arange(count) + rng.random()) / count * up_to[-1]
    return np.minimum(np.searchsorted(up_to, at, side="right"), len(share) - 1).astype(np.int64)
