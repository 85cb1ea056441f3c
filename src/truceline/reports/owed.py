"""What was owed by a date, and whether it was done: a row for each date, party and clause.

Who owes a thing is the one who did not do it, so nobody's authorship is asked. What a body owes is
told under the body's own name and charged to no side. A release tells the legal day by whose close
a thing was due and how many days late it came; never the site, nor the hour of a visit.
"""

import math
from collections import Counter
from datetime import datetime
from typing import Any

import pyarrow as pa

from truceline.reports.columns import DUTIES
from truceline.reports.contract import Dossier, Release
from truceline.reports.subjects import code_of, due_on, is_owed
from truceline.tables import schemas

_DAY_S = 86_400.0
_REASONS = ("denied", "blind", "silent", "gap")
_ORDER = ("owed_by", "due_on", "clause_id", "reading", "verdict", "subject_id")


def duties(dossier: Dossier) -> pa.Table:
    """Rows of DUTIES for the findings on omissions that the dossier holds.

    The rules of publication take the instant and the site out of what leaves.

    Examples
    --------
    >>> from truceline.reports.sample import sample
    >>> sorted({row["owed_by"] for row in duties(sample()).to_pylist()})
    ['A', 'B', 'monitors']
    """
    found = dossier.findings.filter(is_owed(dossier.findings))
    rows = [_row(dossier, row) for row in found.to_pylist()]
    columns = {name: [row[name] for row in rows] for name in DUTIES.names}
    table = schemas.from_columns(DUTIES, columns, len(rows))
    return table.sort_by([(name, "ascending") for name in _ORDER])


def with_due_dates(findings: pa.Table) -> list[tuple[str, datetime]]:
    """Subject and date of each finding on an omission."""
    found = findings.filter(is_owed(findings)).select(["subject_id", "trace"]).to_pylist()
    return [(row["subject_id"], _due(code_of(row["trace"]))) for row in found]


def _row(dossier: Dossier, row: dict[str, Any]) -> dict[str, Any]:
    code = code_of(row["trace"])
    due = _due(code)
    late_s = row["margin_s"] if row["margin_s"] is not None and row["margin_s"] > 0 else None
    own = {name: row[name] for name in ("finding_id", "subject_id", "clause_id", "reading")}
    return own | {
        "owed_by": row["party"],
        "is_body": row["party"] not in dossier.agreement.party_ids(),
        "due_on": due_on(due, dossier.agreement.calendar),
        "due_at": due,
        "site": code.get("site"),
        "verdict": row["verdict"],
        "state": _state(code["done"], late_s),
        "days_late": None if late_s is None else math.ceil(late_s / _DAY_S),
        "shown_by": code.get("by"),
        "because": ";".join(name for name in _REASONS if name in code),
    }


def _state(done: str, late_s: float | None) -> str:
    if done == "yes":
        return "done"
    if late_s is not None:
        return "late"
    return "outstanding" if done == "no" else "unclear"


def _due(code: dict[str, str]) -> datetime:
    return datetime.fromisoformat(code["due"])


def asked(release: Release) -> Counter[tuple[str, str | None, str, str]]:
    """Findings that ask who did something: clause, reading, party and verdict of all but the duties."""
    found: Counter[tuple[str, str | None, str, str]] = Counter()
    for row in release.verdicts.to_pylist():
        found[row["clause_id"], row["reading"], row["party"], row["verdict"]] += row["findings"]
    for row in release.duties.to_pylist():
        found[row["clause_id"], row["reading"], row["owed_by"], row["verdict"]] -= 1
    return +found
