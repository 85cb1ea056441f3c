"""Cases that end beside another, or are taken back."""

from dataclasses import replace

from truceline.cases.case import Case
from truceline.cases.contract import Move, Role, refuse
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
    is_one_request = other.requester == case.requester
    askers = {*other.askers, *case.askers}
    askers |= set() if is_one_request else {other.requester, case.requester} - {""}
    kept = replace(
        other,
        accounts=joined(other.accounts, case.accounts),
        signatures=hands,
        recused=tuple(dict.fromkeys((*other.recused, *case.recused))),
        accused=tuple(dict.fromkeys((*other.accused, *case.accused))),
        requester=other.requester if is_one_request else "",
        askers=tuple(sorted(askers)),
    )
    one = _one_of(move, case, other)
    closed = replace(
        case.without_drafts(),
        status=Status.DUPLICATE,
        duplicate_of=other.case_id,
        one=one,
        one_by=move.sequence if one else -1,
    )
    return setting.put(closed, kept)


def _one_of(move: Move, case: Case, other: Case) -> tuple[str, ...]:
    """Observations cited as one and the same happening: some of either case, or none at all.

    Two cases may be one matter though they tell of many happenings; only what is cited is joined.
    """
    cited = tuple(each.observation_id for each in move.accounts)
    if len(set(cited)) == 1:
        why = f"`{cited[0]}` alone is cited as one happening"
        refuse(why, "cite what it is one with as well, or nothing")
    for one in (case, other):
        if cited and not set(cited) & set(one.observations):
            why = f"none of the observations cited is of case `{one.case_id}`"
            refuse(why, "cite one or more of either case that are one happening, or none")
    strangers = sorted(set(cited) - {*case.observations, *other.observations})
    if strangers:
        why = f"neither case names the observation `{strangers[0]}`"
        refuse(why, "add it first with the move `add`")
    return cited


def _withdraw(setting: Setting) -> Docket:
    check_status(setting, _OPEN)
    case, who = setting.case, setting.who
    if case.askers:
        why = f"what {', '.join(case.askers)} asked for goes on as this case, with other matters"
        refuse(why, "it is nobody's alone to take back: let it end as it is found")
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
        summary="The same matter as another case, which goes on; observations cited are one happening.",
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
