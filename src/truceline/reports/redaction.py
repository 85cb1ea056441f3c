"""The last step before a release: columns and tables that the rules hold back are taken out."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import pyarrow as pa

from truceline.model.errors import PublicationError
from truceline.reports.contract import Release
from truceline.reports.rules import written


def redacted(release: Release) -> Release:
    """The release without what its rules hold back; the commission's own copy as it is.

    Raises
    ------
    PublicationError
        The rules name a table or a column that no release has, or a column that may not be empty.
    """
    if not release.view.is_release:
        return release
    tables = _tables(release)
    always, rules = written()["limits"], release.rules
    for name in dict.fromkeys((*always["withhold"], *rules.withhold)):
        tables[name] = _found(tables, name, name).slice(0, 0)
    for path in dict.fromkeys((*always["redact"], *rules.redact)):
        name, _, column = path.partition(".")
        tables[name] = _emptied(_found(tables, name, path), column, path)
    desk = {name: tables[f"desk/{name}"] for name in release.desk}
    own = {name: table for name, table in tables.items() if "/" not in name}
    return replace(release, desk=desk, **own)


def _tables(release: Release) -> dict[str, pa.Table]:
    held: dict[str, Any] = {each.name: getattr(release, each.name) for each in fields(release)}
    tables = {name: value for name, value in held.items() if isinstance(value, pa.Table)}
    return tables | {f"desk/{name}": table for name, table in release.desk.items()}


def _found(tables: Mapping[str, pa.Table], name: str, path: str) -> pa.Table:
    if name not in tables:
        msg = f"the rules of publication name {path!r}; tables are {', '.join(sorted(tables))}"
        raise PublicationError(msg)
    return tables[name]


def _emptied(table: pa.Table, column: str, path: str) -> pa.Table:
    at = table.schema.get_field_index(column)
    if at < 0 or not table.schema.field(at).nullable:
        able = ", ".join(each.name for each in table.schema if each.nullable) or "none"
        msg = (
            f"the rules of publication name {path!r}, which cannot be empty; columns of that table "
            f"that can: {able}; or withhold the whole table"
        )
        raise PublicationError(msg)
    field = table.schema.field(at)
    return table.set_column(at, field, pa.nulls(table.num_rows, field.type))
