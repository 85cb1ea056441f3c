"""Weapons held: what declarations and inspections say, by party; and the visits to sites."""

from truceline.reports.contract import Release
from truceline.reports.document import Block, Column, Grid, Section
from truceline.reports.parties import party_name
from truceline.reports.say import Say


def write(release: Release, say: Say) -> Section | None:
    """Sites and weapons by party and status, then visits; nothing where neither was recorded."""
    blocks: list[Block] = []
    if release.desk["weapons"].num_rows:
        blocks.append(_held(release, say))
    if release.desk["visits"].num_rows:
        blocks.append(_visits(release, say))
    if not blocks:
        return None
    return Section(anchor="weapons", title=say("weapons.title"), blocks=tuple(blocks))


def _held(release: Release, say: Say) -> Grid:
    return Grid(
        caption=say("weapons.caption"),
        columns=(
            Column(title=say("weapons.party"), share=2),
            Column(title=say("weapons.status"), share=2),
            Column(title=say("weapons.basis")),
            Column(title=say("weapons.sites"), is_figure=True),
            Column(title=say("weapons.number"), is_figure=True),
        ),
        rows=tuple(
            (
                party_name(release, row["party"], say),
                say.word("weapons", row["status"]),
                say.word("weapons", row["basis"]),
                say.number(row["sites"]),
                say.number(row["weapons"]),
            )
            for row in release.desk["weapons"].to_pylist()
        ),
        note=say("weapons.note"),
    )


def _visits(release: Release, say: Say) -> Grid:
    names = ("visits", "granted", "serials_matched", "serials_refused", "serials_absent")
    return Grid(
        caption=say("weapons.visits_caption"),
        columns=(
            Column(title=say("weapons.party"), share=2),
            *(Column(title=say(f"weapons.{name}"), is_figure=True) for name in names),
        ),
        rows=tuple(
            (
                party_name(release, row["party"], say),
                *(say.number(row[name]) for name in names),
            )
            for row in release.desk["visits"].to_pylist()
        ),
    )
