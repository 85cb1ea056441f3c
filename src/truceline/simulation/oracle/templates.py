"""What the world does, as the oracle knows it: deeds of ghost worlds, and how often each comes.

Ghosts are truces of the same scenario on the same ground, drawn with other chance. Their deeds are
templates: what was done, by whom and with what, at an offset from the line of contact. A template is
moved along the line and in time by the law of its kind, so that few of them stand for all deeds. They
are the mean rate; that bursts, answers and storms come together is in `company`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from truceline.model.vocabulary import IncidentType
from truceline.simulation.columns import Author, Bools, Deeds, Floats, Ground, Ints, Nature
from truceline.simulation.errors.directions import is_fired_off
from truceline.simulation.errors.hours import log_normal
from truceline.simulation.oracle.along import ALONG, HOT, SPOT, STORM, TOWN, Along, along_of
from truceline.simulation.oracle.ghosts import Ghosts
from truceline.simulation.world import arms
from truceline.simulation.world.arms import type_index
from truceline.simulation.world.commanders import ASIDE
from truceline.simulation.world.deeds import joined
from truceline.simulation.world.ground import inside, line_y
from truceline.simulation.world.truce import Truce, numbers_of

MOVED = ("x_m", "y_m", "origin_x_m", "origin_y_m", "began_s")
"""What of a deed is guessed, in this order; all else is as a ghost did it."""

OFF_SPREAD, WIDE_SPREAD = 0.3, 0.7  # of the logarithm of an offset, for which a template stands
SPOT_M = {
    int(Nature.QUARRY_BLAST): 150.0,
    int(Nature.EXERCISE): 1_000.0,
}  # the same for what falls where it always does
OTHER_SPOT_M = 300.0
FOUGHT = (int(Nature.HOSTILE), int(Nature.RESPONSE), int(Nature.UNIT_ERROR))
SIDED = (int(Author.A), int(Author.B), int(Author.JOINT), int(Author.STAGED))
EVEN = 0.03  # of each kind, taken to come at any time: ghosts are few
DAY_S, HOUR_S = 86_400.0, 3_600.0
_LEAST_M = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Templates:
    """Deeds that stand for many, `(g,)` each.

    Parameters
    ----------
    deeds
        As the ghosts did them.
    often
        How many deeds of a truce each stands for.
    sort, within
        Number of its sort, and its share of what that sort does: what happened, with what, by whom.
    law
        One of `along.HOT`, `ALONG`, `SPOT`, `STORM`, `TOWN`.
    off_m
        Metres north of the line of contact; of its origin `origin_off_m`.
    before, is_answer
        What each answered, as the same ghost did it; of what answers nothing the template itself.
    is_across
        Whether the origin stays at its own offset when the deed is moved; else it moves with it.
    aside_m
        Deviation of where the guns stand along the line about where it falls, and they stand by the
        law of their own offset; 0: the origin follows from where it falls.
    has_muzzle
        Whether whoever stands by the origin may notice that end of it.
    about_m
        Deviation of its offset about its own, of an answer, which lands about the guns that it answers
        and may cross the line; 0: by `spread`.
    either_side
        Whether it falls on both sides of the line alike.
    spread
        Of the logarithm of its offset, over which it stands for its neighbours: wide for what no
        party does, which falls far and near.
    spot_m
        How far it stands for its neighbours, where it falls where it always does.
    kind
        Row of `by_day` and `by_hour`.
    by_day, by_hour
        `(kinds, days)` and `(kinds, 24)`: shares of deeds by day of the truce and hour, which sum to
        one in each row.
    """

    deeds: Deeds
    often: Floats
    sort: Ints
    within: Floats
    law: Ints
    off_m: Floats
    origin_off_m: Floats
    before: Deeds
    is_answer: Bools
    is_across: Bools
    aside_m: Floats
    has_muzzle: Bools
    about_m: Floats
    either_side: Bools
    spread: Floats
    spot_m: Floats
    kind: Ints
    by_day: Floats
    by_hour: Floats
    from_s: float
    along: Along

    def __len__(self) -> int:
        return len(self.often)

    def alike(self, which: Ints, rng: Generator) -> Ints:
        """One of the sort of each, by how often it stands for what that sort does."""
        order = np.argsort(self.sort, kind="stable")
        up_to = np.cumsum(self.within[order])  # one more for each sort
        at = np.searchsorted(up_to, self.sort[which] + rng.random(len(which)), side="right")
        found = order[np.minimum(at, len(order) - 1)]
        return np.where(self.sort[found] == self.sort[which], found, which)

    def moved(self, which: Ints, at: Sequence[Floats]) -> Deeds:
        """Those templates elsewhere: `at` holds a column of each of `MOVED`."""
        x_m, y_m, origin_x_m, origin_y_m, began_s = at
        return replace(
            self.deeds.take(which), x_m=x_m, y_m=y_m, origin_x_m=origin_x_m,
            origin_y_m=origin_y_m, began_s=began_s,
        )  # fmt: skip

    def origins(
        self, which: Ints, x_m: Floats, y_m: Floats, rng: Generator
    ) -> tuple[Floats, Floats]:
        """An origin of each, where it falls there: guns by their law, others as it was theirs."""
        aside, behind = rng.standard_normal((2, len(which)))
        deeds = self.deeds
        east_m = np.where(
            self.aside_m[which] > 0,
            self.aside_m[which] * aside,
            (deeds.origin_x_m - deeds.x_m)[which],
        )
        own = self.origin_off_m[which]
        own = np.where(self.aside_m[which] > 0, own * np.exp(OFF_SPREAD * behind), own)
        across_m = self.along.line_y(x_m + east_m) + own
        with_it = y_m + (deeds.origin_y_m - deeds.y_m)[which]
        return x_m + east_m, np.where(self.is_across[which], across_m, with_it)

    def effects(
        self, which: Ints, origin_x_m: Floats, origin_y_m: Floats, rng: Generator
    ) -> tuple[Floats, Floats]:
        """Where each falls, of guns that stand there; of what has a muzzle."""
        aside, depth = rng.standard_normal((2, len(which)))
        deeds = self.deeds
        x_m = origin_x_m + self.aside_m[which] * aside
        off_m = self._off_m(which, depth)
        by_law = self.aside_m[which] > 0
        with_it_m = origin_x_m + (deeds.x_m - deeds.origin_x_m)[which]
        north_m = origin_y_m + (deeds.y_m - deeds.origin_y_m)[which]
        return (
            np.where(by_law, x_m, with_it_m),
            np.where(by_law, self.along.line_y(x_m) + off_m, north_m),
        )

    def log_origin(self, which: Ints, x_m: Floats, guns_x_m: Floats, guns_y_m: Floats) -> Floats:
        """Nats a square metre of `origins`, of guns; 0 where the origin follows."""
        aside_m = np.maximum(self.aside_m[which], _LEAST_M)
        behind = self._log_off(guns_x_m, guns_y_m, self.origin_off_m[which], OFF_SPREAD)
        found = log_normal(guns_x_m - x_m, aside_m) + behind
        return np.where(self.aside_m[which] > 0, found, 0.0)

    def log_effect(self, which: Ints, x_m: Floats, y_m: Floats, guns_x_m: Floats) -> Floats:
        """Nats a square metre of `effects`, of guns; 0 where it follows from the origin."""
        aside_m = np.maximum(self.aside_m[which], _LEAST_M)
        depth = self._log_depth(which, x_m, y_m)
        return np.where(self.aside_m[which] > 0, log_normal(x_m - guns_x_m, aside_m) + depth, 0.0)

    def _log_off(self, x_m: Floats, y_m: Floats, own_m: Floats, spread: Floats | float) -> Floats:
        """Nats a metre of an offset from the line that stands for its neighbours on the same side."""
        off = y_m - self.along.line_y(x_m)
        log_off = np.log(np.maximum(np.abs(off), _LEAST_M))
        far = (log_off - np.log(np.maximum(np.abs(own_m), _LEAST_M))) / spread
        depth = -0.5 * far**2 - np.log(spread * np.sqrt(2 * np.pi)) - log_off
        return np.where((off >= 0) == (own_m >= 0), depth, -np.inf)

    def log_place(self, which: Ints, x_m: Floats, y_m: Floats) -> Floats:
        """Nats a square metre at which each template falls there."""
        spot, deeds, law = self.spot_m[which], self.deeds, self.law[which]
        away2 = (x_m - deeds.x_m[which]) ** 2 + (y_m - deeds.y_m[which]) ** 2
        same = -0.5 * away2 / spot**2 - np.log(2 * np.pi * spot**2)
        along = self.along.log_density(law, x_m) + self._log_depth(which, x_m, y_m)
        found = np.where(law == SPOT, same, along)
        in_town = np.flatnonzero(law == TOWN)
        found[in_town] = self.along.log_in_towns(x_m[in_town], y_m[in_town])
        return found

    def _log_depth(self, which: Ints, x_m: Floats, y_m: Floats) -> Floats:
        """Nats a metre of the offset from the line; of what falls on both sides, half on each."""
        own_m, either, about_m = self.off_m[which], self.either_side[which], self.about_m[which]
        off_m = y_m - self.along.line_y(x_m)
        own_m = np.where(either, np.abs(own_m) * np.where(off_m >= 0, 1.0, -1.0), own_m)
        found = self._log_off(x_m, y_m, own_m, self.spread[which]) - np.where(
            either, np.log(2.0), 0
        )
        about = log_normal(off_m - own_m, np.maximum(about_m, _LEAST_M))
        return np.where(about_m > 0, about, found)

    def _off_m(self, which: Ints, standard: Floats) -> Floats:
        """Offsets of which `_log_depth` is the density, on the template's own side."""
        own_m, about_m = self.off_m[which], self.about_m[which]
        by_spread = own_m * np.exp(self.spread[which] * standard)
        return np.where(about_m > 0, own_m + about_m * standard, by_spread)

    def log_time(self, which: Ints, at_s: Floats) -> Floats:
        """Nats a second at which each template falls then."""
        day = np.floor((at_s - self.from_s) / DAY_S).astype(np.int64)
        hour = np.floor(at_s / HOUR_S).astype(np.int64) % 24
        days = self.by_day.shape[1]
        kind = self.kind[which]
        known = (day >= 0) & (day < days)
        share = self.by_day[kind, np.clip(day, 0, days - 1)] * self.by_hour[kind, hour]
        return np.where(known, np.log(share / HOUR_S), -np.inf)

    def places(self, which: Ints, rng: Generator) -> tuple[Floats, Floats]:
        """A place of each by its law."""
        law, count = self.law[which], len(which)
        x_m = self.along.draw(law, rng)
        off_m = self._off_m(which, rng.standard_normal(count))
        side = np.where(self.either_side[which], rng.choice([-1.0, 1.0], count), 1.0)
        y_m = self.along.line_y(x_m) + side * off_m
        is_spot = law == SPOT
        away_m = self.spot_m[which] * rng.standard_normal((2, count))
        x_m = np.where(is_spot, self.deeds.x_m[which] + away_m[0], x_m)
        y_m = np.where(is_spot, self.deeds.y_m[which] + away_m[1], y_m)
        in_town = np.flatnonzero(law == TOWN)
        if len(in_town):
            x_m[in_town], y_m[in_town] = self.along.draw_in_towns(len(in_town), rng)
        return x_m, y_m


def templates_of(truce: Truce, ghosts: Ghosts, *, each: int, rng: Generator) -> Templates:
    """Templates from ghosts.

    Parameters
    ----------
    truce
        The truce that they are ghosts of.
    ghosts
        As `ghosts_of` makes them.
    each
        At most so many of each sort: kind of happening, type, weapon and author.
    rng
        Draws which are kept.
    """
    every = joined(ghosts.rich)
    sort = _numbered(every.nature, every.type, every.weapon, every.author)
    order = rng.permutation(len(every))
    order = order[np.argsort(sort[order], kind="stable")]
    first = np.searchsorted(sort[order], sort[order], side="left")
    kept = order[np.arange(len(order)) - first < each]
    many, few = np.bincount(sort), np.bincount(sort[kept])
    often = many[sort[kept]] / few[sort[kept]] / (len(ghosts.rich) * ghosts.times)
    deeds = every.take(kept)
    before = _before(
        every, kept, np.repeat(np.arange(len(ghosts.rich)), list(map(len, ghosts.rich)))
    )
    kind = _numbered(every.nature, every.author)
    law, is_across = _law(deeds, truce.ground)
    days = int(np.ceil((truce.scenario.to_s - truce.scenario.from_s) / DAY_S))
    by_day, by_hour = _shares(every, kind, days, truce.scenario.from_s)
    return Templates(
        deeds=deeds,
        often=often,
        sort=sort[kept],
        within=often / np.bincount(sort[kept], weights=often)[sort[kept]],
        law=law,
        off_m=deeds.y_m - line_y(truce.ground, deeds.x_m),
        origin_off_m=deeds.origin_y_m - line_y(truce.ground, deeds.origin_x_m),
        before=every.take(before),
        is_answer=before != kept,
        is_across=is_across,
        aside_m=_aside_m(deeds, truce),
        has_muzzle=is_fired_off(deeds),
        about_m=np.where(deeds.nature == int(Nature.RESPONSE), _answer_off_m(truce), 0.0),
        either_side=~np.isin(deeds.author, SIDED),
        spread=np.where(deeds.author <= int(Author.JOINT), OFF_SPREAD, WIDE_SPREAD),
        spot_m=np.array([SPOT_M.get(int(nature), OTHER_SPOT_M) for nature in deeds.nature]),
        kind=kind[kept],
        by_day=by_day,
        by_hour=by_hour,
        from_s=truce.scenario.from_s,
        along=along_of(truce.ground, truce.spots),
    )


def _aside_m(deeds: Deeds, truce: Truce) -> Floats:
    """By the commanders' law: an answer lands about the guns that it answers, and not below its own."""
    off_m = _answer_off_m(truce)
    range_m = arms.column("range_m")[np.maximum(deeds.weapon, 0)]
    answers = np.where(deeds.nature == int(Nature.RESPONSE), off_m, 0.0)
    return np.where(_by_command(deeds), np.hypot(ASIDE * range_m, answers), 0.0)


def _answer_off_m(truce: Truce) -> float:
    return float(numbers_of(truce.scenario, "commanders")["answer_off_m"])


def _by_command(deeds: Deeds) -> Bools:
    found: Bools = np.isin(deeds.nature, FOUGHT) & (deeds.author <= int(Author.JOINT))
    return found & (deeds.weapon >= 0)


def _before(every: Deeds, kept: Ints, ghost: Ints) -> Ints:
    """Row of what each kept deed answers, its own where that is nothing; numbers are one ghost's own."""
    step = int(every.deed.max(initial=0)) + 1
    key = ghost * step + every.deed
    order = np.argsort(key, kind="stable")
    wanted = ghost[kept] * step + every.answers[kept]
    at = order[np.minimum(np.searchsorted(key[order], wanted), len(order) - 1)]
    is_answer = (every.nature[kept] == int(Nature.RESPONSE)) & (every.answers[kept] >= 0)
    return np.where(is_answer & (key[at] == wanted), at, kept)


def _numbered(*columns: npt.NDArray[Any]) -> Ints:
    _, found = np.unique(np.stack(columns), axis=1, return_inverse=True)
    return found.ravel().astype(np.int64)


def _law(deeds: Deeds, ground: Ground) -> tuple[Ints, Bools]:
    nature, fired = deeds.nature, _by_command(deeds)
    fixed = np.isin(nature, list(SPOT_M)) | (deeds.type == type_index(IncidentType.MARITIME))
    moves = deeds.type == type_index(IncidentType.FORCE_MOVEMENT)
    for name, ring in ground.zones_m.items():
        if name.startswith("disengagement-"):
            fixed |= moves & inside(ring, deeds.x_m, deeds.y_m)
    law = np.where(fired, HOT, np.where(fixed, SPOT, ALONG))
    law = np.where(nature == int(Nature.THUNDER), STORM, law)
    law = np.where(nature == int(Nature.FIREWORKS), TOWN, law)
    return law, fired | (nature == int(Nature.OVERFLIGHT))


def _shares(deeds: Deeds, kind: Ints, days: int, from_s: float) -> tuple[Floats, Floats]:
    kinds = int(kind.max()) + 1
    day = np.clip(((deeds.began_s - from_s) // DAY_S).astype(np.int64), 0, days - 1)
    hour = (deeds.began_s // HOUR_S).astype(np.int64) % 24
    storms = np.bincount(kind, weights=deeds.nature == int(Nature.THUNDER)) > 0
    found = []
    for at, count in ((day, days), (hour, 24)):
        table = np.bincount(kind * count + at, minlength=kinds * count).reshape(kinds, count) + 0.1
        table = table / table.sum(axis=1, keepdims=True)
        # Storms come at any time; a few ghosts have had too few of them to say so.
        table[storms] = 1.0 / count
        found.append((1 - EVEN) * table + EVEN / count)
    return found[0], found[1]
