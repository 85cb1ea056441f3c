"""The deed that an answer answers, where nobody is known to have noticed it.

Before an answer the other side fired, soon and near. Where a draw holds no such deed, it went unnoticed
and is drawn along; the louder it would have been, the less likely is the answer. So verdicts are drawn;
authors and places are told by all guesses.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Author, Bools, Deeds, Floats, Ints
from truceline.simulation.oracle.templates import Templates
from truceline.simulation.world.deeds import joined

NEAR_M, SOON_S = (
    5_000.0,
    7_200.0,
)  # an answer lands beside the guns, mostly within the hour; assumed
TRIES = 8  # after so many it is an answer, loud as what it answers would have been

Drawn = tuple[Ints, Deeds]
"""Templates, and the deeds where and when they were drawn."""


def with_answered(
    drawn: Drawn,
    again: Callable[[Ints], Drawn],
    templates: Templates,
    log_silence: Callable[[Deeds], Floats],
    rng: Generator,
) -> tuple[Deeds, Deeds]:
    """Deeds of a draw, and what went unnoticed before the answers among them.

    Parameters
    ----------
    drawn
        A guess at each deed.
    again
        Other guesses at deeds by their rows, drawn from the same.
    templates
        The world's deeds.
    log_silence
        Nats of each deed being noticed by nobody.
    rng
        A generator.
    """
    which, deeds = drawn
    settled = np.zeros(len(which), dtype=np.bool_)
    unnoticed = []
    for left in reversed(range(TRIES + 1)):
        rows = lacks(deeds, templates.is_answer[which] & ~settled)
        if not len(rows):
            break
        before = brought_on(templates, which[rows], deeds.take(rows))
        silent = (np.log(rng.random(len(rows))) < log_silence(before)) | (left == 0)
        unnoticed.append(before.take(silent))
        settled[rows[silent]] = True
        wrong = rows[~silent]
        which = which.copy()
        which[wrong], other = again(wrong)
        deeds = _put(deeds, wrong, other)
    return deeds, joined(unnoticed)


def lacks(deeds: Deeds, is_answer: Bools) -> Ints:
    """Rows of answers before which no deed of the other side is among the deeds, soon and near.

    Examples
    --------
    >>> from truceline.simulation.world.deeds import Counter, make
    >>> at = np.array([0.0, 600.0, 9_000.0])
    >>> deeds = make(Counter(), began_s=at, x_m=at, y_m=at, type=1, author=np.array([0, 1, 1]))
    >>> lacks(deeds, np.array([False, True, True])).tolist()
    [2]
    """
    rows = np.flatnonzero(is_answer)
    one = deeds.take(rows)
    gap_s = one.began_s[:, None] - deeds.began_s
    other = (deeds.author == 1 - one.author[:, None]) | (deeds.author == int(Author.JOINT))
    away_m = np.hypot(one.x_m[:, None] - deeds.origin_x_m, one.y_m[:, None] - deeds.origin_y_m)
    known = other & (gap_s > 0) & (gap_s <= SOON_S) & (away_m <= NEAR_M)
    return rows[~known.any(axis=1)]


def brought_on(templates: Templates, which: Ints, deeds: Deeds) -> Deeds:
    """What drawn answers answer: moved along the line as they were, each end as far off it as it was."""
    before, as_it_was = templates.before.take(which), templates.deeds.take(which)
    line_y = templates.along.line_y
    x_m, guns_x_m = (deeds.x_m + of - as_it_was.x_m for of in (before.x_m, before.origin_x_m))
    return replace(
        before,
        x_m=x_m,
        y_m=line_y(x_m) + before.y_m - line_y(before.x_m),
        origin_x_m=guns_x_m,
        origin_y_m=line_y(guns_x_m) + before.origin_y_m - line_y(before.origin_x_m),
        began_s=deeds.began_s + before.began_s - as_it_was.began_s,
    )


def _put(deeds: Deeds, rows: Ints, other: Deeds) -> Deeds:
    """Deeds with others in some rows."""
    at = np.arange(len(deeds))
    at[rows] = len(deeds) + np.arange(len(rows))
    return joined([deeds, other]).take(at)
