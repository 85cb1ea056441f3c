"""What is owed by a date is answered by who owes it; an obstruction by whom the mission itself saw."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from truceline.model.vocabulary import NEVER_PROPOSED, RemedyType
from truceline.remedies.limbs import limbs

NOON = datetime(2031, 3, 4, 12, 0, tzinfo=UTC)


def ladder(run, *measures):
    """The ladder's first rung alone, with these measures."""
    names = tuple(RemedyType(name) for name in measures)
    return replace(run.ladder, rungs=(replace(run.ladder.rungs[0], measures=names),), cap={})


def test_the_one_who_owes_a_thing_is_asked_and_no_author_is_sought(run):
    run.ladder = ladder(run, "notice")
    run.owed("S")
    (row,) = run.propose()
    assert (row["addressee"], row["measure"], row["finding_ids"]) == (
        "S",
        "notice",
        "f-" + "0" * 16,
    )
    assert "1 thing owed and not done in time, due by 2031-03-04" in row["why"]
    assert "It was South's to do by the text, so no author is sought" in row["why"]
    assert row["why_not_next"] == "There is no higher rung."
    assert row["ends_when"].startswith(
        "The party has answered. What was owed is still to be done: "
    )


def test_paper_not_handed_in_is_technical_and_a_visit_refused_is_minor(run):
    run.owed("N")
    run.owed("S", more=";denied=yes")
    rows = {row["addressee"]: row for row in run.propose()}
    assert rows["N"]["rung"] == 1
    assert "harm technical" in rows["N"]["why"]
    assert "it is written for harm that is minor at least" in rows["N"]["why_not_next"]
    assert rows["S"]["rung"] == 2
    assert "harm minor" in rows["S"]["why"]


def test_what_is_still_owed_is_to_be_done_and_what_came_late_is_not(run):
    run.ladder = ladder(run, "corrective_action", "notice")
    run.owed("N")
    run.owed("S", margin_s=7_200.0)
    rows = {row["addressee"]: row for row in run.propose()}
    assert rows["N"]["measure"] == "corrective_action"
    assert rows["S"]["measure"] == "notice"
    assert "What was owed has been done since" in rows["S"]["ends_when"]


def test_what_is_still_owed_is_not_let_be(run):
    run.ladder = ladder(run, "no_action", "clarify")
    run.owed("N")
    run.owed("S", margin_s=7_200.0)
    rows = {row["why"][:60] + row["measure"]: row for row in run.propose()}
    assert sorted(row["measure"] for row in rows.values()) == ["clarify", "no_action"]


def test_what_a_body_owes_asks_nothing_of_a_party(run):
    run.owed("mission")
    assert run.propose() == []


def test_a_duty_kept_or_open_asks_nothing(run):
    run.owed("N", verdict="compliant")
    run.owed("N", verdict="insufficient_evidence")
    assert run.propose() == []


def test_a_duty_on_which_the_readings_differ_charges_nobody(run):
    run.owed("N", verdict="ambiguous_clause")
    (row,) = run.propose()
    assert row["addressee"] not in ("N", "S")
    assert "so nobody is charged" in row["why"]


def test_duties_missed_again_and_again_climb_and_one_missed_once_does_not(run):
    for day in range(3):
        run.owed("S", due=NOON + timedelta(days=day), more=";denied=yes")
    assert [row["rung"] for row in run.propose()] == [2, 2, 3]


def test_who_the_missions_own_patrol_saw_is_asked(run):
    run.kept_out("S")
    (row,) = run.propose()
    assert (row["rung"], row["measure"], row["addressee"]) == (2, "notice", "S")
    assert "1 obstruction of monitors on 2031-03-04" in row["why"]
    assert "The mission's own record names South as having kept it out" in row["why"]


@pytest.mark.parametrize("source", ["N", "North", "S", "south"])
def test_a_partys_word_on_who_kept_monitors_out_names_nobody(run, source):
    run.kept_out("S", source=source)
    (row,) = run.propose()
    assert row["addressee"] not in ("N", "S")
    assert "undetermined" in row["why"]


def test_an_obstruction_by_nobody_named_asks_both_sides_once(run):
    run.kept_out(None)
    (row,) = run.propose()
    assert row["addressee"] not in ("N", "S")
    assert row["finding_ids"].count("f-") == 2


def test_where_nobody_may_attribute_nobody_is_named_for_an_obstruction(run):
    run.grants = frozenset({"observe", "find", "propose"})
    run.kept_out("S")
    (row,) = run.propose()
    assert row["addressee"] not in ("N", "S")


def test_nothing_is_asked_for_what_nobody_did(run):
    run.kept_out("S", status="unsafe")
    assert run.propose() == []


def test_no_duty_and_no_obstruction_leads_to_force_or_a_consequence(run):
    for day in range(40):
        run.owed("S", due=NOON + timedelta(days=day), more=";denied=yes")
        run.kept_out("S")
    measures = {row["measure"] for row in run.propose()}
    assert measures
    assert not measures & {each.value for each in NEVER_PROPOSED}
    told = limbs(run.agreement(), **run.tables())
    named = next(row for row in told if row.limb == "an attributed violation")
    assert named.in_favour == ("attributed author: 80 subjects of findings",)


def test_the_sides_exchanged_exchange_what_is_asked_and_nothing_else(run):
    run.owed("S", more=";denied=yes")
    run.owed("N")
    run.kept_out("S")
    run.kept_out("N", source="S")
    run.kept_out(None)
    words = {"N": "S", "S": "N"}

    def told(rows, *, swap):
        return sorted(
            (words.get(row["addressee"], row["addressee"]) if swap else row["addressee"],
             row["rung"], row["measure"], row["why_not_next"], row["ends_when"])
            for row in rows
        )  # fmt: skip

    assert told(run.propose(), swap=True) == told(run.mirrored().propose(), swap=False)
