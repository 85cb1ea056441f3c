"""What either side's lawyer would try, and what would let one side's people weigh more than the other's."""

from dataclasses import replace

import pytest
from casebook import ACCOUNTS, HOUR, ROSTER, RULES, Desk

from truceline.cases.contract import Account, Rules
from truceline.cases.docket import Docket
from truceline.cases.hearing import unheard
from truceline.cases.moves.emergency import state_of
from truceline.cases.replay import apply


def back(desk: Desk, at, office: str, kind: str, **words):
    """What comes of a move that is written now and gives itself an earlier hour."""
    made = replace(desk.next(office, kind, **words), at=at)
    found = apply(desk.docket, made, desk.rules)
    if isinstance(found, Docket):
        desk.docket = found
        desk.moves.append(made)
    return found


def with_interests(**interests: str) -> tuple:
    """The roster, some offices held by people who serve a party."""
    return tuple(
        (office, role, of, holder, {**more, **({"interest": interests[office.replace("-", "_")]}
         if office.replace("-", "_") in interests else {})})
        for office, role, of, holder, more in ROSTER
    )  # fmt: skip


def test_votes_with_an_earlier_hour_bring_no_lapsed_notice_back():
    desk = Desk().opened().do("emergency", "emergency", text="Keep away from the bridge.")
    given = desk.moves[-1].at
    desk.wait(72)
    told = back(desk, given + HOUR, "chair", "vote_emergency", choice="for")
    assert "the emergency notice is lapsed" in told.why


def test_a_ruling_with_an_earlier_hour_saves_no_lapsed_notice_and_shortens_no_clock():
    """Its last vote is cast five days later, and says that it was cast within the hour."""
    desk = Desk().attributed()
    desk.do("emergency", "emergency", text="Keep away from the bridge.").noticed()
    for party in ("east", "west"):
        desk.do(party, "reply", stance="denies")
    desk.put().do("member-2", "vote", choice="for")
    put = desk.moves[-1].at
    desk.wait(120)
    back(desk, put, "member-3", "vote", choice="for")
    (emergency,) = desk.case.emergencies
    assert desk.case.standing("ruling").at == put
    assert state_of(emergency, desk.case, desk.moves[-1].recorded_at) == "lapsed"
    desk.do("secretary", "start_clock", reading="determination", name="withdraw", due="48 h")
    assert desk.case.clocks[0].due_at == desk.moves[-2].recorded_at + 48 * HOUR


def test_an_earlier_hour_lends_nobody_a_grant_that_has_ended():
    desk = Desk().verified()
    signed = desk.moves[-1].at
    words = {"cites": ["o-1"], "outcome": "attributed", "party": "EAST", "text": "It was.",
             "standard": "clear_and_convincing"}  # fmt: skip
    ended = signed + 10 * HOUR
    body = replace(RULES.mandate.bodies[1], may=RULES.mandate.bodies[1].may[1:])
    mandate = replace(RULES.mandate, bodies=(RULES.mandate.bodies[0], body))
    desk.rules = replace(
        RULES, mandate=mandate, grants=RULES.grants - {"attribute"}, since=ended, earlier=(RULES,)
    )
    desk.wait(48)
    told = back(desk, signed, "attributor-1", "attribute", **words)
    assert "the mandate grants `attribute` to no body" in told.why
    desk.wait(-48)
    desk.do("attributor-1", "attribute", **words)  # in time it is taken


@pytest.mark.parametrize(
    "text",
    ["Korea (North) fires.", "KOREA  (NORTH)", "of Korea\n(North)", "the E\u200bAST fires",
     "the Co\u0302te fires", "ＥＡＳＴ fires", "see_EAST_now", "(east)"],
)  # fmt: skip
def test_no_way_of_writing_a_name_names_a_party_in_a_warning(text):
    """Whatever signs are in its name: one side's must not be easier to name than the other's."""
    rules = replace(RULES, party_names=("Korea (North)", "Côte", "«»"))
    desk = Desk(rules).opened()
    assert "names no party" in desk.refused("emergency", "emergency", text=text)
    desk.do("emergency", "emergency", text="Northern beasts, a coterie, eastward; keep away.")


def test_both_sides_are_given_the_same_time_to_reply():
    desk = Desk().verified()
    desk.do("secretary", "notice", to="EAST", within="24 h")
    desk.do("secretary", "notice", to="WEST", within="9 d").wait(24 * 12)
    why = "EAST: was given less time to reply than another party"
    assert why in desk.refused("publisher", "publish", stage="facts")
    desk.do("secretary", "notice", to="EAST", within="9 d")
    assert "EAST: may reply until" in desk.refused("publisher", "publish", stage="facts")
    desk.wait(24 * 11).do("publisher", "publish", stage="facts")


@pytest.mark.parametrize("late", ["EAST", "WEST"])
def test_a_time_to_reply_that_was_made_longer_is_kept(late):
    desk = Desk().verified().noticed()
    for party in (late, *({"EAST", "WEST"} - {late})):
        desk.do("secretary", "notice", to=party, within="30 d")
    assert late in unheard(desk.case, desk.case.stands[0], RULES, desk.moves[-1].at + 80 * HOUR)
    desk.wait(80)
    assert f"{late}: may reply until" in desk.refused("publisher", "publish", stage="facts")
    desk.wait(24 * 31).do("publisher", "publish", stage="facts")


def test_a_notice_of_a_further_stage_does_not_hold_up_what_was_told_before():
    desk = Desk().verified().noticed().wait(72)
    desk.do("attributor-1", "attribute", cites=["o-1"], outcome="undetermined", text="Open.",
            standard="none").do("attributor-2", "countersign", stage="attribution")  # fmt: skip
    desk.noticed().do("publisher", "publish", stage="facts")


def requests(rules: Rules = RULES) -> Desk:
    desk = Desk(rules)
    desk.do("east", "open", because="party_request", cites=["o-1"], accused=["WEST"])
    return desk.do("west", "open", "c-2", because="party_request", cites=["o-1"], accused=["EAST"])


def test_nobody_takes_back_what_the_other_side_asked_for_as_well():
    """The id under which two requests go on is chance: it must not give one side the other's."""
    desk = requests().do("verifier-1", "duplicate", "c-2", of="c-1")
    for office in ("east", "west", "duty"):
        assert "what EAST, WEST asked for goes on" in desk.refused(office, "withdraw")
    assert requests().do("east", "withdraw").case.status == "withdrawn", "its own it may"


def test_who_asked_is_not_accused_because_cases_were_joined():
    desk = Desk()
    desk.do("duty", "open", because="casualty", cites=["o-1"])
    desk.do("west", "open", "c-2", because="party_request", cites=["o-1"])
    desk.do("verifier-1", "duplicate", "c-2", of="c-1")
    assert desk.case.accused == ()
    assert desk.case.concerned == {"WEST"}, "its people step aside as before"
    assert "what WEST asked for goes on" in desk.refused("duty", "withdraw")


def test_who_steps_aside_takes_the_first_hand_along():
    desk = Desk().opened()
    desk.do("verifier-1", "verify", cites=["o-1", "o-2"], method="crater", text="A shell fell.")
    desk.do("verifier-1", "recuse")
    assert "no draft of the facts waits" in desk.refused("verifier-2", "countersign", stage="facts")
    assert [each.text for each in desk.case.past] == ["A shell fell."], "kept, and carries nothing"


@pytest.mark.parametrize("side", ["EAST", "WEST"])
def test_one_hand_does_not_take_a_sides_seat_from_the_body(side):
    """Whoever serves one side names the other in a draft, and lays another in its place."""
    desk = Desk(rows=with_interests(member_2=side)).verified()
    words = {"cites": ["o-1"], "text": "It was.", "standard": "clear_and_convincing"}
    desk.do("attributor-1", "attribute", outcome="attributed", party=side, **words)
    assert desk.case.concerned == {side}, "while it waits, its people step aside"
    desk.do("attributor-1", "attribute", outcome="undetermined", **words)
    desk.do("attributor-2", "countersign", stage="attribution")
    desk.noticed().wait(72).put().do("member-2", "vote", choice="against")


def test_nobody_keeps_a_ruling_in_by_relieving_who_voted_against_it():
    desk = Desk().attributed().noticed().wait(72).put().do("member-2", "vote", choice="for")
    desk.do("member-4", "vote", choice="against").do("member-3", "vote", choice="for")
    desk.noticed().wait(72)
    assert "has not stated a dissent" in desk.refused("publisher", "publish", stage="ruling")
    desk.do("registrar", "relieve", "-", says={"office": "member-4"})
    assert "not held" in desk.refused("member-4", "vote", choice="for")
    silent = apply(desk.docket, desk.next("publisher", "publish", stage="ruling"), RULES)
    assert isinstance(silent, Docket), "it would stay in for good"
    desk.do("member-4", "dissent", stage="ruling", text="The crater was older.")
    desk.do("publisher", "publish", stage="ruling")
    assert desk.case.published[0].dissents == (desk.moves[-2].sequence,)


@pytest.mark.parametrize("last", ["0-copy", "z-copy"])
def test_whoever_repeats_two_roots_does_not_make_them_one_by_its_id(last, monkeypatch):
    """A side could send in a text that names both, and try words until its id comes first."""
    both = Account(observation_id=last, keys=("agency", "patrol 1"), is_direct=False)
    monkeypatch.setitem(ACCOUNTS, last, both)
    desk = Desk()
    desk.do("duty", "open", because="casualty", cites=[last, "o-1", "o-2"])
    desk.do("verifier-1", "begin").do("verifier-1", "corroborate", cites=[last, "o-1", "o-2"])
    assert desk.case.status == "corroborated"
    assert "the voice of 1" in desk_with(last).refused(
        "verifier-1", "corroborate", cites=["o-2", last]
    )


def desk_with(copy: str) -> Desk:
    desk = Desk()
    desk.do("duty", "open", because="casualty", cites=["o-1", "o-2", copy])
    return desk.do("verifier-1", "begin")
