"""The annexed table, in columns after the SMM's."""

from typing import Any

from truceline.reports.contract import Release
from truceline.reports.document import Block, Column, Grid, Paragraph, Section
from truceline.reports.say import Say

_COLUMNS = (
    ("position", 0.9),
    ("location", 2.4),
    ("means", 1.1),
    ("number", 0.6),
    ("observation", 1.8),
    ("description", 2.0),
    ("weapon", 1.1),
    ("when", 1.7),
)


def write(release: Release, say: Say) -> Section:
    """As many rows as the rules allow in a document, and where the others are."""
    total = release.rows.num_rows
    blocks: list[Block] = [Paragraph(text=say("annex.note"), tone="note")]
    if not total:
        blocks = [Paragraph(text=say("annex.none"))]
        return Section(
            anchor="annex", title=say("annex.title"), blocks=tuple(blocks), is_annex=True
        )
    shown = release.rows.slice(0, release.rules.annex_rows).to_pylist()
    blocks.append(
        Grid(
            caption=say("annex.caption"),
            columns=tuple(
                Column(title=say(f"annex.{name}"), is_figure=name == "number", share=share)
                for name, share in _COLUMNS
            ),
            rows=tuple(_row(row, release, say) for row in shown),
            is_dense=True,
        )
    )
    if total > len(shown):
        words = say("annex.more", shown=len(shown), total=total)
        blocks.append(Paragraph(text=words, tone="warning"))
    return Section(anchor="annex", title=say("annex.title"), blocks=tuple(blocks), is_annex=True)


def _row(row: dict[str, Any], release: Release, say: Say) -> tuple[str, ...]:
    count = row["count_best"] if row["count_best"] is not None else row["count_low"]
    reports = say("annex.reports", observations=row["observations"], roots=row["independent_roots"])
    what = say.word("type", row["type"])
    unit = f" ({row['count_unit']})" if row["count_unit"] else ""
    doubt = "" if row["is_counted"] else f"; {say('annex.unconfirmed')}"
    weapon = row["weapon"]
    return (
        say("annex.withheld") if release.view.is_release else row["positions"] or say("annex.nk"),
        location(row, release, say),
        row["means"] or say("annex.nk"),
        say("annex.nk") if count is None else say.number(count),
        f"{what}{unit}",
        f"{say.word('direction', row['direction'])}; {reports}{doubt}",
        weapon.replace("_", " ") if weapon else say("annex.nk"),
        when(row, say),
    )


def location(row: dict[str, Any], release: Release, say: Say) -> str:
    """Where, in words: zone or area, and the cell or point with the distance that holds it."""
    if row["lat"] is None:
        return row["place"] or say("nobody_said_where")
    lat, lon = abs(row["lat"]), abs(row["lon"])
    form = "g" if release.view.is_release else ".4f"
    return say(
        "annex.within",
        place=f"{row['place']}; " if row["place"] else "",
        km=f"{row['error_major_m'] / 1000:.3g}",
        lat=f"{lat:{form}}° {'N' if row['lat'] >= 0 else 'S'}",
        lon=f"{lon:{form}}° {'E' if row['lon'] >= 0 else 'W'}",
    )


def when(row: dict[str, Any], say: Say) -> str:
    """Date and time in the mission's zone; a date alone says that its hour is not known."""
    if row["is_date_only"]:
        return f"{say.day(row['legal_day'])}, {say('hour_not_known')}"
    return say.span(row["began"], row["ended"])
