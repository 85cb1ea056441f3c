"""What was received on what is no act: monitors kept out, and what shows that a duty was kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from truceline.agreement.names import body_words, folded
from truceline.agreement.terms import Agreement
from truceline.pipeline.parties import party_names, with_party_ids
from truceline.pipeline.story import Sentence
from truceline.record.store import Record
from truceline.reports.subjects import code_of

_BEFORE, _AFTER = 4, 2  # visits and declarations told before a date, and after it
_ENDS = {"inspections": "ended", "holdings": "began"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Sentences on what was received and on who answers, and the ids of the rows that they rest on."""

    received: tuple[Sentence, ...] = ()
    who: tuple[Sentence, ...] = ()
    ids: tuple[str, ...] = ()


def beside(
    record: Record,
    agreement: Agreement,
    findings: Sequence[Mapping[str, Any]],
    sharing: Sequence[Mapping[str, Any]],
    as_of: datetime,
) -> Beside:
    """What a story says of obstructions and duties; nothing where the findings are on neither.

    Parameters
    ----------
    findings
        Rows of FINDINGS that the story is about.
    sharing
        Every row on the same subjects: a body's duty and the party's share one.
    as_of
        What was known by then counts.
    """
    names = party_names(agreement)
    tables = {
        name: with_party_ids(record.table(name, as_of=as_of), columns, names)
        for name, columns in (
            ("exposures", ("obstructed_by", "controller")),
            ("inspections", ("party", "body")),
            ("holdings", ("party",)),
        )
    }
    subjects = {row["subject_id"] for row in findings if row["subject_kind"] == "act"}
    barred = [row for row in tables["exposures"].to_pylist() if row["exposure_id"] in subjects]
    parts = [_barred(row) for row in barred]
    owed = {
        row["subject_id"]: row
        for row in findings
        if row["subject_kind"] == "omission" and ";due=" in row["trace"]
    }
    parts += [_owed(row, agreement, sharing, tables) for row in owed.values()]
    return Beside(
        received=tuple(each for part in parts for each in part.received),
        who=tuple(each for part in parts for each in part.who),
        ids=tuple(dict.fromkeys(each for part in parts for each in part.ids)),
    )


def _barred(row: Mapping[str, Any]) -> Beside:
    ids = (row["exposure_id"],)
    minutes = "" if row["minutes_lost"] is None else f", {row['minutes_lost']:g} minutes lost"
    reason = f" The reason as quoted: {row['reason'].rstrip('.')}." if row["reason"] else ""
    where = "at no stated place"
    if row["lat"] is not None:
        where = f"at {row['lat']:.4f}, {row['lon']:.4f}"
    told = (
        f"{row['source']} was kept out ({row['status']}{minutes}), between "
        f"{row['began']:%Y-%m-%d %H:%M} and {row['ended']:%Y-%m-%d %H:%M} UTC, {where}.{reason} "
        "Nothing is inferred about what it did not see."
    )
    by = row["obstructed_by"]
    named = (
        "Nobody is named as having kept it out, so it is asked of every party alike."
        if by is None
        else f"{row['source']} recorded {by} as having kept it out; that is no ruling."
    )
    ground = (
        ""
        if row["controller"] is None
        else f" That {row['controller']} holds the ground is no evidence of it."
    )
    source = (f"access.csv:{row['exposure_id']}",)
    return Beside(
        received=(Sentence(text=told, rows=source, observations=ids),),
        who=(Sentence(text=named + ground, rows=source, observations=ids),),
        ids=ids,
    )


def _owed(
    row: Mapping[str, Any],
    agreement: Agreement,
    sharing: Sequence[Mapping[str, Any]],
    tables: Mapping[str, Any],
) -> Beside:
    code = code_of(row["trace"])
    parties = {
        each["party"]
        for each in sharing
        if each["subject_id"] == row["subject_id"] and each["party"] in agreement.party_ids()
    }
    name = "holdings" if code["kind"] == "declare" else "inspections"
    bodies = body_words(agreement, code["by"]) if "by" in code else None
    found = [
        each
        for each in tables[name].to_pylist()
        if each["party"] in parties
        and (name == "inspections" or each["basis"] == "declared")
        and (bodies is None or folded(each["body"]) in bodies)
        and code.get("site") in (None, each["site"])
    ]
    shown = _nearest(found, datetime.fromisoformat(code["due"]), _ENDS[name])
    identifier = "inspection_id" if name == "inspections" else "holding_id"
    told = tuple(
        Sentence(
            text=_visit(each) if name == "inspections" else _declared(each),
            rows=(f"provenance.parquet:{each[identifier]}",),
            observations=(each[identifier],),
        )
        for each in shown
    )
    ids = tuple(each[identifier] for each in shown)
    return Beside(received=told, who=(_ower(row, agreement, ids),), ids=ids)


def _ower(row: Mapping[str, Any], agreement: Agreement, ids: tuple[str, ...]) -> Sentence:
    who = row["party"]
    if who in agreement.party_ids():
        text = f"It was for {who} to do or to allow by the text, so no author is sought."
    else:
        text = f"It is {who}'s own duty, a body's, and is charged to no side."
    return Sentence(text=text, rows=(f"findings.csv:{row['finding_id']}",), observations=ids)


def _nearest(rows: list[dict[str, Any]], due: datetime, column: str) -> list[dict[str, Any]]:
    """The last ones before a date, and the first after it, in the order of time."""
    rows = sorted(rows, key=lambda row: (row[column], row["site"]))
    before = [row for row in rows if row[column] <= due]
    after = [row for row in rows if row[column] > due]
    return before[-_BEFORE:] + after[:_AFTER]


def _visit(row: Mapping[str, Any]) -> str:
    return (
        f"{row['body']} came to {row['site']} of {row['party']}, between {row['began']:%Y-%m-%d %H:%M} "
        f"and {row['ended']:%Y-%m-%d %H:%M} UTC: access {row['access'].replace('_', ' ')}."
    )


def _declared(row: Mapping[str, Any]) -> str:
    return f"{row['party']} declared {row['weapon']} at {row['site']}, as of {row['began']:%Y-%m-%d %H:%M} UTC."
