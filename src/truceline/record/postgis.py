"""The record as PostGIS views beside its log, for QGIS; internal.

They stand in a schema of their own, `SCHEMA_view`, which is made anew each time. Rows lie in tables
there, since a batch keeps them in Parquet; a view over each gives the geometry. `entries` reads the
log itself.
"""

from collections.abc import Iterator
from datetime import datetime

import psycopg
import pyarrow as pa

from truceline.model.errors import RecordError
from truceline.model.time import to_microseconds
from truceline.record import postgresql_link as link
from truceline.record import postgresql_schema as schemas
from truceline.record.layers import WARNING, Layer, about, layers
from truceline.record.postgresql_link import Connection
from truceline.record.setting import Postgresql
from truceline.record.store import Record

_INSTANT = "timestamptz 'epoch' + {} * interval '1 microsecond'"


def write(record: Record, setting: Postgresql, as_of: datetime | None = None) -> dict[str, int]:
    """Make the views anew, all or none: rows by layer.

    Parameters
    ----------
    record
        Open, if only for reading.
    setting
        Where its log is.
    as_of
        Only what was known then.

    Raises
    ------
    RecordError
        The record cannot be read, or the server gives no right to make the schema, or no PostGIS.
    """
    view = view_schema(setting.schema)
    counted = {}
    with link.connect(setting) as base:
        try:
            with base.transaction():
                for statement in _begin(view):
                    base.execute(statement)
                for layer in layers(record, as_of):
                    _add(base, view, layer)
                    counted[layer.name] = layer.rows.num_rows
                base.execute(_entries(view, setting.schema, as_of))
                counted["entries"] = sum(1 for _ in record.entries(as_of))
                _about(base, view, about(record, as_of))
                for statement in _rights(view, schemas.reader(setting.schema)):
                    base.execute(statement)
        except psycopg.Error as exc:
            why = str(exc).strip().splitlines()[0]
            msg = (
                f"{link.where(setting)}: the views could not be made: {why}; the keeper of "
                "the server must run `CREATE EXTENSION postgis` once in that database, and give "
                "the right to create schemas"
            )
            raise RecordError(msg) from exc
    return counted


def view_schema(schema: str) -> str:
    """The schema that the views of a record stand in.

    Examples
    --------
    >>> view_schema("easter")
    'easter_view'
    """
    return f"{schema}_view"


def _begin(view: str) -> Iterator[str]:
    yield (
        "SELECT set_config('search_path', (SELECT extnamespace::regnamespace::text "
        "FROM pg_extension WHERE extname = 'postgis'), true)"
    )
    yield "SELECT postgis_version()"
    yield f"DROP SCHEMA IF EXISTS {view} CASCADE"
    yield f"CREATE SCHEMA {view}"
    yield f"COMMENT ON SCHEMA {view} IS '{WARNING}'"


def _add(base: Connection, view: str, layer: Layer) -> None:
    table = f"{view}.{layer.name}_rows"
    named = ", ".join(f'"{field.name}" {_kind(field.type)}' for field in layer.rows.schema)
    base.execute(f"CREATE TABLE {table} (fid bigint PRIMARY KEY, {named})")
    columns = [layer.rows[name].to_pylist() for name in layer.rows.column_names]
    with base.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as rows:
        for row in zip(range(1, layer.rows.num_rows + 1), *columns, strict=True):
            rows.write_row(row)
    geometry = ""
    if layer.has_areas:
        geometry = ", ST_GeomFromWKB(geometry_wkb, 4326)::geometry(Geometry, 4326) AS geom"
    elif layer.has_points:
        geometry = ", ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geometry(Point, 4326) AS geom"
    base.execute(f"CREATE VIEW {view}.{layer.name} AS SELECT *{geometry} FROM {table}")
    base.execute(f"COMMENT ON VIEW {view}.{layer.name} IS '{WARNING}'")


def _entries(view: str, schema: str, as_of: datetime | None) -> str:
    times = ", ".join(
        f"{_INSTANT.format(name)} AS {name}" for name in ("known_at", "known_until", "recorded_at")
    )
    known = "" if as_of is None else f" WHERE known_at <= {to_microseconds(as_of)}"
    return (
        f"CREATE VIEW {view}.entries AS SELECT e.sequence, kind, {times}, clock_went_back <> 0 "
        "AS clock_went_back, supersedes, actor, role, convert_from(payload, 'UTF8') AS payload, "
        f"encode(leaf_hash, 'hex') AS leaf_hash FROM {schema}.entries e "
        f"LEFT JOIN {schema}.payloads p ON p.sequence = e.sequence{known}"
    )


def _about(base: Connection, view: str, said: dict[str, str]) -> None:
    base.execute(f"CREATE TABLE {view}.about (name text PRIMARY KEY, value text)")
    with base.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {view}.about VALUES (%s, %s)", list(said.items()))


def _rights(view: str, role: str) -> Iterator[str]:
    yield f"GRANT USAGE ON SCHEMA {view} TO {role}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA {view} TO {role}"


def _kind(kind: pa.DataType) -> str:
    if pa.types.is_timestamp(kind):
        return "timestamptz"
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_integer(kind):
        return "bigint"
    if pa.types.is_binary(kind):
        return "bytea"
    return "double precision" if pa.types.is_floating(kind) else "text"
