"""Whether every party was told of what stands, and could answer. Silence ends a wait; it admits nothing."""

from collections.abc import Sequence
from datetime import datetime

from truceline.cases.case import Case, Notice, Signed
from truceline.cases.clocks import due_at
from truceline.cases.contract import Rules, refuse


def unheard(case: Case, what: Signed, rules: Rules, at: datetime) -> dict[str, str]:
    """Parties not yet heard on a stage as it stands, each with what is missing.

    Every party of the agreement is told, whichever is accused: so both know the same, and nobody
    learns from whom a notice went to what the monitors think.

    Parameters
    ----------
    case
        As it stands.
    what
        A stage of it.
    rules
        Names the parties.
    at
        The instant asked about.
    """
    missing = {}
    longest = _longest(case, what, rules)
    for party in rules.parties:
        notices = notices_of(case, what, party)
        if not notices:
            missing[party] = "no notice of it was given"
        elif replied(case, notices):
            continue
        elif at < (until := last_hour(notices)):
            missing[party] = f"may reply until {until.isoformat()}"
        elif not any(_length(each, what, rules) >= longest for each in notices):
            missing[party] = "was given less time to reply than another party: give it as much"
    return missing


def last_hour(notices: Sequence[Notice]) -> datetime:
    """Until when a party may reply, by its notices of one stage.

    A notice of the same stages given again makes the time longer, as it says; one of further stages
    does not hold up what was told before.
    """
    until: dict[tuple[int, ...], datetime] = {}
    for each in notices:
        until[each.covers] = max(until.get(each.covers, each.reply_until), each.reply_until)
    return min(until.values())


def _longest(case: Case, what: Signed, rules: Rules) -> datetime:
    """The longest time that any party was given at once, counted from when the stage was signed."""
    every = (each for party in rules.parties for each in notices_of(case, what, party))
    return max((_length(each, what, rules) for each in every), default=what.at)


def _length(notice: Notice, what: Signed, rules: Rules) -> datetime:
    return due_at(what.at, notice.within, rules.calendar)


def notices_of(case: Case, what: Signed, party: str) -> tuple[Notice, ...]:
    """Notices that told a party of a stage as it stands."""
    return tuple(n for n in case.notices if n.to == party and what.sequence in n.covers)


def replied(case: Case, notices: tuple[Notice, ...]) -> bool:
    """Whether the party answered after any of these notices."""
    return any(
        reply.party == notice.to and reply.sequence > notice.sequence
        for notice in notices
        for reply in case.replies
    )


def check_heard(case: Case, what: Signed, rules: Rules, at: datetime) -> None:
    """Every party was told of the stage, and has answered or had its time.

    Raises
    ------
    NotAllowedError
        Not so.
    """
    if not rules.parties:
        refuse("the agreement names no party to be told", "name the parties in it")
    missing = unheard(case, what, rules, at)
    if missing:
        each = "; ".join(f"{party}: {why}" for party, why in missing.items())
        why = f"not every party was heard on the {what.stage} of case `{case.case_id}` ({each})"
        refuse(why, "give notice with the move `notice`, and wait for the reply or its term")


def silent(case: Case, what: Signed, rules: Rules) -> tuple[str, ...]:
    """Parties that were told and did not answer."""
    return tuple(p for p in rules.parties if not replied(case, notices_of(case, what, p)))
