"""A feed batch: tables become Parquet exhibits, with a tree over their rows, under one entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from truceline.model.errors import InputError
from truceline.model.time import from_microseconds
from truceline.record.entry import Entropy
from truceline.record.exhibits import Exhibits
from truceline.record.merkle import root
from truceline.record.rows import commitments, groups_of
from truceline.record.salts import SECRET_BYTES
from truceline.tables import row_form
from truceline.tables.schemas import EVIDENCE_TABLES, INSTANT, conform

Bytes = npt.NDArray[np.uint8]

KIND = "batch"
GROUP_ROWS = 1 << 16  # rows of one Parquet row group
REFUSALS = pa.schema(
    [
        pa.field("file", pa.string(), nullable=False),
        pa.field("line", pa.int32()),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("advice", pa.string()),
        pa.field("excerpt", pa.string()),
        pa.field("known_at", INSTANT, nullable=False),
    ]
)
"""Rows that could not be read: kept, counted and shown; `known_at` is that of their batch."""

TABLES: Mapping[str, pa.Schema] = {
    **EVIDENCE_TABLES,
    "refusals": REFUSALS,
}
"""Every table that the record may hold, by name."""


class Refused(Protocol):
    """A row that was not taken."""

    @property
    def file(self) -> str:
        """Name of its file within the batch."""

    @property
    def line(self) -> int:
        """Where in that file, from 1."""

    @property
    def reason(self) -> str:
        """Why it was not taken."""

    @property
    def advice(self) -> str:
        """What to do about it."""

    @property
    def excerpt(self) -> str:
        """How it begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stocked:
    """A table that has become exhibits: what its entry says of it, and the secret of its salts."""

    said: Mapping[str, Any]
    secret: bytes


def checked(name: str, table: pa.Table, received_at: datetime) -> pa.Table:
    """A table in its exact schema, without metadata, `known_at` filled with receipt where null.

    Raises
    ------
    InputError
        The record holds no table of that name, or a column does not fit.
    """
    if name not in TABLES:
        msg = f"the record holds no table {name!r}; it holds {', '.join(TABLES)}"
        raise InputError(msg)
    schema = TABLES[name]
    if "known_at" in table.column_names and table["known_at"].null_count:
        index = table.schema.get_field_index("known_at")
        filled = table["known_at"].fill_null(pa.scalar(received_at, INSTANT))
        table = table.set_column(index, schema.field("known_at"), filled)
    try:
        return conform(table, schema)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, KeyError) as exc:
        msg = f"table {name} does not fit its schema: {exc}; `tables/schemas.py` states it"
        raise InputError(msg) from exc


def whole(
    tables: Mapping[str, pa.Table], received_at: datetime, refused: Sequence[Refused]
) -> tuple[dict[str, pa.Table], datetime, datetime]:
    """Every table of a batch, refused rows among them, and the first and last instant of its rows.

    Raises
    ------
    InputError
        The record holds no table of such a name, or a column does not fit.
    """
    found = {name: checked(name, tables[name], received_at) for name in TABLES if name in tables}
    if unknown := sorted(set(tables) - set(found)):
        msg = f"the record holds no tables {unknown}; it holds {', '.join(TABLES)}"
        raise InputError(msg)
    known_at, known_until = known_between(found) or (received_at, received_at)
    if refused:
        found["refusals"] = refusals(refused, known_at)
    return found, known_at, known_until


def known_between(tables: Mapping[str, pa.Table]) -> tuple[datetime, datetime] | None:
    """The first and the last instant at which a row became known; None without rows."""
    bounds = [
        pc.min_max(table["known_at"].cast(pa.int64())).as_py()
        for table in tables.values()
        if table.num_rows
    ]
    if not bounds:
        return None
    first = min(bound["min"] for bound in bounds)
    last = max(bound["max"] for bound in bounds)
    return from_microseconds(first), from_microseconds(last)


def refusals(refused: Sequence[Refused], known_at: datetime) -> pa.Table:
    """Refused rows as a table."""
    columns = {
        name: [getattr(row, name) for row in refused]
        for name in ("file", "line", "reason", "advice", "excerpt")
    }
    columns["known_at"] = [known_at] * len(refused)
    return pa.table(columns, schema=REFUSALS)


def stock(table: pa.Table, exhibits: Exhibits, entropy: Entropy) -> Stocked:
    """Write a table and its rows' commitments as exhibits.

    Parameters
    ----------
    table
        As `checked` returns it.
    exhibits
        Where they go.
    entropy
        Gives that many random bytes.

    Raises
    ------
    RecordError
        There is no room.
    """
    secret = entropy(SECRET_BYTES)
    groups = groups_of(table.column_names)
    with exhibits.receive() as sink:
        write_parquet(table, sink)
    leaves = []
    with exhibits.receive() as digests_sink:
        for digests, hashed in commitments(table, groups, secret):
            digests_sink.write(digests.tobytes())
            leaves.append(hashed)
    said = {
        "columns": [[field.name, str(field.type)] for field in table.schema],
        "commitments": digests_sink.sha256,
        "exhibit": sink.sha256,
        "exhibit_bytes": sink.size_bytes,
        "groups": groups,
        "row_form": row_form.FORM,
        "row_root": root(_joined(leaves)).hex(),
        "rows": table.num_rows,
    }
    return Stocked(said=said, secret=secret)


def write_parquet(table: pa.Table, sink: Any) -> None:
    """The same rows always as the same bytes: nothing of the day, the machine or the chunks."""
    pq.write_table(
        table.replace_schema_metadata(None).combine_chunks(),
        sink,
        version="2.6",
        compression="zstd",
        compression_level=1,
        row_group_size=GROUP_ROWS,
        data_page_size=1 << 20,
        use_dictionary=True,
        write_statistics=True,
        store_schema=True,
        use_compliant_nested_type=False,  # keeps the names of the schema within lists
    )


def _joined(leaves: Sequence[Bytes]) -> Bytes:
    return np.concatenate(leaves) if leaves else np.zeros((0, 32), np.uint8)
