"""The format on the contract page is a whole one."""

import re

from truceline.reports.conformance import check


def test_the_format_of_the_contract_page_keeps_the_contract(project_root):
    page = (project_root / "docs" / "reference" / "report-formats.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", page, re.DOTALL)[1]
    space = {}
    exec(compile(code, "report-formats.md", "exec"), space)
    assert check(space["FORMAT"]) == []
