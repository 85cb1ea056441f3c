"""A dossier to publish, and ways to change one thing of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from truceline.reports.contract import Dossier, Release, View
from truceline.reports.publication import publish
from truceline.reports.sample import sample


@pytest.fixture(scope="session")
def dossier() -> Dossier:
    return sample()


@pytest.fixture(scope="session")
def released(dossier) -> Callable[[str], Release]:
    made = {view: publish(dossier, View.parse(view)) for view in ("public", "party:A", "party:B")}
    made["commission"] = publish(dossier, View.parse("commission"))
    return made.__getitem__


@pytest.fixture(scope="session")
def with_column() -> Callable[..., Dossier]:
    """The dossier with columns of one of its tables replaced."""

    def change(dossier: Dossier, table: str, columns: Mapping[str, list[Any]]) -> Dossier:
        changed = getattr(dossier, table)
        for name, values in columns.items():
            at = changed.schema.get_field_index(name)
            field = changed.schema.field(at)
            changed = changed.set_column(at, field, pa.array(values, field.type))
        return replace(dossier, **{table: changed})

    return change
