"""Parties in a run's tables: every way to write one becomes its id, and its own word is marked as such."""

from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.agreement.names import folded, named_party, party_words
from truceline.agreement.terms import Agreement
from truceline.model.vocabulary import SourceKind


def party_names(agreement: Agreement, fold: Callable[[str], str] = folded) -> dict[str, str]:
    """Every way to write a party, folded, to its id; what two parties share names neither."""
    ids = agreement.party_ids()
    return {word: ids[at] for word, at in party_words(agreement, fold).items() if at >= 0}


def with_parties_own(observations: pa.Table, agreement: Agreement) -> pa.Table:
    """The observations, a party's own word marked as such whatever kind of source it calls itself.

    Fusion then gives it a party's chance of being false, and not a patrol's.
    """
    named = named_party([observations["source"], observations["root"]], party_words(agreement))
    if not np.any(named >= 0):
        return observations
    kind = pc.if_else(pa.array(named >= 0), SourceKind.PARTY.value, observations["source_kind"])
    index = observations.schema.get_field_index("source_kind")
    return observations.set_column(index, observations.schema.field(index), kind)


def with_party_ids(table: pa.Table, columns: tuple[str, ...], names: Mapping[str, str]) -> pa.Table:
    """The table with party ids where a column writes a party in any known way; else as given."""
    for column in columns:
        encoded = pc.dictionary_encode(table[column].combine_chunks())
        words = encoded.dictionary.to_pylist()
        ids = pa.array([names.get(folded(word), word) for word in words], pa.string())
        index = table.schema.get_field_index(column)
        table = table.set_column(
            index,
            table.schema.field(column),
            ids.take(encoded.indices) if len(ids) else table[column],
        )
    return table
