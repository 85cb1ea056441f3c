"""What one clause permits is taken out of the others that it names, and of no more."""

from typing import Any

import pytest
from truces import NOON, clause, evidence, happening, hours, in_force, truce, zone

from truceline.findings.explain import explain
from truceline.findings.find import find
from truceline.pipeline import plugins

KINDS = plugins.load("clauses")
BAN = clause("prohibit", {"acts": ["mortar", "air_strike"]})


def verdicts(*clauses: Any, **fields: Any) -> dict[str, str]:
    agreement = truce(BAN, *clauses, zones=[zone()])
    found = find(agreement, evidence([happening(**fields)]), KINDS).to_pylist()
    return {row["party"]: row["verdict"] for row in found}


def test_a_permit_takes_its_acts_out_of_the_bans_for_whom_it_binds_and_while_it_does() -> None:
    permit = clause("permit", {"acts": ["mortar"]}, periods=in_force("a", ended=NOON + hours(1)))
    assert verdicts(permit) == {"a": "exempt", "b": "violation"}
    assert verdicts(permit, began=NOON + hours(2)) == {"a": "violation", "b": "violation"}
    assert verdicts(permit, type="air_strike") == {"a": "violation", "b": "violation"}


def test_a_permit_that_names_clauses_relieves_from_those_alone() -> None:
    other = clause("permit", {"acts": ["mortar"], "clauses": ["c-other"]})
    assert set(verdicts(other).values()) == {"violation"}
    named = clause("permit", {"acts": ["mortar"], "clauses": ["c-prohibit"], "zone": "square"})
    assert set(verdicts(named).values()) == {"exempt"}
    assert set(verdicts(named, lat=40.0).values()) == {"violation"}
    agreement = truce(BAN, named, zones=[zone()])
    row = find(agreement, evidence([happening()]), KINDS).to_pylist()[0]
    assert "What clause c-permit (permit) permits was weighed." in explain(row, agreement)[0]


@pytest.mark.parametrize(
    ("kind", "terms"),
    [
        ("permit", {"acts": ["mortar"], "condition": "the commander of the other side agrees"}),
        ("carve_out", {"groups": ["a listed group"], "acts": ["mortar"]}),
    ],
)
def test_a_condition_that_no_evidence_records_leaves_the_act_open(
    kind: str, terms: dict[str, Any]
) -> None:
    assert set(verdicts(clause(kind, terms)).values()) == {"insufficient_evidence"}


def test_an_operation_left_outside_altogether_is_exempt() -> None:
    assert set(verdicts(clause("carve_out", {"acts": ["mortar"]})).values()) == {"exempt"}
    assert set(verdicts(clause("carve_out", {"groups": ["x"]})).values()) == {"violation"}
