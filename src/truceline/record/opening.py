"""Which backend keeps a record: what its setting names is opened, made, or looked for."""

from pathlib import Path
from types import ModuleType

from truceline.model.errors import SettingsError
from truceline.record import sqlite
from truceline.record.entry import Written
from truceline.record.exhibits import ExhibitFolder, Exhibits
from truceline.record.log import Fault, Log
from truceline.record.setting import Setting


def exists(folder: Path, setting: Setting) -> bool:
    """Whether a log stands where the setting says.

    Raises
    ------
    RecordError
        Its server cannot be asked.
    """
    if setting.log is None:
        return (folder / sqlite.NAME).is_file()
    return bool(_postgresql().exists(setting.log))


def where(folder: Path, setting: Setting) -> str:
    """Where the log stands, or would stand, for messages."""
    if setting.log is None:
        return str(folder / sqlite.NAME)
    return str(_postgresql().where(setting.log))


def begin(folder: Path, setting: Setting, first: Written, fault: Fault) -> None:
    """Make a log of one entry.

    Raises
    ------
    RecordError
        It cannot be made there.
    """
    if setting.log is None:
        sqlite.begin(folder, first, fault)
    else:
        _postgresql().begin(setting.log, first, fault)


def log(folder: Path, setting: Setting, *, read_only: bool, fault: Fault) -> Log:
    """The log, open.

    Raises
    ------
    RecordError
        There is none, it cannot be read, or another program is its writer.
    """
    if setting.log is None:
        return sqlite.SqliteLog(folder, read_only=read_only, fault=fault)
    opened: Log = _postgresql().PostgresqlLog(setting.log, read_only=read_only, fault=fault)
    return opened


def exhibits(folder: Path, setting: Setting, fault: Fault) -> Exhibits:
    """Where the exhibits are kept; nothing is asked of a bucket before it is used."""
    if setting.exhibits is None:
        return ExhibitFolder(folder / "exhibits", fault)
    try:
        from truceline.record.bucket import ExhibitBucket
    except ImportError as exc:
        msg = (
            f"the exhibits are kept in S3-compatible storage, and its client is not installed "
            f"({exc}); `pip install 'truceline[s3]'`"
        )
        raise SettingsError(msg) from exc
    return ExhibitBucket(setting.exhibits, folder / "exhibits", fault)


def _postgresql() -> ModuleType:
    """Imported only where a record is kept there: few installations have the driver."""
    try:
        from truceline.record import postgresql
    except ImportError as exc:
        msg = (
            f"the record is kept in PostgreSQL, and its driver is not installed ({exc}); "
            "`pip install 'truceline[postgresql]'`"
        )
        raise SettingsError(msg) from exc
    return postgresql
