"""Clauses that wait for quiet days: nothing is due before, days count from then, and blind days open it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from truces import clause, evidence, happening, in_force, line, reading, truce, zone

from truceline.agreement.terms import Agreement
from truceline.findings.contract import WATCHED, Known
from truceline.findings.explain import explain
from truceline.findings.find import find
from truceline.findings.state import states
from truceline.findings.waiting import settled
from truceline.pipeline import plugins
from truceline.tables import schemas

KINDS = plugins.load("clauses")
QUIET = {
    "quiet_days": 3, "rule": "smm", "zone": "square", "since": "2026-06-01T00:00+03:00",
    "clauses": ["c-exclude", "c-withdraw", "c-declare"],
}  # fmt: skip
NO_FORCES = {"acts": ["force_movement"], "zone": "square"}


def days(*watched: int) -> pa.Table:
    rows = [
        {"legal_day": date(2026, 6, day), "area": "square", "exposure_hours": 24.0}
        for day in watched
    ]
    return pa.Table.from_pylist(rows, schema=WATCHED)


def loud(*now: int, published: tuple[int, ...] | None = None, party: str = "unknown") -> pa.Table:
    """Days on which something was counted, as now known, and of what was published as published."""
    told = () if published is None else published
    rows = [
        {"legal_day": date(2026, 6, day), "area": "square", "rule": "smm", "party": party,
         "as_now_known": 2 * (day in now), "as_published": 2 if day in told else None}
        for day in sorted({*now, *told})
    ]  # fmt: skip
    if published is not None:  # every day was published; of a quiet one the total of all areas is 0
        rows += [
            {"legal_day": date(2026, 6, day), "area": "all", "rule": "smm", "party": "unknown",
             "as_now_known": 0, "as_published": 0}
            for day in range(1, 13)
        ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=schemas.COUNTS)


def known(watched: pa.Table, counts: pa.Table | None = None, day: int = 13) -> Known:
    counts = loud() if counts is None else counts
    return Known(at=datetime(2026, 6, day, tzinfo=UTC), counts=counts, watched=watched)


def waiting(*clauses: Any, **terms: Any) -> Agreement:
    quiet = clause("precondition", QUIET | terms)
    return truce(quiet, *clauses, zones=[zone()], lines=[line()])


def judged(agreement: Agreement, told: Known | None, day: float, **fields: Any) -> dict[str, str]:
    """The verdict for the first party on a movement at noon, by reading; it is the same for the other."""
    began = datetime(2026, 6, 1, 9, tzinfo=UTC) + timedelta(days=day - 1)
    seen = evidence(
        [happening(**{"type": "force_movement", "error_m": 10.0, "began": began} | fields)]
    )
    found = find(agreement if told is None else settled(agreement, KINDS, told), seen, KINDS)
    rows = found.to_pylist()
    verdicts = [
        {row["reading"]: row["verdict"] for row in rows if row["party"] == p} for p in ("a", "b")
    ]
    assert verdicts[0] == verdicts[1]
    return verdicts[0]


BAN = clause("exclude", NO_FORCES)


@pytest.mark.parametrize(
    ("day", "verdict"),
    [(1, "compliant"), (3, "compliant"), (4, "violation"), (9, "violation")],
)
def test_what_waits_for_quiet_days_binds_from_the_close_of_the_last_of_them(
    day: int, verdict: str
) -> None:
    assert judged(waiting(BAN), known(days(1, 2, 3, 4, 5)), day) == {None: verdict}


def test_while_the_days_are_not_quiet_nothing_is_due_and_the_trace_says_so() -> None:
    told = known(days(*range(1, 13)), loud(2, 4, 6, 8, 10, 12))
    agreement = waiting(BAN)
    assert judged(agreement, told, 9) == {None: "compliant"}
    begun = settled(agreement, KINDS, told)
    at = datetime(2026, 6, 9, 9, tzinfo=UTC)
    seen = evidence([happening(type="force_movement", began=at)])
    (row, _) = find(begun, seen, KINDS).to_pylist()
    assert "waits=c-precondition;begun=never" in row["trace"]
    trace, flips = explain(row, agreement)
    assert "nothing was yet due" in " ".join(trace)
    assert flips[0] == "It would turn if c-precondition had been met before."
    stated = {each.clause_id: each.state for each in states(begun, KINDS, told)}
    assert stated["c-exclude"].standing == "not_yet"
    assert "no 3 in a row were quiet in square" in stated["c-exclude"].because[1]


def test_blind_days_leave_open_whether_it_has_begun_and_a_watched_run_settles_it() -> None:
    told = known(days(1, 3, 7, 8, 9))
    agreement = waiting(BAN)
    expected = {3: "compliant", 5: "insufficient_evidence", 10: "violation"}
    assert {day: judged(agreement, told, day)[None] for day in expected} == expected
    begun = settled(agreement, KINDS, told)
    at = datetime(2026, 6, 5, 9, tzinfo=UTC)
    seen = evidence([happening(type="force_movement", began=at)])
    (row, _) = find(begun, seen, KINDS).to_pylist()
    assert row["p_insufficient"] == 1.0
    assert "It may have been met from 00:00 on 04 June 2026" in " ".join(explain(row, agreement)[0])
    (state,) = [each.state for each in states(begun, KINDS, told) if each.clause_id == "c-exclude"]
    assert state.standing == "in_force"
    blind = known(days(1, 3))
    (state,) = [
        each.state
        for each in states(settled(agreement, KINDS, blind), KINDS, blind)
        if each.clause_id == "c-exclude"
    ]
    assert state.standing == "unknown"


@pytest.mark.parametrize("since", ["2026-06-01T23:59+03:00", "2026-06-01T00:01+03:00"])
def test_the_rest_of_a_day_that_had_begun_is_no_quiet_day_nor_a_loud_one(since: str) -> None:
    agreement = waiting(clause("exclude", NO_FORCES), since=since)
    told = known(days(*range(1, 13)))
    assert judged(agreement, told, day=4) == {None: "insufficient_evidence"}
    assert judged(agreement, told, day=5) == {None: "violation"}  # the 2nd, 3rd and 4th are whole
    loud_then = known(days(*range(1, 13)), loud(1))
    assert judged(agreement, loud_then, day=4) == {None: "compliant"}


def test_where_nobody_counted_nothing_that_waits_is_ever_found_broken() -> None:
    assert judged(waiting(BAN), None, 9) == {None: "insufficient_evidence"}
    assert judged(truce(BAN, zones=[zone()]), None, 9) == {None: "violation"}


@pytest.mark.parametrize(
    ("eif", "day", "verdict"),
    [
        (None, 8, "compliant"),  # met by the 3rd: the fifth day after it closes with the 8th
        (None, 9, "violation"),
        ("2026-05-01T00:00+03:00", 8, "compliant"),  # an earlier entry into force changes nothing
        ("2026-05-01T00:00+03:00", 9, "violation"),
        ("2026-06-05T00:00+03:00", 10, "compliant"),  # a later one counts: EIF+5
        ("2026-06-05T00:00+03:00", 11, "violation"),
    ],
)
def test_days_count_from_the_later_of_entry_into_force_and_the_quiet_days(
    eif: str | None, day: int, verdict: str
) -> None:
    terms = {
        "weapons": {"classes": ["tank"]}, "distance_m": 15_000,
        "lines": {"a": "line", "b": "line"}, "eif": eif, "after_days": 5,
    }  # fmt: skip
    tank = {"type": "weapon_in_violation_of_line", "weapon": "T-72", "lat": 48.05}
    agreement = waiting(clause("withdraw", terms))
    assert judged(agreement, known(days(1, 2, 3)), day, **tank) == {None: verdict}


def test_a_fixed_day_that_lies_before_the_quiet_days_waits_for_them() -> None:
    terms = {
        "weapons": {"classes": ["tank"]}, "distance_m": 15_000,
        "lines": {"a": "line", "b": "line"}, "finish_by": "2026-06-02T00:00+03:00",
    }  # fmt: skip
    tank = {"type": "weapon_in_violation_of_line", "weapon": "T-72", "lat": 48.05}
    told = known(days(1, 2, 3))
    agreement = waiting(clause("withdraw", terms))
    verdicts = [judged(agreement, told, day, **tank)[None] for day in (2, 3, 4)]
    assert verdicts == ["compliant", "compliant", "violation"]


PUBLISHED = "c-precondition=as_published"


def test_where_published_and_present_counts_differ_both_are_readings_and_the_text_is_ambiguous() -> (
    None
):
    told = known(days(*range(1, 13)), loud(8, published=(2, 5, 8, 11)))
    agreement = waiting(BAN)
    assert judged(agreement, told, 6) == {None: "ambiguous_clause", PUBLISHED: "compliant"}
    seen = evidence([happening(type="force_movement", began=datetime(2026, 6, 6, 9, tzinfo=UTC))])
    rows = find(settled(agreement, KINDS, told), seen, KINDS).to_pylist()
    trace, _ = explain(next(row for row in rows if row["reading"]), agreement)
    assert f"in the reading `{PUBLISHED}`" in trace[0]
    stated = {
        (each.clause_id, each.reading): each.state.standing
        for each in states(settled(agreement, KINDS, told), KINDS, told)
    }
    assert stated["c-exclude", None] == "in_force"
    assert stated["c-exclude", PUBLISHED] == "not_yet"


@pytest.mark.parametrize(
    ("counted_as", "verdict"), [("as_now_known", "violation"), ("as_published", "compliant")]
)
def test_a_text_that_says_whose_count_decides_has_one_answer(counted_as: str, verdict: str) -> None:
    told = known(days(*range(1, 13)), loud(8, published=(2, 5, 8, 11)))
    assert judged(waiting(BAN, counted_as=counted_as), told, 6) == {None: verdict}


def test_of_days_that_were_never_published_a_text_that_asks_for_published_counts_learns_nothing() -> (
    None
):
    told = known(days(*range(1, 13)))
    agreement = waiting(BAN, counted_as="as_published")
    assert judged(agreement, told, 9) == {None: "insufficient_evidence"}


def test_a_partys_own_quiet_days_are_its_own_and_an_unknown_author_leaves_them_open() -> None:
    for party, expected in (("a", ["not_yet", "in_force"]), ("unknown", ["unknown", "unknown"])):
        told = known(days(*range(1, 13)), loud(*range(1, 13, 2), party=party))
        begun = settled(waiting(BAN, per="party"), KINDS, told)
        stated = {
            p: each.state.standing
            for each in states(begun, KINDS, told)
            if each.clause_id == "c-exclude"
            for p in each.parties
        }
        assert [stated["a"], stated["b"]] == expected


def test_each_reading_of_the_precondition_is_a_reading_of_what_waits() -> None:
    quiet = clause("precondition", QUIET, readings=(reading("seven", {"quiet_days": 7}),))
    agreement = truce(quiet, BAN, zones=[zone()])
    found = judged(agreement, known(days(*range(1, 13))), 6)
    assert found == {None: "ambiguous_clause", "c-precondition=seven": "compliant"}


def test_what_waits_for_something_that_itself_waits_begins_after_both() -> None:
    first = clause(
        "precondition", QUIET | {"quiet_days": 2, "clauses": ["second"]}, clause_id="first"
    )
    second = clause(
        "precondition", QUIET | {"since": None, "clauses": ["c-exclude"]}, clause_id="second"
    )
    told = known(days(*range(1, 13)))
    agreement = truce(second, first, BAN, zones=[zone()])
    verdicts = [judged(agreement, told, day)[None] for day in (5, 6)]
    assert verdicts == ["compliant", "violation"]


def test_an_inventory_is_owed_so_many_days_after_what_it_waits_for() -> None:
    owed = clause("declare", {"weapons": None, "after_days": 2}, periods=in_force("a", "b"))
    other = {
        "holding_id": "h", "site": "s", "party": "b", "weapon": "tank", "basis": "declared",
        "began": datetime(2026, 6, 4, tzinfo=UTC), "ended": datetime(2026, 6, 12, tzinfo=UTC),
    }  # fmt: skip
    seen = evidence(
        [happening(began=datetime(2026, 6, 12, tzinfo=UTC))],
        holdings=pa.Table.from_pylist([other], schema=schemas.HOLDINGS),
    )

    def verdicts(watched: pa.Table) -> dict[str, str]:
        found = find(settled(waiting(owed), KINDS, known(watched)), seen, KINDS).to_pylist()
        return {r["party"]: r["verdict"] for r in found if r["clause_id"] == "c-declare"}

    assert verdicts(days(1, 2, 3)) == {"a": "violation", "b": "compliant"}
    assert verdicts(days(1, 2)) == {"a": "insufficient_evidence", "b": "compliant"}
    assert verdicts(days(1, 2, 3, 12)) == {"a": "violation", "b": "compliant"}


def test_a_verified_precondition_needs_no_counting() -> None:
    verified = {"at": "2026-06-05T00:00+03:00", "how": "the mission reported it on that day"}
    agreement = waiting(BAN, verified=verified)
    told = known(days())
    assert [judged(agreement, told, day)[None] for day in (4, 5)] == ["compliant", "violation"]
