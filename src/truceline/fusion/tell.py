"""From arrays to the tables that the other rooms read."""

import numba as nb
import numpy as np
import pyarrow as pa

from truceline.fusion.columns import (
    DIRECTIONS,
    NO_TYPE,
    Flags,
    Floats,
    Ints,
    degree_scales,
    scale_at,
)
from truceline.fusion.entries import Entries
from truceline.fusion.estimate import EE, EN, LAT, LON, NN, WEIGHT, Places, Told
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

_TELLING_NATS = -12.0  # a change less likely than one in 160,000 is no runner-up


def _owners(entries: Entries) -> Ints:
    return np.repeat(np.arange(entries.start.size - 1), np.diff(entries.start))


def _instants(values: Ints) -> pa.Array:
    return pa.array(values).cast(INSTANT)


def _nullable(values: Floats, absent: Flags) -> pa.Array:
    return pa.array(values, mask=absent)


@nb.njit(cache=True, parallel=True)
def _match(
    parts: Floats, start: Ints, number: Ints, scales: tuple[Floats, Floats], out: Floats
) -> None:
    for g in nb.prange(number.size):
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


def incidents_table(
    observations: pa.Table,
    order: Ints,
    entries: Entries,
    told: Told,
    p_real: Floats,
    ids: pa.Array,
) -> pa.Table:
    """Table `INCIDENTS`."""
    placed, best = told.placed, told.best_type
    size = len(ids)
    one = single_place(placed)
    lat, lon = one[:, LAT], one[:, LON]
    major, minor, azimuth = axes(one[:, EE], one[:, EN], one[:, NN])
    nowhere = placed.number == 0
    owner = _owners(entries)
    known = np.asarray(observations["known_at"].cast(pa.int64()).fill_null(1 << 62), np.int64)
    homes = entries.is_home
    at_home = np.where(homes, known[order[entries.row]], 1 << 62)
    first_known = np.minimum.reduceat(at_home, entries.start[:-1]) if size else at_home
    p_type = np.exp(told.log_types[np.arange(size), np.maximum(best, 0)].astype(np.float64))
    columns = {
        "incident_id": ids,
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
        "observations": np.bincount(owner[homes], minlength=size).astype(np.int32),
        "independent_roots": np.bincount(owner[homes & entries.is_voice], minlength=size).astype(
            np.int32
        ),
        "is_date_only": told.is_date_only,
        "known_at": pa.array(first_known, mask=first_known == 1 << 62).cast(INSTANT),
    }
    return from_columns(INCIDENTS, columns, size)


def posterior_table(
    observations: pa.Table,
    order: Ints,
    entries: Entries,
    told: Told,
    ids: pa.Array,
) -> pa.Table:
    """Table `POSTERIOR`: one row a component; one without a place where nobody said where."""
    placed = told.placed
    rows = np.maximum(placed.number, 1)
    owner = np.repeat(np.arange(len(ids)), rows)
    start = np.cumsum(rows) - rows
    component = np.arange(owner.size) - np.repeat(start, rows)
    at = placed.start[owner] + component
    parts = np.zeros((owner.size, 6))
    parts[placed.number[owner] > 0] = placed.parts[at[placed.number[owner] > 0]]
    nowhere = placed.number[owner] == 0
    first = entries.row[entries.start[:-1]]
    area = observations["area_id"].take(pa.array(order[first[owner]]))
    columns = {
        "incident_id": ids.take(pa.array(owner)),
        "component": component.astype(np.int8),
        "weight": np.where(nowhere, 1.0, parts[:, WEIGHT]),
        "lat": _nullable(parts[:, LAT], nowhere),
        "lon": _nullable(parts[:, LON], nowhere),
        "var_east_m2": _nullable(parts[:, EE], nowhere),
        "cov_en_m2": _nullable(parts[:, EN], nowhere),
        "var_north_m2": _nullable(parts[:, NN], nowhere),
        "area_id": area,
        "began": _instants(told.began_us[owner]),
        "ended": _instants(told.ended_us[owner]),
        "type_log_p": pa.FixedSizeListArray.from_arrays(
            pa.array(told.log_types[owner].reshape(-1), pa.float32()), NO_TYPE
        ),
        "pruned_mass": np.where(nowhere, 0.0, placed.pruned[owner]),
    }
    return from_columns(POSTERIOR, columns, owner.size)


def members_table(observations: pa.Table, order: Ints, entries: Entries, ids: pa.Array) -> pa.Table:
    """Table `MEMBERS`: shares of one observation sum to at most one; the rest is none of these."""
    columns = {
        "observation_id": observations["observation_id"].take(pa.array(order[entries.row])),
        "incident_id": ids.take(pa.array(_owners(entries))),
        "probability": entries.probability,
    }
    return from_columns(MEMBERS, columns, entries.row.size)


@nb.njit(cache=True)
def _best_per(owner: Ints, odds: Floats, tie: Ints, size: int) -> Ints:
    """Positions of the best odds of each owner, ties by the lowest `tie`, in order of owners."""
    best = np.full(size, -1, np.int64)
    for k in range(owner.size):
        held = best[owner[k]]
        if held < 0 or odds[k] > odds[held] or (odds[k] == odds[held] and tie[k] < tie[held]):
            best[owner[k]] = k
    return best[best >= 0]


def alternatives_table(
    observations: pa.Table, order: Ints, entries: Entries, split: Partition, ids: pa.Array
) -> pa.Table:
    """Table `ALTERNATIVES`: the likeliest leave, join and merge of each incident.

    `join` names the observation that might belong here beside or instead of where it stands, with
    the odds of that; `merge` names the other incident.
    """
    owner, size = _owners(entries), len(ids)
    home = np.full(split.group.size, -1, np.int64)
    home[entries.row[entries.is_home]] = owner[entries.is_home]
    core = entries.is_core
    row, group = entries.row[core], owner[core]
    leave = split.leave[row]
    parts = [_changes("leave", group, row, np.full(row.size, -1), leave, size)]
    target = np.where(split.move_to[row] >= 0, home[np.maximum(split.move_to[row], 0)], -1)
    parts.append(_changes("join", target, row, group, split.move[row], size))
    shared = ~core
    share = np.clip(entries.probability[shared], 1e-9, 1 - 1e-9)
    odds = np.log(share / (1.0 - share))
    here = entries.row[shared]
    parts.append(_changes("join", owner[shared], here, np.full(here.size, -1), odds, size))
    lead = split.group[row] == row
    partner = split.merge_with[row]
    other = np.where(partner >= 0, home[np.maximum(partner, 0)], -1)
    known = lead & (other >= 0) & (other != group)
    nothing = np.full(int(known.sum()), -1)
    parts.append(
        _changes("merge", group[known], nothing, other[known], split.merge[row][known], size)
    )
    return _alternatives(observations, order, parts, ids)


_Change = tuple[str, Ints, Ints, Ints, Floats]


def _changes(change: str, owner: Ints, row: Ints, other: Ints, odds: Floats, size: int) -> _Change:
    told = np.flatnonzero((owner >= 0) & (odds > _TELLING_NATS) & (owner != other))
    best = told[_best_per(owner[told], odds[told], np.maximum(row, other)[told], size)]
    return change, owner[best], row[best], other[best], odds[best]


def _alternatives(
    observations: pa.Table, origin: Ints, parts: list[_Change], ids: pa.Array
) -> pa.Table:
    owner = np.concatenate([part[1] for part in parts])
    row = np.concatenate([part[2] for part in parts])
    other = np.concatenate([part[3] for part in parts])
    odds = np.concatenate([part[4] for part in parts])
    rank = np.repeat(np.arange(len(parts)), [part[1].size for part in parts])
    order = np.argsort(owner, kind="stable")  # parts stand in order of rank already
    names = pa.array([part[0] for part in parts]).take(pa.array(rank[order]))
    columns = {
        "incident_id": ids.take(pa.array(owner[order])),
        "change": names,
        "observation_id": observations["observation_id"].take(
            pa.array(origin[row[order]], mask=row[order] < 0)
        ),
        "other_incident_id": ids.take(pa.array(other[order], mask=other[order] < 0)),
        "log_odds": odds[order],
    }
    return from_columns(ALTERNATIVES, columns, order.size)
