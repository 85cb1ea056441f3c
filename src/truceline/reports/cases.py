"""What a view reads of what people decided: the mission all of it, others what was cleared for them."""

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from truceline.reports.coarsen import speakable
from truceline.reports.columns import CASES
from truceline.reports.contract import Dossier, View

TEXTS = ("text", "dissent_text", "reply_text")
WITHHELD = "(words withheld: they read like a place, or are too long)"
IN_FORCE = "signed"


def cases(dossier: Dossier, view: View) -> pa.Table:
    """Rows of CASES that the view may read.

    A release holds stages that stand and were cleared, and for a party besides those that it was
    given notice of, with its own answer alone: so nobody reads in it what it was not told before.
    Words that read like a place stay inside.

    Examples
    --------
    >>> from truceline.reports.sample import sample
    >>> [cases(sample(), View.parse(v)).num_rows for v in ("commission", "party:A", "public")]
    [4, 2, 1]
    """
    table = dossier.cases
    if not view.is_release:
        return table
    is_cleared = table["release"].is_valid()
    told = [view.party in (names or "").split(";") for names in table["told_to"].to_pylist()]
    is_told = (
        pa.array(told, pa.bool_()) if view.party else pa.array([False] * len(told), pa.bool_())
    )
    stands = pc.fill_null(pc.equal(table["state"], IN_FORCE), False)
    table = table.filter(pc.and_(stands, pc.or_(is_cleared, is_told)))
    for name in TEXTS:
        table = _each(table, name, _spoken)
    return table if view.party is None else _own_words(table, view.party)


def _own_words(table: pa.Table, party: str) -> pa.Table:
    """What a party was told of and nobody cleared, without what the others answered or held against it.

    Else who answers last would read first what the other side says.
    """
    rows = table.to_pylist()
    for row in rows:
        if row["release"] is None:
            row |= {"told_to": party, "dissents": 0, "dissent_text": None}
            row["replies"] = _own(row["replies"], ";", f"{party} ")
            row["reply_text"] = _own(row["reply_text"], "\n", f"{party}: ")
            row["silent"] = party if party in (row["silent"] or "").split(";") else None
    return pa.Table.from_pylist(rows, schema=table.schema)


def _own(told: str | None, between: str, begins: str) -> str | None:
    return between.join(e for e in (told or "").split(between) if e.startswith(begins)) or None


def _spoken(text: str) -> str:
    return "\n".join(speakable(line) or WITHHELD for line in text.split("\n"))


def _each(table: pa.Table, name: str, change: Callable[[str], str]) -> pa.Table:
    texts = [None if text is None else change(text) for text in table[name].to_pylist()]
    return table.set_column(
        table.schema.get_field_index(name), CASES.field(name), pa.array(texts, pa.string())
    )
