"""The example of the format page is an agreement, and says what the page says it says."""

import re

from truceline.agreement.check import check
from truceline.agreement.load import load


def test_the_example_of_the_format_page_loads_and_has_no_faults(project_root, tmp_path):
    page = (project_root / "docs" / "reference" / "agreement-format.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (drawing,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    (tmp_path / "agreement.yaml").write_text(example, encoding="utf-8")
    (tmp_path / "map.geojson").write_text(drawing, encoding="utf-8")
    problems = check(tmp_path)
    told = [each for each in problems if each.severity != "note"]
    assert all("has no text_hash" in each.message for each in told), told
    asked = {each.clause_id: each.terms.get("distance_m") for each in load(tmp_path).clauses}
    assert asked["heavy-back@2026-01-01"] == 15000
    assert asked["heavy-back"] == 10000
