"""Delimited text to columns of strings, with the line that each row came from.

A sound file goes through Arrow's reader; one with damage, through a tokeniser that gives up a row
at a time. Both give the same columns for the same sound rows.
"""

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from truceline.model.errors import SourceError
from truceline.sources.cells import plain_table
from truceline.sources.contract import RawFile, Refusal
from truceline.sources.encodings import Decoded, decode
from truceline.sources.tokens import CUT, Lines, physical_lines, tokenise

OPTIONS: Mapping[str, str] = {
    "encoding": "encoding of the files, such as cp1251; found out where absent",
    "delimiter": "character between cells; found out from the first line where absent",
}
_HASHTAG = re.compile(r"#[a-z][a-z0-9_]*(\s*\+[a-z0-9_]+)*$", re.IGNORECASE)
_BLANK = "\ufeff \t\r\n,;"


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One file as columns of strings; null where a cell holds a mark of the unknown."""

    file: RawFile
    columns: Mapping[str, pa.Array]
    lines: Lines
    refused: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()
    decoded: Decoded
    header: tuple[str, ...] = ()  # as written

    @property
    def rows(self) -> int:
        """How many rows can be read as cells."""
        return len(self.lines)

    @property
    def upstream(self) -> int:
        """How many rows the file holds."""
        return len(self.lines) + len(self.refused)

    def column(self, name: str) -> pa.Array:
        """A column, or nulls where the file has none of that name."""
        found = self.columns.get(name)
        return pa.nulls(self.rows, pa.string()) if found is None else found

    @cached_property
    def _physical(self) -> list[str]:
        return physical_lines(self.decoded.text)

    def excerpt(self, line: int) -> str:
        """How a line begins."""
        return self._physical[line - 1][:200] if line <= len(self._physical) else ""


def with_columns(sheet: Sheet, more: Mapping[str, pa.Array]) -> Sheet:
    """The sheet with columns added, or put in place of its own."""
    return replace(sheet, columns={**sheet.columns, **more})


def plain_name(cell: str) -> str:
    """A column's name without case, blanks or quotes.

    Examples
    --------
    >>> plain_name(' "Error M"')
    'error_m'
    """
    return re.sub(r"\s+", "_", cell.strip().strip('"').strip().casefold())


def read_sheet(
    file: RawFile,
    *,
    required: Iterable[str],
    options: Mapping[str, Any],
    known: Iterable[str] = (),
    is_careful: bool = False,
) -> Sheet:
    """One file as columns of strings.

    Parameters
    ----------
    file
        The bytes; the first line with text names the columns.
    required
        Columns without which the file is something else.
    options
        May hold `encoding` and `delimiter`.
    known
        All columns that the feed understands; others are noted.
    is_careful
        Read a sound file by the slow way too, as tests do to compare both.

    Raises
    ------
    SourceError
        The file is empty, or has no such columns.
    """
    decoded = decode(file.content, file.name, options.get("encoding"))
    number, line = _first_line(file, decoded.text)
    delimiter = _delimiter(line, options)
    written, names = _names(file, number, line, delimiter, frozenset(required))
    refused: tuple[Refusal, ...] = ()
    table = None if is_careful or number > 1 else _at_once(file, decoded, names, delimiter)
    if table is not None:
        numbers = np.arange(2, table.num_rows + 2, dtype=np.int32)
    else:
        table, numbers, refused = tokenise(
            file, decoded, number, names, delimiter, is_careful=is_careful
        )
    table, numbers, said = _without_tags(file, table, numbers)
    notes = [*decoded.notes, *said, *_strangers(file, written, names, frozenset(known))]
    if refused and refused[-1].advice == CUT:
        notes.append(f"{file.name}: the last row is cut; the file is only half written")
    return Sheet(
        file=file,
        columns={name: _one(table[name]) for name in table.column_names},
        lines=numbers,
        refused=refused,
        notes=tuple(notes),
        decoded=decoded,
        header=written,
    )


def read_sheets(
    files: Sequence[RawFile], read: Callable[[RawFile], Sheet]
) -> tuple[list[Sheet], list[Refusal]]:
    """Every file that can be read, and for each other one a refusal of the whole file.

    Raises
    ------
    SourceError
        None of the files can be read.
    """
    sheets: list[Sheet] = []
    refused: list[Refusal] = []
    for file in files:
        try:
            sheets.append(read(file))
        except SourceError as exc:
            refused.append(whole_file(file, str(exc)))
    if not sheets:
        msg = "; ".join(refusal.reason for refusal in refused) or "no file was given"
        raise SourceError(msg)
    return sheets, refused


def whole_file(file: RawFile, reason: str) -> Refusal:
    """A refusal that stands for all of a file, counted as one."""
    return Refusal(
        file=file.name,
        line=1,
        reason=f"the whole file cannot be read: {reason}",
        advice="mend or fetch the file again; its rows are not counted one by one",
        excerpt=repr(file.content[:60]),
    )


def _first_line(file: RawFile, text: str) -> tuple[int, str]:
    head = text[: text.find("\n") + 1] or text
    if "\r" in head.removesuffix("\r\n") or not head.strip(_BLANK):
        for number, line in enumerate(physical_lines(text), 1):
            if line.strip(_BLANK):
                return number, line
    if head.strip(_BLANK):
        return 1, head.rstrip("\r\n")
    msg = f"{file.name}:1: the file is empty; fetch it again, or take it out of the mission"
    raise SourceError(msg)


def _delimiter(line: str, options: Mapping[str, Any]) -> str:
    given = options.get("delimiter")
    if given is not None:
        if not isinstance(given, str) or len(given) != 1 or given in '"\n\r':
            msg = f"option `delimiter` is {given!r}; give one character, such as ';'"
            raise SourceError(msg)
        return given
    bare = re.sub(r'"[^"]*"', "", line)
    return max(",;\t|", key=lambda mark: (bare.count(mark), mark == ","))


def _names(
    file: RawFile, number: int, line: str, delimiter: str, required: frozenset[str]
) -> tuple[tuple[str, ...], list[str]]:
    try:
        written = next(csv.reader([line.removeprefix("\ufeff")], delimiter=delimiter))
    except (csv.Error, StopIteration) as exc:
        msg = f"{file.name}:{number}: the line of column names cannot be read: {exc}"
        raise SourceError(msg) from exc
    names = [plain_name(cell) or f"unnamed_{place}" for place, cell in enumerate(written, 1)]
    missing = sorted(required - set(names))
    if missing:
        have = ", ".join(names)[:300]
        msg = (
            f"{file.name}:{number}: columns {', '.join(missing)} are missing; it has {have}; "
            "check that this is the right feed for the file"
        )
        raise SourceError(msg)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        msg = f"{file.name}:{number}: column {twice[0]} stands twice; take one out"
        raise SourceError(msg)
    return tuple(written), names


def _at_once(file: RawFile, decoded: Decoded, names: list[str], delimiter: str) -> pa.Table | None:
    if decoded.encoding != "utf-8" or decoded.is_damaged:
        return None
    content = file.content.removeprefix(b"\xef\xbb\xbf")
    return plain_table(content, names, delimiter, has_header=True)


def _without_tags(
    file: RawFile, table: pa.Table, numbers: Lines
) -> tuple[pa.Table, Lines, list[str]]:
    """Take out a row of HXL hashtags and rows in which every cell is unknown; both are said."""
    notes = []
    if table.num_rows:
        cells = [str(value).strip() for value in table.slice(0, 1).to_pylist()[0].values() if value]
        tags = sum(1 for cell in cells if _HASHTAG.match(cell))
        if tags >= 2 and 2 * tags > len(cells):
            notes.append(f"{file.name}:{numbers[0]}: a row of HXL tags, read as such, not as data")
            table, numbers = table.slice(1), numbers[1:]
    full = np.zeros(table.num_rows, dtype=np.bool_)
    for column in table.columns:
        full |= column.combine_chunks().is_valid().to_numpy(zero_copy_only=False)
        if full.all():
            break
    if not full.all():
        notes.append(f"{file.name}: {int((~full).sum())} rows hold nothing at all")
        table, numbers = table.filter(pa.array(full)), numbers[full]
    return table, numbers, notes


def _one(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    return whole if isinstance(whole, pa.Array) else pa.concat_arrays(whole.chunks)


def _strangers(
    file: RawFile, written: tuple[str, ...], names: list[str], known: frozenset[str]
) -> list[str]:
    strange = [cell for cell, name in zip(written, names, strict=True) if name not in known]
    if not known or not strange:
        return []
    return [f"{file.name}: columns not read: {', '.join(strange)[:300]}"]
