"""Who was kept from seeing, what failed, and how long anybody watched."""

from collections.abc import Callable
from typing import Any

from truceline.reports.contract import Release
from truceline.reports.document import Block, Column, Grid, Paragraph, Section
from truceline.reports.parties import party_name
from truceline.reports.say import Say


def write(release: Release, say: Say) -> Section:
    """Obstructions first, then hours of watch; coverage only after the period."""
    blocks: list[Block] = []
    if release.is_early:
        blocks.append(Paragraph(text=say("access.too_early")))
        return Section(anchor="access", title=say("access.title"), blocks=tuple(blocks))
    if release.obstructions.num_rows:
        blocks.append(_obstructions(release, say))
        if release.view.is_release:
            blocks.append(Paragraph(text=say("access.parties_only"), tone="note"))
        blocks.extend(_rest(release.obstructions.num_rows, release, say))
    else:
        blocks.append(Paragraph(text=say("access.none")))
    if release.outages.num_rows:
        blocks.append(_outages(release, say))
        blocks.extend(_rest(release.outages.num_rows, release, say))
    elif not release.view.is_release:
        blocks.append(Paragraph(text=say("access.all_worked")))
    if release.coverage.num_rows:
        blocks.append(_hours(release, say))
        blocks.extend(_rest(release.coverage.num_rows, release, say))
    else:
        blocks.append(Paragraph(text=say("access.nobody"), tone="warning"))
    return Section(anchor="access", title=say("access.title"), blocks=tuple(blocks))


def _rest(rows: int, release: Release, say: Say) -> list[Block]:
    rest = rows - release.rules.annex_rows
    return [Paragraph(text=say("access.more", number=rest), tone="note")] if rest > 0 else []


def _obstructions(release: Release, say: Say) -> Grid:
    tellers: list[tuple[str, bool, Callable[[dict[str, Any]], str]]] = [
        ("day", False, lambda row: say.day(row["legal_day"])),
        ("district", False, lambda row: row["district"]),
        ("kind", False, lambda row: say.word("kind", row["kind"])),
        ("by", False, lambda row: _who(release, row, "obstructed_by", say)),
        ("controller", False, lambda row: _who(release, row, "controller", say)),
        ("status", False, lambda row: say.word("status", row["status"]) if row["status"] else "–"),
        ("times", True, lambda row: say.number(row["times"])),
        ("minutes", True, lambda row: say.number(row["minutes_lost"])),
    ]
    if not release.view.is_release:
        tellers.append(("reason", False, lambda row: row["reason"] or say("not_known")))
    rows = release.obstructions.slice(0, release.rules.annex_rows).to_pylist()
    return Grid(
        caption=say("access.caption"),
        columns=tuple(
            Column(
                title=say(f"access.{name}"),
                is_figure=is_figure,
                share=2.2 if name == "district" else 1.2,
            )
            for name, is_figure, _ in tellers
        ),
        rows=tuple(tuple(tell(row) for _, _, tell in tellers) for row in rows),
        is_dense=True,
    )


def _outages(release: Release, say: Say) -> Grid:
    """By name, which a release never tells."""
    return Grid(
        caption=say("access.outages_caption", zone=say.zone),
        columns=(
            Column(title=say("access.source"), share=1.6),
            Column(title=say("access.when"), share=2.4),
            Column(title=say("access.hours"), is_figure=True, share=0.7),
            Column(title=say("access.district"), share=2),
            Column(title=say("access.cause"), share=2),
        ),
        rows=tuple(
            (
                row["source"],
                say.span(row["began"], row["ended"]),
                say.number(round(row["hours"], 1)),
                row["district"],
                row["reason"] or say("not_known"),
            )
            for row in release.outages.slice(0, release.rules.annex_rows).to_pylist()
        ),
        note=say("access.outages_note"),
        is_dense=True,
    )


def _who(release: Release, row: dict[str, Any], column: str, say: Say) -> str:
    """A party, or a dash where nobody need be meant: an outage may be nobody's doing."""
    if row[column] is None and row["kind"] == "outage":
        return "–"
    return party_name(release, row[column], say)


def _hours(release: Release, say: Say) -> Grid:
    rows = tuple(
        (
            say.day(row["legal_day"]),
            row["district"],
            say.number(row["hours_watched"]),
            say.number(row["hours_out"]),
            say.number(row["hours_denied"]),
        )
        for row in release.coverage.slice(0, release.rules.annex_rows).to_pylist()
    )
    return Grid(
        caption=say("access.watch_caption"),
        columns=(
            Column(title=say("access.day"), share=1.2),
            Column(title=say("access.district"), share=3),
            Column(title=say("access.watched"), is_figure=True),
            Column(title=say("access.out"), is_figure=True),
            Column(title=say("access.denied"), is_figure=True, share=1.3),
        ),
        rows=rows,
    )
