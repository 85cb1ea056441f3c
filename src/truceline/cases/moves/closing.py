"""Cases that end beside another, or are taken back."""

from dataclasses import replace

from truceline.cases.contract import Role, refuse
from truceline.cases.docket import Docket, Setting
from truceline.cases.kinds import Field, MoveKind
from truceline.cases.moves.opening import joined
from truceline.cases.moves.verification import check_status
from truceline.cases.signing import check_free
from truceline.model.vocabulary import VerificationStatus as Status

_OPEN = frozenset(
    {
        Status.REPORTED,
        Status.UNDER_VERIFICATION,
        Status.CORROBORATED,
        Status.UNVERIFIABLE,
        Status.NOT_CORROBORATED,
    }
)


def _duplicate(setting: Setting) -> Docket:
    """The other case takes over observations and every hand, so that nobody signs twice by way of it."""
    check_status(setting, _OPEN)
    case, move = setting.case, setting.move
    check_free(case, setting.who)
    other = setting.docket.cases.get(move.word("of"))
    if other is None or other.case_id == case.case_id or other.status is Status.DUPLICATE:
        why = f"`{move.word('of')}` is no other case that goes on"
        refuse(why, "name the case that goes on")
    if move.at < other.last_at:
        refuse(f"case `{other.case_id}` has moved since then", "enter it as of now")
    hands = (*other.signatures, *case.signatures)
    stages: dict[str, set[str]] = {}
    for hand in hands:
        stages.setdefault(hand.holder, set()).add(hand.stage)
    if any(len(each) > 1 for each in stages.values()):
        why = "somebody signed one stage here and another there"
        refuse(why, "let the cases go on apart, or let others sign")
    parties = dict.fromkeys((*other.accused, *case.accused, case.requester))
    accused = tuple(party for party in parties if party)
    kept = replace(
        other,
        accounts=joined(other.accounts, case.accounts),
        signatures=hands,
        recused=tuple(dict.fromkeys((*other.recused, *case.recused))),
        accused=accused,
    )
    closed = replace(case.without_drafts(), status=Status.DUPLICATE, duplicate_of=other.case_id)
    return setting.put(closed, kept)


def _withdraw(setting: Setting) -> Docket:
    check_status(setting, _OPEN)
    case, who = setting.case, setting.who
    if case.requester and (who.role is not Role.LIAISON or who.body != case.requester):
        why = f"case `{case.case_id}` was opened at the request of `{case.requester}`"
        refuse(why, "only its liaison takes the request back")
    if not case.requester and who.role is Role.LIAISON:
        why = f"case `{case.case_id}` was opened by the mission"
        refuse(why, "a party may reply, and ask to reconsider")
    return setting.put(replace(case.without_drafts(), status=Status.WITHDRAWN))


MOVES = (
    MoveKind(
        name="duplicate",
        summary="The same matter as another case, which goes on with the observations of both.",
        roles=frozenset({Role.VERIFIER}),
        step=_duplicate,
        says={"of": Field("the case that goes on")},
    ),
    MoveKind(
        name="withdraw",
        summary="Taken back by who asked for it: the party that requested it, else the mission.",
        roles=frozenset({Role.DUTY_OFFICER, Role.LIAISON}),
        step=_withdraw,
    ),
)
