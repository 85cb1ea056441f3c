"""Acts as one Parquet file, for analysts; uncompressed, so that anybody can search its bytes."""

import json
from io import BytesIO

import pyarrow as pa
import pyarrow.parquet as pq

from truceline.reports.contract import Format, Release
from truceline.reports.document import plain
from truceline.reports.formats.geojson import plain_rows


def render(release: Release) -> bytes:
    """The rows of the annexed table; what they are stands in the file's metadata under `truceline`.

    Rows on what was owed by a date, and on monitors kept out, stand there as well.
    """
    about = {
        "title": plain(release.mission_title),
        "view": str(release.view),
        "is_internal": not release.view.is_release,
        "is_hypothetical": release.is_hypothetical,
        "first_day": release.period.first_day.isoformat(),
        "last_day": release.period.last_day.isoformat(),
        **release.stated,
        "precision": "points are middles of cells or zones; error_major_m is the 95 % semi-axis",
        "credits": [plain(credit) for credit in release.credits],
        "duties": plain_rows(release.duties),
        "kept_out": plain_rows(release.kept_out),
        "answers": plain_rows(release.answers),
        "waiting": plain_rows(release.waiting),
    }
    told = json.dumps(about, ensure_ascii=False).encode()
    table = shown(release.rows).replace_schema_metadata({"truceline": told})
    sink = BytesIO()
    pq.write_table(table, sink, compression="none", use_dictionary=False, version="2.6")
    return sink.getvalue()


def shown(table: pa.Table) -> pa.Table:
    """The same table; texts lose the characters that hide or turn them.

    Examples
    --------
    >>> shown(pa.table({"place": ["safe \\u202etxet", None]}))["place"].to_pylist()
    ['safe \ufffdtxet', None]
    """
    columns = [
        pa.array(
            [None if text is None else plain(text) for text in column.to_pylist()], pa.string()
        )
        if pa.types.is_string(column.type)
        else column
        for column in table.columns
    ]
    return pa.table(columns, schema=table.schema)


FORMAT = Format(
    name="parquet",
    summary="Acts as one Parquet file with typed columns",
    suffix=".parquet",
    render=render,
)
