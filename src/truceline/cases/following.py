"""How cases follow incidents that were computed again.

The rule: a case names observations, and is about whatever incidents hold them now. Where incidents
merged it is about the one that they became; where one split, about every part that holds one of its
observations; where one is gone, about none, and it stands as it stood. No status, signature or
ruling changes by computation: people read what became of it, and move.
"""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.vocabulary import LineageRelation
from truceline.tables.schemas import from_columns

FOLLOWED = pa.schema(
    [
        pa.field("case_id", pa.string(), nullable=False),
        pa.field("incident_id", pa.string()),  # null: nothing computed holds its observations
        pa.field("observations", pa.int32(), nullable=False),  # of the case, within the incident
        pa.field("relation", pa.string(), nullable=False),  # what became of it in the last run
        pa.field("other_cases", pa.string(), nullable=False),  # about the same incident, by `;`
    ]
)


def follow(cases: Mapping[str, tuple[str, ...]], members: pa.Table, lineage: pa.Table) -> pa.Table:
    """What each case is about now.

    Parameters
    ----------
    cases
        Case id to the observations that it names.
    members
        Rows of MEMBERS; an observation counts for its likeliest incident, ties by identifier.
    lineage
        Rows of LINEAGE of the run that made `members`; may be empty.

    Returns
    -------
    table
        `FOLLOWED`, by case and incident.

    Examples
    --------
    >>> from truceline.tables.schemas import LINEAGE, MEMBERS, empty
    >>> homes = {"observation_id": ["a", "b"], "incident_id": ["i-1", "i-1"], "probability": 1.0}
    >>> rows = follow({"c-1": ("a",), "c-2": ("b", "x"), "c-3": ("x",)},
    ...               from_columns(MEMBERS, homes, 2), empty(LINEAGE))
    >>> [tuple(row.values()) for row in rows.to_pylist()]
    [('c-1', 'i-1', 1, 'kept', 'c-2'), ('c-2', 'i-1', 1, 'kept', 'c-1'), ('c-3', None, 0, 'gone', '')]
    """
    named = sorted({name for names in cases.values() for name in names})
    home = _homes(pa.array(named, pa.string()), members)
    became = {
        row["after"]: row["relation"] for row in lineage.to_pylist() if row["after"] is not None
    }
    about: dict[str, dict[str, int]] = {}
    for case_id in sorted(cases):
        held = [home[name] for name in cases[case_id] if name in home]
        about[case_id] = {incident: held.count(incident) for incident in sorted(set(held))}
    by_incident: dict[str, list[str]] = {}
    for case_id, incidents in about.items():
        for incident in incidents:
            by_incident.setdefault(incident, []).append(case_id)
    rows: list[tuple[str, str | None, int, str, str]] = []
    for case_id, incidents in about.items():
        for incident, number in incidents.items():
            others = ";".join(other for other in by_incident[incident] if other != case_id)
            relation = became.get(incident, LineageRelation.KEPT.value)
            rows.append((case_id, incident, number, relation, others))
        if not incidents:
            rows.append((case_id, None, 0, LineageRelation.GONE.value, ""))
    columns = {name: [row[at] for row in rows] for at, name in enumerate(FOLLOWED.names)}
    return from_columns(FOLLOWED, columns, len(rows))


def _homes(named: pa.Array, members: pa.Table) -> dict[str, str]:
    """The likeliest incident of each observation named; fusion's lineage counts the same way."""
    mine = members.filter(pc.is_in(members["observation_id"], value_set=named))
    ids = mine["incident_id"].to_pylist()
    observations = mine["observation_id"].to_pylist()
    falling = -np.asarray(mine["probability"], np.float64)
    homes: dict[str, str] = {}
    for at in sorted(range(len(ids)), key=lambda n: (observations[n], falling[n], ids[n])):
        homes.setdefault(observations[at], ids[at])
    return homes
