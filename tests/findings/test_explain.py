"""A finding in plain words, with what would turn it, no finer than it needs."""

from datetime import UTC, datetime

import pytest
from truces import clause, evidence, exempt, happening, in_force, line, reading, truce, zone

from truceline.findings.explain import explain
from truceline.findings.find import find
from truceline.model.errors import InputError
from truceline.pipeline import plugins

KINDS = plugins.load("clauses")


def told(agreement: object, subjects: object, at: int = 0) -> tuple[str, str]:
    row = find(agreement, subjects, KINDS).to_pylist()[at]
    trace, flips = explain(row, agreement)
    return " ".join(trace), " ".join(flips)


def test_a_place_near_the_edge_says_how_far_it_would_have_to_be() -> None:
    agreement = truce(clause("prohibit", {"acts": ["mortar"], "zone": "square"}), zones=[zone()])
    trace, flips = told(agreement, evidence([happening(lat=48.9888)]))
    assert "Clause c-prohibit (1: prohibit) of A truce, version 1" in trace
    assert "for A." in trace
    assert "the act breaks the clause" in trace
    assert "1.2 km further outside" in flips
    assert "1245" not in flips


def test_an_hour_near_the_start_is_named_in_the_missions_zone() -> None:
    began = datetime(2025, 4, 19, 15, tzinfo=UTC)
    agreement = truce(
        clause("prohibit", {"acts": ["mortar"]}, periods=in_force("a", began=began)),
        calendar="Europe/Moscow",
    )
    at = evidence([happening(began=datetime(2025, 4, 19, 16, tzinfo=UTC))])
    assert "before 18:00 on 19 April 2025 (Europe/Moscow)" in told(agreement, at)[1]


def test_calibres_are_named_as_the_clause_names_them() -> None:
    terms = {
        "weapons": {"classes": ["gun"], "calibre_min_mm": 100}, "distance_m": 15_000,
        "lines": {"a": "line", "b": "line"},
    }  # fmt: skip
    agreement = truce(clause("withdraw", terms), lines=[line()])
    fired = happening(lat=48.05, type="artillery", weapon="gun 122 mm", direction="outgoing")
    trace, flips = told(agreement, evidence([fired]))
    assert "calibre below 100 mm" in flips
    assert "15 km from line" in trace


def test_exceptions_gaps_and_readings_are_told() -> None:
    rule = exempt(zone="square", unless=[exempt(name="e2", types=["mortar"])])
    late = reading("late", periods=in_force("b"))
    agreement = truce(
        clause("prohibit", {"acts": ["mortar"]}, exceptions=(rule,), readings=(late,)),
        zones=[zone(polygons=None)],
    )
    trace, _ = told(agreement, evidence([happening()]))
    assert "Exception e1 was weighed, unless e2." in trace
    gap = truce(clause("prohibit", {"acts": ["mortar"]}, missing="No figure is public."))
    assert "No figure is public" in told(gap, evidence([happening()]))[0]


def test_a_finding_of_another_agreement_is_refused() -> None:
    agreement = truce(clause("prohibit", {"acts": ["mortar"]}))
    row = find(agreement, evidence([happening()]), KINDS).to_pylist()[0]
    with pytest.raises(InputError, match="has no clause"):
        explain(row, truce(clause("prohibit", {"acts": ["mortar"]}, clause_id="other")))
