"""Where a record keeps its log and its exhibits: `record/store.toml`, absent where all is in the folder.

    [log]
    kept_in = "postgresql"
    host = "db.mission.example"
    dbname = "missions"
    schema = "easter_2025"

    [exhibits]
    kept_in = "s3"
    bucket = "missions"
    prefix = "easter_2025"
    endpoint = "https://objects.mission.example"

A password never stands there: the client library of each server takes it from where its users keep
it (PGPASSWORD, PGPASSFILE or PGSERVICEFILE; AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY).
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from truceline.model.errors import SettingsError

FILE_NAME = "store.toml"
_SCHEMA = re.compile(r"[a-z][a-z0-9_]{0,47}")  # leaves room in PostgreSQL's 63 for what follows it
_HIDDEN = re.compile(r"passw|secret|token|access_key|credential", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Postgresql:
    """A log on a PostgreSQL server, one schema a record; what is empty is libpq's own default."""

    schema: str
    host: str = ""
    port: int = 0
    dbname: str = ""
    user: str = ""
    service: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class S3:
    """Exhibits in a bucket of S3-compatible storage, under a prefix."""

    bucket: str
    prefix: str = ""
    endpoint: str = ""
    region: str = "us-east-1"  # what servers that know no regions are asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where the log and the exhibits are; None means in the record's folder."""

    log: Postgresql | None = None
    exhibits: S3 | None = None


_KEYS: Mapping[str, Mapping[str, type]] = {
    "postgresql": {
        "schema": str, "host": str, "port": int, "dbname": str, "user": str, "service": str,
    },
    "s3": {"bucket": str, "prefix": str, "endpoint": str, "region": str},
    "folder": {},
}  # fmt: skip
_PLACES = {"log": ("folder", "postgresql"), "exhibits": ("folder", "s3")}


def read(folder: Path) -> Setting:
    """What stands in a record's folder about where the record is.

    Raises
    ------
    SettingsError
        The file cannot be read, a field is missing, unknown or of the wrong type, or it holds a
        password.

    Examples
    --------
    >>> read(Path("nowhere"))
    Setting(log=None, exhibits=None)
    """
    path = folder / FILE_NAME
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Setting()
    except OSError as exc:
        msg = f"{path}: cannot be read: {exc.strerror}; give the right to read it"
        raise SettingsError(msg) from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        msg = f"{path}: not TOML: {exc}; docs/how-to/keep-the-record-in-postgresql.md shows one"
        raise SettingsError(msg) from exc
    if unknown := sorted(set(raw) - set(_PLACES)):
        msg = f"{path}: unknown part `[{unknown[0]}]`; known are [log] and [exhibits]"
        raise SettingsError(msg)
    log, exhibits = (_part(path, raw, part) for part in _PLACES)
    return Setting(
        log=None if log is None else _postgresql(path, log),
        exhibits=None if exhibits is None else S3(**exhibits),
    )


def _part(path: Path, raw: Mapping[str, Any], part: str) -> dict[str, Any] | None:
    given = raw.get(part)
    if given is None:
        return None
    kept_in = given.get("kept_in") if isinstance(given, dict) else None
    if kept_in not in _PLACES[part]:
        wanted = " or ".join(f'"{place}"' for place in _PLACES[part])
        msg = f"{path}: [{part}] must say `kept_in = {wanted}`; it says {kept_in!r}"
        raise SettingsError(msg)
    rest = {key: value for key, value in given.items() if key != "kept_in"}
    known = _KEYS[kept_in]
    for key, value in rest.items():
        if _HIDDEN.search(key):
            msg = (
                f"{path}: [{part}] holds `{key}`; no password belongs in a mission: take it out, "
                "change it, and keep the new one where the client library looks for it "
                "(PGPASSWORD or ~/.pgpass; AWS_SECRET_ACCESS_KEY)"
            )
            raise SettingsError(msg)
        if key not in known:
            msg = f"{path}: [{part}] has an unknown field `{key}`; known are {', '.join(known)}"
            raise SettingsError(msg)
        if not isinstance(value, known[key]) or isinstance(value, bool):
            msg = f"{path}: [{part}] `{key}` is {value!r}; it must be a {known[key].__name__}"
            raise SettingsError(msg)
    first = next(iter(known), None)  # a schema, or a bucket: what nothing else can stand for
    if first is not None and not rest.get(first):
        msg = f'{path}: [{part}] names no `{first}`; add a line `{first} = "..."`'
        raise SettingsError(msg)
    return None if kept_in == "folder" else rest


def _postgresql(path: Path, given: dict[str, Any]) -> Postgresql:
    if not _SCHEMA.fullmatch(given["schema"]):
        msg = (
            f"{path}: [log] schema is {given['schema']!r}; write at most 48 small letters, digits "
            "and underscores, a letter first"
        )
        raise SettingsError(msg)
    return Postgresql(**given)
