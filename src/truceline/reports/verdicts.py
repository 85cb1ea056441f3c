"""Findings as a view may read them: counted by clause and party, and one by one where it is accused."""

import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.vocabulary import Verdict
from truceline.reports.contract import ACCUSATIONS, VERDICTS, Dossier, View
from truceline.tables import schemas

AGAINST = frozenset({Verdict.VIOLATION.value, Verdict.INCONSISTENT_WITH_DECLARATION.value})
_KEY = ["clause_id", "reading", "party", "verdict", "is_date_only"]


def findings_of(dossier: Dossier, listed: pa.Table) -> pa.Table:
    """Findings on the listed acts, by deed or omission, with whether the act has only a date.

    Findings on holdings belong to no single day and are all kept.
    """
    row = pc.index_in(dossier.findings["subject_id"], value_set=listed["act_id"].combine_chunks())
    is_holding = pc.equal(dossier.findings["subject_kind"], "holding")
    kept = pc.or_(is_holding, row.is_valid())
    only = pc.fill_null(listed["is_date_only"].take(row.combine_chunks()), False)
    return dossier.findings.append_column("is_date_only", only).filter(kept)


def verdicts(dossier: Dossier, listed: pa.Table) -> pa.Table:
    """How many findings of each verdict, by clause, reading and party."""
    found = findings_of(dossier, listed).group_by(_KEY).aggregate([("finding_id", "count")])
    renamed = found.rename_columns(
        ["findings" if name == "finding_id_count" else name for name in found.column_names]
    )
    return schemas.conform(renamed, VERDICTS).sort_by([(name, "ascending") for name in _KEY])


def accusations(dossier: Dossier, view: View, listed: pa.Table) -> pa.Table:
    """Findings against the parties that the view may read about one by one.

    The public reads none: a finding says *if this party is the actor* and would be quoted without
    the condition. A party reads those against itself, the commission all.
    """
    if view.is_release and view.party is None:
        return schemas.empty(ACCUSATIONS)
    found = findings_of(dossier, listed)
    found = found.filter(pc.is_in(found["verdict"], value_set=pa.array(sorted(AGAINST))))
    if view.party is not None:
        found = found.filter(pc.equal(found["party"], view.party))
    row = pc.index_in(found["subject_id"], value_set=listed["act_id"].combine_chunks())
    beside = {
        name: listed[name].take(row.combine_chunks())
        for name in ("legal_day", "place", "type", "outcome")
    }
    own = {name: found[name] for name in ACCUSATIONS.names if name in found.column_names}
    table = schemas.from_columns(ACCUSATIONS, {**own, **beside}, found.num_rows)
    return table.sort_by([(name, "ascending") for name in ("party", "legal_day", "finding_id")])
