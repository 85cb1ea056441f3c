"""Findings as a view may read them: counted by clause and party, and one by one where it is accused."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.vocabulary import Verdict
from truceline.reports.columns import ACCUSATIONS, VERDICTS
from truceline.reports.contract import Dossier, View
from truceline.reports.subjects import is_kept_out, is_owed
from truceline.tables import schemas

AGAINST = frozenset({Verdict.VIOLATION.value, Verdict.INCONSISTENT_WITH_DECLARATION.value})
_KEY = ["clause_id", "reading", "party", "verdict", "is_date_only"]


def findings_of(dossier: Dossier, listed: pa.Table) -> pa.Table:
    """Findings on the listed acts, by deed or omission, with whether the act has only a date.

    Findings on holdings, on what was owed by a date and on obstructions are all kept: which of them
    may be told was chosen before (`delay.of_the_period`).
    """
    row = pc.index_in(dossier.findings["subject_id"], value_set=listed["act_id"].combine_chunks())
    is_holding = pc.equal(dossier.findings["subject_kind"], "holding")
    stands_alone = pc.or_(is_owed(dossier.findings), is_kept_out(dossier))
    kept = pc.or_(pc.or_(is_holding, stands_alone), row.is_valid())
    only = pc.fill_null(listed["is_date_only"].take(row.combine_chunks()), False)
    return dossier.findings.append_column("is_date_only", only).filter(kept)


def verdicts(dossier: Dossier, listed: pa.Table) -> pa.Table:
    """How many findings of each verdict, by clause, reading and party."""
    found = findings_of(dossier, listed).group_by(_KEY).aggregate([("finding_id", "count")])
    renamed = found.rename_columns(
        ["findings" if name == "finding_id_count" else name for name in found.column_names]
    )
    return schemas.conform(renamed, VERDICTS).sort_by([(name, "ascending") for name in _KEY])


def accusations(
    dossier: Dossier, view: View, listed: pa.Table, duties: pa.Table, kept_out: pa.Table
) -> pa.Table:
    """Findings against the parties that the view may read about one by one.

    The public reads none: a finding says *if this party is the actor* and would be quoted without
    the condition. A party reads those against itself, the commission all.

    Parameters
    ----------
    listed, duties, kept_out
        Acts, duties and obstructions as the view has them.
    """
    if view.is_release and view.party is None:
        return schemas.empty(ACCUSATIONS)
    found = findings_of(dossier, listed)
    found = found.filter(pc.is_in(found["verdict"], value_set=pa.array(sorted(AGAINST))))
    parties = [view.party] if view.party is not None else list(dossier.agreement.party_ids())
    found = found.filter(pc.is_in(found["party"], value_set=pa.array(parties, pa.string())))
    row = pc.index_in(found["subject_id"], value_set=listed["act_id"].combine_chunks())
    beside = {
        name: listed[name].take(row.combine_chunks()).to_pylist()
        for name in ("legal_day", "place", "type", "outcome")
    }
    kinds = found["subject_kind"].to_pylist()
    due = dict(_pairs(duties, "due_on"))
    days, districts = dict(_pairs(kept_out, "legal_day")), dict(_pairs(kept_out, "district"))
    for n, name in enumerate(found["finding_id"].to_pylist()):
        if name in due:
            beside["legal_day"][n] = due[name]
        elif name in days and beside["type"][n] is None:
            kinds[n] = "obstruction"
            beside["legal_day"][n], beside["place"][n] = days[name], districts[name]
    own = {name: found[name] for name in ACCUSATIONS.names if name in found.column_names}
    columns = {**own, **beside, "subject_kind": kinds}
    table = schemas.from_columns(ACCUSATIONS, columns, found.num_rows)
    return table.sort_by([(name, "ascending") for name in ("party", "legal_day", "finding_id")])


def _pairs(table: pa.Table, name: str) -> Iterator[tuple[str, Any]]:
    return zip(table["finding_id"].to_pylist(), table[name].to_pylist(), strict=True)
