"""What may be released of how clauses stand: who answers, whether what waits has begun, what was left out.

As in `settled`, each judgement was made of the same evidence with its places put elsewhere in their
cells, and what does not come out alike each time is withheld.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.agreement.terms import Agreement, Beginning, Clause
from truceline.reports.outcomes import WITHHELD
from truceline.tables.answers import RESPONSIBILITY

Mask = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]
Begins = tuple[Beginning, ...]

_SAME = 1e-7  # probabilities that differ by less than this are one
_KEY = ("act_id", "party", "clause_id", "reading", "answers_for")
_SAID = ("standing", "authorship", "because")


def charges(judged: Sequence[pa.Table], told: pa.Table, wide: pa.Array) -> pa.Table:
    """Who answers for what, with the standing that holds all over the cell, or `withheld`.

    Parameters
    ----------
    judged
        RESPONSIBILITY, one table for each of `settled.STANCES`.
    told
        What `settled.authors` gave: of an act whose author is withheld nothing is told here either.
    wide
        Acts whose place errs by more than their cell.
    """
    every = pa.concat_tables(judged)
    if not every.num_rows:
        return every
    number, first = _numbered(every, _KEY)
    said, _ = _numbered(every, _SAID)
    low, high = np.full(len(first), len(every)), np.full(len(first), -1)
    np.minimum.at(low, number, said)
    np.maximum.at(high, number, said)
    is_alike = (low == high) & (np.bincount(number) == len(judged))
    rows = every.take(pa.array(first))
    gone = told.filter(pc.equal(told["outcome"], WITHHELD))["act_id"].combine_chunks()
    is_gone = np.asarray(pc.is_in(rows["act_id"], value_set=gone))
    is_wide = np.asarray(pc.is_in(rows["act_id"], value_set=wide))
    is_same = _in_one_place(every, number, len(first), judged)
    return _withheld(rows, is_alike & ~is_gone & (is_same | is_wide))


def _numbered(table: pa.Table, names: Sequence[str]) -> tuple[Integers, Integers]:
    """Which of the different rows each one is, and where each of them stands first."""
    texts = [pc.fill_null(table[name], "") for name in names]
    coded = pc.binary_join_element_wise(*texts, "\x1f").combine_chunks().dictionary_encode()
    number = np.asarray(coded.indices).astype(np.int64)
    return number, np.unique(number, return_index=True)[1]


def _in_one_place(
    every: pa.Table, number: Integers, count: int, judged: Sequence[pa.Table]
) -> Mask:
    """Where the middle and the whole cell lie as surely in the area; no edge runs between them then."""
    sure = np.asarray(pc.fill_null(every["p_place"], -1.0), dtype=np.float64)
    middle, spread = np.full(count, np.nan), np.full(count, np.nan)
    begins, ends = judged[0].num_rows, every.num_rows - judged[-1].num_rows
    middle[number[:begins]], spread[number[ends:]] = sure[:begins], sure[ends:]
    return np.asarray(np.abs(middle - spread) <= _SAME)


def _withheld(rows: pa.Table, is_told: Mask) -> pa.Table:
    """The rows; of what is not told nothing stands but that it was asked."""
    kept = pa.array(is_told)
    instead: dict[str, object] = {
        "standing": WITHHELD,
        "authorship": WITHHELD,
        "because": "",
        "finding_ids": "",
    }
    instead |= {"roots": 0, "p_place": None}
    columns = []
    for name in RESPONSIBILITY.names:
        column = rows[name]
        if name in instead:
            column = pc.if_else(kept, column, pa.scalar(instead[name], column.type))
        columns.append(column)
    table = pa.table(columns, schema=RESPONSIBILITY)
    return table.take(pc.sort_indices(table["act_id"])).combine_chunks()


def allowed(
    judged: Sequence[Mapping[str, Mapping[str, float] | None]],
) -> dict[str, Mapping[str, float] | None]:
    """How surely inspections were allowed, by body and id; None for a body where places change it.

    An edge that runs through a cell, however thin what it bounds, changes it between the judgements.

    Examples
    --------
    >>> allowed([{"force": {"i-1": 0.0}}, {"force": {"i-1": 0.0}}])
    {'force': {'i-1': 0.0}}
    >>> allowed([{"force": {"i-1": 0.0}}, {"force": {"i-1": 0.1}}]), allowed([{}, {"force": {"i-2": 0.0}}])
    ({'force': None}, {'force': None})
    """
    names = sorted({name for each in judged for name in each})
    found = {name: [each.get(name) or {} for each in judged] for name in names}
    return {name: of[0] if _are_alike(of) else None for name, of in found.items()}


def _are_alike(shares: Sequence[Mapping[str, float]]) -> bool:
    ids = {name for each in shares for name in each}
    first = shares[0]
    return all(abs(each.get(n, 1.0) - first.get(n, 1.0)) <= _SAME for each in shares for n in ids)


def beginnings(agreement: Agreement, others: Sequence[Agreement]) -> Agreement:
    """The agreement; of what begins at another time elsewhere in the cells nobody can tell.

    Parameters
    ----------
    agreement, others
        The agreement as each judgement laid the beginnings of what waits over it.
    """

    def is_alike(clause: Clause, name: str | None) -> bool:
        return all(
            _begins(each, clause, name) == _begins(agreement, clause, name) for each in others
        )

    return _kept(agreement, is_alike)


def without_beginnings(
    agreement: Agreement, small: frozenset[str], until: datetime | None
) -> Agreement:
    """The agreement as if nobody could tell of what waits whether it has begun.

    That days were quiet and watched tells who watched on which day, and that leaves only when the
    whole period may be told. What was surely met before the period tells nothing of its days.

    Parameters
    ----------
    small
        Clauses about ground finer than a cell: of what waits for one of them nothing is told.
    until
        Only what was surely met by this instant is told; None: anything.
    """

    def is_told(clause: Clause, name: str | None) -> bool:
        begins = _begins(agreement, clause, name) or ()
        if any(small & {*each.after.split(";")} for each in begins):
            return False
        return until is None or all(
            each.surely_at is not None and each.surely_at <= until for each in begins
        )

    return _kept(agreement, is_told)


def without_reasons(agreement: Agreement) -> Agreement:
    """The agreement without the sentences on why what waits has begun: they tell of places."""
    return _changed(
        agreement,
        lambda clause, name, begins: tuple(
            each if each.because == WITHHELD else replace(each, because="") for each in begins
        ),
    )


def _begins(agreement: Agreement, clause: Clause, name: str | None) -> Begins | None:
    """When a clause begins in a reading; one that another judgement lacks begins as its own text."""
    twin = next(each for each in agreement.clauses if each.clause_id == clause.clause_id)
    found = next((each for each in twin.readings if each.reading_id == name), None)
    return twin.begins if found is None or found.begins is None else found.begins


def _kept(agreement: Agreement, is_told: Callable[[Clause, str | None], bool]) -> Agreement:
    return _changed(
        agreement,
        lambda clause, name, begins: begins if is_told(clause, name) else _untold(clause, begins),
    )


def _changed(
    agreement: Agreement, change: Callable[[Clause, str | None, Begins], Begins]
) -> Agreement:
    """The agreement with each beginning changed: of clauses by their text (None), and of readings."""
    return replace(
        agreement,
        clauses=tuple(
            replace(
                clause,
                begins=None if clause.begins is None else change(clause, None, clause.begins),
                readings=tuple(
                    each
                    if each.begins is None
                    else replace(each, begins=change(clause, each.reading_id, each.begins))
                    for each in clause.readings
                ),
            )
            for clause in agreement.clauses
        ),
    )


def _untold(clause: Clause, begins: Begins) -> Begins:
    """It may ask for something from its first day on, and nobody is told since when it does."""
    return tuple(
        replace(
            each,
            perhaps_at=min(
                (p.when.began for p in clause.periods if p.party_id == each.party_id), default=None
            ),
            surely_at=None,
            because=WITHHELD,
        )
        for each in begins
    )
