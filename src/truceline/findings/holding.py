"""Holdings: weapons and troops at a site, against withdrawals, exclusions and caps."""

from collections.abc import Mapping

import pyarrow as pa

from truceline.agreement.terms import Agreement
from truceline.findings.contract import ClauseKind, Subjects
from truceline.findings.question import Builder


def chunks(
    builder: Builder,
    agreement: Agreement,
    evidence: Subjects,
    kinds: Mapping[str, ClauseKind],
) -> list[pa.Table]:
    """Rows for holdings."""
    return []
