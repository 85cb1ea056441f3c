"""Who answers for an act by the text, whoever did it: beside who did it, party by party alike."""

from typing import Any

from truceline.reports.answers import CHARGED, figures, is_asked
from truceline.reports.contract import Release
from truceline.reports.document import Block, Bullets, Column, Grid, Paragraph
from truceline.reports.naming import short
from truceline.reports.outcomes import WITHHELD
from truceline.reports.parties import party_name
from truceline.reports.say import Say

MOST_TOLD = 40
_FIGURES = ("answers_for", "probable", "open", WITHHELD)


def blocks(release: Release, say: Say) -> list[Block]:
    """A figure for each party, none left out, and a sentence for each act; nothing where no text asks."""
    if not is_asked(release.agreement):
        return []
    days = dict(
        zip(
            release.rows["act_id"].to_pylist(),
            zip(
                release.rows["legal_day"].to_pylist(), release.rows["type"].to_pylist(), strict=True
            ),
            strict=True,
        )
    )
    shown = [row for row in release.answers.to_pylist() if row["standing"] != WITHHELD]
    shown.sort(key=lambda row: (row["standing"] not in CHARGED, days[row["act_id"]][0]))
    names = short(release.rows["act_id"].to_pylist())
    lines = [
        _sentence(release, say, row, names[row["act_id"]], *days[row["act_id"]])
        for row in shown[:MOST_TOLD]
    ]
    blocks: list[Block] = [
        Paragraph(text=say("answers.caution"), tone="note"),
        _counted(release, say),
    ]
    if lines:
        blocks.append(Bullets(items=tuple(lines)))
    if len(shown) > MOST_TOLD:
        blocks.append(
            Paragraph(text=say("answers.more", number=len(shown) - MOST_TOLD), tone="note")
        )
    return blocks


def statement(release: Release, say: Say) -> str:
    """One sentence for the summary: of each party on how many acts it answers; empty where none asks."""
    if not is_asked(release.agreement):
        return ""
    if not release.answers.num_rows:
        return say("answers.summary_none")
    told = {party: figures(release.answers, party) for party in release.agreement.party_ids()}
    return say(
        "answers.summary",
        sides="; ".join(
            say(
                "answers.side",
                party=party_name(release, party, say),
                charged=found["answers_for"],
                probable=found["probable"],
                open=found["open"],
            )
            for party, found in told.items()
        ),
    )


def _counted(release: Release, say: Say) -> Grid:
    is_near = release.view.is_release
    shown = _FIGURES if is_near else _FIGURES[:-1]
    rows = []
    for party in release.agreement.party_ids():
        found = figures(release.answers, party)
        rows.append((party_name(release, party, say), *(say.number(found[word]) for word in shown)))
    return Grid(
        caption=say("answers.caption"),
        columns=(
            Column(title=say("answers.party"), share=2.4),
            *(Column(title=say(f"answers.{word}"), is_figure=True) for word in shown),
        ),
        rows=tuple(rows),
        note=say("answers.note_release" if is_near else "answers.note"),
    )


def _sentence(
    release: Release, say: Say, row: dict[str, Any], act: str, day: Any, type_: str | None
) -> str:
    article = row["article"]
    if row["reading"] is not None:
        article = say("findings.with_reading", clause=article, reading=row["reading"])
    zones = {zone.zone_id: zone.name for zone in release.agreement.zones}
    whose = row["answers_for"]
    told = say(
        f"answers.stands_{row['standing']}",
        act=act,
        what=say.word("type", type_),
        day=say.day(day),
        party=party_name(release, row["party"], say),
        article=article,
        whose=zones.get(whose) or whose,
        because=row["because"].replace(whose, zones.get(whose) or whose),
        outcome=say.word("outcome", row["authorship"]),
    )
    return told + (say("answers.sealed") if row["depends_on_sealed"] != "no" else "")
