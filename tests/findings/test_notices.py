"""What must be announced: no notice, a late one and one in time, for each party alike, and told so."""

from datetime import timedelta
from typing import Any

import pyarrow as pa
import pytest
from truces import NOON, clause, evidence, happening, reading, truce

from truceline.findings.explain import explain
from truceline.findings.find import find
from truceline.pipeline import plugins
from truceline.tables import desk, schemas

KINDS = plugins.load("clauses")
ANNOUNCE = clause("notify", {"acts": ["exercise_live_fire"], "lead_time_h": 48, "to": "mission"})


def notice(hours_before: float, **fields: Any) -> pa.Table:
    row = {
        "notice_id": "n", "party": "a", "activity": "exercise_live_fire",
        "began": NOON - timedelta(hours=2), "ended": NOON + timedelta(hours=2), "lat": 48.5,
        "lon": 37.5, "radius_m": 5_000.0, "given_at": NOON - timedelta(hours=hours_before),
    }  # fmt: skip
    return schemas.conform(pa.Table.from_pylist([row | fields]), desk.NOTICES)


def row(notices: pa.Table | None, party: str = "a") -> dict[str, Any]:
    exercise = [happening(type="exercise_live_fire")]
    seen = evidence(exercise) if notices is None else evidence(exercise, notices=notices)
    (found,) = [r for r in find(truce(ANNOUNCE), seen, KINDS).to_pylist() if r["party"] == party]
    return found


@pytest.mark.parametrize(
    ("notices", "verdict", "state"),
    [
        (None, "violation", "none"),
        (notice(48.0), "compliant", "given"),
        (notice(47.9), "violation", "late"),
        (notice(-1.0), "violation", "late"),  # told an hour after
        (notice(72.0, lat=49.5), "violation", "none"),  # for other ground
        (notice(72.0, activity="mortar"), "violation", "none"),
        (notice(72.0, party="b"), "violation", "none"),
    ],
)
def test_no_notice_a_late_one_and_one_in_time_are_told_apart(
    notices: pa.Table | None, verdict: str, state: str
) -> None:
    found = row(notices)
    assert (found["subject_kind"], found["verdict"]) == ("omission", verdict)
    assert f"notice={state}" in found["trace"]


def test_a_notice_is_its_own_partys_and_both_are_judged_alike() -> None:
    for party, other in (("a", "b"), ("b", "a")):
        given = notice(72.0, party=party)
        assert (row(given, party)["verdict"], row(given, other)["verdict"]) == (
            "compliant",
            "violation",
        )


@pytest.mark.parametrize(
    ("notices", "says", "turns"),
    [
        (None, "No notice by this party covers it.", "covers it had been given 48 hours before"),
        (notice(10.0), "came less than 48 hours before", "the notice had been given 48 hours"),
        (notice(72.0), "came 48 hours before or earlier", "did not cover it"),
    ],
)
def test_the_notice_is_told_with_what_would_turn_the_finding(
    notices: pa.Table | None, says: str, turns: str
) -> None:
    trace, flips = explain(row(notices), truce(ANNOUNCE))
    assert says in " ".join(trace)
    assert turns in " ".join(flips)


def test_a_lead_time_that_the_text_does_not_give_is_never_a_breach() -> None:
    terms = {"acts": ["exercise_live_fire"], "lead_time_h": None}
    unset = clause("notify", terms, readings=(reading("day", {"lead_time_h": 24}),))
    found = find(truce(unset), evidence([happening(type="exercise_live_fire")]), KINDS).to_pylist()
    verdicts = {(r["reading"], r["verdict"]) for r in found}
    assert verdicts == {(None, "insufficient_evidence"), ("day", "violation")}
