"""Inspections as columns: the visit, what was counted, and what became of the declared serials."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.vocabulary import AccessStatus
from truceline.sources.contract import ReadContext
from truceline.sources.delimited import Sheet
from truceline.sources.faults import Faults, gather, kept, where
from truceline.sources.figures import to_int32, wholes
from truceline.sources.identity import with_content_ids
from truceline.sources.limits import calibres
from truceline.sources.serials import (
    STATES,
    Found,
    Key,
    Listed,
    compared,
    key_of,
    listed_at,
    serials_of,
    within_rows,
)
from truceline.sources.spans import Spans, spans
from truceline.sources.template import disc, times
from truceline.sources.words import closed, free, required

Floats = npt.NDArray[np.float64]

SHUT = (
    AccessStatus.DENIED,
    AccessStatus.OBSTRUCTED,
    AccessStatus.UNSAFE,
    AccessStatus.NOT_ATTEMPTED,
)
"""Access with which nothing was seen: what was not looked at is neither there nor absent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Columns of INSPECTIONS for a file, its times, faults and notes."""

    sheet: Sheet
    columns: dict[str, Any]
    when: Spans
    faults: Faults
    notes: tuple[str, ...]
    seen: Floats  # NaN where nothing was counted


def visit(sheet: Sheet, context: ReadContext, lists: Mapping[Key, list[Listed]]) -> Visit:
    """Read a file of inspections against declared lists."""
    read_times = times(sheet, context, ("began", "ended"))
    when = spans(read_times["began"], read_times["ended"], name=sheet.file.name)
    place, misplaced = disc(sheet, "error_m")
    access, said = closed(sheet, "access", AccessStatus, None)
    status, more = closed(sheet, "status", STATES, None)
    named, faults = _named(sheet)
    unclear = access.is_null().to_numpy(zero_copy_only=False)
    advice = "write granted, denied, delayed or another access status: it decides what was seen"
    gather(faults, where(unclear, "access is not stored", advice))
    gather(faults, when.faults, misplaced, calibres(sheet.column("weapon"), "weapon"))
    gather(faults, within_rows(sheet, ("seen_serials", "refused_serials")))
    gather(faults, within_rows(sheet, ("declared_serials",)))
    is_shut = pc.is_in(access, pa.array([str(word) for word in SHUT])).to_numpy(
        zero_copy_only=False
    )
    status = pc.if_else(pa.array(is_shut), pa.scalar(None, pa.string()), status)
    found = _found(sheet, when, lists, is_shut, status)
    gather(faults, found.faults)
    columns: dict[str, Any] = {
        "inspection_id": _ids(sheet),
        **named,
        **when.columns(),
        "lat": place["lat"],
        "lon": place["lon"],
        "error_major_m": place["error_m"],
        "area_id": free(sheet, "area_id"),
        "access": pc.fill_null(access, ""),
        "status": status,
        "weapon": free(sheet, "weapon"),
        "declared": to_int32(found.declared),
        "seen": to_int32(found.seen),
        **found.serials,
    }
    notes = (*when.notes, *said, *more, *found.notes)
    return Visit(
        sheet=sheet, columns=columns, when=when, faults=faults, seen=found.seen, notes=notes
    )


def _named(sheet: Sheet) -> tuple[dict[str, pa.Array], Faults]:
    faults: Faults = {}
    named: dict[str, pa.Array] = {}
    for name, advice in (
        ("site", "write which site was visited"),
        ("party", "write whose site it is"),
        ("body", "write who inspected"),
    ):
        named[name], missing = required(sheet, name, advice)
        gather(faults, missing)
    return named, faults


def _ids(sheet: Sheet) -> pa.Array:
    """Ids of rows; where one visit has a row for each class of weapon, with the class behind it."""
    ids = free(sheet, "inspection_id").to_pylist()
    weapons = free(sheet, "weapon").to_pylist()
    classes: dict[str, set[str | None]] = {}
    for name, weapon in zip(ids, weapons, strict=True):
        classes.setdefault(name or "", set()).add(weapon)
    made = [
        f"{name}/{weapon}" if name and weapon and len(classes[name]) > 1 else name
        for name, weapon in zip(ids, weapons, strict=True)
    ]
    return with_content_ids(sheet, pa.array(made, pa.string()), "inspections")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sums:
    """Counts of each row, what became of its list, faults of the sums."""

    declared: Floats
    seen: Floats
    serials: dict[str, pa.Array]
    faults: Faults
    notes: tuple[str, ...]


def _found(
    sheet: Sheet,
    when: Spans,
    lists: Mapping[Key, list[Listed]],
    is_shut: npt.NDArray[np.bool_],
    status: pa.Array,
) -> _Sums:
    declared, seen = (wholes(sheet.column(name), name) for name in ("declared", "seen"))
    faults: Faults = {}
    gather(faults, declared.faults, seen.faults)
    sound = kept(sheet.rows, faults)
    stated = np.where(sound, declared.values, np.nan)
    counted = np.where(sound, seen.values, np.nan)
    states = status.to_pylist()
    found: list[Found] = []
    fewer = np.zeros(sheet.rows, dtype=np.bool_)
    for row, (listed, count, known, withheld) in enumerate(_lists(sheet, when, lists)):
        there = len(known) + len(withheld)
        fewer[row] = counted[row] < there
        if np.isnan(counted[row]) and there:
            counted[row] = there
        if np.isnan(stated[row]):
            stated[row] = count or np.nan
        is_open = not is_shut[row] and states[row] != "could_not_be_verified"
        is_open = is_open and bool(there or counted[row] == 0)
        found.append(compared(listed, known, withheld, is_open=is_open))
    gather(faults, where(fewer, "seen is below the number of serials read", _CORRECT))
    blind = is_shut & ~np.isnan(counted)
    advice = "correct the access, or leave out what was counted"
    gather(faults, where(blind, "something is counted where access was not had", advice))
    extra = sum(one.undeclared for one in found)
    serials = {
        f"serials_{name}": pa.array([getattr(one, name) for one in found], pa.int32())
        for name in ("matched", "refused", "absent")
    }
    notes = (f"{sheet.file.name}: {extra} serials seen are declared nowhere",) if extra else ()
    return _Sums(declared=stated, seen=counted, serials=serials, faults=faults, notes=notes)


_CORRECT = "correct the count or the list: each weapon has a serial of its own"


def _lists(
    sheet: Sheet, when: Spans, lists: Mapping[Key, list[Listed]]
) -> Iterator[tuple[frozenset[str], int | None, list[str], list[str]]]:
    """Of each row: the declared list and its count, serials read, serials not let be read."""
    names = ("party", "site", "weapon", "declared_serials", "seen_serials", "refused_serials")
    rows = zip(*(sheet.column(name).to_pylist() for name in names), strict=True)
    for row, (party, site, weapon, own, read, withheld) in enumerate(rows):
        listed = frozenset(serials_of(own))
        count: int | None = len(listed) or None
        standing = listed_at(lists, key_of(party, site, weapon), int(when.began_us[row]))
        if not listed and standing is not None:
            listed, count = standing.serials, standing.count or len(standing.serials) or None
        yield listed, count, serials_of(read), serials_of(withheld)
