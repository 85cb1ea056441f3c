"""What the synthetic dossier's line would have made of its evidence, and what its sides say."""

import hashlib
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from truceline.model.time import LegalCalendar
from truceline.reports.columns import AMOUNTS, CASES
from truceline.tables import schemas
from truceline.tables.answers import RESPONSIBILITY

_OUTCOMES = ("undetermined", "undetermined", "undetermined", "attributed", "contested", "probable")
_HYPOTHESES = ("party:A", "party:B", "joint", "non_party", "accident", "staged", "unknown")
_SENTENCES = (
    (
        "direction_of_fire",
        "bearings back from two places of impact cross ground that Side {0} holds",
    ),
    ("claims", "Side {1} says that Side {0} did it"),
    ("sole_weapon", "the agreement says that only Side {0} holds this weapon"),
)


def table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    """Rows as a table of a schema; what a row leaves out is null."""
    columns = {name: [row.get(name) for row in rows] for name in schema.names}
    return schemas.from_columns(schema, columns, len(rows))


def decided() -> pa.Table:
    """Two cases: one ruled upon, of which the ruling was cleared; one whose facts wait for a hand."""
    ruled = {
        "case_id": "c-0001",
        "why": "pattern",
        "status": "verified",
        "state": "signed",
        "signed_on": date(2026, 3, 9),
        "dissents": 0,
    }
    return table(
        [
            ruled | {"stage": "facts", "word": "verified", "text": "Ten shells fell at 47.7615, -37.9597."},
            ruled
            | {
                "stage": "attribution", "word": "attributed", "party": "A", "told_to": "A;B",
                "standard": "clear_and_convincing", "silent": "A;B",
                "text": "The listed evidence supports Side A over Side B.",
            },
            ruled
            | {
                "stage": "ruling", "word": "violation", "clauses": "art-1", "told_to": "A;B",
                "standard": "clear_and_convincing", "release": "c-0001/ruling/41", "dissents": 1,
                "replies": "A denies", "silent": "B", "text": "A breach of the clause.",
                "dissent_text": "The bearings do not agree.", "reply_text": "A: None of ours fired.",
            },
            {
                "case_id": "c-0002", "why": "casualty", "status": "under_verification", "dissents": 0,
                "stage": "facts", "state": "waiting", "word": "verified",
                "signed_on": date(2026, 3, 9),
            },
        ],
        CASES,
    )  # fmt: skip


def authors(acts: pa.Table, rolls: np.ndarray[Any, Any]) -> tuple[pa.Table, pa.Table]:
    """Attributions and the evidence behind them."""
    shares: list[dict[str, Any]] = []
    items: list[dict[str, Any]] = []
    for act, roll in zip(acts["act_id"].to_pylist(), rolls, strict=True):
        outcome = _OUTCOMES[int(roll[10] * 6)]
        side = "AB"[int(roll[11] * 2)]
        top = {"attributed": 0.97, "probable": 0.86, "contested": 0.46}.get(outcome, 0.3)
        for hypothesis in _HYPOTHESES:
            p = top if hypothesis == f"party:{side}" else (1 - top) / 6
            low, high = max(p - 0.012, 0.0), min(p + 0.009, 1.0)
            shares.append(
                {
                    "act_id": act, "hypothesis": hypothesis, "p": p, "p_low": low,
                    "p_high": high, "outcome": outcome,
                }
            )  # fmt: skip
        if outcome == "undetermined" and roll[12] < 0.6:
            continue
        for kind, words in _SENTENCES if outcome != "undetermined" else _SENTENCES[1:2]:
            items.append(
                {
                    "act_id": act, "kind": kind, "hypothesis": f"party:{side}", "nats": 1.2,
                    "group": kind, "summary": words.format(side, "BA"["AB".index(side)]),
                }
            )  # fmt: skip
    return table(shares, schemas.ATTRIBUTIONS), table(items, schemas.EVIDENCE)


def answering(attributions: pa.Table) -> pa.Table:
    """Who answers for one act in three, for each party in turn; nothing here says who did it."""
    found = list(
        zip(*(attributions[name].to_pylist() for name in ("act_id", "outcome")), strict=True)
    )
    standings = ("answers_for", "probable", "open", "withheld")
    rows = []
    for n, (act, outcome) in enumerate(dict.fromkeys(found)):
        if n % 3 == 0:
            standing = standings[n // 6 % 4]
            is_told = standing != "withheld"
            rows.append(
                {
                    "act_id": act, "party": "AB"[n // 3 % 2], "clause_id": "groups", "article": "5",
                    "answers_for": "river groups", "standing": standing,
                    "authorship": outcome if is_told else standing, "roots": 2, "p_place": 0.97,
                    "finding_ids": "", "because": "two roots name the river groups" * is_told,
                }
            )  # fmt: skip
    return table(rows, RESPONSIBILITY)


def findings(acts: pa.Table, incidents: pa.Table, rolls: np.ndarray[Any, Any]) -> pa.Table:
    """Two clauses times two parties for each act."""
    rows = []
    only = incidents["is_date_only"].to_pylist()
    for n, act in enumerate(acts["act_id"].to_pylist()):
        for party in ("A", "B"):
            for clause in ("silence", "withdraw"):
                verdict = "insufficient_evidence"
                if clause == "silence" and (not only[n] or rolls[n][3] < 0.35):
                    verdict = "violation" if rolls[n][4] < 0.85 else "exempt"
                name = f"{act}|{party}|{clause}"
                rows.append(
                    {
                        "finding_id": "f-" + hashlib.sha256(name.encode()).hexdigest()[:16],
                        "subject_kind": "act", "subject_id": act, "party": party,
                        "clause_id": clause, "agreement_version": "2026-03-01",
                        "p_violation": 0.95 if verdict == "violation" else 0.3,
                        "p_compliant": 0.05, "p_permitted_response": 0.0, "p_exempt": 0.0,
                        "p_insufficient": 0.0 if verdict == "violation" else 0.65,
                        "verdict": verdict, "threshold": 0.9, "trace": "yes", "margin_m": 1234.5,
                    }
                )  # fmt: skip
    return table(rows, schemas.FINDINGS)


def owed() -> pa.Table:
    """Two inventories due on one day, one of them late; and a visit that the monitors did not make."""
    told = (
        ("A", "inventories", "2026-03-07T17:30:00+00:00", "violation", "done=no", 90_000.0),
        ("B", "inventories", "2026-03-07T17:30:00+00:00", "compliant", "done=yes", -7_200.0),
        ("B", "visits", "2026-03-08T12:00:00+00:00", "insufficient_evidence", "done=no", None),
        ("monitors", "visits", "2026-03-08T12:00:00+00:00", "violation", "done=no", None),
    )
    kinds = {
        "inventories": "kind=declare;due={};",
        "visits": "kind=inspect;due={};site=Mill;by=monitors;",
    }
    rows = []
    for party, clause, due, verdict, done, margin_s in told:
        digest = hashlib.sha256(f"{party}|{clause}".encode()).hexdigest()[:16]
        subject = hashlib.sha256(clause.encode()).hexdigest()[:16]
        rows.append(
            _finding(f"f-{digest}", f"o-{subject}", party, clause, verdict)
            | {"subject_kind": "omission", "margin_s": margin_s}
            | {"trace": kinds[clause].format(due) + done}
        )
    return table(rows, schemas.FINDINGS)


def barred() -> pa.Table:
    """One obstruction that stands among the exposures, held against who is recorded as its author."""
    digest = hashlib.sha256(b"x-4|B|access").hexdigest()[:16]
    row = _finding(f"f-{digest}", "x-4", "B", "access", "violation")
    return table(
        [row | {"subject_kind": "act", "trace": "kind=access;type=yes;time=yes;place=any"}],
        schemas.FINDINGS,
    )


def _finding(
    finding_id: str, subject_id: str, party: str, clause: str, verdict: str
) -> dict[str, Any]:
    is_open = verdict == "insufficient_evidence"
    return {
        "finding_id": finding_id, "subject_id": subject_id, "party": party, "clause_id": clause,
        "agreement_version": "2026-03-01", "p_violation": 1.0 * (verdict == "violation"),
        "p_compliant": 1.0 * (verdict == "compliant"), "p_permitted_response": 0.0,
        "p_exempt": 0.0, "p_insufficient": 1.0 * is_open, "verdict": verdict, "threshold": 0.9,
    }  # fmt: skip


def counts(acts: pa.Table, incidents: pa.Table, calendar: LegalCalendar) -> pa.Table:
    """Counts by two rules; the first day was published with one act fewer."""
    by_id = {row["incident_id"]: row for row in incidents.to_pylist()}
    tally: Counter[tuple[date, str, str]] = Counter()
    for act in acts.to_pylist():
        incident = by_id[act["incident_id"]]
        if incident["p_real"] < 0.5:
            continue
        middle = incident["began"] + (incident["ended"] - incident["began"]) / 2
        day = calendar.day(middle)
        tally[day, "smm", "unknown"] += act["count_best"] or 1
        tally[day, "acts", "unknown"] += 1
    rows = [
        {
            "legal_day": day, "area": "all", "rule": rule, "party": party,
            "as_published": number - 1 if day == date(2026, 3, 7) else None,
            "as_now_known": number,
            "exposure_hours": {7: 36.0, 8: 21.5}.get(day.day) if day.month == 3 else None,
        }
        for (day, rule, party), number in sorted(tally.items())
    ]  # fmt: skip
    return table(rows, schemas.COUNTS)


def amounts(acts: pa.Table) -> pa.Table:
    """What each act counts by the two rules of `counts`."""
    rows = [
        {"act_id": act["act_id"], "rule": rule, "amount": amount}
        for act in acts.to_pylist()
        for rule, amount in (("acts", 1), ("smm", act["count_best"] or 1))
    ]
    return table(rows, AMOUNTS)


def remedies(found: pa.Table) -> pa.Table:
    """Two proposals on the first findings of the period."""
    broken = [row for row in found.to_pylist() if row["verdict"] == "violation"]
    rows = []
    for party, part in (("A", broken[:40]), ("B", broken[40:90])):
        own = [row["finding_id"] for row in part if row["party"] == party]
        rows.append(
            {
                "remedy_id": "r-" + hashlib.sha256(party.encode()).hexdigest()[:16],
                "finding_ids": ";".join(own), "rung": 1, "measure": "clarify", "addressee": party,
                "due": "24 h after a named person starts this clock",
                "required_standard": "reasonable_suspicion",
                "why": "a first occurrence of light fire on the day", "why_not_next":
                "rung 2 asks for repetition within 7 days", "ends_when": "an answer is received",
            }
        )  # fmt: skip
    return table(rows, schemas.REMEDIES)


def exposures() -> pa.Table:
    """Three watches, a denial and an outage."""
    at = datetime(2026, 3, 6, 18, 0, tzinfo=UTC)
    rows = []
    for n, (kind, lat, lon, hours) in enumerate(
        (
            ("watch", 47.91234, -38.05678, 26),
            ("watch", 48.31234, -37.21098, 20),
            ("watch", 48.41357, -36.97531, 11),
            ("outage", 48.31234, -37.21098, 9),
            ("access_denial", 48.01234, -37.65432, 2),
            ("access_denial", 48.05432, -37.61234, 3),
        )
    ):
        denied = kind == "access_denial"
        rows.append(
            {
                "exposure_id": f"x-{n}", "source": f"watch-{n}", "kind": kind, "began": at,
                "ended": at + timedelta(hours=hours), "lat": lat, "lon": lon, "radius_m": 9_000.0,
                "obstructed_by": ("B" if n == 4 else "a man at the gate") if denied else None,
                "controller": "B" if denied else None, "status": "denied" if denied else None,
                "minutes_lost": 43.0 * (n - 3) if denied else None,
                "reason": "orders from superiors" if denied else None,
            }
        )  # fmt: skip
    return table(rows, schemas.EXPOSURES)


def claims() -> pa.Table:
    """Each side's tally against the other: one adds up, one does not."""
    began, ended = (
        datetime(2026, 3, 6, 17, 30, tzinfo=UTC),
        datetime(2026, 3, 8, 17, 30, tzinfo=UTC),
    )
    stated = (
        ("a-total", "A", "B", "violations", 61, None, "period ambiguous: day or whole truce"),
        ("a-shelling", "A", "B", "shellings", 38, "a-total", None),
        ("a-uav", "A", "B", "UAV strikes", 19, "a-total", None),
        ("b-total", "B", "A", "violations", 90, None, None),
        ("b-artillery", "B", "A", "artillery and mortar fire", 74, "b-total", None),
        ("b-small-arms", "B", "A", "small-arms fire", 16, "b-total", None),
        ("b-quiet", "B", "A", "told to the mission in confidence", 7, None, None),
    )
    rows = [
        {
            "claim_id": name, "claimant": by, "accused": whom, "began": began, "ended": ended,
            "scope": "whole_front", "what": what, "count_best": number, "count_unit": "items",
            "part_of": part_of, "note": note, "source": f"Bulletin of Side {by}, https://bulletin.example/{by.lower()}/20260308",
            "file": "claims.csv",
            "published_at": None if name == "b-quiet" else ended + timedelta(hours=6),
        }
        for name, by, whom, what, number, part_of, note in stated
    ]  # fmt: skip
    return table(rows, schemas.CLAIMS)
