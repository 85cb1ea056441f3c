"""Whom a clause binds and when, and what its exceptions take out and put back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from truceline.agreement.document import Listed, Mapped
from truceline.agreement.instant import instant
from truceline.agreement.problem import Problem, error
from truceline.agreement.terms import ExceptionRule, PartyPeriod
from truceline.model.errors import AgreementError, InputError
from truceline.model.time import Interval


@dataclass(slots=True, kw_only=True)
class Bindings:
    """The exceptions that may be named by id within one clause."""

    known: Mapping[str, Mapped]
    problems: list[Problem]

    def rules(self, value: Any, chain: tuple[str, ...] = ()) -> tuple[ExceptionRule, ...]:
        """Exceptions, written out or by id, each with its own exceptions."""
        if not isinstance(value, Listed):
            return ()
        rules = []
        for item, place in zip(value, value.places, strict=True):
            name = item if isinstance(item, str) else str(item.get("id"))
            node = self.known.get(item) if isinstance(item, str) else item
            if node is None:
                known = ", ".join(sorted(self.known)) or "none"
                message = f"names the unknown exception `{name}`"
                self.problems.append(error(place, message, f"known are {known}"))
            elif name in chain:
                way = " -> ".join((*chain[chain.index(name) :], name))
                message = f"exceptions go round in a circle: {way}"
                self.problems.append(error(place, message, "drop one `unless` of the circle"))
            else:
                rules.append(self._rule(node, name, (*chain, name)))
        return tuple(rules)

    def _rule(self, node: Mapped, name: str, chain: tuple[str, ...]) -> ExceptionRule:
        when = node.get("when", {})
        return ExceptionRule(
            exception_id=name,
            verdict=str(node.get("verdict", "exempt")),
            when={key: list(v) if isinstance(v, list) else v for key, v in when.items()},
            because=str(node.get("because", "")),
            unless=self.rules(node.get("unless"), chain),
        )


def periods(binds: Any, problems: list[Problem]) -> tuple[PartyPeriod, ...]:
    """Periods of each party in the order of the text; what is suspended is no longer in force.

    Parameters
    ----------
    binds
        Mappings of `party`, `from`, `to`, `state`, `because`.
    problems
        Takes what is wrong with them.
    """
    stated = [
        period
        for node in (binds if isinstance(binds, Listed) else ())
        if (period := _period(node, problems)) is not None
    ]
    pauses = [each for each in stated if each.state == "suspended"]
    result = []
    for period in stated:
        pieces = [period]
        if period.state == "in_force":
            for pause in pauses:
                if pause.party_id == period.party_id:
                    pieces = [left for piece in pieces for left in _without(piece, pause)]
        result += pieces
    return tuple(result)


def _period(node: Mapped, problems: list[Problem]) -> PartyPeriod | None:
    ends: dict[str, datetime | None] = {}
    for key in ("from", "to"):
        value = node.get(key)
        try:
            ends[key] = None if value is None and key == "to" else instant(value)
        except AgreementError as exc:
            message, _, advice = str(exc).partition("; ")
            problems.append(error(node.at(key), f"`{key}`: {message}", advice))
            return None
    began = ends["from"]
    assert began is not None
    try:
        when = Interval(began=began, ended=ends["to"])
    except InputError as exc:
        problems.append(error(node.at("to", "from"), str(exc), "exchange `from` and `to`"))
        return None
    return PartyPeriod(
        party_id=str(node.get("party")),
        when=when,
        state=str(node.get("state", "in_force")),
        because=str(node.get("because", "")),
    )


def _without(period: PartyPeriod, pause: PartyPeriod) -> list[PartyPeriod]:
    """What is left of a period once a pause is cut out of it."""
    began, ended = period.when.began, period.when.ended
    first, last = pause.when.began, pause.when.ended
    if (ended is not None and ended <= first) or (last is not None and last <= began):
        return [period]
    left = []
    if began < first:
        left.append(Interval(began=began, ended=first))
    if last is not None and (ended is None or last < ended):
        left.append(Interval(began=last, ended=ended))
    return [
        PartyPeriod(party_id=period.party_id, when=when, because=period.because) for when in left
    ]
