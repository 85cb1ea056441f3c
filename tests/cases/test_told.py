"""What a release tells of a case: no answer travels with a stage that it does not go with."""

from dataclasses import replace

import pytest
from casebook import HOUR, RULES, Desk

from truceline.pipeline.decided import decided
from truceline.reports.cases import cases
from truceline.reports.contract import View
from truceline.reports.sample import sample


def told(desk: Desk, view: str) -> dict[str, dict]:
    """Rows of cases that a view reads, by stage."""
    table = decided(desk.docket, RULES, desk.moves[-1].at + HOUR)
    rows = cases(replace(sample(), cases=table), View.parse(view)).to_pylist()
    return {row["stage"]: row for row in rows}


def published_facts() -> Desk:
    """Facts that both sides answered and that were cleared; then an author is named, and is answered."""
    desk = Desk().verified().noticed()
    desk.do("east", "reply", stance="no_comment", text="We wait.")
    desk.do("west", "reply", stance="explains", text="We saw smoke.")
    desk.do("publisher", "publish", stage="facts")
    desk.do("attributor-1", "attribute", cites=["o-1"], outcome="attributed", party="EAST",
            standard="clear_and_convincing", text="It was.")  # fmt: skip
    return desk.do("attributor-2", "countersign", stage="attribution").noticed()


def test_an_answer_to_what_nobody_cleared_does_not_leave_with_what_was():
    desk = published_facts().do("east", "reply", stance="denies", text="None of ours did it.")
    for view in ("public", "party:WEST", "party:EAST"):
        facts = told(desk, view)["facts"]
        assert facts["replies"] == "EAST no_comment;WEST explains", view
        assert "did it" not in facts["reply_text"], view
    assert "attribution" not in told(desk, "public")
    inside = told(desk, "commission")["attribution"]
    assert "None of ours did it." in inside["reply_text"], "the commission reads it"


def test_a_late_answer_to_what_was_cleared_is_told():
    """Who was silent in time is heard all the same, and by everybody."""
    desk = Desk().verified().noticed().wait(72).do("publisher", "publish", stage="facts")
    desk.do("west", "reply", stance="explains", text="We saw smoke.")
    assert told(desk, "public")["facts"]["replies"] == "WEST explains"


@pytest.mark.parametrize(("first", "last"), [("EAST", "WEST"), ("WEST", "EAST")])
def test_who_answers_last_does_not_read_first_what_the_other_side_says(first, last):
    desk = published_facts()
    desk.do(first.lower(), "reply", stance="denies", text="None of ours did it.")
    desk.do("attributor-1", "recuse")
    theirs = told(desk, f"party:{last}")["attribution"]
    assert (theirs["word"], theirs["text"]) == ("attributed", "It was."), "it is told what stands"
    assert (theirs["told_to"], theirs["silent"]) == (last, None)
    assert "did it" not in str(theirs["reply_text"])
    assert f"{first} denies" not in str(theirs["replies"])
    own = told(desk, f"party:{first}")["attribution"]
    assert f"{first}: None of ours did it." in own["reply_text"].split("\n")


def test_a_dissent_from_what_nobody_cleared_stays_inside():
    desk = Desk().attributed().noticed().wait(72).put().do("member-2", "vote", choice="for")
    desk.do("member-4", "vote", choice="against").do("member-3", "vote", choice="for")
    desk.do("member-4", "dissent", stage="ruling", text="The crater was older.").noticed()
    row = told(desk, "party:EAST")["ruling"]
    assert (row["dissents"], row["dissent_text"]) == (0, None)
    desk.wait(72).do("publisher", "publish", stage="ruling")
    row = told(desk, "party:EAST")["ruling"]
    assert (row["dissents"], row["dissent_text"]) == (1, "The crater was older.")
