"""Where the rows of a run came from: exhibit, file and line, kept apart from what they say.

The same rows may come in one file or in ten. What is computed is then the same, byte for byte; only
this table differs, as it tells of receipt and not of what was said.
"""

from collections.abc import Mapping

import pyarrow as pa

from truceline.tables.schemas import IDENTIFIERS, concat, from_columns

ORIGIN = ("exhibit", "file", "line")
PROVENANCE = pa.schema(
    [
        pa.field("table", pa.string(), nullable=False),
        pa.field("id", pa.string(), nullable=False),
        pa.field("exhibit", pa.string()),  # sha256 of the preserved bytes, hex
        pa.field("file", pa.string()),
        pa.field("line", pa.int32()),  # from 1
    ]
)


def provenance(tables: Mapping[str, pa.Table]) -> pa.Table:
    """One row for each row of these evidence tables, in their order.

    Parameters
    ----------
    tables
        Name, one of `corrections.IDENTIFIERS`, to table.
    """
    parts = []
    for name in sorted(tables):
        table = tables[name]
        columns = {"table": name, "id": table[IDENTIFIERS[name]]}
        columns |= {column: table[column] for column in ORIGIN}
        parts.append(from_columns(PROVENANCE, columns, table.num_rows))
    return concat(parts, PROVENANCE)


def without_origin(table: pa.Table) -> pa.Table:
    """The table as it says what it says, whichever file and line said it."""
    return table.drop_columns([name for name in ORIGIN if name in table.column_names])
