"""What a side does against the mission: patrols that it keeps out, drones that it jams.

When posts are blind is the weather's to say (`world.weather`); here the hours become somebody's deeds.
A patrol is turned away anew each day by whoever holds the ground on which it stands. A drone may be
jammed from either side. Both go and fly by day, so that nobody is kept out by night.
"""

from collections.abc import Mapping

import numpy as np

from truceline.model.vocabulary import IncidentType
from truceline.simulation.columns import Author, Deeds, Floats, Ints, Nature, Posts
from truceline.simulation.contract import Span
from truceline.simulation.naming import key_of, unit
from truceline.simulation.world.arms import type_index
from truceline.simulation.world.deeds import joined, make, none
from truceline.simulation.world.making import DAY_S, Making
from truceline.simulation.world.weather import JAMMED, JAMMED_KIND, Weather

WATCHED = ("patrols", JAMMED_KIND)
"""Observers of the mission that a side may keep from seeing."""

LEAST_S = 1_800.0  # a shorter stop is no restriction; assumed
BARRIER_M = 1_500.0  # how far from its post a patrol is stopped, at most; assumed
_TYPES = (IncidentType.MONITOR_ACCESS_DENIED, IncidentType.SENSOR_INTERFERENCE)


def drawn(
    weather: Weather,
    watched: Mapping[str, Posts],
    making: Making,
    span: Span,
    *,
    to_s: float,
    is_mirrored: bool,
) -> Deeds:
    """Obstructions that begin in a span; chance is keyed to post and hour, so that nothing is stored.

    Parameters
    ----------
    weather
        When posts are blind.
    watched
        Posts by observer, for those of `WATCHED` that there are.
    making, span
        As every maker of deeds has them.
    to_s
        End of the truce.
    is_mirrored
        Whether hosts of posts stand exchanged against the ground as it is drawn.
    """
    parts = []
    for kind, of, told in zip(WATCHED, ("patrols", JAMMED), _TYPES, strict=True):
        posts = watched.get(kind)
        if posts is None or not weather.blindness(of):
            continue
        post, from_s, ended_s = by_day(weather, of, len(posts), span, to_s)
        drawn_host = 1 - posts.host[post] if is_mirrored else posts.host[post]
        number = post * 1_000_003 + np.floor(from_s / 60.0).astype(np.int64)
        chance = [unit(key_of(weather.seed, f"{of}/{what}"), number) for what in "abc"]
        away_m, turn = BARRIER_M * np.sqrt(chance[0]), 2 * np.pi * chance[1]
        either = np.where(chance[2] < 0.5, int(Author.A), int(Author.B))  # assumed: as often
        parts.append(
            make(
                making.counter,
                began_s=from_s,
                lasted_s=ended_s - from_s,
                x_m=posts.x_m[post] + away_m * np.sin(turn),
                y_m=posts.y_m[post] + away_m * np.cos(turn),
                type=type_index(told),
                author=either if of == JAMMED else drawn_host,
                nature=int(Nature.OBSTRUCTION),
                salience=0.0,  # the mission alone tells of it; assumed
            )
        )
    return joined(parts) if parts else none()


def by_day(
    weather: Weather, kind: str, posts: int, span: Span, to_s: float
) -> tuple[Ints, Floats, Floats]:
    """Hours by daylight in which posts were blind, from day to day: `(post, from_s, to_s)`.

    Parameters
    ----------
    weather, kind
        Whose blindness.
    posts
        How many there are.
    span
        In which they begin.
    to_s
        At which all of them end.
    """
    post, from_s, ended_s = weather.outages(
        kind, posts, max(span.from_s - DAY_S, weather.start_s), min(span.to_s + DAY_S, to_s)
    )
    # From six to six by the sun.
    shift_s = (0.25 - weather.ground.origin_lon / 360.0) * DAY_S
    first = np.floor((span.from_s - shift_s) / DAY_S) - 1
    mornings = np.arange(first, (span.to_s - shift_s) / DAY_S + 1) * DAY_S + shift_s
    begin = np.maximum(from_s[:, None], mornings)
    end = np.minimum(ended_s[:, None], mornings + DAY_S / 2)
    rows, day = np.nonzero((end - begin >= LEAST_S) & (begin >= span.from_s) & (begin < span.to_s))
    found = post[rows], begin[rows, day], end[rows, day]
    order = np.lexsort((found[0], found[1]))
    return found[0][order], found[1][order], found[2][order]
