"""Closed words and free words: what a cell may say, and what becomes of a word nobody stored."""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.sources.cells import NULL_MARKS
from truceline.sources.delimited import Sheet
from truceline.sources.faults import Faults, where

ANSWERS = ("agreed", "explained", "denied", "refused", "no_answer", "pending")
"""What a side may answer to a call on the hotline; `agreed`: it will do what was asked."""
_SHOWN = 20  # distinct unknown words that a note spells out


def closed(
    sheet: Sheet, name: str, allowed: Iterable[str], fallback: str | None
) -> tuple[pa.Array, tuple[str, ...]]:
    """A column of stored words; any other word becomes the fallback, and is noted with its line.

    The row stays: a word that we do not store takes away that value, not the report. Case, outer
    blanks, and blanks or hyphens for `_` do not matter.

    Parameters
    ----------
    sheet, name
        The file and its column.
    allowed
        The closed list: an enum of stored words, or the words themselves.
    fallback
        What stands for a missing or unknown word; None is null.
    """
    column = sheet.column(name)
    stored = pa.array([str(word) for word in allowed])
    known = pc.is_in(column, stored)
    notes: tuple[str, ...] = ()
    if pc.any(pc.and_(column.is_valid(), pc.invert(known))).as_py():
        column, notes = _mended(sheet, column, name, set(stored.to_pylist()), fallback)
    return (column if fallback is None else pc.fill_null(column, fallback)), notes


def required(sheet: Sheet, name: str, advice: str) -> tuple[pa.Array, Faults]:
    """A column of free words that may not be empty; an empty cell is a fault, and reads ``."""
    column = free(sheet, name)
    empty = column.is_null().to_numpy(zero_copy_only=False)
    return pc.fill_null(column, ""), where(empty, f"{name} is empty", advice)


def free(sheet: Sheet, name: str) -> pa.Array:
    """A column of free words without outer blanks."""
    column = sheet.column(name)
    trimmed = pc.utf8_trim_whitespace(column)
    if pc.any(pc.not_equal(column, trimmed)).as_py():
        return pc.if_else(
            pc.is_in(trimmed, pa.array(NULL_MARKS)), pa.scalar(None, pa.string()), trimmed
        )
    return column


def _mended(
    sheet: Sheet, column: pa.Array, name: str, stored: set[str], fallback: str | None
) -> tuple[pa.Array, tuple[str, ...]]:
    coded = column.dictionary_encode()
    codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    words: list[str | None] = []
    strange = []
    for code, cell in enumerate(coded.dictionary.to_pylist()):
        word = cell.strip().casefold().replace(" ", "_").replace("-", "_")
        words.append(word if word in stored else None)
        if word not in stored and cell.strip() not in NULL_MARKS:
            places = np.flatnonzero(codes == code)
            strange.append(f"{cell[:40]!r} ({len(places)}, first in line {sheet.lines[places[0]]})")
    mended = pa.array(words, pa.string()).take(coded.indices)
    if not strange:
        return mended, ()
    became = "unknown" if fallback is None else fallback
    note = (
        f"{sheet.file.name}: column {name} holds words that are not stored, read as {became}: "
        + ", ".join(strange[:_SHOWN])
        + (f" and {len(strange) - _SHOWN} more" if len(strange) > _SHOWN else "")
    )
    return mended, (note,)
