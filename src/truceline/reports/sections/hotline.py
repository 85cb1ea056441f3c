"""The hotline: how often each side called, about how many issues, and how soon it was answered."""

from truceline.reports.contract import Release
from truceline.reports.document import Column, Grid, Section
from truceline.reports.parties import party_name
from truceline.reports.say import Say


def write(release: Release, say: Say) -> Section | None:
    """A row a caller; nothing where nobody called."""
    table = release.desk["calls"]
    if not table.num_rows:
        return None
    names = ("calls", "issues", "answered", "median_minutes")
    grid = Grid(
        caption=say("hotline.caption"),
        columns=(
            Column(title=say("hotline.caller"), share=2),
            *(Column(title=say(f"hotline.{name}"), is_figure=True) for name in names),
        ),
        rows=tuple(
            (
                say("hotline.other")
                if row["caller"] == "other"
                else party_name(release, row["caller"], say),
                *(say.number(row[name]) for name in names),
            )
            for row in table.to_pylist()
        ),
        note=say("hotline.note"),
    )
    return Section(anchor="hotline", title=say("hotline.title"), blocks=(grid,))
