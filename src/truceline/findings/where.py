"""How surely a place meets conditions: a distance bound first, samples only near an edge.

Every condition has a margin, in metres, that changes by at most a metre a metre. A component whose
margin is more than `SURE_SIGMAS` standard deviations is inside or outside for certain. Only the
others are sampled, all conditions at the same points, so that clauses measured from one line share
its distance at each. The share of points is corrected by the exact probability of the half-plane
through the nearest edge, and so is exact where the edge is straight.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from truceline.findings.contract import Where
from truceline.findings.ground import (
    Seen,
    Surface,
    holds,
    margin_m,
    needs_distance,
    see,
    surface_key,
)
from truceline.geometry.about import BESIDE_M, Middles, signed_about
from truceline.geometry.offset import moved
from truceline.geometry.sample import factor, normal_cdf, standard_normal
from truceline.geometry.zone_index import inside

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]
Places = frozenset[Where]

SURE_SIGMAS = 3.5  # beyond it lies at most exp(-3.5**2 / 2) = 0.0022 of a normal distribution
LEVELS = ((512, 0.01), (2048, 1.0))
"""Points, and the part of them on which the half-plane may be wrong; else the next level is drawn."""

_POINTS_AT_ONCE = 1 << 20


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sampled:
    """What points of components are drawn and judged with."""

    placed: Components
    surfaces: Mapping[tuple[str, str], Surface]
    seen: Mapping[tuple[str, str], Seen]
    judged: Mapping[Where, _Judged]


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
    seen = {key: see(surfaces[key], placed.lat, placed.lon) for key in map(surface_key, conditions)}
    judged = _judge(placed, seen, conditions)
    heaviest = _heaviest(placed)
    share = _shares(_Sampled(placed=placed, surfaces=surfaces, seen=seen, judged=judged), sets)
    probability, margin = {}, {}
    for places in sets:
        weighed = placed.weight * share[places]
        whole = np.bincount(placed.owner, weighed, minlength=components.subjects)
        probability[places] = np.asarray(whole, np.float64)
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
    placed: Components, seen: Mapping[tuple[str, str], Seen], conditions: Sequence[Where]
) -> dict[Where, _Judged]:
    mean = (placed.var_east_m2 + placed.var_north_m2) / 2
    half = np.hypot((placed.var_east_m2 - placed.var_north_m2) / 2, placed.cov_en_m2)
    reach = SURE_SIGMAS * np.sqrt(np.maximum(mean + half, 0.0))
    judged = {}
    for where in conditions:
        key = surface_key(where)
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


def _shares(sampled: _Sampled, sets: Sequence[Places]) -> dict[Places, Floats]:
    """The part of each component that meets each set of conditions."""
    judged, count = sampled.judged, len(sampled.placed.lat)
    share = {places: np.ones(count) for places in sets}
    open_sets: dict[Places, Truths] = {}
    for places in sets:
        is_out, is_sure = np.zeros(count, np.bool_), np.ones(count, np.bool_)
        for where in places:
            is_out |= judged[where].is_out
            is_sure &= judged[where].is_sure
        share[places][is_out] = 0.0
        open_sets[places] = ~is_out & ~is_sure
    for count_of_points, tolerated in LEVELS:
        rows = np.flatnonzero(np.logical_or.reduce([*open_sets.values(), np.zeros(count, bool)]))
        size = _POINTS_AT_ONCE // count_of_points
        for begin in range(0, len(rows), size):
            chunk = rows[begin : begin + size]
            wanted = {places: np.flatnonzero(opened[chunk]) for places, opened in open_sets.items()}
            needed = _needed(wanted, len(chunk))
            z = standard_normal(count_of_points)
            points = _Points(chunk=chunk, sampled=sampled, z=z, needed=needed)
            for places in sets:
                into = wanted[places]
                if len(into):
                    value, doubt = _estimate(places, points, into)
                    share[places][chunk[into]] = value
                    open_sets[places][chunk[into]] = doubt > tolerated
    return share


def _needed(wanted: Mapping[Places, Rows], count: int) -> dict[tuple[tuple[str, str], bool], Rows]:
    """Which components of a chunk must be seen from each surface, and whether how far matters."""
    needed: dict[tuple[tuple[str, str], bool], Truths] = {}
    for places, into in wanted.items():
        for where in places:
            key = (surface_key(where), needs_distance(where))
            needed.setdefault(key, np.zeros(count, np.bool_))[into] = True
    return {key: np.flatnonzero(mask) for key, mask in needed.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Points:
    """The points of a chunk of components; distances from a surface are taken once."""

    chunk: Rows
    sampled: _Sampled
    z: Floats
    needed: Mapping[tuple[tuple[str, str], bool], Rows]
    _signed: dict[tuple[tuple[str, str], bool], Floats] = field(default_factory=dict)

    def met(self, where: Where, into: Rows) -> Truths:
        """Whether each point of some components of the chunk meets a condition."""
        key = (surface_key(where), needs_distance(where))
        if key not in self._signed:
            self._signed[key] = self._distances(*key)
        return holds(where, self._signed[key][into])

    def guess(self, where: Where, into: Rows) -> Truths:
        """What the half-plane through the nearest edge says of each point."""
        rows = self.chunk[into]
        at, placed, z = self.sampled.judged[where], self.sampled.placed, self.z
        east, across, north = factor(
            placed.var_east_m2[rows], placed.cov_en_m2[rows], placed.var_north_m2[rows]
        )
        along = (at.east[rows] * east + at.north[rows] * across)[:, None] * z[:, 0]
        along += (at.north[rows] * north)[:, None] * z[:, 1]
        return np.asarray(along >= -at.margin[rows][:, None])

    def _distances(self, key: tuple[str, str], needs: bool) -> Floats:
        into = self.needed[key, needs]
        placed, rows = self.sampled.placed, self.chunk[into]
        seen, surface = self.sampled.seen[key], self.sampled.surfaces[key]
        side = seen.near.side[rows].astype(np.float64)
        if surface.area is not None:
            # A place on an edge is on neither side of it: sides are taken from a point beside it.
            lat, lon = moved(
                placed.lat[rows], placed.lon[rows], *(np.array(metres) for metres in BESIDE_M)
            )
            side = np.where(inside(surface.area, lon, lat, 0), -1.0, 1.0)
        middles = Middles(
            placed.lat[rows],
            placed.lon[rows],
            *factor(placed.var_east_m2[rows], placed.cov_en_m2[rows], placed.var_north_m2[rows]),
            np.ascontiguousarray(seen.near.distance_m[rows]),
            side,
        )
        is_zone = surface.area is not None
        signed = np.empty((len(self.chunk), len(self.z)))
        signed[into] = signed_about(
            surface.edge, middles, self.z, is_zone=is_zone, needs_distance=needs
        )
        return signed


def _estimate(places: Places, points: _Points, into: Rows) -> tuple[Floats, Floats]:
    """The share of points that meet all, and how much of it a half-plane does not explain.

    Where one condition alone is open, only what its half-plane gets wrong is left to the points.
    """
    rows = points.chunk[into]
    judged, placed = points.sampled.judged, points.sampled.placed
    ordered = sorted(places, key=repr)
    met = {where: points.met(where, into) for where in ordered}
    result = np.logical_and.reduce([met[where] for where in ordered]).mean(axis=1)
    doubt = np.ones(len(rows))
    opened = np.sum([~judged[where].is_sure[rows] for where in ordered], axis=0)
    for where in ordered:
        at = judged[where]
        alone = np.flatnonzero((opened == 1) & ~at.is_sure[rows])
        if not len(alone):
            continue
        guess = points.guess(where, into[alone])
        own = rows[alone]
        variance = (
            at.east[own] ** 2 * placed.var_east_m2[own]
            + 2 * at.east[own] * at.north[own] * placed.cov_en_m2[own]
            + at.north[own] ** 2 * placed.var_north_m2[own]
        )
        exact = normal_cdf(at.margin[own] / np.sqrt(np.maximum(variance, 1e-12)))
        corrected = np.clip(exact + result[alone] - guess.mean(axis=1), 0.0, 1.0)
        doubt[alone] = (guess != met[where][alone]).mean(axis=1)
        helps = doubt[alone] <= _MOST_DOUBT
        result[alone] = np.where(helps, corrected, result[alone])
    return result, doubt


_MOST_DOUBT = (
    0.25  # a half-plane that is wrong for more points than this (a narrow band) is no help
)
