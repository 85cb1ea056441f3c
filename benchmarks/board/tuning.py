"""The same budget for everybody: so many settings, tried on the tuning seed, the best one kept."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.rivals.contract import Given, Ints, settings
from truceline.fusion.fuse import fuse
from truceline.fusion.parameters import DEFAULTS

LINE_GRID: Mapping[str, tuple[float, ...]] = {
    "error_scale": (1.0, 1.4, 2.0),
    "observations_per_incident": (2.0, 3.0, 4.5, 7.0),
}
"""What the line may try; its defaults are one of the twelve. A mission runs at the defaults."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One setting on the tuning seed."""

    setting: Mapping[str, Any]
    score: float
    took_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuned:
    """All that was tried, in the order of the grid, and the best: the earlier of equals."""

    name: str
    tried: tuple[Tried, ...]
    best: Mapping[str, Any]

    def lines(self) -> list[str]:
        """The settings as the scoreboard prints them."""
        return [
            f"  {'>' if t.setting == self.best else ' '} {self.name:<20} "
            f"{t.score:8.4f}  {t.took_s:6.2f} s  {words(t.setting)}"
            for t in self.tried
        ]


def words(setting: Mapping[str, Any]) -> str:
    """A setting in a line.

    Examples
    --------
    >>> words({"space_m": 1500.0, "by_type": True})
    'space_m 1500, by_type True'
    """
    return ", ".join(f"{k} {v:g}" if type(v) is float else f"{k} {v}" for k, v in setting.items())


def tune(
    name: str,
    grid: Mapping[str, tuple[Any, ...]],
    run: Callable[..., Any],
    score: Callable[[Any], float],
) -> Tuned:
    """Try every setting of a grid and keep the one of the highest score; NaN never wins."""
    tried = []
    for setting in settings(grid):
        began = time.perf_counter()
        made = run(**setting)
        took_s = time.perf_counter() - began
        tried.append(Tried(setting=setting, score=score(made), took_s=took_s))
    scores = np.nan_to_num([t.score for t in tried], nan=-np.inf)
    return Tuned(name=name, tried=tuple(tried), best=tried[int(np.argmax(scores))].setting)


def fused(observations: pa.Table, exposures: pa.Table, **setting: float) -> Ints:
    """Labels of the line's fusion at a setting."""
    fusion = fuse(observations, exposures, replace(DEFAULTS, **setting))  # type: ignore[arg-type]
    return homes(fusion.members, observations)


def homes(members: pa.Table, observations: pa.Table) -> Ints:
    """Likeliest incident of each observation; -1: none."""
    ids = observations["observation_id"].combine_chunks()
    row = np.asarray(pc.index_in(members["observation_id"], value_set=ids).fill_null(-1), np.int64)
    incident = np.asarray(members["incident_id"].combine_chunks().dictionary_encode().indices)
    order = np.lexsort((incident, -np.asarray(members["probability"]), row))
    first = order[np.diff(row[order], prepend=-2) != 0]
    first = first[row[first] >= 0]
    home = np.full(observations.num_rows, -1, np.int64)
    home[row[first]] = incident[first]
    return home


def part(given: Given, rows: Ints) -> Given:
    """Only those observations."""
    return replace(given, observations=given.observations.take(pa.array(rows)))


def earliest(observations: pa.Table, most: int | None) -> Ints:
    """Rows of the earliest `most` observations: an unbroken stretch of time."""
    order = np.asarray(pc.sort_indices(observations["began"]), np.int64)
    return np.sort(order[:most])
