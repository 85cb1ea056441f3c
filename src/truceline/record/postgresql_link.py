"""The way to a PostgreSQL server, and what its errors mean for whoever keeps a record there."""

from typing import Any

import psycopg
from psycopg import errors

from truceline.model.errors import RecordError
from truceline.record.setting import Postgresql

CONNECT_TIMEOUT_S = 10

Connection = psycopg.Connection[tuple[Any, ...]]


def where(setting: Postgresql) -> str:
    """The log in a few words, without whatever the client library adds.

    Examples
    --------
    >>> where(Postgresql(schema="easter", host="db.example", dbname="missions"))
    'postgresql://db.example/missions, schema easter'
    """
    host = setting.host or (f"service {setting.service}" if setting.service else "the usual server")
    port = f":{setting.port}" if setting.port else ""
    return f"postgresql://{host}{port}/{setting.dbname}, schema {setting.schema}"


def connect(setting: Postgresql) -> Connection:
    """A connection to the server, with no role taken; whoever asks for it closes it.

    Raises
    ------
    RecordError
        The server cannot be reached.
    """
    given = {
        "host": setting.host, "port": setting.port, "dbname": setting.dbname,
        "user": setting.user, "service": setting.service,
    }  # fmt: skip
    chosen: dict[str, Any] = {key: value for key, value in given.items() if value}
    try:
        return psycopg.connect(
            autocommit=True,
            connect_timeout=CONNECT_TIMEOUT_S,
            application_name="truceline",
            client_encoding="utf8",
            options=f"-c synchronous_commit=on -c search_path={setting.schema}",
            **chosen,
        )
    except psycopg.Error as exc:
        raise told(where(setting), "opened", exc) from exc


def told(place: str, what: str, exc: psycopg.Error) -> RecordError:
    """An error of the server or of the way to it: where, what was not done, why, what to do."""
    # The server may say the same over several lines; the first of them says what.
    why = (str(exc).strip().splitlines() or ["the connection was lost"])[0]
    return RecordError(
        f"{place}: could not be {what}: {why}; nothing that was acknowledged is lost. {_advice(exc)}"
    )


def _advice(exc: psycopg.Error) -> str:
    if isinstance(exc, errors.DiskFull):
        return "Make room on the server's disk, and run the same command again"
    if isinstance(exc, errors.InsufficientPrivilege):
        return (
            "Ask the keeper of the server for the right: to write, the record's role SCHEMA_writer; "
            "to read, SCHEMA_reader; to begin a record, CREATE on the database and CREATEROLE"
        )
    if isinstance(exc, errors.DuplicateSchema):
        return "Name another schema in record/store.toml"
    if isinstance(exc, psycopg.OperationalError):
        return (
            "See that the server runs and that its name, port, user and password are right "
            "(record/store.toml, PGPASSWORD, ~/.pgpass), and run the same command again"
        )
    return "`truceline record verify MISSION` says more"
