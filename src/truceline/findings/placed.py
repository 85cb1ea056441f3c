"""Places as columns: Gaussian components, and what conditions make of the mean of each."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from truceline.findings.contract import Where
from truceline.findings.ground import Seen, Surface

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]
Places = frozenset[Where]


@dataclass(frozen=True, slots=True, kw_only=True)
class Components:
    """Gaussians of places: `owner` is the number of the subject that each belongs to, ascending."""

    subjects: int
    owner: npt.NDArray[np.int64]
    weight: Floats
    lat: Floats  # not a number: nobody said where
    lon: Floats
    var_east_m2: Floats
    cov_en_m2: Floats
    var_north_m2: Floats

    def take(self, rows: Rows) -> "Components":
        """Some of them, in ascending order of rows."""
        return Components(
            subjects=self.subjects,
            owner=self.owner[rows],
            weight=self.weight[rows],
            lat=self.lat[rows],
            lon=self.lon[rows],
            var_east_m2=self.var_east_m2[rows],
            cov_en_m2=self.cov_en_m2[rows],
            var_north_m2=self.var_north_m2[rows],
        )

    def sigma_m(self) -> Floats:
        """The greatest standard deviation of each, in any direction."""
        mean = (self.var_east_m2 + self.var_north_m2) / 2
        half = np.hypot((self.var_east_m2 - self.var_north_m2) / 2, self.cov_en_m2)
        return np.sqrt(np.maximum(mean + half, 0.0))

    def heaviest(self) -> Rows:
        """The row of each subject's heaviest component, the first of equals."""
        if not len(self.owner):
            return np.zeros(0, np.intp)
        is_first = np.r_[True, self.owner[1:] != self.owner[:-1]]
        group = np.cumsum(is_first) - 1
        most = np.maximum.reduceat(self.weight, np.flatnonzero(is_first))
        rows = np.flatnonzero(self.weight == most[group])
        return rows[np.r_[True, group[rows[1:]] != group[rows[:-1]]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One condition at the mean of each component."""

    margin: Floats
    east: Floats  # the direction in which the margin grows
    north: Floats
    is_sure: Truths  # certainly met
    is_out: Truths  # certainly not

    def is_open(self) -> Truths:
        """Neither."""
        return ~self.is_sure & ~self.is_out


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Components, the surfaces that conditions are measured from, and each seen from the other."""

    placed: Components
    surfaces: Mapping[tuple[str, str], Surface]
    seen: Mapping[tuple[str, str], Seen]
    judged: Mapping[Where, Judged]
    reach_m: Floats  # an edge farther from a mean than this decides nothing
