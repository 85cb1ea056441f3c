"""Who did it, as far as the listed evidence tells, and why it mostly does not; and who answers for it."""

from collections.abc import Mapping

from truceline.reports.contract import Release
from truceline.reports.document import Block, Bullets, Column, Grid, Paragraph, Section
from truceline.reports.naming import short
from truceline.reports.outcomes import DECIDED, tally
from truceline.reports.parties import author_name
from truceline.reports.say import Say
from truceline.reports.sections import answers

MOST_TOLD = 40


def write(release: Release, say: Say) -> Section:
    """Outcomes counted, why authors stay open, and the sentence for each act that has one."""
    blocks: list[Block] = [Paragraph(text=say("attribution.caution"), tone="note")]
    if release.outcomes.num_rows:
        blocks.append(_counted(release, say, "outcome", "outcome", "attribution.caption"))
    if any(release.outcomes["why_open"].to_pylist()):
        blocks.append(_counted(release, say, "why_open", "why", "attribution.open_caption"))
    decided = [row for row in release.outcomes.to_pylist() if row["outcome"] in DECIDED]
    if decided:
        names = short(release.rows["act_id"].to_pylist())
        told = tuple(_sentence(release, say, row, names) for row in decided[:MOST_TOLD])
        blocks.append(Bullets(items=told))
    else:
        blocks.append(Paragraph(text=say("attribution.none")))
    if len(decided) > MOST_TOLD:
        rest = len(decided) - MOST_TOLD
        blocks.append(Paragraph(text=say("attribution.more", number=rest), tone="note"))
    blocks += answers.blocks(release, say)
    return Section(anchor="attribution", title=say("attribution.title"), blocks=tuple(blocks))


def _counted(release: Release, say: Say, column: str, title: str, caption: str) -> Grid:
    found = tally(release.outcomes[column])
    rows = sorted(found.items(), key=lambda each: (-each[1], each[0]))
    return Grid(
        caption=say(caption),
        columns=(
            Column(title=say(f"attribution.{title}"), share=5),
            Column(title=say("attribution.acts"), is_figure=True),
        ),
        rows=tuple((say.word(column, word), say.number(number)) for word, number in rows if word),
    )


def _sentence(release: Release, say: Say, row: dict[str, str], names: Mapping[str, str]) -> str:
    acts = release.rows["act_id"].to_pylist()
    act = release.rows.slice(acts.index(row["act_id"]), 1).to_pylist()[0]
    key = "attribution.supports" if row["because"] else "attribution.supports_bare"
    told = say(
        key,
        act=names[row["act_id"]],
        what=say.word("type", act["type"]),
        day=say.day(act["legal_day"]),
        leading=author_name(release, row["leading"], say),
        runner_up=author_name(release, row["runner_up"], say),
        because=row["because"],
        outcome=say.word("outcome", row["outcome"]),
    )
    if row["depends_on_sealed"] != "no":
        told += say(f"attribution.sealed_{row['depends_on_sealed']}")
    return told
