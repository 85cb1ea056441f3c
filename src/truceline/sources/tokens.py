"""Damaged delimited text, row by row: what can be read is, the rest is refused with its line."""

import csv

import numpy as np
import numpy.typing as npt

from truceline.sources.contract import RawFile, Refusal
from truceline.sources.encodings import REPLACEMENT, Decoded

CUT = "write the whole file again; it seems to end in the middle of this row"
_LONGEST_RECORD = 1000  # physical lines that one quoted cell may span before it counts as unclosed

Lines = npt.NDArray[np.int32]


def physical_lines(text: str) -> list[str]:
    """Lines by line feed, carriage return or both; other Unicode separators are ordinary text."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def tokenise(
    file: RawFile, decoded: Decoded, first: int, width: int, delimiter: str
) -> tuple[list[list[str]], Lines, tuple[Refusal, ...]]:
    """Cells of each row of so many, the line of each, and refusals; `first` names the columns."""
    lines = physical_lines(decoded.text)
    rows: list[list[str]] = []
    numbers: list[int] = []
    refused: list[Refusal] = []
    at = first
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        cells, used, fault = _record(lines, at, width, delimiter)
        if fault is None and "\0" in "".join(cells):
            fault = ("a NUL byte stands in it", "the file was damaged in storage; fetch it again")
        if fault is None and decoded.is_damaged and REPLACEMENT in "".join(cells):
            fault = (f"bytes in it are not {decoded.encoding}", "save the file as UTF-8")
        if fault is None:
            rows.append(cells)
            numbers.append(at + 1)
        else:
            reason, advice = fault
            refused.append(
                Refusal(
                    file=file.name,
                    line=at + 1,
                    reason=reason,
                    advice=advice,
                    excerpt=lines[at][:200],
                )
            )
        at += used
    return rows, np.array(numbers, dtype=np.int32), tuple(refused)


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
