"""What is said about an author: reasons in words, no percentage, and why it stops where it stops."""

import re

from truceline.attribution.explain import explain


def told(case, act):
    return explain(act, *case.attribute(), case.agreement())


def test_an_attribution_says_over_whom_and_why(case):
    act = case.act(direction="outgoing", lon=20.8)
    case.maps("Atlas")
    case.definitions["sole_holders"] = {"Tochka-U": "E"}
    case.saw(act, direction="outgoing", weapon="Tochka-U")
    case.saw(act, direction="outgoing")
    said = told(case, act)
    assert said[0].startswith("The listed evidence supports East over")
    assert any(
        "supports East because it was done from ground that the map of Atlas" in s for s in said
    )
    assert any("speaks against West because" in s for s in said)
    assert said[-1] == "This is proposed; only a signed ruling finds."


def test_no_sentence_carries_a_percentage_or_a_probability(case):
    act = case.act(direction="outgoing", lon=20.8)
    case.maps("Atlas")
    case.saw(act, direction="outgoing", claimed_actor="E")
    assert not re.search(r"%|\d\.\d|percent|probabilit", " ".join(told(case, act)))


def test_claims_alone_are_told_that_they_are_claims(case):
    act = case.act()
    case.saw(act, source="E", source_kind="party", speaker="E", claimed_actor="W")
    said = told(case, act)
    assert said[0].startswith("Who did it is undetermined")
    assert said[-1] == "Claims alone name nobody: physical evidence is missing."


def test_an_act_without_evidence_says_so(case):
    said = told(case, case.act())
    assert said == ("Who did it is undetermined.", "No evidence about its author is on record.")


def test_items_that_move_nothing_are_listed_as_such(case):
    act = case.act(direction="outgoing", lon=20.5, error_m=2000.0)
    case.saw(act, direction="outgoing")
    case.maps("Atlas")
    assert any(s.startswith("Listed, but it moves nothing") for s in told(case, act))


def test_an_act_that_was_not_judged_has_no_sentence(case):
    case.act()
    assert explain("a-none", *case.attribute(), case.agreement()) == ()
