"""The annexed table, in columns after those of the OSCE's Special Monitoring Mission to Ukraine."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from truceline.reports.coarsen import cells
from truceline.reports.contract import Release
from truceline.reports.document import Block, Column, Grid, Paragraph, Section
from truceline.reports.naming import short
from truceline.reports.say import Say

_COLUMNS = (
    ("id", 1.2),
    ("position", 0.9),
    ("location", 2.15),
    ("means", 0.85),
    ("number", 0.62),
    ("observation", 1.9),
    ("description", 2.2),
    ("weapon", 1.05),
    ("when", 1.75),
    ("hours", 0.9),
)
_POINT = re.compile(r"(?P<lat>[-+]?\d{1,2}\.\d+)[,;\s]+(?P<lon>[-+]?\d{1,3}\.\d+)")
_UNKNOWN = frozenset({None, "not known", "unknown"})


def write(release: Release, say: Say) -> Section:
    """As many rows as the rules allow in a document, and where the others are."""
    total = release.rows.num_rows
    note = say("annex.note", zone=say.zone)
    if release.view.is_release:
        note += " " + say("annex.withheld")
    blocks: list[Block] = [Paragraph(text=note, tone="note")]
    if not total:
        blocks = [Paragraph(text=say("annex.none"))]
        return Section(
            anchor="annex", title=say("annex.title"), blocks=tuple(blocks), is_annex=True
        )
    shown = release.rows.slice(0, release.rules.annex_rows).to_pylist()
    # Where observers stood is withheld in every row of a release: no column for it.
    columns = [each for each in _COLUMNS if each[0] != "position" or not release.view.is_release]
    names = short(release.rows["act_id"].to_pylist())
    blocks.append(
        Grid(
            caption=say("annex.caption"),
            columns=tuple(
                Column(
                    title=say(f"annex.{name}", zone=say.zone),
                    is_figure=name == "number",
                    share=share,
                    is_whole=name == "id",
                )
                for name, share in columns
            ),
            rows=tuple(
                tuple(_cells(row, names, release, say)[name] for name, _ in columns)
                for row in shown
            ),
            is_dense=True,
        )
    )
    if total > len(shown):
        words = say("annex.more", shown=len(shown), total=total)
        blocks.append(Paragraph(text=words, tone="warning"))
    return Section(anchor="annex", title=say("annex.title"), blocks=tuple(blocks), is_annex=True)


def _cells(
    row: dict[str, Any], names: Mapping[str, str], release: Release, say: Say
) -> dict[str, str]:
    count = row["count_best"] if row["count_best"] is not None else row["count_low"]
    reports = say("annex.reports", observations=row["observations"], roots=row["independent_roots"])
    unit = f" ({row['count_unit']})" if row["count_unit"] else ""
    doubt = "" if row["is_counted"] else f"; {say('annex.unconfirmed')}"
    weapon = row["weapon"]
    return {
        "id": names[row["act_id"]],
        "position": position(row["positions"], release, say),
        "location": location(row, release, say),
        "means": row["means"] or say("annex.nk"),
        "number": say("annex.nk") if count is None else say.number(count),
        "observation": f"{say.word('type', row['type'])}{unit}",
        "description": f"{say.word('direction', row['direction'])}; {reports}{doubt}",
        "weapon": say("annex.nk") if weapon in _UNKNOWN else say.word("weapon", weapon),
        "when": when(row, say),
        "hours": say(f"hours.short_{row['hours']}"),
    }


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
        lat=f"{lat:{form}}°\u00a0{'N' if row['lat'] >= 0 else 'S'}",
        lon=f"{lon:{form}}°\u00a0{'E' if row['lon'] >= 0 else 'W'}",
    )


def position(words: str | None, release: Release, say: Say) -> str:
    """Where observers stood, as they name it; bare coordinates as the cell that holds them."""
    if words is None:
        return say("annex.nk")
    return _POINT.sub(lambda found: _cell(found, release, say), words)


def _cell(found: re.Match[str], release: Release, say: Say) -> str:
    lat, lon = (np.array([float(found[name])]) for name in ("lat", "lon"))
    if abs(lat[0]) > 90.0 or abs(lon[0]) > 180.0:
        return found[0]
    (middle_lat,), (middle_lon,) = cells(lat, lon, release.rules.cell_m)
    return say(
        "annex.cell",
        km=f"{release.rules.cell_m / 1000:g}",
        lat=f"{abs(middle_lat):g}°\u00a0{'N' if middle_lat >= 0 else 'S'}",
        lon=f"{abs(middle_lon):g}°\u00a0{'E' if middle_lon >= 0 else 'W'}",
    )


def when(row: dict[str, Any], say: Say) -> str:
    """Date and time in the mission's zone; a date alone says that its hour is not known."""
    if row["is_date_only"]:
        return f"{say.day(row['legal_day'])}, {say('hour_not_known')}"
    return say.span(row["began"], row["ended"])
