"""Monitors kept out, as held against the clauses: by day and district, whoever did it.

An obstruction is an act of who is recorded as having done it. Where nobody is named it is asked of
every party, with the same answer for each; who holds the ground is no evidence of who stood in the
way. Nothing is inferred here about what the monitors did not see.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from truceline.reports.columns import KEPT_OUT
from truceline.reports.contract import Dossier
from truceline.reports.rules import PublicationRules
from truceline.reports.subjects import is_kept_out
from truceline.reports.watch import STATUSES, actor, party_names, placed
from truceline.tables import schemas

TYPE = "monitor_access_denied"
_BY_NOBODY = frozenset({"unsafe", "not_attempted", "granted"})  # access statuses that are no deed
_ORDER = ("legal_day", "district", "obstructed_by", "clause_id", "reading", "party", "subject_id")


def kept_out(
    dossier: Dossier, rules: PublicationRules, listed: pa.Table, *, is_release: bool
) -> pa.Table:
    """Rows of KEPT_OUT: obstructions of the period, and the findings on each.

    One that an account of the same line tells as an act is told with the findings on that act, for
    the party recorded as having done it.

    Parameters
    ----------
    listed
        Acts that the view may read.
    """
    names, calendar = party_names(dossier), dossier.agreement.calendar
    found = _findings(dossier)
    acts = _acts(dossier, listed)
    rows = []
    for exposure, place in placed(dossier, rules, dossier.period):
        if exposure["status"] is None or exposure["status"] in _BY_NOBODY:
            continue
        by = actor(exposure["obstructed_by"], names)
        day = max(calendar.day(exposure["began"]), dossier.period.first_day)
        for subject in (exposure["exposure_id"], acts.get(_line(exposure), "")):
            for finding in found.get(subject, ()):
                if by in (None, finding["party"]):
                    told = _told(exposure, by, is_release=is_release)
                    west, south, east, north = place.bounds or (None,) * 4
                    sides = {"west": west, "south": south, "east": east, "north": north}
                    rows.append(finding | told | {"legal_day": day, "district": place.name} | sides)
    columns = {name: [row[name] for row in rows] for name in KEPT_OUT.names}
    table = schemas.from_columns(KEPT_OUT, columns, len(rows))
    return table.sort_by([(name, "ascending") for name in _ORDER])


def _told(exposure: Mapping[str, Any], by: str | None, *, is_release: bool) -> dict[str, Any]:
    """What is recorded of it; a quoted reason and a stranger's name stay inside."""
    minutes, status = exposure["minutes_lost"], exposure["status"]
    return {
        "obstructed_by": by if is_release else exposure["obstructed_by"],
        "status": status if status in STATUSES or not is_release else None,
        "minutes_lost": None if minutes is None else float(round(minutes)),
        "reason": None if is_release else exposure["reason"],
    }


def _findings(dossier: Dossier) -> dict[str, list[dict[str, Any]]]:
    """Findings on obstructions by subject: those of exposures, and of acts on clauses about them."""
    names = ["finding_id", "subject_id", "party", "clause_id", "reading", "verdict"]
    about = [
        clause.clause_id
        for clause in dossier.agreement.clauses
        if clause.kind == "access" or TYPE in (clause.terms.get("acts") or ())
    ]
    denied = dossier.acts.filter(pc.equal(dossier.acts["type"], TYPE))["act_id"].combine_chunks()
    is_act = pc.and_(
        pc.equal(dossier.findings["subject_kind"], "act"),
        pc.is_in(dossier.findings["subject_id"], value_set=denied),
    )
    is_about = pc.is_in(dossier.findings["clause_id"], value_set=pa.array(about, pa.string()))
    is_wanted = pc.or_(is_kept_out(dossier), pc.and_(is_act, is_about))
    found: dict[str, list[dict[str, Any]]] = {}
    for row in dossier.findings.filter(is_wanted).select(names).to_pylist():
        found.setdefault(row["subject_id"], []).append(row)
    return found


def _acts(dossier: Dossier, listed: pa.Table) -> dict[Any, str]:
    """The listed act that an account of a line was taken to tell of, by file and line."""
    told = dossier.observations.filter(pc.equal(dossier.observations["type"], TYPE))
    lines = {row["observation_id"]: _line(row) for row in told.to_pylist()}
    members = dossier.members.filter(
        pc.is_in(dossier.members["observation_id"], value_set=pa.array(lines, pa.string()))
    )
    incidents = dict(_pairs(members, "observation_id", "incident_id"))
    acts = {i: act for act, i in _pairs(listed.filter(pc.equal(listed["type"], TYPE)))}
    return {
        line: acts[incidents[name]]
        for name, line in lines.items()
        if line is not None and incidents.get(name) in acts
    }


def _pairs(
    table: pa.Table, one: str = "act_id", other: str = "incident_id"
) -> Iterator[tuple[str, str]]:
    return zip(table[one].to_pylist(), table[other].to_pylist(), strict=True)


def _line(row: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """The preserved line that a row was read from; None where nobody preserved it."""
    return None if row["exhibit"] is None else (row["exhibit"], row["file"], row["line"])
