"""What the parties claim, set beside the evidence: sources named, sums checked, ambiguities told."""

import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from truceline.reports.assertions import is_exact_sum
from truceline.reports.contract import Release
from truceline.reports.document import Block, Bullets, Column, Grid, Paragraph, Section
from truceline.reports.hours import INSIDE
from truceline.reports.outcomes import DECIDED
from truceline.reports.parties import party_name
from truceline.reports.say import Say
from truceline.reports.sections.hours import listed

_Source = tuple[str | None, str | None, str | None]  # publisher, where it was read, licence
_SCHEME = re.compile(r"https?://(?:www\.)?")  # the page asks the network for nothing: no link in it


def write(release: Release, say: Say) -> Section:
    """Tallies, whether they add up, and what is listed here beside them."""
    rows = _ordered(release.claims.to_pylist())
    blocks: list[Block] = [Paragraph(text=say("claims.caution"), tone="note")]
    if rows:
        blocks += [_table(release, say, rows), _read_at(rows[: release.rules.annex_rows], say)]
        told = [
            *_sums(release, say, rows),
            *_notes(release, say, rows),
            *_beside(release, say, rows),
        ]
        blocks.append(Bullets(items=tuple(told)))
    else:
        blocks.append(Paragraph(text=say("claims.none")))
    return Section(anchor="claims", title=say("claims.title"), blocks=tuple(blocks))


def _table(release: Release, say: Say, rows: list[dict[str, Any]]) -> Grid:
    numbers = {key: number for number, key in enumerate(_sources(rows), 1)}
    shown = tuple(
        (
            party_name(release, row["claimant"], say),
            party_name(release, row["accused"], say),
            _what(row, say),
            say.number(_figure(row)),
            say.span(row["began"], row["ended"]),
            _published(row, numbers, say),
        )
        for row in rows[: release.rules.annex_rows]
    )
    return Grid(
        caption=say("claims.caption"),
        columns=(
            Column(title=say("claims.by"), share=1.35),
            Column(title=say("claims.against"), share=1.35),
            Column(title=say("claims.what"), share=1.7),
            Column(title=say("claims.number"), is_figure=True, share=0.8),
            Column(title=say("claims.period", zone=say.zone), share=2.0),
            Column(title=say("claims.published"), share=1.9),
        ),
        rows=shown,
        is_dense=True,
    )


def _published(row: dict[str, Any], numbers: dict[_Source, int], say: Say) -> str:
    """Who published the figure and on which day, with the number of its source."""
    publisher = row["publisher"] or say("claims.no_publisher")
    day = _day(row, say)
    number = numbers[_source(row)]
    if day is None:
        return say("claims.cited_undated", publisher=publisher, number=number)
    return say("claims.cited", publisher=publisher, day=day, number=number)


def _day(row: dict[str, Any], say: Say) -> str | None:
    """The day of publication; a bare date is kept as its end, so the instant before it counts."""
    if row["published_at"] is None:
        return None
    at = row["published_at"] - timedelta(microseconds=1)
    return say.day(at.astimezone(ZoneInfo(say.zone)).date(), with_year=True)


def _read_at(rows: list[dict[str, Any]], say: Say) -> Grid:
    """Every source once: where it was read, and its licence."""
    return Grid(
        caption=say("claims.sources"),
        columns=(
            Column(title=say("claims.ref"), share=0.35),
            Column(title=say("claims.publisher"), share=1.2),
            Column(title=say("claims.address"), share=4),
            Column(title=say("claims.licence"), share=1.7),
        ),
        rows=tuple(
            (
                f"[{number}]",
                publisher or say("claims.no_publisher"),
                _SCHEME.sub("", source) if source else say("claims.no_source"),
                licence or say("claims.no_licence"),
            )
            for number, (publisher, source, licence) in enumerate(_sources(rows), 1)
        ),
        is_dense=True,
    )


def _sources(rows: list[dict[str, Any]]) -> list[_Source]:
    """Sources in the order in which the table first cites them."""
    return list(dict.fromkeys(_source(row) for row in rows))


def _source(row: dict[str, Any]) -> _Source:
    return row["publisher"], row["source"], row["licence"]


def _ordered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Claimant by claimant, the larger totals first, each total before its parts, the larger first."""
    totals = {row["claim_id"]: row for row in rows}

    def place(row: dict[str, Any]) -> tuple[Any, ...]:
        whole = totals.get(row["part_of"], row)
        return (
            row["claimant"],
            -(_figure(whole) or 0),
            whole["claim_id"],
            row["part_of"] is not None,
            -(_figure(row) or 0),
            row["what"],
            row["claim_id"],
        )

    return sorted(rows, key=place)


def _figure(row: dict[str, Any]) -> int | None:
    number: int | None = row["count_best"] if row["count_best"] is not None else row["count_low"]
    return number


def _what(row: dict[str, Any], say: Say) -> str:
    """What is claimed, where it is not the whole front, and whether it is part of a total."""
    scope = row["scope"]
    what: str = row["what"]
    if scope and scope != "whole_front":
        what = say("claims.scoped", what=what, scope=scope.replace("_", " "))
    return say("claims.part", what=what) if row["part_of"] else what


def _sums(release: Release, say: Say, rows: list[dict[str, Any]]) -> list[str]:
    told, bare = [], []
    for row in rows:
        if row["part_of"] or row["count_best"] is None:
            continue
        parts = [
            each["count_best"]
            for each in rows
            if each["part_of"] == row["claim_id"] and each["count_best"] is not None
        ]
        known = {
            "by": party_name(release, row["claimant"], say),
            "total": row["count_best"],
            "what": row["what"],
        }
        if not parts:
            bare.append(say("claims.no_parts_item", **known))
            continue
        known["parts"] = " + ".join(say.number(part) for part in parts)
        if is_exact_sum(row["count_best"], parts):
            told.append(say("claims.exact", **known))
        else:
            difference = abs(row["count_best"] - sum(parts))
            told.append(say("claims.inexact", **known, sum=sum(parts), difference=difference))
    if bare:
        told.append(say("claims.no_parts", tallies="; ".join(bare)))
    return told


def _notes(release: Release, say: Say, rows: list[dict[str, Any]]) -> list[str]:
    return [
        say(
            "claims.note",
            by=party_name(release, row["claimant"], say),
            what=row["what"],
            note=row["note"].rstrip("."),
        )
        for row in rows
        if row["note"]
    ]


def _beside(release: Release, say: Say, rows: list[dict[str, Any]]) -> list[str]:
    leading = [row["leading"] for row in release.outcomes.to_pylist() if row["outcome"] in DECIDED]
    told = []
    for party in release.agreement.party_ids():
        against = [row["count_best"] or 0 for row in rows if row["accused"] == party]
        if against:
            told.append(
                say(
                    "claims.matched",
                    acts=release.rows.num_rows,
                    inside=listed(release.rows, INSIDE),
                    attributed=leading.count(f"party:{party}"),
                    party=party_name(release, party, say),
                    claimed=max(against),
                )
            )
    return told
