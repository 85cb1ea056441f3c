"""Findings by clause and party: what would be broken, by whom, if that party is the author."""

from collections import defaultdict

from truceline.reports.contract import Release
from truceline.reports.document import Block, Bullets, Column, Grid, Paragraph, Section
from truceline.reports.owed import asked
from truceline.reports.parties import clause_name, party_name
from truceline.reports.say import Say

_ORDER = (
    "violation",
    "inconsistent_with_declaration",
    "permitted_response",
    "exempt",
    "compliant",
    "ambiguous_clause",
    "insufficient_evidence",
    "near_edge",
)


def write(release: Release, say: Say) -> Section:
    """The table, and which clauses cannot be judged at all."""
    blocks: list[Block] = [Paragraph(text=say("findings.caution"), tone="note")]
    blocks.append(_table(release, say) or Paragraph(text=say("findings.none")))
    missing = [
        say(
            "findings.missing",
            clause=clause_name(release, clause.clause_id),
            why=clause.missing.rstrip("."),
        )
        for clause in release.agreement.clauses
        if clause.missing
    ]
    if missing:
        blocks.append(Bullets(items=tuple(missing)))
    readings = [
        say(
            "findings.reading_note",
            reading=reading.reading_id,
            clause=clause_name(release, clause.clause_id),
            summary=reading.summary.strip().rstrip(".") + ".",
        )
        for clause in release.agreement.clauses
        for reading in clause.readings
    ]
    if readings:
        blocks.append(Bullets(items=tuple(readings)))
    blocks.append(
        Paragraph(text=say("findings.version", version=release.agreement.version), tone="note")
    )
    return Section(anchor="findings", title=say("findings.title"), blocks=tuple(blocks))


def _table(release: Release, say: Say) -> Grid | None:
    tally: dict[tuple[str, str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for (clause, reading, party, verdict), number in asked(release).items():
        tally[clause, reading or "", party][verdict] += number
    if not tally:
        return None
    shown = [word for word in _ORDER if any(verdicts.get(word) for verdicts in tally.values())]
    rows = []
    text = {each.clause_id: n for n, each in enumerate(release.agreement.clauses)}
    sides = {party: n for n, party in enumerate(release.agreement.party_ids())}
    last = len(text) + len(sides)  # what the agreement does not list comes last
    for clause, reading, party in sorted(
        tally, key=lambda key: (text.get(key[0], last), key[1], sides.get(key[2], last), key)
    ):
        verdicts = tally[clause, reading, party]
        name = clause_name(release, clause)
        if reading:
            name = say("findings.with_reading", clause=name, reading=reading)
        figures = [say.number(verdicts.get(word, 0)) for word in shown]
        total = say.number(sum(verdicts.values()))
        rows.append((name, party_name(release, party, say), *figures, total))
    columns = (
        Column(title=say("findings.clause"), share=2.6),
        Column(title=say("findings.party"), share=1.9),
        *(Column(title=say.word("verdict", word), is_figure=True, share=1.2) for word in shown),
        Column(title=say("findings.total"), is_figure=True, share=0.8),
    )
    return Grid(caption=say("findings.caption"), columns=columns, rows=tuple(rows))
