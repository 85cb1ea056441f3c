"""The record as a GeoPackage for QGIS; internal."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from truceline.model.errors import RecordError
from truceline.record.layers import WARNING, Layer, about, entries, layers
from truceline.record.store import Record
from truceline.tables import geopackage


def write(record: Record, path: Path, as_of: datetime | None = None) -> dict[str, int]:
    """Write the record's layers into a file: rows by layer. The same record gives the same layers.

    Parameters
    ----------
    record
        Open, if only for reading.
    path
        Where the file goes; one that stands there is replaced when the new one is whole.
    as_of
        Only what was known then.

    Raises
    ------
    RecordError
        The record cannot be read, or the file cannot be written.
    """
    new = path.with_name(f"{path.name}.new")
    counted = {}
    latest = record.latest_known_at() or next(record.entries()).known_at
    changed_at = (as_of or latest).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new.unlink(missing_ok=True)
        with (
            closing(sqlite3.connect(new, isolation_level=None)) as base,
            geopackage.begun(base),
        ):
            for layer in (*layers(record, as_of), entries(record, as_of)):
                _add(base, layer, changed_at)
                counted[layer.name] = layer.rows.num_rows
            geopackage.about(base, about(record, as_of), WARNING, changed_at)
        new.replace(path)
    except (OSError, sqlite3.Error) as exc:
        msg = f"{path}: the view could not be written: {exc}; make room or give write permission there"
        raise RecordError(msg) from exc
    return counted


def _add(base: sqlite3.Connection, layer: Layer, changed_at: str) -> None:
    rows, shapes = layer.rows, None
    if layer.has_areas:
        shapes = geopackage.areas(rows["geometry_wkb"])
        rows = rows.drop_columns(["geometry_wkb"])
    elif layer.has_points:
        shapes = geopackage.points(rows["lon"], rows["lat"])
    geopackage.add(base, layer.name, rows, WARNING, changed_at, shapes)
