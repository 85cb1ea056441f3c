"""From arrays to the tables that the other rooms read.

The tables are made side by side, so each kernel here keeps to one thread and lets go of the
interpreter.
"""

import math
from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from truceline.fusion.columns import (
    DIRECTIONS,
    NO_TYPE,
    Flags,
    Floats,
    Ints,
    Small,
    degree_scales,
    scale_at,
    taken,
)
from truceline.fusion.entries import Entries
from truceline.fusion.estimate import EE, EN, LAT, LON, NN, WEIGHT, Places, Told
from truceline.fusion.identity import UInts, hex_ids
from truceline.fusion.kernels import PLAIN_LEAF
from truceline.fusion.partition import Partition
from truceline.geometry.ellipse import axes
from truceline.tables.posterior import POSTERIOR, TYPES
from truceline.tables.schemas import (
    ALTERNATIVES,
    INCIDENTS,
    INSTANT,
    MEMBERS,
    from_columns,
)

Singles = npt.NDArray[np.float32]

_UNKNOWN = 1 << 62
_PRUNED = NN + 1  # behind the numbers of a component
_CHANGES = ("leave", "join", "join", "merge")
_LEAVE, _JOIN, _SHARE, _MERGE = range(4)
_TELLING_NATS = -12.0  # a change less likely than one in 160,000 is no runner-up


def _owners(entries: Entries) -> Ints:
    return np.repeat(np.arange(entries.start.size - 1), np.diff(entries.start))


def _instants(values: Ints) -> pa.Array:
    return pa.array(values).cast(INSTANT)


def _nullable(values: Floats, absent: Flags) -> pa.Array:
    return pa.array(values, mask=absent)


@nb.njit(cache=True, nogil=True)
def _match(
    parts: Floats, start: Ints, number: Ints, scales: tuple[Floats, Floats], out: Floats
) -> None:
    for g in range(number.size):
        total = 0.0
        for k in range(start[g], start[g] + number[g]):
            total += parts[k, WEIGHT]
            for name in range(LAT, NN + 1):
                out[g, name] += parts[k, WEIGHT] * parts[k, name]
        for name in range(LAT, NN + 1):
            out[g, name] /= max(total, 1.0e-12)
        if number[g] < 2:
            continue
        east_m, north_m = scale_at(out[g, LAT], scales)
        for k in range(start[g], start[g] + number[g]):
            weight = parts[k, WEIGHT] / total
            de = (parts[k, LON] - out[g, LON]) * east_m
            dn = (parts[k, LAT] - out[g, LAT]) * north_m
            out[g, EE] += weight * de * de
            out[g, EN] += weight * de * dn
            out[g, NN] += weight * dn * dn


def single_place(placed: Places) -> Floats:
    """The one Gaussian with the mixture's mean and covariance, `(incidents, 6)`, zero if none."""
    out = np.zeros((placed.number.size, 6))
    if placed.parts.size:
        scales = degree_scales(placed.parts[:, LAT])
        _match(placed.parts, placed.start, placed.number, scales, out)
    return out


@nb.njit(cache=True, nogil=True)
def _tally(entries: Entries, known: Ints, order: Ints, first: Ints, counts: Ints) -> None:
    """Earliest receipt, reports and voices of each incident, of those counted under it."""
    for g in range(first.size):
        for k in range(entries.start[g], entries.start[g + 1]):
            if entries.is_home[k]:
                first[g] = min(first[g], known[order[entries.row[k]]])
                counts[0, g] += 1
                counts[1, g] += entries.is_voice[k]


def incidents_table(
    observations: pa.Table,
    order: Ints,
    entries: Entries,
    told: Told,
    p_real: Floats,
    digests: UInts,
) -> pa.Table:
    """Table `INCIDENTS`."""
    placed, best = told.placed, told.best_type
    size = digests.size
    one = single_place(placed)
    lat, lon = one[:, LAT], one[:, LON]
    major, minor, azimuth = axes(one[:, EE], one[:, EN], one[:, NN])
    nowhere = placed.number == 0
    known = np.asarray(observations["known_at"].cast(pa.int64()).fill_null(_UNKNOWN), np.int64)
    first_known = np.full(size, _UNKNOWN, np.int64)
    counts = np.zeros((2, size), np.int64)
    _tally(entries, np.require(known, requirements=("C", "W")), order, first_known, counts)
    p_type = np.exp(told.log_types[np.arange(size), np.maximum(best, 0)].astype(np.float64))
    columns = {
        "incident_id": hex_ids(digests),
        "p_real": p_real,
        "began": _instants(told.began_us),
        "ended": _instants(told.ended_us),
        "lat": _nullable(lat, nowhere),
        "lon": _nullable(lon, nowhere),
        "error_major_m": _nullable(major, nowhere),
        "error_minor_m": _nullable(minor, nowhere),
        "error_azimuth_deg": _nullable(azimuth, nowhere),
        "type": pa.array(TYPES).take(pa.array(best, mask=best < 0)),
        "p_type": _nullable(p_type, best < 0),
        "direction": pa.array(DIRECTIONS).take(pa.array(told.direction)),
        "observations": counts[0].astype(np.int32),
        "independent_roots": counts[1].astype(np.int32),
        "is_date_only": told.is_date_only,
        "known_at": pa.array(first_known, mask=first_known == _UNKNOWN).cast(INSTANT),
    }
    return from_columns(INCIDENTS, columns, size)


@nb.njit(cache=True, nogil=True)
def _lay_components(
    placed: Places, first: Ints, told: tuple[Ints, Ints, Singles], out: tuple[Ints, Small, Floats],
    spans: Ints, log_types: Singles,
) -> None:  # fmt: skip
    """Write each incident's rows: its components, or one row of nothing where nobody said where."""
    began, ended, types = told
    owner, component, numbers = out
    for g in range(placed.number.size):
        for at in range(first[g], first[g + 1]):
            owner[at], component[at] = g, at - first[g]
            spans[0, at], spans[1, at] = began[g], ended[g]
            for t in range(types.shape[1]):
                log_types[at, t] = types[g, t]
            numbers[WEIGHT, at], numbers[_PRUNED, at] = 1.0, 0.0
            if placed.number[g]:
                part = placed.start[g] + at - first[g]
                for name in range(_PRUNED):
                    numbers[name, at] = placed.parts[part, name]
                numbers[_PRUNED, at] = placed.pruned[g]


def posterior_table(
    observations: pa.Table,
    order: Ints,
    entries: Entries,
    told: Told,
    digests: UInts,
) -> pa.Table:
    """Table `POSTERIOR`: one row a component; one without a place where nobody said where."""
    placed = told.placed
    first = np.zeros(digests.size + 1, np.int64)
    np.cumsum(np.maximum(placed.number, 1), out=first[1:])
    rows = int(first[-1])
    owner, component = np.empty(rows, np.int64), np.empty(rows, np.int8)
    numbers, spans = np.zeros((_PRUNED + 1, rows)), np.empty((2, rows), np.int64)
    log_types = np.empty((rows, NO_TYPE), np.float32)
    given = (told.began_us, told.ended_us, told.log_types)
    _lay_components(placed, first, given, (owner, component, numbers), spans, log_types)
    nowhere = placed.number[owner] == 0
    columns = {
        "incident_id": hex_ids(digests[owner]),
        "component": component,
        "weight": numbers[WEIGHT],
        "lat": _nullable(numbers[LAT], nowhere),
        "lon": _nullable(numbers[LON], nowhere),
        "var_east_m2": _nullable(numbers[EE], nowhere),
        "cov_en_m2": _nullable(numbers[EN], nowhere),
        "var_north_m2": _nullable(numbers[NN], nowhere),
        "area_id": taken(observations["area_id"], order[entries.row[entries.start[:-1]]][owner]),
        "began": _instants(spans[0]),
        "ended": _instants(spans[1]),
        "type_log_p": pa.FixedSizeListArray.from_arrays(pa.array(log_types.reshape(-1)), NO_TYPE),
        "pruned_mass": numbers[_PRUNED],
    }
    return from_columns(POSTERIOR, columns, rows)


def members_table(
    observations: pa.Table, order: Ints, entries: Entries, digests: UInts
) -> pa.Table:
    """Table `MEMBERS`: shares of one observation sum to at most one; the rest is none of these."""
    columns = {
        "observation_id": taken(observations["observation_id"], order[entries.row]),
        "incident_id": hex_ids(digests[_owners(entries)]),
        "probability": entries.probability,
    }
    return from_columns(MEMBERS, columns, entries.row.size)


class _Best(NamedTuple):
    """The likeliest change of each rank, `(incidents, 4)`; odds are -inf where there is none."""

    odds: Floats
    row: Ints
    other: Ints


@nb.njit(**PLAIN_LEAF)
def _offer(best: _Best, g: int, rank: int, change: tuple[int, int, float]) -> None:
    """Keep the better of two changes, ties by the lower row or incident."""
    row, other, odds = change
    if g < 0 or g == other or not odds > _TELLING_NATS:
        return
    held = best.odds[g, rank]
    tie = max(best.row[g, rank], best.other[g, rank])
    if odds > held or (odds == held and max(row, other) < tie):
        best.odds[g, rank], best.row[g, rank], best.other[g, rank] = odds, row, other


@nb.njit(cache=True, nogil=True)
def _weigh_changes(entries: Entries, split: Partition, home: Ints, best: _Best) -> None:
    for g in range(entries.start.size - 1):
        for k in range(entries.start[g], entries.start[g + 1]):
            row = entries.row[k]
            if not entries.is_core[k]:
                share = min(max(entries.probability[k], 1.0e-9), 1.0 - 1.0e-9)
                _offer(best, g, _SHARE, (row, -1, math.log(share / (1.0 - share))))
                continue
            _offer(best, g, _LEAVE, (row, -1, split.leave[row]))
            if split.move_to[row] >= 0:
                _offer(best, home[split.move_to[row]], _JOIN, (row, g, split.move[row]))
            if split.group[row] == row and split.merge_with[row] >= 0:
                other = home[split.merge_with[row]]
                if other >= 0:
                    _offer(best, g, _MERGE, (-1, other, split.merge[row]))


@nb.njit(cache=True, nogil=True)
def _told_changes(best: _Best) -> tuple[Ints, Ints, Ints, Ints, Floats]:
    """Incident, rank, row, other incident and odds of every change that there is."""
    size = np.count_nonzero(best.odds > -np.inf)
    owner, rank, row, other = np.empty((4, size), np.int64)
    odds = np.empty(size)
    at = 0
    for g in range(best.odds.shape[0]):
        for k in range(best.odds.shape[1]):
            if best.odds[g, k] > -np.inf:
                owner[at], rank[at], odds[at] = g, k, best.odds[g, k]
                row[at], other[at] = best.row[g, k], best.other[g, k]
                at += 1
    return owner, rank, row, other, odds


def alternatives_table(
    observations: pa.Table, order: Ints, entries: Entries, split: Partition, digests: UInts
) -> pa.Table:
    """Table `ALTERNATIVES`: the likeliest leave, join and merge of each incident.

    `join` names the observation that might belong here beside or instead of where it stands, with
    the odds of that; `merge` names the other incident.
    """
    size = digests.size
    home = np.full(split.group.size, -1, np.int64)
    home[entries.row[entries.is_home]] = _owners(entries)[entries.is_home]
    none = np.full((size, len(_CHANGES)), -1, np.int64)
    best = _Best(np.full(none.shape, -np.inf), none, none.copy())
    _weigh_changes(entries, split, home, best)
    owner, rank, row, other, odds = _told_changes(best)
    columns = {
        "incident_id": hex_ids(digests[owner]),
        "change": pa.array(_CHANGES).take(pa.array(rank)),
        "observation_id": taken(
            observations["observation_id"], np.where(row < 0, -1, order[np.maximum(row, 0)])
        ),
        "other_incident_id": hex_ids(digests[np.maximum(other, 0)], absent=other < 0),
        "log_odds": odds,
    }
    return from_columns(ALTERNATIVES, columns, owner.size)
