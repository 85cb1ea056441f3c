"""Half days from six to six by the sun: how watches are told, and rounds are walked."""

import numpy as np

from truceline.simulation.columns import Bools, Floats, Ground

HALF_DAY_S = 43_200.0
_DAY_S = 86_400.0


def edges_of(ground: Ground, from_s: float, to_s: float) -> Floats:
    """Edges of half days, from the one at or before an instant to the one at or after another.

    Examples
    --------
    >>> from truceline.simulation.world.ground import plain
    >>> (edges_of(plain(), 0.0, 86_400.0) / 3_600.0).round(2).tolist()
    [-8.13, 3.87, 15.87, 27.87]
    """
    shift_s = _shift_s(ground)
    first = np.floor((from_s - shift_s) / HALF_DAY_S)
    last = np.ceil((to_s - shift_s) / HALF_DAY_S)
    edges: Floats = np.arange(first, last + 1) * HALF_DAY_S + shift_s
    return edges


def is_night(ground: Ground, at_s: Floats) -> Bools:
    """Whether instants lie in the half day that begins at six in the evening."""
    number = np.floor((at_s - _shift_s(ground)) / HALF_DAY_S).astype(np.int64)
    found: Bools = number % 2 == 1
    return found


def _shift_s(ground: Ground) -> float:
    return (0.25 - ground.origin_lon / 360.0) * _DAY_S
