"""Who may be with whom: pairs of sightings whose places and times allow one deed."""

import numpy as np

from truceline.simulation.columns import Bools, Floats, Ints
from truceline.simulation.errors.hours import LATE_FAMILIES, SLOW_TIMES
from truceline.simulation.errors.spot import BIAS_TIMES, GROSS_TIMES
from truceline.simulation.oracle.evidence import Evidence
from truceline.simulation.oracle.proposals import Proposals, middles
from truceline.simulation.oracle.templates import DAY_S

WIDE = 4.5  # deviations beyond which a pair is not looked at: one in 25,000 of either axis
TAILS = {
    "student": 3.0,
    "gross_mixture": GROSS_TIMES,
    "common_bias": float(np.hypot(1, BIAS_TIMES)),
}
"""How much wider than its deviation an error family reaches."""
LONGEST = 3.0  # deviations of the logarithm of a delay beyond which none is looked for
_SLIPS = 1e-3  # an observer that slips more often may name any place


def candidates(evidence: Evidence, proposals: Proposals) -> Ints:
    """Pairs that may be of one deed, `(pairs, 2)`, lower number first.

    Two sightings of one post are of two deeds. Nothing is left out for being less likely than
    another: what the pairs are worth is said by the densities.

    Parameters
    ----------
    evidence, proposals
        Accounts of their own.
    """
    x_m, y_m, width_m, _, _ = middles(proposals)
    reach_m = WIDE * width_m * _tails(evidence) + proposals.flight_m
    # Who tells no place, or slips and names any, may mean any place.
    reach_m = np.where(np.isnan(x_m) | _slips(evidence), np.inf, reach_m)
    from_s, to_s = instants(evidence, proposals)
    post = evidence.kind * 100_000 + evidence.told.post
    order = np.argsort(from_s, kind="stable")
    begins_s = from_s[order]
    found: list[Ints] = []
    for place, one in enumerate(order):
        last = np.searchsorted(begins_s, to_s[one], side="right")
        others = order[place + 1 : last]
        away_m = np.nan_to_num(np.hypot(x_m[others] - x_m[one], y_m[others] - y_m[one]))
        near = others[(away_m < reach_m[others] + reach_m[one]) & (post[others] != post[one])]
        found.append(np.column_stack([np.full(len(near), one), near]))
    pairs = np.concatenate(found) if found else np.zeros((0, 2), dtype=np.int64)
    return np.sort(pairs, axis=1)


def instants(evidence: Evidence, proposals: Proposals) -> tuple[Floats, Floats]:
    """When the deed of each sighting may have begun: earliest and latest instant, `(n,)` each."""
    span = ~np.isnan(proposals.from_s)
    width_s = np.nan_to_num(WIDE * proposals.width_s)
    from_s = np.where(span, proposals.from_s, proposals.at_s - width_s)
    to_s = np.where(span, proposals.to_s, proposals.at_s + width_s)
    from_s = np.where(proposals.is_overpass, proposals.at_s - DAY_S, from_s)
    to_s = np.where(proposals.is_overpass, proposals.at_s, to_s)
    is_text = ~np.isnan(proposals.late_s)
    longest_s = proposals.late_s * np.exp(LONGEST * proposals.late_spread)
    longest_s = longest_s * np.where(_is_slow(evidence), SLOW_TIMES, 1.0)
    # A bare date may be that of the text: the deed was any time before it that a delay allows.
    slipped = is_text & span
    from_s = np.where(slipped, np.minimum(from_s, proposals.reported_s - longest_s), from_s)
    return from_s, np.where(is_text, np.minimum(to_s, proposals.reported_s), to_s)


def _tails(evidence: Evidence) -> Floats:
    families = [w.observer.families[int(w.numbers["family"])] for w in evidence.watches]
    return np.array([TAILS.get(family, 1.0) for family in families])[evidence.kind]


def _slips(evidence: Evidence) -> Bools:
    """Whether a place is told by a name that may be any name."""
    families = [w.observer.families[int(w.numbers["family"])] for w in evidence.watches]
    of = [
        family == "gazetteer_slip" and float(w.numbers.get("slip_share", 0.0)) > _SLIPS
        for family, w in zip(families, evidence.watches, strict=True)
    ]
    found: Bools = np.array(of)[evidence.kind]
    return found


def _is_slow(evidence: Evidence) -> Bools:
    of = [LATE_FAMILIES[int(w.numbers.get("late", 0))] == "two_speeds" for w in evidence.watches]
    found: Bools = np.array(of)[evidence.kind]
    return found


def components(pairs: Ints, count: int) -> Ints:
    """Number of the component of each sighting, `(count,)`.

    Examples
    --------
    >>> components(np.array([[0, 2]]), 3).tolist()
    [0, 1, 0]
    """
    home = np.arange(count)
    while True:
        low = home.copy()
        np.minimum.at(low, pairs[:, 0], home[pairs[:, 1]])
        np.minimum.at(low, pairs[:, 1], home[pairs[:, 0]])
        low = low[low]
        if np.array_equal(low, home):
            break
        home = low
    _, found = np.unique(home, return_inverse=True)
    return found.ravel().astype(np.int64)
