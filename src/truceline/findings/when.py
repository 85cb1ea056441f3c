"""When a clause binds a party, and how much of an act's time falls into that."""

from datetime import datetime

import numpy as np
import numpy.typing as npt

from truceline.agreement.terms import PartyPeriod
from truceline.findings.event import FOREVER, Times, subtract, union
from truceline.model.time import Interval, to_microseconds

Floats = npt.NDArray[np.float64]
Instants = npt.NDArray[np.int64]

_SECOND_US = 1_000_000


def stretch(when: Interval) -> Times:
    """An interval as whole microseconds, its start included and its end not."""
    ended = FOREVER[1] if when.ended is None else to_microseconds(when.ended)
    return union([(to_microseconds(when.began), ended)])


def from_on(since: datetime) -> Times:
    """Every instant from this one on."""
    return ((to_microseconds(since), FOREVER[1]),)


def bound(periods: tuple[PartyPeriod, ...], party: str) -> Times:
    """When the periods bind the party: in force, less what is suspended."""
    own = [period for period in periods if period.party_id == party]
    in_force = union(s for p in own if p.state == "in_force" for s in stretch(p.when))
    return subtract(
        in_force, union(s for p in own if p.state != "in_force" for s in stretch(p.when))
    )


def share(began_us: Instants, ended_us: Instants, times: Times) -> Floats:
    """The part of each interval that falls into the times, `(n,)` from 0 to 1.

    Where an act took place within its interval nobody knows, so each instant of it is as likely as
    any other. An interval of no length is an instant: in or out.

    Examples
    --------
    >>> share(np.array([0, 5]), np.array([10, 5]), ((5, 100),)).tolist()
    [0.5, 1.0]
    """
    length = ended_us - began_us
    covered = np.zeros(len(began_us), np.int64)
    is_in = np.zeros(len(began_us), np.bool_)
    for first, last in times:
        covered += np.maximum(np.minimum(ended_us, last) - np.maximum(began_us, first), 0)
        is_in |= (began_us >= first) & (began_us < last)
    part = np.divide(covered, length, out=np.zeros(len(length)), where=length > 0)
    return np.where(length > 0, part, is_in.astype(np.float64))


def margin_s(began_us: Instants, ended_us: Instants, times: Times) -> Floats:
    """Seconds from the middle of each interval to the nearest end of the times; inside is positive.

    Not a number where the times have no end at all.
    """
    middle = began_us + (ended_us - began_us) // 2
    best = np.full(len(middle), np.nan)
    is_in = np.zeros(len(middle), np.bool_)
    for first, last in times:
        is_in |= (middle >= first) & (middle < last)
        for edge in (first, last):
            if edge not in FOREVER:
                best = np.fmin(best, np.abs(middle - edge) / _SECOND_US)
    return np.where(is_in, best, -best)
