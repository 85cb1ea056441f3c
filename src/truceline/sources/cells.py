"""Plain delimited text to columns by Arrow, and what stands for the unknown in a cell."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

NULLS = ("", "NULL", "null", "Null", "NA", "N/A", "n/a", "NaN", "nan", "None", "none")
NULL_MARKS = (*NULLS, "-", "--", "\N{EN DASH}", "\N{EM DASH}", "\\N")
"""What stands for "unknown" in a cell. Never zero, and never the word itself."""


def plain_table(
    content: bytes, names: Sequence[str], delimiter: str, *, has_header: bool
) -> pa.Table | None:
    """Columns of strings, one row a line; None where anything in the structure is not plain.

    Parameters
    ----------
    content
        UTF-8 without a byte order mark.
    names
        One a column.
    delimiter
        One character.
    has_header
        Whether the first line names the columns.
    """
    if not _is_plain(content, delimiter):
        return None
    try:
        table = pacsv.read_csv(
            pa.py_buffer(content),
            read_options=pacsv.ReadOptions(
                use_threads=False,
                block_size=1 << 24,
                column_names=list(names),
                skip_rows=int(has_header),
            ),
            parse_options=pacsv.ParseOptions(delimiter=delimiter, ignore_empty_lines=False),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=list(NULL_MARKS),
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    except pa.ArrowException:
        return None
    lines = content.count(b"\n") + (not content.endswith(b"\n")) - has_header
    return table if table.num_rows == lines else None


def table_of(rows: Sequence[Sequence[str]], names: Sequence[str]) -> pa.Table:
    """The same columns from rows that were read one by one."""
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    marks = pa.array(NULL_MARKS)
    arrays = []
    for cells in columns:
        array = pa.array(cells, pa.string())
        arrays.append(pc.if_else(pc.is_in(array, marks), pa.scalar(None, pa.string()), array))
    return pa.Table.from_arrays(arrays, names=list(names))


def _is_plain(content: bytes, delimiter: str) -> bool:
    """No empty line, no lone carriage return, no NUL, and each quote where a quote may stand."""
    if b"\0" in content or b"\n\n" in content or b"\n\r\n" in content:
        return False
    if len(delimiter.encode()) != 1 or content.count(b"\r") != content.count(b"\r\n"):
        return False
    view = np.frombuffer(content, dtype=np.uint8)
    quotes = np.flatnonzero(view == ord('"'))
    if len(quotes) % 2 or len(view) < 2:
        return False
    opening, closing = quotes[::2], quotes[1::2]
    before = np.where(opening > 0, view[opening - 1], ord("\n"))
    after = np.where(closing + 1 < len(view), view[np.minimum(closing + 1, len(view) - 1)], 10)
    mark = ord(delimiter)
    return bool(
        np.isin(before, (mark, ord("\n"), ord('"'))).all()
        and np.isin(after, (mark, ord("\n"), ord("\r"), ord('"'))).all()
    )
