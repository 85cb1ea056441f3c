"""Findings one by one, with a place for a reply: for the party they ask about, or the commission."""

from typing import Any

from truceline.reports.answers import CHARGED, figures
from truceline.reports.contract import Release
from truceline.reports.document import Block, Column, Grid, Paragraph, Section
from truceline.reports.naming import short
from truceline.reports.parties import clause_name, party_name
from truceline.reports.say import Say
from truceline.reports.sections.annex import location

_SHARES = (1.25, 1.25, 1.9, 0.8, 1.9, 1.3, 1.2, 0.9)


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
        if charged := sum(figures(release.answers, view.party)[word] for word in CHARGED):
            blocks.append(Paragraph(text=say("reply.answering", number=charged)))
    else:
        blocks.append(Paragraph(text=say("reply.text_commission")))
    if found:
        blocks.append(_table(release, say, party))
        rest = found - release.rules.annex_rows
        if rest > 0:
            blocks.append(Paragraph(text=say("reply.more", number=rest), tone="note"))
    else:
        none = "reply.none" if view.party else "reply.none_commission"
        blocks.append(Paragraph(text=say(none, party=party)))
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
    acts = {row["act_id"]: row for row in release.rows.to_pylist()}
    findings = short(release.accusations["finding_id"].to_pylist())
    subjects = {
        **short(release.accusations["subject_id"].to_pylist()),
        **short(release.rows["act_id"].to_pylist()),
    }
    rows = []
    for row in release.accusations.slice(0, release.rules.annex_rows).to_pylist():
        clause = clause_name(release, row["clause_id"])
        if not release.view.party:
            clause = f"{clause} ({party_name(release, row['party'], say)})"
        about = (
            _of_act(acts[row["subject_id"]], release, say) if row["subject_id"] in acts else None
        )
        rows.append(
            (
                findings[row["finding_id"]],
                subjects[row["subject_id"]],
                clause,
                *(about or _beside(row, say)),
                say("reply.slot"),
            )
        )
    return Grid(
        caption=say("reply.caption", party=party) if party else say("reply.caption_commission"),
        columns=tuple(
            Column(title=_title(name, party, say), share=share, is_whole=name in {"id", "act"})
            for name, share in zip(names, _SHARES, strict=True)
        ),
        rows=tuple(rows),
        is_dense=True,
    )


def _of_act(act: dict[str, Any], release: Release, say: Say) -> tuple[str, str, str, str]:
    """Day, place, type and author of an act."""
    return (
        say.day(act["legal_day"]),
        location(act, release, say),
        say.word("type", act["type"]),
        say.word("outcome", act["outcome"]),
    )


def _beside(row: dict[str, Any], say: Say) -> tuple[str, str, str, str]:
    """Day, place, what and who of a subject that is no act: its own party holds or owes it."""
    kind = row["subject_kind"]
    who = {"holding": "holder", "omission": "ower", "obstruction": "recorded"}.get(kind, "holder")
    day = say.day(row["legal_day"]) if row["legal_day"] is not None else "–"
    what = kind if kind in {"omission", "obstruction"} else "holding"
    return day, row["place"] or "–", say(f"reply.{what}"), say(f"reply.{who}")


def _title(name: str, party: str, say: Say) -> str:
    return say("reply.answer_commission" if name == "answer" and not party else f"reply.{name}")
