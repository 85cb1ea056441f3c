"""Truces of the library judged on one happening, importable by the tests of this folder."""

import csv
import importlib.util
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from truceline.agreement.reading import readings
from truceline.findings.contract import Known
from truceline.findings.find import find
from truceline.findings.state import states
from truceline.pipeline import plugins

_WHERE = importlib.util.spec_from_file_location(
    "truces_of_findings", Path(__file__).resolve().parents[1] / "findings" / "truces.py"
)
truces = importlib.util.module_from_spec(_WHERE)
_WHERE.loader.exec_module(truces)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def clause(agreement, clause_id):
    return next(each for each in agreement.clauses if each.clause_id == clause_id)


def spans(agreement, clause_id, party):
    """When each reading of a clause binds a party."""
    return {
        name: [(p.when.began, p.when.ended) for p in read.periods if p.party_id == party]
        for name, read in readings(clause(agreement, clause_id))
    }


def drawn(agreement, *zone_ids):
    """The agreement of a mission that has drawn these zones as one square, so that nothing is missing."""
    square = ((truces.SQUARE,),)
    zones = tuple(
        replace(zone, polygons=square, missing="") if zone.zone_id in zone_ids else zone
        for zone in agreement.zones
    )
    assert {zone.zone_id for zone in agreement.zones} >= set(zone_ids)
    clauses = tuple(replace(each, missing="") for each in agreement.clauses)
    return replace(agreement, zones=zones, clauses=clauses)


def verdicts(agreement, at, party, kind="missile"):
    """The verdict of each reading of each clause on one act by a party; absent where nothing binds."""
    act = truces.evidence([truces.happening(began=at, type=kind)])
    rows = find(agreement, act, plugins.load("clauses")).to_pylist()
    return {row["reading"]: row["verdict"] for row in rows if row["party"] == party}


def standings(agreement, clause_id, at):
    """How a clause that judges nothing stands at an instant, in each reading, for whom."""
    kinds = plugins.load("clauses")
    return {
        (stated.reading, stated.parties): stated.state.standing
        for stated in states(agreement, kinds, Known(at=at))
        if stated.clause_id == clause_id
    }
