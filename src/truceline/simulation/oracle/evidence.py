"""What was told by all observers, and how likely it is told of a deed, of nothing, or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from truceline.simulation.columns import Bools, Deeds, Floats, Ground, Ints, Posts, Sightings
from truceline.simulation.contract import Conditions, Observer

_SURE = 1.0 - 1e-9
_DEEDS = 20_000  # at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A kind of observer: its numbers, and all of its posts."""

    observer: Observer
    numbers: Mapping[str, float]
    posts: Posts


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything told.

    Parameters
    ----------
    told
        `(n,)` sightings of all kinds; what they are of is not in them.
    kind
        `(n,)` index into `watches`.
    watches
        All kinds of observers, those that told nothing too: silence counts.
    ground, conditions
        The world then.
    """

    told: Sightings
    kind: Ints
    watches: tuple[Watch, ...]
    ground: Ground
    conditions: Conditions

    def __len__(self) -> int:
        return len(self.kind)

    def take(self, rows: "Ints | Bools") -> "Evidence":
        """Those sightings."""
        return Evidence(
            told=self.told.take(rows),
            kind=self.kind[rows],
            watches=self.watches,
            ground=self.ground,
            conditions=self.conditions,
        )

    def source(self, row: int) -> tuple[int, int]:
        """Who tells it: kind and post."""
        return int(self.kind[row]), int(self.told.post[row])

    def log_seen(self, rows: Ints, deeds: Deeds) -> Floats:
        """Nats of each sighting of its deed: noticed, and so told, against not noticed."""
        found = np.empty(len(rows))
        kind = self.kind[rows]
        for number, watch in enumerate(self.watches):
            at = np.flatnonzero(kind == number)
            if len(at) == 0:
                continue
            said, of = self.told.take(rows[at]), deeds.take(at)
            by = watch.posts.take(said.post)
            chance = watch.observer.detects(watch.numbers, of, by, self.conditions)
            chance = np.clip(chance, 0.0, _SURE)
            with np.errstate(divide="ignore"):
                noticed = np.log(chance) - np.log1p(-chance)
            density = watch.observer.density(watch.numbers, said, of, by, self.ground)
            found[at] = noticed + density
        return np.where(np.isnan(found), -np.inf, found)

    def log_false(self) -> Floats:
        """Nats of each sighting as a false alarm."""
        found = np.empty(len(self))
        for number, watch in enumerate(self.watches):
            at = np.flatnonzero(self.kind == number)
            if len(at):
                said = self.told.take(at)
                by = watch.posts.take(said.post)
                found[at] = watch.observer.false_density(watch.numbers, said, by, self.ground)
        return np.where(np.isnan(found), -np.inf, found)

    def log_silence(self, deeds: Deeds) -> Floats:
        """Nats of each deed being noticed by no post at all."""
        parts = [np.zeros(0)]
        for first in range(0, len(deeds), _DEEDS):
            some = deeds.take(np.arange(first, min(first + _DEEDS, len(deeds))))
            parts.append(self._silence(some))
        return np.concatenate(parts)

    def _silence(self, deeds: Deeds) -> Floats:
        found = np.zeros(len(deeds))
        for watch in self.watches:
            for post in range(len(watch.posts)):
                reach_m = watch.posts.reach_m[post]
                at = watch.posts.x_m[post], watch.posts.y_m[post]
                away_m = np.hypot(deeds.x_m - at[0], deeds.y_m - at[1])
                if watch.observer.by_end:
                    muzzle_m = np.hypot(deeds.origin_x_m - at[0], deeds.origin_y_m - at[1])
                    away_m = np.minimum(away_m, muzzle_m)
                near = np.flatnonzero(~(away_m > reach_m))
                by = watch.posts.take(np.full(len(near), post))
                chance = watch.observer.detects(
                    watch.numbers, deeds.take(near), by, self.conditions
                )
                found[near] += np.log1p(-np.clip(chance, 0.0, _SURE))
        return found


def gathered(
    told: Mapping[str, Sightings],
    watches: tuple[Watch, ...],
    ground: Ground,
    conditions: Conditions,
) -> Evidence:
    """Everything told, by the order of watches.

    Parameters
    ----------
    told
        Sightings by observer's name.
    watches, ground, conditions
        As in `Evidence`.
    """
    parts = [told[watch.observer.name] for watch in watches if watch.observer.name in told]
    kinds = [
        np.full(len(told[watch.observer.name]), number)
        for number, watch in enumerate(watches)
        if watch.observer.name in told
    ]
    return Evidence(
        told=Sightings.concat(parts),
        kind=np.concatenate(kinds),
        watches=watches,
        ground=ground,
        conditions=conditions,
    )
