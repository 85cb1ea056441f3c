"""Acts: one deed each. An incident holds one, or one for each family of types that is stated.

Fire and what it leaves behind are one family; flights, movements of forces and everything else are
others. A drone seen overhead and the guns that fired at it are two acts of one incident. Outgoing
and incoming reports are not split: one shell is outgoing here and incoming there.
"""

import numba as nb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from truceline.fusion.columns import DIRECTIONS, NO_TYPE, Flags, Floats, Ints, Reports
from truceline.fusion.entries import Entries
from truceline.fusion.identity import UInts, hex_ids
from truceline.fusion.likeness import FAMILY_NAMES, family_codes
from truceline.tables.posterior import TYPES
from truceline.tables.schemas import ACTS, concat, from_columns

_FAMILIES = len(FAMILY_NAMES)
_UNDETERMINED = DIRECTIONS.index("undetermined")
_SURE = 0.5  # a type stated with less confidence makes no act of its own
_NONE = -1

Counts = tuple[Floats, Floats, Floats]  # low, best, high of each report; nan: not stated


@nb.njit(cache=True, parallel=True)
def _families(
    reports: Reports, entries: Entries, family: npt.NDArray[np.int8], best: Ints, type_of: Ints
) -> None:
    """Best stated type of each family of each incident; the incident's own type leads its family."""
    for g in nb.prange(best.size):
        votes = np.zeros(NO_TYPE + 1, np.int64)
        for k in range(entries.start[g], entries.start[g + 1]):
            row = entries.row[k]
            if entries.is_home[k] and entries.is_voice[k] and reports.type_confidence[row] >= _SURE:
                votes[reports.type[row]] += 1
        for t in range(NO_TYPE):
            code = family[t]
            leader = type_of[g, code]
            if votes[t] > 0 and (leader == _NONE or votes[t] > votes[leader]):
                type_of[g, code] = t
        if best[g] != _NONE:
            type_of[g, family[best[g]]] = best[g]


@nb.njit(cache=True)
def _detail(
    reports: Reports,
    entries: Entries,
    family: npt.NDArray[np.int8],
    counts: Counts,
    has_weapon: Flags,
    act: tuple[Ints, Ints, Ints],
    out: tuple[Ints, Ints, Ints, Floats],
) -> None:
    """Direction, and the rows whose weapon and count an act carries, of each act."""
    incident, code, is_first = act
    low, best, high = counts
    for a in range(incident.size):
        votes = np.zeros(len(DIRECTIONS), np.int64)
        g = incident[a]
        for k in range(entries.start[g], entries.start[g + 1]):
            row = entries.row[k]
            said = family[reports.type[row]]
            if not entries.is_home[k] or (said != code[a] and not (said < 0 and is_first[a] == 1)):
                continue
            if out[1][a] < 0 and has_weapon[row]:
                out[1][a] = row
            if entries.is_voice[k]:
                votes[reports.direction[row]] += 1
                out[2][a] = row if out[2][a] < 0 and not np.isnan(best[row]) else out[2][a]
                out[3][a, 0] = np.fmax(out[3][a, 0], low[row])
                out[3][a, 1] = best[out[2][a]] if out[2][a] >= 0 else np.nan
                out[3][a, 2] = np.fmax(out[3][a, 2], high[row])
        votes[_UNDETERMINED] = 0
        top = np.argmax(votes)
        out[0][a] = _UNDETERMINED if np.sum(votes == votes[top]) > 1 else top


def _stated(observations: pa.Table, name: str) -> Floats:
    return np.asarray(observations[name].cast(pa.float64()).fill_null(np.nan), dtype=np.float64)


def _whole(values: Floats) -> pa.Array:
    return pa.array(
        np.nan_to_num(values, posinf=0.0, neginf=0.0).astype(np.int32), mask=~np.isfinite(values)
    )


def _acts_of(type_of: Ints, best: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Incident, family, ordinal and type of every act: the incident's own family comes first."""
    family = family_codes()
    own = np.where(best >= 0, family[best], 0).astype(np.int64)
    stated = type_of >= 0
    stated[np.arange(best.size), own] = True
    incident, code = np.nonzero(stated)
    first = code == own[incident]
    if incident.size > best.size:  # else every incident has one act
        order = np.lexsort((code, ~first, incident))
        incident, code = incident[order], code[order]
    begins = np.flatnonzero(np.diff(incident, prepend=-1))
    ordinal = np.arange(incident.size) - np.repeat(
        begins, np.diff(np.append(begins, incident.size))
    )
    return incident, code, ordinal + 1, type_of[incident, code]


def acts(
    observations: pa.Table,
    reports: Reports,
    entries: Entries,
    best_type: Ints,
    digests: UInts,
) -> pa.Table:
    """Table `ACTS`. Counts of one act never add up: low is the greatest low of its voices.

    Parameters
    ----------
    observations
        Rows in canonical order.
    best_type
        `(incidents,)` likeliest type, -1 where nobody stated one.
    digests
        `(incidents,)` from which incident identifiers are written.
    """
    family = family_codes()
    type_of = np.full((best_type.size, _FAMILIES), _NONE, np.int64)
    if best_type.size:
        _families(reports, entries, family, best_type, type_of)
    incident, code, ordinal, kind = _acts_of(type_of, best_type)
    counts = tuple(_stated(observations, f"count_{name}") for name in ("low", "best", "high"))
    has_weapon = np.asarray(observations["weapon"].is_valid())
    size = incident.size
    out = (
        np.zeros(size, np.int64),
        np.full(size, _NONE, np.int64),
        np.full(size, _NONE, np.int64),
        np.full((size, 3), np.nan),
    )
    act = (incident, code, (ordinal == 1).astype(np.int64))
    _detail(reports, entries, family, counts, has_weapon, act, out)  # type: ignore[arg-type]
    return _table(observations, (incident, ordinal, kind), out, digests)


def _table(
    observations: pa.Table,
    act: tuple[Ints, Ints, Ints],
    out: tuple[Ints, Ints, Ints, Floats],
    digests: UInts,
) -> pa.Table:
    incident, ordinal, kind = act
    low, high = out[3][:, 0], out[3][:, 2]
    best = np.fmin(
        np.fmax(out[3][:, 1], np.nan_to_num(low, nan=-np.inf)), np.nan_to_num(high, nan=np.inf)
    )
    parts = []
    for number in range(1, _FAMILIES + 1):
        at = np.flatnonzero(ordinal == number)
        if not at.size:
            continue
        weapon = pa.array(out[1][at], mask=out[1][at] < 0)
        unit = pa.array(out[2][at], mask=out[2][at] < 0)
        columns = {
            "act_id": hex_ids(digests[incident[at]], "a-", f"-{number}"),
            "incident_id": hex_ids(digests[incident[at]]),
            "type": pa.array(TYPES).take(pa.array(kind[at], mask=kind[at] < 0)),
            "direction": pa.array(DIRECTIONS).take(pa.array(out[0][at])),
            "weapon": observations["weapon"].take(weapon),
            "count_low": _whole(low[at]),
            "count_best": _whole(best[at]),
            "count_high": _whole(high[at]),
            "count_unit": observations["count_unit"].take(unit),
        }
        parts.append((at, from_columns(ACTS, columns, at.size)))
    if not parts:
        return ACTS.empty_table()
    table = concat([part for _, part in parts], ACTS)
    if len(parts) == 1:
        return table
    place = np.argsort(np.concatenate([at for at, _ in parts]), kind="stable")
    return table.take(pa.array(place)).combine_chunks()
