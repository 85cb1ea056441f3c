"""An observer from its tellings: what it draws and the density of it come from one list of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator

from truceline.model.errors import InputError
from truceline.simulation.columns import Deeds, Floats, Ground, Posts, Sightings
from truceline.simulation.contract import Conditions, Observer, Span, Streams
from truceline.simulation.errors.directions import noticed_end
from truceline.simulation.errors.hours import LATE_FAMILIES
from truceline.simulation.errors.telling import (
    DAY_S,
    Telling,
    invent_all,
    log_density_all,
    log_invented_all,
    tell_all,
)
from truceline.simulation.observers import copying
from truceline.tables.posterior import TYPES

Numbers = Mapping[str, float]
Tellings = Callable[[Numbers, str], tuple[Telling, ...]]
"""Tellings from the numbers and the name of the error family."""

EVERYBODY: Numbers = {
    "family": 0.0,  # place in the observer's `families`
    "tilt": 0.0,  # above 0 side A's observers miss more, below 0 side B's; -1 to 1
    "stated": 1.0,  # stated error over true error
    "filed": 0.0,  # place in the observer's `forms`
}

OBSTRUCTIONS = ("monitor_access_denied", "sensor_interference")
"""What is done to the mission itself, which it tells in logs and reports of its own."""

_IS_TOLD = ~np.isin(TYPES, OBSTRUCTIONS)
_TYPES = np.array(TYPES)

NAMED: Mapping[str, tuple[str, ...]] = {"late": LATE_FAMILIES, "copying": copying.FAMILIES}
"""Numbers that a scenario gives by name, and the names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An observer's account: its sightings and their densities follow from its tellings.

    Parameters
    ----------
    name, source_kind, feed, families, posts, copies, forms, stands_with
        As in `Observer`; the first family is the usual one.
    numbers
        Its own, beside `EVERYBODY`; `posts` and `false_per_day` (of each post) are among them.
    notices
        The chance of noticing by a post that is up, before its skill.
    tellings
        What it tells, in an order in which each may use what is told before.
    by_end
        Whether of fire it notices the end that is nearer to the post; else only where it took effect.
    own
        The one type of which it tells, for what is done to the mission itself; others tell nothing of
        such types. Empty: it tells of all the others.
    """

    name: str
    source_kind: str
    feed: str
    numbers: Numbers
    families: tuple[str, ...]
    posts: Callable[[Numbers, Ground, Streams], Posts]
    notices: Callable[[Numbers, Deeds, Posts, Conditions], Floats]
    tellings: Tellings
    copies: bool = False
    forms: tuple[str, ...] = ()
    stands_with: str = ""
    by_end: bool = False
    own: str = ""

    def detects(
        self, numbers: Numbers, deeds: Deeds, posts: Posts, conditions: Conditions
    ) -> Floats:
        """As `Observer.detects`: nothing beyond its reach, nothing while it is out."""
        may = ~conditions.is_out(self.name, posts.post, deeds.began_s)
        may &= (np.equal(_TYPES, self.own) if self.own else _IS_TOLD)[deeds.type]
        if not np.isinf(posts.reach_m).all():
            x_m, y_m = noticed_end(deeds, posts) if self.by_end else (deeds.x_m, deeds.y_m)
            may &= ~(np.hypot(x_m - posts.x_m, y_m - posts.y_m) > posts.reach_m)
        chance = self.notices(numbers, deeds, posts, conditions) * posts.skill
        return np.where(may, np.clip(chance, 0.0, 1.0), 0.0)

    def sees(
        self,
        numbers: Numbers,
        deeds: Deeds,
        posts: Posts,
        conditions: Conditions,
        ground: Ground,
        rng: Generator,
    ) -> Sightings:
        """As `Observer.sees`."""
        return tell_all(self._told_by(numbers), deeds, posts, ground, rng)

    def density(
        self, numbers: Numbers, sightings: Sightings, deeds: Deeds, posts: Posts, ground: Ground
    ) -> Floats:
        """As `Observer.density`."""
        return log_density_all(self._told_by(numbers), sightings, deeds, posts, ground)

    def false_alarms(
        self,
        numbers: Numbers,
        posts: Posts,
        span: Span,
        conditions: Conditions,
        ground: Ground,
        rng: Generator,
    ) -> Sightings:
        """As `Observer.false_alarms`: a steady rate of each post that is up."""
        days = (span.to_s - span.from_s) / DAY_S
        often = rng.poisson(numbers["false_per_day"] * days, len(posts))
        paired = posts.take(np.repeat(np.arange(len(posts)), often))
        at_s = rng.uniform(span.from_s, span.to_s, len(paired))
        up = ~conditions.is_out(self.name, paired.post, at_s)
        return invent_all(self._told_by(numbers), at_s[up], paired.take(up), ground, rng)

    def false_density(
        self, numbers: Numbers, sightings: Sightings, posts: Posts, ground: Ground
    ) -> Floats:
        """As `Observer.false_density`."""
        with np.errstate(divide="ignore"):
            rate = np.log(numbers["false_per_day"] / DAY_S)
        return rate + log_invented_all(self._told_by(numbers), sightings, posts, ground)

    def _told_by(self, numbers: Numbers) -> tuple[Telling, ...]:
        return self.tellings(numbers, self.families[int(numbers["family"])])


def made(account: Account) -> Observer:
    """The descriptor of an account."""
    return Observer(
        name=account.name,
        source_kind=account.source_kind,
        feed=account.feed,
        numbers={**EVERYBODY, **account.numbers},
        family=account.families[0],
        families=account.families,
        posts=account.posts,
        detects=account.detects,
        sees=account.sees,
        density=account.density,
        false_alarms=account.false_alarms,
        false_density=account.false_density,
        copies=account.copies,
        forms=account.forms,
        stands_with=account.stands_with,
        by_end=account.by_end,
    )


def numbers_of(observer: Observer, changes: Mapping[str, Any]) -> dict[str, float]:
    """An observer's numbers with a scenario's changes; `family`, `filed`, `late`, `copying` by name.

    Raises
    ------
    InputError
        A number or a family is not known.

    Examples
    --------
    >>> from truceline.simulation.observers.seismic import OBSERVER
    >>> numbers_of(OBSERVER, {"posts": 3, "family": "student"})["family"]
    1.0
    >>> numbers_of(OBSERVER, {"post": 3})
    Traceback (most recent call last):
    truceline.model.errors.InputError: observer seismic has no number 'post'; it has behind_m, ...
    """
    found = dict(observer.numbers)
    for name, value in changes.items():
        if name not in found:
            have = ", ".join(sorted(found))
            msg = f"observer {observer.name} has no number {name!r}; it has {have}"
            raise InputError(msg)
        forms = observer.forms or (observer.feed,)
        words = {"family": observer.families, "filed": forms, **NAMED}.get(name)
        if words is not None:
            if value not in words:
                have = ", ".join(words)
                msg = f"observer {observer.name} has no {name} {value!r}; it has {have}"
                raise InputError(msg)
            value = words.index(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            msg = f"observer {observer.name}: {name} is {value!r}; give a number"
            raise InputError(msg)
        found[name] = float(value)
    return found
