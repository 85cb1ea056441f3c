"""Acts as columns that the engine computes with: when, what, and the components of where."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.findings.contract import Subjects
from truceline.findings.placed import Components
from truceline.findings.what import Deeds, named
from truceline.geometry.ellipse import covariance
from truceline.model.errors import InputError
from truceline.tables.posterior import TYPES, type_probabilities

Instants = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """Every act in the order of `act_id`, with when it was; what and where stay with the posterior.

    `incident` is the row of each act in the table of incidents, `owner` that of each row of the
    posterior, which is in the order of incidents.
    """

    table: pa.Table
    incident: npt.NDArray[np.int64]
    began_us: Instants
    ended_us: Instants
    posterior: pa.Table
    owner: npt.NDArray[np.int64]
    incidents: int

    @property
    def count(self) -> int:
        """How many acts."""
        return int(self.table.num_rows)

    def components(self) -> Components:
        """Where the incidents were."""
        return _components(self.posterior, self.owner, self.incidents)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """Every act in the order of `act_id`; `incident` is its row in the table of incidents."""

    table: pa.Table
    incident: npt.NDArray[np.int64]
    began_us: Instants
    ended_us: Instants
    deeds: Deeds
    components: Components  # of incidents
    is_lasting: bool = False  # each lasts its whole interval (a holding), not an instant of it

    @property
    def count(self) -> int:
        """How many."""
        return int(self.table.num_rows)


def dated(evidence: Subjects) -> Dated:
    """The acts of the evidence, joined with their incidents' time.

    Raises
    ------
    InputError
        An act, or a row of the posterior, names an incident that is not there.
    """
    table = sorted_by(evidence.acts, "act_id")
    incidents = evidence.incidents
    ids = incidents["incident_id"].combine_chunks()
    incident = _numbers(table["incident_id"], ids, "acts")
    owner = _numbers(evidence.posterior["incident_id"], ids, "posterior")
    posterior = _in_order(evidence.posterior, owner)
    owner = np.sort(owner)
    first = _first(owner)
    began, ended = (instants(incidents[name]).copy() for name in ("began", "ended"))
    for column, name in ((began, "began"), (ended, "ended")):
        column[owner[first]] = instants(posterior[name])[first]
    return Dated(
        table=table,
        incident=incident,
        began_us=began[incident],
        ended_us=ended[incident],
        posterior=posterior,
        owner=owner,
        incidents=incidents.num_rows,
    )


def acts_of(evidence: Subjects) -> Acts:
    """The acts of the evidence, joined with their incidents' posterior.

    Raises
    ------
    InputError
        An act, or a row of the posterior, names an incident that is not there.
    """
    when = dated(evidence)
    table, incident = when.table, when.incident
    deeds = _types(evidence, when.posterior, when.owner)[:, incident]
    pinned = _pinned(table, incident)
    deeds[:, pinned[0]] = 0.0
    deeds[pinned[1], pinned[0]] = 1.0
    encoded = table["weapon"].combine_chunks().dictionary_encode()
    numbers, weapons = named(encoded.dictionary.to_pylist())
    code = np.asarray(encoded.indices.fill_null(-1)).astype(np.int64)
    numbers = np.append(numbers, -1)  # code -1: nobody named a weapon
    return Acts(
        table=table,
        incident=incident,
        began_us=when.began_us,
        ended_us=when.ended_us,
        deeds=Deeds(
            p_type=deeds,
            weapon=numbers[code],
            weapons=weapons,
            is_outgoing=np.asarray(pc.equal(table["direction"], "outgoing")),
        ),
        components=when.components(),
    )


def sorted_by(table: pa.Table, name: str) -> pa.Table:
    """The rows in the order of a column of ids; as they are where they are already."""
    column = table[name].combine_chunks()
    if len(column) > 1 and pc.any(pc.greater(column[:-1], column[1:])).as_py():
        return table.take(pc.sort_indices(column))
    return table


def instants(column: pa.ChunkedArray) -> Instants:
    """Whole microseconds of a column of instants."""
    return np.asarray(column.cast(pa.int64()))


def floats(column: pa.ChunkedArray) -> npt.NDArray[np.float64]:
    """A column of numbers; what is null is not a number."""
    return np.asarray(column.cast(pa.float64()).fill_null(float("nan")), dtype=np.float64)


def placed_rows(table: pa.Table, error: str = "error_major_m") -> Components:
    """Each row of a table as a subject of its own, placed by its own coordinates and errors.

    Parameters
    ----------
    table
        With `lat`, `lon`; and `error_minor_m` and `error_azimuth_deg` where it has them.
    error
        The column of 95 % semi-axes or radii, metres; a row without one is a point.
    """
    count = table.num_rows
    major = floats(table[error])
    minor, azimuth = major, np.zeros(count)
    if "error_minor_m" in table.column_names:
        minor = floats(table["error_minor_m"])
        minor = np.where(np.isnan(minor), major, minor)
        azimuth = np.nan_to_num(floats(table["error_azimuth_deg"]))
    east, cov, north = (np.nan_to_num(each) for each in covariance(major, minor, azimuth))
    lon = floats(table["lon"])
    return Components(
        subjects=count,
        owner=np.arange(count),
        weight=np.ones(count),
        lat=np.where(np.isnan(lon), np.nan, floats(table["lat"])),
        lon=lon,
        var_east_m2=east,
        cov_en_m2=cov,
        var_north_m2=north,
    )


def _numbers(column: pa.ChunkedArray, ids: pa.Array, table: str) -> npt.NDArray[np.int64]:
    number = pc.index_in(column, value_set=ids).combine_chunks()
    if number.null_count:
        at = int(np.flatnonzero(np.asarray(number.is_null()))[0])
        msg = f"{table}: row {at} names incident {column[at].as_py()}, which is not among incidents"
        raise InputError(msg)
    return np.asarray(number).astype(np.int64)


def _in_order(posterior: pa.Table, owner: npt.NDArray[np.int64]) -> pa.Table:
    component = np.asarray(posterior["component"]).astype(np.int64)
    key = owner * 128 + component
    if np.all(key[1:] >= key[:-1]):
        return posterior
    return posterior.take(pa.array(np.lexsort((component, owner))))


def _first(owner: npt.NDArray[np.int64]) -> npt.NDArray[np.intp]:
    """The first row of each owner; rows of one owner stand together."""
    return np.flatnonzero(np.diff(owner, prepend=-1))


def _types(
    evidence: Subjects, posterior: pa.Table, owner: npt.NDArray[np.int64]
) -> npt.NDArray[np.float32]:
    """`(types, incidents)`: the posterior's, or the incident's own type where it has none."""
    first = _first(owner)
    count = evidence.incidents.num_rows
    p_type = np.zeros((len(TYPES), count), np.float32)
    stated = pc.index_in(evidence.incidents["type"], value_set=pa.array(TYPES))
    number = np.asarray(stated.fill_null(-1)).astype(np.int64)
    p_type[number[number >= 0], np.flatnonzero(number >= 0)] = 1.0
    if posterior.num_rows:
        given = type_probabilities(posterior.take(pa.array(first)))
        given /= given.sum(axis=1, keepdims=True)
        p_type[:, owner[first]] = given.T
    return p_type


def _pinned(
    table: pa.Table, incident: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.int64]]:
    """Acts of incidents that hold several of different types: each is what it is called."""
    number = np.asarray(pc.index_in(table["type"], value_set=pa.array(TYPES)).fill_null(-1)).astype(
        np.int64
    )
    several = np.bincount(incident, minlength=1)[incident] > 1
    rows = np.flatnonzero(several & (number >= 0))
    if not len(rows):
        return rows, number[rows]
    order = np.lexsort((number[rows], incident[rows]))
    group, kind = incident[rows][order], number[rows][order]
    differs = np.zeros(int(incident.max()) + 1, np.bool_)
    differs[group[1:][(group[1:] == group[:-1]) & (kind[1:] != kind[:-1])]] = True
    rows = rows[differs[incident[rows]]]
    return rows, number[rows]


def _components(posterior: pa.Table, owner: npt.NDArray[np.int64], subjects: int) -> Components:
    lon = floats(posterior["lon"])
    lat = np.where(np.isnan(lon), np.nan, floats(posterior["lat"]))
    variances = (
        np.nan_to_num(floats(posterior[name]))
        for name in ("var_east_m2", "cov_en_m2", "var_north_m2")
    )
    east, cov, north = variances
    return Components(
        subjects=subjects,
        owner=owner,
        weight=floats(posterior["weight"]),
        lat=lat,
        lon=lon,
        var_east_m2=east,
        cov_en_m2=cov,
        var_north_m2=north,
    )
