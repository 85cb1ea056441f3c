"""The record as layers, wherever its log is kept: a GeoPackage for a folder, views on a server."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from truceline.record import geopackage, setting
from truceline.record.store import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewed:
    """Where layers were made, and how many rows each has."""

    where: str
    rows: Mapping[str, int]


def view(folder: Path, package: Path, *, as_of: datetime | None = None) -> Viewed:
    """Make the layers of a record.

    Parameters
    ----------
    folder
        The record's.
    package
        Where the GeoPackage goes, if the log is in the folder.
    as_of
        Only what was known then.

    Raises
    ------
    RecordError
        The record cannot be read, or the layers cannot be written.
    """
    kept = setting.read(folder)
    with Record.open(folder, read_only=True) as record:
        if kept.log is None:
            return Viewed(where=str(package), rows=geopackage.write(record, package, as_of))
        from truceline.record import postgis

        rows = postgis.write(record, kept.log, as_of)
        where = f"{record.parts[0].where}_view"
        return Viewed(where=where, rows=rows)
