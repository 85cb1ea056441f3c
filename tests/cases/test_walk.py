"""One case from allegation to ruling and publication, and each rule that stands in the way."""

from dataclasses import replace
from datetime import timedelta

import pytest
from casebook import ACCOUNTS, COMMISSION, HOUR, MISSION, ROSTER, RULES, Desk, body

from truceline.agreement.terms import Mandate
from truceline.cases.book import KINDS
from truceline.cases.contract import NEEDS, NO_CASE, SIGNS, Role, Stage
from truceline.cases.moves.emergency import state_of
from truceline.cases.replay import apply


def test_a_case_walks_from_allegation_to_ruling_and_out():
    desk = Desk().ruled()
    assert [each.stage for each in desk.case.stands] == ["facts", "attribution", "ruling"]
    assert desk.case.standing("ruling").offices == ("chair", "member-2", "member-3")
    assert "no notice" in desk.refused("publisher", "publish", stage="ruling")
    desk.noticed()
    assert "may reply until" in desk.refused("publisher", "publish", stage="ruling")
    desk.do("east", "reply", stance="denies").wait(72).do("publisher", "publish", stage="ruling")
    (out,) = desk.case.published
    assert out.replies == (desk.case.replies[0].sequence,)
    assert out.silent == ("WEST",)


def test_each_move_needs_a_reason():
    desk = Desk()
    bare = replace(desk.next("duty", "open", because="casualty", cites=["o-1"]), reason=" ")
    desk.next = lambda *_, **__: bare
    assert "no reason" in desk.refused("duty", "open")


def test_copies_of_one_voice_do_not_corroborate():
    desk = Desk().do("duty", "open", because="casualty", cites=["o-2", "o-3"])
    desk.do("verifier-1", "begin")
    why = desk.refused("verifier-1", "corroborate", cites=["o-2", "o-3"])
    assert "the voice of 1" in why
    assert "neither" in desk.refused("verifier-1", "verify", cites=["o-2"], method="m", text="t")
    desk.do("verifier-1", "add", cites=["o-4"]).do(
        "verifier-1", "corroborate", cites=["o-2", "o-4"]
    )
    assert desk.case.status == "corroborated"


def test_what_the_mission_saw_is_verified_without_a_second_root():
    desk = Desk().do("duty", "open", because="casualty", cites=["o-1"]).do("duty", "begin")
    desk.do("verifier-1", "verify", cites=["o-1"], method="seen", text="A shell fell.")
    assert desk.case.status == "under_verification"
    desk.do("verifier-2", "countersign", stage="facts")
    assert desk.case.status == "verified"


def test_the_second_hand_is_another_persons_even_from_another_office():
    rows = (*ROSTER, ("verifier-9", "verifier", "mission", "p-3", {}))
    desk = Desk(rows=rows).opened()
    desk.do("verifier-1", "verify", cites=["o-1"], method="seen", text="A shell fell.")
    assert "drafted it" in desk.refused("verifier-1", "countersign", stage="facts")
    assert "drafted it as `verifier-1`" in desk.refused("verifier-9", "countersign", stage="facts")


@pytest.mark.parametrize("stage", [Stage.FACTS, Stage.ATTRIBUTION])
def test_who_signed_one_stage_signs_no_other_by_any_office(stage):
    holder = {Stage.FACTS: "p-3", Stage.ATTRIBUTION: "p-5"}[stage]
    both = ("attributor-9", "attributor", "commission", holder, {})
    seat = ("member-9", "adjudicator", "commission", holder, {})
    desk = Desk(rows=(*ROSTER, both, seat)).verified()
    attribution = {"outcome": "undetermined", "standard": "none", "text": "Not known."}
    if stage is Stage.FACTS:
        why = desk.refused("attributor-9", "attribute", cites=["o-1"], **attribution)
        assert "signed the facts" in why
    desk.do("attributor-1", "attribute", cites=["o-1"], **attribution)
    desk.do("attributor-2", "countersign", stage="attribution").noticed().wait(72).put()
    assert f"signed the {stage}" in desk.refused("member-9", "vote", choice="for")


def test_no_role_signs_two_stages_and_each_needs_its_own_grant():
    assert len(set(SIGNS.values())) == len(Stage)
    assert len({NEEDS[role] for role in SIGNS.values()}) == len(Stage)


@pytest.mark.parametrize(("act", "role"), [("rule", "adjudicator"), ("publish", "publisher")])
def test_what_is_not_granted_has_no_office(act, role):
    kept = RULES.grants - {act}
    desk = Desk(replace(RULES, grants=kept), rows=ROSTER[:1])
    words = {"office": "x", "as": role, "body": "commission", "holder": "p-1"}
    assert "to no body" in desk.refused("registrar", "appoint", NO_CASE, says=words)


def test_an_office_of_a_body_without_the_grant_is_not_filled():
    words = {"office": "x", "as": "adjudicator", "body": "mission", "holder": "p-1"}
    assert "does not let `mission` rule" in Desk().refused(
        "registrar", "appoint", NO_CASE, says=words
    )


def test_a_name_is_no_service_code():
    words = {"office": "x", "as": "verifier", "body": "mission", "holder": "jane-doe"}
    assert "no service code" in Desk().refused("registrar", "appoint", NO_CASE, says=words)


def test_a_ruling_waits_for_both_parties_to_be_heard():
    desk = Desk().attributed()
    rule = {"verdict": "violation", "clauses": "1", "standard": "reasonable_grounds", "text": "t"}
    assert "EAST: no notice" in desk.refused("chair", "rule", cites=["o-1"], **rule)
    desk.do("secretary", "notice", to="EAST", within="72 h").wait(100)
    why = desk.refused("chair", "rule", cites=["o-1"], **rule)
    assert "WEST: no notice" in why
    assert "EAST" not in why


def test_an_earlier_hour_does_not_shorten_the_reply():
    desk = Desk().attributed()
    for party in RULES.parties:
        early = desk.next("secretary", "notice", to=party, within="72 h")
        early = replace(early, recorded_at=early.at + 50 * HOUR)
        desk.next, kept = (lambda *_, move=early, **__: move), desk.next
        desk.do("secretary", "notice")
        desk.next = kept
    desk.wait(73)
    assert "may reply until" in desk.refused("publisher", "publish", stage="facts")
    assert "may reply" not in str(desk.wait(50).do("publisher", "publish", stage="facts").case)


def test_an_hour_that_has_not_come_is_refused_but_in_a_made_up_mission():
    desk = Desk()
    ahead = desk.next("duty", "open", because="casualty", cites=["o-1"])
    ahead = replace(ahead, recorded_at=ahead.at - timedelta(days=1))
    desk.next = lambda *_, **__: ahead
    assert "not come yet" in desk.refused("duty", "open")
    desk.rules = replace(RULES, is_hypothetical=True)
    desk.do("duty", "open")


def test_silence_changes_nothing_but_the_wait():
    answered, quiet = Desk().attributed().noticed(), Desk().attributed().noticed()
    for party in ("east", "west"):
        answered.do(party, "reply", stance="denies")
        quiet.hours += 1  # the same hours pass
    for desk in (answered.wait(72), quiet.wait(72)):
        desk.do("publisher", "publish", stage="attribution")
    assert answered.case.stands == quiet.case.stands
    assert quiet.case.published[0].silent == RULES.parties
    assert quiet.case.replies == ()


def test_a_reply_must_have_time():
    desk = Desk().verified()
    assert "too short" in desk.refused("secretary", "notice", to="EAST", within="23 h")


def test_votes_quorum_and_a_fallen_ruling():
    desk = Desk().attributed().noticed().wait(72).put().do("member-2", "vote", choice="for")
    assert desk.case.standing("ruling") is None
    assert "has voted" in desk.refused("member-2", "vote", choice="for")
    for office in ("member-3", "member-4"):
        desk.do(office, "vote", choice="against")
    assert desk.case.draft("ruling").is_deadlocked
    assert "not appointed" in desk.refused("member-2", "break_deadlock", choice="for")
    desk.do("chair", "break_deadlock", choice="against")
    assert desk.case.draft("ruling") is None
    assert desk.case.past[-1].word == "violation"


def test_a_deadlock_without_a_way_out_finds_nothing():
    silent = replace(COMMISSION, deadlock="")
    rules = replace(RULES, mandate=Mandate(bodies=(MISSION, silent), is_stated=True))
    desk = Desk(rules).attributed().noticed().wait(72).put().do("member-2", "vote", choice="for")
    for office in ("member-3", "member-4"):
        desk.do(office, "vote", choice="against")
    assert "no way out" in desk.refused("chair", "break_deadlock", choice="for")
    assert desk.case.standing("ruling") is None


def test_who_voted_against_is_heard_before_the_ruling_leaves():
    desk = Desk().attributed().noticed().wait(72).put().do("member-2", "vote", choice="for")
    desk.do("member-4", "vote", choice="against").do("member-3", "vote", choice="for").noticed()
    desk.wait(72)
    assert "member-4 voted against" in desk.refused("publisher", "publish", stage="ruling")
    assert "signed it" in desk.refused("chair", "dissent", stage="ruling", text="No.")
    desk.do("member-4", "dissent", stage="ruling", text="The crater says otherwise.")
    desk.do("publisher", "publish", stage="ruling")
    assert desk.case.published[0].dissents == (desk.case.dissents[0].sequence,)


def test_who_steps_aside_neither_votes_nor_counts():
    desk = Desk().attributed().noticed().wait(72).put().do("member-2", "vote", choice="for")
    desk.do("member-4", "recuse")
    assert "stepped aside" in desk.refused("member-4", "vote", choice="for")
    desk.do("member-3", "vote", choice="against")  # two of three seats carry it
    assert desk.case.standing("ruling").offices == ("chair", "member-2")


def test_too_few_seats_come_to_no_ruling():
    desk = Desk().attributed().noticed().wait(72)
    desk.do("member-4", "recuse").do("member-3", "recuse")
    rule = {"verdict": "violation", "clauses": "1", "standard": "reasonable_grounds", "text": "t"}
    assert "its quorum is 3" in desk.refused("chair", "rule", cites=["o-1"], **rule)


@pytest.mark.parametrize("party", ["EAST", "WEST"])
def test_who_serves_a_party_that_is_named_steps_aside_whichever_it_is(party):
    rows = tuple(
        (o, r, b, h, {**m, "interest": party} if o == "member-4" else m) for o, r, b, h, m in ROSTER
    )
    desk = Desk(rows=rows).attributed(party).noticed().wait(72).put()
    assert f"serves `{party}`" in desk.refused("member-4", "vote", choice="for")
    desk = Desk(rows=rows).attributed({"EAST": "WEST", "WEST": "EAST"}[party])
    desk.noticed().wait(72).put().do("member-4", "vote", choice="for")


def test_reconsideration_takes_new_evidence_and_keeps_every_signature():
    desk = Desk().ruled()
    assert "nothing cited is new" in desk.refused(
        "east", "reconsider", stage="facts", cites=["o-1"]
    )
    desk.do("duty", "add", cites=["o-4"])  # adding what is new does not bury it
    desk.do("east", "reconsider", stage="facts", cites=["o-4"])
    assert desk.case.status == "under_verification"
    assert desk.case.stands == ()
    assert [each.stage for each in desk.case.past] == ["facts", "attribution", "ruling"]
    assert "does not stand" in desk.refused("publisher", "publish", stage="ruling")
    assert {each.holder for each in desk.case.signatures} >= {"p-3", "p-4", "p-5", "p-6", "p-7"}


def test_an_emergency_notice_lapses_after_a_day_names_nobody_and_is_not_renewed():
    desk = Desk().opened()
    assert "names no party" in desk.refused("emergency", "emergency", text="East is firing.")
    desk.rules = replace(RULES, party_names=("Westlanders",))
    assert "Westlanders" in desk.refused("emergency", "emergency", text="The westlanders fire.")
    desk.do("emergency", "emergency", text="Fire near the crossing; keep away.")
    (notice,) = desk.case.emergencies
    assert notice.lapses_at - notice.at == 24 * HOUR
    assert state_of(notice, desk.case, notice.lapses_at - HOUR) == "standing"
    assert state_of(notice, desk.case, notice.lapses_at) == "lapsed"
    assert "nothing is new" in desk.refused("emergency", "emergency", text="Still firing.")


def test_an_emergency_notice_ruled_upon_in_time_does_not_lapse():
    desk = Desk().attributed().noticed().wait(72)
    desk.do("emergency", "emergency", text="Fire near the crossing.").put()
    desk.do("member-2", "vote", choice="for").do("member-3", "vote", choice="for")
    (notice,) = desk.case.emergencies
    assert state_of(notice, desk.case, notice.lapses_at + HOUR) == "ruled"


def test_a_clock_is_started_by_an_office_on_a_reading():
    desk = Desk().attributed()
    clock = {"name": "pull_back", "due": "14 d"}
    assert "no ruling" in desk.refused("secretary", "start_clock", reading="breach", **clock)
    desk = Desk().ruled()
    assert "counts from" in desk.refused("secretary", "start_clock", **clock)
    desk.do("secretary", "start_clock", reading="determination", **clock)
    (running,) = desk.case.clocks
    assert (running.office, running.role, running.reading) == (
        "secretary",
        "secretary",
        "determination",
    )
    assert running.due_at.isoformat() == "2026-03-20T22:00:00+00:00"  # midnight in Kyiv
    breach = {"name": "clarify", "due": "24 h", "reading": "breach"}
    for wrong in ("", "yesterday", "2026-03-02T06:00", "2027-01-01T00:00Z"):
        why = desk.refused("secretary", "start_clock", breach_at=wrong or "-", **breach)
        assert "no hour of a breach" in why
    desk.do("secretary", "start_clock", breach_at="2026-03-02T08:00+02:00", **breach)
    assert desk.case.clocks[1].due_at.isoformat() == "2026-03-03T06:00:00+00:00"
    desk.do("secretary", "stop_clock", name="pull_back")
    assert desk.case.clocks[0].stopped_because == "because"


def test_a_duplicate_hands_over_evidence_and_every_hand():
    desk = Desk(rows=(*ROSTER, ("attributor-9", "attributor", "commission", "p-3", {}))).opened()
    desk.do("verifier-1", "corroborate", cites=["o-1", "o-2"])
    desk.do("duty", "open", "c-2", because="pattern", cites=["o-4"])
    desk.do("verifier-2", "duplicate", of="c-2")
    other = desk.docket.cases["c-2"]
    assert desk.case.status == "duplicate"
    assert other.observations == ("o-4", "o-1", "o-2")
    assert [each.holder for each in other.signatures] == ["p-3"]


def test_a_request_is_a_partys_own_to_make_and_to_take_back():
    desk = Desk().do("east", "open", because="party_request", accused=["WEST"])
    assert desk.case.requester == "EAST"
    assert "at the request of `EAST`" in desk.refused("west", "withdraw")
    assert "at the request of `EAST`" in desk.refused("duty", "withdraw")
    desk.do("east", "withdraw")
    assert desk.case.status == "withdrawn"


def test_routine_counts_are_signed_by_two_over_the_same_figures_after_the_day():
    desk = Desk().wait(48)
    batch = {"day": "2026-03-02", "rule": "smm", "area": "north", "digest": "ab"}
    future = {**batch, "day": "2027-01-01"}
    assert "closes at" in desk.refused("verifier-1", "sign_counts", NO_CASE, **future)
    desk.do("verifier-1", "sign_counts", NO_CASE, says={**batch, "except": ["o-1"]})
    assert "same person" in desk.refused("verifier-1", "countersign_counts", NO_CASE, **batch)
    other = {**batch, "digest": "cd"}
    assert "not those" in desk.refused("verifier-2", "countersign_counts", NO_CASE, **other)
    early = desk.next("verifier-2", "countersign_counts", NO_CASE, **batch)
    early = replace(early, at=early.at - 5 * HOUR)
    assert "signed since" in apply(desk.docket, early, RULES).why
    desk.do("verifier-2", "countersign_counts", NO_CASE, **batch)
    (signed,) = desk.docket.counts.values()
    assert signed.is_signed
    assert signed.taken_out == ("o-1",)


def test_an_office_acts_only_while_it_is_held():
    desk = Desk().opened().do("registrar", "relieve", NO_CASE, says={"office": "verifier-1"})
    assert "was not held" in desk.refused("verifier-1", "corroborate", cites=["o-1", "o-2"])


def test_every_kind_of_move_says_what_it_is():
    for name, kind in KINDS.items():
        assert kind.name == name
        assert kind.summary.endswith(".")
        assert kind.roles <= set(Role)
        assert all(field.what for field in kind.says.values())


def test_a_body_without_members_votes_by_its_offices():
    open_ended = body("commission", "attribute", "rule", emergency_signer="x")
    rules = replace(RULES, mandate=Mandate(bodies=(MISSION, open_ended), is_stated=True))
    desk = Desk(rules).ruled()  # four sit, three is a majority of them
    assert desk.case.standing("ruling") is not None
    assert set(ACCOUNTS) >= set(desk.case.observations)
