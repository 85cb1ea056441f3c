"""Acts as a GeoPackage (OGC 12-128r19, version 1.4), written with the standard library alone."""

import sqlite3
import struct
from contextlib import closing
from datetime import UTC

import pyarrow as pa
import pyarrow.compute as pc

from truceline.reports.contract import Format, Release
from truceline.reports.document import plain
from truceline.reports.formats.parquet import shown

APPLICATION_ID = 0x47504B47  # "GPKG", requirement 2 of the standard
USER_VERSION = 10_400  # 1.4.0
_WGS84 = 4326
_TABLES = (  # requirements 10, 13 and 21; column types as the standard's annex C gives them
    "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, "
    "organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, "
    "definition TEXT NOT NULL, description TEXT)",
    "CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, "
    "identifier TEXT UNIQUE, description TEXT DEFAULT '', last_change DATETIME NOT NULL, "
    "min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER, CONSTRAINT "
    "fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id))",
    "CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, "
    "geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, "
    "m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name))",
)
_WKT = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],'
    'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]'
)
_SYSTEMS = (
    ("Undefined Cartesian", -1, "NONE", -1, "undefined", None),
    ("Undefined geographic", 0, "NONE", 0, "undefined", None),
    ("WGS 84 geodetic", _WGS84, "EPSG", _WGS84, _WKT, "longitude, latitude in degrees"),
)


_LISTED = {
    "duties": "What was owed by a date",
    "kept_out": "Monitors kept out",
    "answers": "Who answers for an act; not who did it",
    "waiting": "Clauses that wait for another one",
}


def render(release: Release) -> bytes:
    """A layer `acts`, and tables without geometry; an act without a place has none either."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as base:
        base.execute("PRAGMA secure_delete = ON")  # no page keeps what was written over
        base.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        base.execute(f"PRAGMA user_version = {USER_VERSION}")
        base.execute("BEGIN")
        for statement in _TABLES:
            base.execute(statement)
        base.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?,?,?,?,?,?)", _SYSTEMS)
        _acts(base, release)
        _about(base, release)
        for name, what in _LISTED.items():
            _listed(base, release, name, what)
        base.execute("COMMIT")
        base.execute("VACUUM")
        return bytes(base.serialize())


def _acts(base: sqlite3.Connection, release: Release) -> None:
    table = shown(release.rows)
    lat, lon = (table[name].to_pylist() for name in ("lat", "lon"))
    names = [name for name in table.column_names if name not in {"lat", "lon"}]
    typed = ", ".join(f"{name} {_kind(table.schema.field(name).type)}" for name in names)
    base.execute(f"CREATE TABLE acts (fid INTEGER PRIMARY KEY AUTOINCREMENT, geom POINT, {typed})")
    cells = [_cells(table[name]) for name in names]
    points = [None if y is None else _point(x, y) for x, y in zip(lon, lat, strict=True)]
    marks = ",".join("?" * (len(names) + 1))
    order = f"geom, {', '.join(names)}"
    base.executemany(f"INSERT INTO acts ({order}) VALUES ({marks})", zip(points, *cells))  # noqa: B905
    xs, ys = ([v for v in axis if v is not None] for axis in (lon, lat))
    box = (min(xs), min(ys), max(xs), max(ys)) if xs else (None, None, None, None)
    row = ("acts", "features", "acts", _said(release), _stamp(release), *box, _WGS84)
    base.execute("INSERT INTO gpkg_contents VALUES (?,?,?,?,?,?,?,?,?,?)", row)
    base.execute(f"INSERT INTO gpkg_geometry_columns VALUES ('acts','geom','POINT',{_WGS84},0,0)")


def _about(base: sqlite3.Connection, release: Release) -> None:
    facts = {
        "title": plain(release.mission_title),
        "view": str(release.view),
        "is_internal": str(not release.view.is_release).lower(),
        "is_hypothetical": str(release.is_hypothetical).lower(),
        "first_day": release.period.first_day.isoformat(),
        "last_day": release.period.last_day.isoformat(),
        **release.stated,
        "precision": "points are middles of cells or zones; error_major_m is the 95 % semi-axis",
        "credits": "\n".join(plain(credit) for credit in release.credits),
    }
    base.execute("CREATE TABLE about (id INTEGER PRIMARY KEY, name TEXT NOT NULL, value TEXT)")
    base.executemany("INSERT INTO about (name, value) VALUES (?,?)", facts.items())
    row = ("about", "attributes", "about", "What this file is", _stamp(release), *[None] * 5)
    base.execute("INSERT INTO gpkg_contents VALUES (?,?,?,?,?,?,?,?,?,?)", row)


def _listed(base: sqlite3.Connection, release: Release, name: str, what: str) -> None:
    """A table without geometry."""
    table = shown(getattr(release, name))
    columns = table.column_names
    typed = ", ".join(f"{each} {_kind(table.schema.field(each).type)}" for each in columns)
    base.execute(f"CREATE TABLE {name} (id INTEGER PRIMARY KEY AUTOINCREMENT, {typed})")
    rows = zip(*(_cells(table[each]) for each in columns), strict=True)
    marks = ",".join("?" * len(columns))
    base.executemany(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks})", rows)
    row = (name, "attributes", name, what, _stamp(release), *[None] * 5)
    base.execute("INSERT INTO gpkg_contents VALUES (?,?,?,?,?,?,?,?,?,?)", row)


def _point(lon: float, lat: float) -> bytes:
    """Header of the standard's clause 2.1.3 (little-endian, no envelope), then WKB."""
    return struct.pack("<2sBBi", b"GP", 0, 1, _WGS84) + struct.pack("<BIdd", 1, 1, lon, lat)


def _kind(column: pa.DataType) -> str:
    if pa.types.is_boolean(column):
        return "BOOLEAN"
    if pa.types.is_integer(column):
        return "INTEGER"
    if pa.types.is_floating(column):
        return "DOUBLE"
    if pa.types.is_date(column):
        return "DATE"
    return "DATETIME" if pa.types.is_timestamp(column) else "TEXT"


def _cells(column: pa.ChunkedArray) -> list[object]:
    if pa.types.is_timestamp(column.type):
        whole = pc.cast(column, pa.timestamp("ms", "UTC"), safe=False)
        column = pc.strftime(whole, format="%Y-%m-%dT%H:%M:%SZ")
    if pa.types.is_date(column.type):
        column = pc.strftime(column, format="%Y-%m-%d")
    cells: list[object] = column.to_pylist()
    return cells


def _stamp(release: Release) -> str:
    return release.as_of.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _said(release: Release) -> str:
    kind = "released" if release.view.is_release else "INTERNAL, may not leave the mission"
    return f"Acts, {kind}" + (", HYPOTHETICAL" if release.is_hypothetical else "")


FORMAT = Format(
    name="geopackage",
    summary="Acts as a layer of a GeoPackage, for maps of one's own",
    suffix=".gpkg",
    render=render,
)
