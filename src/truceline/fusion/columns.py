"""Observations as arrays in one canonical order, whatever order they arrived in."""

import math
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.fusion.identity import fold, has_repeat, order_by, string_buffers
from truceline.fusion.kernels import PLAIN_LEAF
from truceline.fusion.parameters import FusionParameters
from truceline.fusion.voices import voices
from truceline.geometry.ellipse import axes, covariance
from truceline.geometry.plane import metres_per_degree
from truceline.model.errors import InputError
from truceline.model.place import SIGMAS_95
from truceline.model.vocabulary import Direction, SourceKind
from truceline.tables.chunks import flat, in_order
from truceline.tables.posterior import TYPES

KINDS: tuple[str, ...] = tuple(kind.value for kind in SourceKind)
DIRECTIONS: tuple[str, ...] = tuple(direction.value for direction in Direction)
NO_TYPE = len(TYPES)
_SECOND_US = 1_000_000
_ERRORS = ("error_major_m", "error_minor_m", "error_azimuth_deg")
_LEAST_ERROR_M = 50.0  # nobody places a happening to the metre; also keeps covariances regular

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
UInts = npt.NDArray[np.uint64]
Words = npt.NDArray[np.uint32]
Flags = npt.NDArray[np.bool_]
Small = npt.NDArray[np.int8]
Records = npt.NDArray[np.void]
Record = Any  # one record of an array, inside a kernel

# One report is one record of two cache lines: kernels that compare reports at random touch two
# lines of memory and pass one array, where a column each would be twenty of both.
REPORT = np.dtype(
    [
        ("mid_s", "f8"),  # seconds since the first `began`
        ("time_var_s2", "f8"),
        ("half_s", "f8"),  # half of the stated interval
        ("lat", "f8"),  # nan: no place
        ("lon", "f8"),
        ("east_m", "f8"),  # metres of one degree of longitude at that place
        ("north_m", "f8"),
        ("ee", "f8"),  # covariance of the moment-matched place, metres squared
        ("en", "f8"),
        ("nn", "f8"),
        ("place_sd_m", "f8"),  # largest of the moment-matched place; inf: no place
        ("log_rate", "f8"),  # incidents per m2 and s, alone share included; nan: no place
        ("source", "u8"),
        ("word_first", "i8"),
        ("type_confidence", "f4"),
        ("first", "i4"),  # of its components
        ("words", "i2"),  # how many; 0: no text
        ("parts", "i2"),  # how many components its place has; 0: no place
        ("kind", "i1"),
        ("type", "i1"),  # NO_TYPE: not stated
        ("direction", "i1"),
        ("is_date_only", "i1"),
    ],
    align=True,
)
PART = np.dtype([(name, "f8") for name in ("lat", "lon", "ee", "en", "nn", "log_weight")])


class Reports(NamedTuple):
    """Observations in canonical order: by `began`, then by digest of the identifier.

    `parts` are the Gaussian components of places, `rows[i].parts` of them from `rows[i].first`,
    none where nobody said where.
    """

    rows: Records
    parts: Records
    words: Words
    root: UInts
    began_us: Ints
    ended_us: Ints


class _Stated(NamedTuple):
    """What observations state, as arrays in order of arrival; nan: nothing."""

    began_us: Ints
    ended_us: Ints
    is_date_only: Flags
    lat: Floats
    lon: Floats
    major_m: Floats
    minor_m: Floats
    azimuth_deg: Floats
    type_confidence: Floats
    source: UInts
    root: UInts
    kind: Small
    type: Small
    direction: Small


def numbers(column: pa.ChunkedArray | pa.Array) -> Floats:
    """A column as floats; nan where it is null."""
    if column.null_count == len(column):
        return np.full(len(column), np.nan)
    return np.asarray(pc.fill_null(column.cast(pa.float64()), np.nan), dtype=np.float64)


def _instants(column: pa.ChunkedArray | pa.Array) -> Ints:
    return np.asarray(column.cast(pa.int64()), dtype=np.int64)


def _flags(column: pa.ChunkedArray | pa.Array) -> Flags:
    return np.asarray(column.cast(pa.int8())).astype(np.bool_)


def _codes(column: pa.ChunkedArray, words: tuple[str, ...], unknown: int) -> Small:
    """Position of each word in a closed list; `unknown` for null and for words not in it."""
    found = pc.index_in(column, value_set=pa.array(words, pa.string()))
    return np.asarray(pc.fill_null(found, unknown)).astype(np.int8)


def taken(column: pa.ChunkedArray, rows: Ints) -> pa.Array:
    """Values of a column at rows; null where a row is negative."""
    if column.null_count == len(column):
        return pa.nulls(rows.size, column.type)
    absent = rows < 0
    at = pa.array(rows, mask=absent) if absent.any() else pa.array(rows)
    return flat(column).take(at)


def hashes(column: pa.ChunkedArray) -> UInts:
    """64-bit fold of each string of a column."""
    return fold(*string_buffers(flat(column)))


def canonical_order(observations: pa.Table) -> Ints:
    """Row numbers sorted by `began`, then by the identifier's digest; the same for every arrival.

    Raises
    ------
    InputError
        One identifier stands in two rows.
    """
    digest = hashes(observations["observation_id"])
    began = _instants(observations["began"])
    if has_repeat(digest):
        ids = flat(observations["observation_id"])
        if pc.count_distinct(ids).as_py() != len(ids):
            counts = pc.value_counts(ids)
            twice = min(row["values"] for row in counts.to_pylist() if row["counts"] > 1)
            msg = (
                f"observation_id {twice} stands in more than one row; give every observation "
                "its own identifier, or take the exact duplicate out before fusing"
            )
            raise InputError(msg)
        rank = np.empty(len(ids), np.uint64)
        rank[np.asarray(pc.sort_indices(ids))] = np.arange(len(ids), dtype=np.uint64)
        digest = rank
    return order_by(began, digest)


def _by_kind(parameters: FusionParameters) -> Floats:
    """Timing and usual error of each kind of source, `(kinds, 2)`."""
    kinds = (parameters.kinds[SourceKind(word)] for word in KINDS)
    return np.array([(kind.timing_s, kind.error_m) for kind in kinds])


def _refuse_reversed(observations: pa.Table, began: Ints, ended: Ints) -> None:
    wrong = np.flatnonzero(ended < began)
    if wrong.size:
        name = min(observations["observation_id"].take(pa.array(wrong)).to_pylist())
        msg = f"observation {name} ends before it begins; swap began and ended, or leave ended out"
        raise InputError(msg)


def degree_scales(lat: Floats) -> tuple[Floats, Floats]:
    """Latitudes on a fine grid, and metres of one degree east and north at each, `(grid, 2)`."""
    low, high = np.nanmin(lat, initial=0.0), np.nanmax(lat, initial=0.0)
    grid = np.linspace(low - 0.01, high + 0.01, 2001)
    return grid, np.array([metres_per_degree(float(at)) for at in grid])


@nb.njit(**PLAIN_LEAF)
def scale_at(lat: float, scales: tuple[Floats, Floats]) -> tuple[float, float]:
    """Metres of one degree east and north at a latitude within the grid of `degree_scales`."""
    grid, metres = scales
    step = grid[1] - grid[0]
    cell = int((lat - grid[0]) / step)
    share = (lat - grid[cell]) / step
    east_m = (1.0 - share) * metres[cell, 0] + share * metres[cell + 1, 0]
    return east_m, (1.0 - share) * metres[cell, 1] + share * metres[cell + 1, 1]


@nb.njit(**PLAIN_LEAF)
def _when(row: Record, began_us: int, ended_us: int, origin_us: int, timing_s: float) -> None:
    width_s = (ended_us - began_us) / _SECOND_US
    row.mid_s = ((began_us - origin_us) + (ended_us - began_us) / 2) / _SECOND_US
    row.half_s = width_s / 2.0
    # A day already holds the reporter's delay: its own timing error would widen it twice.
    own = 0.0 if row.is_date_only > 0 else timing_s * timing_s
    row.time_var_s2 = own + max(width_s, 1.0) ** 2 / 12.0


@nb.njit(**PLAIN_LEAF)
def _where(
    row: Record, ellipse: tuple[float, float, float], usual_m: float, scale: float
) -> None:  # fmt: skip
    """Covariance of the stated ellipse; never less than `_LEAST_ERROR_M` a side."""
    major, minor, azimuth = ellipse
    major = max((usual_m if np.isnan(major) else major) * scale, _LEAST_ERROR_M)
    minor = major if np.isnan(minor) else min(max(minor * scale, _LEAST_ERROR_M), major)
    row.place_sd_m = major / SIGMAS_95 if row.parts > 0 else np.inf
    along, across = (major / SIGMAS_95) ** 2, (minor / SIGMAS_95) ** 2
    angle = 0.0 if np.isnan(azimuth) else math.radians(azimuth)
    sine, cosine = math.sin(angle), math.cos(angle)
    row.ee = along * sine * sine + across * cosine * cosine
    row.en = (along - across) * sine * cosine
    row.nn = along * cosine * cosine + across * sine * sine


@nb.njit(cache=True, parallel=True)
def _lay(
    stated: _Stated,
    places: tuple[Ints, Ints],
    wording: tuple[Ints, Ints],
    settings: tuple[int, float],
    tables: tuple[Floats, tuple[Floats, Floats]],
    rows: Records,
    parts: Records,
) -> None:
    """Write every report's record, and a component each where its place is one ellipse."""
    rank, first = places
    by_kind, scales = tables
    origin_us, scale = settings
    for at in nb.prange(rank.size):  # a record is written at once, but read in fourteen columns
        k = rank[at]
        row = rows[k]
        row.source, row.kind = stated.source[at], stated.kind[at]
        row.type, row.direction = stated.type[at], stated.direction[at]
        sure = stated.type_confidence[at]
        row.type_confidence = 0.8 if np.isnan(sure) else min(max(sure, 0.0), 0.98)
        row.is_date_only = stated.is_date_only[at]
        row.word_first, row.words = wording[0][k], wording[1][k]
        row.first, row.parts = first[k], first[k + 1] - first[k]
        timing_s, usual_m = by_kind[row.kind, 0], by_kind[row.kind, 1]
        _when(row, stated.began_us[at], stated.ended_us[at], origin_us, timing_s)
        ellipse = (stated.major_m[at], stated.minor_m[at], stated.azimuth_deg[at])
        _where(row, ellipse, usual_m, scale)
        placed = row.parts > 0
        row.lat = stated.lat[at] if placed else np.nan
        row.lon = stated.lon[at] if placed else np.nan
        row.east_m, row.north_m = scale_at(stated.lat[at] if placed else 0.0, scales)
        row.log_rate = np.nan
        for part in range(first[k], first[k + 1]):
            parts[part].lat, parts[part].lon = row.lat, row.lon
            parts[part].ee, parts[part].en, parts[part].nn = row.ee, row.en, row.nn
            parts[part].log_weight = 0.0


def _mix(observations: pa.Table, order: Ints, rows: Records, parts: Records) -> None:
    """Components of the places that are mixtures; what a component leaves out, its place states."""
    column = flat(observations["components"])
    lengths = np.asarray(pc.fill_null(pc.list_value_length(column), 0)).astype(np.int64)
    begins = np.cumsum(lengths) - lengths
    mixed = np.flatnonzero(lengths[order] > 0)
    number = lengths[order[mixed]]
    owner = np.repeat(np.arange(mixed.size), number)
    within = np.arange(owner.size) - np.repeat(np.cumsum(number) - number, number)
    here = rows["first"][mixed][owner] + within
    there = begins[order[mixed]][owner] + within
    every = column.flatten()
    stated = {name: numbers(every.field(name))[there] for name in every.type.names}
    place = [parts[name][here] for name in ("ee", "en", "nn")]
    given = [
        np.where(np.isnan(stated[name]), usual, stated[name])
        for name, usual in zip(_ERRORS, axes(*place), strict=True)
    ]
    major, minor = (np.maximum(error, _LEAST_ERROR_M) for error in given[:2])
    spread = covariance(major, minor, given[2])
    for name, values in zip(("ee", "en", "nn"), spread, strict=True):
        parts[name][here] = values
    for name in ("lat", "lon"):
        parts[name][here] = np.where(np.isnan(stated[name]), parts[name][here], stated[name])
    weight = np.maximum(np.nan_to_num(stated["weight"], nan=1.0), 1e-9)
    total = np.bincount(owner, weights=weight, minlength=mixed.size)
    parts["log_weight"][here] = np.log(weight / np.maximum(total, 1e-9)[owner])
    single = np.flatnonzero(rows["parts"] == 1)
    for name in ("lat", "lon", "ee", "en", "nn"):
        rows[name][single] = parts[name][rows["first"][single]]


def _part_counts(observations: pa.Table, placed: Flags) -> tuple[Ints, bool]:
    """How many components each place has, and whether any is a mixture."""
    lengths = pc.fill_null(pc.list_value_length(flat(observations["components"])), 0)
    counts = np.asarray(lengths).astype(np.int64)
    return np.where(counts > 0, counts, placed), bool(counts.any())


def readings(observations: pa.Table) -> list[Callable[[], Any]]:
    """What `reports` wants to know of each column, each to be read by itself: side by side.

    Parameters
    ----------
    observations
        Table `OBSERVATIONS`, in order of arrival.
    """
    undetermined = DIRECTIONS.index("undetermined")
    wanted: list[tuple[str, Callable[..., Any], *tuple[Any, ...]]] = [
        ("began", _instants),
        ("ended", _instants),
        ("is_date_only", _flags),
        *((name, numbers) for name in ("lat", "lon", *_ERRORS, "type_confidence")),
        ("source", voices),
        ("root", voices),
        ("source_kind", _codes, KINDS, len(KINDS) - 1),
        ("type", _codes, TYPES, NO_TYPE),
        ("direction", _codes, DIRECTIONS, undetermined),
    ]
    return [partial(read, observations[name], *more) for name, read, *more in wanted]


def reports(
    observations: pa.Table,
    order: Ints,
    parameters: FusionParameters,
    wording: tuple[Ints, Ints, Words],
    read: Iterable[Any],
) -> Reports:
    """The records that the kernels read.

    Parameters
    ----------
    observations
        Table `OBSERVATIONS`, in order of arrival.
    order
        Canonical order, as `canonical_order` gives it.
    wording
        First word, number of words, and the words of each report, in canonical order.
    read
        Answers of `readings`, in their order.

    Raises
    ------
    InputError
        An observation ends before it begins.
    """
    # One memory layout, so that the kernel is compiled for one signature only.
    given = _Stated(*(np.require(values, requirements=("C", "W")) for values in read))
    began, ended, lat = given.began_us, given.ended_us, given.lat
    _refuse_reversed(observations, began, ended)
    counts, mixed = _part_counts(observations, ~(np.isnan(lat) | np.isnan(given.lon)))
    first = np.zeros(order.size + 1, np.int64)
    np.cumsum(counts[order], out=first[1:])
    # Every field of both is written: to clear them first would cost more than some kernels.
    rows, parts = np.empty(order.size, REPORT), np.empty(int(first[-1]), PART)
    settings = (int(began.min()) if began.size else 0, parameters.error_scale)
    tables = (_by_kind(parameters), degree_scales(lat))
    rank = np.empty(order.size, np.int64)
    rank[order] = np.arange(order.size)
    _lay(given, (rank, first), wording[:2], settings, tables, rows, parts)
    if mixed:
        _mix(observations, order, rows, parts)
    sorted_too: Iterable[Any] = in_order((given.root, began, ended), lambda values: values[order])
    return Reports(rows, parts, wording[2], *sorted_too)
