"""The record as a GeoPackage for QGIS, written with the standard library alone; internal.

References
----------
OGC 12-128r19, GeoPackage Encoding Standard, version 1.4.
"""

import sqlite3
import struct
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.errors import RecordError
from truceline.record.layers import WARNING, Layer, about, entries, layers
from truceline.record.store import Record

APPLICATION_ID = 0x47504B47  # "GPKG", requirement 2
USER_VERSION = 10_400  # 1.4.0
WGS84 = 4326
_TABLES = (  # requirements 10, 13 and 21
    "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, "
    "organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, "
    "definition TEXT NOT NULL, description TEXT)",
    "CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, "
    "identifier TEXT UNIQUE, description TEXT DEFAULT '', last_change DATETIME NOT NULL, "
    "min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, "
    "srs_id INTEGER REFERENCES gpkg_spatial_ref_sys(srs_id))",
    "CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, "
    "geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, "
    "m TINYINT NOT NULL, PRIMARY KEY (table_name, column_name))",
)
_SYSTEMS = (
    ("Undefined Cartesian", -1, "NONE", -1, "undefined", None),
    ("Undefined geographic", 0, "NONE", 0, "undefined", None),
    (
        "WGS 84 geodetic", WGS84, "EPSG", WGS84,
        'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],'
        'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]',
        "longitude, latitude in degrees",
    ),
)  # fmt: skip


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
        with closing(sqlite3.connect(new, isolation_level=None)) as base:
            _begin(base)
            for layer in (*layers(record, as_of), entries(record, as_of)):
                _add(base, layer, changed_at)
                counted[layer.name] = layer.rows.num_rows
            _about(base, about(record, as_of), changed_at)
            base.execute("COMMIT")
        new.replace(path)
    except (OSError, sqlite3.Error) as exc:
        msg = f"{path}: the view could not be written: {exc}; make room or give write permission there"
        raise RecordError(msg) from exc
    return counted


def _begin(base: sqlite3.Connection) -> None:
    base.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    base.execute(f"PRAGMA user_version = {USER_VERSION}")
    base.execute("BEGIN")
    for statement in _TABLES:
        base.execute(statement)
    base.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?,?,?,?,?,?)", _SYSTEMS)


def _add(base: sqlite3.Connection, layer: Layer, changed_at: str) -> None:
    rows, shapes = layer.rows, _shapes(layer)
    if layer.has_areas:
        rows = rows.drop_columns(["geometry_wkb"])
    named = [f'"{field.name}" {_kind(field.type)}' for field in rows.schema]
    columns = [_values(rows[name]) for name in rows.column_names]
    if shapes is not None:
        kind = "POINT" if layer.has_points else "GEOMETRY"
        named.insert(0, f"geom {kind}")
        columns.insert(0, shapes)
        geometry = (layer.name, "geom", kind, WGS84, 0, 0)
        base.execute("INSERT INTO gpkg_geometry_columns VALUES (?,?,?,?,?,?)", geometry)
    base.execute(f"CREATE TABLE {layer.name} (fid INTEGER PRIMARY KEY, {', '.join(named)})")
    marks = ",".join("?" * (len(columns) + 1))
    numbered = zip(range(1, rows.num_rows + 1), *columns, strict=True)
    base.executemany(f"INSERT INTO {layer.name} VALUES ({marks})", numbered)
    kept = ("attributes", *[None] * 5) if shapes is None else ("features", *_box(layer), WGS84)
    content = (layer.name, kept[0], layer.name, WARNING, changed_at, *kept[1:])
    base.execute("INSERT INTO gpkg_contents VALUES (?,?,?,?,?,?,?,?,?,?)", content)


def _about(base: sqlite3.Connection, said: Mapping[str, str], changed_at: str) -> None:
    base.execute("CREATE TABLE about (id INTEGER PRIMARY KEY, name TEXT NOT NULL, value TEXT)")
    base.executemany("INSERT INTO about (name, value) VALUES (?,?)", said.items())
    content = ("about", "attributes", "about", WARNING, changed_at, *[None] * 5)
    base.execute("INSERT INTO gpkg_contents VALUES (?,?,?,?,?,?,?,?,?,?)", content)


def _shapes(layer: Layer) -> list[bytes | None] | None:
    """Each row's geometry as the standard's blobs (2.1.3); None for a plain table."""
    if layer.has_areas:
        header = struct.pack("<2sBBi", b"GP", 0, 0b0000_0001, WGS84)
        return [wkb and header + wkb for wkb in layer.rows["geometry_wkb"].to_pylist()]
    if not layer.has_points:
        return None
    places = zip(*(layer.rows[name].to_pylist() for name in ("lon", "lat")), strict=True)
    return [None if x is None or y is None else _point(x, y) for x, y in places]


def _point(x: float, y: float) -> bytes:
    return struct.pack("<2sBBiBIdd", b"GP", 0, 0b0000_0001, WGS84, 1, 1, x, y)


def _box(layer: Layer) -> Iterator[float | None]:
    for end in ("min", "max"):
        for axis in ("lon", "lat"):
            known = layer.has_points and layer.rows.num_rows
            yield pc.min_max(layer.rows[axis]).as_py()[end] if known else None


def _kind(kind: pa.DataType) -> str:
    if pa.types.is_timestamp(kind):
        return "DATETIME"
    if pa.types.is_boolean(kind):
        return "BOOLEAN"
    if pa.types.is_integer(kind):
        return "INTEGER"
    return "DOUBLE" if pa.types.is_floating(kind) else "TEXT"


def _values(column: pa.ChunkedArray) -> list[Any]:
    if pa.types.is_timestamp(column.type):
        # a DATETIME of a GeoPackage has thousandths: what a clock says beyond them is cut off
        thousandths = pc.cast(column, pa.timestamp("ms", "UTC"), safe=False)
        text = pc.strftime(thousandths, format="%Y-%m-%dT%H:%M:%SZ")
        return text.to_pylist()
    return column.to_pylist()
