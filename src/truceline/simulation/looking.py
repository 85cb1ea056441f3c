"""Who notices what: deeds and posts in pairs, and the sightings that come of them."""

from collections.abc import Iterator, Mapping

import numpy as np

from truceline.simulation.columns import Bools, Deeds, Floats, Ground, Posts, Sightings
from truceline.simulation.contract import Conditions, Observer, Span, Streams
from truceline.simulation.observers.copying import with_copies

_ALMOST = 1 + 1e-9  # squares are quick, if not to the last digit: who is beyond by so much is far
_PAIRS = 400_000  # at once: some hundred megabytes of columns


def look(
    observer: Observer,
    numbers: Mapping[str, float],
    deeds: Deeds,
    posts: Posts,
    conditions: Conditions,
    ground: Ground,
    span: Span,
    streams: Streams,
) -> Sightings:
    """Everything that the posts of one kind tell of a span: deeds, false alarms, and copies last.

    Parameters
    ----------
    observer, numbers
        The kind, and its numbers with the scenario's changes.
    deeds
        Those that begin in the span.
    posts
        All posts of the kind.
    conditions, ground, span
        The world then.
    streams
        A generator for each name.
    """
    name = f"observers/{observer.name}/span-{span.number}"
    chance, telling = streams(f"{name}/notices"), streams(f"{name}/tells")
    parts = []
    for paired, by in _pairs(deeds, posts, by_end=observer.by_end):
        sees = np.flatnonzero(
            chance.random(len(paired)) < observer.detects(numbers, paired, by, conditions)
        )
        paired, by = paired.take(sees), by.take(sees)
        parts.append(observer.sees(numbers, paired, by, conditions, ground, telling))
    false = observer.false_alarms(
        numbers, posts, span, conditions, ground, streams(f"{name}/false")
    )
    said = Sightings.concat([*parts, false])
    return with_copies(numbers, said, posts, streams(f"{name}/copies")) if observer.copies else said


def _pairs(deeds: Deeds, posts: Posts, *, by_end: bool) -> Iterator[tuple[Deeds, Posts]]:
    """Deeds and posts within reach of one another, row by row, so many at a time."""
    if len(posts) and np.isinf(posts.reach_m).all():
        # Everything is in reach of everybody: each post gets all deeds as they are, without copies.
        for one in range(len(posts)):
            yield deeds, posts.repeated(one, len(deeds))
        return
    step = max(1, _PAIRS // max(1, len(posts)))
    for start in range(0, len(deeds), step):
        some = slice(start, start + step)
        found = is_near(deeds.x_m[some], deeds.y_m[some], posts)
        if by_end:
            found |= is_near(deeds.origin_x_m[some], deeds.origin_y_m[some], posts)
        rows, post = np.nonzero(found)
        yield deeds.take(rows + start), posts.take(post)


def is_near(x_m: Floats, y_m: Floats, posts: Posts) -> Bools:
    """Which places are within reach of which posts, `(places, posts)`."""
    east_m, north_m = x_m[:, None] - posts.x_m, y_m[:, None] - posts.y_m
    # A post that stands nowhere is near everything: no comparison with NaN holds.
    found: Bools = ~(east_m * east_m + north_m * north_m > posts.reach_m**2 * _ALMOST)
    rows, post = np.nonzero(found)
    off_m = np.hypot(east_m[rows, post], north_m[rows, post])
    found[rows, post] = ~(off_m > posts.reach_m[post])
    return found
