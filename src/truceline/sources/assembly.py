"""From parts, one a file, to a reading: repeats refused, faulty rows taken out, sums that add up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.sources import swapped
from truceline.sources.contract import RawFile, ReadContext, Reading, Refusal
from truceline.sources.delimited import Sheet
from truceline.sources.faults import Faults, gather, kept, refusals
from truceline.sources.identity import repeats
from truceline.tables import schemas


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one file gives: schema columns for all its rows, and the faults of some of them."""

    sheet: Sheet
    columns: Mapping[str, Any]
    faults: Faults
    notes: tuple[str, ...] = ()


def assemble(
    name: str,
    parts: Sequence[Part],
    *,
    files: Sequence[RawFile],
    context: ReadContext | None = None,
    refused: Iterable[Refusal] = (),
    notes: Iterable[str] = (),
) -> Reading:
    """A reading of one table from its parts.

    Parameters
    ----------
    name
        Which of `schemas.EVIDENCE_TABLES`.
    parts
        In the order of files. A column is an array of as many values as the sheet has rows, or one
        scalar for all of them.
    files
        All files, for the order of refusals.
    context
        As the feed was given it: points are then held against where the mission is.
    refused
        Refusals of whole files.
    notes
        Notes about the reading as a whole.
    """
    schema = schemas.EVIDENCE_TABLES[name]
    key = schemas.IDENTIFIERS[name]
    faults = [dict(part.faults) for part in parts]
    if context is not None and "lat" in schema.names:
        _gather_swapped(parts, faults, context)
    ids = [_sound(part.columns[key], bad) for part, bad in zip(parts, faults, strict=True)]
    for bad, again in zip(faults, repeats([part.sheet for part in parts], ids), strict=True):
        gather(bad, again)
    tables = [_table(part, bad, schema) for part, bad in zip(parts, faults, strict=True)]
    every = [*refused]
    for part, bad in zip(parts, faults, strict=True):
        every += [*part.sheet.refused, *refusals(part.sheet, bad)]
    table = schemas.concat(tables, schema)
    return Reading(
        tables={name: table},
        upstream=table.num_rows + len(every),
        taken=table.num_rows,
        refused=in_order(every, files),
        notes=(*notes, *(note for part in parts for note in (*part.sheet.notes, *part.notes))),
    )


def _gather_swapped(parts: Sequence[Part], faults: Sequence[Faults], context: ReadContext) -> None:
    """Hold the points of all files together against where the mission is."""
    swapped.bounds_of(context.options)  # a wrong option stops, even where no row has a place
    placed = [(part, bad) for part, bad in zip(parts, faults, strict=True) if part.sheet.rows]
    if not placed:
        return
    lat, lon = (
        np.concatenate([_degrees(part, name) for part, _ in placed]) for name in ("lat", "lon")
    )
    sound = np.concatenate([kept(part.sheet.rows, bad) for part, bad in placed])
    found = swapped.faults_of(lat, lon, sound, context)
    start = 0
    for part, bad in placed:
        end = start + part.sheet.rows
        gather(bad, {row - start: fault for row, fault in found.items() if start <= row < end})
        start = end


def _degrees(part: Part, name: str) -> npt.NDArray[np.float64]:
    """A column of coordinates, however the feed gives it; NaN where it gives none."""
    given = part.columns.get(name)
    if isinstance(given, pa.Array | pa.ChunkedArray):
        given = given.cast(pa.float64()).fill_null(np.nan).to_numpy(zero_copy_only=False)
    values = np.full(part.sheet.rows, np.nan)
    if given is not None:
        values[:] = np.asarray(given, dtype=np.float64)
    return values


def in_order(refused: Iterable[Refusal], files: Sequence[RawFile]) -> tuple[Refusal, ...]:
    """Refusals by file and line."""
    place = {file.name: number for number, file in enumerate(files)}
    return tuple(
        sorted(refused, key=lambda r: (place.get(r.file, len(place)), r.line, r.reason, r.excerpt))
    )


def _sound(ids: pa.Array, faults: Faults) -> pa.Array:
    """Ids of rows without fault: a refused row may not make a sound one a repeat."""
    if not faults:
        return ids
    return pc.if_else(pa.array(kept(len(ids), faults)), ids, pa.scalar(None, pa.string()))


def _table(part: Part, faults: Faults, schema: pa.Schema) -> pa.Table:
    sheet = part.sheet
    columns = dict(part.columns)
    if faults:
        keep = kept(sheet.rows, faults)
        mask = pa.array(keep)
        columns = {name: of_rows(values, mask, keep) for name, values in columns.items()}
        lines = sheet.lines[keep]
    else:
        lines = sheet.lines
    columns |= {"exhibit": sheet.file.sha256, "file": sheet.file.name, "line": pa.array(lines)}
    return schemas.from_columns(schema, columns, len(lines))


def of_rows(values: Any, mask: pa.Array, keep: Any) -> Any:
    """What a mask picks of a column, given in Arrow and in NumPy; a scalar stays one."""
    if isinstance(values, pa.Array):
        return values.filter(mask)
    return values[keep] if isinstance(values, np.ndarray) else values
