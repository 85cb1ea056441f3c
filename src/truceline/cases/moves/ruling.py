"""The body's ruling: put by one seat, voted on by all, with a way out of a deadlock where the text has one."""

from dataclasses import replace

from truceline.cases.case import Ballot, Case, Signed
from truceline.cases.contract import Role, Stage, refuse
from truceline.cases.docket import Docket, Setting
from truceline.cases.hearing import check_heard
from truceline.cases.kinds import Field, MoveKind
from truceline.cases.moves.verification import check_status
from truceline.cases.signing import check_free, draft_of, sign
from truceline.cases.voting import body_of, check_quorum, counted, decided, without
from truceline.model.vocabulary import StandardMet, Verdict, VerificationStatus

_CHOICES = ("for", "against", "abstain")


def _rule(setting: Setting) -> Docket:
    move, case = setting.move, setting.case
    _check_unchallenged(case)
    check_status(setting, frozenset({VerificationStatus.VERIFIED}))
    if case.standing(Stage.RULING) is not None:
        refuse("a ruling stands", "reopen it with `reconsider`, on new evidence")
    waiting = case.draft(Stage.RULING)
    if waiting is not None and not waiting.is_deadlocked:
        refuse("a ruling is before the body", "vote on it first")
    for stage in (Stage.FACTS, Stage.ATTRIBUTION):
        stands = case.standing(stage)
        if stands is None:
            refuse(f"the {stage} of this case is not signed", "sign it first")
        check_heard(case, stands, setting.rules, move.counts_from)
    body = body_of(setting)
    check_quorum(setting, case, body)
    case = sign(case, Stage.RULING, setting.who, move.sequence)
    case = case.with_draft(draft_of(setting, Stage.RULING, move.word("verdict")))
    return setting.put(counted(setting, _with_ballot(setting, case, "for")))


def _vote(setting: Setting) -> Docket:
    draft = _before(setting)
    _check_unchallenged(setting.case)
    if draft.is_deadlocked:
        refuse("the votes are even", "break the deadlock, or put another ruling")
    if any(each.holder == setting.who.holder for each in setting.case.ballots):
        refuse("this seat has voted", "a vote stands; a dissent may be lodged")
    case = sign(setting.case, Stage.RULING, setting.who, setting.move.sequence)
    case = _with_ballot(setting, case, setting.move.word("choice"))
    return setting.put(counted(setting, case))


def _break_deadlock(setting: Setting) -> Docket:
    draft, body = _before(setting), body_of(setting)
    _check_unchallenged(setting.case)
    if not draft.is_deadlocked:
        refuse("the body is not deadlocked", "let every seat vote")
    if not body.deadlock:
        why = f"the mandate gives `{body.body_id}` no way out of a deadlock"
        refuse(why, "put another ruling; until one is adopted nothing is found")
    if not setting.who.is_casting:
        why = f"`{setting.move.office}` was not appointed to break deadlocks"
        refuse(why, f"the text says: {body.deadlock}")
    case = sign(setting.case, Stage.RULING, setting.who, setting.move.sequence)
    is_for = setting.move.word("choice") == "for"
    case = decided(setting, case, draft, "adopted" if is_for else "fallen")
    return setting.put(case)


def _recuse(setting: Setting) -> Docket:
    """Votes not yet counted go with the seat; signatures that stand are for reconsideration."""
    case, who = setting.case, setting.who
    if not any(each.holder == who.holder and not each.outcome for each in case.challenges):
        check_free(case, who)
    return setting.put(without(setting, case, who.holder, "stepped_aside"))


def _check_unchallenged(case: Case) -> None:
    """Who sits is settled before the body goes on."""
    open_ones = [each.office for each in case.challenges if not each.outcome]
    if open_ones:
        why = f"{', '.join(open_ones)} is challenged in case `{case.case_id}`"
        refuse(why, "let the other seats decide it with the move `decide_challenge`")


def _before(setting: Setting) -> Signed:
    draft = setting.case.draft(Stage.RULING)
    if draft is None:
        refuse("no ruling is before the body", "put one with the move `rule`")
    if draft.body != setting.move.body:
        refuse(f"the ruling is before `{draft.body}`", "its own seats vote on it")
    return draft


def _with_ballot(setting: Setting, case: Case, choice: str) -> Case:
    move, who = setting.move, setting.who
    mine = Ballot(holder=who.holder, office=who.office, choice=choice, sequence=move.sequence)
    return replace(case, ballots=(*case.ballots, mine))


_ADJUDICATOR = frozenset({Role.ADJUDICATOR})

MOVES = (
    MoveKind(
        name="rule",
        summary="Put a ruling to the body, once every party was heard; it is its author's vote for it.",
        roles=_ADJUDICATOR,
        step=_rule,
        says={
            "verdict": Field("what is found", among=tuple(Verdict)),
            "clauses": Field("under which clauses", is_list=True),
            "standard": Field(
                "the standard of proof met",
                among=tuple(each for each in StandardMet if each is not StandardMet.NONE),
            ),
            "text": Field("the ruling"),
        },
        needs_cites=True,
    ),
    MoveKind(
        name="vote",
        summary="Vote on the ruling before the body.",
        roles=_ADJUDICATOR,
        step=_vote,
        says={"choice": Field("the vote", among=_CHOICES)},
    ),
    MoveKind(
        name="break_deadlock",
        summary="Decide even votes, where the mandate says how and the office was appointed to.",
        roles=_ADJUDICATOR,
        step=_break_deadlock,
        says={"choice": Field("the decision", among=("for", "against"))},
    ),
    MoveKind(
        name="recuse",
        summary="Step aside from a case; the reason says why.",
        roles=frozenset({Role.VERIFIER, Role.ATTRIBUTOR, Role.ADJUDICATOR}),
        step=_recuse,
        is_always=True,
    ),
)
