"""Every measure keeps the contract, whoever wrote it."""

from dataclasses import replace

import pytest

from truceline.model.vocabulary import NEVER_PROPOSED, RemedyType
from truceline.pipeline import plugins
from truceline.remedies.conformance import check
from truceline.remedies.contract import ACCUSED, Certainty

MEASURES = plugins.load("measures")


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES.keys())
def test_a_measure_keeps_the_contract(measure):
    assert check(measure) == []


def test_every_stored_word_that_may_be_proposed_has_a_measure_and_no_other_has():
    assert set(MEASURES) == {each.value for each in RemedyType if each not in NEVER_PROPOSED}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"name": "sanctions_snapback"}, "never proposed"),
        ({"asks": "that both sides retaliate"}, "never proposed"),
        ({"needs": Certainty.OPEN, "addressees": (ACCUSED,)}, "nobody need know"),
        ({"needs": Certainty.PROBABLE, "is_coercive": True}, "attributed author"),
        ({"misfit": lambda occasion: "" if occasion.party == "A" else "no"}, "fits one party"),
    ],
)
def test_a_measure_out_of_bounds_is_caught(change, fault):
    assert any(fault in each for each in check(replace(MEASURES["clarify"], **change)))
