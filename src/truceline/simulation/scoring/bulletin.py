"""Two bulletins of events against each other: matches, false events, regions that overlap.

The reference may be an oracle's bulletin, a peer's, or the line's own of an earlier version. Against the
truth itself, whose regions are points, `incidents` says the same by coverage.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from truceline.geometry.plane import metres_per_degree
from truceline.simulation.scoring.matching import match

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

LEVEL = 0.9  # the error ellipses that event bulletins print
_FROM_95 = math.log(1 - LEVEL) / math.log(0.05)  # a table's axes are of 95 %; of their squares
_MIXES = 127  # shapes between the two that are looked at
_COLUMNS = ("lat", "lon", "error_major_m", "error_minor_m", "error_azimuth_deg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """Events that one observer makes of the sightings.

    Parameters
    ----------
    home
        `(n,)` number of the event of each observation, a row of `incidents`; -1: none.
    stated
        `(events,)` which are stated as events.
    incidents
        Their places in the columns of incidents.
    is_outgoing
        `(events,)` whether the place is where the fire came from; None: of none.
    """

    home: Ints
    stated: Flags
    incidents: pa.Table
    is_outgoing: Flags | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Of `reference` events so many were matched; so many own events are false.

    `overlapping` counts the matched whose 90 % ellipses touch, of `placed` where both state one of the
    same end of fire.
    """

    reference: int
    stated: int
    matched: int
    false: int
    overlapping: int
    placed: int


def compare(own: Bulletin, reference: Bulletin) -> Comparison:
    """A bulletin held against another over the same observations.

    An event matches a reference event if it holds more than half of its sightings.

    Parameters
    ----------
    own, reference
        Over the same observations, in one order.
    """
    is_stated = np.append(reference.stated, False)[reference.home]
    theirs = np.where((reference.home >= 0) & is_stated, reference.home, -1)
    by = match(theirs, own.home, reference.stated.size, own.stated)
    there = np.flatnonzero(by >= 0)
    one, other = _ellipses(own.incidents, by[there]), _ellipses(reference.incidents, there)
    known = np.isfinite(one).all(axis=1) & np.isfinite(other).all(axis=1)
    # Guns and what they hit are two places: that these lie apart is no error of either bulletin.
    known &= _goes_out(own, by[there]) == _goes_out(reference, there)
    stated = int(np.count_nonzero(own.stated))
    return Comparison(
        reference=int(np.count_nonzero(reference.stated)),
        stated=stated,
        matched=there.size,
        false=stated - there.size,
        overlapping=int(np.count_nonzero(_touch(one[known], other[known]))),
        placed=int(np.count_nonzero(known)),
    )


def _goes_out(bulletin: Bulletin, rows: Ints) -> Flags:
    is_outgoing = bulletin.is_outgoing
    return np.zeros(rows.size, np.bool_) if is_outgoing is None else is_outgoing[rows]


def _ellipses(incidents: pa.Table, rows: Ints) -> Floats:
    """Latitude, longitude and squared shape (east, mixed, north; m²) of the 90 % ellipses."""
    lat, lon, major, minor, azimuth = (
        np.asarray(incidents[name], dtype=np.float64)[rows] for name in _COLUMNS
    )
    turn = np.deg2rad(np.nan_to_num(azimuth))
    along, across = major**2 * _FROM_95, np.where(np.isnan(minor), major, minor) ** 2 * _FROM_95
    east = along * np.sin(turn) ** 2 + across * np.cos(turn) ** 2
    mixed = (along - across) * np.sin(turn) * np.cos(turn)
    north = along * np.cos(turn) ** 2 + across * np.sin(turn) ** 2
    return np.stack([lat, lon, east, mixed, north], axis=1)


def _touch(one: Floats, other: Floats) -> Flags:
    scales = np.array([metres_per_degree(float(lat)) for lat in one[:, 0]]).reshape(-1, 2)
    offset = (other[:, [1, 0]] - one[:, [1, 0]]) * scales
    return overlap(one[:, 2:], other[:, 2:], offset)


def overlap(one: Floats, other: Floats, offset: Floats) -> Flags:
    """Whether two ellipses share ground.

    They do where `max over s of s (1-s) d' [(1-s) A + s B]^-1 d` is at most one.

    Parameters
    ----------
    one, other
        `(n, 3)` A and B: east-east, east-north and north-north parts of the squared shape, m²; a
        circle of radius r is `(r², 0, r²)`.
    offset
        `(n, 2)` d: from the middle of the one to that of the other, metres.

    References
    ----------
    Perram and Wertheim 1985, J. Computational Physics 58:409.

    Examples
    --------
    >>> circle = np.array([[4.0, 0.0, 4.0]])
    >>> [bool(overlap(circle, circle, np.array([[d, 0.0]]))[0]) for d in (3.99, 4.01)]
    [True, False]
    """
    most = np.zeros(len(one))
    for mix in np.linspace(0, 1, _MIXES + 2)[1:-1]:
        east, both, north = ((1 - mix) * one + mix * other).T
        square = north * offset[:, 0] ** 2 - 2 * both * offset[:, 0] * offset[:, 1]
        square += east * offset[:, 1] ** 2
        size = np.maximum(east * north - both**2, 1e-300)
        most = np.maximum(most, mix * (1 - mix) * square / size)
    return most <= 1.0
