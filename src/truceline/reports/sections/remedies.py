"""Proposed measures, with clocks that nobody has started."""

from truceline.reports.contract import Release
from truceline.reports.document import Block, Column, Grid, Paragraph, Section
from truceline.reports.naming import short
from truceline.reports.parties import party_name
from truceline.reports.say import Say

MOST_ROWS = 60


def write(release: Release, say: Say) -> Section:
    """The proposals; then the conditions of what software never proposes."""
    caution = " ".join((_ladder(release, say), say("remedies.caution")))
    blocks: list[Block] = [Paragraph(text=caution, tone="note")]
    if release.remedies.num_rows:
        blocks.append(_table(release, say))
        rest = release.remedies.num_rows - MOST_ROWS
        if rest > 0:
            blocks.append(Paragraph(text=say("remedies.more", number=rest), tone="note"))
    else:
        blocks.append(Paragraph(text=say("remedies.none")))
    if release.limbs:
        blocks.append(Paragraph(text=say("remedies.never")))
        blocks.append(_limbs(release, say))
    return Section(anchor="remedies", title=say("remedies.title"), blocks=tuple(blocks))


def _ladder(release: Release, say: Say) -> str:
    """Whose ladder it is: the text's own, or ours where the text has none."""
    basis = release.agreement.ladder.basis
    if basis.startswith("default ladder"):
        return say("remedies.default_ladder")
    return say("remedies.own_ladder", basis=basis or say("not_known"))


def _table(release: Release, say: Say) -> Grid:
    names = short(release.remedies["remedy_id"].to_pylist())
    rows = tuple(
        (
            names[row["remedy_id"]],
            say.number(row["rung"]),
            say.word("measure", row["measure"]),
            party_name(release, row["addressee"], say),
            say.number(len(row["finding_ids"].split(";"))),
            say("remedies.not_running", due=row["due"]),
            say.word("standard", row["required_standard"]),
            say(
                "remedies.why_text",
                why=row["why"].rstrip("."),
                why_not_next=row["why_not_next"].rstrip("."),
            ),
            row["ends_when"],
        )
        for row in release.remedies.slice(0, MOST_ROWS).to_pylist()
    )
    return Grid(
        caption=say("remedies.caption"),
        columns=(
            Column(title=say("remedies.id"), share=1.2, is_whole=True),
            Column(title=say("remedies.rung"), is_figure=True, share=0.6),
            Column(title=say("remedies.measure"), share=1.3),
            Column(title=say("remedies.addressee"), share=0.9),
            Column(title=say("remedies.findings"), is_figure=True, share=0.9),
            Column(title=say("remedies.clock"), share=1.7),
            Column(title=say("remedies.standard"), share=1.3),
            Column(title=say("remedies.why"), share=3.6),
            Column(title=say("remedies.ends"), share=1.4),
        ),
        rows=rows,
        is_dense=True,
    )


def _limbs(release: Release, say: Say) -> Grid:
    rows = []
    for limb in release.limbs:
        consequence = say.word("measure", limb.consequence)
        said = (
            "; ".join(sentences) or "–"
            for sentences in (limb.in_favour, limb.against, limb.missing)
        )
        rows.append(
            (
                say("remedies.limb", consequence=consequence, limb=limb.limb)
                if limb.limb
                else consequence,
                *said,
            )
        )
    names = ("consequence", "in_favour", "against", "missing")
    return Grid(
        caption=say("remedies.limb_rows"),
        columns=tuple(
            Column(title=say(f"remedies.{name}"), share=share)
            for name, share in zip(names, (2.0, 1.6, 1.6, 1.6), strict=True)
        ),
        rows=tuple(rows),
        is_dense=True,
    )
