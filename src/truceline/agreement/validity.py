"""Time within an agreement: gaps, overlaps, deadlines before entry into force, amendments' order."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from truceline.agreement.assembly import Assembly
from truceline.agreement.document import Mapped, walk
from truceline.agreement.instant import instant
from truceline.agreement.problem import Problem, error, warning
from truceline.agreement.terms import Agreement, Clause, PartyPeriod
from truceline.model.errors import AgreementError
from truceline.model.time import Interval

_DEADLINES = ("finish_by", "start_by", "deadline")
# Instants that the terms of some kind hold; `finish_by` is read, and refused, by the builder.
_INSTANTS = ("since", "eif", "began", "until", "at")


def validity(made: Assembly) -> list[Problem]:
    """Everything about time that does not fit together.

    Parameters
    ----------
    made
        An assembly that has an agreement.
    """
    agreement = made.agreement
    if agreement is None:
        return []
    problems = _amendments(made)
    for clause in agreement.clauses:
        node = made.nodes[f"clauses/{clause.clause_id}"]
        problems += _periods(clause, node)
        problems += _deadlines(clause, node)
        problems += _unread(node)
        problems += _beyond(clause, node, agreement)
    return problems


def _amendments(made: Assembly) -> list[Problem]:
    problems = []
    last: tuple[datetime, str] | None = None
    root = made.sound if made.sound is not None else {}
    base = _instant((root.get("in_force") or {}).get("from"))
    for each in root.get("amendments", ()):
        if not isinstance(each, Mapped):
            continue
        began = _instant(each.get("from"))
        if began is None:
            continue
        if base is not None and began < base:
            message = f"amendment `{each.get('version')}` takes effect before the text itself"
            problems.append(warning(each.at("from"), message, "check both dates"))
        if last is not None and began < last[0]:
            message = (
                f"amendment `{each.get('version')}` precedes `{last[1]}`, which stands above it"
            )
            problems.append(error(each.at("from"), message, "put the older one first"))
        last = (began, str(each.get("version")))
    return problems


def _periods(clause: Clause, node: Mapped) -> list[Problem]:
    """Overlaps, and gaps between two periods that no suspension explains."""
    problems = []
    for party in dict.fromkeys(period.party_id for period in clause.periods):
        own = sorted(
            (each for each in clause.periods if each.party_id == party),
            key=lambda each: (each.when.began, each.state),
        )
        for first, second in _neighbours([each for each in own if each.state == "in_force"]):
            ended = first.when.ended
            if ended is None or second.when.began < ended:
                message = (
                    f"clause `{clause.clause_id}`: two periods of {party} overlap "
                    f"from {_said(second.when.began)}"
                )
                problems.append(
                    warning(node.at("binds"), message, "end the first where the second begins")
                )
            elif second.when.began > ended and not _covered(own, ended, second.when.began):
                message = (
                    f"clause `{clause.clause_id}`: {party} is not bound from {_said(ended)} "
                    f"to {_said(second.when.began)}, and nothing says why"
                )
                problems.append(
                    warning(node.at("binds"), message, "close the gap, or write it as suspended")
                )
    return problems


def _covered(periods: list[PartyPeriod], began: datetime, ended: datetime) -> bool:
    return any(
        each.state == "suspended"
        and each.when.began <= began
        and (each.when.ended is None or each.when.ended >= ended)
        for each in periods
    )


def _deadlines(clause: Clause, node: Mapped) -> list[Problem]:
    starts = [each.when.began for each in clause.periods if each.state == "in_force"]
    problems = []
    for mapping in walk(node.get("terms")):
        for key in _DEADLINES:
            due = _instant(mapping.get(key))
            # A superseded clause is cut at its amendment, never before its own beginning.
            if due is not None and starts and due < min(starts) and not _amended(node, clause):
                message = (
                    f"clause `{clause.clause_id}`: `{key}` {_said(due)} lies before its entry "
                    f"into force, {_said(min(starts))}"
                )
                problems.append(warning(mapping.at(key), message, "check both dates"))
    return problems


def _unread(node: Mapped) -> list[Problem]:
    """Instants in the terms, or in a reading of them, that are none: no zone, or no such hour."""
    problems = []
    for part in (node, *node.get("readings", ())):
        for mapping in walk(part.get("terms")):
            for key in _INSTANTS:
                try:
                    if mapping.get(key) is not None:
                        instant(mapping[key])
                except AgreementError as exc:
                    message, _, advice = str(exc).partition("; ")
                    problems.append(error(mapping.at(key), f"`{key}`: {message}", advice))
    return problems


def _amended(node: Mapped, clause: Clause) -> bool:
    """Whether the clause was changed by an amendment: then an old deadline may stand behind it."""
    terms = node.get("terms")
    return isinstance(terms, Mapped) and terms.place.line < node.place.line


def _beyond(clause: Clause, node: Mapped, agreement: Agreement) -> list[Problem]:
    """A clause in force while the zone or line that it names is not."""
    spans = {zone.zone_id: zone.valid for zone in agreement.zones}
    spans |= {line.line_id: line.valid for line in agreement.lines}
    problems = []
    for mapping in walk(node.get("terms")):
        named = [(key, mapping.get(key)) for key in ("zone", "line")]
        named += list(mapping["lines"].items()) if isinstance(mapping.get("lines"), Mapped) else []
        for key, name in named:
            span = spans.get(name) if isinstance(name, str) else None
            outside = [each for each in clause.periods if span and not _inside(each.when, span)]
            if outside and span is not None:
                party = outside[0].party_id
                message = (
                    f"clause `{clause.clause_id}` binds {party} at times when `{name}` is not valid "
                    f"({_said(span.began)} to {_said(span.ended)})"
                )
                place = mapping.at(key, "lines")
                problems.append(warning(place, message, "lengthen the one or shorten the other"))
    return problems


def _inside(inner: Interval, outer: Interval) -> bool:
    if inner.began < outer.began:
        return False
    return outer.ended is None or (inner.ended is not None and inner.ended <= outer.ended)


def _neighbours(periods: list[PartyPeriod]) -> Iterator[tuple[PartyPeriod, PartyPeriod]]:
    yield from pairwise(periods)


def _instant(value: object) -> datetime | None:
    try:
        return None if value is None else instant(value)
    except AgreementError:
        return None  # told where it is read


def _said(at: datetime | None) -> str:
    return "without end" if at is None else at.strftime("%Y-%m-%d %H:%M UTC")
