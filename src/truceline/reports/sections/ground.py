"""The map, with what it cannot draw."""

from truceline.reports.contract import Release
from truceline.reports.document import Block, Figure, Paragraph, Section
from truceline.reports.map import MOST_SHAPES, draw, grouped
from truceline.reports.say import Say


def write(release: Release, say: Say) -> Section:
    """The figure, its caption and its equivalent in words."""
    svg = draw(release, say)
    if svg is None:
        blocks: list[Block] = [Paragraph(text=say("map.none"))]
        return Section(anchor="map", title=say("map.title"), blocks=tuple(blocks))
    shapes = grouped(release)
    unplaced = release.rows.num_rows - shapes.total()
    watched = any(hours for hours in release.coverage["hours_watched"].to_pylist())
    alt = say(
        "map.alt",
        placed=shapes.total(),
        unplaced=unplaced,
        watch=say("map.caption") if watched else _unwatched(release, say),
    )
    caption = say("map.caption")
    if shapes:
        caption += " " + say("map.faint")
    if release.view.is_release:
        caption += " " + say("map.coarse", km=f"{release.rules.cell_m / 1000:g}")
    blocks = [Figure(svg=svg, alt=alt, caption=caption)]
    if unplaced:
        blocks.append(Paragraph(text=say("map.unplaced", number=unplaced), tone="note"))
    if len(shapes) > MOST_SHAPES:
        rest = len(shapes) - MOST_SHAPES
        blocks.append(Paragraph(text=say("map.too_many", number=rest), tone="note"))
    return Section(anchor="map", title=say("map.title"), blocks=tuple(blocks))


def _unwatched(release: Release, say: Say) -> str:
    return say("access.too_early") if release.is_early else say("summary.nobody")
