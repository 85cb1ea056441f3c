"""What people decided: cases and their stages, rulings with dissents, and silence that admits nothing."""

from collections.abc import Iterator
from typing import Any

from truceline.reports.contract import Release
from truceline.reports.document import Block, Bullets, Column, Grid, Paragraph, Section
from truceline.reports.naming import short
from truceline.reports.parties import clause_name, party_name
from truceline.reports.say import Say

_NAMES = ("case", "stage", "word", "standard", "day", "replies", "dissents")
_SHARES = (1.3, 1.2, 2.4, 1.4, 0.9, 2.0, 0.8)


def write(release: Release, say: Say) -> Section | None:
    """A row for each stage; nothing where the view may read of no case."""
    rows = release.cases.to_pylist()
    if not rows:
        return None
    names = short(sorted({row["case_id"] for row in rows})) if release.view.is_release else {}
    shown = rows[: release.rules.annex_rows]
    blocks: list[Block] = [Paragraph(text=say("cases.lead"))]
    blocks.append(
        Grid(
            caption=say("cases.caption"),
            columns=tuple(
                Column(title=say(f"cases.{name}"), share=share, is_whole=name == "case")
                for name, share in zip(_NAMES, _SHARES, strict=True)
            ),
            rows=tuple(_row(row, names, release, say) for row in shown),
            note=say("cases.note"),
            is_dense=True,
        )
    )
    words = [line for row in shown for line in _words(row, names, say)]
    if words:
        blocks.append(Bullets(items=tuple(words)))
    if any(row["silent"] for row in shown):
        blocks.append(Paragraph(text=say("cases.silence"), tone="note"))
    if len(rows) > len(shown):
        blocks.append(Paragraph(text=say("cases.more", number=len(rows) - len(shown)), tone="note"))
    return Section(anchor="cases", title=say("cases.title"), blocks=tuple(blocks))


def _row(row: dict[str, Any], names: dict[str, str], release: Release, say: Say) -> tuple[str, ...]:
    day = row["signed_on"]
    return (
        names.get(row["case_id"], row["case_id"]),
        _stage(row, say),
        _found(row, release, say),
        say.word("standard", row["standard"]) if row["standard"] else "–",
        say.day(day) if day is not None else "–",
        "; ".join(_heard(row, release, say)) or "–",
        say.number(row["dissents"]),
    )


def _stage(row: dict[str, Any], say: Say) -> str:
    """Which stage, and how it stands; without one, how far the facts have come."""
    if row["stage"] is None:
        return say.word("case_status", row["status"])
    stage = say.word("case_stage", row["stage"])
    return stage if row["state"] == "signed" else f"{stage}, {say.word('case_state', row['state'])}"


def _found(row: dict[str, Any], release: Release, say: Say) -> str:
    if row["word"] is None:
        return say.word("case_why", row["why"])
    group = {"attribution": "outcome", "ruling": "case_ruling"}.get(row["stage"], "case_status")
    told = say.word(group, row["word"])
    if row["party"]:
        told += f": {party_name(release, row['party'], say)}"
    if row["clauses"]:
        told += f" ({', '.join(clause_name(release, each) for each in row['clauses'].split(';'))})"
    return told


def _heard(row: dict[str, Any], release: Release, say: Say) -> Iterator[str]:
    for each in (row["replies"] or "").split(";"):
        if each:
            party, _, stance = each.partition(" ")
            yield f"{party_name(release, party, say)} {say.word('case_reply', stance)}"
    for party in (row["silent"] or "").split(";"):
        if party:
            yield say("cases.silent", party=party_name(release, party, say))


def _words(row: dict[str, Any], names: dict[str, str], say: Say) -> Iterator[str]:
    """What the signers, those who disagreed and the parties said, each in their own words."""
    case = names.get(row["case_id"], row["case_id"])
    for name in ("text", "dissent_text", "reply_text"):
        for line in (row[name] or "").split("\n"):
            if line:
                yield f"{case}, {say(f'cases.{name}')}: {line}"
