"""How a body comes to a ruling: seats, quorum, majority, deadlock, as its mandate says."""

from dataclasses import replace
from typing import Literal

from truceline.agreement.terms import Body
from truceline.cases.case import Case, Signed
from truceline.cases.contract import Appointment, Role, Stage, refuse
from truceline.cases.docket import Setting

LEAST_QUORUM = 2  # two people for every signature, also where the text gives no quorum; assumed

Tally = Literal["open", "adopted", "fallen", "deadlocked"]


def tally(votes_for: int, votes_against: int, abstained: int, *, seats: int, quorum: int) -> Tally:
    """What votes amount to.

    A majority is one of the seats that may vote, not of those who came, so that nobody wins by
    voting early; assumed, the agreements read so far give no rule.

    Parameters
    ----------
    votes_for, votes_against, abstained
        Ballots so far.
    seats
        Seats that may vote: those of the body less those who stepped aside.
    quorum
        How many ballots there must be.

    Examples
    --------
    >>> tally(2, 0, 0, seats=3, quorum=3), tally(2, 1, 0, seats=3, quorum=3)
    ('open', 'adopted')
    >>> tally(2, 2, 0, seats=4, quorum=3), tally(1, 3, 0, seats=4, quorum=3)
    ('deadlocked', 'fallen')
    """
    cast = votes_for + votes_against + abstained
    if cast >= quorum and votes_for * 2 > seats:
        return "adopted"
    if cast >= quorum and votes_against * 2 > seats:
        return "fallen"
    return "deadlocked" if cast >= seats else "open"


def body_of(setting: Setting) -> Body:
    """The body of the office that votes.

    Raises
    ------
    NotAllowedError
        The mandate names none of that name.
    """
    body = setting.rules.body(setting.move.body)
    if body is None:
        why = f"the mandate names no body `{setting.move.body}`"
        refuse(why, "name the body and what it may do under `mandate` of the agreement")
    return body


def seats_of(setting: Setting, case: Case, body: Body) -> int:
    """How many seats of a body may vote on a case."""
    sitting = _sitting(setting, body)
    aside = sum(
        each.holder in case.recused or each.interest in case.concerned for each in sitting.values()
    )
    return (len(sitting) if body.members is None else body.members) - aside


def quorum_of(setting: Setting, body: Body) -> int:
    """How many must vote: as the text says, a majority of the members where it is silent, never one."""
    if body.quorum is not None:
        return max(body.quorum, LEAST_QUORUM)
    members = len(_sitting(setting, body)) if body.members is None else body.members
    return max(members // 2 + 1, LEAST_QUORUM)


def check_quorum(setting: Setting, case: Case, body: Body) -> None:
    """Enough seats remain to come to a ruling.

    Raises
    ------
    NotAllowedError
        They do not.
    """
    seats, quorum = seats_of(setting, case, body), quorum_of(setting, body)
    if seats < quorum:
        why = f"{seats} seats of `{body.body_id}` may vote on this case, and its quorum is {quorum}"
        refuse(why, "appoint alternates in place of those who stepped aside")


def counted(setting: Setting, case: Case) -> Case:
    """The case after its votes are counted: the draft ruling stands, falls, is stuck, or waits."""
    draft = case.draft(Stage.RULING)
    body = None if draft is None else setting.rules.body(draft.body)
    if draft is None or body is None:
        return case
    chosen = [each.choice for each in case.ballots]
    found = tally(
        chosen.count("for"),
        chosen.count("against"),
        chosen.count("abstain"),
        seats=seats_of(setting, case, body),
        quorum=quorum_of(setting, body),
    )
    return decided(setting, case, draft, found)


def decided(setting: Setting, case: Case, draft: Signed, found: Tally) -> Case:
    """The case with a draft ruling decided so."""
    if found == "adopted":
        offices = tuple(each.office for each in case.ballots if each.choice == "for")
        move = setting.move
        stands = replace(
            draft, offices=offices or draft.offices, sequence=move.sequence, at=move.at,
            counts_from=setting.counts_from, is_deadlocked=False,
        )  # fmt: skip
        return case.with_standing(stands)
    others = tuple(each for each in case.drafts if each.stage is not Stage.RULING)
    if found == "fallen":
        return replace(case, drafts=others, past=(*case.past, draft))
    return replace(case, drafts=(*others, replace(draft, is_deadlocked=found == "deadlocked")))


def without(setting: Setting, case: Case, holder: str, outcome: str) -> Case:
    """The case from which a person steps aside: a vote not yet counted goes with the seat.

    Parameters
    ----------
    holder
        Service code of the person.
    outcome
        What becomes of challenges of that person which still wait.
    """
    challenges = tuple(
        replace(each, outcome=each.outcome or outcome) if each.holder == holder else each
        for each in case.challenges
    )
    case = _without_drafts_of(case, holder)
    case = replace(case, recused=(*case.recused, holder), challenges=challenges)
    if case.draft(Stage.RULING) is None:
        return case
    kept = tuple(each for each in case.ballots if each.holder != holder)
    return counted(setting, replace(case, ballots=kept))


def _sitting(setting: Setting, body: Body) -> dict[str, Appointment]:
    """Who sits in a body when the move is made, by holder."""
    return {
        each.holder: each
        for each in setting.docket.offices.values()
        if each.role is Role.ADJUDICATOR
        and each.body == body.body_id
        and each.is_held(setting.move.at)
    }


def _without_drafts_of(case: Case, holder: str) -> Case:
    """The case less what waits for a second hand and bears this person's as the first one."""
    own = {each.sequence for each in case.signatures if each.holder == holder}
    gone = tuple(
        each for each in case.drafts if each.stage is not Stage.RULING and each.sequence in own
    )
    kept = tuple(each for each in case.drafts if each not in gone)
    return replace(case, drafts=kept, past=(*case.past, *gone))
