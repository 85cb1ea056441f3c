"""Copying: outlets repeat one another, with a lag, other words, and sometimes another accused.

`plain` is what fusion's model has: near-equal words soon after. The other families are ones that it
lacks. `translated`: the copier writes in its own language, and no word is shared. `merged`: a share
of copies takes the type from another event. `recycled`: a share comes days later as if it were new.
"""

from collections.abc import Mapping

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Bools, Floats, Ints, Posts, Sightings
from truceline.simulation.errors.hours import Late
from truceline.simulation.errors.kinds import index_of
from truceline.simulation.errors.telling import DAY_S
from truceline.simulation.text.telling import ENDING

FAMILIES = ("plain", "translated", "merged", "recycled")
NUMBERS: Mapping[str, float] = {
    "copying": 0.0,  # place in `FAMILIES`
    "copy_mean": 0.6,  # copies of each text: 40 % reposted one to three times (algorithms.md 6)
    "copy_s": 5_400.0,  # median lag; assumed
    "copy_spread": 1.0,  # of its logarithm; assumed
    "copy_verbatim": 0.5,  # copies word for word; the others end otherwise; assumed
    "copy_slant": 0.25,  # of those on a side, how many turn the accusation on the other; assumed
}
GENERATIONS = 3  # a copy of a copy of a copy is the last; assumed
THINS = 0.5  # a copy is repeated half as often as what it repeats; assumed
MERGED_SHARE, MERGED_TYPES = 0.4, ("artillery", "mortar", "uav_attack", "missile")  # assumed
RECYCLED_SHARE, RECYCLED_S, RECYCLED_SPREAD = 0.3, 12 * DAY_S, 0.5  # assumed


def with_copies(
    numbers: Mapping[str, float], said: Sightings, posts: Posts, rng: Generator
) -> Sightings:
    """The sightings, and after them their copies; `copied_from` are rows of the result.

    Parameters
    ----------
    numbers
        An observer's, `NUMBERS` among them.
    said
        Sightings of one observer, in one batch.
    posts
        All posts of that observer.
    rng
        A generator.
    """
    parts, sources, offset = [said], said, 0
    for generation in range(GENERATIONS):
        if len(sources) == 0 or len(posts) < 2:
            break
        often = rng.poisson(numbers["copy_mean"] * THINS**generation, len(sources))
        rows = np.repeat(np.arange(len(sources)), often)
        copies = _copied(numbers, sources.take(rows), rows + offset, posts, rng)
        offset += len(sources)
        parts.append(copies)
        sources = copies
    return Sightings.concat(parts)


def log_density(
    numbers: Mapping[str, float], copies: Sightings, sources: Sightings, posts: Posts
) -> Floats:
    """Nats of copies given what they repeat, row by row: who repeats, when, whom it accuses, the type.

    Words are left out: a copy's words are its source's, which is how people know it.

    Parameters
    ----------
    numbers, posts
        As in `with_copies`.
    copies, sources
        Paired rows.
    """
    family = FAMILIES[int(numbers["copying"])]
    lag_s = copies.reported_s - sources.reported_s
    same_time = copies.seen_from_s == sources.seen_from_s
    late = _late(numbers).log_density(lag_s)
    when = np.where(same_time, late, -np.inf)
    if family == "recycled":
        anew = (copies.seen_from_s == _today(copies.reported_s)) & ~same_time
        old = np.log(RECYCLED_SHARE) + _recycled().log_density(lag_s)
        when = np.where(anew, old, np.log1p(-RECYCLED_SHARE) + when)
    who = np.where(copies.post == sources.post, -np.inf, -np.log(max(len(posts) - 1, 1)))
    return (
        when
        + who
        + _log_type(family, copies, sources)
        + _log_accused(numbers, copies, sources, posts)
    )


def _copied(
    numbers: Mapping[str, float], sources: Sightings, rows: Ints, posts: Posts, rng: Generator
) -> Sightings:
    """One copy of each source."""
    count = len(sources)
    family = FAMILIES[int(numbers["copying"])]
    step = 1 + rng.integers(0, len(posts) - 1, count)
    post = (sources.post + step) % len(posts)
    told = {name: getattr(sources, name).copy() for name in Sightings.__dataclass_fields__}
    told["post"], told["copied_from"] = post, rows
    told["reported_s"] = sources.reported_s + _late(numbers).draw(count, rng)
    verbatim = rng.random(count) < numbers["copy_verbatim"]
    other_end = ENDING * (1 + rng.integers(0, 11, count))
    told["wording"] = np.where(verbatim, sources.wording, sources.wording + other_end)
    turned = _turns(numbers, sources, post, posts, rng)
    told["claimed"] = np.where(turned, 1 - posts.host[post], sources.claimed)
    told["stance"] = np.where(turned, 1, sources.stance)
    if family == "translated":
        told["language"] = (post + post // 3) % 3
        told["wording"] = rng.integers(0, 2**31, count)
    elif family == "merged":
        kinds = np.array([index_of(name) for name in MERGED_TYPES])
        other = kinds[rng.integers(0, len(kinds), count)]
        told["type"] = np.where(rng.random(count) < MERGED_SHARE, other, sources.type)
    elif family == "recycled":
        old = rng.random(count) < RECYCLED_SHARE
        lag_s = _recycled().draw(count, rng)
        told["reported_s"] = np.where(old, sources.reported_s + lag_s, told["reported_s"])
        today = _today(told["reported_s"])
        told["seen_from_s"] = np.where(old, today, sources.seen_from_s)
        told["seen_to_s"] = np.where(old, today + DAY_S, sources.seen_to_s)
    return Sightings(**told)


def _may_turn(sources: Sightings, post: Ints, posts: Posts) -> Bools:
    """Whether a copier on a side repeats what does not accuse the other side yet."""
    host = posts.host[post]
    return (host >= 0) & ~((sources.claimed == 1 - host) & (sources.stance == 1))


def _turns(
    numbers: Mapping[str, float], sources: Sightings, post: Ints, posts: Posts, rng: Generator
) -> Bools:
    drawn = rng.random(len(sources)) < numbers["copy_slant"]
    return _may_turn(sources, post, posts) & drawn


def _log_accused(
    numbers: Mapping[str, float], copies: Sightings, sources: Sightings, posts: Posts
) -> Floats:
    may = _may_turn(sources, copies.post, posts)
    same = (copies.claimed == sources.claimed) & (copies.stance == sources.stance)
    turned = may & (copies.claimed == 1 - posts.host[copies.post]) & (copies.stance == 1)
    with np.errstate(divide="ignore"):
        kept, other = np.log1p(-numbers["copy_slant"]), np.log(numbers["copy_slant"])
    kept_ = np.where(same, np.where(may, kept, 0.0), -np.inf)
    return np.where(turned, other, kept_)


def _log_type(family: str, copies: Sightings, sources: Sightings) -> Floats:
    same = copies.type == sources.type
    if family != "merged":
        return np.where(same, 0.0, -np.inf)
    kinds = [index_of(name) for name in MERGED_TYPES]
    other = MERGED_SHARE / len(kinds) * np.isin(copies.type, kinds)
    with np.errstate(divide="ignore"):
        return np.log((1 - MERGED_SHARE) * same + other)


def _late(numbers: Mapping[str, float]) -> Late:
    return Late(median_s=numbers["copy_s"], spread=numbers["copy_spread"])


def _recycled() -> Late:
    return Late(median_s=RECYCLED_S, spread=RECYCLED_SPREAD)


def _today(reported_s: Floats) -> Floats:
    return np.floor(reported_s / DAY_S) * DAY_S
