"""Findings one by one, with a place for a reply: for the party they ask about, or the commission."""

from truceline.reports.contract import Release
from truceline.reports.document import Block, Column, Grid, Paragraph, Section
from truceline.reports.parties import clause_name, party_name
from truceline.reports.say import Say

_SHARES = (1.6, 1.9, 1.5, 1.0, 1.6, 1.3, 1.1, 1.1)


def write(release: Release, say: Say) -> Section | None:
    """Nothing for the public; it reads no finding without its condition."""
    view = release.view
    if view.is_release and view.party is None:
        return None
    party = party_name(release, view.party, say) if view.party else ""
    found = release.accusations.num_rows
    blocks: list[Block] = []
    if view.party:
        blocks.append(Paragraph(text=say("reply.text", party=party)))
        blocks.append(Paragraph(text=say("reply.clock"), tone="note"))
        blocks.append(Paragraph(text=_gist(release, say)))
    else:
        blocks.append(Paragraph(text=say("reply.text_commission")))
    if found:
        blocks.append(_table(release, say, party))
        rest = found - release.rules.annex_rows
        if rest > 0:
            blocks.append(Paragraph(text=say("reply.more", number=rest), tone="note"))
    else:
        blocks.append(Paragraph(text=say("reply.none", party=party)))
    title = say("reply.title") if view.party else say("reply.title_commission")
    return Section(anchor="reply", title=title, blocks=tuple(blocks))


def _gist(release: Release, say: Say) -> str:
    sealed = [each for each in release.withheld if each.what == "sealed"]
    if not sealed:
        return say("reply.no_gist")
    return say(
        "reply.gist",
        number=sealed[0].figures["partly"],
        alone=sealed[0].figures["alone"],
        categories=", ".join(each.category for each in sealed),
    )


def _table(release: Release, say: Say, party: str) -> Grid:
    names = ("id", "act", "clause", "day", "place", "type", "outcome", "answer")
    rows = []
    for row in release.accusations.slice(0, release.rules.annex_rows).to_pylist():
        clause = clause_name(release, row["clause_id"])
        if not release.view.party:
            clause = f"{clause} ({party_name(release, row['party'], say)})"
        rows.append(
            (
                row["finding_id"],
                row["subject_id"],
                clause,
                say.day(row["legal_day"]) if row["legal_day"] else say("none"),
                row["place"] or say("nobody_said_where"),
                say.word("type", row["type"]),
                say.word("outcome", row["outcome"]),
                say("reply.slot"),
            )
        )
    return Grid(
        caption=say("reply.caption", party=party) if party else say("reply.title_commission"),
        columns=tuple(
            Column(title=say(f"reply.{name}"), share=share)
            for name, share in zip(names, _SHARES, strict=True)
        ),
        rows=tuple(rows),
        is_dense=True,
    )
