"""Clauses that ask for nothing until another one is met: how each stands, for whom."""

from typing import Any

from truceline.reports.contract import Release
from truceline.reports.document import Block, Column, Grid
from truceline.reports.parties import clause_name, party_name
from truceline.reports.say import Say


def blocks(release: Release, say: Say) -> list[Block]:
    """A row for each clause, reading and standing; nothing where no clause waits."""
    together: dict[tuple[Any, ...], list[str]] = {}
    names = ("clause_id", "reading", "waits_for", "standing", "met_at", "perhaps_at", "because")
    for row in release.waiting.to_pylist():
        key = tuple(row[name] for name in names)
        together.setdefault(key, []).append(party_name(release, row["party"], say))
    if not together:
        return []
    rows = tuple(
        _row(release, say, dict(zip(names, key, strict=True)), "; ".join(parties))
        for key, parties in together.items()
    )
    shares = {"clause": 2.2, "waits_for": 2.0, "party": 1.2, "standing": 2.6}
    return [
        Grid(
            caption=say("waiting.caption", instant=say.instant(release.released_through)),
            columns=tuple(
                Column(title=say(f"waiting.{name}"), share=share) for name, share in shares.items()
            ),
            rows=rows,
            note=say("waiting.note"),
        )
    ]


def _row(release: Release, say: Say, row: dict[str, Any], parties: str) -> tuple[str, ...]:
    clause = clause_name(release, row["clause_id"])
    if row["reading"] is not None:
        clause = say("findings.with_reading", clause=clause, reading=row["reading"])
    waits = "; ".join(clause_name(release, each) for each in row["waits_for"].split(";"))
    told = say(
        f"waiting.stands_{row['standing']}",
        met=say.instant(row["met_at"]) if row["met_at"] else "",
        perhaps=say.instant(row["perhaps_at"]) if row["perhaps_at"] else "",
    )
    if row["because"]:
        told = say("waiting.because", told=told, because=row["because"])
    return clause, waits, parties, told
