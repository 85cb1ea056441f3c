"""Local windows: what they were for, who guaranteed them, and whether they were kept."""

from truceline.reports.contract import Release
from truceline.reports.document import Column, Grid, Section
from truceline.reports.parties import party_name
from truceline.reports.say import Say


def write(release: Release, say: Say) -> Section | None:
    """A row a window; nothing where there was none."""
    table = release.desk["windows"]
    if not table.num_rows:
        return None

    def sides(ids: str) -> str:
        return ", ".join(party_name(release, one, say) for one in ids.split(";") if one) or "–"

    grid = Grid(
        caption=say("windows.caption"),
        columns=(
            Column(title=say("windows.day")),
            Column(title=say("windows.hours"), is_figure=True),
            Column(title=say("windows.purpose"), share=2),
            Column(title=say("windows.written"), share=1.6),
            Column(title=say("windows.spoken"), share=1.6),
            Column(title=say("windows.missing"), share=1.6),
            Column(title=say("windows.state"), share=1.6),
        ),
        rows=tuple(
            (
                say.day(row["legal_day"]),
                say.number(row["hours"]),
                row["purpose"] or say("windows.untold"),
                *(sides(row[name]) for name in ("written_by", "spoken_by", "not_by")),
                say.word("windows", row["state"]),
            )
            for row in table.to_pylist()
        ),
        note=say("windows.note"),
    )
    return Section(anchor="windows", title=say("windows.title"), blocks=(grid,))
