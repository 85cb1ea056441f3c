"""Whether every party was told of what stands, and could answer. Silence ends a wait; it admits nothing."""

from datetime import datetime

from truceline.cases.case import Case, Notice, Signed
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
    for party in rules.parties:
        notices = notices_of(case, what, party)
        if not notices:
            missing[party] = "no notice of it was given"
        elif not replied(case, notices) and all(at < each.reply_until for each in notices):
            until = min(each.reply_until for each in notices)
            missing[party] = f"may reply until {until.isoformat()}"
    return missing


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
