"""Who was bound from when to when, and what was counted on which side of those hours."""

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from truceline.reports.contract import Release
from truceline.reports.document import Block, Column, Grid, Paragraph
from truceline.reports.hours import SIDES, Bound, bounds
from truceline.reports.parties import party_name
from truceline.reports.say import Say
from truceline.reports.sections import waiting


def blocks(release: Release, say: Say, rule: str | None) -> list[Block]:
    """The hours in force by party, and counts inside and outside them; for the first page."""
    told: list[Block] = []
    bound = bounds_of(release)
    if bound:
        told.append(_in_force(release, say, bound))
    else:
        none = "hours.perhaps" if bounds_of(release, is_sure=False) else "hours.nobody"
        told.append(Paragraph(text=say(none), tone="warning"))
    told += waiting.blocks(release, say)
    told.append(_counted(release, say, rule))
    return told


def bounds_of(release: Release, *, is_sure: bool = True) -> tuple[Bound, ...]:
    """Who was bound at any time of the reporting days, surely or (with `is_sure` False) perhaps."""
    calendar = release.agreement.calendar
    return bounds(
        release.agreement,
        calendar.bounds(release.period.first_day).began,
        calendar.bounds(release.period.last_day).ended,
        is_sure=is_sure,
    )


def listed(rows: pa.Table, side: str) -> int:
    """How many acts lie on one side of the hours in force."""
    return int(pc.sum(pc.equal(rows["hours"], side)).as_py() or 0)


def _in_force(release: Release, say: Say, bound: tuple[Bound, ...]) -> Grid:
    together: dict[Bound, list[str]] = {}
    for each in bound:  # parties bound by the same clauses at the same time share a row
        names = together.setdefault(replace(each, party=""), [])
        names.append(party_name(release, each.party, say))
    rows = tuple(
        (
            "; ".join(names),
            _texts(release, say, each),
            say.instant(each.began),
            say("hours.no_end") if each.ended is None else say.instant(each.ended),
        )
        for each, names in together.items()
    )
    readings = ", ".join(
        dict.fromkeys(
            say("hours.reading", reading=reading.reading_id, text=clause.article or clause.title)
            for clause in release.agreement.clauses
            for reading in clause.readings
            if reading.periods is not None
        )
    )
    return Grid(
        caption=say("hours.caption", zone=say.zone),
        columns=(
            Column(title=say("hours.party"), share=1.2),
            Column(title=say("hours.text"), share=1.6),
            Column(title=say("hours.from"), share=2.15),
            Column(title=say("hours.to"), share=2.15),
        ),
        rows=rows,
        note=say("hours.readings", readings=readings) if readings else "",
    )


def _texts(release: Release, say: Say, bound: Bound) -> str:
    """Which articles bind that anything was asked of, with their basis once; the others as a number."""
    clauses = [each for each in release.agreement.clauses if each.clause_id in bound.clause_ids]
    judged = set(release.verdicts["clause_id"].to_pylist())
    asked = [each for each in clauses if each.clause_id in judged]
    bases = ", ".join(say.word("basis", b) for b in sorted({each.basis for each in clauses}))
    articles = shortened([each.article or each.title for each in asked or clauses])
    more = len(clauses) - len(asked)
    if not asked:
        return say("hours.texts_unasked", articles=articles, basis=bases, number=len(clauses))
    if more:
        return say("hours.texts_more", articles=articles, basis=bases, number=more)
    return say("hours.texts", articles=articles, basis=bases)


def shortened(articles: list[str]) -> str:
    """Articles in a row, each word and number that the one before it shares said once.

    Examples
    --------
    >>> shortened(["article 1", "article 2(1)", "article 2(2)", "article 2(2)", "Annex B"])
    'article 1, 2(1), (2), Annex B'
    """
    told, word, number = [], "", ""
    for article in dict.fromkeys(articles):
        first, space, rest = article.partition(" ")
        head, paren, tail = rest.partition("(") if space else article.partition("(")
        if not space:
            first = ""
        if paren and (first, head) == (word, number):
            told.append(f"({tail}")
        elif space and first == word and head[:1].isdigit():
            told.append(rest)
        else:
            told.append(article)
        word, number = first, head
    return ", ".join(told)


def _counted(release: Release, say: Say, rule: str | None) -> Grid:
    """Acts, and items of the leading rule, by side; the period before beside them."""
    items = {row["hours"]: row for row in release.tallies.to_pylist() if row["rule"] == rule}
    has_items, has_before = bool(items) and rule != "acts", release.previous is not None
    rows = []
    for side in (*SIDES, None):
        figures = []
        for column, table in (
            ("this_period", release.rows),
            ("previous_period", release.previous_rows),
        ):
            if column == "previous_period" and not has_before:
                continue
            if has_items:
                figures.append(sum(items[each][column] for each in SIDES if side in {each, None}))
            figures.append(sum(listed(table, each) for each in SIDES if side in {each, None}))
        name = say("hours.sum") if side is None else say(f"hours.side_{side}")
        rows.append((name, *(say.number(each) for each in figures)))
    titles = [
        title
        for period in (("this", "previous") if has_before else ("this",))
        for title in (
            *((say(f"hours.items_{period}", rule=rule or ""),) if has_items else ()),
            say(f"hours.acts_{period}"),
        )
    ]
    return Grid(
        caption=say("hours.counted"),
        columns=(
            Column(title=say("hours.side"), share=3.4),
            *(Column(title=title, is_figure=True, share=1.2) for title in titles),
        ),
        rows=tuple(rows),
        note=" ".join(
            [say("hours.outside_note"), *([say("hours.note_smm")] if rule == "smm" else [])]
        ),
    )
