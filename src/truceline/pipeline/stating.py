"""Clauses put to their kinds before a run: what no kind can read, and how those stand that judge nothing."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from truceline.agreement.problem import Place, Problem, error
from truceline.agreement.reading import readings
from truceline.agreement.terms import Agreement
from truceline.findings.contract import Asked, Known
from truceline.findings.question import asked_of, kind_of
from truceline.findings.state import Stated, states
from truceline.model.errors import AgreementError
from truceline.pipeline import plugins

_ANY = datetime(2026, 1, 1, tzinfo=UTC)  # terms are read whatever the date


def standing_of(agreement: Agreement, known: Known) -> tuple[str, ...]:
    """A sentence for each clause, reading and party that has a state.

    Parameters
    ----------
    known
        The instant asked about; without counts and hours watched, all that the text alone says.
    """
    every = states(agreement, plugins.load("clauses"), known)
    return tuple(_sentence(each, agreement, known.at) for each in every)


def unreadable(agreement: Agreement) -> list[Problem]:
    """Terms that keep their schema and that their kind cannot read, such as an hour without a zone."""
    kinds, found = plugins.load("clauses"), []
    for clause in agreement.clauses:
        kind = kind_of(clause, kinds)
        asks = (kind.breach, kind.stock, kind.duty, kind.answer, kind.relief)
        told = {
            str(exc)
            for _, own in readings(clause)
            for party in agreement.party_ids()
            for exc in _faults(kind.state, asks, asked_of(agreement, own, party)[0])
        }
        file, _, line = clause.at.rpartition(":")
        place = Place(file or agreement.agreement_id, int(line) if line.isdigit() else 1)
        advice = "mend the term, or leave it unset"
        found += [
            error(place, f"clause `{clause.clause_id}`: {each}", advice) for each in sorted(told)
        ]
    return found


def _faults(
    state: Callable[[Asked, Known], object] | None,
    asks: Sequence[Callable[[Asked], object] | None],
    asked: Asked,
) -> Iterator[AgreementError]:
    put = [ask for ask in asks if ask is not None]
    if state is not None:
        put.append(lambda each: state(each, Known(at=_ANY)))
    for ask in put:
        try:
            ask(asked)
        except AgreementError as exc:
            yield exc


def _sentence(each: Stated, agreement: Agreement, at: datetime) -> str:
    day = f"{at.astimezone(ZoneInfo(agreement.calendar.zone)):%d %B %Y}"
    reading = f", read as `{each.reading}`" if each.reading else ""
    whose = "" if each.parties == agreement.party_ids() else f" for {', '.join(each.parties)}"
    word = each.state.standing.value.replace("_", " ")
    return f"{each.clause_id}{reading}{whose}: {word} on {day}: {'; '.join(each.state.because)}"
