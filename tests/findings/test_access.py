"""Monitors kept out: an act of who kept them out, once, and no inference about anything else."""

from typing import Any

import pyarrow as pa
import pytest
from truces import NOON, clause, evidence, exempt, hours, in_force, truce, zone

from truceline.agreement.terms import Clause
from truceline.findings.contract import Known
from truceline.findings.find import find
from truceline.findings.state import states
from truceline.pipeline import plugins
from truceline.tables import schemas

KINDS = plugins.load("clauses")
LINE = {"exhibit": "ab", "file": "spot.csv", "line": 2}


def kept_out(**fields: Any) -> dict[str, Any]:
    return {
        "exposure_id": "e-1", "source": "patrol", "kind": "access_denial", "began": NOON,
        "ended": NOON + hours(1), "lat": 48.5, "lon": 37.5, "radius_m": 500.0, "status": "denied",
        "obstructed_by": "a", "controller": "b",
    } | fields  # fmt: skip


def verdicts(
    access: Clause, exposure: dict[str, Any], observations: list[dict[str, Any]] | None = None
) -> dict[str, str]:
    tables = {"exposures": pa.Table.from_pylist([exposure], schema=schemas.EXPOSURES)}
    if observations is not None:
        tables["observations"] = pa.Table.from_pylist(observations, schema=schemas.OBSERVATIONS)
    rows = find(truce(access, zones=[zone()]), evidence([], **tables), KINDS).to_pylist()
    assert {(row["subject_kind"], row["subject_id"]) for row in rows} <= {("act", "e-1")}
    return {row["party"]: row["verdict"] for row in rows}


FREE = clause("access", {})


@pytest.mark.parametrize("status", ["denied", "delayed", "conditioned", "obstructed"])
def test_who_keeps_monitors_out_is_in_breach_and_who_controls_the_ground_is_not(
    status: str,
) -> None:
    assert verdicts(FREE, kept_out(status=status)) == {"a": "violation"}
    swapped = kept_out(status=status, obstructed_by="b", controller="a")
    assert verdicts(FREE, swapped) == {"b": "violation"}


@pytest.mark.parametrize("status", ["unsafe", "not_attempted", "granted", None])
def test_where_it_was_unsafe_or_nobody_tried_nobody_kept_them_out(status: str | None) -> None:
    assert verdicts(FREE, kept_out(status=status)) == {}


def test_an_obstruction_by_nobody_named_is_judged_for_each_party_and_by_a_third_for_none() -> None:
    both = {"a": "violation", "b": "violation"}
    assert verdicts(FREE, kept_out(obstructed_by=None)) == both
    assert verdicts(FREE, kept_out(obstructed_by="an armed group")) == {}


def test_only_the_statuses_the_hours_and_the_zone_of_the_clause_count() -> None:
    listed = clause("access", {"statuses": ["denied"], "zone": "square"})
    assert verdicts(listed, kept_out(status="delayed")) == {}
    assert verdicts(listed, kept_out()) == {"a": "violation"}
    assert verdicts(listed, kept_out(lat=40.0)) == {"a": "compliant"}
    assert verdicts(listed, kept_out(lat=None, lon=None)) == {"a": "insufficient_evidence"}
    later = clause("access", {}, periods=in_force("a", began=NOON + hours(2)))
    assert verdicts(later, kept_out()) == {}
    spared = clause("access", {}, exceptions=(exempt(zone="square"),))
    assert verdicts(spared, kept_out()) == {"a": "exempt"}


def test_an_obstruction_that_the_same_line_also_tells_as_an_act_is_not_judged_twice() -> None:
    told = {
        "observation_id": "o", "feed": "f", "source": "patrol", "source_kind": "patrol",
        "root": "patrol", "began": NOON, "ended": NOON + hours(1), "is_date_only": False,
        "type": "monitor_access_denied", "direction": "undetermined", "stance": "none",
    }  # fmt: skip
    assert verdicts(FREE, kept_out(**LINE), [told | LINE]) == {}
    assert verdicts(FREE, kept_out(**LINE), [told | LINE | {"line": 3}]) == {"a": "violation"}
    assert verdicts(FREE, kept_out(), [told]) == {"a": "violation"}


@pytest.mark.parametrize(
    ("granted", "said"),
    [(None, "grants no adverse inference"), (True, "lets an adverse inference")],
)
def test_an_adverse_inference_is_told_of_and_never_drawn(granted: bool | None, said: str) -> None:
    terms = {"adverse_inference": granted}
    cap = clause("cap", {"weapons": {"classes": ["tank"]}, "maximum": 0, "zone": "square"})
    agreement = truce(clause("access", terms), cap, zones=[zone()])
    (stated,) = states(agreement, KINDS, Known(at=NOON))
    assert said in stated.state.because[0]
    exposures = pa.Table.from_pylist([kept_out()], schema=schemas.EXPOSURES)
    found = find(agreement, evidence([], exposures=exposures), KINDS)
    assert found["clause_id"].to_pylist() == ["c-access"]
