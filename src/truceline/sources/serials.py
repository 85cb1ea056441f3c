"""Serial numbers of weapons: lists in cells, doubles among them, and what an inspection finds of a list."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from truceline.sources.delimited import Sheet
from truceline.sources.faults import Faults, gather
from truceline.sources.instants import Micros
from truceline.sources.spans import Spans

STATES = (
    "in_storage", "could_not_be_verified", "missing_from_site", "site_abandoned",
    "beyond_line_outside_storage", "violates_line",
)  # fmt: skip
"""What an inspection says of a holding, after the SMM's wording on withdrawal (its daily reports)."""

MANY = 10_000  # serials in one cell: more than any site holds; assumed
_BETWEEN = re.compile(r"[;|\n]+")
Key = tuple[str, str, str]  # party, site, weapon


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A declared list: whose, where, of what, for which time."""

    began_us: int
    ended_us: int
    serials: frozenset[str]
    count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What became of a list; None where nothing was compared, which is not zero."""

    matched: int | None = None
    refused: int | None = None
    absent: int | None = None
    undeclared: int = 0


def serials_of(cell: str | None) -> list[str]:
    """The serials of a cell, in order, without case and blanks.

    Examples
    --------
    >>> serials_of("ab 12; AB-13;")
    ['AB12', 'AB-13']
    """
    parts = (re.sub(r"\s+", "", part).upper() for part in _BETWEEN.split(cell or ""))
    return [part for part in parts if part]


def within_rows(sheet: Sheet, names: Sequence[str]) -> Faults:
    """Faults of rows that name a serial twice, within a column or between two of them."""
    faults: Faults = {}
    for row, cells in enumerate(
        zip(*(sheet.column(name).to_pylist() for name in names), strict=True)
    ):
        every = [serial for cell in cells for serial in serials_of(cell)]
        if len(every) > MANY:
            faults[row] = (
                f"it lists more than {MANY} serials",
                "give a row for each site and class",
            )
            continue
        twice = sorted({one for one in every if every.count(one) > 1}) if _repeats(every) else []
        if twice:
            reason = f"serial {twice[0][:40]!r} stands twice in it"
            faults[row] = (reason, "one weapon has one serial: take one out, or correct it")
    return faults


def _repeats(every: list[str]) -> bool:
    return len(set(every)) < len(every)


def doubles(
    sheets: Sequence[Sheet], spans: Sequence[Spans], faults: Sequence[Faults], name: str
) -> None:
    """Add faults of rows whose serial stands elsewhere for the same time: one weapon is in one place.

    Another class at the same site is elsewhere too; the same site and class again is the same
    weapon seen again. The row that stands first stays.

    Parameters
    ----------
    sheets, spans
        Files in order, and the times of their rows.
    faults
        Of the same files, added to; rows that have one count no more.
    name
        The column of serials.
    """
    stands: dict[tuple[str, str], list[tuple[int, int, Key, str]]] = {}
    for sheet, span, found in zip(sheets, spans, faults, strict=True):
        for row, key, cell in _rows(sheet, name):
            if row in found:
                continue
            began, ended = int(span.began_us[row]), int(span.ended_us[row])
            place = f"line {sheet.lines[row]} of {sheet.file.name}"
            listed = serials_of(cell)
            clash = next(
                (f"serial {serial[:40]!r} already stands in {where} for the same time"
                 for serial in listed
                 for low, high, other, where in stands.get((key[0], serial), ())
                 if other != key and low <= ended and began <= high), None,
            )  # fmt: skip
            if clash is not None:
                advice = "a weapon is in one place at a time: correct the serial, or the times"
                gather(found, {row: (clash, advice)})
                continue
            for serial in listed:
                stands.setdefault((key[0], serial), []).append((began, ended, key, place))


def _rows(sheet: Sheet, name: str) -> Iterator[tuple[int, Key, str | None]]:
    lists = [sheet.column(one).to_pylist() for one in ("party", "site", "weapon", name)]
    for row, (party, site, weapon, cell) in enumerate(zip(*lists, strict=True)):
        yield row, key_of(party, site, weapon), cell


def key_of(party: str | None, site: str | None, weapon: str | None) -> Key:
    """Whose, where and what, without case and outer blanks."""
    one, two, three = ((word or "").strip().casefold() for word in (party, site, weapon))
    return one, two, three


def lists_of(
    sheets: Sequence[Sheet], spans: Sequence[Spans], counts: Sequence[Micros]
) -> Mapping[Key, list[Listed]]:
    """Declared lists by whose, where and what; a count of -1 is not known."""
    found: dict[Key, list[Listed]] = {}
    for sheet, span, declared in zip(sheets, spans, counts, strict=True):
        for row, key, cell in _rows(sheet, "serials"):
            if row in span.faults:
                continue
            found.setdefault(key, []).append(
                Listed(
                    began_us=int(span.began_us[row]),
                    ended_us=int(span.ended_us[row]),
                    serials=frozenset(serials_of(cell)),
                    count=int(declared[row]) if declared[row] >= 0 else None,
                )
            )
    return found


def listed_at(lists: Mapping[Key, list[Listed]], key: Key, at_us: int) -> Listed | None:
    """The list that stood at an instant: of several the one that began last."""
    stood = [one for one in lists.get(key, ()) if one.began_us <= at_us < one.ended_us]
    return max(stood, key=lambda one: (one.began_us, sorted(one.serials)), default=None)


def compared(
    declared: frozenset[str], seen: list[str], refused: list[str], *, is_open: bool
) -> Found:
    """What an inspection found of a declared list.

    Parameters
    ----------
    declared, seen, refused
        Serials: of the list, read on weapons that were there, and not let be read.
    is_open
        Whether the inspection could look: behind a shut door nothing is absent.

    Examples
    --------
    >>> compared(frozenset("ABC"), ["A"], ["B"], is_open=True)
    Found(matched=1, refused=1, absent=1, undeclared=0)
    >>> compared(frozenset("ABC"), [], [], is_open=False).absent is None
    True
    """
    if not is_open or not declared:
        return Found(refused=len(refused) if refused else None)
    matched = declared & set(seen)
    absent = declared - set(seen) - set(refused)
    return Found(
        matched=len(matched),
        refused=len(refused),
        absent=len(absent),
        undeclared=len(set(seen) - declared),
    )


def known(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Micros:
    """Counts as whole numbers; unknown is -1."""
    return np.where(np.isnan(values), -1, values).astype(np.int64)
