"""Acts: one deed each. An incident holds one, or one for each family of types that is stated.

Fire and what it leaves behind are one family; flights, movements of forces and everything else are
others. A drone seen overhead and the guns that fired at it are two acts of one incident. Outgoing
and incoming reports are not split: one shell is outgoing here and incoming there.
"""

from typing import Any, NamedTuple

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
    Records,
    Reports,
    taken,
)
from truceline.fusion.columns import numbers as numbers_of
from truceline.fusion.entries import Entries
from truceline.fusion.identity import UInts, hex_ids
from truceline.fusion.kernels import PLAIN_LEAF
from truceline.fusion.likeness import FAMILY_NAMES, family_codes
from truceline.fusion.nature import most_voted
from truceline.tables.posterior import TYPES
from truceline.tables.schemas import ACTS, from_columns

_FAMILIES = len(FAMILY_NAMES)
_UNDETERMINED = DIRECTIONS.index("undetermined")
_SURE = 0.5  # a type stated with less confidence makes no act of its own
_NONE = -1

_WAY, _WEAPON, _UNIT = range(3)


class _Counted(NamedTuple):
    """What each report counts and whether it names a weapon, in order of arrival; nan: nothing."""

    tells: Flags  # any of these at all: most reports do not
    low: Floats
    best: Floats
    high: Floats
    has_weapon: Flags
    origin: Ints  # row of arrival of each report


@nb.njit(cache=True, nogil=True)
def _families(
    reports: Records, entries: Entries, family: npt.NDArray[np.int8], best: Ints, type_of: Ints
) -> None:
    """Best stated type of each family of each incident; the incident's own type leads its family."""
    votes = np.zeros(NO_TYPE + 1, np.int64)
    voiced = np.empty(NO_TYPE + 1, np.int64)
    for g in range(best.size):
        types = 0
        for k in range(entries.start[g], entries.start[g + 1]):
            row = reports[entries.row[k]]
            if entries.is_home[k] and entries.is_voice[k] and row.type_confidence >= _SURE:
                if votes[row.type] == 0 and row.type != NO_TYPE:
                    voiced[types] = row.type
                    types += 1
                votes[row.type] += row.type != NO_TYPE
        for t in voiced[:types]:  # most votes lead, of as many the first type
            leader = type_of[g, family[t]]
            ahead = leader == _NONE or votes[t] > votes[leader]
            if ahead or (votes[t] == votes[leader] and t < leader):
                type_of[g, family[t]] = t
        for t in voiced[:types]:
            votes[t] = 0
        if best[g] != _NONE:
            type_of[g, family[best[g]]] = best[g]


@nb.njit(**PLAIN_LEAF)
def _detail_one(
    reports: Records, entries: Entries, family: npt.NDArray[np.int8], stated: _Counted,
    act: tuple[int, int, bool], votes: Ints, rows: Ints, numbers: Floats,
) -> None:  # fmt: skip
    g, code, is_first = act
    votes[:] = 0
    for k in range(entries.start[g], entries.start[g + 1]):
        row = reports[entries.row[k]]
        said = family[row.type]
        if not entries.is_home[k] or (said != code and not (said < 0 and is_first)):
            continue
        if entries.is_voice[k]:
            votes[row.direction] += 1
        at = stated.origin[entries.row[k]]
        if not stated.tells[at]:
            continue
        if rows[_WEAPON] < 0 and stated.has_weapon[at]:
            rows[_WEAPON] = at
        if entries.is_voice[k]:
            if rows[_UNIT] < 0 and not np.isnan(stated.best[at]):
                rows[_UNIT] = at
                numbers[1] = stated.best[at]
            numbers[0] = np.fmax(numbers[0], stated.low[at])
            numbers[2] = np.fmax(numbers[2], stated.high[at])
    rows[_WAY] = most_voted(votes, _UNDETERMINED)


@nb.njit(cache=True, nogil=True)
def _detail(
    reports: Records, entries: Entries, family: npt.NDArray[np.int8], stated: _Counted,
    act: tuple[Ints, Ints, Ints], rows: Ints, numbers: Floats,
) -> None:  # fmt: skip
    """Direction, the rows whose weapon and unit each act carries, and its numbers."""
    incident, code, ordinal = act
    votes = np.zeros(len(DIRECTIONS), np.int64)
    for a in range(incident.size):
        one = (incident[a], code[a], ordinal[a] == 1)
        _detail_one(reports, entries, family, stated, one, votes, rows[a], numbers[a])


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
    if np.count_nonzero(stated) == best.size:  # every incident is one act
        every = np.arange(best.size)
        return every, own, np.ones(best.size, np.int64), type_of[every, own]
    incident, code = np.nonzero(stated)
    order = np.lexsort((code, code != own[incident], incident))
    incident, code = incident[order], code[order]
    begins = np.flatnonzero(np.diff(incident, prepend=-1))
    ordinal = np.arange(incident.size) - np.repeat(
        begins, np.diff(np.append(begins, incident.size))
    )
    return incident, code, ordinal + 1, type_of[incident, code]


def acts(
    observations: pa.Table,
    order: Ints,
    reports: Reports,
    entries: Entries,
    best_type: Ints,
    digests: UInts,
) -> pa.Table:
    """Table `ACTS`. Counts of one act never add up: low is the greatest low of its voices.

    Parameters
    ----------
    observations, order
        Rows as they arrived, and their canonical order.
    best_type
        `(incidents,)` likeliest type, -1 where nobody stated one.
    digests
        `(incidents,)` from which incident identifiers are written.
    """
    family = family_codes()
    type_of = np.full((best_type.size, _FAMILIES), _NONE, np.int64)
    if best_type.size:
        _families(reports.rows, entries, family, best_type, type_of)
    incident, code, ordinal, kind = _acts_of(type_of, best_type)
    counts = [numbers_of(observations[f"count_{name}"]) for name in ("low", "best", "high")]
    has_weapon = np.asarray(observations["weapon"].is_valid())
    tells = has_weapon | ~np.isnan(counts).all(axis=0)
    rows = np.full((incident.size, 3), _NONE, np.int64)
    numbers = np.full((incident.size, 3), np.nan)
    # One memory layout, so that the kernel is compiled for one signature only.
    alike: list[Any] = [
        np.require(v, requirements=("C", "W")) for v in (tells, *counts, has_weapon, order)
    ]
    stated = _Counted(*alike)
    _detail(reports.rows, entries, family, stated, (incident, code, ordinal), rows, numbers)
    return _table(observations, (incident, ordinal, kind), (rows, numbers), digests)


def _table(
    observations: pa.Table,
    act: tuple[Ints, Ints, Ints],
    out: tuple[Ints, Floats],
    digests: UInts,
) -> pa.Table:
    incident, ordinal, kind = act
    rows, (low, best, high) = out[0], out[1].T
    best = np.fmin(np.fmax(best, np.nan_to_num(low, nan=-np.inf)), np.nan_to_num(high, nan=np.inf))
    columns = {
        "act_id": hex_ids(digests[incident], "a-", ordinal=ordinal),
        "incident_id": hex_ids(digests[incident]),
        "type": pa.array(TYPES).take(pa.array(kind, mask=kind < 0)),
        "direction": pa.array(DIRECTIONS).take(pa.array(rows[:, _WAY])),
        "weapon": taken(observations["weapon"], rows[:, _WEAPON]),
        "count_low": _whole(low),
        "count_best": _whole(best),
        "count_high": _whole(high),
        "count_unit": taken(observations["count_unit"], rows[:, _UNIT]),
    }
    return from_columns(ACTS, columns, incident.size)
