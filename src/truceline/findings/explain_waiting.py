"""A clause that waits for another one, in plain words: whether it has begun, and what would turn that."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from truceline.agreement.terms import Agreement
from truceline.findings.waiting import NEVER


def waited(code: Mapping[str, str], agreement: Agreement) -> list[str]:
    """Sentences on what the clause waits for; none where it waits for nothing.

    Parameters
    ----------
    code
        Of a trace: `waits` names the clauses, `begun` and `perhaps` are instants in ISO 8601.
    """
    if "waits" not in code:
        return []
    named = {each.clause_id: each.title for each in agreement.clauses}
    what = " and ".join(f"{each} ({named.get(each, each)})" for each in code["waits"].split("+"))
    said = [f"It asks for nothing until clause {what} is met."]
    if code.get("begun") == NEVER and "perhaps" not in code:
        said.append("By what was counted and watched that was not met: nothing was yet due.")
    elif code.get("begun") == NEVER:
        said.append(
            f"Whether that was met cannot be told: it may have been from {told_at(code['perhaps'], agreement)} "
            "on, and a blind day is not a quiet day."
        )
    else:
        said.append(
            f"That was met by {told_at(code['begun'], agreement)}, and its days count from then."
        )
        if "perhaps" in code:
            said.append(f"It may have been met from {told_at(code['perhaps'], agreement)} on.")
    return said


def would_begin(code: Mapping[str, str], agreement: Agreement) -> list[str]:
    """Sentences on what would turn a finding through what the clause waits for."""
    if "waits" not in code:
        return []
    what = " and ".join(code["waits"].split("+"))
    if code.get("begun") == NEVER and "perhaps" not in code:
        return [f"It would turn if {what} had been met before."]
    if "perhaps" in code:
        return [f"It could be judged if it were known of every day whether {what} was met by it."]
    return [f"It would turn if {what} had been met later, or not at all."]


def told_at(instant: str, agreement: Agreement) -> str:
    """An instant of a trace by the clocks of the agreement."""
    zone, at = agreement.calendar.zone, datetime.fromisoformat(instant)
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M on %d %B %Y} ({zone})"
