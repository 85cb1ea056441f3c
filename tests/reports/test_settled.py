"""What several judgements of one cell make of stocks that not all of them hold against a clause."""

import pyarrow as pa
import pytest

from truceline.model.errors import PublicationError
from truceline.reports.settled import NEAR_EDGE, verdicts
from truceline.tables import schemas

WIDE = pa.array([], pa.string())


def judged(kind, *ids):
    """FINDINGS on these subjects, each a breach."""
    row = {
        "party": "A", "clause_id": "cap", "agreement_version": "1", "verdict": "violation",
        "threshold": 0.9, "trace": "kind=cap", "p_violation": 1.0, "subject_kind": kind,
        **dict.fromkeys(("p_compliant", "p_permitted_response", "p_exempt", "p_insufficient"), 0.0),
    }  # fmt: skip
    rows = [row | {"finding_id": f"f-{each}", "subject_id": each} for each in ids]
    return pa.Table.from_pylist(rows, schema=schemas.FINDINGS)


@pytest.mark.parametrize("at", [0, 3, 5])
def test_a_stock_that_counts_only_from_some_places_of_the_cell_is_withheld_and_stops_nothing(at):
    each = [judged("holding", "h-1", "h-2") for _ in range(6)]
    each[at] = judged("holding", "h-1")
    told = dict(
        zip(*(verdicts(each, WIDE)[n].to_pylist() for n in ("subject_id", "verdict")), strict=True)
    )
    assert told == ({"h-1": "violation"} if at == 0 else {"h-1": "violation", "h-2": NEAR_EDGE})


def test_an_act_that_only_some_judgements_know_is_a_fault_and_nothing_is_released():
    each = [judged("act", "a-1", "a-2") for _ in range(6)]
    each[2] = judged("act", "a-1")
    with pytest.raises(PublicationError, match="finding_id"):
        verdicts(each, WIDE)
