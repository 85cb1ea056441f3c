"""Every counting rule keeps the contract, and the suite sees it when one does not."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from truceline.findings.conformance import check_counting
from truceline.pipeline import plugins

RULES = plugins.load("counting")


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_counting_rule_keeps_the_contract(name: str) -> None:
    assert check_counting(RULES[name]) == []


@pytest.mark.parametrize(
    ("amount", "fault"),
    [
        (lambda c: np.ones(c.acts.num_rows), "not int64"),
        (lambda c: -np.ones(c.acts.num_rows, np.int64), "less than nothing"),
        (lambda c: np.array([0, 1, 1, 1, 1][: c.acts.num_rows]), "unknown is not zero"),
    ],
)
def test_the_suite_finds_what_is_wrong(amount: Any, fault: str) -> None:
    broken = replace(RULES["acts"], amount=amount)
    assert any(fault in each for each in check_counting(broken))


def test_the_example_on_the_contract_page_keeps_the_contract(project_root: Path) -> None:
    page = (project_root / "docs" / "reference" / "counting-rules.md").read_text(encoding="utf-8")
    written: dict[str, Any] = {}
    exec(re.search(r"```python\n(.*?)```", page, re.DOTALL)[1], written)
    assert check_counting(written["COUNT"]) == []
    assert all(f"| `{name}` |" in page for name in RULES)
