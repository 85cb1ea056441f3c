"""Tables as layers of a GeoPackage, written with the standard library alone.

References
----------
OGC 12-128r19, GeoPackage Encoding Standard, version 1.4.
"""

import sqlite3
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

APPLICATION_ID = 0x47504B47  # "GPKG", requirement 2
USER_VERSION = 10_400  # 1.4.0
WGS84 = 4326
_TABLES = (  # requirements 10, 13 and 21; column types as annex C gives them
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Shapes:
    """What a layer shows on a map, a blob of the standard for each row, None where there is none.

    Parameters
    ----------
    kind
        `POINT` or `GEOMETRY`.
    blobs
        One for each row.
    box
        Least and greatest longitude and latitude, degrees: west, south, east, north; None each
        where it is not told.
    """

    kind: str
    blobs: Sequence[bytes | None]
    box: tuple[float | None, float | None, float | None, float | None]


def points(lon: pa.ChunkedArray, lat: pa.ChunkedArray) -> Shapes:
    """Rows' places, degrees; a row without one has no shape.

    Examples
    --------
    >>> points(pa.chunked_array([[36.0, None]]), pa.chunked_array([[48.0, None]])).box
    (36.0, 48.0, 36.0, 48.0)
    """
    places = zip(lon.to_pylist(), lat.to_pylist(), strict=True)
    (west, east), (south, north) = (pc.min_max(axis).as_py().values() for axis in (lon, lat))
    return Shapes(
        kind="POINT",
        blobs=[None if x is None or y is None else _point(x, y) for x, y in places],
        box=(west, south, east, north),
    )


def areas(wkb: pa.ChunkedArray) -> Shapes:
    """Rows' shapes, as well-known binary."""
    header = struct.pack("<2sBBi", b"GP", 0, 0b0000_0001, WGS84)
    blobs = [shape and header + shape for shape in wkb.to_pylist()]
    return Shapes(kind="GEOMETRY", blobs=blobs, box=(None, None, None, None))


@contextmanager
def begun(base: sqlite3.Connection) -> Iterator[None]:
    """The marks and tables that make a database a GeoPackage; what is added within is one step.

    Parameters
    ----------
    base
        Open, empty, with `isolation_level=None`.
    """
    base.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    base.execute(f"PRAGMA user_version = {USER_VERSION}")
    base.execute("BEGIN")
    for statement in _TABLES:
        base.execute(statement)
    base.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?,?,?,?,?,?)", _SYSTEMS)
    yield
    base.execute("COMMIT")


def add(
    base: sqlite3.Connection,
    name: str,
    rows: pa.Table,
    says: str,
    changed_at: str,
    shapes: Shapes | None = None,
) -> None:
    """A layer, or a plain table where it has no shapes.

    Parameters
    ----------
    base
        Of `begun`.
    name
        Of the layer.
    rows
        Its columns.
    says
        What QGIS shows as its description.
    changed_at
        ISO 8601 with milliseconds and Z, as requirement 15 asks.
    shapes
        One for each row.
    """
    named = [f'"{field.name}" {_kind(field.type)}' for field in rows.schema]
    columns = [_values(rows[column]) for column in rows.column_names]
    if shapes is not None:
        named.insert(0, f"geom {shapes.kind}")
        columns.insert(0, list(shapes.blobs))
        geometry = (name, "geom", shapes.kind, WGS84, 0, 0)
        base.execute("INSERT INTO gpkg_geometry_columns VALUES (?,?,?,?,?,?)", geometry)
    base.execute(f"CREATE TABLE {name} (fid INTEGER PRIMARY KEY AUTOINCREMENT, {', '.join(named)})")
    marks = ",".join("?" * (len(columns) + 1))
    numbered = zip(range(1, rows.num_rows + 1), *columns, strict=True)
    base.executemany(f"INSERT INTO {name} VALUES ({marks})", numbered)
    kept = ("attributes", *[None] * 5) if shapes is None else ("features", *shapes.box, WGS84)
    content = (name, kept[0], name, says, changed_at, *kept[1:])
    base.execute("INSERT INTO gpkg_contents VALUES (?,?,?,?,?,?,?,?,?,?)", content)


def about(base: sqlite3.Connection, said: Mapping[str, str], says: str, changed_at: str) -> None:
    """A plain table `about` of names and values: what the file is."""
    rows = pa.table({"name": list(said), "value": list(said.values())})
    add(base, "about", rows, says, changed_at)


def _point(lon: float, lat: float) -> bytes:
    """Header of clause 2.1.3 (little-endian, no envelope), then well-known binary."""
    return struct.pack("<2sBBi", b"GP", 0, 1, WGS84) + struct.pack("<BIdd", 1, 1, lon, lat)


def _kind(kind: pa.DataType) -> str:
    if pa.types.is_timestamp(kind):
        return "DATETIME"
    if pa.types.is_date(kind):
        return "DATE"
    if pa.types.is_boolean(kind):
        return "BOOLEAN"
    if pa.types.is_integer(kind):
        return "INTEGER"
    return "DOUBLE" if pa.types.is_floating(kind) else "TEXT"


def _values(column: pa.ChunkedArray) -> list[Any]:
    """Cells as SQLite holds them; a clock's microseconds must not stop a layer (requirement 5)."""
    if pa.types.is_timestamp(column.type):
        whole = pc.cast(column, pa.timestamp("ms", "UTC"), safe=False)
        column = pc.strftime(whole, format="%Y-%m-%dT%H:%M:%SZ")
    elif pa.types.is_date(column.type):
        column = pc.strftime(column, format="%Y-%m-%d")
    cells: list[Any] = column.to_pylist()
    return cells
