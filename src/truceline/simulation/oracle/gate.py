"""Who may be with whom: pairs of sightings whose places and times allow one deed."""

import numpy as np

from truceline.simulation.columns import Floats, Ints
from truceline.simulation.oracle.evidence import Evidence
from truceline.simulation.oracle.proposals import Proposals, middles

WIDE = 4.5  # deviations beyond which a pair is not looked at


def candidates(evidence: Evidence, proposals: Proposals, *, most: int) -> Ints:
    """Pairs that may be of one deed, `(pairs, 2)`, lower number first.

    Two sightings of one post are of two deeds. Of each sighting's pairs the likeliest by place and
    time alone are kept.

    Parameters
    ----------
    evidence, proposals
        Accounts of their own.
    most
        At most so many for each sighting, counted from either end.
    """
    x_m, y_m, width_m, at_s, width_s = middles(proposals)
    reach_s = WIDE * np.maximum(width_s, 1.0)
    late = ~np.isnan(proposals.late_s)
    # A text may be told of any instant before it: its delay widens its time to the past.
    past_s = np.where(late, np.maximum(proposals.reported_s - at_s, 0.0), 0.0)
    post = evidence.kind * 100_000 + evidence.told.post
    order = np.argsort(at_s, kind="stable")
    found: list[Ints] = []
    sharpness: list[Floats] = []
    widest_s = reach_s.max(initial=0.0)
    for place, one in enumerate(order):
        last = np.searchsorted(at_s[order], at_s[one] + reach_s[one] + widest_s, side="right")
        others = order[place + 1 : last]
        gap_s = at_s[others] - at_s[one]
        both_s = np.hypot(width_s[others], width_s[one])
        both_m = np.hypot(width_m[others], width_m[one])
        away_m = np.hypot(x_m[others] - x_m[one], y_m[others] - y_m[one])
        far = np.nan_to_num((away_m / both_m) ** 2)
        when = (np.maximum(gap_s - past_s[others], 0.0) / both_s) ** 2
        is_near = (far < WIDE**2) & (when < WIDE**2) & (post[others] != post[one])
        near = others[is_near]
        nats = -0.5 * (far + when) - np.log(np.nan_to_num(both_m, nan=3e4) ** 2 * both_s)
        found.append(np.column_stack([np.full(len(near), one), near]))
        sharpness.append(nats[is_near])
    pairs = np.concatenate(found) if found else np.zeros((0, 2), dtype=np.int64)
    kept = _best(pairs, np.concatenate(sharpness) if found else np.zeros(0), len(at_s), most)
    return np.sort(pairs[kept], axis=1)


def _best(pairs: Ints, nats: Floats, count: int, most: int) -> Ints:
    """Pairs that are among the best of either of their sightings."""
    kept = np.zeros(len(pairs), dtype=np.bool_)
    for end in (0, 1):
        order = np.lexsort((-nats, pairs[:, end]))
        first = np.searchsorted(pairs[order, end], pairs[order, end], side="left")
        kept[order[np.arange(len(order)) - first < most]] = True
    return np.flatnonzero(kept)


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
