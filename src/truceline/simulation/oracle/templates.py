"""What the world does, as the oracle knows it: deeds of ghost worlds, and how often each comes.

Ghosts are truces of the same scenario on the same ground, drawn with other chance. Their deeds are
templates: what was done, by whom and with what, at an offset from the line of contact. A template is
moved along the line and in time by the law of its kind, so that few of them stand for all deeds. They
are the mean rate; that bursts, answers and storms come together is in `company`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from truceline.model.vocabulary import IncidentType
from truceline.simulation.columns import Author, Bools, Deeds, Floats, Ground, Ints, Nature
from truceline.simulation.contract import Streams
from truceline.simulation.world import exercises
from truceline.simulation.world.arms import type_index
from truceline.simulation.world.deeds import Counter, joined
from truceline.simulation.world.ground import inside, line_y
from truceline.simulation.world.intensity import HotSpots
from truceline.simulation.world.truce import Truce, numbers_of, spans

HOT, ALONG, SPOT = range(3)
"""Where a kind of deed falls: about hot spots, anywhere along the line, or where it always does."""

OFF_SPREAD, WIDE_SPREAD = 0.3, 0.7  # of the logarithm of an offset, for which a template stands
SPOT_M = {
    int(Nature.QUARRY_BLAST): 100.0,
    int(Nature.FIREWORKS): 200.0,
    int(Nature.EXERCISE): 500.0,
}  # the same for what falls where it always does
OTHER_SPOT_M = 300.0
FOUGHT = (int(Nature.HOSTILE), int(Nature.RESPONSE), int(Nature.UNIT_ERROR))
EVEN = 0.03  # of each kind, taken to come at any time: ghosts are few
DAY_S, HOUR_S = 86_400.0, 3_600.0
_LEAST_M = 1.0


def ghost(truce: Truce, streams: Streams) -> Deeds:
    """All deeds of a truce like this one, on the same ground and with other chance."""
    scenario = truce.scenario
    making = replace(truce.making, counter=Counter(), campaigns=Counter(following=1 << 40))
    again = replace(
        truce,
        making=making,
        streams=streams,
        pending=joined([]),
        planned=exercises.plan(
            numbers_of(scenario, "exercises"), making, to_s=scenario.to_s, streams=streams
        ),
    )
    return joined([again.deeds(span) for span in spans(scenario)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Templates:
    """Deeds that stand for many, `(g,)` each.

    Parameters
    ----------
    deeds
        As the ghosts did them.
    often
        How many deeds of a truce each stands for.
    law
        `HOT`, `ALONG` or `SPOT`.
    off_m
        Metres north of the line of contact; of its origin `origin_off_m`.
    is_across
        Whether the origin stays at its own offset when the deed is moved; else it moves with it.
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
    law: Ints
    off_m: Floats
    origin_off_m: Floats
    is_across: Bools
    spread: Floats
    spot_m: Floats
    kind: Ints
    by_day: Floats
    by_hour: Floats
    from_s: float
    ground: Ground
    spots: HotSpots

    def __len__(self) -> int:
        return len(self.often)

    def moved(self, which: Ints, x_m: Floats, y_m: Floats, began_s: Floats) -> Deeds:
        """Those templates at other places and instants."""
        deeds = self.deeds.take(which)
        origin_x_m = x_m + deeds.origin_x_m - deeds.x_m
        across_m = line_y(self.ground, origin_x_m) + self.origin_off_m[which]
        with_it = y_m + deeds.origin_y_m - deeds.y_m
        return replace(
            deeds,
            x_m=x_m,
            y_m=y_m,
            began_s=began_s,
            origin_x_m=origin_x_m,
            origin_y_m=np.where(self.is_across[which], across_m, with_it),
        )

    def log_place(self, which: Ints, x_m: Floats, y_m: Floats) -> Floats:
        """Nats a square metre at which each template falls there."""
        off = y_m - line_y(self.ground, x_m)
        own = self.off_m[which]
        log_off = np.log(np.maximum(np.abs(off), _LEAST_M))
        spread = self.spread[which]
        far = (log_off - np.log(np.maximum(np.abs(own), _LEAST_M))) / spread
        depth = -0.5 * far**2 - np.log(spread * np.sqrt(2 * np.pi)) - log_off
        depth = np.where((off >= 0) == (own >= 0), depth, -np.inf)
        spot = self.spot_m[which]
        deeds = self.deeds
        away2 = (x_m - deeds.x_m[which]) ** 2 + (y_m - deeds.y_m[which]) ** 2
        same = -0.5 * away2 / spot**2 - np.log(2 * np.pi * spot**2)
        law = self.law[which]
        along = np.where(law == HOT, self.log_along(x_m), self.log_anywhere(x_m))
        return np.where(law == SPOT, same, along + depth)

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
        count = len(which)
        west, east = self._ends()
        hot, anywhere = self.spots.draw(count, rng), rng.uniform(west, east, count)
        x_m = np.where(self.law[which] == HOT, hot, anywhere)
        off = self.off_m[which] * np.exp(self.spread[which] * rng.standard_normal(count))
        y_m = line_y(self.ground, x_m) + off
        is_spot = self.law[which] == SPOT
        away = self.spot_m[which] * rng.standard_normal((2, count))
        x_m = np.where(is_spot, self.deeds.x_m[which] + away[0], x_m)
        return x_m, np.where(is_spot, self.deeds.y_m[which] + away[1], y_m)

    def line_y(self, x_m: Floats) -> Floats:
        """Metres north of the line of contact there."""
        return line_y(self.ground, x_m)

    def log_along(self, x_m: Floats) -> Floats:
        """Nats a metre of fire along the line."""
        with np.errstate(divide="ignore"):
            return np.log(self.spots.density(x_m))

    def log_anywhere(self, x_m: Floats) -> Floats:
        """Nats a metre of what falls anywhere along the line."""
        west, east = self._ends()
        return np.where((x_m >= west) & (x_m <= east), -np.log(east - west), -np.inf)

    def _ends(self) -> tuple[float, float]:
        return float(self.ground.line_m[:, 0].min()), float(self.ground.line_m[:, 0].max())


def templates_of(truce: Truce, ghosts: Iterable[Deeds], *, each: int, rng: Generator) -> Templates:
    """Templates from ghosts.

    Parameters
    ----------
    truce
        The truce that they are ghosts of.
    ghosts
        As `ghost` makes them, one at least.
    each
        At most so many of each sort: kind of happening, type, weapon and author.
    rng
        Draws which are kept.
    """
    drawn = list(ghosts)
    every = joined(drawn)
    sort = _numbered(every.nature, every.type, every.weapon, every.author)
    order = rng.permutation(len(every))
    order = order[np.argsort(sort[order], kind="stable")]
    first = np.searchsorted(sort[order], sort[order], side="left")
    kept = order[np.arange(len(order)) - first < each]
    many, few = np.bincount(sort), np.bincount(sort[kept])
    deeds = every.take(kept)
    kind = _numbered(every.nature, every.author)
    law, is_across = _law(deeds, truce.ground)
    days = int(np.ceil((truce.scenario.to_s - truce.scenario.from_s) / DAY_S))
    by_day, by_hour = _shares(every, kind, days, truce.scenario.from_s)
    return Templates(
        deeds=deeds,
        often=(many[sort[kept]] / few[sort[kept]]) / len(drawn),
        law=law,
        off_m=deeds.y_m - line_y(truce.ground, deeds.x_m),
        origin_off_m=deeds.origin_y_m - line_y(truce.ground, deeds.origin_x_m),
        is_across=is_across,
        spread=np.where(deeds.author <= int(Author.JOINT), OFF_SPREAD, WIDE_SPREAD),
        spot_m=np.array([SPOT_M.get(int(nature), OTHER_SPOT_M) for nature in deeds.nature]),
        kind=kind[kept],
        by_day=by_day,
        by_hour=by_hour,
        from_s=truce.scenario.from_s,
        ground=truce.ground,
        spots=truce.spots,
    )


def _numbered(*columns: npt.NDArray[Any]) -> Ints:
    _, found = np.unique(np.stack(columns), axis=1, return_inverse=True)
    return found.ravel().astype(np.int64)


def _law(deeds: Deeds, ground: Ground) -> tuple[Ints, Bools]:
    nature, by_side = deeds.nature, deeds.author <= int(Author.JOINT)
    fired = np.isin(nature, FOUGHT) & by_side
    fixed = np.isin(nature, list(SPOT_M)) | (deeds.type == type_index(IncidentType.MARITIME))
    moves = deeds.type == type_index(IncidentType.FORCE_MOVEMENT)
    for name, ring in ground.zones_m.items():
        if name.startswith("disengagement-"):
            fixed |= moves & inside(ring, deeds.x_m, deeds.y_m)
    law = np.where(fired, HOT, np.where(fixed, SPOT, ALONG))
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
