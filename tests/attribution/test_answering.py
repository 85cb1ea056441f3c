"""For whose acts a party answers: beside authorship, by two roots at least, and alike for both."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from truceline.agreement.terms import Clause, PartyPeriod, Reading
from truceline.attribution.answering import RESPONSIBILITY, responsibilities
from truceline.attribution.attribute import attribute
from truceline.attribution.explain import explain
from truceline.model.time import Interval
from truceline.pipeline import plugins
from truceline.tables import schemas

NOON = datetime(2031, 3, 4, 12, 0, tzinfo=UTC)  # of every act
MIRRORED = {"W": "E", "E": "W"}
KINDS = plugins.load("evidence")
MILITIA = {"groups": ["River Militia"]}
LOW = {"attribution": 0.45, "probable": 0.4}  # what claims and admissions of a group can reach


def bound(party, ended=None):
    when = Interval(began=NOON - timedelta(days=9), ended=ended)
    return (PartyPeriod(party_id=party, when=when),)


def answering(terms, party="E", **fields):
    given = {
        "clause_id": "answer", "article": "Article 5", "kind": "answers_for", "title": "t", "text": "t",
        "periods": bound(party), "terms": terms,
    }  # fmt: skip
    return Clause(**(given | fields))


def charged(case, *clauses, zones=None, findings=None, limits=LOW):
    agreement = replace(case.agreement(), clauses=clauses)
    agreement = replace(agreement, thresholds=replace(agreement.thresholds, **limits))
    found = schemas.empty(schemas.FINDINGS) if findings is None else findings
    table = responsibilities(agreement, case.evidence(), KINDS, zones or {}, found)
    assert table.schema == RESPONSIBILITY
    return table.to_pylist(), agreement


def admitted(case, act, roots=("patrol 1", "patrol 2"), group="River Militia"):
    """Patrols that heard the group say that it did it."""
    for root in roots:
        case.saw(act, root=root, source=root, claimed_actor=group, stance="admits")
        case.saw(act, root=f"{root} watch", source=f"{root} watch", claimed_actor=group)


def test_a_group_that_two_roots_name_is_answered_for_and_authorship_stays_what_it_is(case):
    act = case.act()
    admitted(case, act)
    ((row,), agreement) = charged(case, answering(MILITIA))
    assert (row["act_id"], row["party"], row["standing"]) == (act, "E", "answers_for")
    assert (row["article"], row["answers_for"]) == ("Article 5", "River Militia")
    assert row["authorship"] == "non_party_actor"
    assert row["roots"] >= 2
    attributions, evidence = attribute(agreement, case.evidence(), KINDS)
    assert {each["outcome"] for each in attributions.to_pylist()} == {"non_party_actor"}
    free = replace(agreement, clauses=(), non_party_exclusions=("River Militia",))
    without, _ = attribute(free, case.evidence(), KINDS)
    assert without.equals(attributions)  # that a party answers moves no probability
    said = explain(act, attributions, evidence, agreement, (row,))
    assert "East answers for it under Article 5" in said[-1]
    assert "an actor outside the parties" in said[0]


def test_whether_it_was_the_party_or_its_group_the_party_answers_and_nobody_is_named(case):
    act = case.act(direction="outgoing", lon=20.8)
    case.maps("Atlas")
    case.saw(act, direction="outgoing")
    case.saw(act, direction="outgoing", claimed_actor="East")
    case.saw(act, claimed_actor="River Militia")
    ((row,), agreement) = charged(case, answering(MILITIA), limits={})
    assert (row["party"], row["standing"]) == ("E", "probable")
    assert row["authorship"] == "undetermined"
    attributions, _ = attribute(agreement, case.evidence(), KINDS)
    assert {each["outcome"] for each in attributions.to_pylist()} == {"undetermined"}


def test_one_root_charges_nobody(case):
    act = case.act()
    case.saw(act, root="patrol 1", claimed_actor="River Militia", stance="admits")
    case.saw(act, root="patrol 1", claimed_actor="River Militia")
    ((row,), _) = charged(case, answering(MILITIA))
    assert (row["standing"], row["roots"]) == ("open", 1)
    assert "too little" in row["because"]


def test_a_partys_word_that_it_was_its_rivals_militia_charges_nobody(case):
    act = case.act()
    for number in range(5):
        case.saw(
            act, root=f"w {number}", source="W", source_kind="party", speaker="W",
            claimed_actor="River Militia",
        )  # fmt: skip
    assert charged(case, answering(MILITIA))[0] == []


def test_two_groups_named_for_one_act_leave_it_open(case):
    act = case.act()
    admitted(case, act)
    case.saw(act, claimed_actor="Hill Guard")
    both = answering({"groups": ["River Militia", "Hill Guard"]})
    assert {row["standing"] for row in charged(case, both)[0]} == {"open"}


def test_a_text_that_lets_both_answer_for_one_group_charges_neither(case):
    act = case.act()
    admitted(case, act)
    rows, _ = charged(case, answering(MILITIA, periods=(*bound("W"), *bound("E"))))
    assert {(row["party"], row["standing"]) for row in rows} == {("W", "open"), ("E", "open")}
    assert "does not say which" in rows[0]["because"]


@pytest.mark.parametrize(
    ("direction", "share", "standing"),
    [
        ("outgoing", 0.95, "answers_for"),
        ("outgoing", 0.7, "open"),
        ("outgoing", 0.3, None),
        ("impact", 0.95, None),  # where it landed says nothing about where it came from
    ],
)
def test_an_act_from_an_area_is_answered_for_as_surely_as_it_was_done_from_there(
    case, direction: str, share: float, standing: str | None
):
    case.act(direction=direction)
    case.incidents[0]["independent_roots"] = 2
    rows, _ = charged(case, answering({"zone": "strip"}), zones={"strip": np.array([share])})
    assert [row["standing"] for row in rows] == ([] if standing is None else [standing])


def test_an_area_without_coordinates_is_open(case):
    case.act(direction="outgoing")
    case.incidents[0]["independent_roots"] = 2
    rows, _ = charged(case, answering({"zone": "strip"}))
    assert [(row["standing"], row["p_place"]) for row in rows] == [("open", None)]


def test_what_one_root_tells_of_an_area_is_open(case):
    case.act(direction="outgoing")
    rows, _ = charged(case, answering({"zone": "strip"}), zones={"strip": np.array([1.0])})
    assert [row["standing"] for row in rows] == ["open"]


def test_each_reading_of_a_disputed_clause_stands_beside_its_text(case):
    act = case.act()
    admitted(case, act)
    wide = Reading(
        reading_id="guard-too", held_by=("W",), summary="s", terms={"groups": ["Hill Guard"]}
    )
    nobody = Reading(reading_id="west", held_by=("E",), summary="s", periods=bound("W"))
    rows, _ = charged(case, answering(MILITIA, readings=(wide, nobody)))
    assert {(row["reading"], row["party"], row["standing"]) for row in rows} == {
        (None, "E", "answers_for"),
        ("west", "W", "answers_for"),
    }


def test_before_and_after_the_clause_binds_nobody_answers(case):
    admitted(case, case.act())
    over = answering(MILITIA, periods=bound("E", ended=NOON))
    assert charged(case, over)[0] == []


def test_swapping_the_parties_swaps_who_answers_and_changes_nothing_else(case):
    act = case.act(direction="outgoing")
    admitted(case, act)
    case.saw(act, direction="outgoing", claimed_actor="E")
    case.maps("Atlas")
    rows, _ = charged(case, answering(MILITIA))
    twin, _ = charged(case.mirrored(), answering(MILITIA, party="W"))
    assert [row | {"party": MIRRORED[row["party"]]} for row in rows] == twin
    assert rows
