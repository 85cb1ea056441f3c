"""Rows by persons name them by a code; the name stands in the log once, under that person's key."""

from collections.abc import Mapping
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from truceline.agreement.names import folded
from truceline.model.vocabulary import SourceKind
from truceline.pipeline.line import agreement_of
from truceline.pipeline.mission import Mission
from truceline.pipeline.parties import party_names
from truceline.record import personal
from truceline.record.entry import Entropy
from truceline.record.store import Record

_NAMED = ("source", "root", "speaker")  # columns of the group `person` of a row


def with_codes(
    mission: Mission,
    record: Record,
    tables: Mapping[str, pa.Table],
    *,
    by: str,
    now: datetime,
    entropy: Entropy,
) -> dict[str, pa.Table]:
    """Tables whose rows by persons name them by their code; new persons are entered first.

    A row is by a person where its `source_kind` says so. Its source, a root or speaker of the same
    name, and a speaker who is no party are replaced; a root of another name is somebody else's word.
    A name that is a party's stays: it is that party speaking.
    """
    made = dict(tables)
    for name, table in tables.items():
        if "source_kind" in table.column_names and "root" in table.column_names:
            mask = pc.equal(table["source_kind"], SourceKind.PERSON.value).combine_chunks()
            if pc.any(mask).as_py():
                made[name] = _coded(mission, record, table, mask, (by, now, entropy))
    return made


def _coded(
    mission: Mission,
    record: Record,
    table: pa.Table,
    mask: pa.Array,
    entering: tuple[str, datetime, Entropy],
) -> pa.Table:
    keyring = personal.Keyring(folder=mission.record_folder)
    parties = party_names(agreement_of(mission))
    by, now, entropy = entering
    codes: dict[str, str] = {}

    def code(name: str) -> str:
        if folded(name) in parties:
            return name
        if name not in codes:
            codes[name] = personal.enter(record, keyring, name, by=by, now=now, entropy=entropy)
        return codes[name]

    rows = mask.to_pylist()
    sources = table["source"].to_pylist()
    for column in (each for each in _NAMED if each in table.column_names):
        values = table[column].to_pylist()
        for at, value in enumerate(values):
            if not rows[at] or value is None:
                continue
            if column != "root" or folded(value) == folded(sources[at]):
                values[at] = code(value)
        index = table.schema.get_field_index(column)
        table = table.set_column(index, table.schema.field(column), pa.array(values, pa.string()))
    return table
