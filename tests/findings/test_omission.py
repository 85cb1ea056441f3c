"""What had to be done and was not: whose omission it is, and when nobody can tell."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from truces import START, clause, evidence, reading, truce, zone

from truceline.agreement.terms import Agreement, Body, Mandate
from truceline.findings.explain import explain
from truceline.findings.find import find
from truceline.pipeline import plugins
from truceline.tables import schemas

KINDS = plugins.load("clauses")
EVERY_15 = clause("inspect", {"every_days": 15, "by": "undof"})


def on(day: float) -> datetime:
    """So many days after the truce began."""
    return START + timedelta(days=day)


def visit(day: float, party: str = "a", **fields: Any) -> dict[str, Any]:
    return {
        "inspection_id": f"v-{party}-{day}", "site": "camp", "party": party, "body": "undof",
        "began": on(day) - timedelta(hours=2), "ended": on(day), "access": "granted",
    } | fields  # fmt: skip


def exposure(began: float, ended: float, **fields: Any) -> dict[str, Any]:
    return {
        "exposure_id": f"e-{began}", "source": "undof", "kind": "watch", "began": on(began),
        "ended": on(ended),
    } | fields  # fmt: skip


def judged(
    agreement: Agreement, visits: list[dict], exposures: list[dict] | None = None
) -> list[dict[str, Any]]:
    tables = {
        "inspections": pa.Table.from_pylist(visits, schema=schemas.INSPECTIONS),
        "exposures": pa.Table.from_pylist(exposures or [], schema=schemas.EXPOSURES),
    }
    return find(agreement, evidence([], **tables), KINDS).to_pylist()


def told(rows: list[dict[str, Any]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        assert row["subject_kind"] == "omission"
        found.setdefault(row["party"], []).append(row["verdict"])
    return found


def test_inspections_fifteen_days_apart_keep_the_cadence_and_sixteen_do_not() -> None:
    one = truce(EVERY_15, parties=("a",))
    kept = judged(one, [visit(15), visit(30), visit(45)])
    assert told(kept) == {"a": ["compliant"] * 3, "undof": ["compliant"] * 3}
    late = judged(one, [visit(15), visit(31), visit(46)])
    assert told(late)["undof"] == ["compliant", "violation", "compliant", "compliant"]
    assert told(late)["a"] == ["compliant", "insufficient_evidence", "compliant", "compliant"]
    (missed,) = [row for row in late if row["verdict"] == "violation"]
    assert missed["margin_s"] == 86_400.0
    trace, flips = (" ".join(part) for part in explain(missed, one))
    assert "by undof by 02:00 on 31 January 2026 (Europe/Kyiv)" in trace
    assert "Nothing in the record shows" in trace
    assert "It was done later, by 1 day;" in flips


@pytest.mark.parametrize("by", ["undof", "UNDOF", "the Disengagement Force"])
def test_a_body_is_the_same_by_its_id_and_by_its_name(by: str) -> None:
    """In the clause, in the visits and in its outages, as in the mandate."""
    force = Body(body_id="undof", name="The Disengagement Force", kind="mission", may=())
    often = clause("inspect", {"every_days": 15, "by": by})
    one = truce(often, parties=("a",), mandate=Mandate(bodies=(force,), is_stated=True))
    visits = [visit(15), visit(30, body="The Disengagement Force"), visit(44, body="another body")]
    visits.append(visit(48, body="Undof"))
    assert told(judged(one, visits))[by] == ["compliant", "compliant", "violation"]
    out = exposure(31, 46, kind="outage", source="The Disengagement Force")
    assert told(judged(one, visits, [out]))[by] == [
        "compliant",
        "compliant",
        "insufficient_evidence",
    ]


def test_a_body_that_is_turned_away_kept_its_duty_and_the_party_did_not() -> None:
    visits = [visit(14), visit(28, access="denied"), visit(31)]
    found = told(judged(truce(EVERY_15, parties=("a",)), visits))
    assert found == {"a": ["compliant", "violation"], "undof": ["compliant", "compliant"]}


def test_a_party_that_turned_the_body_away_and_let_it_in_within_the_days_kept_the_cadence() -> None:
    visits = [visit(10, access="denied"), visit(14), visit(28)]
    assert told(judged(truce(EVERY_15, parties=("a",)), visits))["a"] == ["compliant"]


@pytest.mark.parametrize(
    "hindrance",
    [
        {"exposures": [exposure(20, 22, kind="outage"), exposure(40, 41)]},
        {
            "exposures": [
                exposure(20, 22, kind="access_denial", obstructed_by="b"),
                exposure(40, 41),
            ]
        },
        {"visits": [visit(20, access="unsafe"), visit(40, party="b")]},
        {"visits": [visit(20, access="delayed"), visit(40, party="b")]},
    ],
)
def test_a_period_in_which_the_body_could_not_look_is_nobodys_omission(
    hindrance: dict[str, Any],
) -> None:
    agreement = truce(EVERY_15, parties=("a",))
    visits = [visit(14), *hindrance.get("visits", [])]
    found = told(judged(agreement, visits, hindrance.get("exposures")))
    assert found["a"][:2] == found["undof"][:2] == ["compliant", "insufficient_evidence"]


def test_where_the_record_does_not_speak_of_a_time_its_silence_proves_nothing() -> None:
    agreement = truce(EVERY_15, parties=("a",))
    others = exposure(0, 60, source="a camera")
    assert set(told(judged(agreement, [], [others]))["undof"]) == {"insufficient_evidence"}
    began_late = told(judged(agreement, [visit(40), visit(50)], [others]))["undof"]
    assert began_late == ["insufficient_evidence"] * 2 + ["compliant"] * 2
    row = judged(agreement, [], [others])[0]
    assert "The record does not speak of that time." in explain(row, agreement)[0]


def test_a_date_after_all_that_is_known_is_not_yet_missed() -> None:
    assert judged(truce(EVERY_15), [visit(14.5)]) == []
    assert len(judged(truce(EVERY_15, parties=("a",)), [visit(10), visit(15)])) == 2


def test_each_named_site_is_inspected_on_its_own_and_only_in_its_zone() -> None:
    sites = clause("inspect", {"every_days": 15, "by": "undof", "sites": ["camp", "depot"]})
    rows = judged(truce(sites, parties=("a",)), [visit(14), visit(16, site="depot")])
    assert told(rows)["undof"] == ["compliant", "violation"]
    assert ["site=camp" in row["trace"] for row in rows] == [True, False, True, False]
    inside = clause("inspect", {"every_days": 15, "by": "undof", "zone": "square"})
    agreement = truce(inside, parties=("a",), zones=[zone()])
    for lat, verdict in ((48.5, "compliant"), (40.0, "violation"), (None, "insufficient_evidence")):
        at = {"lat": lat, "lon": 37.5 if lat else None, "error_major_m": 10.0}
        assert told(judged(agreement, [visit(1, "b"), visit(14, **at), visit(16, "b")]))[
            "undof"
        ] == [verdict]


def test_a_cadence_or_a_body_that_the_text_does_not_give_is_no_breach() -> None:
    nobody = truce(clause("inspect", {"every_days": 15, "by": None}), parties=("a",))
    found = told(judged(nobody, [visit(1), visit(20, access="denied"), visit(31)]))
    assert found == {"a": ["compliant", "insufficient_evidence", "compliant"]}
    assert judged(truce(clause("inspect", {"every_days": None, "by": "undof"})), [visit(1)]) == []


def test_a_reading_with_another_cadence_makes_the_missed_date_ambiguous() -> None:
    monthly = reading("monthly", {"every_days": 30})
    terms = {"every_days": 15, "by": "undof"}
    agreement = truce(clause("inspect", terms, readings=(monthly,)), parties=("a",))
    rows = judged(agreement, [visit(1), visit(29), visit(30)])
    own = [row["verdict"] for row in rows if row["party"] == "undof" and row["reading"] is None]
    assert own == ["compliant", "ambiguous_clause"]


def test_swapping_the_parties_swaps_the_omissions() -> None:
    visits = [visit(14), visit(28, access="denied"), visit(15, "b"), visit(31, "b")]
    swapped = [row | {"party": {"a": "b", "b": "a"}[row["party"]]} for row in visits]
    one, other = (told(judged(truce(EVERY_15), rows)) for rows in (visits, swapped))
    assert (one["a"], one["b"]) == (other["b"], other["a"])
    assert one["a"] != one["b"]
    assert sorted(one["undof"]) == sorted(other["undof"])


def test_the_order_of_visits_changes_nothing() -> None:
    visits = [visit(14), visit(28, access="denied"), visit(15, "b"), visit(31, "b")]
    assert judged(truce(EVERY_15), visits) == judged(truce(EVERY_15), visits[::-1])


def declared(day: float, party: str, weapon: str = "tank") -> dict[str, Any]:
    return {
        "holding_id": f"h-{party}-{weapon}", "site": "depot", "party": party, "weapon": weapon,
        "began": on(day), "ended": on(day + 1), "known_at": on(day), "basis": "declared",
    }  # fmt: skip


def test_an_inventory_that_is_not_handed_over_by_its_day_is_the_partys_own_omission() -> None:
    """A kind that nobody planned, in one file: `findings/clauses/declare.py`."""
    terms = {"weapons": {"classes": ["tank"]}, "eif": "2026-01-01T02:00+02:00", "after_days": 5}
    agreement = truce(clause("declare", terms))
    later = [declared(8, "a", "mortar")]
    for rows, expected in (
        ([declared(4, "a"), declared(7, "b")], {"a": ["compliant"], "b": ["violation"]}),
        ([declared(4, "b")], {"a": ["violation"], "b": ["compliant"]}),
        ([declared(4, "a", "weapon")], {"a": ["insufficient_evidence"], "b": ["violation"]}),
    ):
        holdings = pa.Table.from_pylist([*rows, *later], schema=schemas.HOLDINGS)
        found = find(agreement, evidence([], holdings=holdings), KINDS).to_pylist()
        assert told(found) == expected


def test_where_nobody_declared_anything_declarations_may_not_have_reached_the_record() -> None:
    terms = {"finish_by": "2026-01-06T00:00+02:00"}
    inspected = declared(8, "a") | {"basis": "inspected"}
    holdings = pa.Table.from_pylist([inspected], schema=schemas.HOLDINGS)
    found = find(truce(clause("declare", terms)), evidence([], holdings=holdings), KINDS)
    assert set(found["verdict"].to_pylist()) == {"insufficient_evidence"}
    assert datetime(2026, 1, 5, 22, tzinfo=UTC).isoformat() in found["trace"][0].as_py()
