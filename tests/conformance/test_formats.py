"""Every format keeps the contract of formats."""

from dataclasses import replace

import pytest

from truceline.pipeline import plugins
from truceline.reports.conformance import check

FORMATS = plugins.load("formats")


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_format_keeps_its_contract(name):
    assert check(FORMATS[name]) == []


def test_the_suite_finds_a_format_that_changes_from_one_moment_to_the_next():
    turns = iter(range(1000))
    restless = replace(FORMATS["geojson"], render=lambda release: str(next(turns)).encode())
    assert any("other bytes the second time" in fault for fault in check(restless))


def test_the_suite_finds_a_format_that_tells_a_true_place():
    telling = replace(
        FORMATS["geojson"], render=lambda release: b"47.76153564453125 -37.95977783203125"
    )
    assert any("true place" in fault for fault in check(telling))


def test_the_suite_finds_a_format_that_does_not_say_by_which_rules_it_was_made():
    silent = replace(FORMATS["geojson"], render=lambda release: release.record_head.encode())
    assert any("is not stated" in fault for fault in check(silent))
    bare = replace(FORMATS["geojson"], render=lambda release: release.rules.name.encode())
    assert any("is not stated" in fault for fault in check(bare))
