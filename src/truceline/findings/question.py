"""One clause, in one reading, for one party, as events that can be weighed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from truceline.agreement.terms import Agreement, Beginning, Clause, ExceptionRule
from truceline.findings import event
from truceline.findings.contract import Answer, Asked, Breach, ClauseKind, Relief, Where
from truceline.findings.event import NEVER, Event, Term, Times
from truceline.findings.ground import Ground
from truceline.findings.notice import ANY_TIME_H, Notices
from truceline.findings.waiting import beginning, moments
from truceline.findings.what import selector_key
from truceline.findings.when import bound, from_on
from truceline.model.errors import AgreementError

# What was seen there is itself the weapon or the movement: the act's place is the weapon's own.
OWN_PLACE = event.mask(
    [
        "weapon_in_violation_of_line",
        "force_movement",
        "position_advance",
        "troop_or_weapon_buildup",
        "fortification",
        "exercise_live_fire",
        "uav_overflight",
        "aircraft_overflight",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An event that is a permitted response if it answers an earlier breach."""

    event: Event
    answer: Answer
    times: Times
    name: str  # clause or exception id, for the trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of several ways to break a clause: when it binds, and what of it is possible."""

    breach: Breach
    times: Times
    possible: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What must be weighed to judge an act by a clause.

    `could` says whether the clause could apply at all; `violation`, `exempt` and `permitted` are
    what surely is; what `possible` adds to them is insufficient evidence; the rest is compliant.
    """

    asked: Asked
    reading: str | None
    breach: Breach
    times: Times
    could: Event
    possible: Event
    violation: Event
    exempt: Event
    permitted: Event
    responses: tuple[Response, ...]
    has_missing: bool  # a figure or geometry that the text does not give
    exceptions: tuple[str, ...]
    parts: tuple[Part, ...] = ()  # where there are several ways to break it
    waits: Beginning | None = None  # where the clause waits for another one
    notified: Event = NEVER  # that a notice covers it in time, where the clause asks for one
    announced: Event = NEVER  # that a notice covers it at all, in time or late


@dataclass(frozen=True, slots=True, kw_only=True)
class Builder:
    """What every question of one agreement is built with."""

    ground: Ground
    notices: Notices


def asked_of(agreement: Agreement, clause: Clause, party: str) -> tuple[Asked, Times]:
    """The question as a clause kind gets it, and when the clause binds the party."""
    asked = Asked(clause=clause, terms=clause.terms, party=party, agreement=agreement)
    return asked, bound(clause.periods, party)


def kind_of(clause: Clause, kinds: Mapping[str, ClauseKind]) -> ClauseKind:
    """The plug-in for a clause.

    Raises
    ------
    AgreementError
        There is none of that name.
    """
    if clause.kind not in kinds:
        msg = (
            f"{clause.at or clause.clause_id}: clause kind {clause.kind!r} is not installed; "
            f"there are {', '.join(sorted(kinds))}"
        )
        raise AgreementError(msg)
    return kinds[clause.kind]


def question(
    builder: Builder,
    asked: Asked,
    reading: str | None,
    times: Times,
    breaks: Callable[[Asked], Breach | None],
    answers: Iterable[tuple[str, Answer, Times]],
    reliefs: Iterable[tuple[Relief, Times]] = (),
) -> Question | None:
    """The events of one breach, its exceptions, what relieves from it and what it may answer.

    None where the clause forbids nothing of the sort.
    """
    breach = breaks(asked)
    if breach is None:
        return None
    parts, sure, has_gap = _ways(builder, asked, times, breach, breaks)
    possible = reduce(event.either, [part.possible for part in parts])
    waits = beginning(asked)
    could = parts if waits is None else [replace(part, times=times) for part in parts]
    rules = asked.clause.exceptions
    exempt_sure, exempt_maybe = _excepted(builder, asked, [r for r in rules if _exempts(r)])
    for relief, when in reliefs:
        one = _relieved(builder, asked, relief, when)
        exempt_sure = event.either(exempt_sure, one[0])
        exempt_maybe = event.either(exempt_maybe, one[1])
    permit_sure, permit_maybe = _excepted(builder, asked, [r for r in rules if _permits(r)])
    left = event.without(sure, exempt_maybe)
    violation = event.without(left, permit_maybe)
    responses = _responses(builder, asked, violation, answers)
    return Question(
        asked=asked,
        reading=reading,
        breach=breach,
        times=event.union(piece for part in parts for piece in part.times),
        could=reduce(event.either, [_could(part) for part in could]),
        possible=possible,
        violation=violation,
        exempt=event.both(sure, exempt_sure),
        permitted=event.both(left, permit_sure),
        responses=responses,
        has_missing=has_gap,
        exceptions=tuple(rule.exception_id for rule in rules),
        parts=tuple(parts) if breach.also else (),
        waits=waits,
        notified=_notified(builder, asked, breach.unless_notified_h),
        announced=_notified(
            builder, asked, None if breach.unless_notified_h is None else ANY_TIME_H
        ),
    )


def _notified(builder: Builder, asked: Asked, lead_h: float | None) -> Event:
    """That a notice of the party may cover an act, so many hours before; never where none is asked for."""
    return NEVER if lead_h is None else builder.notices.covered(asked.party, lead_h)[1]


def _ways(
    builder: Builder,
    asked: Asked,
    times: Times,
    breach: Breach,
    breaks: Callable[[Asked], Breach | None],
) -> tuple[list[Part], Event, bool]:
    """Each way to break the clause, what surely does, and whether the text leaves a gap.

    What waits for another clause is possible from the instant at which that was perhaps met, and
    sure from the one at which it surely was.
    """
    each_way = (breach, *breach.also)
    parts = [Part(breach=each, times=(), possible=NEVER) for each in each_way]
    sure, has_gap = NEVER, bool(breach.missing or asked.clause.missing)
    for number, moment in enumerate(moments(asked, times)):
        own = breaks(moment.asked)
        assert own is not None  # the same clause, later
        ways = [_part(builder, asked, each, moment.times) for each in (own, *own.also)]
        found, surely, gaps = zip(*ways, strict=True)
        has_gap = any(gaps)
        if number == 0:
            parts = list(found)
        if moment.is_sure:
            sure = reduce(event.either, surely)
    return parts, sure, has_gap


def _part(builder: Builder, asked: Asked, breach: Breach, times: Times) -> tuple[Part, Event, bool]:
    """One way to break the clause, what surely does, and whether the text leaves a gap in it."""
    if breach.since is not None:
        times = event.overlap(times, from_on(breach.since))
    sure, possible, has_gap = _breach_events(builder, asked, breach, times)
    if breach.unless_notified_h is not None:
        known, perhaps = builder.notices.covered(asked.party, breach.unless_notified_h)
        sure, possible = event.without(sure, perhaps), event.without(possible, known)
    return Part(breach=breach, times=times, possible=possible), sure, has_gap


def _could(part: Part) -> Event:
    selectors = frozenset({selector_key(part.breach.weapons)} if part.breach.weapons else ())
    types = event.mask(part.breach.types)
    return ((Term(types=types, weapons=selectors, times=part.times), 1),)


def _responses(
    builder: Builder,
    asked: Asked,
    violation: Event,
    answers: Iterable[tuple[str, Answer, Times]],
) -> tuple[Response, ...]:
    """What the clause's own exceptions, and other clauses, allow as an answer."""
    responses = [
        Response(
            event=event.both(violation, _rule(builder, asked, rule)[0]),
            answer=_answer_of(rule),
            times=event.ALWAYS,
            name=rule.exception_id,
        )
        for rule in asked.clause.exceptions
        if rule.when.get("response")
    ]
    return (
        *responses,
        *(
            _response(builder, asked, violation, name, answer, when)
            for name, answer, when in answers
        ),
    )


def _response(
    builder: Builder, asked: Asked, violation: Event, name: str, answer: Answer, when: Times
) -> Response:
    """A response that a clause allows; a notice that it asks for must cover the act."""
    if "notify" in answer.needs:
        known, _ = builder.notices.covered(asked.party, 0.0)
        violation = event.both(violation, known)
        answer = replace(answer, needs=tuple(need for need in answer.needs if need != "notify"))
    return Response(event=violation, answer=answer, times=when, name=name)


def _breach_events(
    builder: Builder, asked: Asked, breach: Breach, times: Times
) -> tuple[Event, Event, bool]:
    types = event.mask(breach.types)
    at = asked.clause.at or f"clause {asked.clause.clause_id}"
    if not breach.at_weapon or not breach.where:
        sure, possible = condition(builder, at, types, breach.where, breach.weapons, times)
    else:
        parts = [
            (types & OWN_PLACE, breach.where, None),
            (types & ~OWN_PLACE, breach.where, True),
            # Fire that was not seen leaving may have left from there: possible, never sure.
            (types & ~OWN_PLACE, (), False),
        ]
        pairs = [
            condition(builder, at, bits, where, breach.weapons, times, fired_here=here)
            for bits, where, here in parts
            if bits
        ]
        is_placed = [bool(where) for bits, where, _ in parts if bits]
        known = [pair[0] for pair, placed in zip(pairs, is_placed, strict=True) if placed]
        sure = reduce(event.either, known, NEVER)
        possible = reduce(event.either, [pair[1] for pair in pairs], NEVER)
    has_gap = bool(breach.missing) or bool(asked.clause.missing)
    has_gap = has_gap or any(builder.ground.resolve(where, at)[0] is None for where in breach.where)
    return (NEVER if has_gap else sure), possible, has_gap


def condition(
    builder: Builder,
    at: str,
    types: int,
    wheres: Iterable[Where],
    weapons: Mapping[str, Any] | None,
    times: Times,
    *,
    fired_here: bool | None = None,
) -> tuple[Event, Event]:
    """That all this holds: for sure, and possibly."""
    places: set[Where] = set()
    is_knowable = True
    for where in wheres:
        resolved, valid = builder.ground.resolve(where, at)
        if resolved is None:
            is_knowable = False
        else:
            places.add(resolved)
            times = event.overlap(times, valid)
    if not types or not times:
        return NEVER, NEVER
    selectors = frozenset({selector_key(weapons)} if weapons else ())
    possible = Term(
        types=types, where=frozenset(places), weapons=selectors, times=times, fired_here=fired_here
    )
    sure = Term(
        types=types,
        where=frozenset(places),
        sure_where=bool(places),
        sure_weapons=selectors,
        times=times,
        fired_here=fired_here,
    )
    return ((sure, 1),) if is_knowable else NEVER, ((possible, 1),)


def _exempts(rule: ExceptionRule) -> bool:
    return rule.verdict == "exempt" and not rule.when.get("response")


def _permits(rule: ExceptionRule) -> bool:
    return rule.verdict != "exempt" and not rule.when.get("response")


def _excepted(
    builder: Builder, asked: Asked, rules: Iterable[ExceptionRule]
) -> tuple[Event, Event]:
    """That any of the rules applies: for sure, and possibly."""
    pairs = [_rule(builder, asked, rule) for rule in rules]
    sure = reduce(event.either, [pair[0] for pair in pairs], NEVER)
    return sure, reduce(event.either, [pair[1] for pair in pairs], NEVER)


def _relieved(builder: Builder, asked: Asked, relief: Relief, when: Times) -> tuple[Event, Event]:
    """That another clause permits it: for sure, and possibly, while that clause binds the party."""
    bounds = ((Term(times=when), 1),)
    sure, possible = (event.both(part, bounds) for part in _rule(builder, asked, relief.rule))
    return (event.NEVER if relief.needs else sure), possible


def _rule(builder: Builder, asked: Asked, rule: ExceptionRule) -> tuple[Event, Event]:
    """That a rule applies and no exception to it does."""
    when = rule.when
    actors = when.get("actors")
    if actors and asked.party not in actors:
        return NEVER, NEVER
    zone = when.get("zone")
    classes = when.get("weapons")
    sure, possible = condition(
        builder,
        f"{asked.clause.at or asked.clause.clause_id}: exception {rule.exception_id}",
        event.mask(when.get("types")),
        [Where(zone=zone)] if zone else [],
        {"classes": list(classes)} if classes else None,
        event.ALWAYS,
    )
    if when.get("notice"):
        lead_h = when.get("lead_time_h")
        known, perhaps = builder.notices.covered(asked.party, lead_h)
        sure, possible = event.both(sure, known), event.both(possible, perhaps)
    unless_sure, unless_maybe = _excepted(builder, asked, rule.unless)
    return event.without(sure, unless_maybe), event.without(possible, unless_sure)


def _answer_of(rule: ExceptionRule) -> Answer:
    return Answer(
        within_h=rule.when.get("within_h"),
        within_km=rule.when.get("within_km"),
        needs=tuple(key for key in ("after_attempt", "order_level") if rule.when.get(key)),
    )
