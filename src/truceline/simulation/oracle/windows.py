"""Smaller problems within a truce that is too large to sample: stretches of time, whole.

A stretch is asked about with everything that was told of it and for some hours about it, over the whole
ground. Which stretches are asked about is drawn without a look at what happened in them; the line is
then scored on the same sightings.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Floats, Ints
from truceline.simulation.oracle.evidence import Evidence
from truceline.simulation.oracle.gate import instants
from truceline.simulation.oracle.proposals import proposals_of
from truceline.simulation.oracle.templates import DAY_S

MARGINS_S = (14_400.0, 7_200.0, 3_600.0)
"""How much before and after is taken in; the longest that keeps a window small enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Accounts that the oracle takes in, and those of them that are asked about, by number."""

    taken: Ints
    asked: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """What is asked.

    Parameters
    ----------
    asked
        One window, or as many as were drawn.
    whole
        How many stretches the truce was cut into; one: all of it is asked about.
    too_dense
        How many of those drawn hold more than can be sampled, and are left out.
    """

    asked: tuple[Window, ...]
    whole: int
    too_dense: int


def windows_of(evidence: Evidence, *, most: int, count: int, rng: Generator) -> Windows:
    """The windows that are asked about.

    Parameters
    ----------
    evidence
        Accounts of their own.
    most
        So many accounts are sampled at once, and no more.
    count
        How many stretches are drawn.
    rng
        Draws them.
    """
    everything = np.arange(len(evidence))
    if len(evidence) <= most:
        return Windows(asked=(Window(taken=everything, asked=everything),), whole=1, too_dense=0)
    proposals = proposals_of(evidence)
    from_s, to_s = instants(evidence, proposals)
    # What tells a day or more is taken in where it may belong, and never asked about.
    at_s = np.where(to_s - from_s < DAY_S, (from_s + to_s) / 2, np.nan)
    timed = np.flatnonzero(np.isfinite(at_s))
    stretches = max(2, round(2 * len(timed) / most))
    edges_s = np.quantile(at_s[timed], np.linspace(0.0, 1.0, stretches + 1))
    found, too_dense = [], 0
    for number in rng.permutation(stretches)[:count].tolist():
        began_s, ended_s = edges_s[number], edges_s[number + 1]
        asked = np.flatnonzero((at_s >= began_s) & (at_s < ended_s))
        taken = _about(began_s, ended_s, from_s, to_s, most)
        if taken is None or len(asked) == 0:
            too_dense += 1
            continue
        found.append(Window(taken=taken, asked=asked))
    return Windows(asked=tuple(found), whole=stretches, too_dense=too_dense)


def _about(began_s: float, ended_s: float, from_s: Floats, to_s: Floats, most: int) -> Ints | None:
    """What may be of a deed in a stretch or near it; None where that is too much at any margin."""
    for margin_s in MARGINS_S:
        taken = np.flatnonzero((to_s > began_s - margin_s) & (from_s < ended_s + margin_s))
        if len(taken) <= most:
            return taken
    return None
