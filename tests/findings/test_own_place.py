"""What is dug where it was seen stands there: its place is its own, and no fire to be traced back."""

import pytest
from truces import clause, evidence, happening, truce, zone

from truceline.findings.find import find
from truceline.pipeline import plugins

LEAVING = {
    "eif": "2026-05-01T00:00+03:00",
    "phases": [{"name": "west", "after_days": 6, "zone": "square"}],
}


@pytest.mark.parametrize(("lat", "verdict"), [(48.5, "violation"), (49.5, "compliant")])
def test_works_seen_in_a_zone_that_must_be_left_break_the_clause_and_elsewhere_do_not(
    lat: float, verdict: str
) -> None:
    agreement = truce(clause("phase", LEAVING), zones=[zone()])
    seen = evidence([happening(type="fortification", lat=lat)])
    found = find(agreement, seen, plugins.load("clauses")).to_pylist()
    assert [row["verdict"] for row in found] == [verdict, verdict]
