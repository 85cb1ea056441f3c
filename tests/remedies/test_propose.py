"""Measures: no more than the ladder, the certainty and the harm allow; nothing starts by itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from truceline.model.errors import AgreementError, PluginError
from truceline.model.vocabulary import NEVER_PROPOSED, RemedyType, Responsibility
from truceline.pipeline import plugins
from truceline.remedies.propose import propose
from truceline.tables import schemas

MEASURES = plugins.load("measures")
FOR_OPEN = {
    "clarify", "hotline_contact", "joint_inspection", "independent_investigation",
    "enhanced_monitoring", "no_action",
}  # fmt: skip


def only(run):
    rows = run.propose()
    assert len(rows) == 1, rows
    return rows[0]


def test_an_isolated_slight_matter_is_counted_and_let_be(run):
    run.act("attributed", kind="uav_overflight")
    row = only(run)
    assert (row["rung"], row["measure"], row["addressee"]) == (1, "no_action", "commission")


def test_a_slight_matter_that_recurs_is_asked_about(run):
    run.act("attributed", kind="uav_overflight")
    run.act("attributed", kind="uav_overflight", at=_days(1))
    first, second = run.propose()
    assert first["measure"] == "no_action"
    assert (second["measure"], second["addressee"]) == ("clarify", "N")


def test_an_undetermined_act_addresses_both_and_holds_both_findings(run):
    act = run.act()
    row = only(run)
    assert (row["measure"], row["addressee"]) == ("enhanced_monitoring", "monitors")
    ids = [f["finding_id"] for f in run.rows["findings"] if f["subject_id"] == act]
    assert row["finding_ids"].split(";") == ids
    assert "nobody is addressed as its author" in row["why"]


def test_an_attributed_act_addresses_its_author_and_leaves_the_other_out(run):
    act = run.act("attributed", "N")
    row = only(run)
    assert (row["rung"], row["measure"], row["addressee"]) == (2, "notice", "N")
    mine = [f for f in run.rows["findings"] if f["subject_id"] == act and f["party"] == "N"]
    assert row["finding_ids"] == mine[0]["finding_id"]


def test_what_repeats_climbs_a_rung(run):
    for day in range(3):
        run.act("attributed", at=_days(day))
    rows = run.propose()
    assert [r["rung"] for r in rows] == [2, 2, 3]
    assert "on 3 days within 7, and 2 are counted" in rows[1]["why_not_next"]


def test_what_is_long_past_does_not_count_as_repetition(run):
    for day in (0, 20, 40):
        run.act("attributed", at=_days(day))
    assert [r["rung"] for r in run.propose()] == [2, 2, 2]


def test_a_barrage_in_one_day_is_no_pattern(run):
    for minute in range(9):
        run.act("attributed", at=_days(0) + timedelta(minutes=minute))
    row = only(run)
    assert row["rung"] == 2
    assert len(row["finding_ids"].split(";")) == 9


def test_one_partys_repetition_is_not_counted_against_the_other(run):
    for day in range(3):
        run.act("attributed", "N", at=_days(day))
    run.act("attributed", "S", at=_days(2))
    assert {r["rung"] for r in run.propose() if r["addressee"] == "S"} == {2}


def test_serious_harm_enters_at_the_rung_written_for_it(run):
    run.act("attributed", kind="mortar")
    assert (only(run)["rung"], only(run)["measure"]) == (4, "protest")


def test_a_probable_author_is_not_protested_against(run):
    run.act("probable", kind="mortar")
    row = only(run)
    assert row["measure"] == "independent_investigation"
    assert row["addressee"] == "commission"


def test_coercion_needs_every_act_confirmed(run):
    for day in range(3):
        run.act("attributed", kind="mortar", at=_days(day), p_real=0.99 if day < 2 else 0.7)
    last = run.propose()[-1]
    assert (last["rung"], last["measure"]) == (5, "off_ramp")
    for row in run.rows["incidents"]:
        row["p_real"] = 0.99
    assert run.propose()[-1]["measure"] == "censure"


def test_an_injury_makes_it_serious_and_a_death_grave(run):
    run.act("attributed", count_best=1, count_unit="injured")
    assert "harm serious" in only(run)["why"]
    run.rows["acts"][0]["count_unit"] = "deaths"
    assert "harm grave" in only(run)["why"]


def test_an_unknown_number_of_deaths_is_not_a_death(run):
    run.act("attributed", count_best=None, count_unit="deaths")
    assert "harm minor" in only(run)["why"]


def test_the_ceiling_of_the_ladder_holds(run):
    run.ladder = replace(run.ladder, cap={**run.ladder.cap, "serious": 2})
    run.act("attributed", kind="mortar")
    row = only(run)
    assert row["rung"] == 2
    run.ladder = replace(run.ladder, cap={**run.ladder.cap, "serious": 3})
    for day in (1, 2):
        run.act("attributed", kind="mortar", at=_days(day))
    assert "ceiling for harm that is serious is rung 3" in run.propose()[-1]["why_not_next"]


@pytest.mark.parametrize("outcome", ["not_attributable", "non_party_actor"])
def test_what_is_no_partys_doing_asks_nothing_of_a_party(run, outcome):
    run.act(outcome, kind="mortar")
    assert run.propose() == []


def test_an_unconfirmed_incident_asks_for_nothing(run):
    run.act("attributed", p_real=0.4)
    assert run.propose() == []


@pytest.mark.parametrize(
    "verdict", ["compliant", "permitted_response", "exempt", "insufficient_evidence"]
)
def test_only_violations_ask_for_something(run, verdict):
    run.act("attributed", verdict=verdict)
    assert run.propose() == []


def test_a_disputed_reading_charges_nobody(run):
    run.act("attributed", kind="mortar", verdict="ambiguous_clause")
    row = only(run)
    assert row["measure"] in FOR_OPEN
    assert row["addressee"] not in {"N", "S"}
    assert "readings of the clause differ" in row["why"]


def test_other_readings_ask_for_nothing_of_their_own(run):
    act = run.act("attributed")
    run.finding(act, "N", reading="south")
    assert len(only(run)["finding_ids"].split(";")) == 1


def test_a_breach_of_a_declaration_is_answered_like_a_breach(run):
    run.act("attributed", verdict="inconsistent_with_declaration")
    assert only(run)["measure"] == "notice"


def test_a_holding_is_its_partys_by_the_register(run):
    run.finding("h-1", "S", subject_kind="holding")
    row = only(run)
    assert (row["measure"], row["addressee"]) == ("clarify", "S")  # it stands: not let be
    assert "South's by the register" in row["why"]


def test_routine_of_one_day_is_one_row_and_the_next_day_another(run):
    for hour in (0, 2, 11, 12):
        run.act("undetermined", at=_days(0) + timedelta(hours=hour))
    assert [len(r["finding_ids"].split(";")) for r in run.propose()] == [6, 2]


def test_the_legal_day_is_the_calendars(run):
    """12:00 UTC and 22:30 UTC are one day in UTC and two in Kyiv."""
    run.act()
    run.act(at=_days(0) + timedelta(hours=10, minutes=30))
    assert len(run.propose()) == 1
    run.cutoff_zone = "Europe/Kyiv"
    assert len(run.propose()) == 2


def test_no_clock_starts_by_itself(run):
    run.act("attributed")
    row = only(run)
    assert row["due"].startswith("24 h after a named person starts this clock")
    assert row["required_standard"] == "reasonable_grounds"
    assert row["ends_when"] == "The party has answered."


def test_the_proposal_says_that_only_a_ruling_finds(run):
    run.act("attributed", "S")
    assert "attributed to South; only a signed ruling finds" in only(run)["why"]


@pytest.mark.parametrize("name", sorted(NEVER_PROPOSED))
def test_a_ladder_that_asks_for_what_is_never_proposed_stops_the_run(run, name):
    first = replace(run.ladder.rungs[0], measures=(RemedyType(name),))
    run.ladder = replace(run.ladder, rungs=(first,))
    with pytest.raises(AgreementError, match="limb_lists"):
        run.propose()


@pytest.mark.parametrize("name", [*sorted(NEVER_PROPOSED), "air_strike"])
def test_a_measure_named_after_what_is_never_proposed_stops_the_run(run, name):
    with pytest.raises(PluginError, match="may be proposed"):
        propose(run.agreement(), measures={name: MEASURES["clarify"]}, **run.tables())


def test_a_measure_that_nobody_wrote_is_passed_over_with_the_reason(run):
    run.act("attributed", kind="mortar")
    run.act("attributed", kind="mortar", at=_days(1))
    run.act("attributed", kind="mortar", at=_days(2))
    without = {k: v for k, v in MEASURES.items() if k not in {"censure", "off_ramp"}}
    rows = propose(run.agreement(), measures=without, **run.tables()).to_pylist()
    assert rows[-1]["rung"] == 4
    assert "censure: nobody has written what this measure is" in rows[-1]["why_not_next"]


def test_without_the_grant_nothing_is_proposed(run):
    run.act("attributed")
    run.grants = frozenset({"observe", "find", "attribute"})
    assert run.propose() == []


def test_without_attributions_every_act_is_undetermined(run):
    run.act("attributed")
    run.rows["attributions"].clear()
    assert only(run)["addressee"] == "monitors"


def test_no_findings_propose_nothing(run):
    assert run.propose() == []


def test_swapping_the_parties_swaps_the_proposals_and_changes_nothing_else(run):
    for day, (outcome, author, kind) in enumerate(
        [("attributed", "N", "mortar"), ("probable", "S", "mortar"), ("contested", "N", "sniper_fire"),
         ("attributed", "S", "small_arms_fire"), ("attributed", "N", "uav_overflight")]
    ):  # fmt: skip
        run.act(outcome, author, kind=kind, at=_days(day % 2))
    other = {"N": "S", "S": "N"}
    words = {"North": "South", "South": "North"}

    def told(rows, *, swap):
        said = []
        for row in rows:
            why = " ".join(words.get(w.rstrip(".;"), w.rstrip(".;")) if swap else w.rstrip(".;")
                           for w in row["why"].split())  # fmt: skip
            to = other.get(row["addressee"], row["addressee"]) if swap else row["addressee"]
            said.append((row["rung"], row["measure"], to, why, row["why_not_next"]))
        return sorted(said)

    assert told(run.propose(), swap=True) == told(run.mirrored().propose(), swap=False)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([r.value for r in Responsibility]),
            st.sampled_from(["N", "S"]),
            st.sampled_from(["mortar", "uav_overflight", "small_arms_fire", "position_advance"]),
            st.integers(0, 12),
            st.sampled_from([0.3, 0.7, 0.99]),
        ),
        max_size=12,
    )
)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_happens_the_bounds_hold(run, acts):
    run = type(run)()  # the fixture is made once for all examples
    for outcome, author, kind, day, p_real in acts:
        run.act(outcome, author, kind=kind, at=_days(day), p_real=p_real)
    rows = run.propose()
    listed = [i for row in rows for i in row["finding_ids"].split(";")]
    assert len(listed) == len(set(listed))
    assert len({row["remedy_id"] for row in rows}) == len(rows)
    outcome_of = {a["act_id"]: a["outcome"] for a in run.rows["attributions"]}
    subject_of = {f["finding_id"]: f["subject_id"] for f in run.rows["findings"]}
    for row in rows:
        assert row["measure"] not in {name.value for name in NEVER_PROPOSED}
        outcomes = {outcome_of[subject_of[i]] for i in row["finding_ids"].split(";")}
        if not outcomes & {"attributed", "probable"}:
            assert row["measure"] in FOR_OPEN
            assert row["addressee"] not in {"N", "S"}
        if outcomes != {"attributed"}:
            assert not MEASURES[row["measure"]].is_coercive


def test_the_table_keeps_its_schema_when_it_is_empty(run):
    table = propose(run.agreement(), measures=MEASURES, **run.tables())
    assert table.schema == schemas.REMEDIES


def _days(count):
    return datetime(2031, 3, 4, 12, 0, tzinfo=UTC) + timedelta(days=count)
