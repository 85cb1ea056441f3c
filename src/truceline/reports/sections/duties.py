"""What was owed by a date and not done, and who kept monitors out: each under the clause it belongs to."""

from collections import Counter
from typing import Any

from truceline.reports.contract import Release
from truceline.reports.document import Block, Column, Grid, Paragraph, Section
from truceline.reports.parties import clause_name, party_name
from truceline.reports.say import Say

_KEPT, _OPEN = "compliant", ("insufficient_evidence", "ambiguous_clause", "near_edge")
_FIGURES = ("kept", "broken", "open")


def write(release: Release, say: Say) -> Section | None:
    """Duties counted, those not kept or open one by one, then obstructions; nothing where none is."""
    if not release.duties.num_rows and not release.kept_out.num_rows:
        return None
    blocks: list[Block] = []
    if release.duties.num_rows:
        blocks += [Paragraph(text=say("duties.caution"), tone="note"), _counted(release, say)]
        blocks.append(_missed(release, say) or Paragraph(text=say("duties.all_kept")))
    if release.kept_out.num_rows:
        blocks += [_barred(release, say), Paragraph(text=_inference(release, say), tone="note")]
    return Section(anchor="duties", title=say("duties.title"), blocks=tuple(blocks))


def _counted(release: Release, say: Say) -> Grid:
    """A row for each clause and party, none left out for having nothing; bodies after the parties."""
    tally: Counter[tuple[str, str | None, str, str]] = Counter()
    bodies: dict[tuple[str, str | None], list[str]] = {}
    for row in release.duties.to_pylist():
        key = row["clause_id"], row["reading"]
        bodies.setdefault(key, [])
        if row["is_body"] and row["owed_by"] not in bodies[key]:
            bodies[key].append(row["owed_by"])
        tally[*key, row["owed_by"], _side(row["verdict"])] += 1
    order = {each.clause_id: n for n, each in enumerate(release.agreement.clauses)}
    keys = sorted(bodies, key=lambda key: (order.get(key[0], len(order)), key[1] or ""))
    rows = [
        (
            _clause(release, say, *key),
            _who(release, say, who),
            *(say.number(tally[*key, who, figure]) for figure in _FIGURES),
        )
        for key in keys
        for who in (*release.agreement.party_ids(), *bodies[key])
    ]
    return Grid(
        caption=say("duties.caption"),
        columns=(
            Column(title=say("duties.clause"), share=3),
            Column(title=say("duties.by"), share=2.4),
            *(Column(title=say(f"duties.{name}"), is_figure=True) for name in _FIGURES),
        ),
        rows=tuple(rows),
        note=say("duties.body_note") if any(bodies.values()) else "",
    )


def _missed(release: Release, say: Say) -> Grid | None:
    """What was not kept, or stays open: by when, since when, and who would have seen it done."""
    found = [row for row in release.duties.to_pylist() if _side(row["verdict"]) != "kept"]
    order = {party: n for n, party in enumerate(release.agreement.party_ids())}
    found.sort(key=lambda row: (row["due_on"], order.get(row["owed_by"], len(order))))
    rows = tuple(
        (
            _who(release, say, row["owed_by"]),
            _clause(release, say, row["clause_id"], row["reading"]),
            _due(row, say),
            say.word("owed", row["verdict"]),
            _since(row, say),
            _seen(release, row, say),
        )
        for row in found[: release.rules.annex_rows]
    )
    if not rows:
        return None
    rest = len(found) - len(rows)
    shares = {"by": 1.4, "clause": 2.4, "due": 1.5, "verdict": 1.2, "since": 2.2, "seen": 1.7}
    return Grid(
        caption=say("duties.missed_caption"),
        columns=tuple(Column(title=say(f"duties.{n}"), share=share) for n, share in shares.items()),
        rows=rows,
        note=say("access.more", number=rest) if rest > 0 else "",
        is_dense=True,
    )


def _due(row: dict[str, Any], say: Say) -> str:
    """By when: the day in a release, the instant and the site inside."""
    day = say.day(row["due_on"]) if row["due_at"] is None else say.instant(row["due_at"])
    return day if row["site"] is None else say("duties.at_site", due=day, site=row["site"])


def _since(row: dict[str, Any], say: Say) -> str:
    """How it stands, and what is known of why."""
    told = [
        say(f"duties.state_{row['state']}", day=say.day(row["due_on"]), days=row["days_late"] or 0)
    ]
    why = [name for name in row["because"].split(";") if name]
    if _side(row["verdict"]) != "open":  # what leaves a duty open is told where it does
        why = [name for name in why if name == "denied"]
    told += [say(f"duties.{name}") for name in why]
    return " ".join(told)


def _seen(release: Release, row: dict[str, Any], say: Say) -> str:
    if row["shown_by"] is None:
        return say("duties.handed_in")
    return say("duties.visits_of", body=party_name(release, row["shown_by"], say))


def _barred(release: Release, say: Say) -> Grid:
    """Obstructions, each with the clause and what it would mean for who is recorded as having done it."""
    shares = {"day": 1.1, "district": 2.2, "kept_out_by": 1.6, "status": 1.1, "minutes": 0.9}
    if not release.view.is_release:
        shares["reason"] = 1.8
    shares |= {"clause": 2.2, "verdict": 1.5}
    rows = release.kept_out.to_pylist()
    shown = rows[: release.rules.annex_rows]
    rest = len(rows) - len(shown)
    return Grid(
        caption=say("duties.barred_caption"),
        columns=tuple(
            Column(title=say(f"duties.{name}"), share=share, is_figure=name == "minutes")
            for name, share in shares.items()
        ),
        rows=tuple(tuple(_of_barred(release, row, say)[name] for name in shares) for row in shown),
        note=say("access.more", number=rest) if rest > 0 else "",
        is_dense=True,
    )


def _of_barred(release: Release, row: dict[str, Any], say: Say) -> dict[str, str]:
    by = say("duties.nobody_named", party=party_name(release, row["party"], say))
    return {
        "day": say.day(row["legal_day"]),
        "district": row["district"],
        "kept_out_by": party_name(release, row["obstructed_by"], say)
        if row["obstructed_by"] is not None
        else by,
        "status": say.word("status", row["status"]),
        "minutes": say.number(row["minutes_lost"]),
        "reason": row["reason"] or say("not_known"),
        "clause": _clause(release, say, row["clause_id"], row["reading"]),
        "verdict": say.word("verdict", row["verdict"]),
    }


def _inference(release: Release, say: Say) -> str:
    """Whether the text lets anybody infer anything; the software never does."""
    granting = [
        clause_name(release, clause.clause_id)
        for clause in release.agreement.clauses
        if clause.kind == "access" and clause.terms.get("adverse_inference")
    ]
    if granting:
        return say("duties.inference", clauses="; ".join(granting))
    return say("duties.no_inference")


def _clause(release: Release, say: Say, clause_id: str, reading: str | None) -> str:
    name = clause_name(release, clause_id)
    return name if reading is None else say("findings.with_reading", clause=name, reading=reading)


def _who(release: Release, say: Say, who: str) -> str:
    name = party_name(release, who, say)
    return name if who in release.agreement.party_ids() else say("duties.body", body=name)


def _side(verdict: str) -> str:
    if verdict == _KEPT:
        return "kept"
    return "open" if verdict in _OPEN else "broken"
