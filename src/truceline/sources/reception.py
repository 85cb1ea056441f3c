"""How well a receiver hears: rates by cell, the chance of a silence, stretches of hearing and of none."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from truceline.sources.fixes import Fixes, Floats, Integers

CELL_DEG = 0.5  # side of the cells over which hearing counts as even; assumed
BIN_US = 600_000_000  # ten minutes: the grain of stretches of hearing; assumed
BY_CHANCE = 0.001  # a silence less likely than this, had it gone on sending, is told; assumed
LEAST_TRACKS = 3  # fewer tell nothing about the receiver: they may all have gone; assumed
_MINUTE_US = 60_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """What was heard where: for each fix its cell, and for each cell and track its steps and seconds.

    A step is a fix and the next of its track, no more than the feed's silence apart: their number
    over their seconds is the rate at which something that sends is heard (a Poisson estimate).
    """

    fixes: Fixes
    cell: Integers
    step_s: (
        Floats  # `(n,)` seconds to the next fix of the track; NaN where it is the last or silent
    )


def reception(fixes: Fixes, silence_s: float) -> Reception:
    """Measure it from the fixes themselves, in the order of `sound`."""
    rows, columns = np.floor(fixes.lat / CELL_DEG), np.floor(fixes.lon / CELL_DEG)
    cell = (rows * 10_000 + columns).astype(np.int64)
    step_s = np.full(len(cell), np.nan)
    if len(cell) > 1:
        length_s = np.diff(fixes.at_us) / 1e6
        is_step = (np.diff(fixes.track) == 0) & (length_s <= silence_s)
        step_s[:-1] = np.where(is_step, length_s, np.nan)
    return Reception(fixes=fixes, cell=cell, step_s=step_s)


def p_silent(heard: Reception, row: int) -> float:
    """P(nothing is heard after this fix until the track's next | it goes on sending).

    The rate is that of *others* in the fix's cell, and only minutes count in which one of them was
    heard there: where nobody was, the receiver may have been deaf, and the silence says nothing.
    """
    fixes = heard.fixes
    others = (heard.cell == heard.cell[row]) & (fixes.track != fixes.track[row])
    steps = others & ~np.isnan(heard.step_s)
    spent_s = float(heard.step_s[steps].sum())
    if spent_s <= 0.0:
        return 1.0
    rate_hz = np.count_nonzero(steps) / spent_s
    at_us = fixes.at_us[others]
    within = at_us[(at_us > fixes.at_us[row]) & (at_us < fixes.at_us[row + 1])]
    return float(np.exp(-rate_hz * 60.0 * len(np.unique(within // _MINUTE_US))))


def outages(fixes: Fixes) -> Iterator[tuple[int, int]]:
    """Stretches in which nobody at all was heard, too long to be chance: (began, ended), microseconds.

    Bins of ten minutes with and without any fix give the chance of an empty one; so many empty ones
    on end must be rarer than `BY_CHANCE`.
    """
    if len(np.unique(fixes.track)) < LEAST_TRACKS:
        return
    bins = np.unique(fixes.at_us // BIN_US)
    p_empty = 1.0 - len(bins) / (bins[-1] - bins[0] + 1)
    for before, after in pairwise(bins.tolist()):
        empty = int(after - before) - 1
        if empty and p_empty**empty < BY_CHANCE:
            yield int(before + 1) * BIN_US, int(after) * BIN_US


def hearing(heard: Reception, cells: Integers) -> Iterator[tuple[int, int]]:
    """Stretches of ten minutes on end in which somebody was heard in these cells."""
    at_us = heard.fixes.at_us[np.isin(heard.cell, cells)]
    bins = np.unique(at_us // BIN_US)
    if not len(bins):
        return
    breaks = np.flatnonzero(np.diff(bins) > 1) + 1
    for part in np.split(bins, breaks):
        yield int(part[0]) * BIN_US, int(part[-1] + 1) * BIN_US


def p_heard(heard: Reception, cells: Integers) -> float | None:
    """P(something that sends is heard within ten minutes in these cells); None: not known."""
    steps = np.isin(heard.cell, cells) & ~np.isnan(heard.step_s)
    spent_s = float(heard.step_s[steps].sum())
    if spent_s <= 0.0:
        return None
    return float(-np.expm1(-np.count_nonzero(steps) / spent_s * BIN_US / 1e6))
