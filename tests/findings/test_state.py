"""How clauses that judge nothing stand on a date: never more than the text and the record say."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from truces import clause, evidence, happening, in_force, truce, zone

from truceline.findings.contract import WATCHED, Known
from truceline.findings.count import watched
from truceline.findings.find import find
from truceline.findings.state import states, table
from truceline.pipeline import plugins
from truceline.tables import schemas

KINDS = plugins.load("clauses")
NAGORNO_KARABAKH = {
    "began": "2020-11-10T00:00+03:00",
    "length": {"years": 5},
    "renewal": "automatic",
    "notice": {"months": 6},
}


def standing(kind: str, terms: dict[str, Any], at: datetime, **known: Any) -> str:
    (stated,) = states(truce(clause(kind, terms)), KINDS, Known(at=at, **known))
    assert stated.parties == ("a", "b") or kind == "answers_for"
    return stated.state.standing.value


def on(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "expected"),
    [(on(2020, 11, 9), "not_yet"), (on(2025, 11, 9), "in_force"), (on(2025, 11, 10), "in_force")],
)
def test_a_term_that_renews_itself_goes_on_where_nobody_objects(
    at: datetime, expected: str
) -> None:
    assert standing("term", NAGORNO_KARABAKH, at) == expected


@pytest.mark.parametrize(
    ("objected", "expected"),
    [("2025-05-09T12:00+03:00", "lapsed"), ("2025-05-11T12:00+03:00", "in_force")],
)
def test_an_objection_ends_a_term_only_if_it_keeps_the_notice(objected: str, expected: str) -> None:
    terms = NAGORNO_KARABAKH | {"objections": [{"party": "a", "at": objected}]}
    assert standing("term", terms, on(2026, 1, 1)) == expected
    assert standing("term", terms, on(2025, 11, 1)) == "in_force"
    unset = terms | {"notice": None}
    assert standing("term", unset, on(2026, 1, 1)) == "unknown"


@pytest.mark.parametrize("unset", [{"length": None}, {"began": None}, {"renewal": None}])
def test_what_a_text_leaves_unset_of_its_term_is_unknown(unset: dict[str, Any]) -> None:
    assert standing("term", NAGORNO_KARABAKH | unset, on(2026, 1, 1)) == "unknown"


def test_a_term_can_end_by_conduct_and_one_by_consent_is_unknown_without_a_record_of_it() -> None:
    left = {"at": "2024-04-17T00:00+03:00", "how": "the peacekeepers left"}
    assert standing("term", NAGORNO_KARABAKH | {"ended": left}, on(2024, 5, 1)) == "lapsed"
    assert standing("term", NAGORNO_KARABAKH | {"ended": left}, on(2024, 4, 1)) == "in_force"
    mandate = {"began": "2026-01-01T00:00Z", "length": {"months": 6}, "renewal": "by_consent"}
    assert standing("term", mandate, on(2026, 8, 1)) == "unknown"
    renewed = mandate | {"renewals": [{"until": "2026-12-31T00:00Z"}]}
    assert standing("term", renewed, on(2026, 8, 1)) == "in_force"
    assert standing("term", mandate | {"renewal": "none"}, on(2026, 8, 1)) == "lapsed"


def test_a_release_clause_is_laid_out_and_never_concluded() -> None:
    terms = {"condition": "the other party breaks it", "frees": ["b"], "clauses": ["c-prohibit"]}
    ban = clause("prohibit", {"acts": ["mortar"]})
    agreement = truce(ban, clause("release", terms))
    (stated,) = states(agreement, KINDS, Known(at=on(2026, 6, 1)))
    assert stated.state.standing == "laid_out"
    assert "b would be free of c-prohibit" in stated.state.because[0]
    assert "does not say who decides" in stated.state.because[1]
    with_release = find(agreement, evidence([happening()]), KINDS)
    assert with_release.equals(find(truce(ban), evidence([happening()]), KINDS))


def test_a_word_without_a_meaning_is_unknown_and_answering_for_a_group_stands_for_that_party() -> (
    None
):
    assert standing("definition", {"term": "kinetic activity", "means": None}, on(2026, 6, 1)) == (
        "unknown"
    )
    militia = clause("answers_for", {"groups": ["militia"]}, periods=in_force("b"))
    (stated,) = states(truce(militia), KINDS, Known(at=on(2026, 6, 1)))
    assert (stated.parties, stated.state.because[0]) == (("b",), "b answers for acts of militia")


def days_watched(*days: int, hours: float = 24.0) -> pa.Table:
    rows = [
        {"legal_day": date(2026, 6, day), "area": "square", "exposure_hours": hours} for day in days
    ]
    return pa.Table.from_pylist(rows, schema=WATCHED)


def loud(*days: int) -> pa.Table:
    rows = [
        {"legal_day": date(2026, 6, day), "area": "square", "rule": "smm", "party": "unknown",
         "as_now_known": 3} for day in days
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=schemas.COUNTS)


QUIET = {"quiet_days": 3, "rule": "smm", "zone": "square", "since": "2026-06-01T00:00+03:00"}


@pytest.mark.parametrize(
    ("seen", "heard", "expected"),
    [
        ((1, 2, 3, 4, 5), (1, 2), "met"),
        ((1, 2, 3, 4, 5), (2, 4), "not_met"),
        ((1, 2, 4, 5), (), "unknown"),  # the third was blind, and could have been quiet or not
        ((1, 2, 4, 5), (2, 5), "not_met"),  # even a quiet third would make no three
        ((1, 2, 3, 4, 5), (3,), "not_met"),
        ((), (), "unknown"),
    ],
)
def test_quiet_days_are_met_not_met_or_not_to_be_told_and_a_blind_day_is_not_quiet(
    seen: tuple[int, ...], heard: tuple[int, ...], expected: str
) -> None:
    known = {"counts": loud(*heard), "watched": days_watched(*seen)}
    assert standing("precondition", QUIET, on(2026, 6, 6), **known) == expected


def test_a_day_that_has_not_closed_or_was_watched_too_short_is_not_quiet() -> None:
    known = {"watched": days_watched(1, 2, 3)}
    assert standing("precondition", QUIET, datetime(2026, 6, 3, 20, tzinfo=UTC), **known) == (
        "not_met"
    )
    assert standing("precondition", QUIET, datetime(2026, 6, 3, 21, tzinfo=UTC), **known) == "met"
    short = {"watched": days_watched(1, 2, 3, hours=5.0)}
    asks = QUIET | {"watch_h": 6}
    assert standing("precondition", asks, on(2026, 6, 4), **short) == "unknown"


def test_hours_watched_of_a_zone_are_told_for_quiet_days_too() -> None:
    began = datetime(2026, 6, 1, 6, tzinfo=UTC)
    exposure = {
        "exposure_id": "e", "source": "camera", "kind": "watch", "began": began,
        "ended": began + timedelta(hours=4), "lat": 48.5, "lon": 37.5, "radius_m": 500.0,
    }  # fmt: skip
    table = pa.Table.from_pylist([exposure], schema=schemas.EXPOSURES)
    seen = watched(truce(zones=[zone()]), evidence([], exposures=table)).to_pylist()
    assert [(row["area"], row["exposure_hours"]) for row in seen] == [("all", 4.0), ("square", 4.0)]
    assert {row["legal_day"] for row in seen} == {date(2026, 6, 1)}


def test_a_run_tells_a_precondition_from_what_was_counted_and_who_watched() -> None:
    began = datetime(2026, 5, 31, 21, tzinfo=UTC)  # the first of June opens in Kyiv
    watch = {
        "exposure_id": "e", "source": "camera", "kind": "watch", "began": began,
        "ended": began + timedelta(days=3), "lat": 48.5, "lon": 37.5, "radius_m": 500.0,
    }  # fmt: skip
    agreement = truce(clause("precondition", QUIET), zones=[zone()])
    for ended, expected in ((3, "met"), (2, "unknown")):
        stood = [watch | {"ended": began + timedelta(days=ended)}]
        subjects = evidence([], exposures=pa.Table.from_pylist(stood, schema=schemas.EXPOSURES))
        (row,) = table(agreement, KINDS, on(2026, 6, 4), loud(), subjects).to_pylist()
        assert (row["clause_id"], row["parties"]) == ("c-precondition", "a;b")
        assert row["standing"] == expected
    nothing = truce(clause("prohibit", {"acts": ["mortar"]}))
    assert table(nothing, KINDS, on(2026, 6, 4), loud(), evidence([])).num_rows == 0
