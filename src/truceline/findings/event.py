"""Events: what must be true of an act, as sums of products that multiply out exactly.

A `Term` is one product of conditions on what, where and when; these three are independent in the
posterior, so its probability is a product. An `Event` is a whole-number combination of terms, made
by `both`, `either` and `without`, so that P(breach and not excepted) needs no sampling over clauses
and no assumption about how exceptions overlap.

What cannot be known (a place nobody stated, a weapon nobody named, geometry that is not public)
makes two events of one: what is surely so (`is_sure`), and what may be so. The difference is
`insufficient_evidence`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from truceline.findings.contract import Where
from truceline.model.errors import InputError
from truceline.tables.posterior import TYPES

Times = tuple[tuple[int, int], ...]

ALL_TYPES = (1 << len(TYPES)) - 1
FOREVER = (-(2**62), 2**62)  # microseconds; beyond every calendar date
ALWAYS: Times = (FOREVER,)


@dataclass(frozen=True, slots=True)
class Term:
    """One product of conditions.

    `types` is a bit mask in the order of TYPES. `weapons` are selectors as canonical JSON. The
    flags `sure_where` and `sure_weapon` say whether an unknown place or weapon fails the term
    (a sure event) or passes it (a possible one). `fired_here`: the act's place is where the weapon
    stood (outgoing); None: no matter. `notices` are numbers of notices whose scale must suffice.
    """

    types: int = ALL_TYPES
    where: frozenset[Where] = field(default_factory=frozenset)
    sure_where: bool = False
    weapons: frozenset[str] = field(default_factory=frozenset)
    sure_weapons: frozenset[str] = field(default_factory=frozenset)
    times: Times = ALWAYS
    fired_here: bool | None = None
    notices: frozenset[int] = field(default_factory=frozenset)


Event = tuple[tuple[Term, int], ...]

NEVER: Event = ()
CERTAIN: Event = ((Term(), 1),)


def mask(types: Iterable[str] | None) -> int:
    """The bit mask of incident types; None: all of them.

    Examples
    --------
    >>> mask(["small_arms_fire", "mortar"])
    5
    >>> mask(["morter"])
    Traceback (most recent call last):
    truceline.model.errors.InputError: 'morter' is not an incident type; stored words are ...
    """
    if types is None:
        return ALL_TYPES
    bits = 0
    for name in types:
        if name not in TYPES:
            msg = f"{name!r} is not an incident type; stored words are {', '.join(TYPES)}"
            raise InputError(msg)
        bits |= 1 << TYPES.index(name)
    return bits


def both(first: Event, second: Event) -> Event:
    """Both happen."""
    total: dict[Term, int] = {}
    for one, times in first:
        for other, by in second:
            term = _joined(one, other)
            if term is not None:
                total[term] = total.get(term, 0) + times * by
    return tuple((term, times) for term, times in total.items() if times)


def without(first: Event, second: Event) -> Event:
    """The first happens and the second does not."""
    total = dict(first)
    for term, times in both(first, second):
        total[term] = total.get(term, 0) - times
    return tuple((term, times) for term, times in total.items() if times)


def either(first: Event, second: Event) -> Event:
    """The first or the second happens, or both.

    Examples
    --------
    >>> mortar, tank = ((Term(types=mask([t])), 1) for t in ("mortar", "tank_fire"))
    >>> len(either((mortar,), (tank,)))
    2
    >>> either((mortar,), (mortar,)) == (mortar,)
    True
    """
    total = dict(first)
    for term, times in without(second, first):
        total[term] = total.get(term, 0) + times
    return tuple((term, times) for term, times in total.items() if times)


def overlap(first: Times, second: Times) -> Times:
    """Instants that both hold.

    Examples
    --------
    >>> overlap(((0, 10), (20, 30)), ((5, 25),))
    ((5, 10), (20, 25))
    """
    if first == ALWAYS or second == ALWAYS:
        return second if first == ALWAYS else first
    pieces = [
        (max(a[0], b[0]), min(a[1], b[1]))
        for a in first
        for b in second
        if max(a[0], b[0]) < min(a[1], b[1])
    ]
    return tuple(sorted(pieces))


def union(times: Iterable[tuple[int, int]]) -> Times:
    """Instants that any holds, as stretches that do not touch.

    Examples
    --------
    >>> union([(5, 9), (0, 5), (20, 30)])
    ((0, 9), (20, 30))
    """
    merged: list[tuple[int, int]] = []
    for began, ended in sorted(times):
        if merged and began <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(ended, merged[-1][1]))
        elif began < ended:
            merged.append((began, ended))
    return tuple(merged)


def subtract(times: Times, cut: Times) -> Times:
    """Instants of the first that the second does not hold.

    Examples
    --------
    >>> subtract(((0, 30),), ((5, 10), (20, 40)))
    ((0, 5), (10, 20))
    """
    left = list(times)
    for first, last in cut:
        left = [
            piece
            for began, ended in left
            for piece in ((began, min(ended, first)), (max(began, last), ended))
            if piece[0] < piece[1]
        ]
    return tuple(left)


def _joined(one: Term, other: Term) -> Term | None:
    types = one.types & other.types
    times = overlap(one.times, other.times)
    is_split = None not in (one.fired_here, other.fired_here) and one.fired_here != other.fired_here
    if not types or not times or is_split:
        return None
    return replace(
        one,
        types=types,
        where=one.where | other.where,
        sure_where=one.sure_where or other.sure_where,
        weapons=one.weapons | other.weapons,
        sure_weapons=one.sure_weapons | other.sure_weapons,
        times=times,
        fired_here=one.fired_here if other.fired_here is None else other.fired_here,
        notices=one.notices | other.notices,
    )
