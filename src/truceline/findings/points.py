"""Places that several edges part at once: the share of a few points that meets all conditions.

Chords (`cuts`) settle one condition at a time. Where two are open for one component, or where left
and right meet at the loose end of a line, points are drawn, the same for each component, and all
conditions are judged at the same points. Where one edge decides, the points only correct the exact
probability of the half-plane through it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from truceline.findings.contract import Where
from truceline.findings.ground import holds, needs_distance, surface_key
from truceline.findings.placed import Places, Rows, Scene, Truths
from truceline.geometry.about import BESIDE_M, Middles, signed_about
from truceline.geometry.offset import moved
from truceline.geometry.sample import factor, normal_cdf, standard_normal
from truceline.geometry.zone_index import inside

Floats = npt.NDArray[np.float64]

LEVELS = ((512, 0.01), (2048, 1.0))
"""Points, and the part of them on which the half-plane may be wrong; else the next level is drawn."""

_POINTS_AT_ONCE = 1 << 20
_MOST_DOUBT = (
    0.25  # a half-plane that is wrong for more points than this (a narrow band) is no help
)


def settle(
    scene: Scene,
    sets: Sequence[Places],
    open_sets: Mapping[Places, Truths],
    share: Mapping[Places, Floats],
) -> None:
    """Fill in the part of each component that meets each set of conditions, where it is open."""
    left = {places: mask.copy() for places, mask in open_sets.items()}
    for count, tolerated in LEVELS:
        rows = np.flatnonzero(np.logical_or.reduce([*left.values()])) if left else ()
        size = _POINTS_AT_ONCE // count
        for begin in range(0, len(rows), size):
            chunk = np.asarray(rows[begin : begin + size])
            wanted = {places: np.flatnonzero(opened[chunk]) for places, opened in left.items()}
            points = _Points(
                chunk=chunk,
                scene=scene,
                z=standard_normal(count),
                needed=_needed(wanted, len(chunk)),
            )
            for places in sets:
                into = wanted[places]
                if len(into):
                    value, doubt = _estimate(places, points, into)
                    share[places][chunk[into]] = value
                    left[places][chunk[into]] = doubt > tolerated


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
    scene: Scene
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
        at, placed, z = self.scene.judged[where], self.scene.placed, self.z
        east, across, north = factor(
            placed.var_east_m2[rows], placed.cov_en_m2[rows], placed.var_north_m2[rows]
        )
        along = (at.east[rows] * east + at.north[rows] * across)[:, None] * z[:, 0]
        along += (at.north[rows] * north)[:, None] * z[:, 1]
        return np.asarray(along >= -at.margin[rows][:, None])

    def _distances(self, key: tuple[str, str], needs: bool) -> Floats:
        into = self.needed[key, needs]
        placed, rows = self.scene.placed, self.chunk[into]
        seen, surface = self.scene.seen[key], self.scene.surfaces[key]
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
    judged, placed = points.scene.judged, points.scene.placed
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
