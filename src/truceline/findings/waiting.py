"""Clauses that wait for another one: when they begin, for each party, as far as that can be told.

A clause of a kind that opens others (a precondition) names them under `clauses`. Until it is met they
ask for nothing. From then on they bind, and their days count from then: from the later of the entry
into force and the day on which it was met. Between the first instant at which it may have been met
and the one from which it surely was, what they ask for is neither owed nor not: that is
`insufficient_evidence`. Each reading of the precondition, and each way to count that the text leaves
open, is a reading of the clause that waits.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from truceline.agreement.reading import readings
from truceline.agreement.terms import Agreement, Beginning, Clause, Reading
from truceline.findings.contract import Asked, ClauseKind, Duty, Known, Opening
from truceline.findings.event import Times, overlap, subtract
from truceline.findings.when import bound, from_on
from truceline.model.time import from_microseconds

BY = "="  # between the clause that is waited for and its reading, in the name of a reading
NEVER = "never"  # in a trace, in place of the instant since when a clause binds
NOBODY_COUNTED = "nobody counted the days that it waits for"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The question as it stands from an instant on: surely, or perhaps."""

    asked: Asked
    times: Times
    is_sure: bool = True


def beginning(asked: Asked) -> Beginning | None:
    """Since when the clause asks anything of the party; None where it waits for nothing."""
    own = (each for each in asked.clause.begins or () if each.party_id == asked.party)
    return next(own, None)


def moments(asked: Asked, times: Times) -> tuple[Moment, ...]:
    """The question as it perhaps stands, and then as it surely does, each from its instant on."""
    begins = beginning(asked)
    if begins is None:
        return (Moment(asked=asked, times=times),)
    pairs = [(begins.perhaps_at, False), (begins.surely_at, True)]
    if begins.perhaps_at == begins.surely_at:
        del pairs[0]
    return tuple(
        Moment(asked=replace(asked, after=at), times=overlap(times, from_on(at)), is_sure=is_sure)
        for at, is_sure in pairs
        if at is not None
    )


def stretches(asked: Asked, times: Times) -> tuple[Moment, ...]:
    """The same, each until the next begins."""
    found = moments(asked, times)
    if len(found) < 2:
        return found
    first, second = found
    surely_at = second.asked.after
    assert surely_at is not None  # the second of two is the sure one
    return (replace(first, times=subtract(first.times, from_on(surely_at))), second)


def needed(moment: Moment, needs: tuple[str, ...]) -> tuple[str, ...]:
    """Conditions that nothing in evidence meets, with the one that the clause waits for."""
    begins = beginning(moment.asked)
    if moment.is_sure or begins is None:
        return needs
    return (*needs, f"what it waits for was met ({begins.because})")


def traced(begins: Beginning | None) -> dict[str, str]:
    """Pieces of a trace: what the clause waits for, since when it surely and perhaps binds.

    Examples
    --------
    >>> traced(Beginning(party_id="a", after="quiet", perhaps_at=None, surely_at=None, because=""))
    {'waits': 'quiet', 'begun': 'never'}
    """
    if begins is None:
        return {}
    begun = begins.surely_at
    pieces = {"waits": begins.after.replace(";", "+")}
    pieces["begun"] = NEVER if begun is None else begun.isoformat()
    if begins.perhaps_at is not None and begins.perhaps_at != begun:
        pieces["perhaps"] = begins.perhaps_at.isoformat()
    return pieces


def duties(kind: ClauseKind, asked: Asked, times: Times) -> list[tuple[Asked, Times, Duty]]:
    """What must be done, while it is perhaps owed (nothing then decides), and since it surely is.

    Of a clause that has not begun there is one, with no time in which anything could be due.
    """
    found = []
    never = Moment(asked=asked, times=())
    for moment in stretches(asked, times) or (never,):
        duty = kind.duty(moment.asked) if kind.duty is not None and times else None
        if duty is not None:
            missing = needed(moment, duty.missing)
            found.append((moment.asked, moment.times, replace(duty, missing=missing)))
    return found


def waits_for(agreement: Agreement, kinds: Mapping[str, ClauseKind]) -> dict[str, list[Clause]]:
    """For the id of each clause that waits, the clauses that it waits for, in the order of the text.

    A superseded clause waits for what stood beside it, where that was superseded with it.
    """
    openers = [
        clause
        for clause in agreement.clauses
        if clause.kind in kinds and kinds[clause.kind].opens is not None
    ]
    found: dict[str, list[Clause]] = {}
    for clause in agreement.clauses:
        plain, _, version = clause.clause_id.partition("@")
        named = [each for each in openers if plain in (each.terms.get("clauses") or ())]
        for each in named:
            name, _, of = each.clause_id.partition("@")
            beside = any(other.clause_id == f"{name}@{version}" for other in named)
            if of == (version if beside else ""):
                found.setdefault(clause.clause_id, []).append(each)
    return found


def settled(
    agreement: Agreement, kinds: Mapping[str, ClauseKind], known: Known | None
) -> Agreement:
    """The agreement with the beginning of each clause that waits laid over it.

    Parameters
    ----------
    kinds
        Clause kinds by name.
    known
        The instant, what was counted and who watched; None: nobody counted, and it cannot be told
        whether anything that is waited for was met.
    """
    waits = waits_for(agreement, kinds)
    if not waits or all(
        clause.begins is not None for clause in agreement.clauses if clause.clause_id in waits
    ):
        return agreement
    made = _Made(agreement=agreement, kinds=kinds, known=known, waits=waits, done={})
    return replace(agreement, clauses=tuple(made.clause(each) for each in agreement.clauses))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    agreement: Agreement
    kinds: Mapping[str, ClauseKind]
    known: Known | None
    waits: Mapping[str, Sequence[Clause]]
    done: dict[str, Clause]

    def clause(self, clause: Clause) -> Clause:
        """A clause with when it begins; what it waits for is told first. Circles are refused earlier."""
        if clause.clause_id not in self.waits:
            return clause
        if clause.clause_id not in self.done:
            earlier = [self.clause(each) for each in self.waits[clause.clause_id]]
            own = self._begins(clause, [_text(each) for each in earlier], "")
            others = tuple(self._readings(clause, earlier, own))
            self.done[clause.clause_id] = replace(
                clause, begins=own, readings=(*clause.readings, *others)
            )
        return self.done[clause.clause_id]

    def _readings(
        self, clause: Clause, earlier: Sequence[Clause], own: tuple[Beginning, ...]
    ) -> Iterator[Reading]:
        for at, each in enumerate(earlier):
            rest = [_text(other) for other in earlier]
            held: dict[str | None, tuple[str, ...]] = {
                own.reading_id: own.held_by for own in each.readings
            }
            for name, read in readings(each):
                for counted in self._ways(read):
                    if name is None and not counted:
                        continue
                    rest[at] = read
                    begins = self._begins(clause, rest, counted)
                    word = ",".join(part for part in (name, counted) if part)
                    if begins != own:
                        yield Reading(
                            reading_id=f"{each.clause_id}{BY}{word}",
                            held_by=held.get(
                                name, ("nobody by name: the text leaves the count open",)
                            ),
                            summary=f"{each.clause_id}, read or counted as {word}",
                            begins=begins,
                        )

    def _ways(self, read: Clause) -> list[str]:
        """The ways to count that a text leaves open, its first one unnamed."""
        found = [
            opening.counted
            for party in self.agreement.party_ids()
            for opening in self._openings(read, party, is_sure=True)
        ]
        return list(dict.fromkeys(["", *found]))

    def _begins(
        self, clause: Clause, earlier: Sequence[Clause], counted: str
    ) -> tuple[Beginning, ...]:
        found = (
            self._beginning(clause, earlier, party, counted) for party in self.agreement.party_ids()
        )
        return tuple(each for each in found if each is not None)

    def _beginning(
        self, clause: Clause, earlier: Sequence[Clause], party: str, counted: str
    ) -> Beginning | None:
        times = bound(clause.periods, party)
        asking = [each for each in earlier if bound(each.periods, party)]
        if not times or not asking:
            return None
        began = from_microseconds(times[0][0])
        if self.known is None:
            perhaps_at, surely_at, because = [began], [None], [NOBODY_COUNTED]
        else:
            pairs = [self._instants(each, party, counted) for each in asking]
            perhaps_at, surely_at, because = map(list, zip(*pairs, strict=True))
        return Beginning(
            party_id=party,
            after=";".join(each.clause_id for each in asking),
            perhaps_at=_last(perhaps_at),
            surely_at=_last(surely_at),
            because="; ".join(dict.fromkeys(because)),
        )

    def _instants(
        self, each: Clause, party: str, counted: str
    ) -> tuple[datetime | None, datetime | None, str]:
        perhaps = _by(self._openings(each, party, is_sure=False), counted)
        surely = _by(self._openings(each, party, is_sure=True), counted)
        told = surely or perhaps
        return (
            None if perhaps is None else perhaps.perhaps_at,
            None if surely is None else surely.surely_at,
            f"{each.clause_id}: {told.because if told else 'it has not begun itself'}",
        )

    def _openings(self, each: Clause, party: str, *, is_sure: bool) -> tuple[Opening, ...]:
        opens = self.kinds[each.kind].opens
        asked = Asked(clause=each, terms=each.terms, party=party, agreement=self.agreement)
        found = moments(asked, bound(each.periods, party))
        # What is only perhaps waited for any longer opens nothing surely.
        chosen = [moment for moment in found if moment.is_sure] if is_sure else list(found[:1])
        if opens is None or self.known is None or not chosen:
            return ()
        return opens(chosen[0].asked, self.known)


def _text(clause: Clause) -> Clause:
    """The clause by its own text."""
    return readings(clause)[0][1]


def _by(openings: Sequence[Opening], counted: str) -> Opening | None:
    """The answer by a way to count; the first where it is not told apart."""
    named = [each for each in openings if each.counted == counted]
    return next(iter(named or openings), None)


def _last(instants: Sequence[datetime | None]) -> datetime | None:
    known = [at for at in instants if at is not None]
    return max(known) if len(known) == len(instants) else None
