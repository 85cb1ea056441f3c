"""Making deeds: a table with defaults, and numbers that no other deed has."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from truceline.simulation.columns import Author, Bools, Deeds, Floats, Intent, Ints, Nature

_DEFAULTS: dict[str, Any] = {
    "campaign": -1,
    "lasted_s": 0.0,
    "origin_x_m": np.nan,
    "origin_y_m": np.nan,
    "weapon": -1,
    "author": int(Author.NATURE),
    "nature": int(Nature.HOSTILE),
    "intent": int(Intent.DELIBERATE),
    "rounds": 1,
    "energy_kg": 0.0,
    "fire_mw": 0.0,
    "burns_s": 0.0,
    "damage": 0.0,
    "salience": 1.0,
    "answers": -1,
    "is_notified": False,
}
_KINDS = {f.name: f.type for f in fields(Deeds)}
_TYPES: dict[Any, type] = {Ints: np.int64, Floats: np.float64, Bools: np.bool_}


@dataclass(slots=True)
class Counter:
    """Hands out numbers, each once over the whole truce."""

    following: int = 0

    def take(self, count: int) -> Ints:
        """The next `count` numbers."""
        numbers = np.arange(self.following, self.following + count, dtype=np.int64)
        self.following += count
        return numbers


def make(counter: Counter, **columns: Any) -> Deeds:
    """Deeds from the columns that matter; the others get what is usual.

    `began_s`, `x_m`, `y_m` and `type` are needed. Without `origin_x_m` nothing flew; without
    `happening` or `campaign` each deed is a happening and a campaign of its own.

    Examples
    --------
    >>> deeds = make(Counter(), began_s=np.array([5.0]), x_m=np.array([1.0]), y_m=2.0, type=3)
    >>> int(deeds.deed[0]), float(deeds.origin_y_m[0]), len(deeds)
    (0, 2.0, 1)
    """
    count = len(columns["began_s"])
    given = {**_DEFAULTS, **columns}
    given["deed"] = columns["deed"] if "deed" in columns else counter.take(count)
    given.setdefault("happening", given["deed"])
    made: dict[str, Any] = {}
    for name, kind in _KINDS.items():
        made[name] = np.broadcast_to(np.asarray(given[name], dtype=_TYPES[kind]), (count,)).copy()
    for axis in ("x_m", "y_m"):
        unset = np.isnan(made[f"origin_{axis}"])
        made[f"origin_{axis}"][unset] = made[axis][unset]
    alone = made["campaign"] < 0
    made["campaign"][alone] = made["deed"][alone]
    return Deeds(**made)


def none() -> Deeds:
    """No deeds."""
    empty = np.zeros(0)
    return make(Counter(), began_s=empty, x_m=empty, y_m=empty, type=empty)


def joined(parts: list[Deeds]) -> Deeds:
    """All deeds of all parts."""
    return Deeds.concat(parts) if parts else none()


def in_order(deeds: Deeds) -> Deeds:
    """Deeds by when they began, then by number."""
    return deeds.take(np.lexsort((deeds.deed, deeds.began_s)))
