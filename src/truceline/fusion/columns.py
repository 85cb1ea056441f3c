"""Observations as arrays in one canonical order, whatever order they arrived in."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.fusion.identity import fold, string_buffers
from truceline.fusion.parameters import FusionParameters
from truceline.geometry.ellipse import covariance
from truceline.geometry.plane import metres_per_degree
from truceline.model.errors import InputError
from truceline.model.place import SIGMAS_95
from truceline.model.vocabulary import Direction, SourceKind
from truceline.tables.posterior import TYPES

KINDS: tuple[str, ...] = tuple(kind.value for kind in SourceKind)
DIRECTIONS: tuple[str, ...] = tuple(direction.value for direction in Direction)
NO_TYPE = len(TYPES)
_SECOND_US = 1_000_000
_LEAST_ERROR_M = 50.0  # nobody places a happening to the metre; also keeps covariances regular

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
UInts = npt.NDArray[np.uint64]
Words = npt.NDArray[np.uint32]
Flags = npt.NDArray[np.bool_]
Small = npt.NDArray[np.int8]


class Reports(NamedTuple):
    """Columns of observations in canonical order: by `began`, then by digest of the identifier.

    `first` and the arrays below it are the Gaussian components of places, `first[i]` to
    `first[i + 1]` for report i, none where nobody said where. Covariances are in metres squared.
    """

    began_us: Ints
    ended_us: Ints
    mid_s: Floats  # seconds since the first `began`
    time_var_s2: Floats
    is_date_only: Flags
    kind: Small
    type: Small  # NO_TYPE: not stated
    type_confidence: Floats
    direction: Small
    source: UInts
    root: UInts
    lat: Floats  # nan: no place
    lon: Floats
    east_m: Floats  # metres of one degree of longitude at that place
    north_m: Floats
    place_sd_m: Floats  # largest standard deviation of the moment-matched place; inf: no place
    first: Ints
    part_lat: Floats
    part_lon: Floats
    part_ee: Floats
    part_en: Floats
    part_nn: Floats
    part_log_weight: Floats
    word_first: Ints
    words: Words


def _numbers(column: pa.ChunkedArray | pa.Array) -> Floats:
    return np.asarray(pc.fill_null(column.cast(pa.float64()), np.nan), dtype=np.float64)


def _instants(column: pa.ChunkedArray | pa.Array) -> Ints:
    return np.asarray(column.cast(pa.int64()), dtype=np.int64)


def _codes(column: pa.ChunkedArray, words: tuple[str, ...], unknown: int) -> Small:
    """Position of each word in a closed list; `unknown` for null and for words not in it."""
    found = pc.index_in(column, value_set=pa.array(words, pa.string()))
    return np.asarray(pc.fill_null(found, unknown)).astype(np.int8)


def _flat(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def hashes(column: pa.ChunkedArray) -> UInts:
    """64-bit fold of each string of a column."""
    return fold(*string_buffers(_flat(column)))


def canonical_order(observations: pa.Table) -> Ints:
    """Row numbers sorted by `began`, then by the identifier's digest; the same for every arrival.

    Raises
    ------
    InputError
        One identifier stands in two rows.
    """
    digest = hashes(observations["observation_id"])
    by_digest = np.argsort(digest)
    sorted_digest = digest[by_digest]
    if np.any(sorted_digest[1:] == sorted_digest[:-1]):
        ids = _flat(observations["observation_id"])
        if pc.count_distinct(ids).as_py() != len(ids):
            counts = pc.value_counts(ids)
            twice = min(row["values"] for row in counts.to_pylist() if row["counts"] > 1)
            msg = (
                f"observation_id {twice} stands in more than one row; give every observation "
                "its own identifier, or take the exact duplicate out before fusing"
            )
            raise InputError(msg)
        by_digest = np.asarray(pc.sort_indices(ids))
    began = _instants(observations["began"])
    return by_digest[np.argsort(began[by_digest], kind="stable")].astype(np.int64)


def _default_errors(kind: Small, parameters: FusionParameters) -> Floats:
    return np.array([parameters.kinds[SourceKind(word)].error_m for word in KINDS])[kind]


def _components(
    observations: pa.Table, lat: Floats, lon: Floats, errors: tuple[Floats, Floats, Floats]
) -> tuple[Ints, Floats, Floats, Floats, Floats, Floats, Floats]:
    """Every report's Gaussian components: its mixture where it has one, else its ellipse."""
    rows = lat.size
    placed = ~np.isnan(lat)
    column = _flat(observations["components"])
    lengths = np.asarray(pc.fill_null(pc.list_value_length(column), 0)).astype(np.int64)
    if not lengths.any():
        first = np.zeros(rows + 1, np.int64)
        np.cumsum(placed, out=first[1:])
        ee, en, nn = covariance(*(error[placed] for error in errors))
        return first, lat[placed], lon[placed], ee, en, nn, np.zeros(ee.size)
    counts = np.where(lengths > 0, lengths, placed)
    first = np.zeros(rows + 1, np.int64)
    np.cumsum(counts, out=first[1:])
    owner = np.repeat(np.arange(rows), counts)
    parts = [np.take(values, owner) for values in (lat, lon, *errors)]
    weight = np.ones(owner.size)
    mixed = np.repeat(lengths > 0, counts)
    flat = column.flatten()
    for values, name in zip(
        parts, ("lat", "lon", "error_major_m", "error_minor_m", "error_azimuth_deg"), strict=True
    ):
        stated = _numbers(flat.field(name))
        values[mixed] = np.where(np.isnan(stated), values[mixed], stated)
    weight[mixed] = np.maximum(np.nan_to_num(_numbers(flat.field("weight")), nan=1.0), 1e-9)
    total = np.add.reduceat(np.append(weight, 0.0), first[:-1])
    weight /= np.maximum(total, 1e-9)[owner]
    ee, en, nn = covariance(
        np.maximum(parts[2], _LEAST_ERROR_M), np.maximum(parts[3], _LEAST_ERROR_M), parts[4]
    )
    return first, parts[0], parts[1], ee, en, nn, np.log(weight)


def _errors(
    observations: pa.Table, kind: Small, parameters: FusionParameters
) -> tuple[Floats, Floats, Floats]:
    major = _numbers(observations["error_major_m"])
    minor = _numbers(observations["error_minor_m"])
    azimuth = np.nan_to_num(_numbers(observations["error_azimuth_deg"]))
    major = np.where(np.isnan(major), _default_errors(kind, parameters), major)
    major = np.maximum(major * parameters.error_scale, _LEAST_ERROR_M)
    minor = np.where(np.isnan(minor), major, minor * parameters.error_scale)
    return major, np.clip(minor, _LEAST_ERROR_M, major), azimuth


def _degrees(lat: Floats) -> tuple[Floats, Floats]:
    """Metres of one degree east and north at each latitude, from a table of hundredths."""
    low, high = np.nanmin(lat, initial=0.0), np.nanmax(lat, initial=0.0)
    grid = np.linspace(low - 0.01, high + 0.01, 2001)
    scales = np.array([metres_per_degree(float(at)) for at in grid])
    at = np.nan_to_num(lat, nan=float(grid[0]))
    return np.interp(at, grid, scales[:, 0]), np.interp(at, grid, scales[:, 1])


def _times(
    observations: pa.Table, kind: Small, parameters: FusionParameters
) -> tuple[Ints, Ints, Floats, Floats]:
    began, ended = _instants(observations["began"]), _instants(observations["ended"])
    wrong = np.flatnonzero(ended < began)
    if wrong.size:
        name = min(observations["observation_id"].take(pa.array(wrong)).to_pylist())
        msg = f"observation {name} ends before it begins; swap began and ended, or leave ended out"
        raise InputError(msg)
    width = (ended - began) / _SECOND_US
    timing = np.array([parameters.kinds[SourceKind(word)].timing_s for word in KINDS])[kind]
    date_only = np.asarray(observations["is_date_only"].cast(pa.int8())).astype(bool)
    # A day already holds the reporter's delay: its own timing error would widen it twice.
    variance = np.where(date_only, 0.0, timing**2) + np.maximum(width, 1.0) ** 2 / 12.0
    origin = int(began.min()) if began.size else 0
    mid = ((began - origin) + (ended - began) / 2) / _SECOND_US
    return began, ended, mid, variance


def reports(
    observations: pa.Table, parameters: FusionParameters, wording: tuple[Ints, Words]
) -> Reports:
    """The columns that the kernels read.

    Parameters
    ----------
    observations
        Table `OBSERVATIONS`, rows already in canonical order.
    wording
        `(n + 1,)` offsets and the words of each report, in canonical order.
    """
    kind = _codes(observations["source_kind"], KINDS, len(KINDS) - 1)
    lat, lon = _numbers(observations["lat"]), _numbers(observations["lon"])
    unplaced = np.isnan(lat) | np.isnan(lon)
    lat, lon = np.where(unplaced, np.nan, lat), np.where(unplaced, np.nan, lon)
    errors = _errors(observations, kind, parameters)
    east_m, north_m = _degrees(lat)
    confidence = np.nan_to_num(_numbers(observations["type_confidence"]), nan=0.8)
    began, ended, mid, variance = _times(observations, kind, parameters)
    found = Reports(
        began,
        ended,
        mid,
        variance,
        np.asarray(observations["is_date_only"].cast(pa.int8())).astype(np.bool_),
        kind,
        _codes(observations["type"], TYPES, NO_TYPE),
        np.clip(confidence, 0.0, 0.98),
        _codes(observations["direction"], DIRECTIONS, DIRECTIONS.index("undetermined")),
        hashes(observations["source"]),
        hashes(observations["root"]),
        lat,
        lon,
        east_m,
        north_m,
        np.where(unplaced, np.inf, errors[0] / SIGMAS_95),
        *_components(observations, lat, lon, errors),
        *wording,
    )
    # One memory layout, so that each kernel is compiled for one signature only.
    alike: list[Any] = [np.require(values, requirements=("C", "W")) for values in found]
    return Reports(*alike)
