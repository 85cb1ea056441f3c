"""The hours in force: who was bound from when to when, and on which side of them each act lies.

An act is judged by the interval that the reader sees. What a view shows as a whole hour or a whole
day is placed no more finely than that here, so the mark beside it tells nothing more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.agreement.terms import Agreement, Clause, PartyPeriod
from truceline.model.time import to_microseconds
from truceline.reports.columns import TALLIES
from truceline.tables import schemas

Integers = npt.NDArray[np.int64]

INSIDE, OUTSIDE, UNCLEAR = "inside", "outside", "unclear"
SIDES = (INSIDE, UNCLEAR, OUTSIDE)
_WITHOUT_END = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """One stretch of time in which clauses bind a party; `ended` is None where no end is stated."""

    party: str
    began: datetime
    ended: datetime | None
    clause_ids: tuple[str, ...]


def bounds(agreement: Agreement, began: datetime, ended: datetime | None) -> tuple[Bound, ...]:
    """Who is bound, from when to when, at any time of a stretch; by time, then in the text's order."""
    found: dict[tuple[datetime, datetime | None, str], list[str]] = {}
    for clause, period in _in_force(agreement):
        when = period.when
        if (ended is None or when.began < ended) and (when.ended is None or began < when.ended):
            found.setdefault((when.began, when.ended, period.party_id), []).append(clause.clause_id)
    order = {party: number for number, party in enumerate(agreement.party_ids())}
    keys = sorted(found, key=lambda key: (key[0], key[1] is None, key[1] or key[0], order[key[2]]))
    return tuple(
        Bound(party=key[2], began=key[0], ended=key[1], clause_ids=tuple(found[key]))
        for key in keys
    )


def marked(rows: pa.Table, agreement: Agreement) -> pa.Table:
    """Rows with the column `hours`: inside, outside, or too vague to tell.

    Inside means that the whole interval lies in hours in which at least one party was bound.
    """
    began, ended = (np.asarray(pc.cast(rows[name], pa.int64())) for name in ("began", "ended"))
    sides = side_of(began, np.maximum(ended, began + 1), _spans(agreement))
    at = rows.schema.get_field_index("hours")
    return rows.set_column(at, rows.schema.field(at), pa.array(sides, pa.string()))


def side_of(began_us: Integers, ended_us: Integers, spans: Integers) -> list[str]:
    """On which side of the spans each interval lies.

    Parameters
    ----------
    began_us, ended_us
        `(intervals,)` microseconds of UTC; the end is not part of the interval.
    spans
        `(spans, 2)` beginnings and ends, in order and apart from each other.

    Examples
    --------
    >>> spans = np.array([[10, 20]])
    >>> side_of(np.array([12, 8, 8]), np.array([20, 10, 12]), spans)
    ['inside', 'outside', 'unclear']
    """
    if not len(spans):
        return [OUTSIDE] * len(began_us)
    at = np.searchsorted(spans[:, 0], began_us, side="right") - 1
    last = np.where(at >= 0, spans[np.maximum(at, 0), 1], began_us)
    following = spans[np.minimum(at + 1, len(spans) - 1), 0]
    touches = (began_us < last) | ((at + 1 < len(spans)) & (following < ended_us))
    is_inside = (at >= 0) & (ended_us <= last)
    return np.where(is_inside, INSIDE, np.where(touches, UNCLEAR, OUTSIDE)).tolist()


def tallies(amounts: pa.Table, rows: pa.Table, before: pa.Table) -> pa.Table:
    """What the listed acts count by each rule, by the hours in force; unconfirmed ones count nothing."""
    found: dict[tuple[str, str], list[int]] = {}
    for period, table in enumerate((rows, before)):
        counted = table.filter(table["is_counted"])
        at = pc.index_in(amounts["act_id"], value_set=counted["act_id"].combine_chunks())
        own = amounts.filter(at.is_valid())
        sides = counted["hours"].take(at.drop_null()).to_pylist()
        for rule, side, amount in zip(
            own["rule"].to_pylist(), sides, own["amount"].to_pylist(), strict=True
        ):
            found.setdefault((rule, side), [0, 0])[period] += amount
    rules = sorted(set(amounts["rule"].to_pylist()))
    keys = [(rule, side) for rule in rules for side in SIDES]
    told = [found.get(key, [0, 0]) for key in keys]
    columns = {
        "rule": [key[0] for key in keys],
        "hours": [key[1] for key in keys],
        "this_period": [pair[0] for pair in told],
        "previous_period": [pair[1] for pair in told],
    }
    return schemas.from_columns(TALLIES, columns, len(keys))


def _in_force(agreement: Agreement) -> Iterator[tuple[Clause, PartyPeriod]]:
    for clause in agreement.clauses:
        for period in clause.periods:
            if period.state == "in_force":
                yield clause, period


def _spans(agreement: Agreement) -> Integers:
    """Hours in which anybody was bound, as spans apart from each other."""
    every = sorted(
        (
            to_microseconds(period.when.began),
            _WITHOUT_END if period.when.ended is None else to_microseconds(period.when.ended),
        )
        for _, period in _in_force(agreement)
    )
    apart: list[list[int]] = []
    for began, ended in every:
        if apart and began <= apart[-1][1]:
            apart[-1][1] = max(apart[-1][1], ended)
        else:
            apart.append([began, ended])
    return np.array(apart, dtype=np.int64).reshape(-1, 2)
