"""Clauses that ask for nothing until another one is met: whether they have begun, party by party.

When is told by the legal day whose close met what is waited for. Why is told to the commission alone.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pyarrow as pa

from truceline.agreement.reading import readings
from truceline.agreement.terms import Agreement, Beginning
from truceline.reports.columns import WAITING
from truceline.reports.outcomes import WITHHELD
from truceline.tables import schemas


def waiting(agreement: Agreement, at: datetime, *, is_release: bool) -> pa.Table:
    """Rows of WAITING, in the order of clauses, readings and parties.

    Parameters
    ----------
    agreement
        With the beginning of each clause that waits laid over it.
    at
        How they stand at this instant.
    is_release
        Whether the reason is left away.

    Examples
    --------
    >>> from truceline.reports.sample import sample
    >>> known = sample()
    >>> told = waiting(known.agreement, known.as_of, is_release=True).to_pylist()
    >>> [(row["party"], row["standing"]) for row in told]
    [('A', 'met'), ('B', 'cannot_be_told')]
    """
    found = list(_rows(agreement, at, is_release=is_release))
    columns = {name: [row[name] for row in found] for name in WAITING.names}
    return schemas.from_columns(WAITING, columns, len(found))


def _rows(agreement: Agreement, at: datetime, *, is_release: bool) -> Iterator[dict[str, Any]]:
    for clause in agreement.clauses:
        own = clause.begins
        for name, read in readings(clause):
            if name is not None and read.begins == own:
                continue  # read so, it begins as it does by its own text
            for each in read.begins or ():
                standing = standing_of(each, at)
                yield {
                    "clause_id": clause.clause_id,
                    "reading": name,
                    "party": each.party_id,
                    "waits_for": each.after,
                    "standing": standing,
                    "met_at": each.surely_at if standing == "met" else None,
                    "perhaps_at": each.perhaps_at if standing == "cannot_be_told" else None,
                    "because": None if is_release or standing == WITHHELD else each.because,
                }


def standing_of(begins: Beginning, at: datetime) -> str:
    """`met`, `not_met`, `cannot_be_told`, or `withheld`, at an instant."""
    if begins.because == WITHHELD:
        return WITHHELD
    if begins.surely_at is not None and begins.surely_at <= at:
        return "met"
    if begins.perhaps_at is not None and begins.perhaps_at <= at:
        return "cannot_be_told"
    return "not_met"
