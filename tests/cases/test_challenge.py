"""A member is challenged and the others decide; an emergency notice is confirmed, lifted, or lapses."""

import pytest
from casebook import Desk

from truceline.cases.moves.emergency import state_of
from truceline.cases.replay import replay
from truceline.cases.tell import tell


def put():
    """A ruling lies before a body of four, whose quorum is three."""
    return Desk().attributed().noticed().wait(72).put()


def test_while_a_member_is_challenged_the_body_does_not_go_on():
    desk = put().do("east", "challenge", says={"office": "member-2"})
    for office in ("member-2", "member-3"):
        assert "member-2 is challenged" in desk.refused(office, "vote", choice="for")
    assert "`member-2` is challenged" in desk.refused(
        "member-2", "reconsider", stage="facts", cites=["o-4"]
    )


def test_the_others_uphold_it_and_the_member_is_out_with_its_vote():
    desk = (
        put()
        .do("member-2", "vote", choice="for")
        .do("east", "challenge", says={"office": "member-2"})
    )
    assert "without the member" in desk.refused(
        "member-2", "decide_challenge", says={"office": "member-2", "choice": "against"}
    )
    desk.do("chair", "decide_challenge", says={"office": "member-2", "choice": "for"})
    assert desk.case.challenges[0].outcome == ""  # one of three is no majority
    desk.do("member-3", "decide_challenge", says={"office": "member-2", "choice": "for"})
    assert desk.case.challenges[0].outcome == "upheld"
    assert desk.case.recused == ("p-8",)
    assert [each.office for each in desk.case.ballots] == ["chair"]
    assert "stepped aside" in desk.refused("member-2", "vote", choice="for")
    desk.do("member-3", "vote", choice="for").do("member-4", "vote", choice="for")
    assert desk.case.standing("ruling").offices == ("chair", "member-3", "member-4")


@pytest.mark.parametrize("choices", [("against", "against"), ("for", "against", "abstain")])
def test_without_a_majority_for_it_the_member_stays_and_is_not_challenged_again(choices):
    desk = put().do("west", "challenge", says={"office": "member-2"})
    for office, choice in zip(("chair", "member-3", "member-4"), choices, strict=False):
        desk.do(office, "decide_challenge", says={"office": "member-2", "choice": choice})
    assert desk.case.challenges[0].outcome == "dismissed"
    assert desk.case.recused == ()
    assert "before: dismissed" in desk.refused("west", "challenge", says={"office": "member-2"})
    desk.do("east", "challenge", says={"office": "member-2"})  # the other party has its own
    assert desk.case.challenges[1].outcome == ""


def test_each_side_may_challenge_and_a_liaison_names_a_seat():
    desk = put()
    for office in ("verifier-1", "nobody"):
        assert "no seat of a body" in desk.refused("east", "challenge", says={"office": office})
    assert "may not `challenge`" in desk.refused("chair", "challenge", says={"office": "member-2"})
    assert "no challenge of `member-3` waits" in desk.refused(
        "chair", "decide_challenge", says={"office": "member-3", "choice": "for"}
    )


def test_who_is_challenged_may_step_aside_and_that_settles_it():
    desk = put().do("east", "challenge", says={"office": "member-2"}).do("member-2", "recuse")
    assert desk.case.challenges[0].outcome == "stepped_aside"
    desk.do("member-3", "vote", choice="for")
    assert replay(desk.moves, desk.rules) == desk.docket


def warned():
    return Desk().opened().do("emergency", "emergency", text="Keep away from the bridge.")


def state(desk, hours=0):
    notice = desk.case.emergencies[-1]
    return state_of(notice, desk.case, notice.at + hours * (notice.lapses_at - notice.at) / 24)


def test_a_notice_that_the_body_confirms_in_time_does_not_lapse():
    desk = warned()
    for office in ("chair", "member-2"):
        desk.do(office, "vote_emergency", choice="for")
    assert (state(desk, 23), state(desk, 24)) == ("standing", "lapsed")  # two of a quorum of three
    desk.do("member-3", "vote_emergency", choice="for")
    assert (state(desk, 1), state(desk, 1000)) == ("confirmed", "confirmed")
    assert desk.case.stands == ()  # it finds nothing
    assert "is confirmed" in desk.refused("member-4", "vote_emergency", choice="against")


def test_a_notice_is_lifted_by_the_majority_that_could_confirm_it():
    desk = warned()
    for office in ("chair", "member-2", "member-3"):
        desk.do(office, "vote_emergency", choice="against")
    assert state(desk, 5) == "lifted"


def test_even_votes_leave_it_to_lapse_and_no_vote_brings_it_back():
    desk = warned()
    for office, choice in (("chair", "for"), ("member-2", "for"), ("member-3", "against")):
        desk.do(office, "vote_emergency", choice=choice)
    assert "has voted" in desk.refused("chair", "vote_emergency", choice="for")
    desk.wait(24)
    assert "notice is lapsed" in desk.refused("member-4", "vote_emergency", choice="for")
    assert state(desk, 24) == "lapsed"


def told(desk, hours):
    notice = desk.case.emergencies[-1]
    at = notice.at + hours * (notice.lapses_at - notice.at) / 24
    (line,) = (line for line in tell(desk.case, desk.rules, at) if "emergency notice" in line)
    return line.partition(": ")[2]


def test_the_hour_of_lapsing_is_told_only_of_a_notice_that_lapses():
    desk = warned()
    hour = f"{desk.case.emergencies[-1].lapses_at:%Y-%m-%d %H:%M} UTC"
    assert told(desk, 1) == f"standing until {hour}"
    assert told(desk, 30) == f"lapsed at {hour}"
    for office in ("chair", "member-2", "member-3"):
        desk.do(office, "vote_emergency", choice="for")
    for hours in (5, 30):
        assert told(desk, hours) == "confirmed, so it stands beyond 24 hours"
    desk = warned()
    for office in ("chair", "member-2", "member-3"):
        desk.do(office, "vote_emergency", choice="against")
    assert told(desk, 5) == "lifted"


def test_whoever_stepped_aside_has_no_vote_on_the_notice():
    desk = warned().do("member-2", "recuse")
    assert "stepped aside" in desk.refused("member-2", "vote_emergency", choice="for")
    assert "no emergency notice" in Desk().opened().refused("chair", "vote_emergency", choice="for")


def test_a_cleared_stage_has_a_name_of_its_own():
    desk = Desk().ruled().noticed().wait(72)
    desk.do("publisher", "publish", stage="ruling", name="bridge, first ruling")
    desk.do("publisher", "publish", stage="facts")
    ruling, facts = desk.case.published
    assert ruling.name == "bridge, first ruling"
    assert facts.name == f"c-1/facts/{desk.case.standing('facts').sequence}"
    assert "is named" in desk.refused(
        "publisher", "publish", stage="attribution", name="bridge, first ruling"
    )
