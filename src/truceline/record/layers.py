"""The record as layers of a map: every table of rows, and the entries. Internal, at full precision.

A layer is made from the record and may be thrown away; nothing is ever read back from one.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from truceline.record import batch
from truceline.record.canonical import canonical
from truceline.record.store import Record
from truceline.tables.schemas import INSTANT

WARNING = "INTERNAL: full precision, not for release; only `truceline report` makes what may leave"
LAYERS = tuple(batch.TABLES)

_ENTRIES = pa.schema(
    [
        ("sequence", pa.int64()),
        ("kind", pa.string()),
        ("known_at", INSTANT),
        ("known_until", INSTANT),
        ("recorded_at", INSTANT),
        ("clock_went_back", pa.bool_()),
        ("supersedes", pa.int64()),
        ("actor", pa.string()),
        ("role", pa.string()),
        ("payload", pa.string()),
        ("leaf_hash", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Rows with a name; what has no place of its own is a plain table.

    `has_points`: columns `lat` and `lon`, in degrees of WGS 84. `has_areas`: a column `geometry_wkb`.
    Lists and structs have become JSON.
    """

    name: str
    rows: pa.Table

    @property
    def has_points(self) -> bool:
        """Whether each row may have a point."""
        return {"lat", "lon"} <= set(self.rows.column_names)

    @property
    def has_areas(self) -> bool:
        """Whether each row may have an area."""
        return "geometry_wkb" in self.rows.column_names


def layers(record: Record, as_of: datetime | None = None) -> Iterator[Layer]:
    """Every table of rows that was known then, by name.

    Raises
    ------
    RecordError
        A batch's rows cannot be read.
    """
    for name in LAYERS:
        yield Layer(name=name, rows=_flat(record.table(name, as_of)))


def entries(record: Record, as_of: datetime | None = None) -> Layer:
    """The entries that were known then, payloads as JSON."""
    rows = [
        {
            "sequence": entry.sequence,
            "kind": entry.kind,
            "known_at": entry.known_at,
            "known_until": entry.known_until,
            "recorded_at": entry.recorded_at,
            "clock_went_back": entry.clock_went_back,
            "supersedes": entry.supersedes,
            "actor": entry.actor,
            "role": entry.role,
            "payload": canonical(entry.payload).decode(),
            "leaf_hash": entry.leaf_hash,
        }
        for entry in record.entries(as_of)
    ]
    return Layer(name="entries", rows=pa.Table.from_pylist(rows, schema=_ENTRIES))


def about(record: Record, as_of: datetime | None) -> dict[str, str]:
    """What a reader of the layers must know of them."""
    first = next(record.entries())
    head = record.head()
    return {
        "warning": WARNING,
        "mission": str(first.payload["mission_id"]),
        "as_of": "" if as_of is None else as_of.isoformat(),
        "head": head.digest,
        "entries": str(head.size),
    }


def _flat(rows: pa.Table) -> pa.Table:
    for at, field in enumerate(rows.schema):
        if pa.types.is_nested(field.type):
            values = rows[field.name].to_pylist()
            text = [None if value is None else json.dumps(value, default=str) for value in values]
            rows = rows.set_column(at, field.name, pa.array(text, pa.string()))
    return rows
