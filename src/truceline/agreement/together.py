"""What the clauses of a text say together: where it lapses, goes round, or takes itself back."""

from collections.abc import Mapping
from datetime import datetime

from truceline.agreement.assembly import Assembly
from truceline.agreement.document import walk
from truceline.agreement.names import folded
from truceline.agreement.problem import Problem, error, warning
from truceline.agreement.terms import Agreement, Clause

_WAITS = ("precondition", "phase")  # kinds whose `clauses` begin only after them


def together(made: Assembly) -> list[Problem]:
    """Everything that only shows when the clauses are read side by side.

    Parameters
    ----------
    made
        An assembly that has an agreement.
    """
    agreement = made.agreement
    if agreement is None:
        return []
    problems = _gaps(agreement, made) + _circles(agreement, made)
    for clause in agreement.clauses:
        if "@" in clause.clause_id:
            continue  # told where it is current
        if clause.kind == "release":
            problems += _fatal(clause, agreement, made)
        if clause.kind == "permit":
            problems += _swallowed(clause, agreement, made)
        if clause.kind == "definition":
            problems += _undefined(clause, made)
        problems += _nowhere(clause, agreement, made)
    return problems


def _gaps(agreement: Agreement, made: Assembly) -> list[Problem]:
    """Times between two periods in which nobody is bound by anything, and nothing says why."""
    spans = sorted(
        (
            period.when
            for clause in agreement.clauses
            if clause.basis == "agreement"
            for period in clause.periods
        ),
        key=lambda span: span.began,
    )
    root, problems = made.sound, []
    last: datetime | None = None
    for span in spans:
        if last is not None and span.began > last and root is not None:
            message = f"nobody is bound from {_said(last)} to {_said(span.began)}"
            advice = "close the gap, or write what held in between as suspended"
            problems.append(warning(root.at("amendments", "in_force"), message, advice))
        if span.ended is None:
            break
        last = span.ended if last is None else max(last, span.ended)
    return problems


def _circles(agreement: Agreement, made: Assembly) -> list[Problem]:
    """Clauses that wait for one another."""
    waits: dict[str, list[str]] = {}
    for clause in agreement.clauses:
        if clause.kind in _WAITS:
            for later in clause.terms.get("clauses") or ():
                waits.setdefault(str(later), []).append(clause.clause_id)
    problems = []
    told: set[frozenset[str]] = set()
    for start in waits:
        way = _round(start, waits)
        if way and frozenset(way) not in told:
            told.add(frozenset(way))
            place = made.nodes[f"clauses/{way[0]}"].at("terms")
            message = f"clauses wait for one another: {' -> '.join(way)}"
            problems.append(error(place, message, "let one of them begin without the others"))
    return problems


def _round(start: str, waits: Mapping[str, list[str]]) -> list[str]:
    """A way from a clause over those that it waits for back to itself; empty where there is none."""
    stack, seen = [[start]], {start}
    while stack:
        way = stack.pop()
        for earlier in waits.get(way[-1], ()):
            if earlier == start:
                return [*way, start]
            if earlier not in seen:
                seen.add(earlier)
                stack.append([*way, earlier])
    return []


def _fatal(clause: Clause, agreement: Agreement, made: Assembly) -> list[Problem]:
    """A release that one disputed incident could set off, because nobody or the freed decides."""
    node = made.nodes[f"clauses/{clause.clause_id}"]
    decides, frees = clause.terms.get("decided_by"), clause.terms.get("frees") or ()
    advice = "name who decides and after what notice, or ask for a reading that needs a ruling"
    if not decides:
        message = (
            f"clause `{clause.clause_id}`: one disputed incident could end it all, for nobody "
            "is named who decides whether the condition is met"
        )
        return [warning(node.at("terms"), message, advice)]
    words = {
        folded(word): party.party_id
        for party in agreement.parties
        for word in (party.party_id, *party.names.values(), *party.aliases)
    }
    decider = words.get(folded(str(decides)))
    if decider is not None and (not frees or decider in frees):
        message = (
            f"clause `{clause.clause_id}`: one disputed incident could end it all, for "
            f"{decides} decides whether {decides} is free"
        )
        return [warning(node.at("terms"), message, advice)]
    return []


def _swallowed(permit: Clause, agreement: Agreement, made: Assembly) -> list[Problem]:
    """A permission without a condition that leaves nothing of a ban that it relieves from."""
    given = permit.terms
    if any(given.get(key) for key in ("condition", "notify", "weapons", "lead_time_h")):
        return []
    problems = []
    for ban in agreement.clauses:
        named = given.get("clauses")
        relieved = ban.kind == "prohibit" and ban.basis == permit.basis
        if not (relieved if named is None else ban.clause_id in named):
            continue
        acts, allowed = set(ban.terms.get("acts") or ()), set(given.get("acts") or ())
        same_ground = given.get("zone") in (None, ban.terms.get("zone"))
        if acts and acts <= allowed and same_ground and _overlap(permit, ban):
            node = made.nodes[f"clauses/{permit.clause_id}"]
            message = f"clause `{permit.clause_id}` permits all that `{ban.clause_id}` prohibits"
            advice = "give it the condition of the text, or make one of the two a disputed reading"
            problems.append(error(node.at("terms"), message, advice))
    return problems


def _overlap(first: Clause, second: Clause) -> bool:
    return any(
        a.party_id == b.party_id
        and "suspended" not in (a.state, b.state)
        and (a.when.ended is None or b.when.began < a.when.ended)
        and (b.when.ended is None or a.when.began < b.when.ended)
        for a in first.periods
        for b in second.periods
    )


def _undefined(clause: Clause, made: Assembly) -> list[Problem]:
    if clause.terms.get("means") is not None or clause.missing:
        return []
    node = made.nodes[f"clauses/{clause.clause_id}"]
    message = f"the term `{clause.terms.get('term')}` is used and never defined"
    advice = "give its meaning, or say under `missing` that the text gives none"
    return [warning(node.at("terms"), message, advice)]


def _nowhere(clause: Clause, agreement: Agreement, made: Assembly) -> list[Problem]:
    """A clause that leans on ground without coordinates and does not say that it cannot be judged."""
    if clause.missing:
        return []
    lines = {line.line_id for line in agreement.lines if line.paths is None}
    bare = {
        zone.zone_id
        for zone in agreement.zones
        if zone.polygons is None and (zone.width_m is None or zone.line_id in lines)
    } | lines
    node = made.nodes[f"clauses/{clause.clause_id}"]
    named: dict[str, None] = {}
    for mapping in walk(node.get("terms")):
        own = [mapping.get("zone"), mapping.get("line"), *_values(mapping.get("lines"))]
        named |= {each: None for each in own if isinstance(each, str) and each in bare}
    if not named:
        return []
    message = (
        f"clause `{clause.clause_id}` leans on `{'`, `'.join(named)}`, which has no coordinates, "
        "and does not say that it cannot be judged"
    )
    advice = "say so under `missing`, or add the geometry with its source"
    return [warning(node.at("terms"), message, advice)]


def _values(value: object) -> list[object]:
    return list(value.values()) if isinstance(value, dict) else []


def _said(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC")
