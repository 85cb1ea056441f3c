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

from truceline.agreement.terms import Agreement, Clause
from truceline.model.time import Interval, to_microseconds
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


def bounds(
    agreement: Agreement, began: datetime, ended: datetime | None, *, is_sure: bool = True
) -> tuple[Bound, ...]:
    """Who is bound, from when to when, at any time of a stretch; by time, then in the text's order.

    A clause that waits for another one binds from when that was surely met; with `is_sure` False,
    from when it may have been.
    """
    found: dict[tuple[datetime, datetime | None, str], list[str]] = {}
    for clause, party, when in _in_force(agreement, is_sure=is_sure):
        if (ended is None or when.began < ended) and (when.ended is None or began < when.ended):
            found.setdefault((when.began, when.ended, party), []).append(clause.clause_id)
    order = {party: number for number, party in enumerate(agreement.party_ids())}
    keys = sorted(found, key=lambda key: (key[0], key[1] is None, key[1] or key[0], order[key[2]]))
    return tuple(
        Bound(party=key[2], began=key[0], ended=key[1], clause_ids=tuple(found[key]))
        for key in keys
    )


def marked(rows: pa.Table, agreement: Agreement) -> pa.Table:
    """Rows with the column `hours`: inside, outside, or too vague to tell.

    Inside means that the whole interval lies in hours in which at least one party was surely bound,
    outside that nobody may have been.
    """
    began, ended = (np.asarray(pc.cast(rows[name], pa.int64())) for name in ("began", "ended"))
    ended = np.maximum(ended, began + 1)
    surely = side_of(began, ended, _spans(agreement, is_sure=True))
    perhaps = side_of(began, ended, _spans(agreement, is_sure=False))
    sides = [
        UNCLEAR if sure == OUTSIDE and may != OUTSIDE else sure
        for sure, may in zip(surely, perhaps, strict=True)
    ]
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


def _in_force(agreement: Agreement, *, is_sure: bool) -> Iterator[tuple[Clause, str, Interval]]:
    """Each clause, whom it binds and when: from no sooner than what it waits for was met."""
    for clause in agreement.clauses:
        begins = {each.party_id: each for each in clause.begins or ()}
        for period in clause.periods:
            if period.state != "in_force":
                continue
            when, waits = period.when, begins.get(period.party_id)
            if waits is not None:
                met_at = waits.surely_at if is_sure else waits.perhaps_at
                if met_at is None or (when.ended is not None and when.ended <= met_at):
                    continue
                when = Interval(began=max(when.began, met_at), ended=when.ended)
            yield clause, period.party_id, when


def _spans(agreement: Agreement, *, is_sure: bool) -> Integers:
    """Hours in which anybody was surely bound, or may have been, as spans apart from each other."""
    every = sorted(
        (
            to_microseconds(when.began),
            _WITHOUT_END if when.ended is None else to_microseconds(when.ended),
        )
        for _, _, when in _in_force(agreement, is_sure=is_sure)
    )
    apart: list[list[int]] = []
    for began, ended in every:
        if apart and began <= apart[-1][1]:
            apart[-1][1] = max(apart[-1][1], ended)
        else:
            apart.append([began, ended])
    return np.array(apart, dtype=np.int64).reshape(-1, 2)
