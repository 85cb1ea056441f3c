"""How the clauses that judge nothing stand on a date, in sentences: terms, releases, preconditions."""

from datetime import datetime
from zoneinfo import ZoneInfo

from truceline.agreement.terms import Agreement
from truceline.findings.contract import Known
from truceline.findings.state import Stated, states
from truceline.pipeline import plugins


def standing_of(agreement: Agreement, known: Known) -> tuple[str, ...]:
    """A sentence for each clause, reading and party that has a state.

    Parameters
    ----------
    known
        The instant asked about; without counts and hours watched, all that the text alone says.
    """
    every = states(agreement, plugins.load("clauses"), known)
    return tuple(_sentence(each, agreement, known.at) for each in every)


def _sentence(each: Stated, agreement: Agreement, at: datetime) -> str:
    day = f"{at.astimezone(ZoneInfo(agreement.calendar.zone)):%d %B %Y}"
    reading = f", read as `{each.reading}`" if each.reading else ""
    whose = "" if each.parties == agreement.party_ids() else f" for {', '.join(each.parties)}"
    word = each.state.standing.value.replace("_", " ")
    return f"{each.clause_id}{reading}{whose}: {word} on {day}: {'; '.join(each.state.because)}"
