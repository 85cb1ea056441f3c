"""A clause that waits for another one binds nobody until that is met, and the report says how it stands."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from truceline.agreement.terms import Beginning
from truceline.model.time import Interval
from truceline.reports.compose import compose
from truceline.reports.contract import View
from truceline.reports.document import Grid
from truceline.reports.hours import INSIDE, OUTSIDE, UNCLEAR, bounds
from truceline.reports.publication import publish

MET = datetime(2026, 3, 7, 22, 0, tzinfo=UTC)
STATES = {
    "met": ((MET, MET), "Met since 8 March 2026, 00:00"),
    "not_met": ((None, None), "Not met by what was counted and watched"),
    "cannot_be_told": (
        (MET, None),
        "Cannot be told: it may have been met from 8 March 2026, 00:00",
    ),
}


def waits(dossier, perhaps_at, surely_at, *, alone=False):
    """The sample; its last clause waits, alike for both sides, and with `alone` binds alone."""
    begins = tuple(
        Beginning(
            party_id=party, after="quiet", perhaps_at=perhaps_at, surely_at=surely_at, because="why"
        )
        for party in ("A", "B")
    )
    *others, last = dossier.agreement.clauses
    if alone:
        others = [replace(each, periods=()) for each in others]
    clauses = (*others, replace(last, begins=begins))
    return replace(dossier, agreement=replace(dossier.agreement, clauses=clauses))


def table(release):
    blocks = next(each for each in compose(release).sections if each.anchor == "summary").blocks
    found = [each for each in blocks if isinstance(each, Grid) and "another one" in each.caption]
    return found[0] if found else None


@pytest.mark.parametrize("standing", STATES)
@pytest.mark.parametrize("view", ["public", "party:A", "party:B", "commission"])
def test_a_clause_that_waits_says_how_it_stands_in_the_same_words_for_both(standing, view, dossier):
    (perhaps_at, surely_at), words = STATES[standing]
    told = table(publish(waits(dossier, perhaps_at, surely_at), View.parse(view)))
    ((clause, waited, parties, said),) = told.rows
    assert (clause, waited) == ("6(2) · The bridge is open", "6(1) · Two quiet days")
    assert parties == "Side A; Side B"
    assert said.startswith(words)
    assert ("why" in said) == (view == "commission")


def test_a_side_for_which_it_stands_otherwise_has_a_row_of_its_own(released):
    told = table(released("public"))
    assert [row[2] for row in told.rows] == ["Side A", "Side B"]
    assert told.rows[0][3].startswith("Met since")
    assert told.rows[1][3].startswith("Cannot be told")


def test_where_nothing_waits_there_is_no_table(dossier):
    clauses = tuple(replace(each, begins=None) for each in dossier.agreement.clauses)
    free = replace(dossier, agreement=replace(dossier.agreement, clauses=clauses))
    assert table(publish(free, View.parse("public"))) is None


@pytest.mark.parametrize(
    ("perhaps_at", "surely_at", "before", "after"),
    [
        (MET, MET, OUTSIDE, INSIDE),
        (None, None, OUTSIDE, OUTSIDE),
        (MET, None, OUTSIDE, UNCLEAR),
    ],
)
def test_an_act_lies_inside_the_hours_only_from_when_what_was_waited_for_was_met(
    perhaps_at, surely_at, before, after, dossier
):
    release = publish(waits(dossier, perhaps_at, surely_at, alone=True), View.parse("commission"))
    early = [row["hours"] for row in release.rows.to_pylist() if row["ended"] <= MET]
    late = [row["hours"] for row in release.rows.to_pylist() if row["began"] >= MET]
    assert (set(early), set(late)) == ({before}, {after})


def test_who_was_bound_begins_with_what_was_waited_for(dossier):
    agreement = waits(dossier, MET - timedelta(days=1), MET, alone=True).agreement
    day = Interval(began=MET - timedelta(days=2), ended=MET + timedelta(days=1))
    assert {each.began for each in bounds(agreement, day.began, day.ended)} == {MET}
    perhaps = bounds(agreement, day.began, day.ended, is_sure=False)
    assert {each.began for each in perhaps} == {MET - timedelta(days=1)}
    assert bounds(agreement, day.began, MET) == ()


def test_before_the_period_is_over_a_release_does_not_say_whether_it_was_met(dossier):
    """Which days were watched leaves only with the whole period, and this would tell it."""
    early = replace(waits(dossier, MET, MET), as_of=dossier.as_of - timedelta(days=3))
    release = publish(early, View.parse("public"))
    assert release.is_early
    assert set(release.waiting["standing"].to_pylist()) == {"withheld"}
    assert table(release).rows[0][3].startswith("Withheld")
    (last,) = [each for each in release.agreement.clauses if each.clause_id == "bridge"]
    assert {each.surely_at for each in last.begins} == {None}
    whole = publish(early, View.parse("commission"))
    assert set(whole.waiting["standing"].to_pylist()) == {"met"}


def test_what_was_met_before_the_period_is_told_before_it_is_over(dossier):
    opened = dossier.agreement.calendar.bounds(dossier.period.first_day).began
    known = replace(waits(dossier, opened, opened), as_of=dossier.as_of - timedelta(days=3))
    release = publish(known, View.parse("public"))
    assert release.is_early
    assert table(release).rows[0][3].startswith("Met since 6 March 2026, 19:30")
