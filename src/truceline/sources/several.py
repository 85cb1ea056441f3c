"""One file, several tables: a sheet's rows parted by what they tell, and the readings joined again."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.sources.assembly import Part, in_order, of_rows
from truceline.sources.contract import RawFile, Reading
from truceline.sources.delimited import Sheet
from truceline.sources.faults import Mask, kept


def rows_of(sheet: Sheet, mask: Mask, *, is_first: bool = False) -> Sheet:
    """The rows of a sheet that a mask picks.

    Parameters
    ----------
    sheet
        The file.
    mask
        `(rows,)`.
    is_first
        Whether these rows also answer for what the file refused and noted; one part of a file does.
    """
    picked = pa.array(mask)
    return replace(
        sheet,
        columns={name: column.filter(picked) for name, column in sheet.columns.items()},
        lines=sheet.lines[mask],
        refused=sheet.refused if is_first else (),
        notes=sheet.notes if is_first else (),
    )


def of_taken(part: Part, taken: pa.Table) -> Part:
    """Those rows of a part that another table took, as one report gives two kinds of evidence.

    A row that the other table refused is refused once, and gives nothing here.

    Parameters
    ----------
    part
        Of this table; its faults are those of rows that have nothing to say here.
    taken
        The other table, with the file and line of each row.
    """
    own = taken["line"].filter(pc.equal(taken["file"], part.sheet.file.name))
    mask = np.isin(part.sheet.lines, own.to_numpy()) & kept(part.sheet.rows, part.faults)
    picked = pa.array(mask)
    columns = {name: of_rows(values, picked, mask) for name, values in part.columns.items()}
    return Part(sheet=rows_of(part.sheet, mask), columns=columns, faults={}, notes=part.notes)


def joined(readings: Iterable[Reading], files: Sequence[RawFile]) -> Reading:
    """Readings of the same files, each of a table of its own, as one.

    Rows are counted by table: one line that tells an exposure and an act is two rows, each taken
    or refused. A feed makes the second only of what is sound in the first.
    """
    every = list(readings)
    refused = in_order([refusal for reading in every for refusal in reading.refused], files)
    taken = sum(reading.taken for reading in every)
    notes = dict.fromkeys(note for reading in every for note in reading.notes)
    return Reading(
        tables={name: table for reading in every for name, table in reading.tables.items()},
        upstream=taken + len(refused),
        taken=taken,
        refused=refused,
        notes=tuple(notes),
    )
