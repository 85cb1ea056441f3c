"""What became of each incident when the line was computed again."""

import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.vocabulary import LineageRelation
from truceline.tables.schemas import LINEAGE, from_columns


def _homes(members: pa.Table) -> dict[str, str]:
    """The likeliest incident of each observation; ties by identifier."""
    order = pc.sort_indices(
        members,
        sort_keys=[
            ("observation_id", "ascending"),
            ("probability", "descending"),
            ("incident_id", "ascending"),
        ],
    )
    homes: dict[str, str] = {}
    ids = members["observation_id"].take(order).to_pylist()
    for observation, incident in zip(
        ids, members["incident_id"].take(order).to_pylist(), strict=True
    ):
        homes.setdefault(observation, incident)
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
    old, new = _homes(before), _homes(after)
    pairs = sorted({(old[at], new[at]) for at in old.keys() & new.keys()})
    children: dict[str, int] = {}
    parents: dict[str, int] = {}
    for one, other in pairs:
        children[one] = children.get(one, 0) + 1
        parents[other] = parents.get(other, 0) + 1
    rows: list[tuple[str | None, str | None, str]] = []
    for one, other in pairs:
        relation = LineageRelation.KEPT
        if children[one] > 1:
            relation = LineageRelation.SPLIT
        elif parents[other] > 1:
            relation = LineageRelation.MERGED
        rows.append((one, other, relation.value))
    gone = sorted(set(before["incident_id"].to_pylist()) - children.keys())
    fresh = sorted(set(after["incident_id"].to_pylist()) - parents.keys())
    rows += [(one, None, LineageRelation.GONE.value) for one in gone]
    rows += [(None, other, LineageRelation.NEW.value) for other in fresh]
    columns = {
        "before": [row[0] for row in rows],
        "after": [row[1] for row in rows],
        "relation": [row[2] for row in rows],
    }
    return from_columns(LINEAGE, columns, len(rows))
