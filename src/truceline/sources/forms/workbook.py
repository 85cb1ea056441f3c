"""A spreadsheet of plain words as .xlsx: the same words give the same bytes."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

_BEGUN = (1980, 1, 1, 0, 0, 0)  # the first instant that a zip can hold: no clock enters the file
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")

Rows = Sequence[Sequence[str]]


def workbook(sheets: Mapping[str, Rows]) -> bytes:
    """An Office Open XML workbook (ECMA-376) of text cells; empty cells are left out.

    Parameters
    ----------
    sheets
        Name of each sheet to its rows.

    Examples
    --------
    >>> workbook({"survey": [["type", "name"]]})[:2]
    b'PK'
    """
    parts = {
        "[Content_Types].xml": _types(len(sheets)),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _book(list(sheets)),
        "xl/_rels/workbook.xml.rels": _relations(
            [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
        ),
    }
    for number, rows in enumerate(sheets.values(), 1):
        parts[f"xl/worksheets/sheet{number}.xml"] = _sheet(rows)
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, text in parts.items():
            # Stored, not deflated: other versions of zlib may deflate to other bytes.
            archive.writestr(zipfile.ZipInfo(name, _BEGUN), _HEAD + text)
    return sink.getvalue()


def _types(count: int) -> str:
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_KIND}.worksheet+xml"/>'
        for n in range(1, count + 1)
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>{sheets}</Types>'
    )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    rows = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


def _book(names: Sequence[str]) -> str:
    sheets = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in enumerate(names, 1)
    )
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'


def _sheet(rows: Rows) -> str:
    lines = []
    for number, cells in enumerate(rows, 1):
        made = "".join(
            f'<c r="{_letters(place)}{number}" t="inlineStr"><is>'
            f'<t xml:space="preserve">{escape(_CONTROL.sub("", cell))}</t></is></c>'
            for place, cell in enumerate(cells)
            if cell
        )
        lines.append(f'<row r="{number}">{made}</row>')
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def _letters(place: int) -> str:
    """Name of a column, counted from 0.

    Examples
    --------
    >>> _letters(0), _letters(25), _letters(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
