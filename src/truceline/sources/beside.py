"""A second table from the rows that a first one took: one report, two kinds of evidence."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from truceline.sources.assembly import Part, assemble
from truceline.sources.contract import RawFile, Reading


def beside(
    first: Reading, taken: str, name: str, parts: Sequence[Part], files: Sequence[RawFile]
) -> Reading:
    """The reading with another table beside the one it has.

    A row that the first table refused is refused once, and gives nothing to the second. Every row
    of either table counts as taken, so that the sums still add up.

    Parameters
    ----------
    first
        What `assemble` made of the same sheets.
    taken
        The table of `first` whose rows count as taken.
    name
        Which of `schemas.EVIDENCE_TABLES` the second table is.
    parts
        The second table's columns; the faults are those of rows that have nothing to say there.
    files
        All files.
    """
    origin = first.tables[taken].select(["file", "line"]).to_pydict()
    lines: dict[str, list[int]] = {}
    for file, line in zip(origin["file"], origin["line"], strict=True):
        lines.setdefault(file, []).append(line)
    second = assemble(name, [_of_kept(part, lines) for part in parts], files=files)
    rows = sum(table.num_rows for table in second.tables.values())
    return Reading(
        tables={**first.tables, **second.tables},
        upstream=first.upstream + rows,
        taken=first.taken + rows,
        refused=first.refused,
        notes=(*first.notes, *(note for part in parts for note in part.notes)),
    )


def _of_kept(part: Part, lines: dict[str, list[int]]) -> Part:
    is_kept = np.isin(part.sheet.lines, lines.get(part.sheet.file.name, []))
    gone = dict.fromkeys(np.flatnonzero(~is_kept).tolist(), ("refused before", "see there"))
    return replace(part, faults={**gone, **part.faults}, notes=())
