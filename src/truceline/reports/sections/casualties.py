"""Casualties: nameless, corroborated apart from reported, and no word on who caused them."""

from truceline.reports.contract import Release
from truceline.reports.document import Column, Grid, Paragraph, Section
from truceline.reports.say import Say


def write(release: Release, say: Say) -> Section | None:
    """A row for each status, harm, cause, age band and sex; nothing where none was recorded."""
    table = release.desk["casualties"]
    if not table.num_rows:
        return None
    names = ("status", "harm", "cause", "age_band", "sex")
    grid = Grid(
        caption=say("casualties.caption"),
        columns=(
            *(Column(title=say(f"casualties.{name}"), share=1.4) for name in names),
            *(
                Column(title=say(f"casualties.{n}"), is_figure=True)
                for n in ("low", "best", "high")
            ),
        ),
        rows=tuple(
            (
                say.word("casualties", row["status"]),
                say.word("casualties", row["harm"]),
                say.word("type", row["cause"]),
                say.word("casualties", row["age_band"]),
                say.word("casualties", row["sex"]),
                *(say.number(row[name]) for name in ("low", "best", "high")),
            )
            for row in table.to_pylist()
        ),
        note=say("casualties.note"),
    )
    blocks = (Paragraph(text=say("casualties.lead")), grid)
    return Section(anchor="casualties", title=say("casualties.title"), blocks=blocks)
