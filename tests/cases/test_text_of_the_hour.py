"""A move stands under the mandate in force at its own hour, and where the mandate names ground, there."""

from dataclasses import replace

import pytest
from casebook import ACCOUNTS, BEGAN, HOUR, RULES, Desk, body, move

from truceline.agreement.terms import Band, Grant, Mandate
from truceline.cases.replay import replay

AMENDED_AT = BEGAN + 40 * HOUR


def with_mission(rules, *may):
    mission = replace(body("mission"), may=tuple(may))
    others = tuple(each for each in rules.mandate.bodies if each.body_id != "mission")
    return replace(rules, mandate=Mandate(bodies=(mission, *others), is_stated=True))


def granted(*acts):
    return tuple(Grant(act=act) for act in acts)


SILENCED = with_mission(RULES, *granted("observe", "publish"))  # it no longer lets the mission find
LATER = replace(SILENCED, since=AMENDED_AT, earlier=(RULES,))


def test_what_was_done_before_an_amendment_stands_and_what_comes_after_stands_under_it():
    desk = Desk(rules=LATER).opened()
    desk.do("verifier-1", "verify", cites=["o-1"], method="seen", text="A shell fell.")
    late = 60
    assert "does not let `mission` find" in desk.wait(late).refused(
        "verifier-2", "countersign", stage="facts"
    )
    assert desk.case.status == "under_verification"
    assert replay(desk.moves, LATER) == desk.docket
    assert replay(desk.moves, RULES).cases == desk.docket.cases


def test_the_latest_text_alone_would_have_refused_what_was_done_in_its_time():
    desk = Desk(rules=LATER).opened()
    assert replay(desk.moves, SILENCED).refused


def test_a_text_that_first_grants_later_lets_nobody_act_before():
    rules = replace(RULES, since=AMENDED_AT, earlier=(SILENCED,))
    words = {"office": "verifier-1", "as": "verifier", "body": "mission", "holder": "p-3"}
    first = {"office": "registrar", "as": "registrar", "body": "mission", "holder": "p-0"}
    begun = move(0, "registrar", "appoint", "-", says=first)
    early = move(1, "registrar", "appoint", "-", says=words)
    after = replace(early, sequence=2, at=AMENDED_AT, recorded_at=AMENDED_AT)
    docket = replay([begun, early, after], rules)
    assert [each.sequence for each in docket.refused] == [1]
    assert "does not let `mission` find" in docket.refused[0].why
    assert docket.offices["verifier-1"].since == AMENDED_AT


def placed(*zones):
    """Accounts of the casebook, all of them in these zones."""
    return {k: replace(v, zones=None if zones == (None,) else zones) for k, v in ACCOUNTS.items()}


@pytest.mark.parametrize(
    ("zones", "grant", "is_allowed"),
    [
        (("strip",), Grant(act="find", zones=("strip",)), True),
        (("hills", "strip"), Grant(act="find", zones=("strip",)), True),
        (("hills",), Grant(act="find", zones=("strip",)), False),
        ((), Grant(act="find", zones=("strip",)), False),
        ((None,), Grant(act="find", zones=("strip",)), True),
        (("hills",), Grant(act="find"), True),
        (("hills",), Grant(act="find", zones=("strip",), bands=(Band(line_id="l", from_m=0, to_m=9),)), True),
    ],
)  # fmt: skip
def test_a_body_acts_on_a_case_only_where_the_mandate_lets_it(
    zones, grant, is_allowed, monkeypatch
):
    monkeypatch.setattr("casebook.ACCOUNTS", placed(*zones))
    rules = with_mission(RULES, *granted("observe", "publish"), grant)
    desk = Desk(rules=rules).do("duty", "open", because="casualty", cites=["o-1"])
    if is_allowed:
        desk.do("verifier-1", "begin")
    else:
        why = desk.refused("verifier-1", "begin")
        assert "lets `mission` find in strip alone, and `o-1` of case `c-1` lies outside" in why


def test_who_may_act_no_more_may_still_step_aside():
    desk = Desk(rules=LATER).opened().wait(60)
    desk.do("verifier-1", "recuse")
    assert desk.case.recused == ("p-3",)
