"""Tab-separated files whose first line is already data: the columns are known by their order."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from truceline.model.errors import SourceError
from truceline.sources.contract import RawFile
from truceline.sources.delimited import Sheet, read_sheet
from truceline.sources.encodings import decode
from truceline.sources.tokens import physical_lines

_BOM = b"\xef\xbb\xbf"


def read_headless(
    file: RawFile, names: Sequence[str], options: Mapping[str, Any], advice: str
) -> Sheet:
    """A sheet whose columns get their names here; lines are those of the file itself.

    Parameters
    ----------
    file
        The bytes, tab-separated.
    names
        Of the columns, in lower case, in the order of the file.
    options
        May hold `encoding`.
    advice
        What to do where the first line has another number of cells.

    Raises
    ------
    SourceError
        The file is empty, or its first line has another number of cells.
    """
    decoded = decode(file.content, file.name, options.get("encoding"))
    first = next((line for line in physical_lines(decoded.text) if line.strip()), "")
    if not first:
        msg = f"{file.name}:1: the file is empty; fetch it again, or take it out of the mission"
        raise SourceError(msg)
    if len(first.split("\t")) != len(names):
        cells = len(first.split("\t"))
        msg = f"{file.name}:1: its first line has {cells} cells, not {len(names)}; {advice}"
        raise SourceError(msg)
    is_plain = decoded.encoding == "utf-8"
    body = file.content.removeprefix(_BOM) if is_plain else decoded.text.encode(errors="replace")
    headed = replace(file, content="\t".join(names).encode() + b"\n" + body)
    sheet = read_sheet(headed, required=names, options={"delimiter": "\t"}, known=names)
    lower = tuple(replace(one, line=max(one.line - 1, 1)) for one in sheet.refused)
    notes = decoded.notes if not is_plain else sheet.notes
    return replace(
        sheet, file=file, lines=sheet.lines - 1, refused=lower, notes=notes, decoded=decoded
    )
