"""Phases: each zone and each sort of weapon by its own day after the entry into force."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from truces import clause, evidence, happening, line, truce, zone

from truceline.agreement.terms import Agreement
from truceline.findings.contract import Subjects
from truceline.findings.explain import explain
from truceline.findings.find import find
from truceline.geometry.offset import moved
from truceline.pipeline import plugins
from truceline.tables import schemas

KINDS = plugins.load("clauses")
EAST = ((38.0, 48.0), (39.0, 48.0), (39.0, 49.0), (38.0, 49.0), (38.0, 48.0))
EIF = "2026-05-01T00:00+03:00"
LEAVING = {
    "eif": EIF,
    "phases": [
        {"name": "west", "after_days": 6, "zone": "square"},
        {"name": "all", "after_days": 11, "zone": "east"},
    ],
}
FORCES = {"type": "force_movement", "error_m": 10.0}


def leaving(**terms: Any) -> Agreement:
    return truce(clause("phase", LEAVING | terms), zones=[zone(), zone("east", EAST)])


def row(agreement: Agreement, subjects: Subjects) -> dict[str, Any]:
    """The finding for the first party, which is the same for the other; before every day none."""
    found = find(agreement, subjects, KINDS).to_pylist()
    if not found:
        return {"verdict": None}
    assert found[0] | {"party": "", "finding_id": ""} == found[1] | {"party": "", "finding_id": ""}
    assert len(found) == 2
    return found[0]


def kyiv(day: int, hour: int) -> datetime:
    """An instant of May 2026 in Kyiv, three hours before UTC."""
    return datetime(2026, 5, day, hour, tzinfo=UTC) - (
        datetime(2026, 1, 1, 3) - datetime(2026, 1, 1)
    )


@pytest.mark.parametrize(
    ("lon", "began", "verdict"),
    [
        (37.5, kyiv(7, 23), None),  # EIF+6 closes with the 7th
        (37.5, kyiv(8, 0), "violation"),
        (38.5, kyiv(8, 0), "compliant"),  # the eastern zone has until EIF+11
        (38.5, kyiv(12, 23), "compliant"),
        (38.5, kyiv(13, 0), "violation"),
        (39.5, kyiv(20, 0), "compliant"),
    ],
)
def test_forces_still_in_a_zone_after_its_day_are_in_breach_and_a_day_before_are_not(
    lon: float, began: datetime, verdict: str | None
) -> None:
    found = row(leaving(), evidence([happening(lon=lon, began=began, **FORCES)]))
    assert found["verdict"] == verdict


def test_the_phase_that_decides_is_named_with_what_would_turn_it() -> None:
    at = evidence([happening(lon=38.5, began=kyiv(12, 23), **FORCES)])
    found = row(leaving(), at)
    assert "phase=all" in found["trace"]
    assert found["margin_s"] == -3600.0
    trace, flips = explain(found, leaving())
    assert "Its phase all decides." in trace
    assert "(zone east)" in " ".join(trace)
    assert "from 00:00 on 13 May 2026 (Europe/Kyiv)" in " ".join(flips)


def test_hours_are_counted_from_the_instant_where_the_text_counts_hours() -> None:
    noon = leaving(eif="2026-05-01T12:00+03:00", counted="hours")
    for hour, verdict in ((11, None), (12, "violation")):
        at = evidence([happening(lon=37.5, began=kyiv(7, hour), **FORCES)])
        assert row(noon, at)["verdict"] == verdict


def test_a_day_that_the_text_does_not_give_is_never_a_breach() -> None:
    unset = [{"name": "west", "after_days": None, "zone": "square"}]
    found = row(leaving(phases=unset), evidence([happening(began=kyiv(20, 0), **FORCES)]))
    assert (found["verdict"], found["p_violation"]) == ("insufficient_evidence", 0.0)
    assert row(leaving(eif=None), evidence([happening(began=kyiv(20, 0), **FORCES)]))[
        "verdict"
    ] == ("insufficient_evidence")


def test_troops_held_in_a_zone_past_its_day_break_the_clause_too() -> None:
    stands = {
        "holding_id": "h", "site": "barracks", "party": "a", "weapon": "troops", "count_best": 40,
        "began": kyiv(3, 0), "ended": kyiv(10, 0), "lat": 48.5, "lon": 37.5,
        "error_major_m": 10.0, "error_minor_m": 10.0, "error_azimuth_deg": 0.0,
    }  # fmt: skip
    for ended, verdicts in ((kyiv(10, 0), ["violation"]), (kyiv(7, 0), [])):
        table = pa.Table.from_pylist([stands | {"ended": ended}], schema=schemas.HOLDINGS)
        found = find(leaving(), evidence([], holdings=table), KINDS).to_pylist()
        assert [each["verdict"] for each in found] == verdicts


def test_each_sort_of_weapon_is_withdrawn_by_its_own_day() -> None:
    terms = {
        "weapons": None, "distance_m": 15_000, "lines": {"a": "line", "b": "line"}, "eif": EIF,
        "phases": [
            {"name": "tanks", "after_days": 15, "weapons": {"classes": ["tank"]}},
            {"name": "mortars", "after_days": 24, "weapons": {"classes": ["mortar"]}},
        ],
    }  # fmt: skip
    agreement = truce(clause("withdraw", terms), lines=[line()])
    lat, lon = moved(*(np.array([v]) for v in (48.0, 38.0, 0.0, 5_000.0)))
    seen = {"lat": float(lat[0]), "lon": float(lon[0]), "error_m": 1.0, "began": kyiv(20, 12)}
    for weapon, kind, verdict in (
        ("T-72", "tank_fire", "violation"),
        ("mortar 82 mm", "mortar", None),
    ):  # fmt: skip
        fired = happening(type=kind, weapon=weapon, direction="outgoing", **seen)
        assert row(agreement, evidence([fired]))["verdict"] == verdict
