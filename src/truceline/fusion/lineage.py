"""What became of each incident when the line was computed again."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.vocabulary import LineageRelation
from truceline.tables.schemas import LINEAGE, from_columns

Ints = npt.NDArray[np.int64]

_RELATIONS = tuple(
    relation.value
    for relation in (
        LineageRelation.KEPT,
        LineageRelation.MERGED,
        LineageRelation.SPLIT,
        LineageRelation.GONE,
        LineageRelation.NEW,
    )
)


def _ranks(*columns: pa.ChunkedArray) -> tuple[pa.Array, list[Ints]]:
    """The distinct words of all columns, sorted, and each column as positions among them."""
    every = pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string())
    coded = every.combine_chunks().dictionary_encode()
    order = pc.sort_indices(coded.dictionary)
    rank = np.empty(len(coded.dictionary), np.int64)
    rank[np.asarray(order)] = np.arange(rank.size)
    codes = rank[np.asarray(coded.indices)]
    ends = np.cumsum([len(column) for column in columns])[:-1]
    return coded.dictionary.take(order), np.split(codes, ends)


def _homes(observation: Ints, incident: Ints, members: pa.Table, size: int) -> Ints:
    """The likeliest incident of each observation, ties by identifier; -1 where it has none."""
    probability = np.asarray(members["probability"], np.float64)
    order = np.lexsort((incident, -probability, observation))
    first = order[np.diff(observation[order], prepend=-1) != 0]
    homes = np.full(size, -1, np.int64)
    homes[observation[first]] = incident[first]
    return homes


def lineage(before: pa.Table, after: pa.Table) -> pa.Table:
    """Follow incidents from one run to the next, by the observations that they share.

    Parameters
    ----------
    before, after
        Tables `MEMBERS`; an observation counts for its likeliest incident.

    Returns
    -------
    table
        `LINEAGE`: one row for each pair that shares observations. `kept`: the pair shares with
        nobody else, `merged`: several went into one, `split`: one became several; `gone` and
        `new` have no partner. Where one both lost and gained members, it is `split`.

    Examples
    --------
    >>> from truceline.tables.schemas import MEMBERS
    >>> def run(**homes):
    ...     columns = {"observation_id": list(homes), "incident_id": list(homes.values()), "probability": 1.0}
    ...     return from_columns(MEMBERS, columns, len(homes))
    >>> rows = lineage(run(a="i-1", b="i-2"), run(a="i-3", b="i-3", c="i-4"))
    >>> [tuple(row.values()) for row in rows.to_pylist()]
    [('i-1', 'i-3', 'merged'), ('i-2', 'i-3', 'merged'), (None, 'i-4', 'new')]
    """
    names, (seen, seen_again) = _ranks(before["observation_id"], after["observation_id"])
    ids, (told, told_again) = _ranks(before["incident_id"], after["incident_id"])
    old = _homes(seen, told, before, len(names))
    new = _homes(seen_again, told_again, after, len(names))
    both = (old >= 0) & (new >= 0)
    one, other = np.divmod(np.unique(old[both] * len(ids) + new[both]), max(len(ids), 1))
    children = np.bincount(one, minlength=len(ids))
    parents = np.bincount(other, minlength=len(ids))
    relation = np.where(children[one] > 1, 2, np.where(parents[other] > 1, 1, 0))
    gone = np.flatnonzero((np.bincount(told, minlength=len(ids)) > 0) & (children == 0))
    fresh = np.flatnonzero((np.bincount(told_again, minlength=len(ids)) > 0) & (parents == 0))
    absent = [np.full(side.size, -1) for side in (gone, fresh)]
    left = np.concatenate([one, gone, absent[1]])
    right = np.concatenate([other, absent[0], fresh])
    rank = np.concatenate([relation, np.full(gone.size, 3), np.full(fresh.size, 4)])
    columns = {
        "before": ids.take(pa.array(left, mask=left < 0)),
        "after": ids.take(pa.array(right, mask=right < 0)),
        "relation": pa.array(_RELATIONS).take(pa.array(rank)),
    }
    return from_columns(LINEAGE, columns, left.size)
