"""How surely a place meets conditions: a distance bound first, exact chords near an edge.

Every condition has a margin, in metres, that changes by at most a metre a metre. A component whose
margin is more than `SURE_SIGMAS` standard deviations is inside or outside for certain. Of the
others, those that one condition parts are cut by exact chords (`cuts`), once for all clauses that
are measured from one line; those that several part at once are sampled (`points`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from truceline.findings.contract import Where
from truceline.findings.cuts import exact
from truceline.findings.ground import Seen, Surface, margin_m, see, surface_key
from truceline.findings.placed import Components, Judged, Places, Scene, Truths
from truceline.findings.points import settle

Floats = npt.NDArray[np.float64]

AT_ONCE = 1 << 16
"""Components that are looked at together: what they need on the way is held for no more of them."""

SURE_SIGMAS = 3.5  # beyond it lies at most exp(-3.5**2 / 2) = 0.0022 of a normal distribution


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """For each set of conditions, how surely each subject's place meets them all.

    `unknown` is the mass of each subject without a place. `margin` is that of the heaviest
    component, to the nearest edge that decides.
    """

    probability: Mapping[Places, Floats]
    margin: Mapping[Places, Floats]
    unknown: Floats


def locate(
    components: Components, surfaces: Mapping[tuple[str, str], Surface], sets: Sequence[Places]
) -> Located:
    """Probability of every set of conditions for every subject.

    Parameters
    ----------
    components
        Of all subjects, in the order of subjects.
    surfaces
        Of every condition, from `ground.surfaces`.
    sets
        Conditions that must hold together.
    """
    merged = {places: _merged(places) for places in sets}
    wanted = sorted(set(merged.values()), key=lambda places: sorted(map(repr, places)))
    total = np.zeros(components.subjects)
    probability = {places: np.zeros(components.subjects) for places in wanted}
    margin = {places: np.full(components.subjects, np.nan) for places in wanted}
    for placed in _blocks(components):
        _add(total, placed, placed.weight)
        scene = _scene(placed, surfaces, wanted)
        heaviest = placed.heaviest()
        for places, share in _shares(scene, wanted).items():
            _add(probability[places], placed, placed.weight * share)
            if places:
                least = np.min([scene.judged[where].margin[heaviest] for where in places], axis=0)
                margin[places][placed.owner[heaviest]] = least
    unknown = np.clip(1.0 - total, 0.0, 1.0)
    unknown[unknown < 1e-9] = 0.0  # what rounding left of weights that sum to one
    return Located(
        probability={places: probability[merged[places]] for places in sets},
        margin={places: margin[merged[places]] for places in sets},
        unknown=unknown,
    )


def _blocks(components: Components) -> Iterator[Components]:
    """Those that have a place, so many at once, no subject's in two blocks."""
    known = np.flatnonzero(~np.isnan(components.lat))
    owner = components.owner[known]
    begin = 0
    while begin < len(known):
        last = owner[min(begin + AT_ONCE, len(known)) - 1]
        end = int(np.searchsorted(owner, last, side="right"))
        yield components.take(known[begin:end])
        begin = end


def _add(total: Floats, placed: Components, mass: Floats) -> None:
    """Add the mass of components to what their subjects have."""
    first, last = int(placed.owner[0]), int(placed.owner[-1])
    total[first : last + 1] += np.bincount(placed.owner - first, mass)


def _scene(
    placed: Components, surfaces: Mapping[tuple[str, str], Surface], sets: Sequence[Places]
) -> Scene:
    """Components seen from every surface that the conditions are measured from."""
    conditions = _conditions(sets)
    keys = sorted({surface_key(where) for where in conditions})
    seen = {key: see(surfaces[key], placed.lat, placed.lon) for key in keys}
    reach_m = SURE_SIGMAS * placed.sigma_m()
    judged = {where: _judge(where, seen[surface_key(where)], reach_m) for where in conditions}
    return Scene(placed=placed, surfaces=surfaces, seen=seen, judged=judged, reach_m=reach_m)


def _merged(places: Places) -> Places:
    """The same conditions with those from one surface, and to one side of it, made one."""
    joined: dict[tuple[tuple[str, str], str | None], Where] = {}
    for where in sorted(places, key=repr):
        key = (surface_key(where), where.side)
        one = joined.get(key, where)
        reaches = [each.to_m for each in (one, where) if each.to_m is not None]
        joined[key] = replace(
            one,
            from_m=max(one.from_m or 0.0, where.from_m or 0.0),
            to_m=min(reaches) if reaches else None,
        )
    return frozenset(joined.values())


def _judge(where: Where, seen: Seen, reach_m: Floats) -> Judged:
    margin, slope = margin_m(where, seen)
    # Beyond a loose end left meets right, and off the grid distances are only bounds.
    is_bound = ~seen.near.is_open if where.side is not None else np.isfinite(margin)
    return Judged(
        margin=margin,
        east=slope * seen.near.east,
        north=slope * seen.near.north,
        is_sure=is_bound & (margin > reach_m),
        is_out=is_bound & (margin < -reach_m),
    )


def _shares(scene: Scene, sets: Sequence[Places]) -> dict[Places, Floats]:
    """The part of each component that meets each set of conditions."""
    share: dict[Places, Floats] = {}
    left: dict[Places, Truths] = {}
    alone = exact(scene, _conditions(sets))
    for places in sets:
        part = np.ones(len(scene.reach_m))
        opened = np.zeros(len(part), np.int8)
        is_out = np.zeros(len(part), np.bool_)
        for where in places:
            is_open = scene.judged[where].is_open()
            opened += is_open
            part = np.where(is_open, alone[where], part)
            is_out |= scene.judged[where].is_out
        part[is_out] = 0.0
        share[places] = part
        left[places] = ~is_out & ((opened > 1) | np.isnan(part))
    settle(scene, sets, left, share)
    return share


def _conditions(sets: Iterable[Places]) -> list[Where]:
    return sorted({where for places in sets for where in places}, key=repr)
