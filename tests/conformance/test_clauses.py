"""Every clause kind keeps the contract, and the suite sees it when one does not."""

import re
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from truceline.agreement.load import load
from truceline.findings.conformance import check_clause
from truceline.findings.contract import Asked, Breach, ClauseKind
from truceline.pipeline import plugins

KINDS = plugins.load("clauses")


def agreement() -> Any:
    return load("minsk-2", kinds={name: kind.terms for name, kind in KINDS.items()})


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_clause_kind_keeps_the_contract(name: str) -> None:
    truce = agreement()
    assert check_clause(KINDS[name], truce, truce.clauses[0]) == []


def test_every_clause_of_the_library_is_of_a_kind() -> None:
    assert {clause.kind for clause in agreement().clauses} <= set(KINDS)


def misspelt(asked: Asked) -> Breach:
    return Breach(types=frozenset({"morter"}))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"name": "Prohibit It"}, "not one lower-case word"),
        ({"summary": "Ends with a stop."}, "full stop"),
        ({"breach": None}, "give at least one"),
        ({"breach": misspelt}, "'morter' is not an incident type"),
        ({"breach": lambda asked: "violation"}, "gives a str"),
        ({"terms": MappingProxyType({"type": 3})}, "not a JSON Schema"),
        ({"terms": MappingProxyType({"type": "object"})}, "unknown terms"),
        ({"example": {"acts": ["mortar"], "where": "here"}}, "breaks the schema"),
    ],
)
def test_the_suite_finds_what_is_wrong(change: dict[str, Any], fault: str) -> None:
    broken: ClauseKind = replace(KINDS["prohibit"], **change)
    truce = agreement()
    assert any(fault in each for each in check_clause(broken, truce, truce.clauses[0]))


def test_the_example_on_the_contract_page_keeps_the_contract(project_root: Path) -> None:
    page = (project_root / "docs" / "reference" / "clause-kinds.md").read_text(encoding="utf-8")
    written: dict[str, Any] = {}
    exec(re.search(r"```python\n(.*?)```", page, re.DOTALL)[1], written)
    truce = agreement()
    assert check_clause(written["CLAUSE"], truce, truce.clauses[0]) == []
    assert all(f"| `{name}` |" in page for name in KINDS)
