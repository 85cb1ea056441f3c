"""What the parties claim, set beside the evidence: sums checked, ambiguities told."""

from typing import Any

from truceline.reports.assertions import is_exact_sum
from truceline.reports.contract import Release
from truceline.reports.document import Block, Bullets, Column, Grid, Paragraph, Section
from truceline.reports.outcomes import DECIDED
from truceline.reports.parties import party_name
from truceline.reports.say import Say


def write(release: Release, say: Say) -> Section:
    """Tallies, whether they add up, and what is listed here beside them."""
    rows = release.claims.to_pylist()
    blocks: list[Block] = [Paragraph(text=say("claims.caution"), tone="note")]
    if rows:
        blocks.append(_table(release, say, rows))
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
    ordered = sorted(rows, key=lambda row: (row["claimant"], *_family(row)))
    shown = tuple(
        (
            party_name(release, row["claimant"], say),
            party_name(release, row["accused"], say),
            _what(row, say),
            say.number(row["count_best"] if row["count_best"] is not None else row["count_low"]),
            say.span(row["began"], row["ended"]),
        )
        for row in ordered[: release.rules.annex_rows]
    )
    return Grid(
        caption=say("claims.caption"),
        columns=(
            Column(title=say("claims.by"), share=1.2),
            Column(title=say("claims.against"), share=1.2),
            Column(title=say("claims.what"), share=2.4),
            Column(title=say("claims.number"), is_figure=True, share=0.9),
            Column(title=say("claims.period"), share=2.2),
        ),
        rows=shown,
    )


def _what(row: dict[str, Any], say: Say) -> str:
    """What is claimed, where it is not the whole front, and whether it is part of a total."""
    scope = row["scope"]
    what: str = row["what"]
    if scope and scope != "whole_front":
        what = say("claims.scoped", what=what, scope=scope.replace("_", " "))
    return say("claims.part", what=what) if row["part_of"] else what


def _family(row: dict[str, Any]) -> tuple[str, int, str]:
    return row["part_of"] or row["claim_id"], 1 if row["part_of"] else 0, row["claim_id"]


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
                    attributed=leading.count(f"party:{party}"),
                    party=party_name(release, party, say),
                    claimed=max(against),
                )
            )
    return told
