"""For whose acts a party answers, as a view may read it: beside who did it, and never instead of it.

A row is told of a listed act alone. In a release its standing comes out alike wherever in its cell
the act lay (`settled_clauses.charges`), or is withheld; and how surely it lay in an area is never told.
"""

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from truceline.agreement.terms import Agreement
from truceline.reports.coarsen import speakable
from truceline.reports.columns import ANSWERS
from truceline.reports.contract import Dossier
from truceline.reports.districts import of_small_zones
from truceline.reports.outcomes import WITHHELD
from truceline.tables import schemas

KIND = "answers_for"
"""Of the clauses that say for whom a party answers."""

STANDINGS = ("answers_for", "probable", "open", WITHHELD)
CHARGED = frozenset({"answers_for", "probable"})
ORDER = ("act_id", "clause_id", "reading", "party", "answers_for")


def answers(dossier: Dossier, listed: pa.Table, *, cell_m: float | None) -> pa.Table:
    """Rows of ANSWERS for the listed acts, by act, clause, reading and party.

    Parameters
    ----------
    listed
        Acts that the view may read.
    cell_m
        For a release, the least side of its cells, metres: what is done from a zone that is finer
        is withheld.

    Examples
    --------
    >>> from truceline.reports.contract import View
    >>> from truceline.reports.publication import publish
    >>> from truceline.reports.sample import sample
    >>> told = publish(sample(), View.parse("public")).answers
    >>> sorted(set(told["party"].to_pylist())), told["roots"].null_count == told.num_rows
    (['A', 'B'], True)
    """
    acts = listed["act_id"].combine_chunks()
    kept = dossier.responsibility.filter(pc.is_in(dossier.responsibility["act_id"], value_set=acts))
    at = pc.index_in(kept["act_id"], value_set=acts).combine_chunks()
    sealed = pc.greater(listed["sealed"].combine_chunks().take(at), 0)
    columns: dict[str, Any] = {
        name: kept[name] for name in ANSWERS.names if name in kept.column_names
    }
    columns["depends_on_sealed"] = pc.if_else(sealed, "perhaps", "no")
    if cell_m is not None:
        small = pa.array(sorted(of_small_zones(dossier.agreement, cell_m)), pa.string())
        gone = pc.is_in(kept["clause_id"], value_set=small)
        said = pa.array(
            [speakable(text) or "" for text in kept["because"].to_pylist()], pa.string()
        )
        columns |= {
            name: pc.if_else(gone, WITHHELD, kept[name]) for name in ("standing", "authorship")
        }
        columns["because"] = pc.if_else(gone, "", said)
    table = schemas.from_columns(ANSWERS, columns, kept.num_rows)
    return table.sort_by([(name, "ascending") for name in ORDER])


def is_asked(agreement: Agreement) -> bool:
    """Whether any clause lets a party answer for others, and the mandate lets it be told.

    Examples
    --------
    >>> from truceline.reports.sample import agreement
    >>> is_asked(agreement())
    True
    """
    return "attribute" in agreement.grants and any(
        clause.kind == KIND for clause in agreement.clauses
    )


def figures(table: pa.Table, party: str) -> dict[str, int]:
    """On how many acts a party stands how, by the clauses' own text; the firmest standing of each act."""
    firmest: dict[str, int] = {}
    for row in table.to_pylist():
        if row["party"] == party and row["reading"] is None:
            place = STANDINGS.index(row["standing"])
            firmest[row["act_id"]] = min(place, firmest.get(row["act_id"], place))
    return {
        word: sum(place == number for place in firmest.values())
        for number, word in enumerate(STANDINGS)
    }
