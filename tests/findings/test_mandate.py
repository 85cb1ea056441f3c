"""What nobody may find is not found, and what is counted stays counted."""

from dataclasses import replace

from truces import NOON, clause, evidence, happening, truce, zone

from truceline.findings.find import find_all
from truceline.pipeline import plugins


def test_without_the_grant_nothing_is_found_and_zones_are_still_measured():
    ban = clause("prohibit", {"acts": ["mortar"], "zone": "square"})
    agreement, seen = truce(ban, zones=[zone()]), evidence([happening(began=NOON)])
    kinds = plugins.load("clauses")
    granted = find_all(agreement, seen, kinds)
    observers = replace(agreement, grants=frozenset({"observe", "attribute", "propose"}))
    withheld = find_all(observers, seen, kinds)
    assert granted.findings.num_rows == 2
    assert withheld.findings.num_rows == 0
    assert withheld.findings.schema == granted.findings.schema
    assert set(withheld.zones) == set(granted.zones)
