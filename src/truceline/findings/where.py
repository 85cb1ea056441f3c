"""How surely a place meets conditions: a distance bound first, samples only near an edge.

Every condition has a margin, in metres, that changes by at most a metre a metre. A component whose
margin is more than `SURE_SIGMAS` standard deviations is inside or outside for certain. Only the
others are sampled, all conditions at the same points, so that clauses measured from one line share
its distance at each. The share of points is corrected by the exact probability of the half-plane
through the nearest edge, and so is exact where the edge is straight.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from truceline.findings.contract import Where
from truceline.findings.ground import Seen, Surface, holds, margin_m, see, surface_key
from truceline.geometry.offset import moved
from truceline.geometry.sample import factor, normal_cdf, standard_normal

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]
Places = frozenset[Where]

SURE_SIGMAS = 3.5  # beyond it lies at most exp(-3.5**2 / 2) = 0.0022 of a normal distribution
_AT_ONCE = 4096  # components sampled together: about a million points


@dataclass(frozen=True, slots=True, kw_only=True)
class Components:
    """Gaussians of places: `owner` is the number of the subject that each belongs to."""

    subjects: int
    owner: npt.NDArray[np.int64]
    weight: Floats
    lat: Floats  # not a number: nobody said where
    lon: Floats
    var_east_m2: Floats
    cov_en_m2: Floats
    var_north_m2: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """For each set of conditions, how surely each subject's place meets them all.

    `unknown` is the mass of each subject without a place. `margin` is that of the heaviest
    component, to the nearest edge that decides.
    """

    probability: Mapping[Places, Floats]
    margin: Mapping[Places, Floats]
    unknown: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """One condition at the mean of each component."""

    margin: Floats
    east: Floats  # the direction in which the margin grows
    north: Floats
    is_sure: Truths  # certainly met
    is_out: Truths  # certainly not


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
    known = np.flatnonzero(~np.isnan(components.lat))
    placed = _rows(components, known)
    total = np.bincount(placed.owner, placed.weight, minlength=components.subjects)
    conditions = sorted({where for places in sets for where in places}, key=repr)
    judged = _judge(placed, surfaces, conditions)
    heaviest = _heaviest(placed)
    share = _shares(placed, surfaces, sets, conditions, judged)
    probability, margin = {}, {}
    for places in sets:
        weighed = placed.weight * share[places]
        probability[places] = np.bincount(placed.owner, weighed, minlength=components.subjects)
        margin[places] = np.full(components.subjects, np.nan)
        if places and len(known):
            least = np.min([judged[where].margin[heaviest] for where in places], axis=0)
            margin[places][placed.owner[heaviest]] = least
    unknown = np.clip(1.0 - total, 0.0, 1.0)
    unknown[unknown < 1e-9] = 0.0  # what rounding left of weights that sum to one
    return Located(probability=probability, margin=margin, unknown=unknown)


def _rows(components: Components, rows: npt.NDArray[np.intp]) -> Components:
    return Components(
        subjects=components.subjects,
        owner=components.owner[rows],
        weight=components.weight[rows],
        lat=components.lat[rows],
        lon=components.lon[rows],
        var_east_m2=components.var_east_m2[rows],
        cov_en_m2=components.cov_en_m2[rows],
        var_north_m2=components.var_north_m2[rows],
    )


def _heaviest(placed: Components) -> npt.NDArray[np.intp]:
    """The row of each subject's heaviest component, the first of equals."""
    order = np.lexsort((np.arange(len(placed.owner)), -placed.weight, placed.owner))
    owner = placed.owner[order]
    return order[np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])] if len(order) else order


def _judge(
    placed: Components, surfaces: Mapping[tuple[str, str], Surface], conditions: Sequence[Where]
) -> dict[Where, _Judged]:
    mean = (placed.var_east_m2 + placed.var_north_m2) / 2
    half = np.hypot((placed.var_east_m2 - placed.var_north_m2) / 2, placed.cov_en_m2)
    reach = SURE_SIGMAS * np.sqrt(np.maximum(mean + half, 0.0))
    judged = {}
    seen: dict[tuple[str, str], Seen] = {}
    for where in conditions:
        key = surface_key(where)
        if key not in seen:
            seen[key] = see(surfaces[key], placed.lat, placed.lon)
        margin, slope = margin_m(where, seen[key])
        # Beyond a loose end left meets right, and off the grid distances are only bounds.
        is_bound = ~seen[key].near.is_open if where.side is not None else np.isfinite(margin)
        judged[where] = _Judged(
            margin=margin,
            east=slope * seen[key].near.east,
            north=slope * seen[key].near.north,
            is_sure=is_bound & (margin > reach),
            is_out=is_bound & (margin < -reach),
        )
    return judged


def _shares(
    placed: Components,
    surfaces: Mapping[tuple[str, str], Surface],
    sets: Sequence[Places],
    conditions: Sequence[Where],
    judged: Mapping[Where, _Judged],
) -> dict[Places, Floats]:
    """The part of each component that meets each set of conditions."""
    count = len(placed.lat)
    share = {places: np.ones(count) for places in sets}
    open_sets: dict[Places, Truths] = {}
    is_open = np.zeros(count, np.bool_)
    for places in sets:
        is_out, is_sure = np.zeros(count, np.bool_), np.ones(count, np.bool_)
        for where in places:
            is_out |= judged[where].is_out
            is_sure &= judged[where].is_sure
        share[places][is_out] = 0.0
        open_sets[places] = ~is_out & ~is_sure
        is_open |= open_sets[places]
    rows = np.flatnonzero(is_open)
    for begin in range(0, len(rows), _AT_ONCE):
        chunk = rows[begin : begin + _AT_ONCE]
        wanted = [places for places in sets if np.any(open_sets[places][chunk])]
        needed = [where for where in conditions if any(where in places for places in wanted)]
        met, guess = _sample(placed, surfaces, chunk, needed, judged)
        for places in wanted:
            into = open_sets[places][chunk]
            value = _estimate(places, chunk, placed, judged, met, guess)
            share[places][chunk[into]] = value[into]
    return share


def _sample(
    placed: Components,
    surfaces: Mapping[tuple[str, str], Surface],
    chunk: npt.NDArray[np.intp],
    needed: Sequence[Where],
    judged: Mapping[Where, _Judged],
) -> tuple[dict[Where, Truths], dict[Where, Truths]]:
    """Whether each point meets each condition, and whether the half-plane there says so."""
    z = standard_normal()
    east, across, north = factor(
        placed.var_east_m2[chunk], placed.cov_en_m2[chunk], placed.var_north_m2[chunk]
    )
    east_m = east[:, None] * z[:, 0]
    north_m = across[:, None] * z[:, 0] + north[:, None] * z[:, 1]
    lat, lon = moved(placed.lat[chunk][:, None], placed.lon[chunk][:, None], east_m, north_m)
    shape = lat.shape
    seen: dict[tuple[str, str], Seen] = {}
    met, guess = {}, {}
    for where in needed:
        key = surface_key(where)
        if key not in seen:
            seen[key] = see(surfaces[key], lat.ravel(), lon.ravel())
        met[where] = holds(where, seen[key]).reshape(shape)
        at = judged[where]
        slope = at.east[chunk][:, None] * east_m + at.north[chunk][:, None] * north_m
        guess[where] = at.margin[chunk][:, None] + slope >= 0
    return met, guess


def _estimate(
    places: Places,
    chunk: npt.NDArray[np.intp],
    placed: Components,
    judged: Mapping[Where, _Judged],
    met: Mapping[Where, Truths],
    guess: Mapping[Where, Truths],
) -> Floats:
    """The share of points that meet all, corrected where one condition alone is open."""
    together = np.logical_and.reduce([met[where] for where in sorted(places, key=repr)])
    plain = together.mean(axis=1)
    opened = np.array([~judged[where].is_sure[chunk] for where in places])
    result = plain.copy()
    for where in places:
        at = judged[where]
        alone = (opened.sum(axis=0) == 1) & ~at.is_sure[chunk]
        variance = (
            at.east**2 * placed.var_east_m2
            + 2 * at.east * at.north * placed.cov_en_m2
            + at.north**2 * placed.var_north_m2
        )[chunk]
        sigma = np.sqrt(np.maximum(variance, 1e-12))
        exact = normal_cdf(at.margin[chunk] / sigma)
        corrected = exact + plain - guess[where].mean(axis=1)
        # A half-plane that disagrees with most points (a narrow band, a corner) does not help.
        agrees = (guess[where] == met[where]).mean(axis=1) >= _AGREEMENT
        result = np.where(alone & agrees, np.clip(corrected, 0.0, 1.0), result)
    return result


_AGREEMENT = 0.75
