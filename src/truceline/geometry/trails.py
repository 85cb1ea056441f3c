"""Trails of fixes as columns: their order, leaps that nothing can make, and stretches inside an area."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from truceline.geometry.offset import between

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

CLOCK_S = 2.0  # by which stamps of one receiver may be off; assumed


class Visits(NamedTuple):
    """Stretches of fixes inside an area: rows of the first and of the last, `(n,)` each."""

    first: Integers
    last: Integers


def in_order(track: Integers, at_us: Integers, lat: Floats, lon: Floats) -> Integers:
    """Rows by track and time, each fix once: exact repeats are left out.

    Examples
    --------
    >>> rows = in_order(*(np.array(v) for v in ([1, 0, 1, 1], [5, 9, 3, 5], [48.0] * 4, [37.0] * 4)))
    >>> rows.tolist()
    [1, 2, 0]
    """
    order = np.lexsort((lon, lat, at_us, track))
    same = np.ones(len(order), np.bool_)
    same[:1] = False
    for column in (track, at_us, lat, lon):
        same[1:] &= np.diff(column[order]) == 0
    return order[~same]


def leaps(
    track: Integers, at_us: Integers, lat: Floats, lon: Floats, error_m: Floats, speed_m_s: float
) -> Mask:
    """Which fixes cannot be reached from the one before them on their track.

    Parameters
    ----------
    track, at_us, lat, lon, error_m
        `(n,)` in the order of `in_order`; errors are 95 % semi-axes and are given away on both ends.
    speed_m_s
        The most that it can do.

    Examples
    --------
    >>> columns = np.zeros(3, np.int64), np.array([0, 10, 20]) * 1_000_000, np.array([48.0, 48.0, 49.0])
    >>> leaps(*columns, np.full(3, 37.0), np.full(3, 50.0), 350.0).tolist()
    [False, False, True]
    """
    found = np.zeros(len(track), np.bool_)
    if len(track) > 1:
        way_m = np.hypot(*between(lat[:-1], lon[:-1], lat[1:], lon[1:]))
        most_m = speed_m_s * (np.diff(at_us) / 1e6 + CLOCK_S) + error_m[:-1] + error_m[1:]
        found[1:] = (np.diff(track) == 0) & (way_m > most_m)
    return found


def visits(track: Integers, is_inside: Mask, is_leap: Mask) -> Visits:
    """Stretches of fixes that are inside, on one track, with no leap among them.

    Examples
    --------
    >>> inside = np.array([False, True, True, True, False, True])
    >>> leap = np.array([False, False, False, True, False, False])
    >>> [rows.tolist() for rows in visits(np.zeros(6, np.int64), inside, leap)]
    [[1, 3, 5], [2, 3, 5]]
    """
    starts = is_leap | np.concatenate([[True], np.diff(track) != 0])[: len(track)]
    before = np.concatenate([[False], is_inside[:-1]])[: len(track)]
    after = np.concatenate([is_inside[1:] & ~starts[1:], [False]])[: len(track)]
    first = np.flatnonzero(is_inside & (starts | ~before))
    return Visits(first=first, last=np.flatnonzero(is_inside & ~after))


def silences(track: Integers, at_us: Integers, is_leap: Mask, least_s: float) -> Integers:
    """Rows after which a track is silent for longer than `least_s` and then goes on, without a leap."""
    if len(track) < 2:
        return np.zeros(0, np.int64)
    is_long = np.diff(at_us) > least_s * 1e6
    return np.flatnonzero((np.diff(track) == 0) & is_long & ~is_leap[1:])
