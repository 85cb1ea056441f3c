"""Damaged delimited text, row by row: what can be read is, the rest is refused with its line."""

import csv
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from truceline.sources.cells import plain_table, table_of
from truceline.sources.contract import RawFile, Refusal
from truceline.sources.encodings import REPLACEMENT, Decoded

CUT = "write the whole file again; it seems to end in the middle of this row"
_BLOCK = 4096  # lines read at once; one odd row sends no more than these the slow way
_LONGEST_RECORD = 1000  # physical lines that one quoted cell may span before it counts as unclosed

Lines = npt.NDArray[np.int32]


def physical_lines(text: str) -> list[str]:
    """Lines by line feed, carriage return or both; other Unicode separators are ordinary text."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def tokenise(
    file: RawFile,
    decoded: Decoded,
    first: int,
    names: Sequence[str],
    delimiter: str,
    *,
    is_careful: bool = False,
) -> tuple[pa.Table, Lines, tuple[Refusal, ...]]:
    """Columns, the line of each row, and refusals, block by block of lines.

    A plain block goes through Arrow; another, row by row. A row depends only on the lines from its
    own on, so both give the same.

    Parameters
    ----------
    file, decoded
        The file and its text.
    first
        The line that names the columns, from 1.
    names, delimiter
        Of the columns, and the character between cells.
    is_careful
        Take every block row by row.
    """
    lines = physical_lines(decoded.text)
    tables = [table_of([], names)]
    numbers: list[Lines] = []
    refused: list[Refusal] = []
    at = first
    while at < len(lines):
        end = min(at + _BLOCK, len(lines))
        table = None if is_careful else _plain_block(lines[at:end], decoded, names, delimiter)
        if table is None:
            rows, places, more, end = _row_by_row(file, decoded, lines, at, end, names, delimiter)
            table = table_of(rows, names)
            numbers.append(np.array(places, dtype=np.int32))
            refused += more
        else:
            numbers.append(np.arange(at + 1, end + 1, dtype=np.int32))
        tables.append(table)
        at = end
    whole = np.concatenate([np.empty(0, dtype=np.int32), *numbers])
    return pa.concat_tables(tables), whole, tuple(refused)


def _plain_block(
    lines: list[str], decoded: Decoded, names: Sequence[str], delimiter: str
) -> pa.Table | None:
    text = "\n".join(lines) + "\n"
    if decoded.is_damaged and REPLACEMENT in text:
        return None
    if "\n\n" in text or text.startswith("\n"):
        return None
    return plain_table(text.encode(errors="surrogatepass"), names, delimiter, has_header=False)


def _row_by_row(
    file: RawFile,
    decoded: Decoded,
    lines: list[str],
    at: int,
    end: int,
    names: Sequence[str],
    delimiter: str,
) -> tuple[list[list[str]], list[int], list[Refusal], int]:
    """Rows that begin in a block, their lines, refusals, and the line after the last of them."""
    rows: list[list[str]] = []
    places: list[int] = []
    refused: list[Refusal] = []
    while at < end:
        if not lines[at].strip():
            at += 1
            continue
        cells, used, fault = _record(lines, at, len(names), delimiter)
        fault = fault or _foul(cells, decoded)
        if fault is None:
            rows.append(cells)
            places.append(at + 1)
        else:
            refused.append(
                Refusal(
                    file=file.name,
                    line=at + 1,
                    reason=fault[0],
                    advice=fault[1],
                    excerpt=lines[at][:200],
                )
            )
        at += used
    return rows, places, refused, at


def _foul(cells: list[str], decoded: Decoded) -> tuple[str, str] | None:
    text = "".join(cells)
    if "\0" in text:
        return "a NUL byte stands in it", "the file was damaged in storage; fetch it again"
    if decoded.is_damaged and REPLACEMENT in text:
        return f"bytes in it are not {decoded.encoding}", "save the file as UTF-8"
    return None


def _record(
    lines: list[str], at: int, width: int, delimiter: str
) -> tuple[list[str], int, tuple[str, str] | None]:
    """The cells of the record that begins on a line, how many lines it took, and its fault."""
    line = lines[at]
    if '"' not in line:
        return _of_width(line.split(delimiter), width, is_last=at + 1 == len(lines))
    cells = _cells(line, delimiter)
    if cells is not None:
        return _of_width(cells, width, is_last=at + 1 == len(lines))
    quotes = line.count('"')
    end = at + 1
    while quotes % 2 and end < min(len(lines), at + _LONGEST_RECORD):
        quotes += lines[end].count('"')
        end += 1
    cells = _cells("\n".join(lines[at:end]), delimiter) if quotes % 2 == 0 else None
    if cells is not None and len(cells) == width:
        return cells, end - at, None
    fault = ("a quote is opened and not closed", 'close it, or write a quote in text as ""')
    return [], 1, fault


def _cells(record: str, delimiter: str) -> list[str] | None:
    try:
        found = list(csv.reader([record], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return found[0] if len(found) == 1 else None


def _of_width(
    cells: list[str], width: int, *, is_last: bool
) -> tuple[list[str], int, tuple[str, str] | None]:
    if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
        cells = cells[:width]
    if len(cells) == width:
        return cells, 1, None
    if len(cells) < width and is_last:
        return [], 1, (f"it has {len(cells)} cells, not {width}", CUT)
    advice = "quote text that holds the delimiter, and fill every column, if only with nothing"
    return [], 1, (f"it has {len(cells)} cells, but the first line names {width}", advice)
